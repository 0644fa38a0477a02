//! The newcomer's end.

use super::code::{ShortCode, Transcript, commitment};
use super::message::{Commit, Message, Open, Verdict};
use super::{PairingError, ticket_mac};
use crate::limits;

/// A newcomer that committed itself, and waits for the inviter's nonce.
pub struct Newcomer {
    exporter: [u8; 32],
    nonce: [u8; 32],
    commit: [u8; 32],
    request: Vec<u8>,
}

/// A newcomer that opened its commitment: people compare the code, then the verdict comes.
#[derive(Debug)]
pub struct Opened {
    code: ShortCode,
}

impl Newcomer {
    /// Commits to a request; gives the first message. `ticket`: the
    /// [pairing key](crate::ticket::Ticket::pairing_key); `nonce`: 32 fresh random bytes;
    /// `request`: the file's bytes, from [`crate::request::JoinRequest::to_bytes`].
    ///
    /// # Errors
    /// The request is too large.
    pub fn commit(
        exporter: [u8; 32],
        ticket: &[u8; 32],
        nonce: [u8; 32],
        request: Vec<u8>,
    ) -> Result<(Self, Vec<u8>), PairingError> {
        if request.len() > limits::REQUEST_FILE_BYTES {
            return Err(PairingError::TooLarge);
        }
        let commit = commitment(&nonce, &request);
        let mac = *ticket_mac(ticket, &exporter, &commit).as_bytes();
        let message = Message::Commit(Commit { commit, mac }).write();
        Ok((Self { exporter, nonce, commit, request }, message))
    }

    /// Takes the inviter's nonce; gives the message that opens the commitment.
    ///
    /// # Errors
    /// The message is no nonce.
    pub fn open(self, message: &[u8]) -> Result<(Opened, Vec<u8>), PairingError> {
        let inviter = match Message::read(message, limits::NONCE_BYTES)? {
            Message::Nonce(nonce) => nonce,
            other => return Err(other.out_of_place("where its nonce belongs")),
        };
        let Self { exporter, nonce, commit, request } = self;
        let transcript = Transcript {
            exporter: &exporter,
            commit: &commit,
            newcomer: &nonce,
            inviter: &inviter,
            request: &request,
        };
        let opened = Opened { code: transcript.code() };
        Ok((opened, Message::Open(Open { nonce, request }).write()))
    }
}

impl Opened {
    /// What both people compare.
    #[must_use]
    pub const fn code(&self) -> ShortCode {
        self.code
    }

    /// Takes the inviter's last message.
    ///
    /// # Errors
    /// The message is no verdict.
    pub fn verdict(self, message: &[u8]) -> Result<Verdict, PairingError> {
        match Message::read(message, limits::VERDICT_BYTES)? {
            Message::Verdict(verdict) => Ok(verdict),
            other => Err(other.out_of_place("where its verdict belongs")),
        }
    }
}

/// The nonce stays secret until it is opened.
impl std::fmt::Debug for Newcomer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Newcomer").field("request", &self.request.len()).finish_non_exhaustive()
    }
}
