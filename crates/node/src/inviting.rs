//! Growing: inviting, reading who asks, letting in.

use std::path::Path;

use copact_core::act::{Act, NewDevice};
use copact_core::ids::{MemberId, Nonce};
use copact_core::keys::{BoxKey, DeviceKey};
use copact_core::proposal::{Matter, Proposal};
use copact_sync::request::{JoinRequest, RequestKind};
use serde::Serialize;

use crate::decisions::{Answered, Ask};
use crate::error::{NodeError, Result};
use crate::founding::read_request;
use crate::group::Group;

mod invites;

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
    /// The invite that it stands for.
    #[serde(skip)]
    pub nonce: Nonce,
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

impl Group {
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
