//! `copact log`

use copact_core::views::EntryRow;
use serde_json::json;

use super::sentence::Teller;
use super::{Done, Session};
use crate::output::{Piece, Table, bad, faint, good, left, plain, short, warn, when};

pub(super) fn run(session: Session) -> Done {
    let group = session.open()?;
    let rows = group.log();
    let teller = Teller::of(&group, &rows);
    let today = session.today();
    session.output.show(&json!({ "entries": rows }), |page| {
        let mut table = Table::new([left("signed"), left("what"), left("stands"), left("id")]);
        for row in &rows {
            table.row([
                plain(when(row.signed, today)),
                plain(teller.tell(row)),
                standing(row),
                faint(short(&row.id.to_string())),
            ]);
        }
        page.table(&table);
        if rows.is_empty() {
            page.line(["Nothing is in the log yet."]);
            page.line([faint("  copact meeting new TITLE   records a meeting")]);
            page.line([faint("  copact contribute TEXT --hours H   records work")]);
        }
    })
}

/// What became of an entry, the most important first.
fn standing(row: &EntryRow) -> Piece {
    if let Some(why) = &row.set_aside_because {
        return bad(format_args!("set aside: {}", words(why)));
    }
    if row.refused {
        return bad("refused");
    }
    if row.late {
        return bad("late: it came after its quarter was closed");
    }
    if row.settled == Some(false) {
        return bad("settled: it does not count");
    }
    if row.disputed == Some(true) {
        return bad("disputed");
    }
    if !row.flags.is_empty() {
        let flags: Vec<String> = row.flags.iter().map(|flag| words(flag)).collect();
        return warn(flags.join(", "));
    }
    match (row.grade, row.confirmed) {
        (Some("claimed"), _) => plain("claimed"),
        (Some(grade), _) => good(grade),
        (_, Some(true)) => good("confirmed"),
        (_, Some(false)) => plain("not confirmed yet"),
        _ => plain(""),
    }
}

/// A word for scripts, for people.
fn words(code: &str) -> String {
    code.replace('_', " ")
}
