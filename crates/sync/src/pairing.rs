//! Pairing: joining by invite over the network, with a short code that two people compare.
//!
//! ```text
//! newcomer → Commit    hash of a nonce and of the request; that it has the ticket
//! newcomer ← Nonce     from here on the invite was tried
//! newcomer → Open      nonce and request: both show the code
//! newcomer ← Verdict   admitted by this envelope, or refused with a sentence
//! ```
//! The code is drawn from the connection's TLS exporter, the commitment, both nonces and the
//! request. Somebody between the two has two connections, so two codes. They would have to be equal
//! by chance: towards the inviter everything of theirs is committed to before the inviter's nonce
//! is known, and towards the newcomer everything before the newcomer's is. Who breaks off after the
//! nonce and tries again would get as many chances as they like; therefore an invite is good for
//! **one try**, counted by the caller as soon as [`Inviter::tried`] gave the nonce to send. So that
//! a stranger who found the invite's endpoint on the LAN cannot use the try up, the commitment
//! comes with a MAC under the ticket's secret, and without it there is no nonce.
//!
//! Each step takes the state by value: nothing can be taken twice or in another order.
//!
//! ```
//! use copact_core::ids::EnvelopeId;
//! use copact_sync::pairing::{Inviter, Newcomer, Verdict};
//!
//! let (exporter, ticket) = ([1; 32], [2; 32]);
//! let (newcomer, commit) = Newcomer::commit(exporter, &ticket, [3; 32], b"request".to_vec())?;
//! let (inviter, nonce) = Inviter::new(exporter, &ticket).tried(&commit, [4; 32])?;
//! // Here the invite is marked as tried, then the nonce is sent.
//! let (newcomer, open) = newcomer.open(&nonce)?;
//! let asked = inviter.opened(&open)?;
//! assert_eq!(asked.code(), newcomer.code());
//! // Both people compare the codes, and the inviter's person accepts.
//! let verdict = Verdict::Admitted(EnvelopeId::from_bytes([5; 32]));
//! assert_eq!(newcomer.verdict(&asked.answer(&verdict))?, verdict);
//! # Ok::<(), copact_sync::pairing::PairingError>(())
//! ```

mod code;
mod inviter;
mod message;
mod newcomer;
#[cfg(test)]
mod tests;

use copact_core::codec::CodecError;

use crate::limits;
pub use code::ShortCode;
pub use inviter::{Asked, Inviter, Tried};
pub use message::{Refusal, Verdict};
pub use newcomer::{Newcomer, Opened};

/// Why a pairing ended without a verdict. The connection is closed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PairingError {
    /// A message that cannot be read.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// A message of another step.
    #[error(
        "the other device sent its {found} {wanted}; it does not follow the protocol, so begin again with a new invite"
    )]
    OutOfPlace {
        /// What came.
        found: &'static str,
        /// What should have come, as the end of a sentence.
        wanted: &'static str,
    },
    /// Who asks does not have the ticket.
    #[error("somebody asked to join by an invite without having its ticket; the invite stays good")]
    NoTicket,
    /// What was opened is not what was committed to.
    #[error(
        "the newcomer's device changed its request or its nonce half-way; do not accept it, and make a new invite"
    )]
    Changed,
    /// More than a request can have.
    #[error(
        "the join request is larger than {} bytes; make it again with a smaller picture",
        limits::REQUEST_FILE_BYTES
    )]
    TooLarge,
}

/// Under this key the newcomer shows that it has the ticket, and the inviter asks for it.
fn ticket_mac(key: &[u8; 32], exporter: &[u8; 32], commit: &[u8; 32]) -> blake3::Hash {
    blake3::keyed_hash(key, &[exporter.as_slice(), commit].concat())
}
