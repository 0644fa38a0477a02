//! Who a peer is to this device's set, and what it may therefore have.

use std::collections::BTreeSet;

use copact_core::act::Act;
use copact_core::codec;
use copact_core::envelope::{Content, Wire};
use copact_core::frontier::{Frontier, Tip};
use copact_core::keys::DeviceKey;
use copact_core::ledger::{Ledger, PersonIx, Place, Standing};
use copact_core::proposal::Matter;

use super::difference::Shown;
use super::{Closing, Peer, Shelf, Verifier};
use crate::limits;

/// What a peer is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Of the group: gets everything.
    Standing,
    /// Not any more: gets what led to that.
    Parted(Box<Part>),
    /// Let in by what is not here yet: may send until it is. It gets what led to this device's own
    /// being let in, which it may not have either: else two newcomers could never know each other.
    Guest(Box<Part>),
    /// Unknown, but so is everybody to a newcomer: may send.
    Source,
}

/// A part of the ledger that is closed under ancestors.
#[derive(Clone, Debug)]
pub(super) struct Part {
    places: BTreeSet<Place>,
    frontier: Frontier,
}

impl Kind {
    /// What the peer may have; nothing as long as nobody is known here.
    pub(super) fn shown<'a>(&'a self, ledger: &'a Ledger) -> Option<Shown<'a>> {
        match self {
            Self::Standing => Some(Shown::all(ledger)),
            Self::Parted(part) | Self::Guest(part) => {
                Some(Shown { ledger, frontier: &part.frontier, only: Some(&part.places) })
            }
            Self::Source => None,
        }
    }

    /// What the peer is told to be here: who only parted is not told of what came later.
    pub(super) fn told<'a>(&'a self, ledger: &'a Ledger) -> Shown<'a> {
        match self {
            Self::Parted(_) => self.shown(ledger).unwrap_or_else(|| Shown::all(ledger)),
            Self::Standing | Self::Guest(_) | Self::Source => Shown::all(ledger),
        }
    }
}

/// Judges a peer by the present set.
pub(super) fn judge(
    shelf: Shelf<'_>,
    me: &DeviceKey,
    peer: &Peer,
    verifier: &mut dyn Verifier,
) -> Result<Kind, Closing> {
    if peer.device == *me {
        return Err(Closing::Clone);
    }
    let Some(ledger) = shelf.ledger else { return Ok(Kind::Source) };
    let now = ledger.now();
    if now.of_device(me).is_none() {
        return Ok(Kind::Source);
    }
    let Some(person) = now.of_device(&peer.device) else {
        guest(shelf, &now, peer, verifier)?;
        return Ok(Kind::Guest(Box::new(Part::of_device(ledger, &now, me))));
    };
    let ends = ends(ledger, &now, &peer.device, person);
    if !ends.is_empty() {
        return Ok(Kind::Parted(Box::new(Part::up_to(ledger, &ends))));
    }
    if !now.is_device_brought_in(&peer.device) {
        guest(shelf, &now, peer, verifier)?;
        return Ok(Kind::Guest(Box::new(Part::of_device(ledger, &now, me))));
    }
    Ok(Kind::Standing)
}

/// What ended a device's standing: the Enacts of the decisions, or its member's Leave.
fn ends(ledger: &Ledger, now: &Standing<'_>, device: &DeviceKey, who: PersonIx) -> Vec<Place> {
    let mut proposals = now.removals(who);
    if now.is_ended(device, who) {
        proposals.extend(ledger.proposals().filter(|id| {
            let matter = ledger.proposal(*id).map(|one| &one.matter);
            matches!(matter, Some(Matter::Recover { member, .. })
                if ledger.person_with_id(*member) == Some(who))
                && now.in_effect(*id)
        }));
    }
    let mut ends: Vec<Place> = proposals.into_iter().flat_map(|id| ledger.enacted_by(id)).collect();
    ends.extend(now.leaves(who));
    ends
}

impl Part {
    /// What led to a device's being let in.
    fn of_device(ledger: &Ledger, now: &Standing<'_>, device: &DeviceKey) -> Self {
        let devices = now.of_device(device).map(|who| now.devices(who)).unwrap_or_default();
        let acts = devices.into_iter().filter(|(key, ..)| key == device).map(|(.., act)| act);
        Self::up_to(ledger, &acts.collect::<Vec<_>>())
    }

    fn up_to(ledger: &Ledger, ends: &[Place]) -> Self {
        let mut places = BTreeSet::new();
        let mut next = ends.to_vec();
        while let Some(place) = next.pop() {
            if places.insert(place) {
                next.extend(ledger.before(place));
            }
        }
        let mut frontier = Frontier::default();
        for at in places.iter().filter_map(|place| ledger.at(*place)) {
            let header = at.envelope().header();
            let prev = header.prev.map(|id| Tip { seq: header.seq.saturating_sub(1), id });
            frontier.advance(header.chain, prev, Tip { seq: header.seq, id: at.id() });
        }
        Self { places, frontier }
    }
}

/// Refuses a peer unless what it brings leads from a member to it.
fn guest(
    shelf: Shelf<'_>,
    now: &Standing<'_>,
    peer: &Peer,
    verifier: &mut dyn Verifier,
) -> Result<(), Closing> {
    if peer.admissions.len() > limits::ADMISSIONS {
        return Err(Closing::Stranger);
    }
    let mut let_in: Option<DeviceKey> = None;
    for bytes in &peer.admissions {
        let wire: Wire = codec::decode(bytes, "an admission", limits::ADMISSION_BYTES)
            .map_err(|_| Closing::Stranger)?;
        let signed = wire.parse().map_err(|_| Closing::Stranger)?;
        let author = signed.header().chain.device;
        let known = || {
            now.of_device(&author).is_some_and(|who| now.is_member(who))
                && now.is_device_brought_in(&author)
        };
        if signed.header().group != Some(shelf.group) || !(let_in == Some(author) || known()) {
            return Err(Closing::Stranger);
        }
        let verified = verifier.verify(signed).map_err(|_| Closing::Stranger)?;
        let Content::Act(Act::Admit { device, .. } | Act::AddDevice { device }) =
            verified.content()
        else {
            return Err(Closing::Stranger);
        };
        let_in = Some(device.device);
    }
    if let_in == Some(peer.device) { Ok(()) } else { Err(Closing::Stranger) }
}
