//! What hostile devices do: to the messages that they send, and in the ledger.

use copact_core::act::Act;
use copact_core::change::{Change, DocumentId, Origin};
use copact_core::day::Day;
use copact_core::entry::{Entry, Record};
use copact_core::envelope::{Content, Draft, Verified};
use copact_core::ids::{EnvelopeId, Incarnation, Salt, TextHash};
use copact_core::ledger::Ledger;
use copact_core::proposal::{Matter, Proposal};

mod lies;

use crate::chance::Chance;
use crate::phone::{Phone, Refused};
use crate::tally::Tally;

/// How a hostile device behaves.
#[derive(Clone, Debug)]
pub struct Mischief {
    /// It never answers.
    pub silent: bool,
    /// Messages with changed bytes, of a thousand.
    changes: u32,
    /// Messages that it leaves out.
    omits: u32,
    /// Messages that it sends again, now or later.
    repeats: u32,
    /// Messages of random bytes that it adds.
    garbage: u32,
    /// Messages in order that say what is not so, or ask for what nobody needs.
    lies: u32,
    /// What it may send again.
    kept: Vec<Vec<u8>>,
    /// How much it writes at once when it floods.
    pub flood: usize,
}

impl Mischief {
    /// Draws how a device behaves.
    #[must_use]
    pub fn draw(chance: &mut Chance) -> Self {
        let mut rate = |often, most| if chance.happens(often) { most } else { 0 };
        let (silent, changes, omits) = (rate(100, 1) > 0, rate(400, 150), rate(400, 150));
        let (repeats, garbage) = (rate(400, 200), rate(300, 150));
        let (lies, flooding, kept) = (rate(500, 250), rate(60, 1) > 0, Vec::new());
        let flood = if flooding { 150 } else { 0 };
        Self { silent, changes, omits, repeats, garbage, lies, kept, flood }
    }

    /// What it sends instead of an honest message.
    pub fn meddle(
        &mut self,
        mut message: Vec<u8>,
        phone: &Phone,
        chance: &mut Chance,
        tally: &mut Tally,
    ) -> Vec<Vec<u8>> {
        if self.silent {
            tally.fault("silent peers' messages");
            return Vec::new();
        }
        let mut all = Vec::new();
        if chance.happens(self.garbage) {
            tally.fault("garbage messages");
            let length = chance.count(0, 600);
            all.push(chance.garbage(length));
        }
        if chance.happens(self.repeats) {
            tally.fault("messages sent again");
            all.extend(chance.pick(&self.kept).cloned());
        }
        if self.kept.len() < 32 {
            self.kept.push(message.clone());
        }
        if chance.happens(self.omits) {
            tally.fault("messages left out");
            return all;
        }
        if chance.happens(self.lies) {
            let (kind, lies) = lies::lie(&message, phone, chance);
            tally.fault(kind);
            all.extend(lies);
            return all;
        }
        if chance.happens(self.changes) && !message.is_empty() {
            tally.fault("messages changed");
            for _ in 0..chance.count(1, 4) {
                let at = chance.count(0, message.len() - 1);
                message[at] ^= 1 << chance.count(0, 7);
            }
            if chance.happens(200) {
                message.truncate(chance.count(0, message.len()));
            }
        }
        all.push(message);
        all
    }
}

/// Writes what no honest device writes, and keeps it, so that its exchange spreads it. What was
/// written, for the trace.
///
/// # Errors
/// There is nothing to write about.
pub fn write(
    phone: &mut Phone,
    flood: usize,
    now: u64,
    chance: &mut Chance,
) -> Result<&'static str, Refused> {
    let ledger = phone.ledger()?;
    let own = own(ledger, phone);
    let known: Vec<EnvelopeId> =
        ledger.in_order().into_iter().filter_map(|at| Some(ledger.at(at)?.id())).collect();
    let kind = chance.between(0, if flood > 0 { 6 } else { 5 });
    let some = chance.pick(&known).copied().ok_or(Refused::Nothing)?;
    let (what, envelopes) = match kind {
        // A twin of something old: both in one place of the chain.
        0 | 1 if !own.is_empty() => {
            let (chain, seq, id) = *chance.pick(&own).ok_or(Refused::Nothing)?;
            let mut twins = Vec::new();
            for _ in 0..chance.count(1, 3) {
                let place = Some((chain, seq, id));
                twins.push(sign(phone, place, &[some], note(chance), now, chance)?);
            }
            ("forks", twins)
        }
        2 => {
            let bytes = chance.garbage(60);
            let change = Change { document: DocumentId::Contract, origin: Origin::Own, bytes };
            let heads = [some];
            (
                "writes what the gate refuses",
                vec![sign(phone, None, &heads, Content::Change(change), now, chance)?],
            )
        }
        3 => {
            let act = Act::Confirm { act: some };
            ("backdates", vec![sign(phone, None, &[some], Content::Act(act), now, chance)?])
        }
        4 => {
            let proposal = Proposal::new(Matter::Text(TextHash::from_bytes(chance.bytes())));
            let act = Content::Act(Act::Enact { proposal });
            ("enacts what nobody decided", vec![sign(phone, None, &[some], act, now, chance)?])
        }
        6 => {
            self::flood(phone, flood, now, chance)?;
            return Ok("floods");
        }
        // As if it were another device since now.
        _ => {
            let place = Some((Incarnation::from_bytes(chance.bytes()), 0, some));
            ("begins again", vec![sign(phone, place, &[some], note(chance), now, chance)?])
        }
    };
    phone.keep(envelopes);
    Ok(what)
}

/// Writes so many notes at once, one after the other.
///
/// # Errors
/// It has no ledger.
pub fn flood(
    phone: &mut Phone,
    count: usize,
    now: u64,
    chance: &mut Chance,
) -> Result<(), Refused> {
    let founding = phone.group.founding();
    let incarnation = Incarnation::from_bytes(chance.bytes());
    let mut all: Vec<Verified> = Vec::with_capacity(count);
    for _ in 0..count {
        let before = all.last().map(|one| (incarnation, one.header().seq, one.id()));
        let place = before.or(Some((incarnation, 0, founding)));
        all.push(sign(phone, place, &[founding], note(chance), now, chance)?);
    }
    phone.keep(all);
    Ok(())
}

/// A note whose text nobody has.
fn note(chance: &mut Chance) -> Content {
    let record = Record::Note(TextHash::from_bytes(chance.bytes()));
    Content::Entry(Entry { on_behalf_of: None, record })
}

/// Its own envelopes: chain, place, id.
fn own(ledger: &Ledger, phone: &Phone) -> Vec<(Incarnation, u64, EnvelopeId)> {
    let all = ledger.envelopes().map(|(_, at)| at.envelope());
    let mut own: Vec<_> = all
        .filter(|one| one.header().chain.device == phone.key && one.header().group.is_some())
        .map(|one| (one.header().chain.incarnation, one.header().seq, one.id()))
        .collect();
    own.sort_unstable();
    own
}

/// Signs at any place; after it, or as the first of a chain if its number is 0.
fn sign(
    phone: &Phone,
    after: Option<(Incarnation, u64, EnvelopeId)>,
    parents: &[EnvelopeId],
    content: Content,
    now: u64,
    chance: &mut Chance,
) -> Result<Verified, Refused> {
    let fresh = Incarnation::from_bytes(chance.bytes());
    let (incarnation, seq, before) = after.unwrap_or((fresh, 0, EnvelopeId::from_bytes([0; 32])));
    let prev = (seq > 0).then_some(before);
    let parents = parents.iter().copied().filter(|one| Some(*one) != prev).collect();
    let day: Day = phone.day(now);
    let salt = Salt::from_bytes(chance.bytes());
    let group = Some(phone.group);
    let draft = Draft { group, incarnation, seq: seq + 1, prev, parents, day, salt, content };
    Ok(draft.sign(&phone.secret)?)
}
