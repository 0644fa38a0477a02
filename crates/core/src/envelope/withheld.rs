//! Envelopes of which only the header is here.

use std::sync::Arc;

use super::{Contained, Content, EnvelopeError, Header, Verified, Wire, check_version};
use crate::change::Withheld;
use crate::codec;
use crate::ids::Salt;
use crate::keys::{KnownKeys, Purpose, SignatureBytes};
use crate::limits;

impl Verified {
    /// An envelope of which only the header is here: its author's signature is verified, and what
    /// stands for its body is somebody's word. It is for judging an outsider's copy of a ledger;
    /// its bytes cannot be made again.
    ///
    /// # Errors
    /// A malformed header, a wrong signature, or a founding one, whose body nobody can withhold.
    pub fn with_withheld_body(
        header: &[u8],
        signature: SignatureBytes,
        withheld: Withheld,
        known: &mut KnownKeys,
    ) -> Result<Self, EnvelopeError> {
        check_version(header)?;
        let wire = Wire {
            header: header.to_vec(),
            signature,
            salt: Salt::from_bytes([0; 16]),
            body: Vec::new(),
        };
        let mut read: Header = codec::decode(header, "an envelope's header", limits::HEADER_BYTES)?;
        read.check()?;
        if read.group.is_none() {
            return Err(EnvelopeError::Header("a founding envelope without its body"));
        }
        known.verify(&read.chain.device, Purpose::Envelope, header, &signature)?;
        read.parents.shrink_to_fit();
        let (id, salt) = (wire.id(), wire.salt);
        let content = Arc::new(Content::Withheld(withheld));
        Ok(Self(Arc::new(Contained { id, header: read, signature, salt, content })))
    }
}
