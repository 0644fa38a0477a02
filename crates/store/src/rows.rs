//! What a row holds.

use copact_core::envelope::{Signed, Wire};
use copact_core::ids::{GroupId, Salt};
use copact_core::keys::SignatureBytes;
use rusqlite::Row;

use crate::seal::Sealer;

/// The kinds of sealed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A salted side text, by its hash.
    Text,
    /// A profile record, by the hash of its bytes.
    Profile,
    /// A small value of the device's own, by its name.
    Setting,
    /// Something that can be made again, by its name.
    Cache,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Text, Self::Profile, Self::Setting, Self::Cache];

    /// The name that values are sealed under.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Profile => "profile",
            Self::Setting => "setting",
            Self::Cache => "cache",
        }
    }

    /// The word for people.
    pub(crate) const fn plural(self) -> &'static str {
        match self {
            Self::Text => "texts",
            Self::Profile => "profiles",
            Self::Setting => "settings",
            Self::Cache => "caches",
        }
    }

    /// The number in the database.
    pub(crate) const fn number(self) -> i64 {
        match self {
            Self::Text => 1,
            Self::Profile => 2,
            Self::Setting => 3,
            Self::Cache => 4,
        }
    }
}

/// Where the group's id stands in an encoded header: array of 9, version, byte string of 32.
const GROUP_AT: usize = 4;
const BEFORE_GROUP: [u8; GROUP_AT] = [0x89, copact_core::envelope::PROTOCOL_VERSION, 0x58, 0x20];

/// Leaves the group's id out of a header, which is the same in every row. A founding header has
/// none and stays whole, so the first bytes tell which it is.
pub(crate) fn fold_header(header: &[u8], group: GroupId) -> Vec<u8> {
    let whole = header.strip_prefix(&BEFORE_GROUP).and_then(|h| h.strip_prefix(group.as_bytes()));
    match whole {
        Some(rest) => [&BEFORE_GROUP, rest].concat(),
        None => header.to_vec(),
    }
}

/// The inverse of [`fold_header`], for headers of this group.
pub(crate) fn unfold_header(folded: &[u8], group: GroupId) -> Vec<u8> {
    match folded.strip_prefix(&BEFORE_GROUP) {
        Some(rest) => [&BEFORE_GROUP, group.as_bytes().as_slice(), rest].concat(),
        None => folded.to_vec(),
    }
}

/// The columns header, signature and sealed of an envelope's row.
pub(crate) const COLUMNS: &str = "header, signature, sealed";

/// The bytes of an envelope's row, to be read where the database is not.
pub(crate) struct Raw {
    header: Vec<u8>,
    signature: Vec<u8>,
    sealed: Vec<u8>,
}

impl Raw {
    /// Copies a row's bytes.
    pub(crate) fn of(row: &Row<'_>) -> Result<Self, rusqlite::Error> {
        let blob = |column| Ok::<_, rusqlite::Error>(row.get_ref(column)?.as_blob()?.to_vec());
        Ok(Self { header: blob(0)?, signature: blob(1)?, sealed: blob(2)? })
    }

    /// How much memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.header.len() + self.signature.len() + self.sealed.len()
    }

    /// As [`signed`].
    pub(crate) fn read(&self, sealer: &Sealer, group: GroupId) -> Result<Signed, String> {
        read(&self.header, &self.signature, &self.sealed, sealer, group)
    }
}

/// Reads an envelope's row. The id is computed from header and signature; that the sealed body
/// opens under it proves that all three are what this device stored.
pub(crate) fn signed(
    row: &Row<'_>,
    sealer: &Sealer,
    group: GroupId,
) -> Result<Result<Signed, String>, rusqlite::Error> {
    let blob = |column| Ok::<_, rusqlite::Error>(row.get_ref(column)?.as_blob()?);
    let (folded, signature, sealed) = (blob(0)?, blob(1)?, blob(2)?);
    Ok(read(folded, signature, sealed, sealer, group))
}

fn read(
    folded: &[u8],
    signature: &[u8],
    sealed: &[u8],
    sealer: &Sealer,
    group: GroupId,
) -> Result<Signed, String> {
    let changed = || "its bytes are not those that were stored".to_owned();
    let header = unfold_header(folded, group);
    let signature = SignatureBytes::from_slice(signature).ok_or_else(changed)?;
    let mut wire = Wire { header, signature, salt: Salt::from_bytes([0; 16]), body: Vec::new() };
    let mut opened = sealer.open_body(&wire.id(), sealed).map_err(|_| changed())?;
    let (salt, _) = opened.split_first_chunk::<16>().ok_or_else(changed)?;
    wire.salt = Salt::from_bytes(*salt);
    opened.drain(..16);
    wire.body = opened;
    let signed = wire.parse().map_err(|error| error.to_string())?;
    let of_group = signed.header().group.unwrap_or(GroupId::of(signed.id())) == group;
    if of_group { Ok(signed) } else { Err("it belongs to another group".to_owned()) }
}

/// The group that a founding envelope's row founds; `None` for any other row. Its header has no
/// group, and its id is the group's.
pub(crate) fn founded_group(
    row: &Row<'_>,
    sealer: &Sealer,
) -> Result<Option<GroupId>, rusqlite::Error> {
    let header = row.get_ref(0)?.as_blob()?.to_vec();
    let Some(signature) = SignatureBytes::from_slice(row.get_ref(1)?.as_blob()?) else {
        return Ok(None);
    };
    let wire = Wire { header, signature, salt: Salt::from_bytes([0; 16]), body: Vec::new() };
    let group = GroupId::of(wire.id());
    Ok(signed(row, sealer, group)?.ok().map(|_| group))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_leaves_out_the_own_group_and_nothing_else() {
        let group = GroupId::from_bytes([7; 32]);
        let rest = [1, 2, 3];
        let header = [&BEFORE_GROUP, group.as_bytes().as_slice(), &rest].concat();
        assert_eq!(fold_header(&header, group).len(), header.len() - 32);
        let founding = [0x89, 1, 0xf6, 9, 9];
        for whole in [header.as_slice(), &founding] {
            assert_eq!(unfold_header(&fold_header(whole, group), group), whole);
        }
    }
}
