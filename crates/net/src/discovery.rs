//! Finding other devices on the LAN, with no internet and no server.
//!
//! An endpoint is announced as Bonjour does it (multicast DNS, service `_irohv1._udp`, the instance
//! being its id), on **every** interface, as interfaces come and go: a device that hosts the
//! hotspot has its guests on another interface than its default route. On each interface only the
//! addresses that the endpoint has there are told. What others announce is remembered for seconds
//! and within bounds; platforms with a Bonjour of their own, invites and people [`inject`] what
//! they know.
//!
//! Nothing that is heard is trusted: an announcement says where to dial, and the connection then
//! proves whose endpoint it is.
//!
//! [`inject`]: Discovery::inject

mod announcement;
mod book;
mod cadence;
mod gate;
mod interfaces;
mod limits;
mod lookup;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use iroh::EndpointId;
use tokio::sync::{Notify, broadcast, watch};

use announcement::Offer;
use book::{Book, Refused};
pub use lookup::Lookup;

/// Sightings that wait for a slow subscriber; who falls behind is told all that is known again.
const WAITING: usize = 256;

/// How devices are searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Whether to announce and listen on the LAN at all. Without it there is only what is injected.
    pub lan: bool,
    /// Whether the loopback interface is a LAN, too: for several processes of one machine. An
    /// address on it is taken only from who speaks on it.
    pub loopback: bool,
}

/// What became known of another endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sighting {
    /// It is there, at these addresses: new, or at others than before. Never empty.
    Found {
        /// The endpoint.
        endpoint: EndpointId,
        /// Where to dial it; unproven.
        at: Vec<SocketAddr>,
    },
    /// It said goodbye, or was not heard of for long.
    Gone {
        /// The endpoint.
        endpoint: EndpointId,
    },
    /// This device is no longer on the network where it was heard of.
    Left {
        /// The endpoint.
        endpoint: EndpointId,
    },
    /// This device left a network, whoever was heard of there.
    LeftLan(LeftLan),
}

/// Networks that this device is no longer on, and those that it still is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftLan {
    gone: Vec<(IpAddr, u8)>,
    here: Vec<(IpAddr, u8)>,
}

impl LeftLan {
    /// Whether an address was on a network that was left.
    #[must_use]
    pub fn had(&self, ip: IpAddr) -> bool {
        interfaces::hold(&self.gone, ip) && !interfaces::hold(&self.here, ip)
    }
}

type Places = Vec<(EndpointId, Vec<SocketAddr>)>;

#[derive(Debug, Default)]
struct Own {
    announced: BTreeMap<u64, (EndpointId, Vec<SocketAddr>)>,
    taken_back: Places,
    count: u64,
}

/// What the handles and the task share.
#[derive(Debug)]
struct Shared {
    settings: Reach,
    book: Mutex<Book>,
    own: Mutex<Own>,
    own_changed: Notify,
    stop: Notify,
    stopped: Notify,
    sightings: broadcast::Sender<Sighting>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    /// What is announced, each endpoint once.
    fn own(&self) -> Places {
        let mut places = Places::new();
        for (endpoint, at) in lock(&self.own).announced.values().take(limits::OWN) {
            match places.iter_mut().find(|(known, _)| known == endpoint) {
                Some((_, places)) => places.extend(at),
                None => places.push((*endpoint, at.clone())),
            }
        }
        places
    }

    fn taken_back(&self) -> Places {
        std::mem::take(&mut lock(&self.own).taken_back)
    }

    fn take_back_all(&self) {
        let mut own = lock(&self.own);
        let all = std::mem::take(&mut own.announced);
        own.taken_back.extend(all.into_values());
    }

    fn crowd(&self) -> usize {
        lock(&self.book).crowd()
    }

    /// Tells within the lock, so that who subscribes sees each change once.
    fn change<E>(
        &self,
        change: impl FnOnce(&mut Book) -> Result<Vec<Sighting>, E>,
    ) -> Result<(), E> {
        let mut book = lock(&self.book);
        for sighting in change(&mut book)? {
            // Nobody listens: nothing is lost, as who subscribes is told all.
            let _ = self.sightings.send(sighting);
        }
        Ok(())
    }

    fn heard(&self, offer: &Offer, source: IpAddr, now: Instant) -> Result<(), Refused> {
        self.change(|book| book.heard(offer, source, now))
    }

    fn left(&self, source: impl Fn(IpAddr) -> bool) {
        let _ = self.change(|book| Ok::<_, ()>(book.left(source)));
    }

    /// Tells of networks that were left.
    fn left_lan(&self, left: LeftLan) {
        // Nobody listens: nothing is lost, as there are no links to end.
        let _ = self.sightings.send(Sighting::LeftLan(left));
    }

    fn expire(&self, now: Instant) {
        let _ = self.change(|book| Ok::<_, ()>(book.expire(now)));
    }
}

/// Stops the task when the last handle is gone.
#[derive(Debug)]
struct Running(Arc<Shared>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.stop.notify_one();
    }
}

/// The search for other devices. Handles are cheap to copy; it ends with the last one.
#[derive(Clone, Debug)]
pub struct Discovery {
    running: Arc<Running>,
}

impl Discovery {
    /// Starts it. Never fails: without any interface, or where the port cannot be had, it says so
    /// in the log and goes on trying. To be called within a tokio runtime.
    #[must_use]
    pub fn start(settings: Reach) -> Self {
        let (sightings, _) = broadcast::channel(WAITING);
        let shared = Arc::new(Shared {
            settings,
            book: Mutex::default(),
            own: Mutex::default(),
            own_changed: Notify::new(),
            stop: Notify::new(),
            stopped: Notify::new(),
            sightings,
        });
        let (tell, lans) = watch::channel(Vec::new());
        if settings.lan {
            tokio::spawn(interfaces::follow(tell, settings.loopback));
            tokio::spawn(wire::run(Arc::clone(&shared), lans));
        } else {
            tokio::spawn(forget(Arc::downgrade(&shared)));
        }
        Self { running: Arc::new(Running(shared)) }
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.running.0
    }

    /// Announces an endpoint of this process until the guard is dropped, then says goodbye for it.
    /// An unspecified address (`0.0.0.0:PORT`) stands for all addresses of each interface; others
    /// are told on their own interface only. At most 16 are announced at once, the oldest first.
    pub fn announce(&self, endpoint: EndpointId, at: Vec<SocketAddr>) -> Announced {
        let shared = Arc::clone(self.shared());
        let mut own = lock(&shared.own);
        let number = own.count;
        own.count += 1;
        own.announced.insert(number, (endpoint, at));
        if own.announced.len() > limits::OWN {
            tracing::warn!(
                "more than {} endpoints of this device are to be announced; the newest wait",
                limits::OWN
            );
        }
        drop(own);
        shared.own_changed.notify_one();
        Announced { shared, number }
    }

    /// For `Endpoint::builder(…).address_lookup(…)`: announces the endpoint where it listens, and
    /// lets it dial by id alone whom this knows.
    #[must_use]
    pub fn lookup(&self) -> Lookup {
        Lookup { discovery: self.clone() }
    }

    /// All sightings from now on, beginning with everybody who is known.
    #[must_use]
    pub fn subscribe(&self) -> Sightings {
        let book = lock(&self.shared().book);
        let news = self.shared().sightings.subscribe();
        let known = found(&book);
        drop(book);
        Sightings { shared: Arc::downgrade(self.shared()), known, news }
    }

    /// Takes addresses of an endpoint that the platform found (Bonjour on iOS, NSD on Android), an
    /// invite names or a person typed, instead of those injected before; none takes them back. They
    /// are kept for an hour, at most 8 of an endpoint and 256 endpoints, the oldest giving way.
    pub fn inject(&self, endpoint: EndpointId, at: &[SocketAddr]) {
        let now = Instant::now();
        let _ = self.shared().change(|book| Ok::<_, ()>(book.inject(endpoint, at, now)));
    }

    /// Everybody who is known now.
    #[must_use]
    pub fn known(&self) -> Places {
        lock(&self.shared().book).all()
    }

    /// Says goodbye for all endpoints and ends the search, also for other handles.
    pub async fn stop(&self) {
        if self.shared().settings.lan {
            self.shared().stop.notify_one();
            let _ = tokio::time::timeout(Duration::from_secs(1), self.shared().stopped.notified())
                .await;
        }
    }
}

/// Lets injected addresses expire where there is no LAN to serve.
async fn forget(shared: Weak<Shared>) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let Some(shared) = shared.upgrade() else { return };
        shared.expire(Instant::now());
    }
}

fn found(book: &Book) -> VecDeque<Sighting> {
    book.all().into_iter().map(|(endpoint, at)| Sighting::Found { endpoint, at }).collect()
}

/// An endpoint that is announced as long as this lives.
#[derive(Debug)]
#[must_use = "the endpoint is announced until this is dropped"]
pub struct Announced {
    shared: Arc<Shared>,
    number: u64,
}

impl Drop for Announced {
    fn drop(&mut self) {
        let mut own = lock(&self.shared.own);
        if let Some(gone) = own.announced.remove(&self.number) {
            // Unless it is announced a second time.
            if !own.announced.values().any(|(id, _)| *id == gone.0)
                && own.taken_back.len() < limits::OWN
            {
                own.taken_back.push(gone);
            }
        }
        drop(own);
        self.shared.own_changed.notify_one();
    }
}

/// What becomes known, in order; see [`Discovery::subscribe`].
#[derive(Debug)]
pub struct Sightings {
    shared: Weak<Shared>,
    known: VecDeque<Sighting>,
    news: broadcast::Receiver<Sighting>,
}

impl Sightings {
    /// The next one. Who falls far behind is told of all who are known again, and is then not told
    /// who went meanwhile. Nothing once the search has ended.
    pub async fn next(&mut self) -> Option<Sighting> {
        loop {
            if let Some(known) = self.known.pop_front() {
                return Some(known);
            }
            match self.news.recv().await {
                Ok(sighting) => return Some(sighting),
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    let shared = self.shared.upgrade()?;
                    let book = lock(&shared.book);
                    self.news = shared.sightings.subscribe();
                    self.known = found(&book);
                }
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}
