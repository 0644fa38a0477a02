//! Devices with real endpoints on loopback, and what they heard.

use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use copact_core::ids::GroupId;
use copact_core::keys::{DeviceKey, DeviceSecret};
use copact_net::{Address, Bounds, Event, Link, Membership, Net, Room, Settings};

/// After this a test has failed: far more than anything here takes.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Everything that a device was told.
#[derive(Default)]
pub struct Heard {
    events: Mutex<Vec<Event>>,
    more: Condvar,
}

impl Heard {
    fn push(&self, mut event: Event) {
        if let Event::Message { room, .. } = &mut event {
            *room = Room::none();
        }
        self.events.lock().unwrap().push(event);
        self.more.notify_all();
    }

    /// Waits until something can be found among the events.
    #[track_caller]
    pub fn wait<T>(&self, what: &str, mut find: impl FnMut(&[Event]) -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        let mut events = self.events.lock().unwrap();
        loop {
            if let Some(found) = find(&events) {
                return found;
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "waited in vain for {what}; heard: {events:#?}");
            events = self.more.wait_timeout(events, left).unwrap().0;
        }
    }

    pub fn so_far(&self) -> Vec<Event> {
        self.events.lock().unwrap().clone()
    }

    /// The links that were opened, for a group.
    pub fn opened(&self, group: GroupId) -> Vec<Link> {
        opened(&self.so_far(), group)
    }

    /// The links that were opened and not closed.
    pub fn open(&self) -> Vec<Link> {
        let events = self.so_far();
        let closed = |link: &Link| {
            events.iter().any(|e| matches!(e, Event::Closed { link: l, .. } if l == link))
        };
        let all = events.iter().filter_map(|event| match event {
            Event::Opened { link, .. } => Some(*link),
            _ => None,
        });
        all.filter(|link| !closed(link)).collect()
    }

    #[track_caller]
    pub fn wait_note(&self, part: &str) -> String {
        self.wait(&format!("a note with “{part}”"), |events| {
            events.iter().find_map(|event| match event {
                Event::Note { line } if line.contains(part) => Some(line.clone()),
                _ => None,
            })
        })
    }

    #[track_caller]
    pub fn wait_opened(&self, group: GroupId) -> Link {
        self.wait("a link", |events| opened(events, group).first().copied())
    }

    #[track_caller]
    pub fn wait_closed(&self, link: Link) -> String {
        self.wait("the end of a link", |events| {
            events.iter().find_map(|event| match event {
                Event::Closed { link: l, why } if *l == link => Some(why.clone()),
                _ => None,
            })
        })
    }

    /// Waits for so many messages on a link.
    #[track_caller]
    pub fn wait_messages(&self, link: Link, count: usize) -> Vec<Vec<u8>> {
        self.wait(&format!("{count} messages"), |events| {
            let messages: Vec<_> = events
                .iter()
                .filter_map(|event| match event {
                    Event::Message { link: l, bytes, .. } if *l == link => Some(bytes.clone()),
                    _ => None,
                })
                .collect();
            (messages.len() >= count).then_some(messages)
        })
    }
}

fn opened(events: &[Event], of: GroupId) -> Vec<Link> {
    let all = events.iter().filter_map(|event| match event {
        Event::Opened { link, group, .. } if *group == of => Some(*link),
        _ => None,
    });
    all.collect()
}

/// The second link that was opened.
pub fn second_link(events: &[Event]) -> Option<Link> {
    let mut links = events.iter().filter_map(|event| match event {
        Event::Opened { link, .. } => Some(*link),
        _ => None,
    });
    links.nth(1)
}

/// A device on loopback.
pub struct Device {
    pub net: Net,
    pub heard: Arc<Heard>,
}

impl Device {
    pub fn new(seed: u8, groups: &[u8]) -> Self {
        Self::with(settings(seed), memberships(seed, groups))
    }

    pub fn with(settings: Settings, groups: Vec<Membership>) -> Self {
        let heard = Arc::new(Heard::default());
        let ears = Arc::clone(&heard);
        let net = Net::start(settings, groups, move |event| ears.push(event)).unwrap();
        Self { net, heard }
    }

    /// Dials another one, and waits for the link at both ends.
    #[track_caller]
    pub fn meet(&self, other: &Self, group: GroupId) -> (Link, Link) {
        self.net.dial(other.net.address());
        (self.heard.wait_opened(group), other.heard.wait_opened(group))
    }
}

/// Bounds for tests: soon again, and many from one address.
pub fn bounds() -> Bounds {
    Bounds {
        burst: 10_000,
        strangers_a_source: 10_000,
        strangers: 10_000,
        pause: Duration::from_millis(100),
        longest_pause: Duration::from_millis(500),
        ..Bounds::default()
    }
}

pub fn settings(seed: u8) -> Settings {
    Settings {
        listen: vec![loopback()],
        lan: false,
        endpoint: [seed; 32],
        relay: None,
        bounds: bounds(),
    }
}

pub fn loopback() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

pub fn group(number: u8) -> GroupId {
    GroupId::from_bytes([number; 32])
}

pub fn membership(seed: u8, number: u8) -> Membership {
    Membership {
        group: group(number),
        discovery: [number ^ 0xff; 32],
        device: DeviceSecret::from_bytes(&[seed.wrapping_add(number); 32]),
        admissions: vec![vec![seed; 100]],
    }
}

pub fn memberships(seed: u8, groups: &[u8]) -> Vec<Membership> {
    groups.iter().map(|number| membership(seed, *number)).collect()
}

pub fn device_key(seed: u8, number: u8) -> DeviceKey {
    membership(seed, number).device.public()
}

/// The same endpoint at other places.
pub fn moved(address: &Address, at: &[SocketAddr]) -> Address {
    Address { endpoint: address.endpoint, at: at.to_vec() }
}
