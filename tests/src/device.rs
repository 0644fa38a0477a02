//! A device: keys, a chain, and where in it the device is.

use copact_core::act::{NewDevice, Role};
use copact_core::day::Day;
use copact_core::envelope::{Content, Draft, Verified};
use copact_core::ids::{EnvelopeId, GroupId, Incarnation, MemberId, Nonce, Salt};
use copact_core::keys::{BoxKey, DeviceKey, DeviceSecret, Purpose};

/// A clone of it is a copied home: both go on in one chain.
#[derive(Clone, Debug)]
pub struct Device {
    pub secret: DeviceSecret,
    pub incarnation: Incarnation,
    pub last: Option<(u64, EnvelopeId)>,
    salt: u64,
}

impl Device {
    pub fn new(seed: u8) -> Self {
        let secret = DeviceSecret::from_bytes(&[seed; 32]);
        let incarnation = Incarnation::from_bytes([seed; 8]);
        Self { secret, incarnation, last: None, salt: u64::from(seed) << 48 }
    }

    pub fn key(&self) -> DeviceKey {
        self.secret.public()
    }

    /// Begins another chain, as a restored device does.
    pub fn begin_again(&mut self, incarnation: u64) {
        self.incarnation = Incarnation::from_bytes(incarnation.to_le_bytes());
        self.last = None;
    }

    /// Makes what this copy draws differ from what other copies of it draw.
    pub fn stir(&mut self, by: u64) {
        self.salt ^= by << 32;
    }

    fn salt(&mut self) -> Salt {
        self.salt += 1;
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.salt.to_le_bytes());
        Salt::from_bytes(bytes)
    }

    /// Signs what comes next in the chain.
    pub fn sign(
        &mut self,
        group: Option<GroupId>,
        parents: &[EnvelopeId],
        day: Day,
        content: Content,
    ) -> Verified {
        let prev = self.last.map(|(_, id)| id);
        let seq = self.last.map_or(0, |(seq, _)| seq) + 1;
        let envelope = self.sign_at(group, seq, prev, parents, day, content);
        self.last = Some((seq, envelope.id()));
        envelope
    }

    /// Signs something at any place in the chain.
    pub fn sign_at(
        &mut self,
        group: Option<GroupId>,
        seq: u64,
        prev: Option<EnvelopeId>,
        parents: &[EnvelopeId],
        day: Day,
        content: Content,
    ) -> Verified {
        let mut parents = parents.to_vec();
        parents.retain(|id| Some(*id) != prev);
        let salt = self.salt();
        let incarnation = self.incarnation;
        Draft { group, incarnation, seq, prev, parents, day, salt, content }
            .sign(&self.secret)
            .unwrap()
    }

    fn consent(&self, purpose: Purpose, to: Option<[u8; 32]>, role: Option<&Role>) -> NewDevice {
        let nonce = Nonce::from_bytes([7; 16]);
        let box_key = BoxKey::from_bytes(*self.key().as_bytes());
        NewDevice::consent(&self.secret, box_key, purpose, to, role, nonce)
    }

    pub fn founds(&self, role: &Role) -> NewDevice {
        self.consent(Purpose::Founding, None, Some(role))
    }

    pub fn accepts(&self, group: GroupId, role: &Role) -> NewDevice {
        self.consent(Purpose::Acceptance, Some(*group.as_bytes()), Some(role))
    }

    pub fn joins(&self, member: MemberId) -> NewDevice {
        self.consent(Purpose::Device, Some(*member.as_bytes()), None)
    }
}
