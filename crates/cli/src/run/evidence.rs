//! Evidence: `copact evidence`, `copact report sign`.

use std::path::Path;

use copact_core::day::Day;
use copact_evidence::rules::RuleSet;
use copact_evidence::window::{DAYS, Window};
use copact_node::error::NodeError;
use copact_node::evidence::Sharing;
use copact_node::file;
use copact_report::bundle::Form;
use serde_json::json;

use super::{Done, Session};
use crate::args::{Credential, Evidence, ReportCommand};
use crate::failure::Failure;
use crate::output::{good, plain};

mod community;
mod page;
mod written;

pub(super) use page::{answer, clauses};

/// Days that a window can have at most: ten years.
const LONGEST: i32 = 3_660;

pub(super) fn run(session: Session, typed: &Evidence) -> Done {
    if !typed.all.is_empty() {
        return community::run(session, typed);
    }
    let window = window(&Days::of(typed), session.today())?;
    let rules = rules(typed.rules.as_deref())?;
    let mut group = session.open()?;
    let report = group.report(window, &rules);
    let name = group.status().name;
    let written = written::files(&group, &report, window, &rules, typed, session.today())?;
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
        page.heading(&name);
        answer(page, &report);
        clauses(page, &report);
        page::figures(page, &report);
        page::warnings(page, &report);
        if !written.is_empty() {
            page.blank();
        }
        for sentence in &written {
            page.line([good(sentence)]);
        }
        for one in &shared {
            page::sharing(page, one);
        }
    })
}

/// The days that were typed.
struct Days<'t> {
    from: Option<&'t String>,
    to: Option<&'t String>,
    window: Option<&'t String>,
}

impl<'t> Days<'t> {
    const fn of(typed: &'t Evidence) -> Self {
        Self { from: typed.from.as_ref(), to: typed.to.as_ref(), window: typed.window.as_ref() }
    }
}

fn window(typed: &Days<'_>, today: Day) -> Result<Window, Failure> {
    let day = |text: &String| {
        Day::parse(text).map_err(|error| Failure::from(NodeError::told("bad_day", error)))
    };
    let window = match (typed.from, typed.to) {
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
        _ => Window::up_to(today, typed.window.map_or(Ok(DAYS), |typed| days(typed))?),
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

/// The rules that a file has, or else the minimum.
pub(super) fn rules(path: Option<&Path>) -> Result<RuleSet, Failure> {
    match path {
        None => RuleSet::minimum().cloned().map_err(|error| Failure::failed("bad_rules", error)),
        Some(path) => {
            let text = file::read_text(path, file::TEXT_BYTES)?;
            RuleSet::parse(&text).map_err(|error| {
                let told = error.to_string();
                let told = told.trim_end_matches('.');
                let (what, next) = told.split_once(". ").unwrap_or((
                    told,
                    "`copact rules show` lists what rules can ask, and shows the minimum's",
                ));
                Failure::input("bad_rules", format_args!("{}: {what}", path.display())).hint(next)
            })
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

pub(super) fn credential(session: Session, typed: &Credential) -> Done {
    let (from, to, window) = (typed.from.as_ref(), typed.to.as_ref(), typed.window.as_ref());
    let window = self::window(&Days { from, to, window }, session.today())?;
    let group = session.open()?;
    let made = group.credential(typed.member.as_deref(), typed.name, window)?;
    let text = serde_json::to_string_pretty(&made)
        .map_err(|error| Failure::failed("no_credential", error))?;
    let Some(to) = &typed.output else {
        return session.output.show_text(&made, &text, |_| ());
    };
    file::write(to, text.as_bytes())?;
    session.output.show(&made, |page| {
        page.line([good(format_args!("The credential is in {}.", to.display()))]);
        page.line([plain("Whoever gets it checks it with: copact verify FILE")]);
    })
}
