//! Work and words about entries: `contribute`, `confirm`, `dispute`, `refuse`, `correct`, `task`,
//! `goal`, `note`.

use copact_node::work::{Change, Work};
use serde_json::json;

use super::decisions::{self, Telling};
use super::{Done, Session};
use crate::args::{Confirm, Contribute, Correct, Dispute, GoalCommand, Note, Refuse, TaskCommand};
use crate::output::{Table, bad, duration, faint, good, left, plain, right, short, strong, warn};

pub(super) fn contribute(session: Session, typed: &Contribute) -> Done {
    let mut group = session.open()?;
    let written = group.contribute(&Work {
        what: &typed.text,
        hours: &typed.hours,
        beneficiary: &typed.beneficiary,
        by: typed.by.as_deref(),
        on: typed.on.as_deref(),
        phase: typed.phase,
        day: typed.day.as_deref(),
    })?;
    let id = written.id.to_string();
    session.output.show(&written, |page| {
        page.line([good("The work is recorded."), faint(format_args!("  {}", short(&id)))]);
        if let Some(why) = written.does_not_count {
            page.line([warn(format_args!("It does not count: {why}"))]);
            return;
        }
        page.line([faint(format_args!(
            "It counts once another member confirms it: copact confirm {}",
            short(&id)
        ))]);
    })
}

pub(super) fn confirm(session: Session, typed: &Confirm) -> Done {
    let mut group = session.open()?;
    let before = group.moment();
    let written = group.confirm(&typed.entry, typed.behalf.member.as_deref())?;
    let id = written.id.to_string();
    session.output.show(&written, |page| {
        page.line([good("Confirmed."), faint(format_args!("  {}", short(&id)))]);
        if let Some(why) = written.does_not_count {
            page.line([warn(format_args!("It does not count: {why}"))]);
        }
        // It may have been the last word that a decision waited for.
        decisions::also_decided(page, &Telling::of(&group), &before, None);
    })
}

pub(super) fn dispute(session: Session, typed: &Dispute) -> Done {
    let mut group = session.open()?;
    let written = group.dispute(&typed.entry, &typed.reason, typed.behalf.member.as_deref())?;
    session.wrote(&written, written.id, "Disputed; everybody sees it and your reason.")
}

pub(super) fn refuse(session: Session, typed: &Refuse) -> Done {
    let mut group = session.open()?;
    let written = group.refuse(&typed.entry, typed.behalf.member.as_deref())?;
    session.wrote(&written, written.id, "Refused; the entry stays visible and does not count.")
}

pub(super) fn correct(session: Session, typed: &Correct) -> Done {
    let mut group = session.open()?;
    let change = Change {
        text: typed.text.as_deref(),
        hours: typed.hours.as_deref(),
        beneficiary: typed.beneficiary.as_deref(),
        on: typed.on.as_deref(),
        phase: typed.phase,
        day: typed.day.as_deref(),
        headcount: typed.headcount,
        same_as: typed.same_as.as_deref(),
    };
    let written = group.correct(&typed.entry, &change, &typed.reason)?;
    session.wrote(&written, written.id, "Corrected; the original stays visible.")
}

pub(super) fn note(session: Session, typed: &Note) -> Done {
    let mut group = session.open()?;
    let written = group.note(&typed.text, typed.behalf.member.as_deref())?;
    session.wrote(&written, written.id, "Noted.")
}

pub(super) fn task(session: Session, command: TaskCommand) -> Done {
    let mut group = session.open()?;
    let TaskCommand::New(new) = command else {
        let rows = group.tasks();
        return session.output.show(&json!({ "tasks": rows }), |page| {
            let mut table =
                Table::new([left("task"), right("contributions"), right("hours"), left("id")]);
            for row in &rows {
                table.row([
                    strong(row.text.as_deref().unwrap_or("(erased or not here yet)")),
                    plain(row.contributions),
                    plain(duration(u64::from(row.minutes))),
                    faint(short(&row.id.to_string())),
                ]);
            }
            page.table(&table);
            if rows.is_empty() {
                page.line(["No task is written down yet."]);
                page.line([faint("  copact task new TEXT")]);
            }
        });
    };
    let written = group.new_task(&new.text, new.behalf.member.as_deref())?;
    session.wrote(&written, written.id, "The task is written down.")
}

pub(super) fn goal(session: Session, command: GoalCommand) -> Done {
    let mut group = session.open()?;
    let GoalCommand::State(say) = command else {
        let rows = group.goals();
        return session.output.show(&json!({ "goals": rows }), |page| {
            let mut table = Table::new([
                left("goal"),
                left("stands"),
                left("measure"),
                left("due"),
                left("id"),
            ]);
            for row in &rows {
                table.row([
                    strong(&row.text),
                    match row.state.as_str() {
                        "done" => good("done"),
                        "dropped" => bad("dropped"),
                        state => plain(state),
                    },
                    plain(row.measure.as_deref().unwrap_or_default()),
                    plain(row.due.as_deref().unwrap_or_default()),
                    faint(short(&row.id.to_string())),
                ]);
            }
            page.table(&table);
            if rows.is_empty() {
                page.line(["The contract has no goals yet; they stand in a section of their own:"]);
                page.line([faint("  ## Our goals {#goals}")]);
                page.line([faint("  - [ ] A warm hall (measure: …) (due: 2026-06-30)")]);
            }
        });
    };
    let written = group.goal_state(&say.goal, say.state, say.behalf.member.as_deref())?;
    let sentence = format!("The goal is {} from now on.", say.state.word());
    session.wrote(&written, written.id, &sentence)
}
