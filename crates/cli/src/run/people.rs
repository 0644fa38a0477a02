//! Members, names and permissions: `copact member …`, `profile …`, `permission`, `erase`.

use copact_core::views::MemberRow;
use serde_json::json;

use super::{Done, Names, Session, nameless};
use crate::args::{MemberCommand, Permission, ProfileCommand};
use crate::output::{
    Piece, Table, date, faint, good, left, plain, right, short, strong, warn, when,
};

pub(super) fn member(session: Session, command: MemberCommand) -> Done {
    match command {
        MemberCommand::List => members(session),
        MemberCommand::Assist(assist) => {
            let mut group = session.open()?;
            let done = group.assist(&assist.name, assist.role.as_deref())?;
            let id = done.id.to_string();
            session.output.show(&done, |page| {
                page.line([
                    good(format_args!("{} is a member, whom you help.", done.name)),
                    faint(format_args!("  {}", short(&id))),
                ]);
                page.line([faint(
                    "Record for them with --for NAME. What you sign for them counts",
                )]);
                page.line([faint("once another member confirms it: copact confirm ID")]);
            })
        }
        MemberCommand::Role(say) => {
            let mut group = session.open()?;
            let written = group.say_role(&say.role, say.behalf.member.as_deref())?;
            session.wrote(&written, written.id, "The role is recorded, from now on.")
        }
        MemberCommand::Leave => leave(session),
    }
}

fn members(session: Session) -> Done {
    let group = session.open()?;
    let rows = group.members();
    let (names, today) = (Names::of(&group), session.today());
    session.output.show(&json!({ "members": rows }), |page| {
        let mut table = Table::new([
            left("member"),
            left("role"),
            left("voice"),
            left("since"),
            right("devices"),
            left(""),
            left("id"),
        ]);
        for row in &rows {
            table.row([
                strong(row.name.clone().unwrap_or_else(|| nameless(row.id))),
                plain(role(row)),
                if row.voice { good("voice") } else { plain("not yet") },
                plain(when(row.since, today)),
                plain(row.devices),
                remark(row, &names),
                faint(short(&row.id.to_string())),
            ]);
        }
        page.table(&table);
    })
}

/// The role's word, and what it is mapped to if that is another.
fn role(row: &MemberRow) -> String {
    let word = row.role.clone().unwrap_or_default();
    match row.roles.last().and_then(|one| one.mapped) {
        Some(mapped) if mapped != word.to_lowercase() => format!("{word} ({mapped})"),
        _ => word,
    }
}

fn remark(row: &MemberRow, names: &Names) -> Piece {
    match (row.until, row.helper) {
        (Some(until), _) => warn(format_args!("left, {}", date(until))),
        (_, Some(helper)) => plain(format_args!("helped by {}", names.name(helper))),
        _ => plain(""),
    }
}

fn leave(session: Session) -> Done {
    let mut group = session.open()?;
    group.must_stand()?;
    session.sure(&format!(
        "Leave {}? What you wrote and did stays; you can come back only as a new member.",
        group.name()
    ))?;
    let written = group.leave()?;
    let id = written.id.to_string();
    session.output.show(&written, |page| {
        page.line([good("You have left the group."), faint(format_args!("  {}", short(&id)))]);
        page.line([faint("Hand over one last bundle, so that the others know: ")]);
        page.line([faint("  copact bundle export FILE")]);
    })
}

pub(super) fn profile(session: Session, command: ProfileCommand) -> Done {
    match command {
        ProfileCommand::Set(set) => {
            let mut group = session.open()?;
            let named = group.set_name(&set.name, set.behalf.member.as_deref())?;
            let sentence = format!("The name is {} from now on.", named.name);
            session.wrote(&named, named.id, &sentence)
        }
        ProfileCommand::Erase(behalf) => {
            let mut group = session.open()?;
            session.sure(
                "Erase the name on every device that syncs? Copies elsewhere may survive, and \
                 what was signed stays, without a name.",
            )?;
            let written = group.erase_profile(behalf.member.as_deref())?;
            session.tell_of_waiting(&group);
            session.wrote(&written, written.id, "The name is erased.")
        }
    }
}

pub(super) fn permission(session: Session, permission: &Permission) -> Done {
    let mut group = session.open()?;
    let (Some(purpose), Some(granted)) = (&permission.purpose, permission.answer) else {
        let rows = group.permissions();
        return session.output.show(&json!({ "permissions": rows }), |page| {
            let mut table = Table::new([left("member"), left("what for"), left("may"), left("id")]);
            for row in &rows {
                table.row([
                    strong(row.name.clone().unwrap_or_else(|| nameless(row.member))),
                    plain(&row.purpose),
                    if row.granted { good("yes") } else { warn("no") },
                    faint(short(&row.id.to_string())),
                ]);
            }
            page.table(&table);
            if rows.is_empty() {
                page.line(["Nobody has said what may be done with records about them."]);
                page.line([faint("  copact permission \"show my name in the report\" no")]);
            }
        });
    };
    let written = group.permit(purpose, granted, permission.behalf.member.as_deref())?;
    session.wrote(&written, written.id, if granted { "Permitted." } else { "Not permitted." })
}

pub(super) fn erase(session: Session, id: &str) -> Done {
    let mut group = session.open()?;
    let entry = group.with_text(id)?.to_string();
    session.sure(&format!(
        "Erase the free text of {} on every device that syncs? Copies elsewhere may survive.",
        short(&entry)
    ))?;
    let written = group.erase_text(&entry)?;
    session.tell_of_waiting(&group);
    session.wrote(&written, written.id, "The text is erased.")
}
