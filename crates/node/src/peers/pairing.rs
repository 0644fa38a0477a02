//! Coming in over the network: who asks by an invite of this device, and this device's own asking.

use std::time::Instant;

use copact_core::ids::{EnvelopeId, GroupId, MemberId, Nonce};
use copact_net::{Address, Link, OpenInvite};
use copact_sync::ticket::Ticket;
use serde::Serialize;

use super::{Happened, Peers};
use crate::error::{NodeError, Result};
use crate::founding;
use crate::group::{Group, Secrets};
use crate::home::Home;
use crate::inviting::{Admitted, Request};
use crate::waiting::{self, Asking, Waiting};

/// Somebody who asks to join and waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Asks {
    /// The group.
    pub group: GroupId,
    /// What they call themselves; `None` for a device of a member.
    pub name: Option<String>,
    /// What they say they are here.
    pub role: Option<String>,
    /// The member whose device it is; `None` for a newcomer's.
    pub member: Option<MemberId>,
    /// The code that both sides show.
    pub code: String,
}

/// What is kept of somebody who asks.
pub(super) struct Pending {
    asks: Asks,
    request: Request,
}

/// This device's own request to join, which waits in the home until it is answered.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The group.
    pub group: GroupId,
    /// Its name, as the ticket says.
    pub group_name: Option<String>,
    ticket: Ticket,
    pub(super) request: Vec<u8>,
}

impl Entry {
    /// Makes a request to join with a ticket, and keeps it with its keys; one that was made with
    /// this ticket before is taken up again, since it may have been answered already.
    ///
    /// # Errors
    /// The ticket is none, expired, or not for the network; a name is missing; this home has the
    /// group already.
    pub fn begin(
        home: &Home,
        ticket: &str,
        as_name: Option<&str>,
        role: Option<&str>,
    ) -> Result<Self> {
        let ticket = founding::usable_ticket(home, ticket)?;
        reach(&ticket)?;
        let group_name = ticket.group_name.as_ref().map(|name| name.as_str().to_owned());
        for asking in waiting::all(home)?.into_iter().filter_map(|one| one.asking) {
            if Ticket::parse(&asking.ticket).is_ok_and(|one| one.nonce == ticket.nonce) {
                let request = asking.request;
                return Ok(Self { group: ticket.group, group_name, ticket, request });
            }
        }
        let secrets = Secrets::fresh()?;
        let request = founding::request_for(&ticket, &secrets, as_name, role)?.to_bytes();
        let asking = Asking { ticket: ticket.text()?, request: request.clone() };
        waiting::keep(home, &Waiting::new(Some(ticket.group), &secrets).asking(asking))?;
        Ok(Self { group: ticket.group, group_name, ticket, request })
    }
}

/// Where the invite of a ticket answers.
fn reach(ticket: &Ticket) -> Result<Address> {
    let reach = ticket.reach().ok_or_else(|| {
        NodeError::input("files_only", "with this ticket one can join by files only").hint(
            "add `--request FILE`, and hand that file to whoever invited you; or ask them for a \
             new ticket",
        )
    })?;
    Ok(Address { endpoint: reach.endpoint, at: reach.at })
}

/// Another device, to be dialled.
#[derive(Clone, Debug)]
pub struct Whom(pub(super) Address);

impl Whom {
    /// Reads whom somebody wants to sync with: an address as `copact peers` shows it, or a ticket,
    /// which says where the device that made it answers.
    ///
    /// # Errors
    /// Neither of the two, or a ticket that says no address.
    pub fn read(typed: &str) -> Result<Self> {
        let head = typed.trim_start().get(..7);
        if head.is_some_and(|head| head.eq_ignore_ascii_case("copact:")) {
            return Ok(Self(reach(&Ticket::parse(typed)?)?));
        }
        typed.parse().map(Self).map_err(|error| NodeError::told("bad_address", error))
    }
}

impl Peers {
    /// Those who ask to join now, in the order in which they came.
    #[must_use]
    pub fn asking(&self) -> Vec<Asks> {
        self.pending.values().map(|one| one.asks.clone()).collect()
    }

    /// Who asks with a code.
    ///
    /// # Errors
    /// Nobody does.
    pub fn asks_with(&self, code: &str) -> Result<Asks> {
        let pairing = self.with_code(code)?;
        self.pending.get(&pairing).map(|one| one.asks.clone()).ok_or_else(|| nobody(code))
    }

    /// Lets somebody in who asks, and tells them.
    ///
    /// # Errors
    /// Nobody with that code asks, or a rule forbids it.
    pub fn admit(&mut self, home: &Home, code: &str) -> Result<Admitted> {
        let pairing = self.with_code(code)?;
        let Some(Pending { asks, request }) = self.pending.remove(&pairing) else {
            return Err(nobody(code));
        };
        let admitted = self.let_in(home, asks.group, request);
        let told = admitted.as_ref().map(|one| one.id).map_err(ToString::to_string);
        self.on_net(|net| net.answer_pairing(pairing, told));
        self.wrote(home);
        admitted
    }

    fn let_in(&self, home: &Home, group: GroupId, request: Request) -> Result<Admitted> {
        let mut group = Group::open(home, &home.group_folder(group))?;
        group.may_admit(&request)?;
        group.admit(request)
    }

    /// Tells somebody who asks that they are not let in.
    ///
    /// # Errors
    /// Nobody with that code asks.
    pub fn decline(&mut self, code: &str) -> Result<Asks> {
        let pairing = self.with_code(code)?;
        let pending = self.pending.remove(&pairing).ok_or_else(|| nobody(code))?;
        let no = "whoever invited you said no".to_owned();
        self.on_net(|net| net.answer_pairing(pairing, Err(no)));
        Ok(pending.asks)
    }

    fn with_code(&self, code: &str) -> Result<Link> {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let typed = digits(code);
        let mut fitting = self.pending.iter().filter(|(_, one)| digits(&one.asks.code) == typed);
        fitting.next().map(|(pairing, _)| *pairing).ok_or_else(|| nobody(code))
    }

    /// Somebody asks: what they ask is read, and people are told.
    pub(super) fn asked(
        &mut self,
        home: &Home,
        pairing: Link,
        nonce: Nonce,
        request: &[u8],
        code: String,
    ) {
        match self.read(home, nonce, request, code) {
            Ok(pending) => {
                self.happened.push(Happened::Asks(pending.asks.clone()));
                self.pending.insert(pairing, pending);
            }
            Err(error) => {
                tracing::info!(%error, "a request to join is refused");
                let hint = error.hint.as_ref().map_or_else(String::new, |hint| format!("; {hint}"));
                let why = format!("{error}{hint}");
                self.on_net(|net| net.answer_pairing(pairing, Err(why)));
                let line = format!("somebody asked to join and was refused: {error}");
                self.happened.push(Happened::Note { line });
            }
        }
    }

    fn read(&self, home: &Home, nonce: Nonce, request: &[u8], code: String) -> Result<Pending> {
        let unknown = || NodeError::input("used_ticket", "this ticket is not open any more");
        let (group, _) = *self.invites.get(&nonce).ok_or_else(unknown)?;
        let open = Group::open(home, &home.group_folder(group))?;
        let request = open.read_request_bytes(request)?;
        open.may_admit(&request)?;
        let (name, role) = (request.name.clone(), request.role.clone());
        let asks = Asks { group, name, role, member: request.member, code };
        Ok(Pending { asks, request })
    }

    /// An invite was tried: it is never opened for newcomers again, also after a restart.
    pub(super) fn tried(&self, home: &Home, nonce: Nonce) {
        let Some((group, _)) = self.invites.get(&nonce) else { return };
        let noted = Group::open(home, &home.group_folder(*group))
            .and_then(|mut open| open.invite_was_tried(nonce));
        if let Err(error) = noted {
            tracing::warn!(%error, "that an invite was tried could not be kept");
        }
    }

    pub(super) fn asked_no_more(&mut self, pairing: Link) {
        if let Some(pending) = self.pending.remove(&pairing) {
            self.happened.push(Happened::AskedNoMore { code: pending.asks.code });
        }
    }

    /// Opens an invite, or says where it is open already.
    pub(crate) fn open_invite(&mut self, invite: OpenInvite) -> Result<Address> {
        if let Some((_, address)) = self.invites.get(&invite.nonce) {
            return Ok(address.clone());
        }
        let (group, nonce) = (invite.group, invite.nonce);
        let net = self.net.as_ref().ok_or_else(no_net)?;
        let address =
            net.open_invite(invite).map_err(|error| NodeError::told("no_network", error))?;
        self.invites.insert(nonce, (group, address.clone()));
        Ok(address)
    }

    /// Closes an invite.
    pub(crate) fn close_invite(&mut self, nonce: Nonce) {
        if self.invites.remove(&nonce).is_some() {
            self.on_net(|net| net.close_invite(nonce));
        }
    }

    /// Brings the invites that are open on the network in line with those that are good now.
    pub(super) fn open_invites(&mut self, home: &Home) {
        self.invites_seen = Instant::now();
        let stored = self.joined.iter().filter(|(_, one)| one.keeps.is_stored());
        let groups: Vec<GroupId> = stored.map(|(group, _)| *group).collect();
        let mut all = Vec::new();
        for group in groups {
            let open = Group::open(home, &home.group_folder(group));
            all.extend(open.and_then(|open| open.invites_to_open()).unwrap_or_default());
        }
        let lasts = |nonce: &Nonce| all.iter().any(|(_, invite)| invite.nonce == *nonce);
        let over: Vec<Nonce> = self.invites.keys().filter(|one| !lasts(one)).copied().collect();
        for nonce in over {
            self.close_invite(nonce);
        }
        // One that was used stays open in this run: whoever came by it gets the group there.
        for (_, invite) in all.into_iter().filter(|(used, _)| !used) {
            if let Err(error) = self.open_invite(invite) {
                tracing::warn!(%error, "an invite cannot be opened");
            }
        }
    }

    /// Asks to join. What follows is told as it happens: the code, the answer, and that this device
    /// has entered.
    ///
    /// # Errors
    /// The ticket says no place to ask at.
    pub fn ask(&mut self, entry: &Entry) -> Result<()> {
        let address = reach(&entry.ticket)?;
        let (key, request) = (entry.ticket.pairing_key(), entry.request.clone());
        self.net.as_ref().ok_or_else(no_net)?.ask(address.clone(), key, request);
        // Members answer there, too; and this device may have been let in before it was cut off.
        self.dial(Whom(address));
        Ok(())
    }

    pub(super) fn answered(&mut self, admitted: std::result::Result<EnvelopeId, String>) {
        self.happened.push(match admitted {
            Ok(_) => Happened::LetIn,
            Err(why) => Happened::NotLetIn { why },
        });
    }
}

fn no_net() -> NodeError {
    NodeError::failed("no_network", "this device cannot use the network now")
        .hint("look at its network, and try again")
}

fn nobody(code: &str) -> NodeError {
    NodeError::input("nobody_asks", format_args!("nobody with the code {code} asks to join now"))
        .hint("let them ask again, with a new ticket: `copact invite`")
}
