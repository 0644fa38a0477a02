//! Report bundles: what an outsider verifies, with no home, no key and no network.
//!
//! ```text
//! "copact report" | version (1) | deflated CBOR | BLAKE3 of all before (32) | "report end"
//! ```
//!
//! A *sealed* bundle has every header, the bodies that figures need (no free text, no names, no
//! times of day), and in place of the contract a table of who wrote how much. An *audit* bundle has
//! all bodies and texts. Both carry the rules, the figures, and members' signatures of the
//! [`Claim`], which is what a group decides to share.

use copact_core::change::Withheld;
use copact_core::codec::{self, CodecError};
use copact_core::day::Day;
use copact_core::envelope::Wire;
use copact_core::ids::{ReportHash, Salt, tagged_hash};
use copact_core::keys::{DeviceKey, SignatureBytes};
use copact_core::profile::Profile;
use copact_core::side::SideText;
use copact_evidence::text::table::TextTable;
use minicbor::{Decode, Encode};
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

mod making;

pub(crate) use making::is_theirs;
pub use making::{Making, made_of};

const MAGIC: &[u8] = b"copact report";
const END: &[u8] = b"report end";
const VERSION: u8 = 1;
const DIGEST: usize = 32;
/// Largest bundle that is read: about a million envelopes.
pub const BUNDLE_BYTES: usize = 512 * 1_024 * 1_024;
/// What it may inflate to.
const INFLATED_BYTES: usize = 2 * BUNDLE_BYTES;
/// Hashes and signatures hardly shrink, so what a group wrote inflates to no more than this many
/// times its size, and a little: a small file does not fill the memory.
const RATIO: usize = 16;
const LITTLE: usize = 1_024 * 1_024;
const LEVEL: u8 = 9;

/// How much of the ledger is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Form {
    /// What figures need.
    #[n(0)]
    Sealed,
    /// Everything.
    #[n(1)]
    Audit,
}

impl Form {
    /// The word in JSON and on screens.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sealed => "sealed",
            Self::Audit => "audit",
        }
    }
}

/// One envelope.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Row {
    /// Its encoded header.
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub header: Vec<u8>,
    /// Its author's signature of it.
    #[n(1)]
    pub signature: SignatureBytes,
    /// Its body, or what stands for it.
    #[n(2)]
    pub part: Part,
}

/// A body, or what stands for it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub enum Part {
    /// The body.
    #[n(0)]
    Body {
        /// Its salt.
        #[n(0)]
        salt: Salt,
        /// Its bytes.
        #[n(1)]
        #[cbor(with = "minicbor::bytes")]
        body: Vec<u8>,
    },
    /// The body is kept from outsiders.
    #[n(1)]
    Withheld(#[n(0)] Withheld),
}

/// A member's signature of the claim.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub enum Countersign {
    /// Their yes to sharing this very report, an envelope of the ledger.
    #[n(0)]
    Answer(#[n(0)] Wire),
    /// A signature made for the report (`copact report sign`).
    #[n(1)]
    Signed {
        /// The device.
        #[n(0)]
        device: DeviceKey,
        /// Its signature of the claim's hash.
        #[n(1)]
        signature: SignatureBytes,
    },
}

/// A bundle as it is read and written.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(array)]
pub struct Bundle {
    /// How much is in it.
    #[n(0)]
    pub form: Form,
    /// The window's first day.
    #[n(1)]
    pub from: Day,
    /// The window's last day.
    #[n(2)]
    pub to: Day,
    /// The rules' file.
    #[n(3)]
    pub rules: String,
    /// Every envelope, ancestors first.
    #[n(4)]
    pub rows: Vec<Row>,
    /// Who wrote how much of each adopted version; none in an audit bundle, which has the text.
    #[n(5)]
    pub tables: Vec<TextTable>,
    /// The report as JSON.
    #[n(6)]
    pub figures: String,
    /// Members' signatures.
    #[n(7)]
    pub signatures: Vec<Countersign>,
    /// Free texts; none in a sealed bundle.
    #[n(8)]
    pub texts: Vec<SideText>,
    /// Names; none in a sealed bundle.
    #[n(9)]
    pub profiles: Vec<Profile>,
}

/// What members sign and a group decides to share: all that a report follows from. Figures are not
/// in it, because they follow.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct Claim {
    /// How much of the ledger goes out.
    #[n(0)]
    pub form: Form,
    /// The window's first day.
    #[n(1)]
    pub from: Day,
    /// The window's last day.
    #[n(2)]
    pub to: Day,
    /// The hash of the rules.
    #[n(3)]
    pub rules: [u8; 32],
    /// How far the ledger goes.
    #[n(4)]
    pub frontier: [u8; 32],
    /// The hash of what is told in place of bodies that are withheld.
    #[n(5)]
    pub told: [u8; 32],
}

impl Claim {
    /// BLAKE3("copact report 1" ‖ the claim).
    #[must_use]
    pub fn hash(&self) -> ReportHash {
        ReportHash::from_bytes(tagged_hash("copact report 1", &[&codec::encode(self)]))
    }
}

/// Why bytes are no bundle that can be looked into.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnreadBundle {
    /// Something else.
    #[error("this is not a report bundle; ask for the file that `copact evidence --sealed` wrote")]
    NotABundle,
    /// Too large to read.
    #[error("the file is {0} bytes long; a report bundle has at most {BUNDLE_BYTES}")]
    TooLong(usize),
    /// Made by a later copact.
    #[error(
        "this report bundle was made by a newer version of copact (format {0}, this one reads {VERSION}); verify it with that version"
    )]
    Newer(u8),
    /// A bundle once, of which bytes were changed, added or lost.
    #[error("the file is not what was written: bytes of it were changed, added or lost")]
    Altered,
    /// The checksum is right and what it covers is not.
    #[error("what is in the file cannot be read: {0}")]
    Codec(#[from] CodecError),
    /// It inflates to more than a bundle has, or not at all.
    #[error("what is in the file cannot be unpacked, or is larger than a report bundle can be")]
    Inflate,
}

impl Bundle {
    /// The bytes of the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.push(VERSION);
        bytes.extend(compress_to_vec(&codec::encode(self), LEVEL));
        let digest = blake3::hash(&bytes);
        bytes.extend(digest.as_bytes());
        bytes.extend(END);
        bytes
    }

    /// Reads the file; nothing in it is verified yet but that it is what was written.
    ///
    /// # Errors
    /// No bundle, or one that was altered.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, UnreadBundle> {
        if bytes.len() > BUNDLE_BYTES {
            return Err(UnreadBundle::TooLong(bytes.len()));
        }
        // Altered at one of its ends it is still known by the other.
        let (begins, ends) = (bytes.starts_with(MAGIC), bytes.ends_with(END));
        if !begins && !ends {
            return Err(UnreadBundle::NotABundle);
        }
        let inner = bytes.strip_suffix(END).ok_or(UnreadBundle::Altered)?;
        let (covered, digest) = inner.split_last_chunk::<DIGEST>().ok_or(UnreadBundle::Altered)?;
        if blake3::hash(covered).as_bytes() != digest {
            return Err(UnreadBundle::Altered);
        }
        let inner = covered.strip_prefix(MAGIC).ok_or(UnreadBundle::NotABundle)?;
        let (version, packed) = inner.split_first().ok_or(UnreadBundle::Altered)?;
        match *version {
            VERSION => {}
            newer if newer > VERSION => return Err(UnreadBundle::Newer(newer)),
            _ => return Err(UnreadBundle::NotABundle),
        }
        let most = INFLATED_BYTES.min(packed.len().saturating_mul(RATIO).saturating_add(LITTLE));
        let plain =
            decompress_to_vec_with_limit(packed, most).map_err(|_| UnreadBundle::Inflate)?;
        Ok(codec::decode(&plain, "the report bundle", most)?)
    }

    /// The hash of what is told in place of withheld bodies: the tables, and what stands for each
    /// body.
    #[must_use]
    pub fn told(&self) -> [u8; 32] {
        let stands = self.rows.iter().filter_map(|row| match &row.part {
            Part::Withheld(withheld) => Some(codec::encode(&(row.signature, withheld.clone()))),
            Part::Body { .. } => None,
        });
        let mut parts: Vec<Vec<u8>> = self.tables.iter().map(codec::encode).collect();
        parts.extend(stands);
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        tagged_hash("copact report told 1", &parts)
    }

    /// The claim that it makes about a ledger that goes so far.
    #[must_use]
    pub fn claim(&self, frontier: [u8; 32]) -> Claim {
        Claim {
            form: self.form,
            from: self.from,
            to: self.to,
            rules: *blake3::hash(self.rules.as_bytes()).as_bytes(),
            frontier,
            told: self.told(),
        }
    }
}
