//! Device keys that asked to join and wait for the group's first bundle, sealed under the store
//! key.

use std::path::PathBuf;

use copact_core::ids::GroupId;
use copact_core::keys::DeviceKey;
use minicbor::{Decode, Encode};

use crate::error::{NodeError, Result};
use crate::file;
use crate::group::Secrets;
use crate::home::{Home, list, make_private};

/// More than one file of these never needs.
const BYTES: usize = 16 * 1_024;

/// A device key that waits.
#[derive(Clone, Encode, Decode)]
#[cbor(array)]
pub(crate) struct Waiting {
    /// The group, if the ticket told it.
    #[n(0)]
    pub(crate) group: Option<GroupId>,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    device: [u8; 32],
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    sealed: [u8; 32],
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    presence: [u8; 32],
    /// What it asks over the network; `None` if it was asked by file.
    #[n(4)]
    pub(crate) asking: Option<Asking>,
}

/// A request that is made over the network: it is asked again after a cut, word for word.
#[derive(Clone, Encode, Decode)]
#[cbor(array)]
pub(crate) struct Asking {
    /// The ticket's text: it says where to ask, and what the group is recognised by.
    #[n(0)]
    pub(crate) ticket: String,
    /// The request, as a file would have it.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub(crate) request: Vec<u8>,
}

impl Waiting {
    pub(crate) fn new(group: Option<GroupId>, secrets: &Secrets) -> Self {
        Self {
            group,
            device: *secrets.device.to_bytes(),
            sealed: *secrets.sealed.to_bytes(),
            presence: secrets.presence,
            asking: None,
        }
    }

    pub(crate) fn asking(self, asking: Asking) -> Self {
        Self { asking: Some(asking), ..self }
    }

    pub(crate) fn secrets(&self) -> Secrets {
        Secrets::of(&self.device, &self.sealed, self.presence)
    }
}

pub(crate) fn path(home: &Home, device: &DeviceKey) -> PathBuf {
    let name: String = device.to_string().chars().take(16).collect();
    home.waiting_folder().join(name)
}

pub(crate) fn keep(home: &Home, waiting: &Waiting) -> Result<()> {
    let path = path(home, &waiting.secrets().device.public());
    let plain = minicbor::to_vec(waiting).unwrap_or_default();
    let sealed = home.key()?.seal("waiting", &plain);
    let folder = home.waiting_folder();
    make_private(&folder)?;
    file::write_private(&path, &sealed)
}

/// All that wait.
pub(crate) fn all(home: &Home) -> Result<Vec<Waiting>> {
    let mut all = Vec::new();
    let paths = list(&home.waiting_folder())?;
    if paths.is_empty() {
        return Ok(all);
    }
    let key = home.key()?;
    for path in paths {
        if path.extension().is_some() {
            continue;
        }
        let sealed = file::read(&path, BYTES)?;
        let plain = key.open("waiting", &sealed).and_then(|plain| minicbor::decode(&plain).ok());
        all.push(plain.ok_or_else(|| {
            NodeError::input(
                "bad_waiting",
                format_args!(
                    "the key file of this home does not open {}, where the keys of a request to join \
                     wait",
                    path.display()
                ),
            )
            .hint("put the right key file back, or remove that file and ask to join again")
        })?);
    }
    Ok(all)
}
