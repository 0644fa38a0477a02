//! Automerge's sync as samod does it: with repos, a greeting and an envelope for every message.
//!
//! Both repos run on this one thread. Every task of a repo is timed on its repo's account while
//! it runs, so the CPU of each side is known without asking the system for it. A wire between
//! them holds back what is sent until neither has anything left to do, and then delivers all of
//! it: those are the waves that copact's own exchange and plain Automerge are counted in, too.
//!
//! Bytes and CPU go from dialling until both are silent. They contain what only samod does: the
//! greeting, the four bytes of length that a message has on its stream, and saving to a storage
//! in memory what came. Round trips end when the side that lacked something has it.
//!
//! The side with news dials, so the other one speaks of the log first, in the wave that answers
//! the greeting. The filter of what it has, which grows with the log, is among the bytes sent back
//! and makes one of the news' side needless; in plain Automerge both begin at once with theirs.

use std::collections::VecDeque;
use std::io::{self, Read as _};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use samod::runtime::RuntimeHandle;
use samod::storage::{InMemoryStorage, Storage as _, StorageKey};
use samod::{
    BackoffConfig, DialError, Dialer, DocHandle, DocumentId, PeerId, Repo, Transport, Url,
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::sync::Synced;
use crate::failure::Measured;
use crate::number::real;
use crate::row::Peer;
use crate::time::{millis, timed};

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;
type Dialled = Result<Transport, DialError<io::Error>>;

/// A lock that nobody else can hold for long, and that a panic elsewhere does not spoil.
fn held<T>(one: &Mutex<T>) -> MutexGuard<'_, T> {
    one.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a repo's tasks took.
#[derive(Default)]
struct Spent {
    cpu: Duration,
    turns: u64,
}

/// Where a repo's tasks run, and on whose account.
#[derive(Clone)]
struct Account {
    handle: tokio::runtime::Handle,
    spent: Arc<Mutex<Spent>>,
}

impl RuntimeHandle for Account {
    fn spawn(&self, task: Task) {
        self.handle.spawn(Timed { task, spent: self.spent.clone() });
    }

    fn sleep(&self, duration: Duration) -> Task {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// A task whose every turn is timed.
struct Timed {
    task: Task,
    spent: Arc<Mutex<Spent>>,
}

impl Future for Timed {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let (polled, time) = timed(|| self.task.as_mut().poll(context));
        let mut spent = held(&self.spent);
        spent.cpu += time;
        spent.turns += 1;
        polled
    }
}

/// One direction of the wire.
#[derive(Default)]
struct Way {
    under_way: Vec<u8>,
    arrived: VecDeque<u8>,
    listener: Option<Waker>,
    sent: usize,
}

impl Way {
    /// Whether anything was under way.
    fn deliver(&mut self) -> bool {
        let moved = !self.under_way.is_empty();
        self.arrived.extend(self.under_way.drain(..));
        if moved && let Some(listener) = self.listener.take() {
            listener.wake();
        }
        moved
    }
}

/// One end of the wire.
struct Plug {
    out: Arc<Mutex<Way>>,
    back: Arc<Mutex<Way>>,
}

impl AsyncRead for Plug {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut way = held(&self.back);
        if way.arrived.is_empty() {
            way.listener = Some(context.waker().clone());
            return Poll::Pending;
        }
        let read = way.arrived.read(into.initialize_unfilled())?;
        into.advance(read);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Plug {
    fn poll_write(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let mut way = held(&self.out);
        way.sent += bytes.len();
        way.under_way.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Somebody to dial, once.
struct Line {
    url: Url,
    plug: Mutex<Option<Plug>>,
}

impl Dialer for Line {
    type Error = io::Error;

    fn url(&self) -> Url {
        self.url.clone()
    }

    fn connect(&self) -> Pin<Box<dyn Future<Output = Dialled> + Send>> {
        let plug = held(&self.plug).take();
        let engaged = || DialError::PermanentFailure(io::ErrorKind::NotConnected.into());
        let dialled = plug.map(Transport::from_tokio_io).ok_or_else(engaged);
        Box::pin(std::future::ready(dialled))
    }
}

/// A repo with the log loaded.
struct End {
    repo: Repo,
    log: DocHandle,
    spent: Arc<Mutex<Spent>>,
}

impl End {
    /// The number is the peer's name, as long as samod's own random ones are: bytes of two runs
    /// are equal.
    async fn open(number: u64, saved: &[u8]) -> Measured<Self> {
        let id = DocumentId::try_from(vec![7; 16])?;
        let storage = InMemoryStorage::new();
        let key = StorageKey::snapshot_prefix(&id).with_component("all".to_owned())?;
        storage.put(key, saved.to_vec()).await;
        let spent = Arc::new(Mutex::new(Spent::default()));
        let handle = tokio::runtime::Handle::current();
        let repo = Repo::builder(Account { handle, spent: spent.clone() })
            .with_storage(storage)
            .with_peer_id(PeerId::from_string(format!("peer-{number}")))
            .load()
            .await;
        let log = repo.find(id).await?.ok_or("samod does not find its log")?;
        Ok(Self { repo, log, spent })
    }

    fn heads(&self) -> Vec<automerge::ChangeHash> {
        self.log.with_document(|document| document.get_heads())
    }

    fn turns(&self) -> u64 {
        held(&self.spent).turns
    }
}

/// Waits until neither repo has a task that could go on. This task comes after all that are ready
/// when it yields, so nothing is ready if no turn was taken meanwhile.
async fn settle(ends: [&End; 2]) {
    let turns = || ends.map(End::turns);
    let mut before = None;
    while before != Some(turns()) {
        before = Some(turns());
        tokio::task::yield_now().await;
    }
}

async fn meet(behind: &[u8], ahead: &[u8]) -> Measured<Synced> {
    let ahead = End::open(10_000_000_000_000_000_001, ahead).await?;
    let behind = End::open(10_000_000_000_000_000_002, behind).await?;
    let ends = [&ahead, &behind];
    settle(ends).await;
    ends.iter().for_each(|end| held(&end.spent).cpu = Duration::ZERO);
    let (there, back) = (Arc::<Mutex<Way>>::default(), Arc::<Mutex<Way>>::default());
    let url = Url::parse("memory://log")?;
    let plug = Plug { out: back.clone(), back: there.clone() };
    behind.repo.make_acceptor(url.clone())?.accept_tokio_io(plug)?;
    let plug = Mutex::new(Some(Plug { out: there.clone(), back: back.clone() }));
    ahead.repo.dial(BackoffConfig::default(), Arc::new(Line { url, plug }))?;
    let (wanted, mut waves, mut equal) = (ahead.heads(), 0, None);
    loop {
        settle(ends).await;
        if equal.is_none() && behind.heads() == wanted {
            equal = Some(waves);
        }
        if [&there, &back].map(|way| held(way).deliver()) == [false, false] {
            break;
        }
        waves += 1;
    }
    let equal = equal.ok_or("samod's repos do not become equal")?;
    let [a, b] = ends.map(|end| held(&end.spent).cpu);
    let peer = |figure| vec![Peer { name: "samod", figure }];
    Ok(Synced {
        cpu: peer(millis(a.max(b))),
        sent: [&there, &back].map(|way| peer(real(held(way).sent))),
        round_trips: peer(real(equal) / 2.0),
    })
}

/// A repo with a saved log, and one that has more of the same.
pub(super) fn run(behind: &[u8], ahead: &[u8]) -> Measured<Synced> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    runtime.block_on(meet(behind, ahead))
}
