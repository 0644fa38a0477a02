//! The task of one link: it reads, writes, and says at the end why it ended.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use copact_sync::greeting::Met;
use copact_sync::limits;
use iroh::endpoint::{
    Connection, ConnectionError, ReadError, RecvStream, SendStream, VarInt, WriteError,
};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{Instant, timeout};

use crate::endpoint;
use crate::event::{Event, Link, Room};
use crate::frame::{self, FrameError};
use crate::links::Ends;
use crate::notes::said;
use crate::running::Running;

/// The code of connections and streams that are closed with a sentence.
pub(crate) const CLOSED: VarInt = VarInt::from_u32(1);
/// Bytes of a sentence that closes a link.
const REASON_BYTES: usize = 600;
/// How long the other side may take to hear the last words.
const FAREWELL: Duration = Duration::from_secs(2);
/// What is said when the network ends.
const ENDS: &str = "the device there ended its connections";

/// A link that was agreed on.
pub(crate) struct Opened {
    pub ends: Ends,
    pub met: Met,
    pub connection: Connection,
    pub dialled: bool,
    pub send: SendStream,
    pub recv: RecvStream,
}

/// How a link ended.
enum End {
    /// This side closes it.
    Own(String),
    /// The other side did, or nobody.
    Theirs(String),
}

/// Runs a link to its end. Its events are told here alone, so they come in order.
pub(crate) async fn run(shared: Arc<Running>, opened: Opened) {
    let Opened { ends, met, connection, dialled, mut send, mut recv } = opened;
    let Ends { link, mut queue, queued, closing } = ends;
    let address = remote_address(&connection);
    let began = Instant::now();
    tracing::info!(link = link.0, group = %brief(met.group), device = %brief(met.peer), %address, "a peer");
    endpoint::trust(&connection);
    shared.tell(Event::Opened {
        link,
        group: met.group,
        device: met.peer,
        admissions: met.admissions,
        key: met.key,
        dialled,
        address,
    });
    let end = tokio::select! {
        biased;
        why = closing => End::Own(why.unwrap_or_default()),
        why = read_all(&shared, link, &mut recv) => why,
        why = write_all(&shared, &mut send, &mut queue, &queued) => why,
    };
    let remote = connection.remote_id();
    shared.dialling.ended(remote.as_bytes(), &shared.settings.bounds, began.elapsed());
    let last = shared.links.leave(link);
    let why = match end {
        End::Own(why) => {
            part(&connection, &mut send, &mut recv, &why, last).await;
            why
        }
        End::Theirs(why) => {
            if last {
                connection.close(CLOSED, b"");
            }
            why
        }
    };
    tracing::info!(link = link.0, %why, "a peer is gone");
    shared.tell(Event::Closed { link, why });
}

/// Reads messages and tells them, no faster than they are done with.
async fn read_all(shared: &Running, link: Link, recv: &mut RecvStream) -> End {
    let bounds = &shared.settings.bounds;
    let inbox = Arc::new(Semaphore::new(bounds.inbox.min(Semaphore::MAX_PERMITS)));
    loop {
        let bytes = match frame::read(recv, limits::MESSAGE_BYTES, bounds.pace).await {
            Ok(bytes) => bytes,
            Err(error) => return ended(error, bounds.idle),
        };
        if bytes.is_empty() {
            let reason = frame::read(recv, REASON_BYTES, bounds.pace).await.unwrap_or_default();
            return End::Theirs(told(&reason));
        }
        let places = u32::try_from(bytes.len().min(bounds.inbox)).unwrap_or(u32::MAX);
        let room = Arc::clone(&inbox).acquire_many_owned(places).await.ok().map(Arc::new);
        shared.tell(Event::Message { link, bytes, room: Room(room) });
    }
}

/// Writes what is queued; when the network ends, what is there still goes.
async fn write_all(
    shared: &Running,
    send: &mut SendStream,
    queue: &mut mpsc::UnboundedReceiver<Vec<u8>>,
    queued: &AtomicUsize,
) -> End {
    let bounds = &shared.settings.bounds;
    loop {
        let message = tokio::select! {
            biased;
            message = queue.recv() => message,
            () = shared.ended() => None,
        };
        let Some(message) = message else { break };
        if let Err(error) = frame::write(send, &message, bounds.pace).await {
            if matches!(error, FrameError::Write(WriteError::Stopped(_))) {
                // The other side's last words may still be on their way to the reader.
                tokio::time::sleep(FAREWELL).await;
            }
            return ended(error, bounds.idle);
        }
        queued.fetch_sub(message.len(), Ordering::Relaxed);
    }
    if farewell(send, ENDS).await.is_ok() {
        let _ = timeout(FAREWELL, send.stopped()).await;
    }
    End::Theirs("this device ended its connections".into())
}

async fn farewell(send: &mut SendStream, why: &str) -> Result<(), FrameError> {
    let pace = frame::Pace { grace: FAREWELL, rate: u32::MAX };
    frame::write(send, b"", pace).await?;
    frame::write(send, bounded(why), pace).await?;
    // Finishing fails only for a stream that is closed already.
    let _ = send.finish();
    Ok(())
}

/// Closes with a sentence: the connection, or the stream alone if the connection has other links.
async fn part(
    connection: &Connection,
    send: &mut SendStream,
    recv: &mut RecvStream,
    why: &str,
    last: bool,
) {
    if last {
        connection.close(CLOSED, bounded(why));
        return;
    }
    if farewell(send, why).await.is_err() {
        let _ = send.reset(CLOSED);
    }
    let _ = recv.stop(CLOSED);
}

/// Enough of an id to tell it from others.
fn brief(id: impl std::fmt::Display) -> String {
    id.to_string().chars().take(8).collect()
}

/// The beginning of a sentence, as bytes: what others show is bounded by them, too.
fn bounded(why: &str) -> &[u8] {
    why.as_bytes().get(..REASON_BYTES).unwrap_or(why.as_bytes())
}

fn told(reason: &[u8]) -> String {
    match said(reason) {
        nothing if nothing.is_empty() => "the device there closed it".into(),
        why => format!("the device there closed it: {why}"),
    }
}

fn ended(error: FrameError, idle: Duration) -> End {
    match error {
        FrameError::Read(ReadError::ConnectionLost(error))
        | FrameError::Write(WriteError::ConnectionLost(error)) => End::Theirs(lost(error, idle)),
        FrameError::Ended
        | FrameError::Read(ReadError::Reset(_))
        | FrameError::Write(WriteError::Stopped(_)) => End::Theirs(told(b"")),
        // What the other side does wrong is closed with what it is.
        wrong => End::Own(wrong.to_string()),
    }
}

/// Why a connection was lost, as a sentence.
pub(crate) fn lost(error: ConnectionError, idle: Duration) -> String {
    match error {
        ConnectionError::ApplicationClosed(close) => told(&close.reason),
        ConnectionError::TimedOut => {
            format!("the device there gave no sign of life for {} s", idle.as_secs())
        }
        ConnectionError::Reset => "the device there was started again".into(),
        ConnectionError::LocallyClosed => "this device closed it".into(),
        other => format!("the connection broke: {other}"),
    }
}

/// Where the other side is, for people.
pub(crate) fn remote_address(connection: &Connection) -> String {
    let paths = connection.paths();
    let chosen = paths.iter().find(|path| path.is_selected()).or_else(|| paths.iter().next());
    chosen.map_or_else(|| "an unknown address".into(), |path| place(path.remote_addr()))
}

/// By which address the other side is reached now: none by a relay; `None` when no path is known.
#[allow(clippy::option_option, reason = "no path is not the same as one without an address")]
pub(crate) fn remote_ip(connection: &Connection) -> Option<Option<IpAddr>> {
    let paths = connection.paths();
    let chosen = paths.iter().find(|path| path.is_selected()).or_else(|| paths.iter().next())?;
    Some(match chosen.remote_addr() {
        iroh::TransportAddr::Ip(at) => Some(at.ip()),
        _ => None,
    })
}

fn place(at: &iroh::TransportAddr) -> String {
    match at {
        iroh::TransportAddr::Ip(at) => at.to_string(),
        iroh::TransportAddr::Relay(url) => format!("relay {url}"),
        _ => "an unknown address".into(),
    }
}
