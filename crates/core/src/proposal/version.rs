//! A version of the contract, as a proposal names it.

use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

use crate::ids::{ChangeHash, VersionId, tagged_hash};
use crate::limits;

/// The heads of a contract version: 1 to 24 changes, sorted, none twice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(Vec<ChangeHash>);

impl Version {
    /// Sorts the heads. `None` if there is none, or more than a proposal can name.
    #[must_use]
    pub fn new(mut heads: Vec<ChangeHash>) -> Option<Self> {
        heads.sort_unstable();
        heads.dedup();
        (1..=limits::VERSION_HEADS).contains(&heads.len()).then_some(Self(heads))
    }

    /// The heads, sorted.
    #[must_use]
    pub fn heads(&self) -> &[ChangeHash] {
        &self.0
    }

    /// BLAKE3("copact version 1" ‖ heads).
    #[must_use]
    pub fn id(&self) -> VersionId {
        let parts: Vec<&[u8]> = self.0.iter().map(|head| head.as_bytes().as_slice()).collect();
        VersionId::from_bytes(tagged_hash("copact version 1", &parts))
    }
}

impl<C> Encode<C> for Version {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        self.0.encode(e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for Version {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, decode::Error> {
        let heads: Vec<ChangeHash> = Vec::decode(d, ctx)?;
        let sorted = heads.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        Self::new(heads)
            .filter(|_| sorted)
            .ok_or_else(|| decode::Error::message("version: heads unsorted or too many"))
    }
}
