//! Common decisions: `copact propose`, `proposals`, `answer`, `set-aside …`.

use copact_core::day::Day;
use copact_core::views::{AnswerRow, ProposalRow, ProposedValue};
use copact_node::decisions::Answered;
use serde_json::json;

use super::{Done, Names, Session, number};
use crate::args::{AnswerProposal, Propose, SetAsideCommand};
use crate::output::{
    Page, Piece, Table, bad, count, faint, good, left, plain, short, strong, warn, when,
};

pub(super) fn propose(session: Session, typed: &Propose) -> Done {
    let mut group = session.open()?;
    let closes = typed.closes.as_deref();
    let answered = group.propose(&typed.text, closes, typed.behalf.member.as_deref())?;
    session.output.show(&answered, |page| {
        let id = answered.proposal.to_string();
        page.line([good("Proposed."), faint(format_args!("  {}", short(&id)))]);
        match &typed.behalf.member {
            None => page.line(["Your own answer is yes."]),
            Some(member) => {
                page.line([plain(format_args!("{member}’s answer is yes."))]);
                unconfirmed(page, &answered.id.to_string());
            }
        }
        tally(page, &answered);
    })
}

pub(super) fn answer(session: Session, typed: &AnswerProposal) -> Done {
    let mut group = session.open()?;
    let answered = group.answer(&typed.proposal, typed.answer, typed.behalf.member.as_deref())?;
    session.output.show(&answered, |page| {
        let id = answered.id.to_string();
        page.line([
            good(format_args!("The answer is {}.", typed.answer.word())),
            faint(format_args!("  {}", short(&id))),
        ]);
        if typed.behalf.member.is_some() {
            unconfirmed(page, &id);
        }
        tally(page, &answered);
    })
}

/// What somebody signed for an assisted member waits for a second person.
pub(super) fn unconfirmed(page: &mut Page, id: &str) {
    page.line([faint(format_args!(
        "It counts once another member confirms it: copact confirm {}",
        short(id)
    ))]);
}

/// How near a decision is.
pub(super) fn tally(page: &mut Page, answered: &Answered) {
    if answered.adopted {
        page.line([good("With that the group has decided it.")]);
        return;
    }
    let voices = count(number(answered.have), "voice says", "voices say");
    page.line([plain(format_args!("{voices} yes; it takes {}.", answered.need))]);
}

pub(super) fn proposals(session: Session) -> Done {
    let group = session.open()?;
    let rows = group.proposals();
    let names = Names::of(&group);
    let (me, today) = (group.me().ok().map(|(_, id)| id), session.today());
    session.output.show(&json!({ "proposals": rows }), |page| {
        for row in &rows {
            one(page, row, &names, today);
            let unanswered = !row.answers.iter().any(|one| Some(one.member) == me);
            if me.is_some() && unanswered && is_open(row, today) {
                let id = row.id.to_string();
                page.line([faint(format_args!("Answer it: copact answer {} yes", short(&id)))]);
            }
        }
        if rows.is_empty() {
            page.line(["Nothing is being decided, and nothing was."]);
            page.line([faint("  copact propose TEXT   asks the group")]);
        }
    })
}

fn is_open(row: &ProposalRow, today: Day) -> bool {
    !row.adopted && row.closes.is_none_or(|last| today <= last)
}

fn one(page: &mut Page, row: &ProposalRow, names: &Names, today: Day) {
    page.heading(&what(row));
    let mut by = names.or_nobody(row.by);
    if let Some(day) = row.proposed {
        by.push_str(&format!(", {}", when(day, today)));
    }
    page.fields([
        ("id", faint(short(&row.id.to_string()))),
        ("proposed by", plain(by)),
        ("stands", stands(row, today)),
        ("then", plain(then(row))),
    ]);
    for answer in &row.answers {
        page.line(said(answer, names));
    }
}

fn what(row: &ProposalRow) -> String {
    match (row.kind, &row.value) {
        ("ratify", Some(ProposedValue::Version(version))) => {
            format!("Adopt version {} of the contract", short(&version.to_string()))
        }
        (_, _) => row.text.clone().unwrap_or_else(|| "(the text was erased)".to_owned()),
    }
}

fn stands(row: &ProposalRow, today: Day) -> Piece {
    let votes = format!("{} of {} needed say yes, of {}", row.have, row.need, {
        count(number(row.voices), "voice", "voices")
    });
    match (row.enacted, row.closes) {
        (Some(day), _) => good(format_args!("decided {}", when(day, today))),
        (None, Some(last)) if today > last => {
            bad(format_args!("closed without a decision {}; {votes}", when(last, today)))
        }
        (None, Some(last)) => warn(format_args!("open until {}; {votes}", when(last, today))),
        (None, None) => warn(format_args!("open; {votes}")),
    }
}

fn then(row: &ProposalRow) -> &'static str {
    match (row.kind, row.adopted) {
        ("ratify", true) => "that version is an adopted one",
        ("ratify", false) => "with enough signatures that version is the adopted contract",
        (_, true) => "it is the group’s decision",
        (_, false) => "with enough yeses it is the group’s decision",
    }
}

fn said(answer: &AnswerRow, names: &Names) -> Vec<Piece> {
    let word = match answer.answer {
        "yes" => good("yes"),
        "no" => bad("no"),
        other => plain(other),
    };
    let mut pieces =
        vec![plain("  "), word, plain(format_args!("  {}", names.name(answer.member)))];
    match (answer.recorder, answer.confirmed_by) {
        (Some(recorder), Some(second)) => pieces.push(faint(format_args!(
            "  signed by {}, confirmed by {}",
            names.name(recorder),
            names.name(second)
        ))),
        (Some(recorder), None) => pieces.push(warn(format_args!(
            "  signed by {}; another member has to confirm {}",
            names.name(recorder),
            short(&answer.id.to_string())
        ))),
        _ => {}
    }
    if answer.changed {
        pieces.push(faint("  changed later"));
    }
    pieces
}

pub(super) fn set_aside(session: Session, command: SetAsideCommand) -> Done {
    let SetAsideCommand::List = command;
    let group = session.open()?;
    let rows = group.set_aside();
    let (names, today) = (Names::of(&group), session.today());
    session.output.show(&json!({ "set_aside": rows }), |page| {
        let mut table =
            Table::new([left("who"), left("what"), left("day"), left("why"), left("id")]);
        for row in &rows {
            let device = row.device.to_string();
            table.row([
                strong(row.author.map_or_else(
                    || format!("unknown device {}", short(&device)),
                    |author| names.name(author),
                )),
                plain(row.kind),
                plain(when(row.day, today)),
                plain(&row.sentence),
                faint(short(&row.id.to_string())),
            ]);
        }
        page.table(&table);
        if rows.is_empty() {
            page.line(["Nothing is set aside: all that is kept counts."]);
        }
    })
}
