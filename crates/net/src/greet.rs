//! The greeting of `copact_sync::greeting` on a stream.

use copact_sync::greeting::{Acceptor, Channel, Dialer, GreetingError, Membership, Met};
use copact_sync::limits;
use iroh::endpoint::{Connection, ConnectionError, ReadError, RecvStream, SendStream};

use crate::frame::{self, FrameError, Pace};

/// Why a greeting did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// The other side has no common group with this device, or does not want to say so.
    #[error("the device there is in no group of this device")]
    Stranger,
    /// The other side refused with a sentence.
    #[error("the device there refused: {0}")]
    Told(String),
    /// The greeting was wrong.
    #[error(transparent)]
    Greeting(#[from] GreetingError),
    /// The stream broke.
    #[error("the greeting broke off: {0}")]
    Frame(FrameError),
    /// No random bytes, no exporter.
    #[error("the greeting cannot be made: {0}")]
    System(String),
    /// Too slow.
    #[error("the device there did not greet in time")]
    Late,
}

impl From<FrameError> for Refused {
    fn from(error: FrameError) -> Self {
        match error {
            FrameError::Ended | FrameError::Read(ReadError::Reset(_)) => Self::Stranger,
            FrameError::Read(ReadError::ConnectionLost(ConnectionError::ApplicationClosed(
                close,
            ))) => match crate::notes::said(&close.reason) {
                nothing if nothing.is_empty() => Self::Stranger,
                reason => Self::Told(reason),
            },
            other => Self::Frame(other),
        }
    }
}

/// What both ends derive from the connection, for one of its streams.
fn channel(connection: &Connection, send: &SendStream) -> Result<Channel, Refused> {
    Ok(Channel { exporter: exporter(connection)?, stream: send.id().into() })
}

/// What TLS exports on this connection, alike at both ends and nowhere else.
pub(crate) fn exporter(connection: &Connection) -> Result<[u8; 32], Refused> {
    let mut exporter = [0; 32];
    connection
        .export_keying_material(&mut exporter, b"copact peers 1", b"")
        .map_err(|_| Refused::System("TLS exports nothing".into()))?;
    Ok(exporter)
}

/// Fresh random bytes.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Refused> {
    let mut random = [0; N];
    getrandom::fill(&mut random).map_err(|error| Refused::System(error.to_string()))?;
    Ok(random)
}

/// Offers groups on a stream that this device opened.
pub(crate) async fn call(
    connection: &Connection,
    (send, recv): (&mut SendStream, &mut RecvStream),
    groups: &[Membership],
    pace: Pace,
) -> Result<Met, Refused> {
    let (dialer, call) = Dialer::call(channel(connection, send)?, groups, &random()?)?;
    frame::write(send, &call, pace).await?;
    let (called, proof) = dialer.prove(&frame::read(recv, limits::ANSWER_BYTES, pace).await?)?;
    frame::write(send, &proof, pace).await?;
    Ok(called.met(&frame::read(recv, limits::PROOF_BYTES, pace).await?)?)
}

/// Answers on a stream that the other side opened; says nothing to strangers.
pub(crate) async fn answer(
    connection: &Connection,
    (send, recv): (&mut SendStream, &mut RecvStream),
    groups: &[Membership],
    pace: Pace,
) -> Result<Met, Refused> {
    let channel = channel(connection, send)?;
    let call = frame::read(recv, limits::CALL_BYTES, pace).await?;
    let (acceptor, answer) = Acceptor::answer(channel, groups, &call)?;
    frame::write(send, &answer, pace).await?;
    let (proof, met) = acceptor.prove(&frame::read(recv, limits::PROOF_BYTES, pace).await?)?;
    frame::write(send, &proof, pace).await?;
    Ok(met?)
}
