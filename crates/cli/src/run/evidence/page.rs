//! A report as people see it in a terminal.

use copact_evidence::indicators;
use copact_evidence::report::{IndicatorRow, Report};
use copact_evidence::rules::{Ratio, Shown, Verdict};
use copact_node::evidence::Sharing;
use serde_json::{Value, json};

use crate::output::{Page, Piece, Table, bad, faint, good, left, plain, right, strong, warn};

/// What was asked, and the answer.
pub(crate) fn answer(page: &mut Page, report: &Report) {
    let level = report.level.as_str();
    let word = match level {
        "co-producing" | "sustained" => good(level),
        "none" => bad(level),
        _ => warn(level),
    };
    page.fields([
        ("window", plain(format_args!("{} to {}", report.window.from, report.window.to))),
        ("members", plain(report.n)),
        ("level", word),
        ("label", plain(&report.label)),
        ("rules", plain(&report.ruleset.name)),
    ]);
}

/// What the rules ask, and what would change the answer.
pub(crate) fn clauses(page: &mut Page, report: &Report) {
    page.heading("Clause by clause");
    let mut table =
        Table::new([left(""), left("clause"), right("figure"), right("needed"), left("asks")]);
    for clause in &report.clauses {
        let mark = match clause.status {
            Verdict::Pass => good("yes"),
            Verdict::Fail => bad("no"),
            Verdict::NotComputable => warn("?"),
        };
        let sign = clause.compare.unwrap_or_default();
        let needed = clause.threshold.as_ref().map(|one| format!("{sign} {}", shown(one)));
        table.row([
            mark,
            plain(&clause.id),
            plain(clause.value.as_ref().map(shown).unwrap_or_default()),
            plain(needed.unwrap_or_default()),
            faint(clause.reason.unwrap_or(&clause.words)),
        ]);
    }
    page.table(&table);
    let missing = report.clauses.iter().filter(|one| one.status == Verdict::Fail);
    let missing: Vec<_> = missing.collect();
    if !missing.is_empty() {
        page.heading("What would change that");
        for clause in missing {
            page.text(&format!("- {}: {}", clause.id, clause.next));
        }
    }
}

/// A figure of a clause: a number, so many of so many, or several by name.
fn shown(one: &Shown) -> String {
    let ratio = |ratio: &Ratio| match ratio.to_i64() {
        Some(whole) if !ratio.has_parts() => whole.to_string(),
        _ if ratio.has_parts() => format!("{}/{}", ratio.num(), ratio.den()),
        _ => format!("{:.2}", ratio.to_f64()),
    };
    match one {
        Shown::One(one) => ratio(one),
        Shown::Named(all) => {
            let all = all.iter().map(|(name, one)| {
                format!("{name} {}", one.as_ref().map_or_else(|| "\u{2013}".to_owned(), ratio))
            });
            all.collect::<Vec<_>>().join(", ")
        }
    }
}

pub(super) fn figures(page: &mut Page, report: &Report) {
    page.heading("Indicators");
    let mut table = Table::new([left(""), left("indicator"), right("figure"), left("")]);
    for one in indicators::ALL {
        let Some(row) = report.indicators.get(one.id) else { continue };
        let counts = match (row.num, row.den) {
            (Some(num), Some(den)) => format!("{num} of {den}"),
            _ => String::new(),
        };
        table.row([
            strong(one.id),
            plain(one.name),
            figure(row),
            faint(row.reason.map_or(counts, ToOwned::to_owned)),
        ]);
    }
    page.table(&table);
}

/// A figure as people read it.
fn figure(row: &IndicatorRow) -> Piece {
    let number = |number: &Value| match number.as_f64() {
        Some(number) if row.unit == "share" => format!("{:.0} %", 100.0 * number),
        Some(number) if number.fract() == 0.0 => format!("{number}"),
        Some(number) => format!("{number:.2}"),
        None => "\u{2013}".to_owned(),
    };
    match json!(row.value) {
        Value::Null => faint("\u{2013}"),
        Value::Object(parts) => {
            let parts: Vec<String> =
                parts.iter().map(|(key, value)| format!("{key} {}", number(value))).collect();
            plain(parts.join(", "))
        }
        value => plain(number(&value)),
    }
}

pub(super) fn warnings(page: &mut Page, report: &Report) {
    page.heading("Read with this");
    for warning in &report.warnings {
        page.text(&format!("- {}", warning.text));
    }
}

pub(super) fn sharing(page: &mut Page, one: &Sharing) {
    page.blank();
    match &one.file {
        Some(file) => page.line([
            good(format_args!("The {} report is in {file}", one.form)),
            plain(format_args!(", signed by {} of the members.", one.signatures)),
        ]),
        None => {
            page.line([
                warn(format_args!("The {} report is not written yet: ", one.form)),
                plain(format_args!("{} of {} voices agree to share it.", one.have, one.need)),
            ]);
            page.line([faint("The others say yes to it with:")]);
            let id = one.proposal.to_string();
            let id = id.get(..8).unwrap_or(&id);
            page.line([faint(format_args!("  copact answer {id} yes"))]);
            page.line([faint("Then run this once more, with the same days and rules.")]);
        }
    }
}
