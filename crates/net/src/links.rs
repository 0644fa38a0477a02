//! Links: one stream of a connection, for one group, with somebody who was greeted.
//!
//! Two devices may greet twice for the same group: both dial at once, or one is known by an
//! invite's endpoint and by the day's. One of the two, the one with the lower key, decides which
//! link stays, looking at what it has under one lock. The other opens a link only when told so.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use copact_core::ids::GroupId;
use copact_core::keys::DeviceKey;
use iroh::endpoint::Connection;
use tokio::sync::{Notify, mpsc, oneshot};

use crate::event::Link;
use crate::link::{CLOSED, remote_ip};
use crate::running::{Instance, lock};

/// Links that may lead to one device of a group: copies of its home are told apart, but nobody
/// takes all places by claiming to be many.
const COPIES: usize = 3;

/// A greeted stream that may become a link.
pub(crate) struct Candidate {
    pub group: GroupId,
    pub device: DeviceKey,
    /// The run of the other side's network.
    pub instance: Instance,
    pub connection: Connection,
    /// Whether this device dialled the connection.
    pub dialled: bool,
}

impl Candidate {
    fn remote(&self) -> [u8; 32] {
        *self.connection.remote_id().as_bytes()
    }
}

struct Entry {
    candidate: Candidate,
    queue: mpsc::UnboundedSender<Vec<u8>>,
    queued: Arc<AtomicUsize>,
    close: Option<oneshot::Sender<String>>,
    /// Where the other side was when the link was made; nowhere if by a relay.
    ip: Option<IpAddr>,
}

/// The ends of a link that its task holds.
pub(crate) struct Ends {
    pub link: Link,
    pub queue: mpsc::UnboundedReceiver<Vec<u8>>,
    pub queued: Arc<AtomicUsize>,
    pub closing: oneshot::Receiver<String>,
}

/// The links of this device.
#[derive(Default)]
pub(crate) struct Links {
    next: AtomicU64,
    open: Mutex<BTreeMap<Link, Entry>>,
    /// Notified when a link is gone.
    pub gone: Notify,
}

impl Links {
    /// A number that no link and no pairing has.
    pub(crate) fn number(&self) -> Link {
        Link(self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// Enters a link. Who `decides` keeps the one that there is; the other takes the new one in
    /// exchange. Of a device that was started again the old one is given up in any case.
    ///
    /// # Errors
    /// The link that stays instead.
    pub(crate) fn enter(&self, candidate: Candidate, decides: bool) -> Result<Ends, Link> {
        let mut open = lock(&self.open);
        let twin = |entry: &Entry| {
            let other = &entry.candidate;
            other.group == candidate.group
                && other.device == candidate.device
                && (other.instance == candidate.instance || other.remote() == candidate.remote())
        };
        let living = open.iter().find(|(_, entry)| {
            twin(entry)
                && entry.candidate.instance == candidate.instance
                && entry.candidate.connection.close_reason().is_none()
        });
        if let (true, Some((link, _))) = (decides, living) {
            return Err(*link);
        }
        for entry in open.values_mut().filter(|entry| twin(entry)) {
            if let Some(close) = entry.close.take() {
                let _ = close.send("a newer connection to this device took its place".into());
            }
        }
        let of_it = |entry: &&mut Entry| {
            let other = &entry.candidate;
            entry.close.is_some()
                && other.group == candidate.group
                && other.device == candidate.device
        };
        let others: Vec<&mut Entry> = open.values_mut().filter(of_it).collect();
        let over = (others.len() + 1).saturating_sub(COPIES);
        for entry in others.into_iter().take(over) {
            if let Some(close) = entry.close.take() {
                let _ = close.send("this device has too many connections here".into());
            }
        }
        let link = self.number();
        let (queue, waiting) = mpsc::unbounded_channel();
        let (close, closing) = oneshot::channel();
        let queued = Arc::new(AtomicUsize::new(0));
        let ends = Ends { link, queue: waiting, queued: Arc::clone(&queued), closing };
        let ip = remote_ip(&candidate.connection).flatten();
        open.insert(link, Entry { candidate, queue, queued, close: Some(close), ip });
        Ok(ends)
    }

    /// Takes a link out; its task does so at its end. True if its connection has no other.
    pub(crate) fn leave(&self, link: Link) -> bool {
        let mut open = lock(&self.open);
        let gone = open.remove(&link);
        self.gone.notify_one();
        gone.is_none_or(|gone| {
            let id = gone.candidate.connection.stable_id();
            !open.values().any(|entry| entry.candidate.connection.stable_id() == id)
        })
    }

    /// Queues a message, if the link is there and has room for it.
    pub(crate) fn send(&self, link: Link, message: Vec<u8>, most: usize) {
        let mut open = lock(&self.open);
        let Some(entry) = open.get_mut(&link) else { return };
        let waiting = entry.queued.fetch_add(message.len(), Ordering::Relaxed) + message.len();
        if waiting > most {
            if let Some(close) = entry.close.take() {
                let _ = close.send(format!(
                    "more than {} MiB wait to be sent, and the other side does not take them",
                    most / (1_024 * 1_024)
                ));
            }
            return;
        }
        // Its task ends at this moment if this fails; the driver hears of it.
        let _ = entry.queue.send(message);
    }

    /// Asks a link to close.
    pub(crate) fn close(&self, link: Link, why: &str) {
        if let Some(entry) = lock(&self.open).get_mut(&link)
            && let Some(close) = entry.close.take()
        {
            let _ = close.send(why.to_owned());
        }
    }

    /// Asks all links of other groups than these to close.
    pub(crate) fn keep(&self, groups: &BTreeSet<GroupId>) {
        for entry in lock(&self.open).values_mut() {
            if !groups.contains(&entry.candidate.group)
                && let Some(close) = entry.close.take()
            {
                let _ = close.send("this device is no longer in the group".into());
            }
        }
    }

    /// Ends the connections to addresses whose network this device left: no word gets there.
    pub(crate) fn left(&self, gone: impl Fn(IpAddr) -> bool) {
        const WHY: &str = "this device left the network that it was connected by";
        for entry in lock(&self.open).values_mut() {
            let ip = remote_ip(&entry.candidate.connection).unwrap_or(entry.ip);
            if ip.is_some_and(&gone) {
                if let Some(close) = entry.close.take() {
                    let _ = close.send(WHY.into());
                }
                entry.candidate.connection.close(CLOSED, WHY.as_bytes());
            }
        }
    }

    /// The groups with a link on a connection.
    pub(crate) fn on(&self, connection: &Connection) -> BTreeSet<GroupId> {
        let id = connection.stable_id();
        let open = lock(&self.open);
        let on = open.values().filter(|entry| entry.candidate.connection.stable_id() == id);
        on.map(|entry| entry.candidate.group).collect()
    }

    /// A link to a device for a group.
    pub(crate) fn to(&self, group: GroupId, device: DeviceKey) -> Option<Link> {
        let open = lock(&self.open);
        let mut to = open.iter().filter(|(_, entry)| {
            entry.candidate.group == group && entry.candidate.device == device
        });
        to.next().map(|(link, _)| *link)
    }

    /// Whether a link is open.
    pub(crate) fn is_open(&self, link: Link) -> bool {
        lock(&self.open).contains_key(&link)
    }

    /// Whether any is.
    pub(crate) fn any(&self) -> bool {
        !lock(&self.open).is_empty()
    }

    /// The endpoints that a link leads to.
    pub(crate) fn remotes(&self) -> BTreeSet<[u8; 32]> {
        lock(&self.open).values().map(|entry| entry.candidate.remote()).collect()
    }

    /// Greeted connections that others opened.
    pub(crate) fn accepted(&self) -> usize {
        let open = lock(&self.open);
        let accepted = open.values().filter(|entry| !entry.candidate.dialled);
        accepted.map(|e| e.candidate.connection.stable_id()).collect::<BTreeSet<_>>().len()
    }
}
