//! The handle of the network, and its beginning and end.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use copact_core::ids::{EnvelopeId, Nonce};
use copact_sync::greeting::Membership;
use iroh::{Endpoint, EndpointId};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::address::Address;
use crate::dialling::Dialling;
use crate::discovery::{Discovery, Reach};
use crate::endpoint::{self, PAIR, SYNC};
use crate::event::{Event, Link};
use crate::gate::Gate;
use crate::links::Links;
use crate::notes::Notes;
use crate::pairing::{self, Invite, Pairings};
use crate::running::{Running, lock};
use crate::settings::{NetError, OpenInvite, Settings};
use crate::{accepting, dialling};

/// How long links have at the end to send what is queued, and endpoints to say goodbye.
const PARTING: Duration = Duration::from_secs(3);
/// How long tasks have after that.
const TASKS: Duration = Duration::from_secs(2);
/// How often it is looked whether all links are gone.
const LOOK: Duration = Duration::from_millis(10);

/// The running network; it ends when this is dropped: what is queued is sent within a few seconds,
/// then nothing of it stays, no thread and no port.
pub struct Net {
    shared: Arc<Running>,
    /// Taken at the end.
    runtime: Option<Runtime>,
}

impl fmt::Debug for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Net({})", self.address())
    }
}

impl Net {
    /// Starts it. `tell` is called on the network's own threads and must not block.
    ///
    /// # Errors
    /// Nothing can be bound.
    pub fn start(
        settings: Settings,
        groups: Vec<Membership>,
        tell: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Self, NetError> {
        let system = |error: &dyn fmt::Display| NetError::System(error.to_string());
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("copact-net")
            .enable_all()
            .build()
            .map_err(|error| system(&error))?;
        let mut instance = [0; 16];
        getrandom::fill(&mut instance).map_err(|error| system(&error))?;
        let beginning = settings.clone();
        let (discovery, day) = wait(runtime.handle(), async move { begin(&beginning).await })?;
        let shared = Arc::new(Running {
            instance,
            groups: watch::Sender::new(groups.into()),
            links: Links::default(),
            gate: Gate::new(settings.bounds),
            dialling: Dialling::default(),
            invites: Mutex::default(),
            pairings: Pairings::default(),
            ending: watch::Sender::new(false),
            notes: Notes::new(Instant::now()),
            tell: Box::new(tell),
            discovery,
            day,
            settings,
        });
        runtime.spawn(accepting::run(Arc::clone(&shared), shared.day.clone(), None));
        runtime.spawn(dialling::run(Arc::clone(&shared)));
        runtime.spawn(dialling::watch(Arc::clone(&shared)));
        Ok(Self { shared, runtime: Some(runtime) })
    }

    /// Replaces the groups; links of those that are gone are closed, and peers are offered the new
    /// ones.
    pub fn set_groups(&self, groups: Vec<Membership>) {
        let kept = groups.iter().map(|mine| mine.group).collect();
        self.shared.groups.send_replace(groups.into());
        self.shared.links.keep(&kept);
        self.shared.dialling.other_groups();
    }

    /// Dials an address now and again until it is connected, with back-off, and again whenever the
    /// connection is lost.
    pub fn dial(&self, address: Address) {
        self.shared.dialling.by_hand(address);
    }

    /// Tells of a device that the platform sees on the LAN now (Bonjour on iOS, NSD on Android).
    /// Whether it is dialled depends on how many others there are.
    pub fn found(&self, address: Address) {
        if let Ok(endpoint) = EndpointId::from_bytes(&address.endpoint) {
            self.shared.discovery.inject(endpoint, &address.at);
        }
    }

    /// Tells that the platform does not see a device on the LAN any more.
    pub fn lost_sight(&self, endpoint: &[u8; 32]) {
        self.found(Address { endpoint: *endpoint, at: Vec::new() });
    }

    /// Queues a message of 1 to [`copact_sync::limits::MESSAGE_BYTES`] bytes. A link whose queue is
    /// over its limit is closed; a link that is gone takes nothing.
    pub fn send(&self, link: Link, message: Vec<u8>) {
        if !message.is_empty() {
            self.shared.links.send(link, message, self.shared.settings.bounds.queue);
        }
    }

    /// Closes a link with a sentence for the other side and the log; what is still queued is not
    /// sent.
    pub fn close(&self, link: Link, why: &str) {
        self.shared.links.close(link, why);
    }

    /// Where this device answers now: the day's endpoint.
    #[must_use]
    pub fn address(&self) -> Address {
        endpoint::address(&self.shared.day)
    }

    /// Opens an invite: its own endpoint answers from now on. Returns where. One that is open
    /// already stays as it is.
    ///
    /// # Errors
    /// Nothing can be bound.
    pub fn open_invite(&self, invite: OpenInvite) -> Result<Address, NetError> {
        if let Some(open) = lock(&self.shared.invites).get(&invite.nonce) {
            return Ok(endpoint::address(&open.endpoint));
        }
        let Some(runtime) = &self.runtime else { return Ok(self.address()) };
        let settings = self.shared.settings.clone();
        let discovery = self.shared.discovery.clone();
        let endpoint = wait(runtime.handle(), async move {
            endpoint::bind(&settings, &invite.endpoint, &[PAIR, SYNC], true, &discovery).await
        })?;
        let address = endpoint::address(&endpoint);
        let open = Invite { endpoint: endpoint.clone(), key: invite.key, tried: invite.tried };
        lock(&self.shared.invites).insert(invite.nonce, open);
        runtime.spawn(accepting::run(Arc::clone(&self.shared), endpoint, Some(invite.nonce)));
        Ok(address)
    }

    /// Closes it: nobody can ask by it any more, and links that came by its endpoint end.
    pub fn close_invite(&self, nonce: Nonce) {
        let closed = lock(&self.shared.invites).remove(&nonce);
        if let (Some(invite), Some(runtime)) = (closed, &self.runtime) {
            runtime.spawn(async move { invite.endpoint.close().await });
        }
    }

    /// Answers a newcomer: with the envelope that admitted them, or with why not.
    pub fn answer_pairing(&self, pairing: Link, admitted: Result<EnvelopeId, String>) {
        self.shared.pairings.answer(pairing, admitted);
    }

    /// Asks to join at an invite's address: `key` is the ticket's
    /// [`pairing_key`](copact_sync::ticket::Ticket::pairing_key), `request` the file's bytes.
    /// Events follow: a code, then the answer; or at once why it cannot be asked.
    pub fn ask(&self, address: Address, key: [u8; 32], request: Vec<u8>) {
        if let Some(runtime) = &self.runtime {
            runtime.spawn(pairing::ask(Arc::clone(&self.shared), address, key, request));
        }
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        self.shared.ending.send_replace(true);
        let shared = Arc::clone(&self.shared);
        wait(runtime.handle(), async move { part(&shared).await });
        if Handle::try_current().is_ok() {
            // On a thread of some runtime nothing may block; what is left ends by itself.
            runtime.shutdown_background();
        } else {
            runtime.shutdown_timeout(TASKS);
        }
    }
}

/// Begins to search, if that is wanted, and to listen.
async fn begin(settings: &Settings) -> Result<(Discovery, Endpoint), NetError> {
    // Two homes of one computer find each other also where there is no network at all.
    let discovery = Discovery::start(Reach { lan: settings.lan, loopback: true });
    let day = endpoint::bind(settings, &settings.endpoint, &[SYNC], false, &discovery).await?;
    Ok((discovery, day))
}

/// Lets links send what they have, and newcomers hear their answer, then closes the endpoints.
async fn part(shared: &Running) {
    let sent = async {
        while shared.links.any() || shared.pairings.any() {
            tokio::time::sleep(LOOK).await;
        }
    };
    let _ = timeout(PARTING, sent).await;
    let _ = timeout(PARTING, shared.discovery.stop()).await;
    let invites = std::mem::take(&mut *lock(&shared.invites));
    let endpoints: Vec<Endpoint> = invites.into_values().map(|invite| invite.endpoint).collect();
    let closing = endpoints
        .into_iter()
        .chain([shared.day.clone()])
        .map(|endpoint| tokio::spawn(async move { timeout(PARTING, endpoint.close()).await }));
    for closed in closing.collect::<Vec<_>>() {
        let _ = closed.await;
    }
}

/// Runs something on the network's threads and waits for it, on whatever thread this is.
fn wait<T: Ended + Send + 'static>(
    runtime: &Handle,
    what: impl Future<Output = T> + Send + 'static,
) -> T {
    let (done, result) = mpsc::sync_channel(1);
    runtime.spawn(async move {
        let _ = done.send(what.await);
    });
    result.recv().unwrap_or_else(|_| T::ended())
}

/// What is given when the network's threads are gone.
trait Ended {
    fn ended() -> Self;
}

impl Ended for () {
    fn ended() -> Self {}
}

impl<T> Ended for Result<T, NetError> {
    fn ended() -> Self {
        Err(NetError::System("its threads are gone".into()))
    }
}
