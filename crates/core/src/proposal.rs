//! Proposals and answers: one mechanism for every common decision.

use minicbor::{Decode, Encode};

use crate::codec;
use crate::ids::{ProposalId, TextHash, tagged_hash};

mod matter;
mod share;
mod version;

pub use matter::{Matter, MatterError, Named, Trustees};
pub use share::{Share, ShareError, more_than_half};
pub use version::Version;

/// A common decision asked for. Equal content is one proposal, whoever proposes it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Proposal {
    /// Kind, target and value.
    #[n(0)]
    pub matter: Matter,
    /// The proposal that it replaces.
    #[n(1)]
    pub basis: Option<ProposalId>,
}

impl Proposal {
    /// A proposal that replaces none.
    #[must_use]
    pub const fn new(matter: Matter) -> Self {
        Self { matter, basis: None }
    }

    /// The hash of the content.
    #[must_use]
    pub fn id(&self) -> ProposalId {
        ProposalId::from_bytes(tagged_hash("copact proposal 1", &[&codec::encode(self)]))
    }

    /// The side text that holds its words.
    #[must_use]
    pub const fn text(&self) -> Option<TextHash> {
        match self.matter {
            Matter::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The word for its kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        self.matter.kind()
    }
}

/// A member's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum AnswerWord {
    /// For it.
    #[n(0)]
    Yes,
    /// Against it.
    #[n(1)]
    No,
    /// Neither.
    #[n(2)]
    Abstain,
}

impl AnswerWord {
    /// The word in JSON and on screens.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Abstain => "abstain",
        }
    }
}
