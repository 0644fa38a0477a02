//! Evidence: `copact evidence`, `copact report sign`.

use copact_core::day::Day;
use copact_evidence::indicators;
use copact_evidence::report::{IndicatorRow, Report};
use copact_evidence::rules::RuleSet;
use copact_evidence::window::Window;
use copact_node::evidence::Sharing;
use copact_node::file;
use copact_report::bundle::Form;
use serde_json::{Value, json};

use super::{Done, Session};
use crate::args::{Evidence, ReportCommand};
use crate::failure::Failure;
use crate::output::{Page, Piece, Table, bad, faint, good, left, plain, right, strong, warn};

/// Days that a window can have at most: ten years.
const LONGEST: i32 = 3_660;

pub(super) fn run(session: Session, typed: &Evidence) -> Done {
    let window = window(typed, session.today())?;
    let rules = rules(typed)?;
    let mut group = session.open()?;
    let report = group.report(window, &rules);
    let mut shared: Vec<Sharing> = Vec::new();
    let forms = [(Form::Sealed, &typed.sealed), (Form::Audit, &typed.audit)];
    for (form, to) in forms.into_iter().filter_map(|(form, to)| Some((form, to.as_ref()?))) {
        shared.push(group.share_report(to, form, window, &rules)?);
    }
    let mut document = json!(report);
    if let Some(fields) = document.as_object_mut()
        && !shared.is_empty()
    {
        fields.insert("shared".to_owned(), json!(shared));
    }
    session.output.show(&document, |page| {
        page.heading(&group.status().name);
        answer(page, &report);
        clauses(page, &report);
        figures(page, &report);
        warnings(page, &report);
        for one in &shared {
            sharing(page, one);
        }
    })
}

fn window(typed: &Evidence, today: Day) -> Result<Window, Failure> {
    let day = |text: &String| Day::parse(text).map_err(|error| Failure::input("bad_day", error));
    let window = match (&typed.from, &typed.to) {
        (Some(from), Some(to)) => {
            let (from, to) = (day(from)?, day(to)?);
            Window::new(from, to).ok_or_else(|| {
                Failure::input(
                    "empty_window",
                    format_args!("the window is empty: {from} is after {to}"),
                )
                .hint("give the earlier day to --from, the later one to --to")
            })?
        }
        _ => Window::up_to(today, days(&typed.window)?),
    };
    if window.to.since(window.from) >= LONGEST {
        return Err(Failure::input(
            "long_window",
            format_args!("the window has more than {LONGEST} days"),
        )
        .hint("make one report for each ten years"));
    }
    Ok(window)
}

fn days(typed: &str) -> Result<i32, Failure> {
    let number = typed.strip_suffix('d').and_then(|number| number.parse::<i32>().ok());
    number.filter(|days| (1..=LONGEST).contains(days)).ok_or_else(|| {
        Failure::input("bad_window", format_args!("\u{201c}{typed}\u{201d} is no window"))
            .hint(format_args!("write days, from 1d to {LONGEST}d, for example 90d"))
    })
}

fn rules(typed: &Evidence) -> Result<RuleSet, Failure> {
    let text = match &typed.rules {
        None => String::new(),
        Some(path) => file::read_text(path, file::TEXT_BYTES)?,
    };
    RuleSet::parse(&text).map_err(|error| Failure::input("bad_rules", error))
}

/// What was asked, and the answer.
pub(super) fn answer(page: &mut Page, report: &Report) {
    let level = json!(report.level);
    let level = level.as_str().unwrap_or_default().to_owned();
    let word = match level.as_str() {
        "co-producing" | "sustained" => good(&level),
        "none" => bad("none"),
        _ => warn(&level),
    };
    page.fields([
        ("window", plain(format_args!("{} to {}", report.window.from, report.window.to))),
        ("members", plain(report.n)),
        ("level", word),
        ("label", plain(report.label)),
        ("rules", plain(&report.ruleset.name)),
    ]);
}

fn clauses(page: &mut Page, report: &Report) {
    page.heading("Clause by clause");
    let mut table = Table::new([left("clause"), left(""), right("figure"), right("needed")]);
    for clause in &report.clauses {
        let row = json!(clause);
        let status = row.get("status").and_then(Value::as_str).unwrap_or_default();
        let mark = match status {
            "pass" => good("yes"),
            "fail" => bad("no"),
            _ => warn("?"),
        };
        table.row([
            plain(row.get("id").and_then(Value::as_str).unwrap_or_default()),
            mark,
            plain(row.get("value").map(ToString::to_string).unwrap_or_default()),
            plain(row.get("threshold").map(ToString::to_string).unwrap_or_default()),
        ]);
    }
    page.table(&table);
}

fn figures(page: &mut Page, report: &Report) {
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

fn warnings(page: &mut Page, report: &Report) {
    page.heading("Read with this");
    for warning in &report.warnings {
        page.text(&format!("- {}", warning.text));
    }
}

fn sharing(page: &mut Page, one: &Sharing) {
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

pub(super) fn report(session: Session, command: ReportCommand) -> Done {
    let ReportCommand::Sign(typed) = command;
    let signed = session.open()?.sign_report(&typed.file)?;
    session.output.show(&signed, |page| {
        page.line([
            good("Signed."),
            plain(format_args!(
                " {} of {} members stand by this report.",
                signed.signed_by, signed.of
            )),
        ]);
    })
}
