//! Hostile devices in a run.

use copact_sync::limits;

use super::{World, Wrong};
use crate::hostile;

impl World {
    /// A hostile device misbehaves, or does for once what people do: then true.
    pub(super) fn misbehave(&mut self, phone: usize) -> Result<bool, Wrong> {
        let at = &self.phones[phone];
        if at.me().is_some() && !at.stands() {
            self.tally.fault("goes on after its removal");
        }
        let flood = self.mischief.get(&phone).map_or(0, |one| one.flood);
        if self.chance.happens(300) {
            return Ok(true);
        }
        match hostile::write(&mut self.phones[phone], flood, self.now, &mut self.chance) {
            Ok(what) => {
                self.trace.line(self.now, format_args!("#{phone} {what}"));
                self.tally.fault(what);
                if self.commit(phone)? {
                    self.grow(phone)?;
                }
            }
            Err(_) => self.phones[phone].forget(),
        }
        Ok(false)
    }

    pub(super) fn flood(&mut self, phone: usize) -> Result<(), Wrong> {
        let most = usize::try_from(limits::DAY_ENVELOPES).unwrap_or(usize::MAX);
        let at = &mut self.phones[phone];
        if hostile::flood(at, most + 100, self.now, &mut self.chance).is_err() {
            return Ok(());
        }
        self.tally.fault("floods above a day's quota");
        if self.commit(phone)? { self.grow(phone) } else { Ok(()) }
    }

    /// What a hostile device says first on a connection.
    pub(super) fn greet(&mut self, connection: usize, side: usize) {
        let phone = self.network.connections[connection].ends[side].phone;
        if !self.mischief.contains_key(&phone) || !self.chance.happens(150) {
            return;
        }
        self.tally.fault("garbage messages");
        let length = self.chance.count(0, 2_000);
        let message = self.chance.garbage(length);
        self.put(connection, side, message);
    }
}
