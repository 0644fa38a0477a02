//! What can be said of what is missing: closed quarters, outsiders' signatures, and what was kept
//! but not counted. Signatures never prove that nothing was left out.

use std::collections::BTreeSet;

use copact_core::anchor::{Statement, Witnessed};
use copact_core::day::Day;
use copact_core::entry::Record;
use copact_core::ids::EnvelopeId;
use copact_core::keys::DeviceKey;
use copact_core::ledger::Place;
use copact_core::quarter::Quarter;
use copact_core::views::{EntryRow, Labels, Views};
use serde::Serialize;

use crate::case::Case;
use crate::figure::count;
use crate::window::Window;

/// An outsider's signature that the group recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnchorRow {
    /// The entry.
    pub id: EnvelopeId,
    /// The outsider's key.
    pub key: DeviceKey,
    /// `seen`, `number`, `member` if a device of the group signed it, or `unreadable`.
    pub kind: &'static str,
    /// The outsider's day.
    pub day: Option<Day>,
    /// How many people of the group they met.
    pub people: Option<u32>,
    /// How many entries the signature bounds.
    pub entries: u64,
    /// How many of them say a day that the signature excludes.
    pub outside: u64,
}

/// How much is here, and how much of it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Completeness {
    /// Envelopes that the report is made from.
    pub envelopes: u64,
    /// Newest envelopes, on which no other builds: one left out there could not be told.
    pub heads: u64,
    /// Devices that wrote.
    pub devices: u64,
    /// Devices of which two envelopes stand side by side (a restored backup, or a copied key).
    pub forked: u64,
    /// Entries of the window that came after their quarter was closed.
    pub late: u64,
    /// Entries of the window that are kept and not counted.
    pub set_aside: u64,
    /// Entries of the window that whom they are about refused.
    pub refused: u64,
    /// Minutes of the window that are disputed: in no sum.
    pub disputed_minutes: u64,
    /// Meetings of the window without names, which are in no indicator.
    pub headcount_meetings: u64,
    /// Meetings of the window that nobody attended by name.
    pub unheld_meetings: u64,
}

/// A group has a handful; what each is over takes a walk through the log.
const ANCHORS: usize = 256;

impl AnchorRow {
    /// Whether an outsider saw, on that day or later, what the group had.
    pub(super) fn is_seen_since(&self, from: Day) -> bool {
        self.kind == "seen" && self.entries > 0 && self.day.is_some_and(|day| day >= from)
    }
}

impl Completeness {
    pub(super) fn of(views: &Views<'_>, case: &Case<'_>) -> Self {
        let window = case.window;
        let rows = rows(views);
        let within = || rows.iter().filter(|row| window.has(row.date));
        let meetings = || case.facts.meetings.iter().filter(|one| window.has(one.day));
        let disputed = case.facts.work.iter().filter(|one| window.has(one.date) && one.disputed);
        let chains = views.ledger.frontier().chains();
        let mut devices = BTreeSet::new();
        let mut several = BTreeSet::new();
        for (chain, tips) in chains {
            if !devices.insert(chain.device) || tips.len() > 1 {
                several.insert(chain.device);
            }
        }
        Self {
            envelopes: count(views.ledger.len()),
            heads: count(views.ledger.heads().count()),
            devices: count(devices.len()),
            forked: count(several.len()),
            late: count(within().filter(|row| row.late).count()),
            set_aside: count(within().filter(|row| row.set_aside).count()),
            refused: count(within().filter(|row| row.refused).count()),
            disputed_minutes: disputed.map(|one| one.minutes).sum(),
            headcount_meetings: count(meetings().filter(|one| one.headcount_only).count()),
            unheld_meetings: count(
                meetings().filter(|one| !one.headcount_only && one.present.is_empty()).count(),
            ),
        }
    }
}

/// The log, but for what no figure needs and outsiders do not get: notes and permissions.
pub(super) fn rows(views: &Views<'_>) -> Vec<EntryRow> {
    let mut rows = views.log(&Labels::none());
    rows.retain(|row| !matches!(row.kind, "note" | "permission"));
    rows
}

/// The quarters with a day in the window that the group has closed.
pub(super) fn closed_quarters(views: &Views<'_>, window: Window) -> Vec<Quarter> {
    let overlaps = |quarter: &Quarter| {
        let ends = quarter.first_day().ok().zip(quarter.last_day().ok());
        ends.is_some_and(|(from, to)| from <= window.to && window.from <= to)
    };
    views.standing.closed_quarters().into_keys().filter(overlaps).collect()
}

/// Outsiders' signatures, the first of them in canonical order.
pub(super) fn anchors(views: &Views<'_>) -> Vec<AnchorRow> {
    let places = views.journal().entries.iter();
    places.filter_map(|place| anchor(views, *place)).take(ANCHORS).collect()
}

/// How many entries of the window an outsider's signature of its first day or later is over, of
/// how many. Anchors themselves come after what they are over.
pub(super) fn bounded(views: &Views<'_>, window: Window, anchors: &[AnchorRow]) -> (u64, u64) {
    let ledger = views.ledger;
    let seen = anchors.iter().filter(|one| one.is_seen_since(window.from));
    let heads = seen.filter_map(|one| {
        let Record::Anchor(anchor) = &ledger.get(one.id)?.entry()?.record else { return None };
        match Statement::read(&anchor.statement).ok()?.witnessed {
            Witnessed::Seen { heads, .. } => Some(heads),
            Witnessed::Number(_) => None,
        }
    });
    let heads: BTreeSet<EnvelopeId> = heads.flatten().collect();
    let heads: Vec<Place> = heads.into_iter().filter_map(|id| ledger.place_of(id)).collect();
    let is_anchor = |place: Place| {
        let entry = ledger.at(place).and_then(|at| at.entry());
        entry.is_some_and(|one| matches!(one.record, Record::Anchor(_)))
    };
    let within = entries(views)
        .filter(|one| views.date(*one).is_some_and(|day| window.has(day)) && !is_anchor(*one));
    let (mut under, mut all) = (0, 0);
    for place in within {
        all += 1;
        under += u64::from(heads.iter().any(|head| ledger.at_or_before(place, *head)));
    }
    (under, all)
}

fn anchor(views: &Views<'_>, place: Place) -> Option<AnchorRow> {
    let at = views.ledger.at(place)?;
    let Record::Anchor(anchor) = &at.entry()?.record else { return None };
    let statement = Statement::read(&anchor.statement).ok();
    // Who has a device in the group is no outsider, whatever became of them.
    let chains = views.ledger.frontier().chains();
    let is_members = views.standing.of_device(&anchor.key).is_some()
        || chains.keys().any(|chain| chain.device == anchor.key);
    let (kind, bounded) = match statement.as_ref().map(|one| &one.witnessed) {
        None => ("unreadable", Vec::new()),
        Some(_) if is_members => ("member", Vec::new()),
        Some(Witnessed::Number(_)) => ("number", after(views, place)),
        Some(Witnessed::Seen { group, heads }) if *group == views.ledger.group() => {
            ("seen", upto(views, place, heads))
        }
        // Another group's anchor bounds nothing here.
        Some(Witnessed::Seen { .. }) => ("unreadable", Vec::new()),
    };
    let day = statement.as_ref().map(|one| one.day);
    let excluded = |place: &&Place| {
        let signed = views.signed(**place);
        signed.zip(day).is_some_and(|(signed, day)| match kind {
            "seen" => signed > day,
            _ => signed < day,
        })
    };
    Some(AnchorRow {
        id: at.id(),
        key: anchor.key,
        kind,
        day,
        people: statement.as_ref().and_then(|one| one.people),
        entries: count(bounded.len()),
        outside: count(bounded.iter().filter(excluded).count()),
    })
}

/// The entries but for what no figure needs, as [`rows`].
fn entries<'v>(views: &'v Views<'_>) -> impl Iterator<Item = Place> + 'v {
    let entry = |place: &Place| views.ledger.at(*place).and_then(|at| at.entry());
    let needed = move |place: &Place| {
        entry(place)
            .is_some_and(|one| !matches!(one.record, Record::Note(_) | Record::Permission { .. }))
    };
    views.journal().entries.iter().copied().filter(needed)
}

/// The entries at or before what was signed, all of which the record has in its past.
fn upto(views: &Views<'_>, record: Place, heads: &[EnvelopeId]) -> Vec<Place> {
    let ledger = views.ledger;
    let places: Option<Vec<Place>> = heads.iter().map(|id| ledger.place_of(*id)).collect();
    let known = places.filter(|all| all.iter().all(|head| ledger.in_past(*head, record)));
    let heads = known.unwrap_or_default();
    entries(views).filter(|one| heads.iter().any(|head| ledger.at_or_before(*one, *head))).collect()
}

fn after(views: &Views<'_>, record: Place) -> Vec<Place> {
    entries(views).filter(|one| views.ledger.in_past(record, *one)).collect()
}
