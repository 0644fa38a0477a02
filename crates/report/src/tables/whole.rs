//! The report as a whole, its warnings, and outsiders' signatures.

use copact_evidence::report::Report;
use copact_evidence::report::pictures::Authorship;

use super::cell::Cell;
use super::package::Kind::{Count, Day, Flag, Pattern, Text, Word};
use super::package::{Field, Table, may, must};

const HEX: &str = "[0-9a-f]{64}";

const REPORT: &[Field] = &[
    must("group", Text, "The group's id."),
    may("founded", Day, "The signed day of the founding."),
    must("from", Day, "The window's first day."),
    must("to", Day, "The window's last day, both inclusive."),
    must("chosen_by_sender", Flag, "The window is no closed quarter."),
    may("closed_quarters", Text, "Quarters with a day in the window that the group closed."),
    must("n", Count, "Members on the window's last day."),
    must("level", Text, "How far the group is: a level of the rules, for example co-producing."),
    must("label", Text, "A label of the rules, for example public-service or community."),
    must("ruleset", Text, "The rules' name and version."),
    must("ruleset_hash", Text, "BLAKE3 of the rules' file."),
    must("frontier_digest", Pattern(HEX), "What the group's ledger went up to."),
    must("envelopes", Count, "Envelopes that the report is made from."),
    must("heads", Count, "Newest envelopes, on which no other builds."),
    must("devices", Count, "Devices that wrote."),
    must("forked", Count, "Devices of which two envelopes stand side by side."),
    must("late", Count, "Entries of the window that came after their quarter was closed."),
    must("set_aside", Count, "Entries of the window that are kept and not counted."),
    must("refused", Count, "Entries of the window that whom they are about refused."),
    must("disputed_minutes", Count, "Minutes of the window that are disputed: in no sum."),
    must("headcount_meetings", Count, "Meetings of the window without names."),
    must("unheld_meetings", Count, "Meetings of the window that nobody attended by name."),
    may("text", Count, "Counted Unicode scalars of the adopted contract."),
    may("text_members", Count, "Those of members."),
    may("text_imported", Count, "Those taken over from a file."),
    may("text_others", Count, "The rest: of departed members, and what nobody confirmed."),
];

/// One row.
pub(super) fn report(report: &Report) -> Table {
    let (window, all) = (&report.window, &report.completeness);
    let quarters: Vec<String> = window.closed_quarters.iter().map(ToString::to_string).collect();
    let mut row = vec![
        Cell::text(&*report.group),
        Cell::or(report.founded, Cell::Day),
        Cell::Day(window.from),
        Cell::Day(window.to),
        Cell::Flag(window.chosen_by_sender),
        Cell::text(quarters.join(" ")),
        Cell::Count(report.n),
        Cell::text(&*report.level),
        Cell::text(&*report.label),
        Cell::text(&*report.ruleset.name),
        Cell::text(&*report.ruleset.hash),
        Cell::text(&*report.frontier_digest),
    ];
    row.extend(
        [
            all.envelopes,
            all.heads,
            all.devices,
            all.forked,
            all.late,
            all.set_aside,
            all.refused,
            all.disputed_minutes,
            all.headcount_meetings,
            all.unheld_meetings,
        ]
        .map(Cell::Count),
    );
    let text = |of: fn(&Authorship) -> u64| {
        Cell::or(report.pictures.authorship.as_ref().map(of), Cell::Count)
    };
    row.extend([
        text(|one| one.counted),
        text(|one| one.members),
        text(|one| one.imported),
        text(|one| one.others),
    ]);
    Table {
        name: "report",
        words: "The report as a whole: one row.",
        fields: REPORT,
        key: &["group"],
        refers: &[],
        rows: vec![row],
    }
}

pub(super) fn warnings(report: &Report) -> Table {
    let row = |one: &copact_evidence::report::warnings::Warning| {
        vec![
            Cell::text(one.code),
            Cell::text(&*one.text),
            Cell::Count(one.num),
            Cell::or(one.den, Cell::Count),
        ]
    };
    Table {
        name: "warnings",
        words: "What must be read beside the figures, in the order in which to read it.",
        fields: const {
            &[
                must("code", Pattern("[a-z0-9_]+"), "For scripts."),
                must("text", Text, "A sentence."),
                must("num", Count, "How much."),
                may("den", Count, "Of how much, where it is a share."),
            ]
        },
        key: &["code"],
        refers: &[],
        rows: report.warnings.iter().map(row).collect(),
    }
}

pub(super) fn anchors(report: &Report) -> Table {
    let row = |one: &copact_evidence::report::completeness::AnchorRow| {
        vec![
            Cell::text(one.id.to_string()),
            Cell::text(one.key.to_string()),
            Cell::text(one.kind),
            Cell::or(one.day, Cell::Day),
            Cell::or(one.people.map(u64::from), Cell::Count),
            Cell::Count(one.entries),
            Cell::Count(one.outside),
        ]
    };
    Table {
        name: "anchors",
        words: "Signatures of outsiders that the group recorded.",
        fields: const {
            &[
                must("id", Text, "The entry that records it."),
                must("key", Text, "The outsider's key."),
                must(
                    "kind",
                    Word(&["seen", "number", "member", "unreadable"]),
                    "What they signed.",
                ),
                may("day", Day, "The outsider's day."),
                may("people", Count, "How many people of the group they met."),
                must("entries", Count, "How many entries the signature bounds."),
                must("outside", Count, "How many of these say a day that it excludes."),
            ]
        },
        key: &["id"],
        refers: &[],
        rows: report.anchors.iter().map(row).collect(),
    }
}
