//! What a reader must know beside the figures. Each warning has a code for scripts, a sentence for
//! people, and its number.

use std::collections::BTreeMap;

use copact_core::entry::Occasion;
use copact_core::views::{EntryRow, Views};
use serde::Serialize;

use super::completeness::AnchorRow;
use crate::case::Case;
use crate::facts::Who;
use crate::figure::{Figure, count};

/// A warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// For scripts, for example `one_helper`.
    pub code: &'static str,
    /// A sentence.
    pub text: String,
    /// How much.
    pub num: u64,
    /// Of how much, where it is a share.
    pub den: Option<u64>,
}

/// One helper may record so much of the window's attendances without a warning (evidence.md).
const HELPER: (u64, u64) = (3, 10);
/// Days of a window under which a season may be what a trend shows.
const TWO_YEARS: i32 = 730;

/// Everything that must be said, in the order in which people should hear it.
pub(super) fn of(
    views: &Views<'_>,
    case: &Case<'_>,
    figures: &BTreeMap<&'static str, Figure>,
    anchors: &[AnchorRow],
    chosen_by_sender: bool,
) -> Vec<Warning> {
    let mut all = Vec::new();
    unproven(views, case, anchors, &mut all);
    origin(views, case, chosen_by_sender, &mut all);
    helpers(case, &mut all);
    let rows = super::completeness::rows(views);
    records(views, case, &rows, &mut all);
    logging(case, figures, &mut all);
    all
}

fn push(all: &mut Vec<Warning>, code: &'static str, num: u64, den: Option<u64>, text: String) {
    if num > 0 {
        all.push(Warning { code, text, num, den });
    }
}

/// Only outsiders can show when things happened and that people are people.
fn unproven(views: &Views<'_>, case: &Case<'_>, anchors: &[AnchorRow], all: &mut Vec<Warning>) {
    let since = || anchors.iter().filter(|one| one.is_seen_since(case.window.from));
    let (under, entries) = super::completeness::bounded(views, case.window, anchors);
    if since().next().is_none() || (under == 0 && entries > 0) {
        let text = "Time unproven: no outsider has signed, in this period or later, that these \
                    records existed. So all days are the members’ own word.";
        push(all, "time_unproven", 1, None, text.to_owned());
    } else if under < entries {
        let over = entries - under;
        let text = format!(
            "Time partly unproven: {over} of {entries} entries of this window are under no \
             outsider’s signature, so their days are the members’ own word."
        );
        push(all, "time_partly_unproven", over, Some(entries), text);
    }
    let met = since().filter_map(|one| one.people).max().unwrap_or_default();
    if u64::from(met) < case.n() {
        let text = if met == 0 {
            "People unproven: no outsider says that they met these members. One person with many \
             keys would look the same."
                .to_owned()
        } else {
            format!("People unproven: an outsider met {met} of the {} members.", case.n())
        };
        push(all, "people_unproven", case.n() - u64::from(met), Some(case.n()), text);
    }
    let outside: u64 = anchors.iter().map(|one| one.outside).sum();
    let text = format!("{outside} entries say a day that an outsider’s signature excludes.");
    push(all, "outside_anchors", outside, None, text);
}

fn origin(views: &Views<'_>, case: &Case<'_>, chosen_by_sender: bool, all: &mut Vec<Warning>) {
    if chosen_by_sender {
        let text = "The window is no closed quarter: whoever made this report chose it.";
        push(all, "chosen_by_sender", 1, None, text.to_owned());
    }
    let founding = views.ledger.get(views.ledger.group().founding());
    if let Some(copact_core::act::Act::Found(found)) = founding.and_then(|one| one.act())
        && found.members.len() == 1
    {
        let text = "The group was founded by one person, who could decide alone at first.";
        push(all, "founded_by_one", 1, None, text.to_owned());
    }
    if let Some((_, text)) = case.adopted() {
        let written: u64 = case.written(text).iter().sum();
        let gone = text.counted.saturating_sub(text.imported).saturating_sub(written);
        push(
            all,
            "imported_text",
            text.imported,
            Some(text.counted),
            format!(
                "{} of {} characters of the contract were taken over from a file and are \
                 nobody's.",
                text.imported, text.counted
            ),
        );
        push(
            all,
            "text_of_others",
            gone,
            Some(text.counted),
            format!(
                "{gone} of {} characters of the contract are of members who have left, or were \
                 written for somebody and not confirmed.",
                text.counted
            ),
        );
    }
}

fn helpers(case: &Case<'_>, all: &mut Vec<Warning>) {
    let present: Vec<_> = case.held().flat_map(|one| &one.present).collect();
    let mut recorded: BTreeMap<Who, u64> = BTreeMap::new();
    for by in present.iter().filter_map(|(_, _, by)| *by) {
        *recorded.entry(by).or_default() += 1;
    }
    let (assisted, attendances) = (recorded.values().sum::<u64>(), count(present.len()));
    let text = format!(
        "{assisted} of {attendances} attendances were recorded by somebody else for the member."
    );
    push(all, "assisted_share", assisted, Some(attendances), text);
    let most = recorded.values().max().copied().unwrap_or_default();
    if u128::from(most) * u128::from(HELPER.1) > u128::from(HELPER.0) * u128::from(attendances) {
        let text = format!(
            "One helper recorded {most} of {attendances} attendances, more than three in ten."
        );
        push(all, "one_helper", most, Some(attendances), text);
    }
    let taken = case.held().flat_map(|one| &one.present);
    let imported =
        taken.filter(|(who, ..)| case.facts.people.get(*who).is_some_and(|person| person.imported));
    let imported = count(imported.count());
    let text = format!(
        "{imported} of {attendances} attendances are of people taken over from an attendance list."
    );
    push(all, "imported_people", imported, Some(attendances), text);
}

/// Work and meetings by how they were recorded.
fn records(views: &Views<'_>, case: &Case<'_>, rows: &[EntryRow], all: &mut Vec<Warning>) {
    let within = || rows.iter().filter(|row| case.window.has(row.date) && !row.set_aside);
    let entries = count(within().count());
    let flagged = |flag: &str| count(within().filter(|row| row.flags.contains(&flag)).count());
    let clocks = flagged("earlier_than_its_past");
    let text = format!(
        "{clocks} entries say an earlier day than something that they build on: a wrong clock."
    );
    push(all, "clock_flags", clocks, Some(entries), text);
    let recorded_late = flagged("recorded_late");
    let text = format!(
        "{recorded_late} of {entries} entries are about a day more than 30 days before they were \
         signed; they count."
    );
    push(all, "recorded_late", recorded_late, Some(entries), text);
    let long = flagged("long_day");
    let text = format!(
        "{long} of {entries} entries are of a day with more than 16 hours of one member; they \
         count."
    );
    push(all, "long_day", long, Some(entries), text);
    let future = flagged("dated_in_the_future");
    let text = format!("{future} contributions are dated after they were signed and count 0.");
    push(all, "dated_in_the_future", future, Some(entries), text);
    let late = count(within().filter(|row| row.late).count());
    let text = format!("{late} entries came after their quarter was closed and do not count.");
    push(all, "late_entries", late, Some(entries), text);
    let disputed = case.facts.work.iter().filter(|one| case.window.has(one.date) && one.disputed);
    let minutes: u64 = disputed.map(|one| one.minutes).sum();
    let text = format!("{minutes} minutes of work are disputed and in no figure.");
    push(all, "disputed", minutes, None, text);
    let headcounts = case.facts.meetings.iter().filter(|one| one.headcount_only);
    let headcounts = count(headcounts.filter(|one| case.window.has(one.day)).count());
    let text = format!("{headcounts} meetings were counted by heads only and are in no figure.");
    push(all, "headcount_only", headcounts, None, text);
    let lost = count(lost_occasions(views, case));
    let text = format!("{lost} contributions are on something that is not in this report.");
    push(all, "unknown_occasion", lost, None, text);
}

/// Work on a meeting that is refused or set aside.
fn lost_occasions(views: &Views<'_>, case: &Case<'_>) -> usize {
    let known = |id| {
        let place = views.ledger.place_of(id);
        place.is_some_and(|place| !views.journal().is_out(place))
    };
    let on = case.counted().filter_map(|one| one.on.as_ref());
    on.filter(|on| match on {
        Occasion::Meeting(id) | Occasion::Task(id) => !known(*id),
        Occasion::Goal(_) => false,
    })
    .count()
}

/// People stop logging once they are comfortable, and seasons look like trends.
fn logging(case: &Case<'_>, figures: &BTreeMap<&'static str, Figure>, all: &mut Vec<Warning>) {
    if let Some((num, den)) = figures.get("H2").and_then(|one| one.num.zip(one.den))
        && num < den
    {
        let text = format!("{num} of {den} minutes of work that were claimed are confirmed.");
        push(all, "unconfirmed", den - num, Some(den), text);
    }
    let days = case.window.to.since(case.window.from).saturating_add(1);
    if days < TWO_YEARS {
        let text = "Season not excluded: the window is shorter than two years, so what rises or \
                    falls may be the time of the year.";
        push(all, "season_not_excluded", 1, None, text.to_owned());
    }
}
