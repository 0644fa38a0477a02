//! Acts: membership and consent.

use minicbor::{Decode, Encode};

use crate::codec;
use crate::day::Day;
use crate::ids::{EnvelopeId, GroupId, MemberId, Nonce, TextHash};
use crate::keys::{BoxKey, DeviceKey, DeviceSecret, KeyError, Purpose, SignatureBytes};
use crate::limits;
use crate::proposal::{AnswerWord, MatterError, Proposal, Share};
use crate::text::RoleWord;

/// What a member says they are here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(array)]
pub struct Role {
    /// The word people see.
    #[n(0)]
    pub word: RoleWord,
    /// The kind it is mapped to, if any.
    #[n(1)]
    pub mapped: Option<RoleKind>,
}

/// The two kinds of role that indicators tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum RoleKind {
    /// Here as somebody who lives or takes part.
    #[n(0)]
    Citizen,
    /// Here as part of their job.
    #[n(1)]
    Professional,
}

impl RoleKind {
    /// The word in JSON and on screens.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Professional => "professional",
        }
    }
}

/// A device that somebody brings in, with its own consent.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct NewDevice {
    /// Its signing key.
    #[n(0)]
    pub device: DeviceKey,
    /// Its sealing key.
    #[n(1)]
    pub box_key: BoxKey,
    /// What its signature is bound to beside the keys: the inviter's nonce, or its own at founding.
    #[n(2)]
    pub nonce: Nonce,
    /// The device's signature over its statement for the purpose at hand.
    #[n(3)]
    pub signature: SignatureBytes,
}

impl NewDevice {
    /// Signs the consent of a device. `role` is `None` when a device joins an existing member, and
    /// `to` is what it consents to join: a group, a member, or nothing known yet (founding).
    #[must_use]
    pub fn consent(
        secret: &DeviceSecret,
        box_key: BoxKey,
        purpose: Purpose,
        to: Option<[u8; 32]>,
        role: Option<&Role>,
        nonce: Nonce,
    ) -> Self {
        let device = secret.public();
        let statement = Self::statement(&device, &box_key, to, role, &nonce);
        Self { device, box_key, nonce, signature: secret.sign(purpose, &statement) }
    }

    /// Checks that the key may be admitted and that the device consented to exactly this.
    ///
    /// # Errors
    /// The key is weak or the signature is of something else.
    pub fn check(
        &self,
        purpose: Purpose,
        to: Option<[u8; 32]>,
        role: Option<&Role>,
    ) -> Result<(), KeyError> {
        self.device.admissible()?;
        let statement = Self::statement(&self.device, &self.box_key, to, role, &self.nonce);
        self.device.verify(purpose, &statement, &self.signature)
    }

    fn statement(
        device: &DeviceKey,
        box_key: &BoxKey,
        to: Option<[u8; 32]>,
        role: Option<&Role>,
        nonce: &Nonce,
    ) -> Vec<u8> {
        codec::encode(&(device, box_key, to.map(minicbor::bytes::ByteArray::from), role, nonce))
    }
}

/// One of the people who found a group together.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct FirstMember {
    /// Their device and its name-free signature.
    #[n(0)]
    pub device: NewDevice,
    /// What they say they are here.
    #[n(1)]
    pub role: Role,
}

/// What a group starts from.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Found {
    /// The share of the voices that ratifying and the like need.
    #[n(0)]
    pub policy: Share,
    /// The first members, 1 to 64, the author's device first; no device twice.
    #[n(1)]
    pub members: Vec<FirstMember>,
    /// The side text with the group's name.
    #[n(2)]
    pub name: TextHash,
    /// The group that this one is a team of.
    #[n(3)]
    pub parent: Option<GroupId>,
    /// The group that could no longer decide, and goes on in this one.
    #[n(4)]
    pub continues: Option<GroupId>,
}

/// What an [`Act::Erase`] is about.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub enum Erased {
    /// Side texts of entries.
    #[n(0)]
    Texts(#[n(0)] Vec<TextHash>),
    /// Every profile record of a member that is not after this act.
    #[n(1)]
    Profile(#[n(0)] MemberId),
}

/// An act: membership and consent.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub enum Act {
    /// Founds the group. The first envelope, and the only one of its kind.
    #[n(0)]
    Found(#[n(0)] Found),
    /// Brings in a newcomer with a device.
    #[n(1)]
    Admit {
        /// The newcomer's device, which signed the acceptance over this group and the inviter's
        /// nonce.
        #[n(0)]
        device: NewDevice,
        /// What they say they are here.
        #[n(1)]
        role: Role,
    },
    /// Brings in a person without a device.
    #[n(2)]
    Assist {
        /// The member who signs for them.
        #[n(0)]
        helper: MemberId,
        /// What they say they are here.
        #[n(1)]
        role: Role,
        /// For people taken over from an attendance list: the first day of that list.
        #[n(2)]
        imported: Option<Day>,
        /// Keeps two people apart whom one helper brings in alike.
        #[n(3)]
        nonce: Nonce,
    },
    /// Adds a device to the author's member.
    #[n(3)]
    AddDevice {
        /// The device, which signed over the member's id.
        #[n(0)]
        device: NewDevice,
    },
    /// The author's member leaves.
    #[n(4)]
    Leave,
    /// A member says what they are here from now on.
    #[n(5)]
    Role {
        /// The new role.
        #[n(0)]
        role: Role,
        /// The assisted member, when their helper says it.
        #[n(1)]
        on_behalf_of: Option<MemberId>,
    },
    /// Confirms an act that was recorded for an assisted member.
    #[n(6)]
    Confirm {
        /// The act.
        #[n(0)]
        act: EnvelopeId,
    },
    /// Nothing but parents, for those who must link more than one envelope can.
    #[n(7)]
    Link,
    /// Asks every device to forget side texts or a profile.
    #[n(8)]
    Erase {
        /// What to forget.
        #[n(0)]
        what: Erased,
    },
    /// Gives a proposal a reason and a last day.
    #[n(9)]
    Propose {
        /// What is proposed.
        #[n(0)]
        proposal: Proposal,
        /// Why, as a side text.
        #[n(1)]
        reason: Option<TextHash>,
        /// The last day to answer; for people and honest devices only.
        #[n(2)]
        last_day: Day,
        /// The assisted member whose idea it was.
        #[n(3)]
        on_behalf_of: Option<MemberId>,
    },
    /// A member's answer.
    #[n(10)]
    Answer {
        /// What it answers; written out, so that no Propose need be known.
        #[n(0)]
        proposal: Proposal,
        /// Yes, no or abstain.
        #[n(1)]
        answer: AnswerWord,
        /// The assisted member, when their helper records it.
        #[n(2)]
        on_behalf_of: Option<MemberId>,
    },
    /// A certificate that the need was reached in this envelope's past.
    #[n(11)]
    Enact {
        /// What was decided.
        #[n(0)]
        proposal: Proposal,
    },
}

/// Why an act is refused whatever its past.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActError {
    /// A device's consent is missing, or of something else.
    #[error("the new device's consent is not in order: {0}")]
    Consent(#[from] KeyError),
    /// None, too many, or twice the same.
    #[error("a group is founded by 1 to {} different devices", limits::FIRST_MEMBERS)]
    FirstMembers,
    /// A proposal that can never be decided.
    #[error("the proposal is not in order: {0}")]
    Proposal(#[from] MatterError),
    /// Nothing or too much at once.
    #[error("an erasure names 1 to {} texts", limits::ERASED)]
    Erased,
}

impl Act {
    /// What can be checked without any past: limits and the consent of new devices. `group` is the
    /// group of the header, `None` for a founding act.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(&self, group: Option<GroupId>) -> Result<(), ActError> {
        let to_group = group.map(|group| *group.as_bytes());
        match self {
            Self::Found(found) => found.check(),
            Self::Admit { device, role } => {
                Ok(device.check(Purpose::Acceptance, to_group, Some(role))?)
            }
            // The member's id is in the author's past only: the ledger checks the signature.
            Self::AddDevice { device } => Ok(device.device.admissible()?),
            Self::Erase { what: Erased::Texts(texts) } => {
                if (1..=limits::ERASED).contains(&texts.len()) {
                    Ok(())
                } else {
                    Err(ActError::Erased)
                }
            }
            Self::Propose { proposal, .. }
            | Self::Answer { proposal, .. }
            | Self::Enact { proposal } => Ok(proposal.matter.check()?),
            _ => Ok(()),
        }
    }

    /// The free texts that it names: the group's name, a proposal's words and its reason.
    #[must_use]
    pub fn texts(&self) -> Vec<TextHash> {
        match self {
            Self::Found(found) => vec![found.name],
            Self::Propose { proposal, reason, .. } => {
                proposal.text().into_iter().chain(*reason).collect()
            }
            Self::Answer { proposal, .. } | Self::Enact { proposal } => {
                proposal.text().into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// The assisted member for whom the act was recorded.
    #[must_use]
    pub const fn on_behalf_of(&self) -> Option<MemberId> {
        match self {
            Self::Role { on_behalf_of, .. }
            | Self::Propose { on_behalf_of, .. }
            | Self::Answer { on_behalf_of, .. } => *on_behalf_of,
            _ => None,
        }
    }
}

impl Found {
    fn check(&self) -> Result<(), ActError> {
        if !(1..=limits::FIRST_MEMBERS).contains(&self.members.len()) {
            return Err(ActError::FirstMembers);
        }
        let mut devices: Vec<_> = self.members.iter().map(|first| first.device.device).collect();
        devices.sort_unstable();
        devices.dedup();
        if devices.len() != self.members.len() {
            return Err(ActError::FirstMembers);
        }
        for first in &self.members {
            first.device.check(Purpose::Founding, None, Some(&first.role))?;
        }
        Ok(())
    }
}
