//! Peers: the groups of a home in exchange with other devices.
//!
//! [`Peers`] runs in the thread that holds the home. The network's events come over a channel of
//! the caller's and are handed to [`Peers::handle`]; after a command wrote, [`Peers::wrote`] tells
//! the peers; and [`Peers::tick`] is due when [`Peers::next_tick`] says so. Groups are lent by the
//! home for the length of one call.

mod endpoint;
mod groups;
mod here;
mod joined;
mod membership;
mod pairing;
mod quota;
pub mod room;
mod talk;
mod telling;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use copact_core::day::Day;
use copact_core::ids::{GroupId, Nonce};
use copact_net::{Address, Bounds, Event, Link, Membership, Net, Settings};
use copact_sync::exchange::{Moment, Peer};

use crate::error::{NodeError, Result};
use crate::group::Group;
use crate::home::Home;
use joined::{Done, Input, Joined, Now, Out};
use pairing::Pending;
pub use pairing::{Asks, Entry, Whom};
pub use telling::{Happened, PeerRow, Progress, State};

/// The day changes at most this long before it is noticed.
const LONGEST: Duration = Duration::from_secs(30);

/// How to use the network.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where to listen; all interfaces and any port if empty.
    pub listen: Vec<SocketAddr>,
    /// Whether to look for devices on the LAN, and to be found there.
    pub lan: bool,
    /// Only this group, if one is named.
    pub only: Option<GroupId>,
    /// What others may make this device do.
    pub bounds: Bounds,
}

/// An event of the network, to be handed to [`Peers::handle`].
#[derive(Debug)]
pub struct Arrived {
    /// Which of the networks that this device had one after another tells it.
    run: u32,
    event: Event,
}

type Tell = Arc<dyn Fn(Arrived) + Send + Sync>;

/// The groups of a home, and the peers that each has now.
pub struct Peers {
    /// `None` only if a new day's could not be started.
    net: Option<Net>,
    run: u32,
    tell: Tell,
    options: Options,
    day: Day,
    began: Instant,
    joined: BTreeMap<GroupId, Joined>,
    members: BTreeMap<GroupId, Membership>,
    links: BTreeMap<Link, GroupId>,
    /// Addresses that people named.
    dialled: Vec<Address>,
    /// Invites that are open on the network, and where.
    invites: BTreeMap<Nonce, (GroupId, Address)>,
    /// When it was last looked which are good.
    invites_seen: Instant,
    pending: BTreeMap<Link, Pending>,
    happened: Vec<Happened>,
}

impl std::fmt::Debug for Peers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (groups, links) = (self.joined.len(), self.links.len());
        f.debug_struct("Peers").field("groups", &groups).field("links", &links).finish()
    }
}

impl Peers {
    /// Starts the network with the groups of a home. `tell` is called on other threads and must not
    /// block: it passes on what [`Peers::handle`] is to be given.
    ///
    /// # Errors
    /// Nothing can be bound, or the day's key cannot be kept.
    pub fn start(
        home: &Home,
        options: Options,
        tell: impl Fn(Arrived) + Send + Sync + 'static,
    ) -> Result<Self> {
        let tell: Tell = Arc::new(tell);
        let net = start_net(home, &options, Vec::new(), &tell, 0)?;
        let mut peers = Self {
            net: Some(net),
            run: 0,
            tell,
            options,
            day: home.clock().day,
            began: Instant::now(),
            joined: BTreeMap::new(),
            members: BTreeMap::new(),
            links: BTreeMap::new(),
            dialled: Vec::new(),
            invites: BTreeMap::new(),
            invites_seen: Instant::now(),
            pending: BTreeMap::new(),
            happened: Vec::new(),
        };
        peers.wrote(home);
        Ok(peers)
    }

    /// Where this device answers today, as [`Whom::read`] reads it.
    #[must_use]
    pub fn address(&self) -> Option<String> {
        self.net.as_ref().map(|net| net.address().to_string())
    }

    /// Connects to a device, again and again until it answers.
    pub fn dial(&mut self, whom: Whom) {
        let Whom(address) = whom;
        self.on_net(|net| net.dial(address.clone()));
        self.dialled.push(address);
    }

    /// Takes what arrived since the last call. What it brings is on the disk before anything is
    /// answered.
    pub fn handle(&mut self, home: &Home, arrived: impl IntoIterator<Item = Arrived>) {
        let mut inputs: BTreeMap<GroupId, Vec<Input>> = BTreeMap::new();
        for Arrived { run, event } in arrived {
            // What an endpoint of yesterday still had to say.
            if run == self.run
                && let Some((group, input)) = self.sort(home, event)
            {
                inputs.entry(group).or_default().push(input);
            }
        }
        for (group, inputs) in inputs {
            self.turn(home, group, inputs);
        }
    }

    /// Whether the home's clock says another day than the one whose endpoint this is.
    #[must_use]
    pub fn is_other_day(&self, home: &Home) -> bool {
        home.clock().day != self.day
    }

    /// Looks at what is in the home now: groups that came, what was written, invites that were
    /// made.
    pub fn wrote(&mut self, home: &Home) {
        self.find_groups(home);
        let groups: Vec<GroupId> = self.joined.keys().copied().collect();
        for group in groups {
            self.turn(home, group, vec![Input::Look]);
        }
        self.open_invites(home);
    }

    /// Does what is due by now.
    pub fn tick(&mut self, home: &Home) {
        if self.is_other_day(home) || self.net.is_none() {
            self.begin_day(home);
        }
        let moment = self.now().moment;
        let due =
            self.joined.iter().filter(|(_, one)| one.next_tick().is_some_and(|t| t <= moment));
        let due: Vec<GroupId> = due.map(|(group, _)| *group).collect();
        for group in due {
            self.turn(home, group, vec![Input::Tick]);
        }
        if self.invites_seen.elapsed() >= LONGEST {
            self.open_invites(home);
        }
    }

    /// How long [`Peers::tick`] can wait.
    #[must_use]
    pub fn next_tick(&self) -> Duration {
        let now = self.now().moment;
        let due = self.joined.values().filter_map(Joined::next_tick).min();
        let wait = due.map(|due| Duration::from_millis(due.0.saturating_sub(now.0)));
        wait.unwrap_or(LONGEST).min(LONGEST)
    }

    /// What happened since this was last asked.
    pub fn happened(&mut self) -> Vec<Happened> {
        std::mem::take(&mut self.happened)
    }

    /// How far this device and those that it met are.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let mut progress = Progress::default();
        for joined in self.joined.values() {
            for met in joined.talk.met.values().filter(|met| met.told) {
                progress.found += 1;
                progress.connected += usize::from(met.is_connected());
                let state = met.state(joined.talk.envelopes());
                progress.up_to_date += usize::from(state == State::UpToDate);
            }
        }
        progress
    }

    /// The devices that were met, by group, those that are connected first.
    #[must_use]
    pub fn rows(&self, home: &Home) -> Vec<PeerRow> {
        let mut rows = Vec::new();
        for (id, joined) in &self.joined {
            let stored = joined.keeps.is_stored();
            let group = Group::open(home, &home.group_folder(*id)).ok().filter(|_| stored);
            let names = group.as_ref().map(|group| group.names()).unwrap_or_default();
            let now = group.as_ref().map(|group| group.ledger().now());
            for (device, met) in joined.talk.met.iter().filter(|(_, met)| met.told) {
                let member =
                    now.as_ref().and_then(|now| now.id(now.goes_by(now.of_device(device)?)));
                rows.push(PeerRow {
                    device: *device,
                    member,
                    name: member.and_then(|member| names.get(&member).cloned()),
                    group: *id,
                    address: met.address.clone(),
                    connected: met.is_connected(),
                    state: met.state(joined.talk.envelopes()),
                    seconds: met.since.elapsed().as_secs(),
                    received: met.received,
                    error: met.error.clone(),
                });
            }
        }
        rows.sort_by_key(|row| (row.group, !row.connected));
        rows
    }

    fn on_net(&self, work: impl FnOnce(&Net)) {
        if let Some(net) = &self.net {
            work(net);
        }
    }

    fn now(&self) -> Now {
        let at = Instant::now();
        let since = at.saturating_duration_since(self.began).as_millis();
        let moment = Moment(u64::try_from(since).unwrap_or(u64::MAX));
        Now { at, moment, day: i64::from(self.day.number()) }
    }

    /// What an event is for one group's exchange; what is none's is done at once.
    fn sort(&mut self, home: &Home, event: Event) -> Option<(GroupId, Input)> {
        match event {
            Event::Opened { link, group, device, admissions, key, address, dialled: _ } => {
                if !self.joined.contains_key(&group) {
                    self.on_net(|net| net.close(link, "this device is not in that group"));
                    return None;
                }
                self.links.insert(link, group);
                let peer = Peer { device, key, admissions };
                Some((group, Input::Opened { link, peer, address }))
            }
            Event::Message { link, bytes, room } => {
                Some((*self.links.get(&link)?, Input::Message { link, bytes, room }))
            }
            Event::Tried { nonce } => {
                self.tried(home, nonce);
                None
            }
            Event::Closed { link, why } => {
                Some((self.links.remove(&link)?, Input::Closed { link, why }))
            }
            Event::Asks { pairing, nonce, request, code } => {
                self.asked(home, pairing, nonce, &request, code);
                None
            }
            Event::AskedNoMore { pairing } => {
                self.asked_no_more(pairing);
                None
            }
            Event::Code { code } => {
                self.happened.push(Happened::Code { code });
                None
            }
            Event::Answered { admitted } => {
                self.answered(admitted);
                None
            }
            Event::Note { line } => {
                self.happened.push(Happened::Note { line });
                None
            }
        }
    }

    fn turn(&mut self, home: &Home, group: GroupId, inputs: Vec<Input>) {
        let now = self.now();
        let Some(joined) = self.joined.get_mut(&group) else { return };
        let Done { out, happened, entered } = joined.turn(home, inputs, now);
        for one in out {
            match one {
                Out::Send(link, message) => self.on_net(|net| net.send(link, message)),
                Out::Close(link, why) => {
                    self.links.remove(&link);
                    self.on_net(|net| net.close(link, &why));
                }
            }
        }
        self.happened.extend(happened);
        if entered {
            self.know(home, group);
            self.open_invites(home);
        }
    }

    /// A new day has a new endpoint: whoever is connected comes back to that.
    fn begin_day(&mut self, home: &Home) {
        let groups = self.members.values().cloned().collect();
        (self.day, self.run) = (home.clock().day, self.run.saturating_add(1));
        // Before the new one listens where this one did.
        self.net = None;
        match start_net(home, &self.options, groups, &self.tell, self.run) {
            Ok(net) => self.net = Some(net),
            Err(error) => {
                tracing::warn!(%error, "the day's endpoint cannot be had");
                self.happened.push(Happened::Note { line: error.to_string() });
            }
        }
        let links = std::mem::take(&mut self.links);
        for (link, group) in links {
            let why = "a new day has a new endpoint key".to_owned();
            self.turn(home, group, vec![Input::Closed { link, why }]);
        }
        for pairing in std::mem::take(&mut self.pending).into_keys() {
            self.asked_no_more(pairing);
        }
        self.invites.clear();
        for address in &self.dialled {
            self.on_net(|net| net.dial(address.clone()));
        }
    }
}

fn start_net(
    home: &Home,
    options: &Options,
    groups: Vec<Membership>,
    tell: &Tell,
    run: u32,
) -> Result<Net> {
    let settings = Settings {
        listen: options.listen.clone(),
        lan: options.lan,
        endpoint: endpoint::of_the_day(home)?,
        relay: None,
        bounds: options.bounds,
    };
    let tell = Arc::clone(tell);
    Net::start(settings, groups, move |event| tell(Arrived { run, event }))
        .map_err(|error| NodeError::told("no_network", error))
}
