//! What is kept and not counted: `copact set-aside …`.

use copact_core::views::SetAsideRow;
use copact_node::decisions::is_restorable;
use serde_json::json;

use super::sentence::Teller;
use super::{Done, Names, Session, decisions};
use crate::args::{RestoreAside, SetAsideCommand};
use crate::output::{Table, faint, left, plain, short, strong, when};

pub(super) fn run(session: Session, command: SetAsideCommand) -> Done {
    match command {
        SetAsideCommand::List => all(session),
        SetAsideCommand::Restore(typed) => restore(session, &typed),
    }
}

fn restore(session: Session, typed: &RestoreAside) -> Done {
    let mut group = session.open()?;
    let before = group.moment();
    let answered = group.restore(&typed.ids, typed.of.as_deref(), &typed.asking.ask())?;
    let behalf = typed.asking.behalf.member.as_deref();
    decisions::show(session, &group, &answered, &before, behalf)
}

fn all(session: Session) -> Done {
    let group = session.open()?;
    let rows = group.set_aside();
    let (names, today) = (Names::of(&group), session.today());
    session.output.show(&json!({ "set_aside": rows }), |page| {
        let log = group.log();
        let teller = Teller::of(&group, &log);
        let mut table =
            Table::new([left("who"), left("what"), left("day"), left("why"), left("id")]);
        for row in &rows {
            let device = row.device.to_string();
            let entry = log.iter().find(|one| one.id == row.id);
            table.row([
                strong(row.author.map_or_else(
                    || format!("unknown device {}", short(&device)),
                    |author| names.name(author),
                )),
                plain(entry.map_or_else(|| row.kind.to_owned(), |entry| teller.tell(entry))),
                plain(when(row.day, today)),
                plain(&row.sentence),
                faint(short(&row.id.to_string())),
            ]);
        }
        page.table(&table);
        if rows.is_empty() {
            page.line(["Nothing is set aside: all that is kept counts."]);
            return;
        }
        page.heading("What would count it again");
        for line in remedies(&rows, &names) {
            page.line([plain(line)]);
        }
    })
}

/// What can be done about each reason that there is, once.
fn remedies(rows: &[SetAsideRow], names: &Names) -> Vec<String> {
    let mut lines = Vec::new();
    let mut authors: Vec<_> = rows.iter().filter(|row| is_restorable(&row.why)).collect();
    authors.sort_by_key(|row| row.author);
    authors.dedup_by_key(|row| row.author);
    for author in authors.into_iter().filter_map(|row| row.author) {
        let name = names.name(author);
        lines.push(format!(
            "A decision set records of {name} aside. If {name} wrote them and they are true, \
             the others can count them again: copact set-aside restore ID, or all with --of {name}"
        ));
    }
    let any = |why: &str| rows.iter().any(|row| row.why == why);
    if any("no_member") {
        lines.push(
            "What comes from a device that nobody with voice let in counts once the group gives \
             its owner voice: copact member voice MEMBER"
                .to_owned(),
        );
    }
    if any("after_leaving") {
        lines.push(
            "What was written after leaving stays set aside; who came back writes it again."
                .to_owned(),
        );
    }
    let known = ["no_member", "after_leaving"];
    if rows.iter().any(|row| !is_restorable(&row.why) && !known.contains(&row.why.as_str())) {
        lines.push("What is not in order never counts; its author can write it again.".to_owned());
    }
    lines
}
