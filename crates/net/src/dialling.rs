//! Who is dialled, when, and when again.
//!
//! Addresses given by hand are dialled until they answer. Of the devices that are found on the LAN
//! only some are, see [`ring`]. A dial that fails is repeated after a pause that doubles, with some
//! of it drawn by lot so that a room that lost its network does not come back in step.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use copact_sync::greeting::GreetingError;
use iroh::endpoint::{ConnectError, Connection};
use tokio::sync::Notify;
use tokio::time::{Duration, Instant, sleep_until, timeout};

use crate::address::{Address, PLACES, short};
use crate::connection::{self, Outcome};
use crate::discovery::Sighting;
use crate::endpoint::SYNC;
use crate::event::Link;
use crate::greet::{self, Refused};
use crate::ring::{self, Id};
use crate::running::{Running, lock};
use crate::settings::Bounds;

/// Devices that are remembered.
const TARGETS: usize = 1_024;
/// Dials at a time.
const AT_ONCE: usize = 16;
/// Dials in a row that fail before another device is chosen instead.
const GIVEN_UP: u32 = 3;
/// A link that lasted so long was no failure.
const LASTING: Duration = Duration::from_secs(60);
/// How long it is waited for others of a room when some are found: at least, for each, at most.
const GATHER: Duration = Duration::from_millis(250);
const GATHER_EACH: Duration = Duration::from_millis(10);
const GATHER_MOST: Duration = Duration::from_secs(2);
/// How long a device may take to answer at all. Short, because a device that changed to another
/// network is answered at its old place until there its old connection is given up.
const ANSWERS: Duration = Duration::from_secs(4);
/// How long nothing may be due.
const LONG: Duration = Duration::from_secs(3_600);

#[derive(Clone, Debug)]
struct Target {
    at: Vec<SocketAddr>,
    by_hand: bool,
    found: bool,
    /// It is in no group of this device, as far as is known.
    strange: bool,
    /// It was a peer before.
    good: bool,
    failures: u32,
    next: Instant,
    busy: bool,
    /// The link that leads to the same device under another key.
    other: Option<Link>,
}

/// The devices that may be dialled.
#[derive(Default)]
pub(crate) struct Dialling {
    targets: Mutex<BTreeMap<Id, Target>>,
    wake: Notify,
    /// Counts the changes of groups: who was a stranger before the last one may be none.
    changes: AtomicU64,
}

impl Dialling {
    /// Something changed: a link is gone, a target is new.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// An address that a person gave.
    pub(crate) fn by_hand(&self, address: Address) {
        self.put(address, |target| target.by_hand = true);
    }

    /// A device that is seen on the LAN now: whatever was known of it is tried anew. The first one
    /// is dialled at once; then it is waited for those who follow, so that the choice is among all
    /// of a room and not made again with each that shows itself.
    pub(crate) fn found(&self, address: Address) {
        let seen = lock(&self.targets).values().filter(|target| target.found).count();
        let seen = u32::try_from(seen).unwrap_or(u32::MAX);
        let wait =
            if seen == 0 { Duration::ZERO } else { GATHER + GATHER_EACH.saturating_mul(seen) };
        self.put(address, |target| {
            if !target.found && !target.strange {
                target.next += wait.min(GATHER_MOST);
            }
            target.found = true;
        });
    }

    /// A device that is not seen any more.
    pub(crate) fn lost_sight(&self, endpoint: &Id) {
        let mut targets = lock(&self.targets);
        if let Some(target) = targets.get_mut(endpoint) {
            target.found = false;
            if !target.by_hand && !target.busy {
                targets.remove(endpoint);
            }
        }
    }

    /// This device is in other groups now: strangers may be none.
    pub(crate) fn other_groups(&self) {
        let mut targets = lock(&self.targets);
        self.changes.fetch_add(1, Ordering::Relaxed);
        for target in targets.values_mut().filter(|target| target.strange) {
            target.strange = false;
            target.next = Instant::now();
        }
        drop(targets);
        self.wake();
    }

    fn put(&self, address: Address, how: impl FnOnce(&mut Target)) {
        let now = Instant::now();
        let mut targets = lock(&self.targets);
        if targets.len() >= TARGETS && !targets.contains_key(&address.endpoint) {
            let idle = targets.iter().find(|(_, t)| !t.by_hand && !t.busy).map(|(id, _)| *id);
            let Some(idle) = idle else { return };
            targets.remove(&idle);
        }
        let target = targets.entry(address.endpoint).or_insert_with(|| Target {
            at: Vec::new(),
            by_hand: false,
            found: false,
            strange: false,
            good: false,
            failures: 0,
            next: now,
            busy: false,
            other: None,
        });
        // What was said last is most likely true.
        let before = std::mem::replace(&mut target.at, address.at);
        for at in before {
            if target.at.len() < PLACES && !target.at.contains(&at) {
                target.at.push(at);
            }
        }
        if !target.strange {
            target.failures = 0;
            target.next = now;
        }
        how(target);
        drop(targets);
        self.wake();
    }

    /// Who is to be dialled now, marked as busy; and when to look again.
    fn due(&self, shared: &Running, now: Instant) -> (Vec<(Id, Vec<SocketAddr>)>, Instant) {
        let linked = shared.links.remotes();
        let mut targets = lock(&self.targets);
        for target in targets.values_mut() {
            target.strange &= target.next > now;
            target.other = target.other.filter(|link| shared.links.is_open(*link));
        }
        let free = AT_ONCE.saturating_sub(targets.values().filter(|t| t.busy).count());
        let chosen = choose(&targets, shared.day.id().as_bytes(), &linked);
        let (mut due, mut next) = (Vec::new(), now + LONG);
        for (id, target) in targets.iter_mut().filter(|(id, _)| chosen.contains(*id)) {
            if target.busy || target.other.is_some() || linked.contains(id) || shared.is_own(id) {
                continue;
            }
            if target.next > now {
                next = next.min(target.next);
            } else if due.len() < free {
                target.busy = true;
                due.push((*id, target.at.clone()));
            }
        }
        (due, next)
    }

    /// A link to a device ended. One that did not last is not made again at once.
    pub(crate) fn ended(&self, id: &Id, bounds: &Bounds, lasted: Duration) {
        let now = Instant::now();
        let mut targets = lock(&self.targets);
        if let Some(target) = targets.get_mut(id) {
            target.failures = if lasted < LASTING { target.failures.saturating_add(1) } else { 0 };
            target.next = now + pause(bounds, target.failures.saturating_sub(1));
        }
    }

    fn done(&self, id: &Id, bounds: &Bounds, began: u64, outcome: &Result<Vec<Outcome>, Failed>) {
        let now = Instant::now();
        let mut targets = lock(&self.targets);
        if let Some(target) = targets.get_mut(id) {
            target.busy = false;
            match outcome {
                Ok(outcomes) => {
                    target.good = true;
                    target.other = outcomes.iter().find_map(|outcome| match outcome {
                        Outcome::Have(link) => *link,
                        Outcome::Opened => None,
                    });
                    target.next = now + pause(bounds, target.failures);
                }
                Err(Failed::Stranger) if self.changes.load(Ordering::Relaxed) != began => {
                    target.next = now;
                }
                Err(Failed::Stranger) => {
                    target.strange = true;
                    target.next = now + bounds.stranger_pause;
                }
                Err(Failed::Other(_)) => {
                    target.next = now + pause(bounds, target.failures);
                    target.failures = target.failures.saturating_add(1);
                }
            }
            if !target.found && !target.by_hand {
                targets.remove(id);
            }
        }
        drop(targets);
        self.wake();
    }
}

/// Of all targets, those that this device wants to be connected with.
fn choose(targets: &BTreeMap<Id, Target>, me: &Id, linked: &BTreeSet<Id>) -> BTreeSet<Id> {
    let answers = |id: &Id, target: &Target| {
        linked.contains(id) || (!target.strange && target.failures < GIVEN_UP)
    };
    let found: Vec<Id> = targets
        .iter()
        .filter(|(id, target)| target.found && answers(id, target))
        .map(|(id, _)| *id)
        .collect();
    let mut chosen: BTreeSet<Id> = ring::choose(me, &found).into_iter().collect();
    // Ids can be made up so that this device would choose them all; peers of before stay chosen.
    let known = |id: &&Id| targets.get(*id).is_some_and(|target| target.good);
    let good: Vec<Id> = found.iter().filter(known).copied().collect();
    chosen.extend(ring::choose(me, &good));
    chosen.extend(targets.iter().filter(|(_, target)| target.by_hand).map(|(id, _)| *id));
    // Who did not answer is tried again at its own time, when nobody else is there.
    if chosen.is_empty() {
        chosen.extend(targets.iter().filter(|(_, t)| t.found && !t.strange).map(|(id, _)| *id));
    }
    chosen
}

/// The pause after so many failures: doubled each time, half of it drawn by lot.
fn pause(bounds: &Bounds, failures: u32) -> Duration {
    let whole = bounds.pause.saturating_mul(2_u32.saturating_pow(failures));
    let whole = whole.min(bounds.longest_pause);
    let lot: [u8; 1] = greet::random().unwrap_or([128]);
    whole / 2 + (whole / 2).mul_f32(f32::from(lot[0]) / 255.0)
}

/// Why a dial failed.
enum Failed {
    /// They are of another group.
    Stranger,
    /// A sentence.
    Other(String),
}

/// Dials until the network ends.
pub(crate) async fn run(shared: Arc<Running>) {
    loop {
        let (due, next) = shared.dialling.due(&shared, Instant::now());
        for (id, at) in due {
            tokio::spawn(dial(Arc::clone(&shared), Address { endpoint: id, at }));
        }
        tokio::select! {
            () = shared.dialling.wake.notified() => {}
            () = shared.links.gone.notified() => {}
            () = sleep_until(next) => {}
            () = shared.ended() => return,
        }
    }
}

/// Takes over who is seen on the LAN.
pub(crate) async fn watch(shared: Arc<Running>) {
    let mut sightings = shared.discovery.subscribe();
    while let Some(sighting) = sightings.next().await {
        match sighting {
            Sighting::Found { endpoint, at } => {
                let endpoint = *endpoint.as_bytes();
                if !shared.is_own(&endpoint) {
                    shared.dialling.found(Address { endpoint, at });
                }
            }
            Sighting::Gone { endpoint } => shared.dialling.lost_sight(endpoint.as_bytes()),
            Sighting::Left { endpoint } => shared.dialling.lost_sight(endpoint.as_bytes()),
            // Links to there are as good as dead; where both went they are made anew.
            Sighting::LeftLan(left) => shared.links.left(|ip| left.had(ip)),
        }
    }
}

async fn dial(shared: Arc<Running>, address: Address) {
    let began = shared.dialling.changes.load(Ordering::Relaxed);
    let outcome = match connect(&shared, &address, SYNC).await {
        Ok(connection) => connection::dialled(&shared, connection).await.map_err(failed),
        Err(why) => Err(Failed::Other(why)),
    };
    let by_hand = lock(&shared.dialling.targets).get(&address.endpoint).is_some_and(|t| t.by_hand);
    match &outcome {
        Ok(_) => {}
        Err(Failed::Stranger) if by_hand => {
            shared
                .note(&format!("the device at {} is in no group of this device", places(&address)));
        }
        Err(Failed::Other(why)) if by_hand => shared.note(why),
        Err(_) => tracing::debug!(id = short(&address.endpoint), "a dial failed"),
    }
    shared.dialling.done(&address.endpoint, &shared.settings.bounds, began, &outcome);
}

fn failed(refused: Refused) -> Failed {
    match refused {
        Refused::Stranger | Refused::Greeting(GreetingError::NoCommonGroup) => Failed::Stranger,
        other => Failed::Other(other.to_string()),
    }
}

/// Connects to an address, or says why not.
pub(crate) async fn connect(
    shared: &Running,
    address: &Address,
    alpn: &[u8],
) -> Result<Connection, String> {
    let nobody = || match address.at.is_empty() {
        true => format!(
            "the device {} is not seen on this network; it has to be on, with copact running, or \
             give its whole address",
            short(&address.endpoint)
        ),
        false => format!(
            "nobody answers at {}; the device may be off, on another network, or have another \
             address now",
            places(address)
        ),
    };
    let to = address.for_iroh().ok_or_else(nobody)?;
    let connecting = shared.day.connect(to, alpn);
    match timeout(shared.settings.bounds.greeting.min(ANSWERS), connecting).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) => Err(refusal(&error, address).unwrap_or_else(nobody)),
        Err(_) => Err(nobody()),
    }
}

/// A sentence for what is another thing than silence.
fn refusal(error: &ConnectError, address: &Address) -> Option<String> {
    use iroh::endpoint::{ConnectWithOptsError, ConnectingError, ConnectionError};
    let connection = match error {
        ConnectError::Connection { source, .. }
        | ConnectError::Connecting {
            source: ConnectingError::ConnectionError { source, .. },
            ..
        } => source,
        ConnectError::Connect { source: ConnectWithOptsError::SelfConnect { .. }, .. } => {
            return Some("this is the address of this device itself".into());
        }
        _ => return None,
    };
    match connection {
        ConnectionError::TimedOut => None,
        other => Some(format!("the device at {} refused: {other}", places(address))),
    }
}

/// The places of an address, for people.
pub(crate) fn places(address: &Address) -> String {
    let places: Vec<String> = address.at.iter().map(ToString::to_string).collect();
    places.join(", ")
}
