//! What all tasks of the network have in common.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use copact_core::ids::Nonce;
use copact_sync::greeting::Membership;
use iroh::Endpoint;
use tokio::sync::watch;

use crate::dialling::Dialling;
use crate::discovery::Discovery;
use crate::event::Event;
use crate::gate::Gate;
use crate::links::Links;
use crate::notes::Notes;
use crate::pairing::{Invite, Pairings};
use crate::settings::Settings;

/// Where events go.
pub(crate) type Tell = Box<dyn Fn(Event) + Send + Sync>;

/// Tells this run of the network from an earlier one of the same device; drawn at the start.
pub(crate) type Instance = [u8; 16];

pub(crate) struct Running {
    pub settings: Settings,
    pub instance: Instance,
    /// The day's endpoint.
    pub day: Endpoint,
    pub discovery: Discovery,
    pub groups: watch::Sender<Arc<[Membership]>>,
    pub links: Links,
    pub gate: Arc<Gate>,
    pub dialling: Dialling,
    pub invites: Mutex<BTreeMap<Nonce, Invite>>,
    pub pairings: Pairings,
    /// Turns true when the network ends.
    pub ending: watch::Sender<bool>,
    pub notes: Notes,
    pub tell: Tell,
}

/// A lock whose holder panicked is still good: everything under locks here is whole at any moment.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Running {
    pub(crate) fn tell(&self, event: Event) {
        (self.tell)(event);
    }

    /// A line for the log, unless there were too many.
    pub(crate) fn note(&self, line: &str) {
        tracing::debug!("{line}");
        if let Some(line) = self.notes.write(line, Instant::now()) {
            self.tell(Event::Note { line });
        }
    }

    pub(crate) fn groups(&self) -> Arc<[Membership]> {
        Arc::clone(&self.groups.borrow())
    }

    /// The ids of this device's own endpoints.
    pub(crate) fn is_own(&self, endpoint: &[u8; 32]) -> bool {
        self.day.id().as_bytes() == endpoint
            || lock(&self.invites).values().any(|invite| invite.id() == *endpoint)
    }

    /// Resolves when the network ends.
    pub(crate) async fn ended(&self) {
        let _ = self.ending.subscribe().wait_for(|ending| *ending).await;
    }
}
