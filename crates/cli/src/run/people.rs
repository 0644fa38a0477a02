//! Names and permissions: `copact profile …`, `permission`, `erase`.

use serde_json::json;

use super::{Done, Session, nameless};
use crate::args::{Permission, ProfileCommand};
use crate::output::{Table, faint, good, left, plain, short, strong, warn};

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
