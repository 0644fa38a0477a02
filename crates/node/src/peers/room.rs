//! Several homes of one process in exchange with each other over real endpoints: what the demo and
//! tests use.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use super::{Arrived, Options, Peers, Whom};
use crate::error::{NodeError, Result};
use crate::group::{Group, Held};
use crate::home::Home;

/// How long devices on one computer may take to become even.
const PATIENCE: Duration = Duration::from_secs(60);
/// Events that are handled together.
const TOGETHER: usize = 256;

/// Homes whose devices are in one room.
pub struct Room {
    devices: Vec<(Home, Peers)>,
    tell: Sender<(usize, Arrived)>,
    arrived: Receiver<(usize, Arrived)>,
}

impl Default for Room {
    fn default() -> Self {
        let (tell, arrived) = channel();
        Self { devices: Vec::new(), tell, arrived }
    }
}

impl std::fmt::Debug for Room {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Room").field("devices", &self.devices.len()).finish()
    }
}

impl Room {
    /// A home comes in; it is held as long as the room is. Gives its number.
    ///
    /// # Errors
    /// Its network cannot be started.
    pub fn enter(&mut self, home: &Home, options: Options) -> Result<usize> {
        let (number, tell) = (self.devices.len(), self.tell.clone());
        let home = home.clone().holding(Held::default());
        let peers = Peers::start(&home, options, move |arrived| {
            // After the room is gone nobody wants to know.
            drop(tell.send((number, arrived)));
        })?;
        self.devices.push((home, peers));
        Ok(number)
    }

    /// How many devices are in it.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.devices.len()
    }

    /// Whether nobody is.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.devices.is_empty()
    }

    /// The home of that number, and its peers.
    ///
    /// # Errors
    /// There is none.
    pub fn device(&mut self, number: usize) -> Result<(&Home, &mut Peers)> {
        let device = self.devices.get_mut(number).map(|(home, peers)| (&*home, peers));
        device.ok_or_else(|| NodeError::failed("no_device", "no such device is in the room"))
    }

    /// One device connects to another.
    ///
    /// # Errors
    /// There is none, or it answers nowhere.
    pub fn introduce(&mut self, one: usize, other: usize) -> Result<()> {
        let address = self.device(other)?.1.address().unwrap_or_default();
        let whom = Whom::read(&address)?;
        self.device(one)?.1.dial(whom);
        Ok(())
    }

    /// The clock of a device goes to another moment.
    ///
    /// # Errors
    /// There is no such device.
    pub fn set_clock(&mut self, number: usize, clock: crate::home::Clock) -> Result<()> {
        let (home, peers) = self
            .devices
            .get_mut(number)
            .ok_or_else(|| NodeError::failed("no_device", "no such device is in the room"))?;
        *home = home.as_named(home.folder().to_owned(), clock);
        peers.tick(home);
        Ok(())
    }

    /// Lets devices exchange until `done`.
    ///
    /// # Errors
    /// It does not come to that within a minute.
    pub fn until(&mut self, mut done: impl FnMut(&mut Self) -> bool) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while !done(self) {
            if Instant::now() >= deadline {
                return Err(NodeError::failed(
                    "not_even",
                    "after a minute the devices have not become even",
                ));
            }
            self.step();
        }
        Ok(())
    }

    /// Lets devices exchange until all have the same.
    ///
    /// # Errors
    /// They do not within a minute.
    pub fn even(&mut self) -> Result<()> {
        for (home, peers) in &mut self.devices {
            peers.wrote(home);
        }
        self.until(Self::is_even)
    }

    fn step(&mut self) {
        let wait = self.devices.iter().map(|(_, peers)| peers.next_tick()).min();
        let wait = wait.unwrap_or_default().min(Duration::from_millis(50));
        let mut batches: Vec<Vec<Arrived>> = Vec::new();
        batches.resize_with(self.devices.len(), Vec::new);
        let first = self.arrived.recv_timeout(wait).ok();
        let all = first.into_iter().chain(self.arrived.try_iter().take(TOGETHER));
        for (number, arrived) in all {
            if let Some(batch) = batches.get_mut(number) {
                batch.push(arrived);
            }
            if batches.iter().map(Vec::len).sum::<usize>() >= TOGETHER {
                break;
            }
        }
        for ((home, peers), batch) in self.devices.iter_mut().zip(batches) {
            if !batch.is_empty() {
                peers.handle(home, batch);
            }
            if peers.next_tick().is_zero() {
                peers.tick(home);
            }
        }
    }

    fn is_even(&mut self) -> bool {
        let mut digests = Vec::new();
        for (home, peers) in &self.devices {
            let progress = peers.progress();
            if progress.connected == 0 || progress.up_to_date < progress.found {
                return false;
            }
            for folder in home.group_folders().unwrap_or_default() {
                let Ok(mut group) = Group::open(home, &folder) else { return false };
                group.look_for_texts();
                if !group.wanted_texts().is_empty() {
                    return false;
                }
                digests.push((group.ledger().group(), group.ledger().frontier().digest()));
            }
        }
        digests.sort_unstable();
        digests.dedup();
        digests.windows(2).all(|two| match two {
            [(one, _), (other, _)] => one != other,
            _ => true,
        })
    }
}
