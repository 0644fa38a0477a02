//! Growing: inviting, reading who asks, letting in.

use std::path::Path;

use copact_core::act::{Act, NewDevice};
use copact_core::ids::{MemberId, Nonce};
use copact_core::keys::{BoxKey, DeviceKey};
use copact_core::proposal::{Matter, Proposal};
use copact_core::text::Name;
use copact_sync::request::{JoinRequest, RequestKind};
use copact_sync::ticket::Ticket;
use serde::Serialize;

use crate::decisions::{Answered, Ask};
use crate::error::{NodeError, Result};
use crate::founding::read_request;
use crate::group::Group;
use crate::home::random;

/// Days that an invite is good for.
const INVITE_DAYS: i64 = 7;
const INVITES: &str = "invites";
const SECONDS_A_DAY: i64 = 86_400;

/// Whom an invite is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invitee<'a> {
    /// Somebody who becomes a member.
    Newcomer,
    /// A further device of this device's member.
    OwnDevice,
    /// A new device of that member, whose others are lost: the group has to agree.
    Recovery(&'a str),
}

/// A ticket.
#[derive(Clone, Debug, Serialize)]
pub struct Invited {
    /// The text to hand over.
    pub ticket: String,
    /// The last day it is good, by this device's clock.
    pub expires: copact_core::day::Day,
    /// The member whose new device it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recover: Option<MemberId>,
}

/// What a request asks, to be shown before it is granted.
#[derive(Clone, Debug, Serialize)]
pub struct Request {
    /// The newcomer's name; `None` for a device of a member.
    pub name: Option<String>,
    /// The member whose device it is; `None` for a newcomer's.
    pub member: Option<MemberId>,
    /// What they say they are here.
    pub role: Option<String>,
    /// What both people compare.
    pub phrase: String,
    /// The device.
    pub device: DeviceKey,
    #[serde(skip)]
    request: JoinRequest,
    #[serde(skip)]
    invite: usize,
}

/// Somebody who was let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Admitted {
    /// The act.
    pub id: copact_core::ids::EnvelopeId,
    /// The member.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// What was proposed so that their word counts in common decisions, and the own yes to it.
    pub voice: Option<Answered>,
}

/// An invite that this device made.
#[derive(Clone, Debug, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
struct Invite {
    #[n(0)]
    nonce: Nonce,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    secret: [u8; 16],
    #[n(2)]
    expires: i64,
    #[n(3)]
    member: Option<MemberId>,
    #[n(4)]
    used: bool,
    /// The secret of the endpoint that the invite answers at on the network. None in those that
    /// were made before there was one.
    #[n(5)]
    #[cbor(with = "minicbor::bytes")]
    endpoint: Option<[u8; 32]>,
    /// Somebody asked with it over the network: one try an invite, or a code could be guessed.
    #[n(6)]
    tried: Option<bool>,
}

impl Group {
    /// Makes an invite.
    ///
    /// # Errors
    /// This device's member has left, or nobody is called so.
    pub fn invite(&mut self, whom: Invitee<'_>) -> Result<Invited> {
        self.invite_by(whom, |_| Ok(()))
    }

    /// Like [`Group::invite`], and hands the ticket over before it becomes good: if that fails,
    /// there is no invite.
    ///
    /// # Errors
    /// As [`Group::invite`], or what `hand_over` says.
    pub fn invite_by<E: From<NodeError>>(
        &mut self,
        whom: Invitee<'_>,
        hand_over: impl FnOnce(&Invited) -> std::result::Result<(), E>,
    ) -> std::result::Result<Invited, E> {
        let (invite, invited) = self.draw_invite(whom)?;
        let mut invites = self.invites()?;
        hand_over(&invited)?;
        invites.push(invite);
        self.keep_invites(&invites);
        self.save()?;
        Ok(invited)
    }

    fn draw_invite(&self, whom: Invitee<'_>) -> Result<(Invite, Invited)> {
        let (_, me) = self.must_stand()?;
        let recover = match whom {
            Invitee::Recovery(typed) => Some(self.present(typed)?.1),
            _ => None,
        };
        let expires = self.clock().seconds.saturating_add(INVITE_DAYS * SECONDS_A_DAY);
        let invite = Invite {
            nonce: Nonce::from_bytes(random()?),
            secret: random()?,
            expires,
            member: recover.or((whom == Invitee::OwnDevice).then_some(me)),
            used: false,
            endpoint: Some(random()?),
            tried: None,
        };
        let ticket = self.ticket(&invite).text()?;
        let expires = self.clock().day.plus(7);
        Ok((invite, Invited { ticket, expires, recover }))
    }

    /// The ticket of an invite of this device.
    fn ticket(&self, invite: &Invite) -> Ticket {
        Ticket {
            group: self.ledger().group(),
            nonce: invite.nonce,
            secret: invite.secret,
            inviter: self.secrets().device.public(),
            expires: invite.expires,
            group_name: Name::new(&self.name()).ok(),
            member: invite.member,
            extensions: Vec::new(),
        }
    }

    fn invites(&self) -> Result<Vec<Invite>> {
        let bytes = self.setting(INVITES)?.unwrap_or_default();
        if bytes.is_empty() {
            return Ok(Vec::new());
        }
        minicbor::decode(&bytes).map_err(|error| {
            NodeError::failed(
                "bad_invites",
                format_args!("the list of invites cannot be read: {error}"),
            )
            .hint("run `copact doctor`")
        })
    }

    fn keep_invites(&mut self, invites: &[Invite]) {
        let bytes = minicbor::to_vec(invites).unwrap_or_default();
        self.batch().set_setting(INVITES, &bytes);
    }

    /// Reads a request to join, to be shown to a person before [`Group::admit`].
    ///
    /// # Errors
    /// The file is no request, not for an invite of this device, expired, or used already.
    pub fn read_request(&self, path: &Path) -> Result<Request> {
        self.must_stand()?;
        self.check_request(read_request(path)?).map_err(|error| error.of_file(path))
    }

    /// Like [`Group::read_request`], of a request that came over the network.
    ///
    /// # Errors
    /// As [`Group::read_request`].
    pub(crate) fn read_request_bytes(&self, bytes: &[u8]) -> Result<Request> {
        self.must_stand()?;
        self.check_request(JoinRequest::parse(bytes)?)
    }

    fn check_request(&self, request: JoinRequest) -> Result<Request> {
        let (group, device, name, role, member) = match &request {
            JoinRequest::Found { .. } => {
                return Err(request.require(RequestKind::Join).err().map_or_else(
                    || NodeError::input("bad_request", "this request is for founding a group"),
                    NodeError::from,
                ));
            }
            JoinRequest::Join { group, device, role, profile, .. } => {
                let name = profile.statement.name.as_str().to_owned();
                (group, device, Some(name), Some(role.word.as_str().to_owned()), None)
            }
            JoinRequest::Device { group, device, member, .. } => {
                (group, device, None, None, Some(*member))
            }
        };
        if *group != self.ledger().group() {
            return Err(NodeError::input("foreign_request", "this request is for another group")
                .hint("choose the group with --group, or ask for a request made with this group's ticket"));
        }
        let invites = self.invites()?;
        let number = invites.iter().position(|one| one.nonce == device.nonce);
        let Some((number, invite)) = number.and_then(|at| Some((at, invites.get(at)?))) else {
            return Err(NodeError::input(
                "unknown_invite",
                "this request answers no invite of this device",
            )
            .hint("whoever made the invite lets the newcomer in, on the same device"));
        };
        if invite.used {
            return Err(NodeError::input(
                "used_ticket",
                "the ticket of this request was used already",
            )
            .hint("`copact invite` makes a new one for this person"));
        }
        if invite.expires <= self.clock().seconds {
            return Err(NodeError::input(
                "expired_ticket",
                "the ticket of this request has expired",
            )
            .hint("`copact invite` makes a new one for this person"));
        }
        // Kind, group, member, nonce and secret together: a ticket for a newcomer tells enough to
        // ask for a device of the inviter's own with it.
        request
            .answers(&self.ticket(invite))
            .map_err(|error| NodeError::told("other_invite", error))?;
        let device = device.device;
        Ok(Request {
            name,
            member,
            role,
            phrase: request.phrase(),
            device,
            request,
            invite: number,
        })
    }

    /// Lets a newcomer in and proposes their voice, or adds a device to this device's member.
    ///
    /// # Errors
    /// It is a new device of somebody else, which the group decides about, or a rule is broken.
    pub fn admit(&mut self, request: Request) -> Result<Admitted> {
        let (_, me) = self.must_stand()?;
        self.must_be_own(&request, me)?;
        self.use_invite(request.invite)?;
        match request.request {
            JoinRequest::Join { device, role, profile, .. } => {
                let name = profile.statement.name.as_str().to_owned();
                let id = self.write_act(Act::Admit { device, role }, &[])?;
                self.take_in(Vec::new(), Vec::new(), vec![profile])?;
                let member = MemberId::brought_in_by(id);
                let voice = Proposal::new(Matter::Voice(member));
                let voice = Some(self.ask_group(voice, &Ask::default())?);
                Ok(Admitted { id, member, name, voice })
            }
            JoinRequest::Device { device, .. } => {
                let id = self.write_act(Act::AddDevice { device }, &[])?;
                self.save()?;
                let name = self.names().remove(&me).unwrap_or_default();
                Ok(Admitted { id, member: me, name, voice: None })
            }
            JoinRequest::Found { .. } => {
                Err(NodeError::input("bad_request", "this request is for founding a group"))
            }
        }
    }

    /// Whether [`Group::admit`] is the way for a request, to be asked before a person is.
    ///
    /// # Errors
    /// It is a new device of somebody else, or this device's member is none.
    pub fn may_admit(&self, request: &Request) -> Result<()> {
        let (_, me) = self.must_stand()?;
        self.must_be_own(request, me)
    }

    fn must_be_own(&self, request: &Request, me: MemberId) -> Result<()> {
        let person = |member| self.ledger().person_with_id(member);
        match request.member {
            Some(member) if person(member) != person(me) => {
                let name = self.called(member);
                Err(NodeError::input(
                    "recovery_request",
                    format_args!("this is a new device of {name}, which the group has to agree to"),
                )
                .hint(format_args!("ask the group: `copact member recover {name} --request FILE`")))
            }
            _ => Ok(()),
        }
    }

    fn use_invite(&mut self, number: usize) -> Result<()> {
        let mut invites = self.invites()?;
        if let Some(invite) = invites.get_mut(number) {
            invite.used = true;
        }
        self.keep_invites(&invites);
        Ok(())
    }

    /// The device of a request that answers an invite for a recovery. The invite is used with it.
    pub(crate) fn take_recovery(&mut self, request: Request) -> Result<(MemberId, NewDevice)> {
        self.use_invite(request.invite)?;
        match request.request {
            JoinRequest::Device { member, device, .. } => Ok((member, device)),
            _ => Err(NodeError::input(
                "newcomers_request",
                "this request is of a newcomer, not of a member’s new device",
            )
            .hint("let them in with `copact admit FILE`; or make a ticket with `copact invite --recover NAME`")),
        }
    }

    /// The box keys of every device that may read the group's bundles: members', not the
    /// departed's.
    pub(crate) fn recipients(&self) -> Vec<BoxKey> {
        let now = self.ledger().now();
        let mut keys: Vec<BoxKey> = now
            .members()
            .filter(|(ix, ..)| now.is_member(*ix))
            .flat_map(|(ix, ..)| now.devices(ix).into_iter().map(|(_, key, _)| key))
            .collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use copact_core::day::Day;
    use copact_sync::ticket::Ticket;

    use super::*;
    use crate::group::Secrets;
    use crate::home::{Clock, Home};

    #[test]
    fn a_newcomers_ticket_lets_no_device_in_as_the_inviters_own() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock { seconds: 1_772_366_400, day: Day::parse("2026-03-01").unwrap() };
        let home = Home::new(folder.path().join("home"), None, clock);
        crate::founding::found(&home, "Green Lane", "Ann", None, &[], None).unwrap();
        let mut group = home.open(None).unwrap();
        let (_, ann) = group.me().unwrap();
        let path = folder.path().join("x.req");
        let secrets = Secrets::fresh().unwrap();
        let ask = |ticket: &Ticket| {
            let box_key = secrets.sealed.public();
            let request = JoinRequest::device(ticket, &secrets.device, box_key).unwrap();
            crate::file::write(&path, &request.to_bytes()).unwrap();
        };
        // Who the founder is can be told from the group's id, so the ticket is all that it takes.
        let mut ticket = Ticket::parse(&group.invite(Invitee::Newcomer).unwrap().ticket).unwrap();
        ticket.member = Some(ann);
        ask(&ticket);
        assert_eq!(group.read_request(&path).unwrap_err().code, "other_invite");
        let further = Ticket::parse(&group.invite(Invitee::OwnDevice).unwrap().ticket).unwrap();
        ask(&Ticket { secret: [0; 16], ..further.clone() });
        assert_eq!(group.read_request(&path).unwrap_err().code, "other_invite");
        ask(&further);
        assert!(group.read_request(&path).is_ok(), "a ticket for a further device");
    }
}
