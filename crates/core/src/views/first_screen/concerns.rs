//! Which meetings an entry concerns: those whose row can be another because of it.

use std::collections::{BTreeSet, HashMap};

use crate::entry::{Correction, Record};
use crate::ids::EnvelopeId;
use crate::ledger::{Ledger, Place};
use crate::views::journal::record;

/// Where the changes of one entry can show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Concerns {
    /// In the rows of these meetings, and in the number of entries.
    Meetings(Vec<Place>),
    /// It is about an entry about entries, or joins two: told only by going through all.
    Anything,
}

/// Judges an entry by what it names, without looking further back.
pub(super) fn directly(ledger: &Ledger, place: Place, says: &Record) -> Concerns {
    match says {
        Record::Meeting { .. } => Concerns::Meetings(vec![place]),
        Record::Open(meeting) | Record::Close(meeting) | Record::Tap { meeting, .. } => {
            Concerns::Meetings(meeting_at(ledger, *meeting).into_iter().collect())
        }
        Record::Attest(entries) => {
            let taps = entries.iter().filter_map(|id| met_by(ledger, *id));
            Concerns::Meetings(taps.collect::<BTreeSet<_>>().into_iter().collect())
        }
        Record::Refuse(entry)
        | Record::Correct { entry, correction: Correction::Fields(_), .. } => {
            let Some(target) = ledger.place_of(*entry) else { return Concerns::Anything };
            match record(ledger, target) {
                Some(Record::Attest(_) | Record::Refuse(_) | Record::Correct { .. }) => {
                    Concerns::Anything
                }
                Some(_) => Concerns::Meetings(met_by(ledger, *entry).into_iter().collect()),
                None => Concerns::Meetings(Vec::new()),
            }
        }
        Record::Correct { entry, .. } => match says_of(ledger, *entry) {
            Some(Record::Contribution(_)) => Concerns::Meetings(Vec::new()),
            _ => Concerns::Anything,
        },
        _ => Concerns::Meetings(Vec::new()),
    }
}

/// The same of all entries of a ledger, whatever they are about: every entry that concerns a
/// meeting, by the meeting that it names.
pub(super) fn of_all(ledger: &Ledger) -> HashMap<Place, Vec<Place>> {
    let mut known: HashMap<Place, Vec<Place>> = HashMap::new();
    let mut by_meeting: HashMap<Place, Vec<Place>> = HashMap::new();
    for (place, placed) in ledger.since(0) {
        let Some(entry) = placed.entry() else { continue };
        let concerned = match (directly(ledger, place, &entry.record), &entry.record) {
            (Concerns::Meetings(meetings), _) => meetings,
            (_, Record::Refuse(id) | Record::Correct { entry: id, .. }) => {
                let target = ledger.place_of(*id);
                target.and_then(|at| known.get(&at).cloned()).unwrap_or_default()
            }
            _ => Vec::new(),
        };
        for meeting in &concerned {
            by_meeting.entry(*meeting).or_default().push(place);
        }
        // What only such entries are about need not be remembered for long, and nothing else asks.
        if !concerned.is_empty() {
            known.insert(place, concerned);
        }
    }
    by_meeting
}

fn says_of(ledger: &Ledger, id: EnvelopeId) -> Option<&Record> {
    record(ledger, ledger.place_of(id)?)
}

fn meeting_at(ledger: &Ledger, id: EnvelopeId) -> Option<Place> {
    let place = ledger.place_of(id)?;
    matches!(record(ledger, place), Some(Record::Meeting { .. })).then_some(place)
}

/// The meeting that a meeting, tap, opening or closing with that id is, or is at.
fn met_by(ledger: &Ledger, id: EnvelopeId) -> Option<Place> {
    match says_of(ledger, id)? {
        Record::Meeting { .. } => ledger.place_of(id),
        Record::Open(meeting) | Record::Close(meeting) | Record::Tap { meeting, .. } => {
            meeting_at(ledger, *meeting)
        }
        _ => None,
    }
}
