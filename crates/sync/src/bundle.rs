//! Bundles: files that carry envelopes by hand, sealed to the devices of one group.
//!
//! ```text
//! magic (15) | version (1) | length (9) | header (canonical CBOR) | checksum (16)
//! then per frame: length with a last-frame flag (9) | XChaCha20-Poly1305 of deflated CBOR
//! ```
//! An outsider learns how many devices it is sealed to and how large it is: the group stands in it
//! as a salted hash, and the devices as salted hints. Each frame is bound to the header, its place
//! and whether it is the last, so frames cannot be left out, swapped or taken from elsewhere.

mod frames;
mod header;
#[cfg(test)]
mod tests;

use copact_core::envelope::Wire;
use copact_core::ids::{GroupId, tagged_hash};
use copact_core::keys::BoxKey;
use copact_core::profile::Profile;
use copact_core::side::SideText;
use minicbor::{Decode, Encode};

use crate::box_key::BoxSecret;
use crate::drawn::Drawn;
use crate::limits;
use crate::outer::{Fault, Form};
use header::Header;

const FORM: Form =
    Form { magic: b"\x89copact bundle\n", version: 1, tag: "copact bundle header 1" };

/// What a bundle carries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Parcel {
    /// Envelopes, parents before children.
    #[n(0)]
    pub envelopes: Vec<Wire>,
    /// Side texts that the envelopes name.
    #[n(1)]
    pub texts: Vec<SideText>,
    /// Profile records.
    #[n(2)]
    pub profiles: Vec<Profile>,
}

/// For whom a bundle is sealed.
#[derive(Clone, Copy, Debug)]
pub struct Sealing<'a> {
    /// The group that the parcel belongs to.
    pub group: GroupId,
    /// The box keys of the member devices, in any order. A key that nothing can be sealed to (see
    /// [`crate::box_key::can_be_sealed_to`]) is passed over: no secret belongs to it, and its owner
    /// must not keep the bundle from the others.
    pub recipients: &'a [BoxKey],
    /// 32 fresh random bytes, for this bundle only.
    pub random: &'a [u8; 32],
}

/// A device of this installation that a bundle may be for.
#[derive(Clone, Copy, Debug)]
pub struct Recipient<'a> {
    /// Its group; `None` while it waits for a group to be founded.
    pub group: Option<GroupId>,
    /// Its secret box key.
    pub secret: &'a BoxSecret,
}

/// An opened bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Which of the recipients it was opened for: the place in the slice.
    pub recipient: usize,
    /// The group. For a device that waited, the founding envelope in the parcel says it.
    pub group: GroupId,
    /// What it carried. Its signatures are *not* verified: that is the ledger's.
    pub parcel: Parcel,
}

/// Why a bundle was not sealed or not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// Another kind of file.
    #[error("this file is not a copact bundle; choose the file that `copact bundle export` wrote")]
    NotABundle,
    /// Made by a later copact.
    #[error(
        "this bundle was made by a newer version of copact (bundle version {found}, this copact reads {}); update copact on this device",
        FORM.version
    )]
    NewerVersion {
        /// The version it says.
        found: u8,
    },
    /// The file ends too early.
    #[error("this bundle is cut off: its end is missing; copy the whole file again")]
    Truncated,
    /// Bytes are not those that were written.
    #[error(
        "this bundle was damaged or altered on its way; ask for it again, and copy it as a file"
    )]
    Altered,
    /// None of the recipients is of its group.
    #[error(
        "this bundle is for a group that this device is not in; import it on a device of that group, or join the group first"
    )]
    OtherGroup,
    /// The right group, but the writer did not know this device.
    #[error(
        "this bundle is for your group, but this device cannot open it: where it was written, you are no member (yet); ask whoever admitted you to export a new bundle"
    )]
    NotSealedToMe,
    /// More than a bundle may hold.
    #[error(
        "the bundle has {what} above the limit of {limit}; make it in parts, with `copact bundle export --since`"
    )]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// A frame inflates beyond its cap.
    #[error(
        "a part of this bundle inflates to more than {} bytes, so it was not made by copact; nothing was imported, ask another member for a bundle",
        limits::FRAME_BYTES
    )]
    Inflates,
    /// Sealed and unaltered, but not what copact writes.
    #[error(
        "the bundle has {what} that no copact writes; nothing was imported or written, so ask another member for a bundle"
    )]
    Malformed {
        /// What is wrong.
        what: &'static str,
    },
    /// The device does not know the group yet and the bundle does not bring its founding envelope.
    #[error(
        "this bundle does not bring the start of the group, which this device does not have yet; ask for a full bundle (`bundle export` without --since)"
    )]
    NoFounding,
    /// Nobody to seal to.
    #[error("there is no device to seal this bundle to; admit a member first")]
    NoRecipients,
}

impl From<Fault> for BundleError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Foreign => Self::NotABundle,
            Fault::Newer(found) => Self::NewerVersion { found },
            Fault::Truncated => Self::Truncated,
            Fault::Altered => Self::Altered,
            Fault::TooLarge => Self::TooLarge { what: "a part", limit: limits::SEALED_FRAME_BYTES },
        }
    }
}

/// Writes a parcel into a bundle that the recipients, and nobody else, can open.
///
/// # Errors
/// Nobody to seal to, or too many; more than a bundle holds; a part beyond core's limits.
pub fn seal(parcel: &Parcel, sealing: &Sealing<'_>) -> Result<Vec<u8>, BundleError> {
    let mut recipients = sealing.recipients.to_vec();
    recipients.sort_unstable();
    recipients.dedup();
    if recipients.len() > limits::RECIPIENTS {
        return Err(BundleError::TooLarge { what: "recipients", limit: limits::RECIPIENTS });
    }
    let packed = frames::pack(parcel, limits::PARCEL_BYTES)?;
    let mut content = vec![*sealing.group.as_bytes()];
    content.extend(recipients.iter().map(|key| *key.as_bytes()));
    content.extend(packed.iter().map(|frame| tagged_hash("copact bundle draw 1", &[frame])));
    let mut drawn = Drawn::new(sealing.random, "copact bundle 1", &content);

    let (header, key) = Header::seal(sealing.group, &recipients, &mut drawn)?;
    let (mut out, digest) = FORM.write(&copact_core::codec::encode(&header));
    frames::seal(&mut out, &packed, &key, &digest)?;
    if out.len() > limits::BUNDLE_BYTES {
        return Err(BundleError::TooLarge { what: "bytes", limit: limits::BUNDLE_BYTES });
    }
    Ok(out)
}

/// Opens a bundle for the first of the recipients that it was sealed to.
///
/// # Errors
/// One of [`BundleError`], each telling what is wrong with the file or for whom it is; never a
/// panic and never a part of the parcel, whatever the bytes are.
pub fn open(bytes: &[u8], who: &[Recipient<'_>]) -> Result<Opened, BundleError> {
    if bytes.len() > limits::BUNDLE_BYTES {
        return Err(BundleError::TooLarge { what: "bytes", limit: limits::BUNDLE_BYTES });
    }
    let (record, digest, mut reader) = FORM.read(bytes, limits::BUNDLE_HEADER_BYTES)?;
    let header = Header::read(record)?;
    // The whole file is walked before any key is tried: a cut copy is told as such to anybody.
    let sealed = frames::split(&mut reader, &digest)?;
    let (recipient, key) = header.unlock(who)?;
    let parcel = frames::open(&sealed, &key, &digest, limits::PARCEL_BYTES)?;
    let group = match who.get(recipient).and_then(|recipient| recipient.group) {
        Some(group) => group,
        None => header.founded_in(&parcel).ok_or(BundleError::NoFounding)?,
    };
    Ok(Opened { recipient, group, parcel })
}
