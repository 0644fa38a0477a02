//! CSV and its description.

use std::collections::BTreeMap;

use copact_evidence::report::Report;
use copact_evidence::report::warnings::Warning;
use copact_report::tables::{Roles, tables};
use serde_json::Value;

use crate::made;

fn files(report: &Report, roles: Roles) -> BTreeMap<String, Vec<u8>> {
    tables(report, roles).unwrap().into_iter().map(|file| (file.name, file.bytes)).collect()
}

fn rows(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Vec<BTreeMap<String, String>> {
    let mut csv = csv::Reader::from_reader(files[name].as_slice());
    let names: Vec<String> = csv.headers().unwrap().iter().map(str::to_owned).collect();
    let row =
        |row: csv::StringRecord| names.iter().cloned().zip(row.iter().map(str::to_owned)).collect();
    csv.records().map(|one| row(one.unwrap())).collect()
}

/// Breaks when: a table is not described, a described one is not there, or names of columns differ.
#[test]
fn the_description_is_of_the_files() {
    for report in made::reports(8).iter().chain([&made::of_members(5)]) {
        let files = files(report, Roles::Compared);
        let described: Value = serde_json::from_slice(&files["datapackage.json"]).unwrap();
        assert_eq!(described["profile"], "tabular-data-package");
        let resources = described["resources"].as_array().unwrap();
        assert_eq!(resources.len() + 2, files.len());
        let readme = std::str::from_utf8(&files["README.md"]).unwrap();
        for one in resources {
            let name = one["path"].as_str().unwrap();
            assert!(readme.contains(name));
            assert_eq!(one["bytes"], files[name].len());
            let mut csv = csv::Reader::from_reader(files[name].as_slice());
            let fields = one["schema"]["fields"].as_array().unwrap();
            let names: Vec<&str> = fields.iter().map(|one| one["name"].as_str().unwrap()).collect();
            assert!(csv.headers().unwrap().iter().eq(names));
            assert!(fields.iter().all(|one| !one["description"].as_str().unwrap().is_empty()));
            assert!(csv.records().all(|row| row.is_ok()), "rows of {name} differ in length");
        }
    }
}

/// Breaks when: a value of the report is not in the tables as it is, or one that cannot be computed
/// has a number.
#[test]
fn figures_are_those_of_the_report() {
    let mut computed = 0;
    for report in made::reports(20) {
        let files = files(&report, Roles::Compared);
        let json = serde_json::to_value(&report).unwrap();
        for row in rows(&files, "indicators.csv") {
            let figure = &json["indicators"][&row["indicator"]];
            let value = match figure["value"].as_object() {
                Some(parts) => parts[&row["part"]].clone(),
                None => figure["value"].clone(),
            };
            let told = row["value"].parse::<f64>().ok();
            assert_eq!(told, value.as_f64(), "{}", row["id"]);
            assert_eq!(row["status"] == "ok", told.is_some());
            assert_eq!(row["status"] == "ok", row["reason"].is_empty());
            computed += usize::from(told.is_some());
        }
        let months: usize = report.trends.iter().map(|one| one.months.len()).sum();
        assert_eq!(rows(&files, "trends.csv").len(), months);
        assert_eq!(rows(&files, "trend_tests.csv").len(), report.trends.len());
        let held = report.pictures.meetings.len() + report.pictures.headcounts.len();
        assert_eq!(rows(&files, "meetings.csv").len(), held);
        assert_eq!(rows(&files, "warnings.csv").len(), report.warnings.len());
        for clause in report.clauses {
            let rows = rows(&files, "clauses.csv");
            assert!(rows.iter().any(|row| row["id"] == clause.id));
        }
    }
    assert!(computed > 500, "{computed}");
}

/// Breaks when: single people can be told apart among four, or not among five.
#[test]
fn members_are_told_apart_from_five_on() {
    for (n, told) in [(4, false), (5, true)] {
        let files = files(&made::of_members(n), Roles::Compared);
        assert_eq!(files.contains_key("members.csv"), told);
        assert_eq!(files.contains_key("ties.csv"), told);
    }
    let mut suppressed = made::of_members(9);
    suppressed.pictures.suppressed = true;
    assert!(!files(&suppressed, Roles::Compared).contains_key("members.csv"));
}

/// Breaks when: roles are compared where that is suppressed.
#[test]
fn roles_of_few_are_not_compared() {
    let files = files(&made::of_members(5), Roles::Suppressed);
    let parity: Vec<_> =
        rows(&files, "indicators.csv").into_iter().filter(|row| row["indicator"] == "D2").collect();
    assert_eq!(parity.len(), 3);
    for row in parity {
        assert_eq!((row["status"].as_str(), row["value"].as_str()), ("suppressed", ""));
    }
}

/// Breaks when: a text reaches a spreadsheet as a formula, or a comma or line end in it breaks
/// rows.
#[test]
fn text_is_not_run() {
    let mut report = made::of_members(5);
    let text = |text: &str| Warning { code: "c", text: text.to_owned(), num: 1, den: None };
    report.warnings =
        ["=1+1", "@x", "-1,\"2\"", "\t=1", "a\r\nb", "−1"].into_iter().map(text).collect();
    let files = files(&report, Roles::Compared);
    let told: Vec<String> =
        rows(&files, "warnings.csv").iter().map(|row| row["text"].clone()).collect();
    assert_eq!(told, ["'=1+1", "'@x", "'-1,\"2\"", "'\t=1", "a\r\nb", "−1"]);
}
