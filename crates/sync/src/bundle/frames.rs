//! A bundle's frames: parts of the parcel, deflated, each sealed under the content key.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use copact_core::codec;
use copact_core::envelope::Wire;
use copact_core::limits as core_limits;
use copact_core::profile::Profile;
use copact_core::side::SideText;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

use super::header::ContentKey;
use super::{BundleError, Parcel};
use crate::limits;
use crate::outer::{Reader, write_length};

/// What the three arrays of a frame need beside their items.
const FRAME_ROOM: usize = 32;
const DEFLATE_LEVEL: u8 = 6;
const TOO_MUCH: BundleError =
    BundleError::TooLarge { what: "contents", limit: limits::PARCEL_BYTES };

/// Fills frames with parts, in order.
struct Packer<'a> {
    packed: Vec<Vec<u8>>,
    filling: (Vec<&'a Wire>, Vec<&'a SideText>, Vec<&'a Profile>),
    bytes: usize,
    /// What may still be packed.
    room: usize,
}

impl Packer<'_> {
    /// Begins another frame when a part of this size does not fit into the present one.
    fn make_room(&mut self, bytes: usize) -> Result<(), BundleError> {
        if self.bytes + bytes > limits::FRAME_BYTES - FRAME_ROOM {
            self.close_frame()?;
        }
        self.bytes += bytes;
        self.room = self.room.checked_sub(bytes).ok_or(TOO_MUCH)?;
        Ok(())
    }

    fn close_frame(&mut self) -> Result<(), BundleError> {
        if self.packed.len() >= limits::FRAMES {
            return Err(BundleError::TooLarge { what: "frames", limit: limits::FRAMES });
        }
        self.room = self.room.checked_sub(FRAME_ROOM).ok_or(TOO_MUCH)?;
        self.packed.push(compress_to_vec(&codec::encode(&self.filling), DEFLATE_LEVEL));
        self.filling = Default::default();
        self.bytes = 0;
        Ok(())
    }
}

/// The parcel in deflated frames of at most `room` bytes together, inflated; at least one frame,
/// however little there is.
pub(super) fn pack(parcel: &Parcel, room: usize) -> Result<Vec<Vec<u8>>, BundleError> {
    check(parcel)?;
    let mut packer = Packer { packed: Vec::new(), filling: Default::default(), bytes: 0, room };
    for wire in &parcel.envelopes {
        packer.make_room(codec::encode(wire).len())?;
        packer.filling.0.push(wire);
    }
    for text in &parcel.texts {
        packer.make_room(codec::encode(text).len())?;
        packer.filling.1.push(text);
    }
    for profile in &parcel.profiles {
        packer.make_room(codec::encode(profile).len())?;
        packer.filling.2.push(profile);
    }
    packer.close_frame()?;
    Ok(packer.packed)
}

/// What must hold of the parts before anybody reads them further.
fn check(parcel: &Parcel) -> Result<(), BundleError> {
    check_count(parcel)?;
    let too_long = |wire: &Wire| {
        wire.header.len() > core_limits::HEADER_BYTES || wire.body.len() > core_limits::BODY_BYTES
    };
    let too_large = |profile: &Profile| {
        let statement = &profile.statement;
        statement.picture.as_ref().map_or(0, Vec::len) > core_limits::PICTURE_BYTES
            || statement.endpoint.as_ref().map_or(0, String::len) > core_limits::ENDPOINT_BYTES
    };
    if parcel.envelopes.iter().any(too_long) {
        return Err(BundleError::Malformed { what: "an envelope of a length" });
    }
    if parcel.profiles.iter().any(too_large) {
        return Err(BundleError::Malformed { what: "a profile of a length" });
    }
    Ok(())
}

/// Appends the sealed frames.
pub(super) fn seal(
    out: &mut Vec<u8>,
    packed: &[Vec<u8>],
    key: &ContentKey,
    digest: &[u8; 32],
) -> Result<(), BundleError> {
    let cipher = XChaCha20Poly1305::new(&(**key).into());
    for (index, frame) in packed.iter().enumerate() {
        let last = index + 1 == packed.len();
        let sealed = cipher
            .encrypt(&nonce(index, last), Payload { msg: frame, aad: digest })
            .map_err(|_| BundleError::TooLarge { what: "a part", limit: limits::FRAME_BYTES })?;
        write_length(out, &place(digest, index), last, sealed.len());
        out.extend_from_slice(&sealed);
    }
    Ok(())
}

/// Finds the frames in the file, without any key.
pub(super) fn split<'b>(
    reader: &mut Reader<'b>,
    digest: &[u8; 32],
) -> Result<Vec<&'b [u8]>, BundleError> {
    let mut frames = Vec::new();
    for index in 0..limits::FRAMES {
        let (last, len) = reader.length(&place(digest, index), limits::SEALED_FRAME_BYTES)?;
        frames.push(reader.take(len)?);
        if last {
            reader.end()?;
            return Ok(frames);
        }
    }
    Err(BundleError::TooLarge { what: "frames", limit: limits::FRAMES })
}

/// Opens, inflates and reads all frames, to at most `room` bytes inflated; nothing is given unless
/// all are in order.
pub(super) fn open(
    frames: &[&[u8]],
    key: &ContentKey,
    digest: &[u8; 32],
    mut room: usize,
) -> Result<Parcel, BundleError> {
    let cipher = XChaCha20Poly1305::new(&(**key).into());
    let mut parcel = Parcel::default();
    for (index, frame) in frames.iter().enumerate() {
        let last = index + 1 == frames.len();
        let packed = cipher
            .decrypt(&nonce(index, last), Payload { msg: frame, aad: digest })
            .map_err(|_| BundleError::Altered)?;
        let bytes = inflate(&packed)?;
        room = room.checked_sub(bytes.len()).ok_or(TOO_MUCH)?;
        let parts: Parcel = codec::decode(&bytes, "a frame", limits::FRAME_BYTES)
            .map_err(|_| BundleError::Malformed { what: "a part" })?;
        parcel.envelopes.extend(parts.envelopes);
        parcel.texts.extend(parts.texts);
        parcel.profiles.extend(parts.profiles);
        check_count(&parcel)?;
    }
    check(&parcel)?;
    Ok(parcel)
}

fn check_count(parcel: &Parcel) -> Result<(), BundleError> {
    let parts = parcel.envelopes.len() + parcel.texts.len() + parcel.profiles.len();
    if parts > limits::PARCEL_PARTS {
        return Err(BundleError::TooLarge { what: "parts", limit: limits::PARCEL_PARTS });
    }
    Ok(())
}

fn inflate(packed: &[u8]) -> Result<Vec<u8>, BundleError> {
    decompress_to_vec_with_limit(packed, limits::FRAME_BYTES).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => BundleError::Inflates,
        _ => BundleError::Malformed { what: "a part" },
    })
}

/// The place and the last-frame flag. The content key is used for one bundle only, so a counter is
/// enough.
fn nonce(index: usize, last: bool) -> XNonce {
    let mut nonce = [0; 24];
    for (to, from) in nonce.iter_mut().zip((index as u64).to_be_bytes()) {
        *to = from;
    }
    if let Some(flag) = nonce.last_mut() {
        *flag = u8::from(last);
    }
    nonce.into()
}

pub(super) fn place(digest: &[u8; 32], index: usize) -> Vec<u8> {
    [digest.as_slice(), &(index as u64).to_be_bytes()].concat()
}
