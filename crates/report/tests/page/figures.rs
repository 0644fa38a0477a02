//! The figures on the page are those of the report, and what cannot be computed says why.

use copact_evidence::indicators::ALL;
use copact_evidence::report::Report;
use copact_evidence::rules::Verdict;

use crate::groups;
use crate::samples::{all, page};
use crate::tags::text;

fn has(page: &str, words: &str) {
    assert!(page.contains(words), "“{words}” is not in: {page}");
}

/// Breaks when: a reader who has only the page cannot tell the answer, the weakest clause, what is
/// unproven, who was at the last meeting, who wrote the contract, or what would change the answer.
#[test]
fn the_first_screen_answers_what_a_funder_asks() {
    let report = groups::coproducing(6, 2);
    let told = text(&page(&report, Some("Mill Creek")));
    let first = told.split("Clause by clause").next().unwrap();
    has(first, "Is Mill Creek co-producing?");
    has(first, "The answer: Yes");
    let last = report.pictures.meetings.last().unwrap();
    has(first, &format!("At the last meeting {} of {} members", last.present, last.members));
    has(first, &format!("{} of {} members wrote some of it", report.pictures.wrote, report.n));
    has(first, "Time unproven");
    has(first, "People unproven");
    has(first, "signatures do not prove that nothing was left out");
    has(first, "The weakest clause");
    has(first, "What would change the answer");
}

/// Breaks when: a clause that fails is not told with figure, threshold, and what is missing.
#[test]
fn a_clause_that_fails_says_what_is_missing() {
    let report = groups::formed();
    assert_eq!(report.level, "formed");
    let told = text(&page(&report, None));
    has(&told, "Is this group co-producing?");
    has(&told, "The answer: Not yet");
    has(&told, "1 attested meeting; needed: 2 or more in the 90 days.");
    has(&told, "1 more attested meeting");
    has(&told, "attested meetings that are 7 days or more apart");
    let few = text(&page(&groups::none(), None));
    has(&few, "1 of 3 members wrote a real part of the contract; needed: 2 or more.");
    has(&few, "3 of 3 members had signed by the last day");
    has(&few, "all 3, as the group had fewer than five");
}

/// Breaks when: a clause is not in the table with its verdict.
#[test]
fn every_clause_is_told_with_its_verdict() {
    for (name, report, called) in all() {
        let told = text(&page(&report, called));
        let told = told.split_once("Clause by clause").unwrap().1;
        for clause in &report.clauses {
            let mark = match clause.status {
                Verdict::Pass => "Pass",
                Verdict::Fail => "Fail",
                Verdict::NotComputable => "Can’t be computed",
            };
            let row = told.split(&format!(" {} ", clause.id)).nth(1);
            let row = row.unwrap_or_else(|| panic!("{name}: no {}", clause.id));
            let after = row.split_once("Result ").unwrap().1;
            assert!(after.starts_with(mark), "{name}: {} is not {mark}", clause.id);
            if let (Verdict::NotComputable, Some(reason)) = (clause.status, clause.reason) {
                has(after.split_once("Needed").unwrap().0, reason);
            }
        }
    }
}

/// The row of an indicator.
fn row<'t>(told: &'t str, id: &str) -> &'t str {
    let table = told.split_once(" 32 indicators").expect("the table").1;
    let row = table.split_once(&format!(" {id} Value ")).unwrap_or_else(|| panic!("no {id}")).1;
    row.split_once(" Gamed by ").unwrap().0
}

/// Breaks when: an indicator is missing, has another figure than the report, or is 0 instead of a
/// reason.
#[test]
fn every_indicator_has_its_figure_or_its_reason() {
    let mut reasons = 0;
    for (name, report, called) in all() {
        let told = text(&page(&report, called));
        for one in ALL {
            let (row, figure) = (row(&told, one.id), &report.indicators[one.id]);
            has(row, one.formula);
            if one.unit != "share" {
                has(row, &format!("Unit: {}.", one.unit));
            }
            if let Some(reason) = figure.reason {
                assert!(row.starts_with(&format!("Can’t be computed: {reason}.")), "{name}: {row}");
                reasons += 1;
            } else if let (Some(num), Some(den)) = (figure.num, figure.den)
                && !["H2", "H5", "R2", "B1"].contains(&one.id)
            {
                has(row, &format!("({num} of {den})"));
            }
        }
    }
    assert!(reasons > 40, "{reasons}");
}

/// Breaks when: a breakdown by person is told of fewer than five, or not of five and more.
#[test]
fn breakdowns_by_person_need_five() {
    let small = page(&groups::coproducing(4, 0), None);
    assert!(
        text(&small).matches("breakdowns by person under five people are suppressed").count() >= 3
    );
    for only_of_five in
        ["Member 1<", "id=\"giving-title\"", "id=\"lorenz-title\"", "id=\"authors-title\""]
    {
        assert!(!small.contains(only_of_five), "{only_of_five}");
    }
    let large = page(&groups::coproducing(6, 2), None);
    assert!(!text(&large).contains("breakdowns by person under five people are suppressed"));
    for picture in ["attendance", "hours", "giving", "authorship", "authors", "lorenz"] {
        assert!(large.contains(&format!("id=\"{picture}-title\"")), "{picture}");
    }
}

/// Breaks when: a role with fewer than five members is compared with the other.
#[test]
fn breakdowns_by_role_need_five_of_each_role() {
    let few = groups::coproducing(6, 2);
    assert_eq!((few.pictures.citizens, few.pictures.professionals), (4, 2));
    let told = text(&page(&few, None));
    for id in ["D2", "B1"] {
        has(row(&told, id), "Suppressed: a role has fewer than five members");
    }
    let many = groups::sustained();
    assert_eq!((many.pictures.citizens, many.pictures.professionals), (6, 5));
    let told = text(&page(&many, None));
    has(row(&told, "D2"), "authorship ");
    has(row(&told, "B1"), "chance alone gives ");
}

/// Breaks when: what was not shown is called no growth, or stands without H2 and the season.
#[test]
fn trends_say_no_more_than_was_tested() {
    let report: Report = groups::sustained();
    let told = text(&page(&report, None));
    assert!(!told.to_lowercase().contains("no growth"));
    has(&told, "Season not excluded.");
    has(&told, "24 % of the time at a level of 1 %");
    has(&told, "confirmed minutes What is shown Rise shown");
    let trends = told.split_once("More, or better, than before?").unwrap().1;
    let trends = trends.split_once("What to know beside").unwrap().0;
    assert_eq!(trends.matches("Confirmed (H2)").count(), report.trends.len() + 1);
}
