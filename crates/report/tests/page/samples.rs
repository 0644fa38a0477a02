//! The groups of which pages are made.

use std::path::PathBuf;

use copact_core::day::Day;
use copact_evidence::report::Report;
use copact_evidence::report::completeness::AnchorRow;
use copact_evidence::report::pictures::{Authorship, MeetingPoint, MemberPoint, MonthPoint, Tie};
use copact_report::html::{About, html};
use copact_tests::device::Device;
use copact_tests::group::first_day;

use crate::groups;

pub(crate) const HOSTILE: &str = "</title><script>alert(1)</script><img src=x onerror=alert(2)> \
                                  \" style=\"color:red\" ' &amp; https://example.org/ \u{202e}evil";

pub(crate) fn page(report: &Report, name: Option<&str>) -> String {
    html(report, &About { name, made: first_day().plus(90), program: "copact 0.1.0" })
}

/// A report with more of everything than fits a phone.
fn crowded() -> Report {
    let mut report = groups::sustained();
    let day = |at: u64| first_day().plus(i32::try_from(at).unwrap() * 4);
    let pictures = &mut report.pictures;
    pictures.meetings = (0..110)
        .map(|at| MeetingPoint {
            day: day(at),
            present: 8 + at % 9,
            attested: 5 + at % 7,
            members: 20 + at / 5,
        })
        .collect();
    pictures.members = (0..42)
        .map(|at| MemberPoint { written: 900 / (at + 1), minutes: at * at * 3, meetings: at })
        .collect();
    pictures.ties = (1..=42_usize)
        .flat_map(|from| (1..=42).map(move |to| (from, to)))
        .filter(|(from, to)| from != to && (from * 7 + to * 3) % 5 == 0)
        .map(|(from, to)| Tie { from, to, minutes: (from * to) as u64 })
        .collect();
    pictures.months = (0..30)
        .map(|at| MonthPoint {
            month: format!("{}-{:02}", 2024 + at / 12, at % 12 + 1),
            minutes: at * 731 % 9_000,
        })
        .collect();
    let written: u64 = pictures.members.iter().map(|one| one.written).sum();
    let (imported, others) = (written / 3, written / 7);
    let counted = written + imported + others;
    pictures.authorship = Some(Authorship { counted, members: written, imported, others });
    pictures.wrote = 42;
    report.anchors = vec![AnchorRow {
        id: copact_core::ids::EnvelopeId::from_bytes([9; 32]),
        key: Device::new(99).key(),
        kind: "seen",
        day: Some(Day::parse("2026-05-01").unwrap()),
        people: Some(9),
        entries: 120,
        outside: 0,
    }];
    report
}

fn hostile() -> Report {
    let mut report = groups::coproducing(6, 2);
    HOSTILE.clone_into(&mut report.ruleset.name);
    HOSTILE.clone_into(&mut report.ruleset.hash);
    HOSTILE.clone_into(&mut report.group);
    HOSTILE.clone_into(&mut report.frontier_digest);
    for warning in &mut report.warnings {
        HOSTILE.clone_into(&mut warning.text);
    }
    for trend in &mut report.trends {
        trend.months = vec![HOSTILE.to_owned(); trend.values.len()];
    }
    for month in &mut report.pictures.months {
        HOSTILE.clone_into(&mut month.month);
    }
    report
}

/// All of them, with the name that their page is given.
pub(crate) fn all() -> Vec<(&'static str, Report, Option<&'static str>)> {
    vec![
        ("empty", groups::empty(), None),
        ("none", groups::none(), Some("Mill Creek")),
        ("pair", groups::pair(), Some("Two of us")),
        ("formed", groups::formed(), Some("Mill Creek")),
        ("small", groups::coproducing(4, 0), Some("Kitchen table")),
        ("coproducing", groups::coproducing(6, 2), Some("Mill Creek Neighbours")),
        ("sustained", groups::sustained(), Some("Lantern Street Health Circle")),
        ("crowded", crowded(), Some("Everybody’s")),
        ("hostile", hostile(), Some(HOSTILE)),
    ]
}

/// Breaks when: a group is on another level than the page made of it is to show.
#[test]
fn the_groups_are_what_they_are_called_and_their_pages_are_written() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pages");
    std::fs::create_dir_all(&folder).unwrap();
    let levels = [
        ("empty", "none"),
        ("none", "none"),
        ("pair", "pair"),
        ("formed", "formed"),
        ("small", "co-producing"),
        ("coproducing", "co-producing"),
        ("sustained", "sustained"),
    ];
    for (name, report, called) in all() {
        std::fs::write(folder.join(format!("{name}.html")), page(&report, called)).unwrap();
        if let Some((_, level)) = levels.iter().find(|(one, _)| *one == name) {
            assert_eq!(report.level, *level, "{name}: {:#?}", report.clauses);
        }
    }
}
