//! What the group can decide: kind, target and value of a proposal.

use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

use super::{Share, Version};
use crate::act::NewDevice;
use crate::ids::{EnvelopeId, MemberId, ReportHash, TextHash};
use crate::keys::Purpose;
use crate::limits;
use crate::quarter::Quarter;

/// Envelopes that a proposal names: sorted, none twice, at most [`limits::NAMED`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named(Vec<EnvelopeId>);

impl Named {
    /// Sorts them. `None` if there are more than a proposal can name.
    #[must_use]
    pub fn new(mut envelopes: Vec<EnvelopeId>) -> Option<Self> {
        envelopes.sort_unstable();
        envelopes.dedup();
        (envelopes.len() <= limits::NAMED).then_some(Self(envelopes))
    }

    /// The envelopes, sorted.
    #[must_use]
    pub fn ids(&self) -> &[EnvelopeId] {
        &self.0
    }
}

impl<C> Encode<C> for Named {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        self.0.encode(e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for Named {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, decode::Error> {
        let ids: Vec<EnvelopeId> = Vec::decode(d, ctx)?;
        let sorted = ids.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        Self::new(ids)
            .filter(|_| sorted)
            .ok_or_else(|| decode::Error::message("envelopes unsorted or too many"))
    }
}

/// Who can move a member to a new device, and how many of them it takes: 2 to
/// [`limits::TRUSTEES`] members, sorted, none twice; at least 2 of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trustees {
    members: Vec<MemberId>,
    need: u8,
}

impl Trustees {
    /// Sorts them. `None` if there are too few or too many, or if fewer than two or more than all
    /// would be needed.
    #[must_use]
    pub fn new(mut members: Vec<MemberId>, need: u8) -> Option<Self> {
        members.sort_unstable();
        members.dedup();
        let enough = need >= 2 && usize::from(need) <= members.len();
        (enough && members.len() <= limits::TRUSTEES).then_some(Self { members, need })
    }

    /// Who, sorted.
    #[must_use]
    pub fn members(&self) -> &[MemberId] {
        &self.members
    }

    /// How many of them it takes.
    #[must_use]
    pub const fn need(&self) -> u8 {
        self.need
    }
}

impl<C> Encode<C> for Trustees {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.array(2)?;
        self.members.encode(e, ctx)?;
        e.u8(self.need)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Trustees {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, decode::Error> {
        if d.array()? != Some(2) {
            return Err(decode::Error::message("trustees: members and a number"));
        }
        let members: Vec<MemberId> = Vec::decode(d, ctx)?;
        let sorted = members.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        let need = d.u8()?;
        Self::new(members, need)
            .filter(|_| sorted)
            .ok_or_else(|| decode::Error::message("trustees: unsorted, too few or too many"))
    }
}

/// What a proposal is about: kind, target and value together, so that only what belongs together
/// fits.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub enum Matter {
    /// Adopt a version of the contract.
    #[n(0)]
    Ratify(#[n(0)] Version),
    /// Anything else, in words.
    #[n(1)]
    Text(#[n(0)] TextHash),
    /// A member's word counts in common decisions.
    #[n(2)]
    Voice(#[n(0)] MemberId),
    /// A member is one no more: of their devices, only what is at or before the tips counts.
    #[n(3)]
    Remove {
        /// Who.
        #[n(0)]
        member: MemberId,
        /// The last envelopes of theirs that count.
        #[n(1)]
        tips: Named,
    },
    /// These envelopes count in spite of any removal or recovery.
    #[n(4)]
    Restore(#[n(0)] Named),
    /// A disputed entry counts, or it does not.
    #[n(5)]
    Settle {
        /// The entry.
        #[n(0)]
        entry: EnvelopeId,
        /// Whether it counts.
        #[n(1)]
        counts: bool,
    },
    /// Two members are one person. Naming one member twice takes an earlier merge back.
    #[n(6)]
    Merge {
        /// Who.
        #[n(0)]
        member: MemberId,
        /// Whose role and id the person goes by from now on.
        #[n(1)]
        into: MemberId,
    },
    /// Somebody else signs for an assisted member from now on.
    #[n(7)]
    Helper {
        /// The assisted member.
        #[n(0)]
        member: MemberId,
        /// Who signs for them.
        #[n(1)]
        helper: MemberId,
    },
    /// Who can move a member to a new device.
    #[n(8)]
    Trustees {
        /// The member.
        #[n(0)]
        member: MemberId,
        /// Who, and how many of them.
        #[n(1)]
        trustees: Trustees,
    },
    /// The share of the voices that ratifying and the like need.
    #[n(9)]
    Policy(#[n(0)] Share),
    /// A quarter is closed: what is not at or before the frontier is late.
    #[n(10)]
    Quarter {
        /// The quarter.
        #[n(0)]
        quarter: Quarter,
        /// The envelopes that, with their pasts, are on time.
        #[n(1)]
        frontier: Named,
    },
    /// A report may be given to outsiders.
    #[n(11)]
    Share(#[n(0)] ReportHash),
    /// A member's devices so far end at the tips, and a new one may take their place.
    #[n(12)]
    Recover {
        /// Who.
        #[n(0)]
        member: MemberId,
        /// The last envelopes of these devices that count.
        #[n(1)]
        tips: Named,
        /// The new device, which signed over the member's id.
        #[n(2)]
        device: Option<Box<NewDevice>>,
    },
}

/// Why a proposal is refused whatever its past.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MatterError {
    /// A new device whose consent is missing, or of something else.
    #[error("the new device's consent is not in order: {0}")]
    Consent(#[from] crate::keys::KeyError),
    /// Somebody would be their own trustee.
    #[error("a member cannot be their own trustee")]
    OwnTrustee,
    /// Somebody would be their own helper.
    #[error("a member cannot be their own helper")]
    OwnHelper,
}

impl Matter {
    /// What can be checked without any past.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(&self) -> Result<(), MatterError> {
        match self {
            Self::Trustees { member, trustees } if trustees.members().contains(member) => {
                Err(MatterError::OwnTrustee)
            }
            Self::Helper { member, helper } if member == helper => Err(MatterError::OwnHelper),
            Self::Recover { member, device: Some(device), .. } => {
                Ok(device.check(Purpose::Device, Some(*member.as_bytes()), None)?)
            }
            _ => Ok(()),
        }
    }

    /// The word for its kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Ratify(_) => "ratify",
            Self::Text(_) => "text",
            Self::Voice(_) => "voice",
            Self::Remove { .. } => "remove",
            Self::Restore(_) => "restore",
            Self::Settle { .. } => "settle",
            Self::Merge { .. } => "merge",
            Self::Helper { .. } => "helper",
            Self::Trustees { .. } => "trustees",
            Self::Policy(_) => "policy",
            Self::Quarter { .. } => "quarter",
            Self::Share(_) => "share",
            Self::Recover { .. } => "recover",
        }
    }

    /// Whether a proposal of this matter can replace one of the other: same kind, same target.
    #[must_use]
    pub fn can_replace(&self, other: &Self) -> bool {
        self.kind() == other.kind()
            && self.member() == other.member()
            && match (self, other) {
                (Self::Settle { entry: one, .. }, Self::Settle { entry: two, .. }) => one == two,
                (Self::Quarter { quarter: one, .. }, Self::Quarter { quarter: two, .. }) => {
                    one == two
                }
                _ => true,
            }
    }

    /// The member it is about, if it is about one.
    #[must_use]
    pub const fn member(&self) -> Option<MemberId> {
        match self {
            Self::Voice(member)
            | Self::Remove { member, .. }
            | Self::Merge { member, .. }
            | Self::Helper { member, .. }
            | Self::Trustees { member, .. }
            | Self::Recover { member, .. } => Some(*member),
            _ => None,
        }
    }

    /// All members it names: who answers must know of each.
    #[must_use]
    pub fn members(&self) -> Vec<MemberId> {
        let mut members: Vec<MemberId> = self.member().into_iter().collect();
        match self {
            Self::Merge { into: other, .. } | Self::Helper { helper: other, .. } => {
                members.push(*other);
            }
            Self::Trustees { trustees, .. } => members.extend(trustees.members()),
            _ => {}
        }
        members
    }

    /// The envelopes it names: who answers must have them in their answer's past.
    #[must_use]
    pub fn envelopes(&self) -> &[EnvelopeId] {
        match self {
            Self::Remove { tips: named, .. }
            | Self::Restore(named)
            | Self::Quarter { frontier: named, .. }
            | Self::Recover { tips: named, .. } => named.ids(),
            Self::Settle { entry, .. } => std::slice::from_ref(entry),
            _ => &[],
        }
    }

    /// Whether it can change who stands or whose device is whose.
    #[must_use]
    pub const fn touches_standing(&self) -> bool {
        !matches!(
            self,
            Self::Ratify(_)
                | Self::Text(_)
                | Self::Settle { .. }
                | Self::Helper { .. }
                | Self::Trustees { .. }
                | Self::Policy(_)
                | Self::Quarter { .. }
                | Self::Share(_)
        )
    }

    /// Whether it needs the policy's share of the voices, and not only more than half.
    #[must_use]
    pub const fn needs_policy(&self) -> bool {
        matches!(self, Self::Ratify(_) | Self::Policy(_) | Self::Quarter { .. } | Self::Share(_))
    }
}
