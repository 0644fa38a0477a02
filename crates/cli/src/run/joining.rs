//! Coming in: `copact invite`, `join`, `admit`, `device …`

use std::path::{Path, PathBuf};

use copact_node::decisions::{Answered, Question};
use copact_node::founding::{self, Asked};
use copact_node::group::Group;
use copact_node::inviting::{Admitted, Invitee, Request};
use serde::Serialize;
use serde_json::json;

use super::decisions::{self, Telling};
use super::{Done, Session, nameless};
use crate::args::{AddDevice, DeviceCommand, Invite, Join};
use crate::failure::Failure;
use crate::output::{
    Page, Table, date, faint, good, left, plain, right, short, strong, warn, when, write_file,
    write_png,
};

pub(super) fn invite(session: Session, invite: &Invite) -> Done {
    let recover = invite.recover.as_deref();
    let whom = recover.map_or(Invitee::Newcomer, Invitee::Recovery);
    ticket(session, whom, invite.out.as_ref(), invite.qr.as_ref())
}

/// Makes a ticket for a newcomer, or for a new device of a member.
fn ticket(
    session: Session,
    whom: Invitee<'_>,
    out: Option<&PathBuf>,
    qr: Option<&PathBuf>,
) -> Done {
    let mut group = session.open()?;
    let invited = group.invite_by(whom, |invited| {
        if let Some(path) = out {
            write_file(path, format!("{}\n", invited.ticket).as_bytes())?;
        }
        qr.map_or(Ok(()), |path| write_png(path, &invited.ticket))
    })?;
    session.output.show(&invited, |page| {
        for path in [out, qr].into_iter().flatten() {
            page.line([good(format_args!("The ticket is in {}.", path.display()))]);
        }
        if out.is_none() && qr.is_none() {
            page.qr(&invited.ticket);
        }
        let last_day = date(invited.expires);
        page.blank();
        page.line([plain(format_args!(
            "It is for one {}, until {last_day}.",
            match whom {
                Invitee::Newcomer => "person".to_owned(),
                Invitee::OwnDevice => "device of yours".to_owned(),
                Invitee::Recovery(member) => format!("new device of {member}"),
            }
        ))]);
        page.line(["There:"]);
        let name = if whom == Invitee::Newcomer { " --as NAME" } else { "" };
        page.line([faint(format_args!("  copact join TICKET{name} --request FILE"))]);
        page.line(["Here, with the file that it writes:"]);
        page.line([faint(match whom {
            Invitee::Newcomer => "  copact admit FILE".to_owned(),
            Invitee::OwnDevice => "  copact device add FILE".to_owned(),
            Invitee::Recovery(member) => {
                format!("  copact member recover {member} --request FILE")
            }
        })]);
    })
}

pub(super) fn join(session: Session, join: &Join) -> Done {
    let name = join.as_name.as_deref();
    let Some(to) = join.request.as_deref() else {
        return Err(Failure::input(
            "needs_request",
            "this build of copact joins by files only, so it needs a file for your request",
        )
        .hint("add `--request FILE`, and hand that file to whoever invited you"));
    };
    session.output.note(
        "Before you join: the others keep copies of what is shared. Your name and free texts can \
         be erased later, but copies elsewhere may survive; what you write into the contract stays \
         in its history. When the group decides to share a sealed report, it has rows under the \
         group’s own device keys, without names.\n",
    );
    let asked = match (&join.found, &join.ticket) {
        (Some(group), _) => founding::ask_to_found(
            &session.home,
            group,
            name.unwrap_or_default(),
            join.role.as_deref(),
            to,
        )?,
        (None, ticket) => founding::ask_to_join(
            &session.home,
            ticket.as_deref().unwrap_or_default(),
            name,
            join.role.as_deref(),
            to,
        )?,
    };
    let founding = join.found.is_some();
    session.output.show(&asked, |page| asked_page(page, &asked, founding))
}

fn asked_page(page: &mut Page, asked: &Asked, founding: bool) {
    let group = asked.group_name.as_deref().unwrap_or("the group");
    page.line([good(format_args!("Your request is in {}.", asked.request.display()))]);
    page.blank();
    page.line([plain("Your phrase:  "), strong(&asked.phrase)]);
    page.line([faint(format_args!(
        "This device:  {}",
        super::decisions::in_fours(&asked.device.to_string())
    ))]);
    page.blank();
    if founding {
        page.line([plain(format_args!("Next: hand the file to whoever founds {group}."))]);
    } else {
        page.line([plain(format_args!("Next: hand the file to whoever invited you to {group},"))]);
        page.line(["and read your phrase to each other: theirs must be the same."]);
    }
    page.line(["Then take in the bundle that they give you back:"]);
    page.line([faint("  copact bundle import FILE")]);
}

/// Somebody who was let in, and the phrase that was compared.
#[derive(Serialize)]
struct LetIn {
    #[serde(flatten)]
    admitted: Admitted,
    phrase: String,
}

pub(super) fn admit(session: Session, file: &Path) -> Done {
    let mut group = session.open()?;
    let before = group.moment();
    let request = group.read_request(file)?;
    group.may_admit(&request)?;
    session.sure(&question(&request))?;
    let phrase = request.phrase.clone();
    let admitted = group.admit(request)?;
    session.output.show(&LetIn { admitted: admitted.clone(), phrase }, |page| {
        match &admitted.voice {
            None => page.line([good("The device is yours.")]),
            Some(voice) => {
                let name = &admitted.name;
                let is_member = group.members().iter().any(|row| row.id == admitted.member);
                if is_member {
                    page.line([good(format_args!("{name} is a member now."))]);
                } else {
                    page.line([good(format_args!("{name} is let in."))]);
                    page.line([warn(format_args!(
                        "You have no voice yourself, so {name} is a member once the group gives \
                         them voice."
                    ))]);
                }
                of_voice(page, &group, name, voice);
                decisions::also_decided(page, &Telling::of(&group), &before, None);
            }
        }
        page.line(["Next: write a bundle, and hand it over:"]);
        page.line([faint("  copact bundle export FILE")]);
    })
}

/// What a newcomer's voice waits for.
fn of_voice(page: &mut Page, group: &Group, name: &str, voice: &Answered) {
    let Some(question) = group.question(voice.proposal).filter(|one| !one.row.adopted) else {
        return;
    };
    let needed = Telling::of(group).needed(&question).unwrap_or_default();
    page.line([plain(format_args!(
        "{name} has no voice in common decisions yet. You have proposed it, and said yes."
    ))]);
    page.line([plain(format_args!("Still needed: {needed}. They answer with:"))]);
    page.line([faint(format_args!("  copact member voice {}", short(&voice_target(&question))))]);
}

fn voice_target(question: &Question) -> String {
    question.row.target.clone().unwrap_or_default()
}

fn question(request: &Request) -> String {
    let phrase = &request.phrase;
    match &request.name {
        Some(name) => format!(
            "{name} wants to join, as {}. Ask for their phrase; it must be “{phrase}”. Is it, and \
             may they come in?",
            request.role.as_deref().unwrap_or("citizen")
        ),
        None => format!(
            "A further device of yours wants to join. Its phrase must be “{phrase}”. Is it, and \
             is it yours?"
        ),
    }
}

pub(super) fn device(session: Session, command: DeviceCommand) -> Done {
    match command {
        DeviceCommand::List => devices(session),
        DeviceCommand::Add(AddDevice { request: Some(file), .. }) => admit(session, &file),
        DeviceCommand::Add(add) => {
            ticket(session, Invitee::OwnDevice, add.out.as_ref(), add.qr.as_ref())
        }
    }
}

fn devices(session: Session) -> Done {
    let group = session.open()?;
    let (_, me) = group.me()?;
    let mut rows = group.devices();
    rows.retain(|row| row.member == me);
    let today = session.today();
    session.output.show(&json!({ "devices": rows }), |page| {
        let mut table = Table::new([
            left("device"),
            left("whose"),
            left("since"),
            right("envelopes"),
            right("chains"),
            left(""),
        ]);
        for row in &rows {
            table.row([
                strong(short(&row.device.to_string())),
                plain(row.name.clone().unwrap_or_else(|| nameless(row.member))),
                plain(when(row.since, today)),
                plain(row.envelopes),
                plain(row.chains),
                if row.forked { warn("a chain of it was continued twice") } else { plain("") },
            ]);
        }
        page.table(&table);
    })
}
