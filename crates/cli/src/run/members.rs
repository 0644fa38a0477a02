//! Members: `copact member …`.

use copact_core::ids::MemberId;
use copact_core::views::MemberRow;
use copact_node::decisions::{Answered, Question};
use copact_node::error::NodeError;
use copact_node::group::Group;
use serde_json::json;

use super::decisions::{self, Telling};
use super::{Done, Session, nameless};
use crate::args::{Asking, AssistMember, MemberCommand, RecoverMember};
use crate::output::{
    Page, Piece, Table, date, faint, good, left, plain, right, short, strong, warn, when,
};

pub(super) fn run(session: Session, command: MemberCommand) -> Done {
    match command {
        MemberCommand::List => members(session),
        MemberCommand::Assist(typed) => assist(session, &typed),
        MemberCommand::Voice(typed) => {
            ask(session, &typed.asking, |group| group.give_voice(&typed.about, &typed.asking.ask()))
        }
        MemberCommand::Remove(typed) => {
            ask(session, &typed.asking, |group| group.remove(&typed.about, &typed.asking.ask()))
        }
        MemberCommand::Trustees(typed) => ask(session, &typed.asking, |group| {
            let of = typed.of.as_deref();
            group.set_trustees(of, &typed.members, typed.need, &typed.asking.ask())
        }),
        MemberCommand::Recover(typed) => recover(session, &typed),
        MemberCommand::Helper(typed) => ask(session, &typed.asking, |group| {
            group.change_helper(&typed.about, &typed.to, &typed.asking.ask())
        }),
        MemberCommand::Merge(typed) => ask(session, &typed.asking, |group| {
            group.merge(&typed.about, &typed.into, &typed.asking.ask())
        }),
        MemberCommand::Role(say) => {
            let mut group = session.open()?;
            let written = group.say_role(&say.role, say.behalf.member.as_deref())?;
            session.wrote(&written, written.id, "The role is recorded, from now on.")
        }
        MemberCommand::Leave => leave(session),
    }
}

/// Makes or joins a proposal, and shows how it stands.
fn ask(
    session: Session,
    asking: &Asking,
    decide: impl FnOnce(&mut Group) -> Result<Answered, NodeError>,
) -> Done {
    let mut group = session.open()?;
    let before = group.moment();
    let answered = decide(&mut group)?;
    decisions::show(session, &group, &answered, &before, asking.behalf.member.as_deref())
}

fn assist(session: Session, typed: &AssistMember) -> Done {
    let mut group = session.open()?;
    let done = group.assist(&typed.name, typed.role.as_deref())?;
    let id = done.id.to_string();
    session.output.show(&done, |page| {
        page.line([
            good(format_args!("{} is a member, whom you help.", done.name)),
            faint(format_args!("  {}", short(&id))),
        ]);
        page.line([faint("Record for them with --for NAME. What you sign for them counts")]);
        page.line([faint("once another member confirms it: copact confirm ID")]);
        page.line([faint("They have no voice yet. Ask the group to give it to them:")]);
        page.line([faint(format_args!("  copact member voice {}", short(&id)))]);
    })
}

/// Asks with the request of a new device, once its phrase was compared; or without one.
fn recover(session: Session, typed: &RecoverMember) -> Done {
    let mut group = session.open()?;
    let before = group.moment();
    let request = typed.request.as_deref().map(|file| group.read_request(file)).transpose()?;
    if let Some(request) = &request {
        let whose = request.member.map_or_else(
            || request.name.clone().unwrap_or_default(),
            |member| group.names().remove(&member).unwrap_or_else(|| nameless(member)),
        );
        session.sure(&format!(
            "A new device asks to take the place of those of {whose}. Let them read you its \
             phrase; it must be “{}”. Is it, and is it {whose}’s?",
            request.phrase
        ))?;
    }
    let answered = group.recover(&typed.about, request, &typed.asking.ask())?;
    decisions::show(session, &group, &answered, &before, typed.asking.behalf.member.as_deref())
}

fn members(session: Session) -> Done {
    let group = session.open()?;
    let rows = group.members();
    let today = session.today();
    session.output.show(&json!({ "members": rows }), |page| {
        let (telling, questions) = (Telling::of(&group), group.questions());
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
                voice(row),
                plain(when(row.since, today)),
                plain(row.devices),
                remark(row, &telling),
                faint(short(&row.id.to_string())),
            ]);
        }
        page.table(&table);
        for row in rows.iter().filter(|row| voice_is_missing(row)) {
            waits(page, row.id, &telling, &questions);
        }
    })
}

fn voice(row: &MemberRow) -> Piece {
    match row.voice {
        true => good("voice"),
        false if voice_is_missing(row) => plain("not yet"),
        false => plain(""),
    }
}

/// Whether somebody could have a voice and has none; merged members have that of the other.
const fn voice_is_missing(row: &MemberRow) -> bool {
    !row.voice && row.until.is_none() && row.merged_into.is_none()
}

/// What somebody’s voice waits for.
fn waits(page: &mut Page, member: MemberId, telling: &Telling, questions: &[Question]) {
    let name = telling.name(member);
    let about =
        |one: &&Question| one.row.kind == "voice" && one.row.target == Some(member.to_string());
    let Some(question) = questions.iter().rfind(about) else {
        page.line([faint(format_args!(
            "{name} has no voice, and nobody has asked the group for it: copact member voice {}",
            short(&member.to_string())
        ))]);
        return;
    };
    let needed = telling.needed(question).unwrap_or_default();
    page.line([warn(if question.row.adopted {
        format!("The group gave {name} voice; it starts later. Needed: {needed}.")
    } else {
        let row = &question.row;
        format!("{name} has no voice yet: {} of {} say yes. Needed: {needed}.", row.have, row.need)
    })]);
}

/// The role's word, and what it is mapped to if that is another.
fn role(row: &MemberRow) -> String {
    let word = row.role.clone().unwrap_or_default();
    match row.roles.last().and_then(|one| one.mapped) {
        Some(mapped) if mapped != word.to_lowercase() => format!("{word} ({mapped})"),
        _ => word,
    }
}

fn remark(row: &MemberRow, telling: &Telling) -> Piece {
    match (row.until, row.helper, row.merged_into) {
        (_, _, Some(into)) => plain(format_args!("goes by {}", telling.name(into))),
        (Some(until), ..) if row.removed => warn(format_args!("removed, {}", date(until))),
        (Some(until), ..) => warn(format_args!("left, {}", date(until))),
        (_, Some(helper), _) => plain(format_args!("helped by {}", telling.name(helper))),
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
