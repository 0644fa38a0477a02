//! Changes: one Automerge change to the contract or to a meeting's minutes.

use minicbor::{Decode, Encode};

use crate::ids::{EnvelopeId, MemberId};

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
