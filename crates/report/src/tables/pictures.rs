//! Meetings, months, and members by number.

use copact_evidence::report::Report;
use copact_evidence::report::pictures::SMALL;

use super::cell::Cell;
use super::package::Kind::{Count, Day, Month, Word};
use super::package::{Table, may, must};

/// A meeting's day, kind and counts.
type Row = (copact_core::day::Day, &'static str, [Cell; 3]);

/// Whether there are so many members that each can be shown, by number.
pub(super) fn may_tell_apart(report: &Report) -> bool {
    !report.pictures.suppressed && report.n >= u64::try_from(SMALL).unwrap_or(u64::MAX)
}

pub(super) fn meetings(report: &Report) -> Table {
    let held = report.pictures.meetings.iter().map(|one| {
        let counts = [one.present, one.attested, one.members].map(Cell::Count);
        (one.day, "held", counts)
    });
    let others = report
        .pictures
        .headcounts
        .iter()
        .map(|one| (one.day, "headcount", [const { Cell::Missing }; 3]));
    let row = |(number, (day, kind, [present, attested, members])): (u64, Row)| {
        vec![Cell::Count(number), Cell::Day(day), Cell::text(kind), present, attested, members]
    };
    Table {
        name: "meetings",
        words: "Meetings of the window; those counted by heads only are in no figure.",
        fields: const {
            &[
                must("number", Count, "From 1; held meetings first, by day."),
                must("day", Day, "The meeting's day."),
                must("kind", Word(&["held", "headcount"]), "Whether names were taken."),
                may("present", Count, "People who attended."),
                may("attested", Count, "Of these, whom two or more others witnessed."),
                may("members", Count, "Members on that day."),
            ]
        },
        key: &["number"],
        refers: &[],
        rows: (1..).zip(held.chain(others)).map(row).collect(),
    }
}

pub(super) fn months(report: &Report) -> Table {
    let months = report.pictures.months.iter();
    Table {
        name: "months",
        words: "Confirmed work by month, of those who are members on the window's last day.",
        fields: const {
            &[
                must("month", Month, "The month, as far as it lies in the window."),
                must("minutes", Count, "Minutes that count."),
            ]
        },
        key: &["month"],
        refers: &[],
        rows: months.map(|one| vec![Cell::text(&*one.month), Cell::Count(one.minutes)]).collect(),
    }
}

pub(super) fn members(report: &Report) -> Table {
    let row = |(number, one): (u64, &copact_evidence::report::pictures::MemberPoint)| {
        [number, one.written, one.minutes, one.meetings].map(Cell::Count).to_vec()
    };
    Table {
        name: "members",
        words: "Members on the window's last day, by number: 1 has the lowest key.",
        fields: const {
            &[
                must("member", Count, "The number."),
                must("written", Count, "Unicode scalars they wrote of the adopted contract."),
                must("minutes", Count, "Minutes that count in the window."),
                must("meetings", Count, "Held meetings in the window that they attended."),
            ]
        },
        key: &["member"],
        refers: &[],
        rows: (1..).zip(&report.pictures.members).map(row).collect(),
    }
}

pub(super) fn ties(report: &Report) -> Table {
    let row = |one: &copact_evidence::report::pictures::Tie| {
        vec![Cell::place(one.from), Cell::place(one.to), Cell::Count(one.minutes)]
    };
    Table {
        name: "ties",
        words: "Minutes of one member for another.",
        fields: const {
            &[
                must("from", Count, "Who gave, a number of members.csv."),
                must("to", Count, "Who got."),
                must("minutes", Count, "How much."),
            ]
        },
        key: &["from", "to"],
        refers: &[("from", "members", "member"), ("to", "members", "member")],
        rows: report.pictures.ties.iter().map(row).collect(),
    }
}
