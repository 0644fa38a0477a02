//! The pairing of `copact_sync::pairing` between a newcomer's device and an invite's endpoint.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use copact_core::ids::{EnvelopeId, Nonce};
use copact_sync::limits;
use copact_sync::pairing::{Asked, Inviter, Newcomer, PairingError, Refusal, Verdict};
use iroh::Endpoint;
use iroh::endpoint::{Connection, RecvStream, SendStream};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use crate::address::Address;
use crate::connection::SILENT;
use crate::dialling;
use crate::endpoint::PAIR;
use crate::event::{Event, Link};
use crate::frame::{self, FrameError};
use crate::gate::Stranger;
use crate::greet::{Refused, exporter, random};
use crate::link::{CLOSED, remote_address};
use crate::running::{Running, lock};

/// What a newcomer is told who comes second.
const TRIED: &str =
    "this invite was tried already, and each is good for one try; ask for a new invite";
/// What they are told when nobody answered.
const NO_ANSWER: &str = "nobody answered the request; ask for a new invite";
/// How long the last message may take.
const LAST: Duration = Duration::from_secs(5);

/// An open invite.
pub(crate) struct Invite {
    pub endpoint: Endpoint,
    /// What who has the ticket knows.
    pub key: [u8; 32],
    pub tried: bool,
}

impl Invite {
    pub(crate) fn id(&self) -> [u8; 32] {
        *self.endpoint.id().as_bytes()
    }
}

/// What the inviter's person says.
type Answer = Result<EnvelopeId, String>;

/// Newcomers that wait for an answer.
#[derive(Default)]
pub(crate) struct Pairings {
    waiting: Mutex<BTreeMap<Link, oneshot::Sender<Answer>>>,
    /// How many wait, or are being answered.
    open: AtomicUsize,
}

impl Pairings {
    /// Answers one, if it still waits.
    pub(crate) fn answer(&self, pairing: Link, answer: Answer) {
        if let Some(waiting) = lock(&self.waiting).remove(&pairing) {
            let _ = waiting.send(answer);
        }
    }

    /// Whether any waits, or is being answered.
    pub(crate) fn any(&self) -> bool {
        self.open.load(Ordering::Relaxed) > 0
    }

    fn open(&self) -> Open<'_> {
        self.open.fetch_add(1, Ordering::Relaxed);
        Open(&self.open)
    }
}

/// One that waits, or is being answered.
struct Open<'p>(&'p AtomicUsize);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Why a pairing ended early.
enum Broken {
    /// Nothing is said to them.
    Silently(String),
    /// They are told.
    Told(&'static str),
}

impl From<FrameError> for Broken {
    fn from(error: FrameError) -> Self {
        Self::Silently(error.to_string())
    }
}

impl From<PairingError> for Broken {
    fn from(error: PairingError) -> Self {
        Self::Silently(error.to_string())
    }
}

impl From<Refused> for Broken {
    fn from(error: Refused) -> Self {
        Self::Silently(error.to_string())
    }
}

type Streams = (SendStream, RecvStream);

/// Serves somebody who came to an invite's endpoint to pair.
pub(crate) async fn serve(
    shared: Arc<Running>,
    connection: Connection,
    mut stranger: Stranger,
    nonce: Nonce,
) {
    let beginning = timeout(shared.settings.bounds.greeting, begin(&shared, &connection, nonce));
    let begun = tokio::select! {
        begun = beginning => begun.unwrap_or_else(|_| Err(Broken::Silently("too slow".into()))),
        _ = &mut stranger.evicted => Err(Broken::Silently("too many others".into())),
    };
    let (asked, streams) = match begun {
        Ok(begun) => begun,
        Err(broken) => {
            stranger.failed();
            let why = match &broken {
                Broken::Silently(why) => why.as_str(),
                Broken::Told(why) => why,
            };
            let at = remote_address(&connection);
            shared.note(&format!("somebody at {at} tried to join by an invite: {why}"));
            match broken {
                Broken::Silently(_) => connection.close(SILENT, b""),
                Broken::Told(why) => connection.close(CLOSED, why.as_bytes()),
            }
            return;
        }
    };
    drop(stranger);
    ask_people(&shared, &connection, nonce, asked, streams).await;
}

/// Up to the short code. From the moment the commitment is taken on the invite was tried.
async fn begin(
    shared: &Running,
    connection: &Connection,
    nonce: Nonce,
) -> Result<(Asked, Streams), Broken> {
    let pace = shared.settings.bounds.pace;
    let lost = |error| Broken::Silently(format!("the connection broke: {error}"));
    let (mut send, mut recv) = connection.accept_bi().await.map_err(lost)?;
    let commit = frame::read(&mut recv, limits::COMMIT_BYTES, pace).await?;
    let closed = || Broken::Silently("the invite is closed".into());
    let key = lock(&shared.invites).get(&nonce).map(|invite| invite.key).ok_or_else(closed)?;
    let (tried, answer) = Inviter::new(exporter(connection)?, &key).tried(&commit, random()?)?;
    {
        let mut invites = lock(&shared.invites);
        let invite = invites.get_mut(&nonce).ok_or_else(closed)?;
        if std::mem::replace(&mut invite.tried, true) {
            return Err(Broken::Told(TRIED));
        }
    }
    shared.tell(Event::Tried { nonce });
    frame::write(&mut send, &answer, pace).await?;
    let open = frame::read(&mut recv, limits::OPEN_BYTES, pace).await?;
    Ok((tried.opened(&open)?, (send, recv)))
}

/// The part that people take: until they answer, the newcomer gives up, or it takes too long.
async fn ask_people(
    shared: &Running,
    connection: &Connection,
    nonce: Nonce,
    asked: Asked,
    (mut send, mut recv): Streams,
) {
    // Before this device goes, who was answered hears it.
    let _open = shared.pairings.open();
    let pairing = shared.links.number();
    let (answer, answered) = oneshot::channel();
    lock(&shared.pairings.waiting).insert(pairing, answer);
    let (request, code) = (asked.request().to_vec(), asked.code().to_string());
    shared.tell(Event::Asks { pairing, nonce, request, code });
    let pace = shared.settings.bounds.pace;
    let answer = tokio::select! {
        biased;
        answer = answered => answer.ok(),
        // Nothing belongs here, so whatever comes is the end.
        _ = frame::read(&mut recv, limits::OPEN_BYTES, pace) => None,
        () = sleep(shared.settings.bounds.answer) => {
            lock(&shared.pairings.waiting).remove(&pairing);
            let verdict = Verdict::Refused(Refusal::new(NO_ANSWER));
            conclude(&mut send, &asked.answer(&verdict), pace).await;
            connection.close(SILENT, b"");
            shared.tell(Event::AskedNoMore { pairing });
            return;
        }
        () = shared.ended() => None,
    };
    lock(&shared.pairings.waiting).remove(&pairing);
    let Some(answer) = answer else {
        connection.close(SILENT, b"");
        shared.tell(Event::AskedNoMore { pairing });
        return;
    };
    let verdict = match answer {
        Ok(admitted) => Verdict::Admitted(admitted),
        Err(why) => Verdict::Refused(Refusal::new(&why)),
    };
    conclude(&mut send, &asked.answer(&verdict), pace).await;
    connection.close(SILENT, b"");
}

/// Sends the last message, and waits a moment for it to arrive.
async fn conclude(send: &mut SendStream, message: &[u8], pace: frame::Pace) {
    if frame::write(send, message, pace).await.is_ok() && send.finish().is_ok() {
        let _ = timeout(LAST, send.stopped()).await;
    }
}

/// The newcomer's side, up to the answer.
pub(crate) async fn ask(shared: Arc<Running>, address: Address, key: [u8; 32], request: Vec<u8>) {
    let admitted = match dialling::connect(&shared, &address, PAIR).await {
        Err(why) => Err(why),
        Ok(connection) => {
            let admitted = ask_on(&shared, &connection, key, request).await;
            connection.close(SILENT, b"");
            admitted.map_err(|refused| match refused {
                Refused::Stranger | Refused::Late => format!(
                    "the device at {} does not take this ticket; ask for a new invite",
                    dialling::places(&address)
                ),
                Refused::Told(why) => why,
                other => other.to_string(),
            })
        }
    };
    shared.tell(Event::Answered { admitted });
}

async fn ask_on(
    shared: &Running,
    connection: &Connection,
    key: [u8; 32],
    request: Vec<u8>,
) -> Result<EnvelopeId, Refused> {
    let bounds = &shared.settings.bounds;
    let wrong = |error: PairingError| Refused::Told(error.to_string());
    let (newcomer, commit) =
        Newcomer::commit(exporter(connection)?, &key, random()?, request).map_err(wrong)?;
    let beginning = async {
        let stream = connection.open_bi().await;
        let (mut send, mut recv) = stream.map_err(|error| FrameError::Read(error.into()))?;
        frame::write(&mut send, &commit, bounds.pace).await?;
        let nonce = frame::read(&mut recv, limits::NONCE_BYTES, bounds.pace).await?;
        let (opened, open) = newcomer.open(&nonce).map_err(wrong)?;
        frame::write(&mut send, &open, bounds.pace).await?;
        Ok::<_, Refused>((opened, send, recv))
    };
    let (opened, _send, mut recv) =
        timeout(bounds.greeting, beginning).await.map_err(|_| Refused::Late)??;
    shared.tell(Event::Code { code: opened.code().to_string() });
    let verdict = frame::read(&mut recv, limits::VERDICT_BYTES, bounds.pace);
    let unanswered = || Refused::Told(NO_ANSWER.into());
    let verdict = match timeout(bounds.answer + LAST, verdict).await {
        Err(_) => return Err(unanswered()),
        Ok(Err(error)) => {
            return Err(match Refused::from(error) {
                Refused::Stranger => unanswered(),
                other => other,
            });
        }
        Ok(Ok(verdict)) => verdict,
    };
    match opened.verdict(&verdict).map_err(wrong)? {
        Verdict::Admitted(admitted) => Ok(admitted),
        Verdict::Refused(why) => Err(Refused::Told(why.as_str().to_owned())),
    }
}
