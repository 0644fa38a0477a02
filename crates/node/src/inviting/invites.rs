//! The invites that this device made: the tickets, and which of them are good still.

use std::net::SocketAddr;

use copact_core::ids::{MemberId, Nonce};
use copact_core::keys::DeviceSecret;
use copact_core::text::Name;
use copact_net::OpenInvite;
use copact_sync::limits::TICKET_ADDRESSES;
use copact_sync::ticket::{Reach, Ticket};

use super::{Invited, Invitee};
use crate::error::{NodeError, Result};
use crate::group::Group;
use crate::home::random;
use crate::peers::Peers;

/// Days that an invite is good for.
const INVITE_DAYS: i64 = 7;
const INVITES: &str = "invites";
const SECONDS_A_DAY: i64 = 86_400;

/// An invite that this device made.
#[derive(Clone, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub(super) struct Invite {
    #[n(0)]
    pub(super) nonce: Nonce,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    secret: [u8; 16],
    #[n(2)]
    pub(super) expires: i64,
    #[n(3)]
    member: Option<MemberId>,
    #[n(4)]
    pub(super) used: bool,
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
    /// Makes an invite. Nobody is told where it is answered, so whoever uses it over the network
    /// must be on the same LAN, and files always work.
    ///
    /// # Errors
    /// This device's member has left, or nobody is called so.
    pub fn invite(&mut self, whom: Invitee<'_>) -> Result<Invited> {
        self.invite_by(whom, None, |_| Ok(()))
    }

    /// Like [`Group::invite`], and hands the ticket over before it becomes good: if that fails,
    /// there is no invite. With `peers` it is open on the network at once, and says where.
    ///
    /// # Errors
    /// As [`Group::invite`]; nothing can be bound; or what `hand_over` says.
    pub fn invite_by<E: From<NodeError>>(
        &mut self,
        whom: Invitee<'_>,
        mut peers: Option<&mut Peers>,
        hand_over: impl FnOnce(&Invited) -> std::result::Result<(), E>,
    ) -> std::result::Result<Invited, E> {
        let invite = self.draw_invite(whom)?;
        let at = match (&mut peers, self.to_open(&invite)) {
            (Some(peers), Some(open)) => peers.open_invite(open)?.at,
            _ => Vec::new(),
        };
        let made = self.hand_over(whom, &invite, at, hand_over);
        if let (Err(_), Some(peers)) = (&made, peers) {
            peers.close_invite(invite.nonce);
        }
        made
    }

    fn hand_over<E: From<NodeError>>(
        &mut self,
        whom: Invitee<'_>,
        invite: &Invite,
        at: Vec<SocketAddr>,
        hand_over: impl FnOnce(&Invited) -> std::result::Result<(), E>,
    ) -> std::result::Result<Invited, E> {
        let ticket = self.with_reach(self.ticket(invite), invite, at)?;
        let invited = Invited {
            ticket: ticket.text().map_err(NodeError::from)?,
            expires: self.clock().day.plus(7),
            recover: invite.member.filter(|_| matches!(whom, Invitee::Recovery(_))),
            nonce: invite.nonce,
        };
        let mut invites = self.invites()?;
        hand_over(&invited)?;
        invites.push(invite.clone());
        self.keep_invites(&invites);
        self.save()?;
        Ok(invited)
    }

    fn draw_invite(&self, whom: Invitee<'_>) -> Result<Invite> {
        let (_, me) = self.must_stand()?;
        let recover = match whom {
            Invitee::Recovery(typed) => Some(self.present(typed)?.1),
            _ => None,
        };
        Ok(Invite {
            nonce: Nonce::from_bytes(random()?),
            secret: random()?,
            expires: self.clock().seconds.saturating_add(INVITE_DAYS * SECONDS_A_DAY),
            member: recover.or((whom == Invitee::OwnDevice).then_some(me)),
            used: false,
            endpoint: Some(random()?),
            tried: None,
        })
    }

    /// The ticket with where it is answered.
    fn with_reach(&self, ticket: Ticket, invite: &Invite, at: Vec<SocketAddr>) -> Result<Ticket> {
        let founding = self.ledger().get(self.ledger().group().founding());
        let (Some(founding), Some(endpoint)) = (founding, invite.endpoint) else {
            return Ok(ticket);
        };
        let salt = founding.envelope().wire().salt;
        // An endpoint's key is an Ed25519 key as a device's is.
        let endpoint = *DeviceSecret::from_bytes(&endpoint).public().as_bytes();
        let at = at.into_iter().take(TICKET_ADDRESSES).collect();
        Ok(ticket.with_reach(&Reach { salt, endpoint, at })?)
    }

    /// The invites that have not expired, each with whether it was used.
    pub(crate) fn invites_to_open(&self) -> Result<Vec<(bool, OpenInvite)>> {
        if self.must_stand().is_err() {
            return Ok(Vec::new());
        }
        let now = self.clock().seconds;
        let invites = self.invites()?;
        let good = invites.iter().filter(|one| one.expires > now);
        Ok(good.filter_map(|invite| Some((invite.used, self.to_open(invite)?))).collect())
    }

    fn to_open(&self, invite: &Invite) -> Option<OpenInvite> {
        Some(OpenInvite {
            group: self.ledger().group(),
            nonce: invite.nonce,
            endpoint: invite.endpoint?,
            key: self.ticket(invite).pairing_key(),
            tried: invite.tried == Some(true),
        })
    }

    /// Notes for good that somebody asked with an invite over the network. By file it can be used
    /// still, since people compare a phrase there that cannot be guessed.
    pub(crate) fn invite_was_tried(&mut self, nonce: Nonce) -> Result<()> {
        let mut invites = self.invites()?;
        invites.iter_mut().filter(|one| one.nonce == nonce).for_each(|one| one.tried = Some(true));
        self.keep_invites(&invites);
        self.save()
    }

    /// The ticket of an invite of this device.
    pub(super) fn ticket(&self, invite: &Invite) -> Ticket {
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

    pub(super) fn invites(&self) -> Result<Vec<Invite>> {
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

    pub(super) fn use_invite(&mut self, number: usize) -> Result<()> {
        let mut invites = self.invites()?;
        if let Some(invite) = invites.get_mut(number) {
            invite.used = true;
        }
        self.keep_invites(&invites);
        Ok(())
    }
}
