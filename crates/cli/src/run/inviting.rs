//! `copact invite` and `copact device …`: a ticket, and waiting for whoever uses it.

use std::path::PathBuf;

use copact_node::inviting::{Invited, Invitee};
use serde_json::json;

use super::admitting;
use super::{Done, Live, Session, nameless};
use crate::args::{AddDevice, DeviceCommand, Invite, Listen};
use crate::failure::Failure;
use crate::output::{
    Page, Table, date, faint, good, left, plain, right, short, strong, warn, when, write_file,
    write_png,
};

/// How a ticket is to be made.
pub(super) struct Making<'a> {
    pub(super) whom: Invitee<'a>,
    out: Option<&'a PathBuf>,
    qr: Option<&'a PathBuf>,
    wait: bool,
    listen: &'a Listen,
}

pub(super) fn invite(session: Session, invite: &Invite) -> Done {
    let recover = invite.recover.as_deref();
    let whom = recover.map_or(Invitee::Newcomer, Invitee::Recovery);
    let Invite { out, qr, wait, listen, .. } = invite;
    let (out, qr, wait) = (out.as_ref(), qr.as_ref(), *wait);
    ticket(session, &Making { whom, out, qr, wait, listen })
}

/// Makes a ticket for a newcomer, or for a device of a member.
fn ticket(session: Session, making: &Making<'_>) -> Done {
    let streams = session.output.console().streams();
    let own = session.output.console().is_own();
    let attended = streams.terminal && streams.screen.terminal && !session.output.is_json();
    if making.wait && !own {
        return Err(Failure::input("held", "another process holds this home, so this cannot wait")
            .hint("leave --wait out: `copact sync --watch` tells who asks, and `copact admit` lets in"));
    }
    if making.wait && !attended && !session.yes {
        return Err(Failure::input(
            "needs_answer",
            "whoever joins must be let in by a person, and there is no terminal to ask at",
        )
        .hint("to let in unasked whoever has the ticket, add `--yes`"));
    }
    if making.wait && session.output.is_json() && making.out.is_none() && making.qr.is_none() {
        return Err(Failure::input(
            "needs_out",
            "with --json and --wait the ticket must go into a file, or nobody sees it in time",
        )
        .hint("add `-o FILE`"));
    }
    // A recovery is the group's to decide, which takes longer than anybody waits.
    let waits = !matches!(making.whom, Invitee::Recovery(_));
    if own && waits && (making.wait || attended) {
        return waiting::wait(session, making);
    }
    let live = session.live.clone();
    let invited = make(&session, making, live.as_ref())?;
    let watching = live.is_some();
    session.output.show(&invited, |page| {
        shown(page, making, &invited);
        if watching {
            page.line(["Or over the network, to which this device listens now:"]);
            let name = if making.whom == Invitee::Newcomer { " --as NAME" } else { "" };
            page.line([faint(format_args!("  copact join TICKET{name}"))]);
        }
        by_file(page, making.whom);
    })
}

fn make(session: &Session, making: &Making<'_>, live: Option<&Live>) -> Result<Invited, Failure> {
    let mut group = session.open()?;
    let mut live = live.map(|live| live.borrow_mut());
    group.invite_by(making.whom, live.as_deref_mut(), |invited| {
        if let Some(path) = making.out {
            write_file(path, format!("{}\n", invited.ticket).as_bytes())?;
        }
        making.qr.map_or(Ok(()), |path| write_png(path, &invited.ticket))
    })
}

/// The ticket, and for whom it is.
fn shown(page: &mut Page, making: &Making<'_>, invited: &Invited) {
    for path in [making.out, making.qr].into_iter().flatten() {
        page.line([good(format_args!("The ticket is in {}.", path.display()))]);
    }
    if making.out.is_none() && making.qr.is_none() {
        page.qr(&invited.ticket);
        page.line([faint(
            "Larger than your screen? A picture of one: copact invite --qr FILE.png",
        )]);
    }
    let last_day = date(invited.expires);
    page.blank();
    page.line([plain(format_args!(
        "It is for one {}, until {last_day}.",
        match making.whom {
            Invitee::Newcomer => "person".to_owned(),
            Invitee::OwnDevice => "device of yours".to_owned(),
            Invitee::Recovery(member) => format!("new device of {member}"),
        }
    ))]);
}

fn by_file(page: &mut Page, whom: Invitee<'_>) {
    page.line(["There:"]);
    let name = if whom == Invitee::Newcomer { " --as NAME" } else { "" };
    page.line([faint(format_args!("  copact join TICKET{name} --request FILE"))]);
    page.line(["Here, with the file that it writes:"]);
    page.line([faint(match whom {
        Invitee::Newcomer => "  copact admit FILE".to_owned(),
        Invitee::OwnDevice => "  copact device add FILE".to_owned(),
        Invitee::Recovery(member) => format!("  copact member recover {member} --request FILE"),
    })]);
}

pub(super) fn device(session: Session, command: DeviceCommand) -> Done {
    match command {
        DeviceCommand::List => devices(session),
        DeviceCommand::Add(AddDevice { request: Some(file), .. }) => {
            admitting::admit(session, &[file])
        }
        DeviceCommand::Add(AddDevice { out, qr, wait, listen, .. }) => {
            let (out, qr, listen) = (out.as_ref(), qr.as_ref(), &listen);
            ticket(session, &Making { whom: Invitee::OwnDevice, out, qr, wait, listen })
        }
    }
}

#[cfg(unix)]
mod waiting;
#[cfg(not(unix))]
mod waiting {
    use super::{Done, Making, Session};
    use crate::failure::Failure;

    pub(super) fn wait(_: Session, _: &Making<'_>) -> Done {
        Err(Failure::failed("no_socket", "this system has no sockets that copact could wait on")
            .hint("make the ticket with `-o FILE`, and join by file"))
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
