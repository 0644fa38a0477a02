//! What the network tells.

use std::fmt;
use std::sync::Arc;

use copact_core::ids::{EnvelopeId, GroupId, Nonce};
use copact_core::keys::DeviceKey;
use tokio::sync::OwnedSemaphorePermit;

/// A greeted connection for one group. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link(pub u64);

/// The place that a message takes until the driver has done with it. While it is held, the link
/// reads no more than its bounds allow, so that a peer which sends faster than this device works is
/// slowed down instead of filling memory. Dropping it is enough.
#[derive(Clone)]
pub struct Room(pub(crate) Option<Arc<OwnedSemaphorePermit>>);

impl Room {
    /// No place: for messages that tests make.
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Room({})", self.0.as_ref().map_or(0, |permit| permit.num_permits()))
    }
}

/// What happened. For one link the order is `Opened`, `Message`s as they were sent, and one
/// `Closed`, whoever closed it. Between two devices there is one link a group; when a device comes
/// back before this one noticed that it was gone, the new link may open shortly before the old one
/// is told to be closed.
#[derive(Clone, Debug)]
pub enum Event {
    /// A peer proved to know a group and to have a device key there.
    Opened {
        /// The link.
        link: Link,
        /// The group.
        group: GroupId,
        /// The device.
        device: DeviceKey,
        /// What leads to it: envelopes as bytes, untrusted.
        admissions: Vec<Vec<u8>>,
        /// A key that both ends derived from the connection.
        key: [u8; 32],
        /// Whether this device dialled.
        dialled: bool,
        /// Its address, for people.
        address: String,
    },
    /// A message on a link.
    Message {
        /// The link.
        link: Link,
        /// One message.
        bytes: Vec<u8>,
        /// To be dropped when the message is done with.
        room: Room,
    },
    /// A link is gone.
    Closed {
        /// The link.
        link: Link,
        /// Why, as a sentence.
        why: String,
    },
    /// Somebody who has the ticket began to ask by an invite: it was used up, whatever becomes of
    /// them, and must not be opened as untried again.
    Tried {
        /// The invite.
        nonce: Nonce,
    },
    /// A newcomer asks by an open invite; both sides show the code. Answered by
    /// [`Net::answer_pairing`](crate::Net::answer_pairing).
    Asks {
        /// The connection that it came by.
        pairing: Link,
        /// The invite.
        nonce: Nonce,
        /// The join request, as its file's bytes: untrusted.
        request: Vec<u8>,
        /// The short code.
        code: String,
    },
    /// The newcomer broke off before an answer.
    AskedNoMore {
        /// The connection.
        pairing: Link,
    },
    /// This device's own request ([`Net::ask`](crate::Net::ask)): show this code.
    Code {
        /// The short code.
        code: String,
    },
    /// This device's own request was answered, or could not be asked: the envelope that admitted
    /// it, or why not.
    Answered {
        /// The admission's id, or a sentence.
        admitted: Result<EnvelopeId, String>,
    },
    /// Something worth a line in the log: who was refused and why.
    Note {
        /// A sentence.
        line: String,
    },
}
