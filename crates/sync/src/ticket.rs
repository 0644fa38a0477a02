//! Tickets: an invite as text, to be pasted, printed or shown as a QR code.
//!
//! ```text
//! copact:join/ then base32 of: version (1) | length (2) | head check (2) | CBOR | checksum (5)
//! ```
//! The head, exactly the first eight characters, has a check of its own: a ticket that was cut can
//! be told from one with a typo. Head and checksum stay where they are in every later version.

mod reach;

use std::fmt;

use copact_core::codec;
use copact_core::ids::{GroupId, MemberId, Nonce, tagged_hash};
use copact_core::keys::DeviceKey;
use copact_core::text::Name;
use data_encoding::BASE32_NOPAD;
use minicbor::{Decode, Encode};

use crate::limits;
pub use reach::Reach;

/// How every ticket begins. Letter case does not matter when one is read.
pub const PREFIX: &str = "copact:join/";
const VERSION: u8 = 1;
const HEAD_CHARS: usize = 8;
const HEAD_BYTES: usize = 5;
const CHECKSUM_BYTES: usize = 5;

/// An invite, good for one person and one use on the inviter's device.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Ticket {
    /// The group.
    #[n(0)]
    pub group: GroupId,
    /// What the newcomer's acceptance is signed over.
    #[n(1)]
    pub nonce: Nonce,
    /// The one-time secret: who has it was given the ticket.
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    pub secret: [u8; 16],
    /// The device that made the invite.
    #[n(3)]
    pub inviter: DeviceKey,
    /// The first moment, in unix seconds of the inviter's clock, at which it is no longer good.
    #[n(4)]
    pub expires: i64,
    /// The group's name, to show before joining. Anybody could have written it.
    #[n(5)]
    pub group_name: Option<Name>,
    /// For a further device of this member; `None` for a newcomer.
    #[n(6)]
    pub member: Option<MemberId>,
    /// Fields that came later; those of an unknown kind are kept and ignored.
    #[n(7)]
    pub extensions: Vec<Extension>,
}

/// A field of a ticket that this version of the format has only room for.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Extension {
    /// What it is.
    #[n(0)]
    pub kind: u16,
    /// At most 256 bytes.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
}

/// Why a text is no ticket, or a ticket cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    /// Some other text.
    #[error("this is not a copact ticket; paste the whole text, which begins with {PREFIX}")]
    NotATicket,
    /// Made by a later copact.
    #[error(
        "this ticket was made by a newer version of copact (ticket version {found}, this copact reads {VERSION}); update copact on this device"
    )]
    NewerVersion {
        /// The version it says.
        found: u8,
    },
    /// Its end is missing.
    #[error("this ticket is cut off: its end is missing; copy all of it, to the last character")]
    Truncated,
    /// A wrong, missing or additional character.
    #[error(
        "this ticket has a typing mistake in it; compare it character by character, or copy or scan it"
    )]
    Typo,
    /// Well-formed text with contents that no copact writes.
    #[error("this ticket was not made by copact; ask the inviter for another")]
    Malformed,
    /// More than fits.
    #[error(
        "the ticket is too long: at most {} extension fields of {} bytes and {} bytes in all fit",
        limits::EXTENSIONS,
        limits::EXTENSION_BYTES,
        limits::TICKET_BYTES
    )]
    TooLong,
    /// Where the invite is answered cannot be read.
    #[error(
        "the network addresses in this ticket are not in order, so it was not made by copact; ask the inviter for another"
    )]
    Reach,
    /// Where the invite is answered cannot be written.
    #[error(
        "a ticket holds at most {} network addresses, each of one device and with a port; leave some out",
        limits::TICKET_ADDRESSES
    )]
    Addresses,
}

impl Ticket {
    /// The text to hand over: letters and digits only after the prefix, in upper case. In upper
    /// case as a whole it fits a QR code's alphanumeric mode, and is read all the same.
    ///
    /// # Errors
    /// [`TicketError::TooLong`] or [`TicketError::Reach`], because of the extension fields.
    pub fn text(&self) -> Result<String, TicketError> {
        let record = codec::encode(self);
        if record.len() > limits::TICKET_BYTES || !self.extensions_fit() {
            return Err(TicketError::TooLong);
        }
        self.read_reach()?;
        let mut bytes = vec![VERSION];
        let len = u16::try_from(record.len()).map_err(|_| TicketError::TooLong)?;
        bytes.extend_from_slice(&len.to_be_bytes());
        bytes.extend_from_slice(&head_check(&bytes));
        bytes.extend_from_slice(&record);
        bytes.extend_from_slice(&checksum(&bytes));
        Ok(format!("{PREFIX}{}", BASE32_NOPAD.encode(&bytes)))
    }

    /// Reads a pasted ticket. White space, line breaks and letter case are forgiven.
    ///
    /// # Errors
    /// What is wrong with the text; never a panic. Whether it expired is not looked at.
    pub fn parse(text: &str) -> Result<Self, TicketError> {
        if text.len() > limits::TICKET_TEXT_BYTES {
            return Err(TicketError::NotATicket);
        }
        let upper: String =
            text.chars().filter(|&c| !blank(c)).map(|c| c.to_ascii_uppercase()).collect();
        let prefix = PREFIX.to_ascii_uppercase();
        let Some(body) = upper.strip_prefix(&prefix) else {
            // Less than `copact:` could be the beginning of anything.
            let cut = upper.len() > "copact".len() && prefix.starts_with(&upper);
            return Err(if cut { TicketError::Truncated } else { TicketError::NotATicket });
        };
        let bytes = read_characters(body)?;
        let body = bytes.len().saturating_sub(CHECKSUM_BYTES);
        let (signed, sum) = bytes.split_at_checked(body).ok_or(TicketError::Typo)?;
        if sum != checksum(signed) {
            return Err(TicketError::Typo);
        }
        match signed.first() {
            Some(&VERSION) => {}
            Some(&found) if found > VERSION => return Err(TicketError::NewerVersion { found }),
            _ => return Err(TicketError::Malformed),
        }
        let record = signed.get(HEAD_BYTES..).ok_or(TicketError::Typo)?;
        let ticket: Self = codec::decode(record, "a ticket", limits::TICKET_BYTES)
            .map_err(|_| TicketError::Malformed)?;
        if !ticket.extensions_fit() {
            return Err(TicketError::TooLong);
        }
        ticket.read_reach()?;
        Ok(ticket)
    }

    /// Under this key a newcomer shows in a [pairing](crate::pairing) that it has the ticket. It is
    /// good for nothing else, so that the network need not know the secret.
    #[must_use]
    pub fn pairing_key(&self) -> [u8; 32] {
        let known = [self.secret.as_slice(), self.nonce.as_bytes(), self.group.as_bytes()].concat();
        blake3::derive_key("copact pairing 1 ticket key", &known)
    }

    /// Whether it is no longer good at `now`, in unix seconds.
    #[must_use]
    pub const fn expired(&self, now: i64) -> bool {
        now >= self.expires
    }

    fn extensions_fit(&self) -> bool {
        self.extensions.len() <= limits::EXTENSIONS
            && self.extensions.iter().all(|field| field.bytes.len() <= limits::EXTENSION_BYTES)
    }
}

/// The secret stays out of logs.
impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket")
            .field("group", &self.group)
            .field("nonce", &self.nonce)
            .field("inviter", &self.inviter)
            .field("expires", &self.expires)
            .field("group_name", &self.group_name)
            .field("member", &self.member)
            .field("extensions", &self.extensions.len())
            .finish_non_exhaustive()
    }
}

/// White space, and the invisible characters that chat programs break long words with.
const fn blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

/// The bytes that the characters stand for, once their number is what the head says.
fn read_characters(body: &str) -> Result<Vec<u8>, TicketError> {
    let decode = |text: &[u8]| BASE32_NOPAD.decode(text).map_err(|_| TicketError::Typo);
    let characters = body.as_bytes();
    let head = decode(characters.get(..HEAD_CHARS).ok_or(TicketError::Truncated)?)?;
    let (said, check) = head.split_at_checked(3).ok_or(TicketError::Typo)?;
    let &[_, high, low] = said else { return Err(TicketError::Typo) };
    if check != head_check(said) {
        return Err(TicketError::Typo);
    }
    let bytes = HEAD_BYTES + usize::from(u16::from_be_bytes([high, low])) + CHECKSUM_BYTES;
    match characters.len().cmp(&BASE32_NOPAD.encode_len(bytes)) {
        std::cmp::Ordering::Less => Err(TicketError::Truncated),
        std::cmp::Ordering::Equal => decode(characters),
        std::cmp::Ordering::Greater => Err(TicketError::Typo),
    }
}

fn head_check(said: &[u8]) -> [u8; 2] {
    let [a, b, ..] = tagged_hash("copact ticket head 1", &[said]);
    [a, b]
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let [a, b, c, d, e, ..] = tagged_hash("copact ticket 1", &[bytes]);
    [a, b, c, d, e]
}

#[cfg(test)]
mod tests;
