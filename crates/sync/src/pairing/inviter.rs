//! The inviter's end.

use super::code::{ShortCode, Transcript, commitment};
use super::message::{Message, Open, Verdict};
use super::{PairingError, ticket_mac};
use crate::limits;

/// An inviter that waits for somebody's commitment. The invite is untouched.
pub struct Inviter {
    exporter: [u8; 32],
    ticket: [u8; 32],
}

/// **This invite was tried.** Whoever has this must not accept another commitment for the same
/// invite, whatever becomes of this one.
#[derive(Debug)]
pub struct Tried {
    exporter: [u8; 32],
    commit: [u8; 32],
    nonce: [u8; 32],
}

/// Somebody asks to join: people compare the code, then the inviter's person says yes or no.
#[derive(Debug)]
pub struct Asked {
    request: Vec<u8>,
    code: ShortCode,
}

impl Inviter {
    /// `ticket`: [`crate::ticket::Ticket::pairing_key`].
    #[must_use]
    pub const fn new(exporter: [u8; 32], ticket: &[u8; 32]) -> Self {
        Self { exporter, ticket: *ticket }
    }

    /// Takes the commitment of somebody who has the ticket; gives the message with the nonce, to be
    /// sent once the caller has noted that the invite was tried. `nonce`: 32 fresh random bytes.
    ///
    /// # Errors
    /// The message is no commitment, or its maker does not have the ticket. Nothing is sent then,
    /// and the invite stays good.
    pub fn tried(self, message: &[u8], nonce: [u8; 32]) -> Result<(Tried, Vec<u8>), PairingError> {
        let commit = match Message::read(message, limits::COMMIT_BYTES)? {
            Message::Commit(commit) => commit,
            other => return Err(other.out_of_place("where its commitment belongs")),
        };
        // Comparing BLAKE3 hashes takes the same time wherever they differ.
        let mac = blake3::Hash::from_bytes(commit.mac);
        if ticket_mac(&self.ticket, &self.exporter, &commit.commit) != mac {
            return Err(PairingError::NoTicket);
        }
        let tried = Tried { exporter: self.exporter, commit: commit.commit, nonce };
        Ok((tried, Message::Nonce(nonce).write()))
    }
}

impl Tried {
    /// Takes what the newcomer had committed to.
    ///
    /// # Errors
    /// It is something else, or the message is no request.
    pub fn opened(self, message: &[u8]) -> Result<Asked, PairingError> {
        if message.len() > limits::OPEN_BYTES {
            return Err(PairingError::TooLarge);
        }
        let Open { nonce, request } = match Message::read(message, limits::OPEN_BYTES)? {
            Message::Open(open) => open,
            other => return Err(other.out_of_place("where its join request belongs")),
        };
        if request.len() > limits::REQUEST_FILE_BYTES {
            return Err(PairingError::TooLarge);
        }
        if commitment(&nonce, &request) != self.commit {
            return Err(PairingError::Changed);
        }
        let transcript = Transcript {
            exporter: &self.exporter,
            commit: &self.commit,
            newcomer: &nonce,
            inviter: &self.nonce,
            request: &request,
        };
        let code = transcript.code();
        Ok(Asked { request, code })
    }
}

impl Asked {
    /// What both people compare.
    #[must_use]
    pub const fn code(&self) -> ShortCode {
        self.code
    }

    /// The join request's file: nobody has checked it yet.
    #[must_use]
    pub fn request(&self) -> &[u8] {
        &self.request
    }

    /// The last message.
    #[must_use]
    pub fn answer(self, verdict: &Verdict) -> Vec<u8> {
        Message::Verdict(verdict.clone()).write()
    }

    /// What it means that the newcomer sent something while people compare: nothing belongs there,
    /// a second request neither. The connection is closed with this.
    #[must_use]
    pub fn unexpected(self, message: &[u8]) -> PairingError {
        match Message::read(message, limits::OPEN_BYTES) {
            Ok(message) => message.out_of_place("after its join request, while it waits"),
            Err(error) => error,
        }
    }
}

/// The ticket's key stays out of logs.
impl std::fmt::Debug for Inviter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inviter").finish_non_exhaustive()
    }
}
