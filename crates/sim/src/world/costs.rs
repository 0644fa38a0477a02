//! What hostile devices cost honest ones, and what they may cost at most.

use super::{World, Wrong};
use crate::phone::Phone;

/// What one hostile device cost one honest one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Messages handled.
    pub messages: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Signatures verified.
    pub verified: u64,
    /// Bytes sent to it.
    pub answered: u64,
    /// Connections to it.
    pub connections: u64,
    /// The most envelopes whose ancestors are missing that were held at one time, of all peers.
    pub orphans: u64,
}

/// The fewest bytes of an envelope in a message.
const ENVELOPE: u64 = 120;
/// Verifications that a device may cause besides those of envelopes that it sent: of admissions on
/// each connection.
const ADMISSIONS: u64 = 8;
/// How often it gets all that there is on each connection, with what is said besides.
const TIMES: u64 = 4;
/// Bytes that it gets on each connection besides: as many envelopes and texts as the limits of the
/// exchange allow.
const BESIDES: u64 = 64 * 1_024;
/// Bytes that it gets for each byte that it sends, besides.
const RATIO: u64 = 8;

impl World {
    pub(super) fn charge(&mut self, honest: usize, hostile: usize, note: impl FnOnce(&mut Cost)) {
        note(self.costs.entry((honest, hostile)).or_default());
    }

    /// No hostile device may make another spend much more than it sends.
    pub(super) fn judge_costs(&self) -> Result<(), Wrong> {
        let all = self.bytes_of_all();
        for ((honest, hostile), cost) in &self.costs {
            let verified = cost.bytes / ENVELOPE + ADMISSIONS * cost.connections;
            let answered = cost.bytes * RATIO + (TIMES * all + BESIDES) * cost.connections;
            if cost.verified > verified || cost.answered > answered {
                return Err(Wrong(format!(
                    "#{hostile} cost #{honest} too much: {cost:?}; at most {verified} \
                     verifications and {answered} bytes"
                )));
            }
        }
        Ok(())
    }

    /// What the group takes to send as a whole, not deflated.
    fn bytes_of_all(&self) -> u64 {
        let of = |phone: &Phone| {
            let wires = phone.disk.envelopes.iter().map(|one| {
                let wire = one.wire();
                wire.header.len() + wire.body.len() + 100
            });
            let texts = phone.disk.texts.values().map(|one| one.text.as_str().len() + 32);
            wires.chain(texts).sum::<usize>() + phone.disk.profiles.len() * 400
        };
        u64::try_from(self.phones.iter().map(of).max().unwrap_or(0)).unwrap_or(u64::MAX)
    }
}
