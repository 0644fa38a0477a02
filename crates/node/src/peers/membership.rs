//! What the network has to know of a group: by what it is recognised, and who this device is in it.

use copact_core::act::Act;
use copact_core::codec;
use copact_net::Membership;
use copact_sync::greeting::discovery_key;
use copact_sync::limits;
use copact_sync::ticket::Ticket;

use crate::group::Group;
use crate::waiting::Waiting;

impl Group {
    /// What the network has to know of this group.
    pub(crate) fn membership(&self) -> Option<Membership> {
        let ledger = self.ledger();
        let founding = ledger.get(ledger.group().founding())?.envelope();
        Some(Membership {
            group: ledger.group(),
            discovery: discovery_key(founding),
            device: self.secrets().device.clone(),
            admissions: self.admissions(),
        })
    }

    /// The acts that brought this device in, the device that signed that act, and so on, back to
    /// a first member or to a recovery, which no single envelope shows. The newest is the last.
    fn admissions(&self) -> Vec<Vec<u8>> {
        let (ledger, now) = (self.ledger(), self.ledger().now());
        let mut chain = Vec::new();
        let mut device = self.secrets().device.public();
        while chain.len() < limits::ADMISSIONS {
            let devices = now.of_device(&device).map(|person| now.devices(person));
            let by = devices.into_iter().flatten().find(|(one, ..)| *one == device);
            let Some(placed) = by.and_then(|(.., act)| ledger.at(act)) else { break };
            if !matches!(placed.act(), Some(Act::Admit { .. } | Act::AddDevice { .. })) {
                break;
            }
            let bytes = codec::encode(&placed.envelope().wire());
            if bytes.len() > limits::ADMISSION_BYTES {
                break;
            }
            chain.push(bytes);
            device = placed.envelope().header().chain.device;
        }
        chain.reverse();
        chain
    }
}

/// What the network has to know of a group that this device asked to join by it, so that it can be
/// had as soon as somebody has let this device in.
pub(super) fn of_newcomer(waiting: &Waiting) -> Option<Membership> {
    let ticket = Ticket::parse(&waiting.asking.as_ref()?.ticket).ok()?;
    Some(Membership {
        group: ticket.group,
        discovery: ticket.discovery_key()?,
        device: waiting.secrets().device,
        admissions: Vec::new(),
    })
}
