//! Anchors: what an outsider signs for a group, so that something is known of when things happened.
//!
//! The outsider's key is one of the home, made at the first signature. It says nothing of any
//! group that the home is in.

use std::path::{Path, PathBuf};

use copact_core::act::Act;
use copact_core::anchor::{Statement, StatementError, Witnessed};
use copact_core::codec::{self, CodecError};
use copact_core::entry::{Anchor, Record};
use copact_core::ids::{EnvelopeId, GroupId};
use copact_core::keys::{DeviceSecret, Purpose};
use copact_core::ledger::Placed;
use copact_core::limits;
use data_encoding::BASE32_NOPAD;
use minicbor::{Decode, Encode};
use serde::Serialize;

use crate::error::{NodeError, Result};
use crate::file;
use crate::group::Group;
use crate::home::{Home, random};

const REQUEST: &str = "copact-anchor-request-";
const ANCHOR: &str = "copact-anchor-";
const FILE_BYTES: usize = 16 * 1_024;
/// The sealed key's file in the home.
const OUTSIDER: &str = "outsider";

/// What a group asks an outsider to sign.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct Request {
    #[n(0)]
    group: GroupId,
    #[n(1)]
    heads: Vec<EnvelopeId>,
}

/// A request was written.
#[derive(Clone, Debug, Serialize)]
pub struct Requested {
    /// The file.
    pub file: PathBuf,
    /// How many envelopes it bounds.
    pub envelopes: usize,
}

/// An outsider signed.
#[derive(Clone, Debug, Serialize)]
pub struct Anchored {
    /// The file for the group.
    pub file: PathBuf,
    /// The outsider's key, by which reports name them.
    pub key: String,
    /// `seen` or `number`.
    pub kind: &'static str,
}

/// The group recorded it.
#[derive(Clone, Debug, Serialize)]
pub struct Recorded {
    /// The entry.
    pub id: EnvelopeId,
    /// The outsider's key.
    pub key: String,
    /// The outsider's day.
    pub day: copact_core::day::Day,
}

impl Group {
    /// Writes what an outsider is to sign: the newest envelopes, which stand for all before them.
    ///
    /// # Errors
    /// This device's member does not stand, or the file cannot be written.
    pub fn request_anchor(&mut self, to: &Path) -> Result<Requested> {
        self.must_stand()?;
        let heads: Vec<_> = self.ledger().heads().filter_map(|at| self.ledger().at(at)).collect();
        let mut heads: Vec<EnvelopeId> = heads.into_iter().map(Placed::id).collect();
        if heads.len() > limits::ANCHOR_HEADS {
            heads = vec![self.write_act(Act::Link, &heads)?];
            self.save()?;
        }
        heads.sort_unstable();
        let request = Request { group: self.ledger().group(), heads };
        file::write(to, text(REQUEST, &codec::encode(&request)).as_bytes())?;
        Ok(Requested { file: to.to_owned(), envelopes: self.ledger().len() })
    }

    /// Records what an outsider signed.
    ///
    /// # Errors
    /// It is no anchor, does not verify, or is about what is not here.
    pub fn add_anchor(&mut self, path: &Path) -> Result<Recorded> {
        self.must_stand()?;
        let anchor: Anchor = read(path, ANCHOR, "an anchor", "copact anchor sign")?;
        let key = anchor.key;
        key.verify(Purpose::Anchor, &anchor.statement, &anchor.signature).map_err(|_| {
            NodeError::input(
                "bad_anchor",
                format_args!("{}: the outsider's signature is not of this", path.display()),
            )
            .hint("the file was altered; ask the outsider for it again")
        })?;
        let told = |error: StatementError| NodeError::told("bad_anchor", error).of_file(path);
        let statement = Statement::read(&anchor.statement).map_err(told)?;
        let about = match &statement.witnessed {
            Witnessed::Number(_) => Vec::new(),
            Witnessed::Seen { group, .. } if *group != self.ledger().group() => {
                return Err(NodeError::input(
                    "other_group",
                    format_args!("{} is an anchor of another group", path.display()),
                )
                .hint("name the group it is about with --group"));
            }
            Witnessed::Seen { heads, .. } => heads.clone(),
        };
        if about.iter().any(|id| self.ledger().get(*id).is_none()) {
            return Err(NodeError::input(
                "not_all_here",
                format_args!("{}: what was signed is not all on this device", path.display()),
            )
            .hint("sync with the others first"));
        }
        let entry =
            copact_core::entry::Entry { on_behalf_of: None, record: Record::Anchor(anchor) };
        let id = self.write(copact_core::envelope::Content::Entry(entry), &about)?;
        self.save()?;
        Ok(Recorded { id, key: key.to_string(), day: statement.day })
    }
}

/// Signs a group's request as an outsider; or, without one, a new number for a group to record.
///
/// # Errors
/// It is no request, or a file cannot be read or written.
pub fn sign_anchor(
    home: &Home,
    request: Option<&Path>,
    people: Option<u32>,
    to: &Path,
) -> Result<Anchored> {
    let witnessed = match request {
        Some(path) => {
            let request: Request =
                read(path, REQUEST, "a request for an anchor", "copact anchor request")?;
            Witnessed::Seen { group: request.group, heads: request.heads }
        }
        None => Witnessed::Number(random()?),
    };
    let kind = match witnessed {
        Witnessed::Seen { .. } => "seen",
        Witnessed::Number(_) => "number",
    };
    let secret = outsiders_key(home)?;
    let statement = Statement { witnessed, day: home.clock().day, people };
    let anchor = statement.sign(&secret).map_err(|error| NodeError::told("bad_anchor", error))?;
    file::write(to, text(ANCHOR, &codec::encode(&anchor)).as_bytes())?;
    Ok(Anchored { file: to.to_owned(), key: secret.public().to_string(), kind })
}

/// The key with which this home signs for other groups, made when it is first needed.
fn outsiders_key(home: &Home) -> Result<DeviceSecret> {
    let store_key = home.key()?;
    let path = home.folder().join(OUTSIDER);
    if path.exists() {
        let bytes = file::read(&path, FILE_BYTES)?;
        let opened = store_key.open(OUTSIDER, &bytes);
        let seed = opened.as_deref().and_then(|one| <[u8; 32]>::try_from(one.as_slice()).ok());
        let seed = seed.ok_or_else(|| {
            NodeError::failed(
                "bad_outsider_key",
                format_args!("{} is damaged, or of another home", path.display()),
            )
            .hint("remove it to sign with a new key; what the old one signed stays valid")
        })?;
        return Ok(DeviceSecret::from_bytes(&seed));
    }
    let seed = random::<32>()?;
    file::write_private(&path, &store_key.seal(OUTSIDER, &seed))?;
    Ok(DeviceSecret::from_bytes(&seed))
}

fn text(prefix: &str, bytes: &[u8]) -> String {
    format!("{prefix}{}\n", BASE32_NOPAD.encode(bytes).to_ascii_lowercase())
}

fn read<T>(path: &Path, prefix: &str, what: &'static str, from: &str) -> Result<T>
where
    T: for<'b> Decode<'b, ()> + Encode<()>,
{
    let typed = file::read_text(path, FILE_BYTES)?;
    let none = || {
        NodeError::input("not_an_anchor", format_args!("{} is not {what}", path.display()))
            .hint(format_args!("`{from}` writes one"))
    };
    let coded = typed.trim().strip_prefix(prefix).ok_or_else(none)?;
    let bytes = BASE32_NOPAD.decode(coded.to_ascii_uppercase().as_bytes()).map_err(|_| none())?;
    codec::decode(&bytes, what, FILE_BYTES)
        .map_err(|error: CodecError| NodeError::told("not_an_anchor", error).of_file(path))
}
