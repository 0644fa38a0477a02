//! What goes over the socket: a command in one frame, what it says in several, its end in the last.
//! A frame is a byte that says what it is, its length in four bytes, and as many bytes.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use crate::output::Streams;

/// The most that a command may be: arguments are shorter on every system.
pub(super) const COMMAND_BYTES: usize = 4 * 1_024 * 1_024;
/// The most that one frame of an answer may be.
pub(super) const ANSWER_BYTES: usize = 512 * 1_024 * 1_024;

/// A command, as it was typed at the other end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Typed {
    /// The program's version: another one says other things.
    pub version: String,
    /// The words, the program's name first, as bytes.
    pub words: Vec<Vec<u8>>,
    /// The folder that it was typed in, as bytes.
    pub folder: Vec<u8>,
    /// The home as it was named, as bytes.
    pub home: Vec<u8>,
    /// The moment there.
    pub seconds: i64,
    /// The day there, as it is written.
    pub day: String,
    /// The streams there.
    pub streams: Streams,
    /// The answers so far, each a line.
    pub answers: Vec<String>,
    /// Whether there will be no other.
    pub closed: bool,
    /// How many pieces of what it says were shown already.
    pub shown: usize,
}

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A command.
    Command,
    /// For standard output.
    Out,
    /// For standard error.
    Error,
    /// A question that needs an answer; the last frame.
    Question,
    /// The exit code; the last frame.
    Exit,
    /// The holder takes no such command; the last frame. A sentence.
    Refused,
}

impl Kind {
    const ALL: [Self; 6] =
        [Self::Command, Self::Out, Self::Error, Self::Question, Self::Exit, Self::Refused];

    fn byte(self) -> u8 {
        let at = Self::ALL.iter().position(|kind| *kind == self);
        at.and_then(|at| u8::try_from(at).ok()).map_or(0, |at| at.saturating_add(1))
    }
}

/// Writes a frame.
pub(super) fn write(to: &mut impl Write, kind: Kind, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    let [a, b, c, d] = length.to_be_bytes();
    to.write_all(&[kind.byte(), a, b, c, d])?;
    to.write_all(bytes)
}

/// Reads a frame of at most `limit` bytes; memory is taken as bytes arrive.
pub(super) fn read(from: &mut impl Read, limit: usize) -> io::Result<(Kind, Vec<u8>)> {
    let mut head = [0; 5];
    from.read_exact(&mut head)?;
    let [kind, length @ ..] = head;
    let kind = Kind::ALL.into_iter().find(|one| one.byte() == kind);
    let kind = kind.ok_or_else(|| io::Error::other("not a frame of copact"))?;
    let length = u32::from_be_bytes(length);
    if usize::try_from(length).map_or(true, |length| length > limit) {
        return Err(io::Error::other("a frame is too long"));
    }
    let mut bytes = Vec::new();
    from.take(length.into()).read_to_end(&mut bytes)?;
    if u32::try_from(bytes.len()).ok() == Some(length) {
        Ok((kind, bytes))
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_frame_is_read_whole_or_not_at_all_and_none_is_longer_than_allowed() {
        let mut bytes = Vec::new();
        write(&mut bytes, Kind::Out, b"hello").unwrap();
        assert_eq!(read(&mut bytes.as_slice(), 5).unwrap(), (Kind::Out, b"hello".to_vec()));
        assert!(read(&mut bytes.as_slice(), 4).is_err());
        for end in 0..bytes.len() {
            assert!(read(&mut bytes.get(..end).unwrap(), 5).is_err(), "{end}");
        }
        assert!(read(&mut [9, 0, 0, 0, 0].as_slice(), 5).is_err(), "no such frame");
        let huge = [2, 0xff, 0xff, 0xff, 0xff];
        assert!(read(&mut huge.as_slice(), ANSWER_BYTES).is_err());
    }
}
