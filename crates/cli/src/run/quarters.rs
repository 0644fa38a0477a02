//! The quarters of the log: `copact quarter …`.

use serde_json::json;

use super::{Done, Session, decisions, number};
use crate::args::{CloseQuarter, QuarterCommand};
use crate::output::{Table, count, faint, good, left, plain, right, strong, warn, when};

pub(super) fn run(session: Session, command: QuarterCommand) -> Done {
    match command {
        QuarterCommand::List => all(session),
        QuarterCommand::Close(typed) => close(session, &typed),
    }
}

fn all(session: Session) -> Done {
    let group = session.open()?;
    let rows = group.quarters();
    let today = session.today();
    session.output.show(&json!({ "quarters": rows }), |page| {
        let mut table =
            Table::new([left("quarter"), right("entries"), left("stands"), left("late")]);
        for row in &rows {
            let late = count(number(row.late), "entry came late", "entries came late");
            table.row([
                strong(row.quarter),
                plain(row.entries),
                match row.closed_on {
                    Some(day) => good(format_args!("closed {}", when(day, today))),
                    None => plain("open"),
                },
                if row.late > 0 { warn(late) } else { plain("") },
            ]);
        }
        page.table(&table);
        if rows.is_empty() {
            page.line(["Nothing is in the log yet, so there is no quarter."]);
        } else if rows.iter().any(|row| row.late > 0) {
            page.line([faint(
                "What came late is shown in the log, and does not count. Closing the",
            )]);
            page.line([faint("quarter once more takes it in: copact quarter close QUARTER")]);
        }
    })
}

fn close(session: Session, typed: &CloseQuarter) -> Done {
    let mut group = session.open()?;
    let before = group.moment();
    let answered = group.close_quarter(&typed.quarter, &typed.asking.ask())?;
    decisions::show(session, &group, &answered, &before, typed.asking.behalf.member.as_deref())
}
