//! The task that speaks multicast DNS on every interface.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV4};
use std::sync::Arc;
use std::time::{Duration, Instant};

use socket2::{Domain, Protocol, SockRef, Socket, Type};
use tokio::net::UdpSocket;
use tokio::sync::watch;

use super::announcement::{self, Heard, Offer};
use super::cadence::Cadence;
use super::gate::Gate;
use super::interfaces::{self, Lan};
use super::{LeftLan, Shared, limits};

const GROUP: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 251);
const PORT: u16 = 5353;
/// How soon a socket that could not be had is tried again.
const AGAIN: Duration = Duration::from_secs(2);

/// A socket for all the interfaces: the port is shared with Bonjour and others of this machine.
fn open(lans: &[Lan]) -> std::io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_reuse_address(true)?;
    #[cfg(all(unix, not(any(target_os = "solaris", target_os = "illumos"))))]
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    socket.set_multicast_ttl_v4(255)?;
    socket.set_multicast_loop_v4(true)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::UNSPECIFIED, PORT)).into())?;
    for lan in lans {
        if let Err(why) = socket.join_multicast_v4(&GROUP, &lan.by) {
            tracing::warn!("devices on {} ({}) cannot be heard: {why}", lan.name, lan.by);
        }
    }
    UdpSocket::from_std(socket.into())
}

/// A LAN in use.
struct Used {
    lan: Lan,
    cadence: Cadence,
    /// The last sending failed: said once, not at each try.
    silent: bool,
}

struct Wire {
    shared: Arc<Shared>,
    used: Vec<Used>,
    socket: Option<UdpSocket>,
    open_at: Option<Instant>,
    gate: Gate,
}

/// Runs until all handles are gone. Takes back what was announced at the end.
pub(super) async fn run(shared: Arc<Shared>, mut lans: watch::Receiver<Vec<Lan>>) {
    let now = Instant::now();
    let mut wire =
        Wire { shared, used: Vec::new(), socket: None, open_at: None, gate: Gate::new(now) };
    let shared = Arc::clone(&wire.shared);
    let mut bytes = vec![0; limits::PACKET + 1];
    loop {
        let next = wire.next(Instant::now());
        tokio::select! {
            changed = lans.changed() => {
                if changed.is_err() {
                    return;
                }
                let lans = lans.borrow_and_update().clone();
                wire.renew(lans, Instant::now());
            }
            () = shared.own_changed.notified() => wire.own_changed(Instant::now()).await,
            () = shared.stop.notified() => break,
            () = tokio::time::sleep_until(next.into()) => wire.due(Instant::now()).await,
            (length, from) = receive(wire.socket.as_ref(), &mut bytes) => {
                wire.received(bytes.get(..length).unwrap_or_default(), from, Instant::now());
            }
        }
    }
    wire.shared.take_back_all();
    wire.own_changed(Instant::now()).await;
    wire.shared.stopped.notify_one();
}

async fn receive(socket: Option<&UdpSocket>, bytes: &mut [u8]) -> (usize, SocketAddr) {
    let Some(socket) = socket else { return std::future::pending().await };
    loop {
        match socket.recv_from(bytes).await {
            Ok(received) => return received,
            // An error of an earlier sending, as a rule; a moment, so that none can spin.
            Err(why) => {
                tracing::debug!("nothing could be received on the LAN: {why}");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

impl Wire {
    fn next(&self, now: Instant) -> Instant {
        let sending = self.used.iter().map(|used| used.cadence.next()).min();
        // Entries expire also where there is no LAN.
        let mut next = now + Duration::from_secs(1);
        if self.socket.is_some() {
            next = sending.map_or(next, |sending| next.min(sending));
        }
        self.open_at.map_or(next, |at| next.min(at))
    }

    /// Other interfaces: memberships of those that are gone are gone with the socket.
    fn renew(&mut self, lans: Vec<Lan>, now: Instant) {
        for used in &self.used {
            if !lans.contains(&used.lan) {
                tracing::info!("devices on {} are no longer searched", used.lan.name);
            }
        }
        let before = std::mem::take(&mut self.used);
        for lan in lans {
            // What did not change keeps its rhythm: a flapping interface makes no noise elsewhere.
            let known = before.iter().find(|used| used.lan == lan);
            let cadence = known.map(|used| used.cadence.clone());
            if cadence.is_none() {
                tracing::info!("devices are searched on {} ({})", lan.name, lan.by);
            }
            let cadence = cadence.unwrap_or_else(|| Cadence::new(now));
            self.used.push(Used { lan, cadence, silent: false });
        }
        let holds = |used: &[Used], ip| used.iter().any(|used| used.lan.holds(ip));
        self.shared.left(|source| match source {
            IpAddr::V4(source) => holds(&before, source) && !holds(&self.used, source),
            IpAddr::V6(_) => false,
        });
        let nets = |used: &[Used]| -> Vec<_> {
            used.iter().flat_map(|used| used.lan.nets.iter().copied()).collect()
        };
        let (gone, here) = (nets(&before), nets(&self.used));
        if gone.iter().any(|net| !here.contains(net)) {
            self.shared.left_lan(LeftLan { gone, here });
        }
        self.reopen(now);
    }

    fn reopen(&mut self, now: Instant) {
        self.socket = None;
        self.open_at = None;
        if self.used.is_empty() {
            return;
        }
        let lans: Vec<Lan> = self.used.iter().map(|used| used.lan.clone()).collect();
        match open(&lans) {
            Ok(socket) => self.socket = Some(socket),
            Err(why) => {
                tracing::warn!(
                    "devices on the LAN cannot be found, because port {PORT} cannot be used: {why}; \
                     it is tried again, and addresses typed by hand work"
                );
                self.open_at = Some(now + AGAIN);
            }
        }
    }

    async fn send(&mut self, index: usize, bytes: &[u8]) {
        let (Some(socket), Some(used)) = (&self.socket, self.used.get_mut(index)) else { return };
        let sent = match SockRef::from(socket).set_multicast_if_v4(&used.lan.by) {
            Ok(()) => socket.send_to(bytes, SocketAddrV4::new(GROUP, PORT)).await,
            Err(why) => Err(why),
        };
        match sent {
            Ok(_) => used.silent = false,
            Err(why) if !used.silent => {
                used.silent = true;
                tracing::warn!("devices on {} cannot be told of this one: {why}", used.lan.name);
            }
            Err(_) => {}
        }
    }

    async fn due(&mut self, now: Instant) {
        if self.open_at.is_some_and(|at| at <= now) {
            self.reopen(now);
        }
        self.shared.expire(now);
        if let Some(refused) = self.gate.tell(now) {
            tracing::warn!(
                "somebody floods the LAN with announcements of devices: {refused} were not taken; \
                 devices may be found later than usual"
            );
        }
        if self.socket.is_none() {
            return;
        }
        let own = self.shared.own();
        for index in 0..self.used.len() {
            let Some(used) = self.used.get_mut(index) else { break };
            let due = used.cadence.due(now, !own.is_empty());
            let lan = used.lan.clone();
            if due.ask
                && let Some(bytes) = announcement::question()
            {
                self.send(index, &bytes).await;
            }
            if due.answer {
                for (endpoint, at) in &own {
                    let at = lan.of(at);
                    if at.is_empty() {
                        continue;
                    }
                    let kept = announcement::KEPT;
                    if let Some(bytes) = announcement::answer(endpoint, &at, kept) {
                        self.send(index, &bytes).await;
                    }
                }
            }
        }
    }

    /// Takes back what is no longer announced, and tells soon of the rest.
    async fn own_changed(&mut self, now: Instant) {
        for (endpoint, at) in self.shared.taken_back() {
            for index in 0..self.used.len() {
                let here = self.used.get(index).map(|used| used.lan.of(&at)).unwrap_or_default();
                if !here.is_empty()
                    && let Some(bytes) = announcement::answer(&endpoint, &here, 0)
                {
                    self.send(index, &bytes).await;
                }
            }
        }
        for used in &mut self.used {
            used.cadence.changed(now);
        }
    }

    fn received(&mut self, bytes: &[u8], from: SocketAddr, now: Instant) {
        // Bounds first, then whether it is from here: only then is it read.
        let IpAddr::V4(source) = from.ip() else { return };
        if !self.gate.opens(from.ip(), now) {
            return;
        }
        let Some(used) = self.used.iter_mut().find(|used| used.lan.holds(source)) else {
            tracing::debug!("what {source} says is not from one of this machine's LANs");
            return;
        };
        let own = self.shared.own();
        let labels: Vec<String> = own.iter().map(|(id, _)| announcement::label(id)).collect();
        match announcement::read(bytes, &labels) {
            Some(Heard::Question) => used.cadence.question(now, self.shared.crowd()),
            Some(Heard::Offers(offers)) => {
                for offer in offers {
                    if own.iter().any(|(id, _)| *id == offer.endpoint) {
                        continue;
                    }
                    let loopback = self.shared.settings.loopback && source.is_loopback();
                    let offer = judged(offer, loopback);
                    if let Err(why) = self.shared.heard(&offer, from.ip(), now) {
                        tracing::debug!("{source} announces a device that is not taken: {why:?}");
                        self.gate.refuse();
                    }
                }
            }
            None => {}
        }
    }
}

/// An offer with those addresses only that a device on a LAN can have.
fn judged(mut offer: Offer, loopback: bool) -> Offer {
    offer.at.retain(|at| at.port() != 0 && interfaces::local(at.ip(), loopback));
    offer
}
