//! The demo as a whole, and without each of its deeds.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use copact_core::day::Day;
use copact_evidence::rules::Verdict;

use super::script::Deed;
use super::*;

/// Replays that run side by side: each waits for its devices most of the time.
const TOGETHER: usize = 8;

fn today() -> Clock {
    let day = Day::parse("2026-03-29").unwrap();
    Clock { seconds: i64::from(day.number()) * SECONDS_A_DAY + 70_000, day }
}

/// Breaks when: the journeys of the design page do not come to what they should.
#[test]
fn five_homes_end_at_one_view_with_a_contract_work_and_graded_attendance() {
    let folder = tempfile::tempdir().unwrap();
    let mut told = 0;
    let played = play(&folder.path().join("demo"), today(), &mut |_| told += 1).unwrap();
    assert_eq!(told, played.steps.len());
    let home =
        Home::new(played.homes.first().unwrap().clone(), Some(played.state.clone()), today());
    let group = home.open(None).unwrap();
    let status = group.status();
    assert_eq!(status.view_digest, played.view_digest);
    assert_eq!((status.members, status.set_aside), (6, 0));
    assert!(status.adopted.is_some());
    let meetings = group.meetings();
    assert_eq!(meetings.totals.attendances, 11);
    let grades: Vec<_> = meetings.meetings.iter().map(|row| row.grades.attested).collect();
    assert_eq!(grades, [6, 5], "by Ben, Eva or Finn, and Cem whose phone showed the code");
    let log = group.log();
    let work: Vec<_> = log.iter().filter(|row| row.kind == "contribution").collect();
    assert!(work.iter().all(|row| row.confirmed == Some(true)), "{work:#?}");
    assert!(group.check().unwrap().ok);
    assert_eq!(played.report.level, "co-producing");
    let page = fs::read_to_string(&played.html).unwrap();
    assert!(page.contains(GROUP) && page.contains("co-producing"));
}

/// The clauses of a report, and its level.
fn verdicts(report: &Report) -> BTreeMap<String, String> {
    let word = |verdict| match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "fail",
        Verdict::NotComputable => "not computable",
    };
    let clauses = report.clauses.iter().map(|one| (one.id.clone(), word(one.status).to_owned()));
    clauses.chain([("level".to_owned(), report.level.clone())]).collect()
}

fn without(number: Option<usize>) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let played = play_without(&folder.path().join("demo"), today(), number, &mut |_| ()).unwrap();
    verdicts(&played.report)
}

/// Breaks when: a clause depends on something else than the deeds that the fixture lists for it.
#[test]
fn without_each_single_deed_exactly_the_listed_clauses_change() {
    let whole = without(None);
    let deeds: Vec<usize> = SCRIPT
        .iter()
        .enumerate()
        .filter(|(_, (_, deed))| !matches!(deed, Deed::Tell(_) | Deed::Sync | Deed::ReadOut))
        .map(|(number, _)| number)
        .collect();
    let (next, lines) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    std::thread::scope(|scope| {
        for _ in 0..TOGETHER {
            scope.spawn(|| {
                while let Some(number) = deeds.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let changed = without(Some(*number));
                    let changed: Vec<String> = changed
                        .iter()
                        .filter(|(id, verdict)| whole.get(*id) != Some(*verdict))
                        .map(|(id, verdict)| format!("  {id}: {verdict}\n"))
                        .collect();
                    let (_, deed) = SCRIPT.get(*number).unwrap();
                    let line = format!("{deed:?}\n{}", changed.concat());
                    lines.lock().unwrap().insert(*number, line);
                }
            });
        }
    });
    let found: String = lines.into_inner().unwrap().into_values().collect();
    let listed = include_str!("without.txt");
    if found != listed {
        let path = std::env::temp_dir().join("copact-without.txt");
        fs::write(&path, &found).unwrap();
        let differs = found.lines().zip(listed.lines()).find(|(found, listed)| found != listed);
        assert_eq!(found, listed, "first: {differs:?}; what was found is in {}", path.display());
    }
}
