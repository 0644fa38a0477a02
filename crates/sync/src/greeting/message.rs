//! The messages of a greeting.

use copact_core::codec;
use copact_core::keys::{DeviceKey, SignatureBytes};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::{GreetingError, Membership};
use crate::limits;

/// A keyed BLAKE3 hash, or random bytes in place of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub(super) struct Mac(#[cbor(with = "minicbor::bytes")] pub [u8; 32]);

impl Mac {
    /// Whether it is that hash. Comparing BLAKE3 hashes takes the same time wherever they differ.
    pub(super) fn is(self, hash: blake3::Hash) -> bool {
        hash == blake3::Hash::from_bytes(self.0)
    }
}

impl From<blake3::Hash> for Mac {
    fn from(hash: blake3::Hash) -> Self {
        Self(*hash.as_bytes())
    }
}

/// Which MAC of the call, and that its group is known.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(super) struct Answer {
    #[n(0)]
    pub index: u8,
    #[n(1)]
    pub mac: Mac,
    /// The acceptor's device. The dialer signs that it means this one.
    #[n(2)]
    pub device: DeviceKey,
}

/// That a device is who it says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(super) struct Proof {
    #[n(0)]
    pub device: DeviceKey,
    #[n(1)]
    pub admissions: Vec<ByteVec>,
    #[n(2)]
    pub signature: SignatureBytes,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(super) enum Message {
    #[n(0)]
    Call(#[n(0)] Vec<Mac>),
    #[n(1)]
    Answer(#[n(0)] Answer),
    #[n(2)]
    Proof(#[n(0)] Proof),
}

impl Message {
    pub(super) fn write(&self) -> Vec<u8> {
        codec::encode(self)
    }

    const fn name(&self) -> &'static str {
        match self {
            Self::Call(_) => "call",
            Self::Answer(_) => "answer",
            Self::Proof(_) => "proof",
        }
    }

    fn read(bytes: &[u8], limit: usize) -> Result<Self, GreetingError> {
        Ok(codec::decode(bytes, "a greeting", limit)?)
    }

    const fn instead_of(&self, wanted: &'static str) -> GreetingError {
        GreetingError::OutOfPlace { found: self.name(), wanted }
    }
}

/// The MACs of a call: as many as some copact could send.
pub(super) fn read_call(bytes: &[u8]) -> Result<Vec<Mac>, GreetingError> {
    match Message::read(bytes, limits::CALL_BYTES)? {
        Message::Call(macs) => match macs.len() {
            0 => Err(GreetingError::Offered(0)),
            many if many > limits::GROUPS_OFFERED || many % limits::GROUPS_PADDED_TO != 0 => {
                Err(GreetingError::Offered(many))
            }
            _ => Ok(macs),
        },
        other => Err(other.instead_of("call")),
    }
}

pub(super) fn read_answer(bytes: &[u8]) -> Result<Answer, GreetingError> {
    match Message::read(bytes, limits::ANSWER_BYTES)? {
        Message::Answer(answer) => Ok(answer),
        other => Err(other.instead_of("answer")),
    }
}

pub(super) fn read_proof(bytes: &[u8]) -> Result<Proof, GreetingError> {
    match Message::read(bytes, limits::PROOF_BYTES)? {
        Message::Proof(proof) => {
            let fits = admissions_fit(proof.admissions.iter().map(|bytes| bytes.len()));
            if fits { Ok(proof) } else { Err(GreetingError::Admissions) }
        }
        other => Err(other.instead_of("proof")),
    }
}

/// This device's proof.
pub(super) fn proof(
    mine: &Membership,
    signature: SignatureBytes,
) -> Result<Message, GreetingError> {
    if !admissions_fit(mine.admissions.iter().map(Vec::len)) {
        return Err(GreetingError::OwnAdmissions);
    }
    let admissions = mine.admissions.iter().cloned().map(ByteVec::from).collect();
    Ok(Message::Proof(Proof { device: mine.device.public(), admissions, signature }))
}

impl Proof {
    pub(super) fn into_admissions(self) -> Vec<Vec<u8>> {
        self.admissions.into_iter().map(Vec::from).collect()
    }
}

fn admissions_fit(mut lengths: impl ExactSizeIterator<Item = usize>) -> bool {
    lengths.len() <= limits::ADMISSIONS && lengths.all(|len| len <= limits::ADMISSION_BYTES)
}
