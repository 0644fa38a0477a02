//! Changes: one Automerge change to the contract or to a meeting's minutes.

use minicbor::{Decode, Encode};

use crate::ids::{ChangeHash, EnvelopeId, MemberId};

/// Which document a change belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(array)]
pub enum DocumentId {
    /// The group's contract.
    #[n(0)]
    Contract,
    /// The minutes of a meeting.
    #[n(1)]
    Minutes(#[n(0)] EnvelopeId),
}

/// Whose words a change carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(array)]
pub enum Origin {
    /// The author's own.
    #[n(0)]
    Own,
    /// An assisted member's, written down by their helper.
    #[n(1)]
    For(#[n(0)] MemberId),
    /// Taken over from a file: nobody's.
    #[n(2)]
    Imported,
}

/// One uncompressed Automerge change.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Change {
    /// Where it belongs.
    #[n(0)]
    pub document: DocumentId,
    /// Whose words it carries.
    #[n(1)]
    pub origin: Origin,
    /// The change chunk, as Automerge encodes it.
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
}

/// What stands in an outsider's copy for a body that is kept from them. The header proves that the
/// envelope exists and where it stands; this much more is the word of whoever made the copy.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub enum Withheld {
    /// An entry that no figure needs.
    #[n(0)]
    Entry {
        /// It is void, so that it says nothing of its author's days either.
        #[n(0)]
        void: bool,
    },
    /// A change to minutes, or one that is void.
    #[n(1)]
    Change {
        /// It is void.
        #[n(0)]
        void: bool,
    },
    /// A change to the contract that passed the gate.
    #[n(2)]
    Passed {
        /// The change.
        #[n(0)]
        hash: ChangeHash,
        /// The changes that it builds on.
        #[n(1)]
        deps: Vec<ChangeHash>,
    },
}
