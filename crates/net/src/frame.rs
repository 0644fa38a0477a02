//! One message on a stream: its length as 4 bytes, the highest first, and then its bytes.
//!
//! Whoever sends may be hostile. The length is compared with a limit before anything is allocated,
//! memory is taken as bytes arrive, and a message that was begun must go on: a deadline moves with
//! the bytes that arrived, at a rate that any working connection reaches. Silence between messages
//! costs nothing and may last.

use std::time::Duration;

use iroh::endpoint::{ReadError, RecvStream, SendStream, WriteError};
use tokio::time::{Instant, timeout_at};

/// Bytes that are taken from a stream at once, and memory grows by.
const STEP: usize = 64 * 1_024;

/// How fast a message that was begun must go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How long nothing may happen, and what every message may take in any case.
    pub grace: Duration,
    /// Bytes a second that must arrive, or be taken, after it.
    pub rate: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { grace: Duration::from_secs(20), rate: 8 * 1_024 }
    }
}

impl Pace {
    /// When a message that began at `start` is too late, `bytes` of it having passed.
    fn deadline(self, start: Instant, bytes: usize) -> Instant {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        start + self.grace + Duration::from_secs(bytes / u64::from(self.rate.max(1)))
    }
}

/// Why no message came, or went.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FrameError {
    /// The stream ended where a message could have begun.
    #[error("the other side ended it")]
    Ended,
    /// It ended inside a message.
    #[error("the connection ended in the middle of a message")]
    CutOff,
    /// A message is larger than any may be.
    #[error("the other side began a message of {0} bytes, and {1} are the most")]
    TooLarge(usize, usize),
    /// Too slow.
    #[error("the other side began a message and did not go on with it")]
    Stalled,
    /// Too slow in taking.
    #[error("the other side does not take what is sent to it")]
    NotTaken,
    /// The stream broke.
    #[error("{0}")]
    Read(#[from] ReadError),
    /// The stream broke.
    #[error("{0}")]
    Write(#[from] WriteError),
}

/// Reads a message of at most `limit` bytes, whenever it comes.
pub(crate) async fn read(
    stream: &mut RecvStream,
    limit: usize,
    pace: Pace,
) -> Result<Vec<u8>, FrameError> {
    let mut prefix = [0_u8; 4];
    let Some(first) = stream.read(&mut prefix).await? else { return Err(FrameError::Ended) };
    let start = Instant::now();
    let (_, missing) = prefix.split_at_mut_checked(first).ok_or(FrameError::CutOff)?;
    fill(stream, missing, pace.deadline(start, 0)).await?;
    let length = usize::try_from(u32::from_be_bytes(prefix)).unwrap_or(usize::MAX);
    if length > limit {
        return Err(FrameError::TooLarge(length, limit));
    }
    let mut message = Vec::new();
    while message.len() < length {
        let step = (length - message.len()).min(STEP);
        let deadline = pace.deadline(start, message.len());
        let chunk = timeout_at(deadline, stream.read_chunk(step))
            .await
            .map_err(|_| FrameError::Stalled)??
            .ok_or(FrameError::CutOff)?;
        message.extend_from_slice(&chunk);
    }
    Ok(message)
}

async fn fill(
    stream: &mut RecvStream,
    mut into: &mut [u8],
    deadline: Instant,
) -> Result<(), FrameError> {
    while !into.is_empty() {
        let read = timeout_at(deadline, stream.read(into))
            .await
            .map_err(|_| FrameError::Stalled)??
            .ok_or(FrameError::CutOff)?;
        into = into.split_at_mut_checked(read).ok_or(FrameError::CutOff)?.1;
    }
    Ok(())
}

/// Writes a message; whoever does not take it is given up.
pub(crate) async fn write(
    stream: &mut SendStream,
    message: &[u8],
    pace: Pace,
) -> Result<(), FrameError> {
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    let prefix = length.to_be_bytes();
    let start = Instant::now();
    let mut passed = 0;
    for chunk in std::iter::once(prefix.as_slice()).chain(message.chunks(STEP)) {
        let deadline = pace.deadline(start, passed);
        timeout_at(deadline, stream.write_all(chunk)).await.map_err(|_| FrameError::NotTaken)??;
        passed += chunk.len();
    }
    Ok(())
}
