//! The outer form that all files of copact share: magic, version, checked lengths, checksum.
//!
//! Lengths carry a check of their own, so that a file that was *cut* (its last length reaches
//! beyond the end) can be told from one whose length was *altered* (the check fails). Checks and
//! checksums are not keyed: they tell damage from a file meant for somebody else. What keeps out
//! forgers stands inside.

use copact_core::ids::tagged_hash;

/// Bytes of a magic. The first is not ASCII, so that no text file begins with one.
pub(crate) const MAGIC_BYTES: usize = 15;
const LENGTH_BYTES: usize = 9;
const CHECKSUM_BYTES: usize = 16;

/// What is wrong with the outer form; each module has its own sentence for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Another kind of file.
    Foreign,
    /// A later version of this kind of file.
    Newer(u8),
    /// The file ends too early.
    Truncated,
    /// Bytes are not those that were written.
    Altered,
    /// A length beyond its limit.
    TooLarge,
}

/// One kind of file.
pub(crate) struct Form {
    /// How it begins.
    pub magic: &'static [u8; MAGIC_BYTES],
    /// The version written, and the last one read.
    pub version: u8,
    /// The domain tag of its checksum.
    pub tag: &'static str,
}

/// Bytes and how far they were read.
pub(crate) struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    /// The next `len` bytes.
    pub(crate) fn take(&mut self, len: usize) -> Result<&'b [u8], Fault> {
        let end = self.at.checked_add(len).ok_or(Fault::TooLarge)?;
        let taken = self.bytes.get(self.at..end).ok_or(Fault::Truncated)?;
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        self.take(N)?.try_into().map_err(|_| Fault::Truncated)
    }

    /// Nothing may follow.
    pub(crate) const fn end(&self) -> Result<(), Fault> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(Fault::Altered) }
    }

    /// A length and the `last` flag, as [`write_length`] wrote them in this context.
    pub(crate) fn length(&mut self, context: &[u8], limit: usize) -> Result<(bool, usize), Fault> {
        let [flag] = self.array()?;
        let bytes: [u8; 4] = self.array()?;
        let check: [u8; 4] = self.array()?;
        if flag > 1 || check != length_check(context, flag, bytes) {
            return Err(Fault::Altered);
        }
        match usize::try_from(u32::from_be_bytes(bytes)) {
            Ok(len) if len <= limit => Ok((flag == 1, len)),
            _ => Err(Fault::TooLarge),
        }
    }
}

/// Appends a length with its check. `context` says where in the file it stands.
pub(crate) fn write_length(out: &mut Vec<u8>, context: &[u8], last: bool, len: usize) {
    let bytes = u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes();
    out.reserve(LENGTH_BYTES + len);
    out.push(u8::from(last));
    out.extend_from_slice(&bytes);
    out.extend_from_slice(&length_check(context, u8::from(last), bytes));
}

fn length_check(context: &[u8], flag: u8, len: [u8; 4]) -> [u8; 4] {
    let [a, b, c, d, ..] = tagged_hash("copact length 1", &[context, &[flag], &len]);
    [a, b, c, d]
}

impl Form {
    /// Magic, version, `record` with its length, checksum. Gives the file so far and its digest.
    pub(crate) fn write(&self, record: &[u8]) -> (Vec<u8>, [u8; 32]) {
        let mut out = self.magic.to_vec();
        out.push(self.version);
        write_length(&mut out, self.magic, true, record.len());
        out.extend_from_slice(record);
        let digest = tagged_hash(self.tag, &[&out]);
        out.extend(digest.iter().take(CHECKSUM_BYTES));
        (out, digest)
    }

    /// Reads what [`Form::write`] wrote: the record, its digest, and a reader of what follows.
    pub(crate) fn read<'b>(
        &self,
        bytes: &'b [u8],
        limit: usize,
    ) -> Result<(&'b [u8], [u8; 32], Reader<'b>), Fault> {
        let mut reader = Reader { bytes, at: 0 };
        let begins = self.magic.starts_with(bytes.get(..MAGIC_BYTES).unwrap_or(bytes));
        match reader.take(MAGIC_BYTES) {
            _ if !begins => return Err(Fault::Foreign),
            Err(fault) => return Err(fault),
            Ok(_) => {}
        }
        match reader.array()? {
            [found] if found > self.version => return Err(Fault::Newer(found)),
            [found] if found < self.version => return Err(Fault::Altered),
            _ => {}
        }
        let (last, len) = reader.length(self.magic, limit)?;
        let record = reader.take(len)?;
        let digest = tagged_hash(self.tag, &[bytes.get(..reader.at).unwrap_or_default()]);
        let checksum: [u8; CHECKSUM_BYTES] = reader.array()?;
        if last && digest.starts_with(&checksum) {
            Ok((record, digest, reader))
        } else {
            Err(Fault::Altered)
        }
    }
}
