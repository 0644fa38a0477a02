//! Join requests: what a newcomer hands to the inviter as a file.
//!
//! The file tells who made it, not that it came unchanged from the person it seems to come from:
//! both people read [`JoinRequest::phrase`] to each other before the request is accepted.

mod error;
mod phrase;
#[cfg(test)]
mod tests;

use copact_core::act::{NewDevice, Role};
use copact_core::codec;
use copact_core::ids::{GroupId, MemberId, Nonce};
use copact_core::keys::{BoxKey, DeviceKey, DeviceSecret, Purpose};
use copact_core::profile::Profile;
use copact_core::text::Name;
use minicbor::{Decode, Encode};

use crate::box_key;
use crate::limits;
use crate::outer::Form;
use crate::ticket::Ticket;
pub use error::{RequestError, RequestKind};

const FORM: Form = Form { magic: b"\x89copact request", version: 1, tag: "copact request 1" };

/// A request, with all its signatures in order once it was made or parsed by this module.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub enum JoinRequest {
    /// To found a group together.
    #[n(0)]
    Found {
        /// The group that the newcomer thinks of; to compare, nobody signs it.
        #[n(0)]
        group_name: Name,
        /// Their device, consenting under [`Purpose::Founding`].
        #[n(1)]
        device: NewDevice,
        /// What they say they are here.
        #[n(2)]
        role: Role,
        /// Their name and picture.
        #[n(3)]
        profile: Profile,
    },
    /// To join a group by invite.
    #[n(1)]
    Join {
        /// The group.
        #[n(0)]
        group: GroupId,
        /// Their device, consenting under [`Purpose::Acceptance`] over group and invite's nonce.
        #[n(1)]
        device: NewDevice,
        /// What they say they are here.
        #[n(2)]
        role: Role,
        /// Their name and picture.
        #[n(3)]
        profile: Profile,
        /// That they were given the ticket.
        #[n(4)]
        proof: Proof,
    },
    /// To add a further device to the member who made the invite.
    #[n(2)]
    Device {
        /// The group.
        #[n(0)]
        group: GroupId,
        /// The member.
        #[n(1)]
        member: MemberId,
        /// The device, consenting under [`Purpose::Device`] over the member and invite's nonce.
        #[n(2)]
        device: NewDevice,
        /// That it was given the ticket.
        #[n(3)]
        proof: Proof,
    },
}

/// A MAC (keyed BLAKE3) of the rest of a request under a ticket's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Proof(#[cbor(with = "minicbor::bytes")] [u8; 32]);

/// What a newcomer says about themselves.
#[derive(Clone, Debug)]
pub struct Newcomer<'a> {
    /// The device's fresh key for this group.
    pub secret: &'a DeviceSecret,
    /// Its public box key.
    pub box_key: BoxKey,
    /// What they are here.
    pub role: Role,
    /// Their own profile record, signed by that device.
    pub profile: Profile,
}

impl JoinRequest {
    /// A request to found a group together. `nonce`: 16 fresh random bytes.
    ///
    /// # Errors
    /// The parts do not fit together.
    pub fn found(
        group_name: Name,
        newcomer: Newcomer<'_>,
        nonce: Nonce,
    ) -> Result<Self, RequestError> {
        let Newcomer { secret, box_key, role, profile } = newcomer;
        let purpose = Purpose::Founding;
        let device = NewDevice::consent(secret, box_key, purpose, None, Some(&role), nonce);
        Self::Found { group_name, device, role, profile }.checked()
    }

    /// A request to join by an invite for a newcomer.
    ///
    /// # Errors
    /// The ticket is for a further device, or the parts do not fit together.
    pub fn join(ticket: &Ticket, newcomer: Newcomer<'_>) -> Result<Self, RequestError> {
        if ticket.member.is_some() {
            return Err(RequestError::WrongTicket(RequestKind::Device));
        }
        let Newcomer { secret, box_key, role, profile } = newcomer;
        let (group, to) = (ticket.group, Some(*ticket.group.as_bytes()));
        let purpose = Purpose::Acceptance;
        let device = NewDevice::consent(secret, box_key, purpose, to, Some(&role), ticket.nonce);
        Self::Join { group, device, role, profile, proof: Proof([0; 32]) }
            .proven(&ticket.secret)
            .checked()
    }

    /// A request to add this device to the member that the ticket names.
    ///
    /// # Errors
    /// The ticket is for a newcomer, or the parts do not fit together.
    pub fn device(
        ticket: &Ticket,
        secret: &DeviceSecret,
        box_key: BoxKey,
    ) -> Result<Self, RequestError> {
        let member = ticket.member.ok_or(RequestError::WrongTicket(RequestKind::Join))?;
        let (group, to) = (ticket.group, Some(*member.as_bytes()));
        let device = NewDevice::consent(secret, box_key, Purpose::Device, to, None, ticket.nonce);
        Self::Device { group, member, device, proof: Proof([0; 32]) }
            .proven(&ticket.secret)
            .checked()
    }

    /// The file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        FORM.write(&codec::encode(self)).0
    }

    /// Reads a file and checks every signature in it. Whether it answers an invite of this device
    /// is [`JoinRequest::answers`]'s to say.
    ///
    /// # Errors
    /// What is wrong with the file; never a panic, whatever the bytes are.
    pub fn parse(bytes: &[u8]) -> Result<Self, RequestError> {
        let (record, _, rest) = FORM.read(bytes, limits::REQUEST_BYTES)?;
        rest.end()?;
        let request: Self = codec::decode(record, "a join request", limits::REQUEST_BYTES)
            .map_err(|_| RequestError::Malformed)?;
        request.checked()
    }

    /// What it asks for.
    #[must_use]
    pub const fn kind(&self) -> RequestKind {
        match self {
            Self::Found { .. } => RequestKind::Found,
            Self::Join { .. } => RequestKind::Join,
            Self::Device { .. } => RequestKind::Device,
        }
    }

    /// The device that it brings.
    #[must_use]
    pub const fn new_device(&self) -> &NewDevice {
        match self {
            Self::Found { device, .. }
            | Self::Join { device, .. }
            | Self::Device { device, .. } => device,
        }
    }

    /// Refuses a request of another kind.
    ///
    /// # Errors
    /// [`RequestError::WrongKind`].
    pub fn require(&self, wanted: RequestKind) -> Result<(), RequestError> {
        let found = self.kind();
        if found == wanted { Ok(()) } else { Err(RequestError::WrongKind { found, wanted }) }
    }

    /// Whether its maker had the ticket with this secret. A request to found has no ticket.
    fn verify_secret(&self, secret: &[u8; 16]) -> bool {
        let proof = match self {
            Self::Found { .. } => return false,
            Self::Join { proof, .. } | Self::Device { proof, .. } => proof,
        };
        // Comparing BLAKE3 hashes takes the same time wherever they differ.
        self.mac(secret) == blake3::Hash::from_bytes(proof.0)
    }

    /// Whether it was made from this very ticket: group, member, nonce and secret.
    ///
    /// # Errors
    /// [`RequestError::WrongKind`] or [`RequestError::OtherInvite`].
    pub fn answers(&self, ticket: &Ticket) -> Result<(), RequestError> {
        let kind = if ticket.member.is_some() { RequestKind::Device } else { RequestKind::Join };
        self.require(kind)?;
        let (group, member) = match self {
            Self::Found { .. } => return Err(RequestError::OtherInvite),
            Self::Join { group, .. } => (*group, None),
            Self::Device { group, member, .. } => (*group, Some(*member)),
        };
        let same = group == ticket.group
            && member == ticket.member
            && self.new_device().nonce == ticket.nonce
            && self.verify_secret(&ticket.secret);
        if same { Ok(()) } else { Err(RequestError::OtherInvite) }
    }

    /// What both people compare: 80 bits of the hash of the whole request, as four groups of four
    /// letters and digits without look-alikes.
    #[must_use]
    pub fn phrase(&self) -> String {
        phrase::of(&codec::encode(self))
    }

    fn mac(&self, secret: &[u8; 16]) -> blake3::Hash {
        let mut rest = self.clone();
        if let Self::Join { proof, .. } | Self::Device { proof, .. } = &mut rest {
            *proof = Proof([0; 32]);
        }
        let key = blake3::derive_key("copact join request 1 proof", secret);
        blake3::keyed_hash(&key, &codec::encode(&rest))
    }

    fn proven(mut self, secret: &[u8; 16]) -> Self {
        let mac = self.mac(secret);
        if let Self::Join { proof, .. } | Self::Device { proof, .. } = &mut self {
            *proof = Proof(*mac.as_bytes());
        }
        self
    }

    /// The consent of the device, and the profile of that device.
    fn checked(self) -> Result<Self, RequestError> {
        let (purpose, to, role, profile) = match &self {
            Self::Found { role, profile, .. } => {
                (Purpose::Founding, None, Some(role), Some(profile))
            }
            Self::Join { group, role, profile, .. } => {
                (Purpose::Acceptance, Some(*group.as_bytes()), Some(role), Some(profile))
            }
            Self::Device { member, .. } => (Purpose::Device, Some(*member.as_bytes()), None, None),
        };
        let device = self.new_device();
        device.check(purpose, to, role).map_err(RequestError::Consent)?;
        if !box_key::can_be_sealed_to(&device.box_key) {
            return Err(RequestError::WeakBoxKey);
        }
        if let Some(profile) = profile {
            check_profile(profile, &device.device)?;
        }
        Ok(self)
    }
}

/// The newcomer's own record, made before their first envelope.
fn check_profile(profile: &Profile, author: &DeviceKey) -> Result<(), RequestError> {
    let statement = &profile.statement;
    if statement.author != *author || statement.about.is_some() || statement.after.is_some() {
        return Err(RequestError::ForeignProfile);
    }
    Ok(profile.check()?)
}
