//! Making a new envelope.

use super::{Chain, Content, EnvelopeError, Header, PROTOCOL_VERSION, Verified, Wire, body_hash};
use crate::codec;
use crate::day::Day;
use crate::ids::{EnvelopeId, GroupId, Incarnation, Salt};
use crate::keys::{DeviceSecret, Purpose};

/// What a new envelope is made of; see [`Header`] for the fields.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The group; `None` to found one.
    pub group: Option<GroupId>,
    /// The author's incarnation.
    pub incarnation: Incarnation,
    /// Its place in the chain.
    pub seq: u64,
    /// The chain's last envelope.
    pub prev: Option<EnvelopeId>,
    /// What else it builds on.
    pub parents: Vec<EnvelopeId>,
    /// The day.
    pub day: Day,
    /// 16 random bytes.
    pub salt: Salt,
    /// What it says.
    pub content: Content,
}

impl Draft {
    /// Signs it. The result went through the same checks as an envelope from elsewhere.
    ///
    /// # Errors
    /// The draft breaks a rule that every envelope must keep.
    pub fn sign(self, secret: &DeviceSecret) -> Result<Verified, EnvelopeError> {
        let body = codec::encode(&self.content);
        let header = Header {
            version: PROTOCOL_VERSION,
            group: self.group,
            chain: Chain { device: secret.public(), incarnation: self.incarnation },
            seq: self.seq,
            prev: self.prev,
            parents: self.parents,
            day: self.day,
            body: body_hash(&self.salt, &body),
            body_len: u32::try_from(body.len()).unwrap_or(u32::MAX),
        };
        let header = codec::encode(&header);
        let signature = secret.sign(Purpose::Envelope, &header);
        let signed = Wire { header, signature, salt: self.salt, body }.parse()?;
        signed.read_body()
    }
}
