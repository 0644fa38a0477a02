//! The bytes of one change chunk, read without trusting a single length in them.

use super::VoidChange;
use super::columns::{self, Op};
use crate::ids::ChangeHash;
use crate::limits;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const TYPE_CHANGE: u8 = 1;
const TYPE_COMPRESSED: u8 = 2;

/// An actor id.
pub(super) type Actor = [u8; 16];

/// A decoded change chunk; strings borrow from its bytes. Nothing about the document is known yet.
#[derive(Debug)]
pub(super) struct Chunk<'a> {
    /// The first bytes of the hash, as claimed.
    pub checksum: [u8; 4],
    /// What it builds on.
    pub deps: Vec<ChangeHash>,
    /// The author first, then the other actors it refers to.
    pub actors: Vec<Actor>,
    /// Its number among the author's changes.
    pub seq: u64,
    /// The number of its first operation.
    pub start_op: u64,
    /// Its operations.
    pub ops: Vec<Op<'a>>,
}

/// A cursor over bytes; every read says what it was after.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    what: &'static str,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(rest: &'a [u8], what: &'static str) -> Self {
        Self { rest, what }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) const fn malformed(&self) -> VoidChange {
        VoidChange::Malformed(self.what)
    }

    pub(super) fn take(&mut self, len: u64) -> Result<&'a [u8], VoidChange> {
        let len = usize::try_from(len).map_err(|_| self.malformed())?;
        let (head, tail) = self.rest.split_at_checked(len).ok_or_else(|| self.malformed())?;
        self.rest = tail;
        Ok(head)
    }

    fn byte(&mut self) -> Result<u8, VoidChange> {
        let (head, tail) = self.rest.split_first().ok_or_else(|| self.malformed())?;
        self.rest = tail;
        Ok(*head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], VoidChange> {
        let (head, tail) = self.rest.split_first_chunk::<N>().ok_or_else(|| self.malformed())?;
        self.rest = tail;
        Ok(*head)
    }

    /// An unsigned LEB128 number in its shortest form.
    pub(super) fn unsigned(&mut self) -> Result<u64, VoidChange> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && byte > 1 {
                break;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                let overlong = shift > 0 && byte == 0;
                return if overlong { Err(self.malformed()) } else { Ok(value) };
            }
        }
        Err(self.malformed())
    }

    /// A signed LEB128 number.
    pub(super) fn signed(&mut self) -> Result<i64, VoidChange> {
        let mut value = 0_i64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            if shift == 63 && !matches!(byte, 0 | 0x7f) {
                break;
            }
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                if shift < 57 && byte & 0x40 != 0 {
                    value |= -1_i64 << (shift + 7);
                }
                return Ok(value);
            }
        }
        Err(self.malformed())
    }

    pub(super) fn text(&mut self, len: u64) -> Result<&'a str, VoidChange> {
        let bytes = self.take(len)?;
        std::str::from_utf8(bytes).map_err(|_| self.malformed())
    }
}

impl<'a> Chunk<'a> {
    /// Reads the chunk. What needs no past is judged here: one plain chunk, no time, no message, no
    /// extra bytes, the actor table used, the number of operations.
    pub(super) fn read(bytes: &'a [u8], actor: Actor) -> Result<Self, VoidChange> {
        if bytes.len() > limits::BODY_BYTES {
            return Err(VoidChange::TooLarge(bytes.len()));
        }
        let mut outer = Reader::new(bytes, "header");
        if outer.array::<4>().map_err(|_| VoidChange::NotAChange)? != MAGIC {
            return Err(VoidChange::NotAChange);
        }
        let checksum = outer.array::<4>()?;
        match outer.byte()? {
            TYPE_CHANGE => {}
            TYPE_COMPRESSED => return Err(VoidChange::Compressed),
            _ => return Err(VoidChange::NotAChange),
        }
        let len = outer.unsigned()?;
        let data = outer.take(len)?;
        if !outer.is_empty() {
            return Err(VoidChange::TrailingBytes);
        }
        let mut chunk = Self::read_fields(data, actor)?;
        chunk.checksum = checksum;
        Ok(chunk)
    }

    fn read_fields(data: &'a [u8], actor: Actor) -> Result<Self, VoidChange> {
        let mut fields = Reader::new(data, "fields");
        let mut deps = Vec::new();
        for _ in 0..fields.unsigned()? {
            deps.push(ChangeHash::from_bytes(fields.array()?));
        }
        let len = fields.unsigned()?;
        if fields.take(len)? != actor.as_slice() {
            return Err(VoidChange::WrongActor);
        }
        let seq = fields.unsigned()?;
        let start_op = fields.unsigned()?;
        if fields.signed()? != 0 {
            return Err(VoidChange::Time);
        }
        if fields.unsigned()? != 0 {
            return Err(VoidChange::Message);
        }
        let mut actors = vec![actor];
        for _ in 0..fields.unsigned()? {
            let len = fields.unsigned()?;
            let other = fields.take(len)?;
            // Actors are of one length here, so one of another length wrote nothing anywhere.
            actors.push(other.try_into().map_err(|_| VoidChange::UnknownActor)?);
        }
        let ops = columns::read(&mut fields, actors.len())?;
        if !fields.is_empty() {
            return Err(VoidChange::ExtraBytes);
        }
        if ops.is_empty() {
            return Err(VoidChange::Empty);
        }
        let chunk = Self { checksum: [0; 4], deps, actors, seq, start_op, ops };
        chunk.check_actors()?;
        Ok(chunk)
    }

    fn check_actors(&self) -> Result<(), VoidChange> {
        let ascending = self.actors.iter().skip(1).is_sorted_by(|a, b| a < b);
        let mut used = vec![false; self.actors.len()];
        if let Some(own) = used.first_mut() {
            *own = true;
        }
        for id in self.ops.iter().flat_map(Op::ids) {
            if let Some(flag) = usize::try_from(id.actor).ok().and_then(|i| used.get_mut(i)) {
                *flag = true;
            }
        }
        let own_again = self.actors.iter().skip(1).any(|a| Some(a) == self.actors.first());
        if !ascending || own_again || used.contains(&false) {
            return Err(VoidChange::UnusedActor);
        }
        Ok(())
    }
}
