//! What is stored together or not at all.

use copact_core::codec;
use copact_core::envelope::Verified;
use copact_core::ids::{TextHash, tagged_hash};
use copact_core::profile::Profile;
use copact_core::side::SideText;
use zeroize::Zeroizing;

use crate::rows::Kind;

/// One transaction: all of it becomes durable, or nothing. Nothing in it is applied twice; what is
/// erased or set later in the batch wins over what came before.
#[derive(Debug, Default)]
pub struct Batch {
    pub(crate) envelopes: Vec<Verified>,
    pub(crate) values: Vec<Value>,
}

/// A sealed value that is put in place, or taken away (`content` is `None`).
#[derive(Debug)]
pub(crate) struct Value {
    pub(crate) kind: Kind,
    pub(crate) key: [u8; 32],
    pub(crate) content: Option<Zeroizing<Vec<u8>>>,
}

impl Batch {
    /// An empty batch.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there is nothing to store.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.envelopes.is_empty() && self.values.is_empty()
    }

    /// Adds an envelope, after what it builds on and only once: the store keeps the order, and no
    /// index by id that could tell a second time.
    pub fn add_envelope(&mut self, envelope: Verified) {
        self.envelopes.push(envelope);
    }

    /// Adds a side text.
    pub fn add_text(&mut self, text: &SideText) {
        self.put(Kind::Text, *text.hash().as_bytes(), codec::encode(text));
    }

    /// Erases a side text; nothing of it stays in the store's files.
    pub fn erase_text(&mut self, text: TextHash) {
        self.take(Kind::Text, *text.as_bytes());
    }

    /// Adds a profile record.
    pub fn add_profile(&mut self, profile: &Profile) {
        let bytes = codec::encode(profile);
        self.put(Kind::Profile, profile_key(&bytes), bytes);
    }

    /// Erases a profile record; nothing of it stays in the store's files.
    pub fn erase_profile(&mut self, profile: &Profile) {
        self.take(Kind::Profile, profile_key(&codec::encode(profile)));
    }

    /// Sets a small value of the device's own: a secret, an invite.
    pub fn set_setting(&mut self, name: &str, content: &[u8]) {
        self.put(Kind::Setting, name_key(name), content.to_vec());
    }

    /// Removes a setting.
    pub fn remove_setting(&mut self, name: &str) {
        self.take(Kind::Setting, name_key(name));
    }

    /// A setting as this batch would leave it: `None` if it does not set it.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&[u8]> {
        let key = name_key(name);
        let mut last = self.values.iter().rev();
        let value = last.find(|value| value.kind == Kind::Setting && value.key == key)?;
        value.content.as_ref().map(|content| content.as_slice())
    }

    /// Keeps something that was made from what the store holds once this batch is in it, and can
    /// be made again. The store binds it to that, so that it is never read beside anything else.
    pub fn set_cache(&mut self, name: &str, content: &[u8]) {
        self.put(Kind::Cache, name_key(name), content.to_vec());
    }

    pub(crate) fn put(&mut self, kind: Kind, key: [u8; 32], content: Vec<u8>) {
        self.values.push(Value { kind, key, content: Some(Zeroizing::new(content)) });
    }

    fn take(&mut self, kind: Kind, key: [u8; 32]) {
        self.values.push(Value { kind, key, content: None });
    }

    /// Whether something is to disappear that people asked to have erased.
    pub(crate) fn erases(&self) -> bool {
        self.values.iter().any(|value| value.content.is_none())
    }
}

/// The key of a named value.
pub(crate) fn name_key(name: &str) -> [u8; 32] {
    tagged_hash("copact store 1 name", &[name.as_bytes()])
}

/// The key of a profile record.
pub(crate) fn profile_key(encoded: &[u8]) -> [u8; 32] {
    tagged_hash("copact store 1 profile", &[encoded])
}
