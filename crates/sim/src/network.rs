//! Links between devices, and the connections over them: ordered, reliable, until they break.

use std::collections::VecDeque;

use crate::chance::Chance;
use crate::plan::Rates;

/// A pair of devices that can reach each other.
#[derive(Clone, Debug)]
pub struct Link {
    /// The two devices, by number.
    pub ends: [usize; 2],
    /// Milliseconds that a message takes at least.
    pub delay: u64,
    /// Milliseconds by which that varies.
    pub jitter: u64,
    /// Bytes a millisecond.
    pub speed: u64,
    /// Connections over it that are open at both ends.
    pub open: usize,
    /// Whether it was made when the faults were over.
    pub healed: bool,
    /// Whether an exchange closed the last connection over it: dialling again soon is useless.
    pub refused: bool,
}

/// One end of a connection.
#[derive(Clone, Debug)]
pub struct End {
    /// The device.
    pub phone: usize,
    /// Whether the device holds it to be open.
    pub open: bool,
    /// Messages under way to this end.
    pub coming: VecDeque<Vec<u8>>,
    /// When the last of them arrives.
    pub arrives: u64,
}

/// A connection.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The link.
    pub link: usize,
    /// Its ends.
    pub ends: [End; 2],
    /// The key that both ends derived.
    pub key: [u8; 32],
    /// Whether messages get lost on it: it broke, and one end may not know yet.
    pub broken: bool,
}

/// All links and connections.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// The links.
    pub links: Vec<Link>,
    /// Every connection there ever was, by number.
    pub connections: Vec<Connection>,
    /// Which side of a partition each device is on; empty without one.
    pub sides: Vec<bool>,
    /// Messages under way.
    pub under_way: usize,
}

impl Network {
    /// Adds a link.
    pub fn link(&mut self, ends: [usize; 2], healed: bool, rates: &Rates, chance: &mut Chance) {
        let delay = chance.between(1, rates.delay.max(2) / 2);
        let jitter = chance.between(0, rates.delay.max(2) / 2);
        let speed = if chance.happens(300) { rates.slowest } else { 5_000 };
        self.links.push(Link { ends, delay, jitter, speed, open: 0, healed, refused: false });
    }

    /// Whether a partition lies between the ends of a link.
    #[must_use]
    pub fn is_cut(&self, link: usize) -> bool {
        let [one, other] = self.links[link].ends;
        !self.sides.is_empty() && self.sides[one] != self.sides[other]
    }

    /// Opens a connection; its number, and when each end learns of it.
    pub fn open(&mut self, link: usize, now: u64, chance: &mut Chance) -> (usize, [u64; 2]) {
        let at = &mut self.links[link];
        at.open += 1;
        at.refused = false;
        let heard = now + at.delay + chance.between(0, at.jitter);
        let opened = if chance.happens(500) { [now, heard] } else { [heard, now] };
        let end = |side: usize| End {
            phone: at.ends[side],
            open: false,
            coming: VecDeque::new(),
            arrives: opened[side],
        };
        let ends = [end(0), end(1)];
        self.connections.push(Connection { link, ends, key: chance.bytes(), broken: false });
        (self.connections.len() - 1, opened)
    }

    /// Puts a message on its way from one end to the other. When it arrives; never if it is lost.
    pub fn send(
        &mut self,
        number: usize,
        side: usize,
        message: Vec<u8>,
        now: u64,
        chance: &mut Chance,
    ) -> Option<u64> {
        let connection = &mut self.connections[number];
        if connection.broken {
            return None;
        }
        let link = &self.links[connection.link];
        let bytes = u64::try_from(message.len()).unwrap_or(u64::MAX);
        let takes = link.delay + chance.between(0, link.jitter) + bytes / link.speed.max(1);
        let end = &mut connection.ends[1 - side];
        // A stream keeps its order.
        end.arrives = end.arrives.max(now + takes);
        end.coming.push_back(message);
        self.under_way += 1;
        Some(end.arrives)
    }

    /// Takes the next message that arrives at an end, and whether the device is there to read it.
    pub fn arrive(&mut self, number: usize, side: usize) -> Option<Vec<u8>> {
        let end = &mut self.connections[number].ends[side];
        let message = end.coming.pop_front()?;
        self.under_way -= 1;
        end.open.then_some(message)
    }

    /// Breaks a connection: what is under way is lost. Whether it was whole before.
    pub fn cut(&mut self, number: usize) -> bool {
        let connection = &mut self.connections[number];
        if connection.broken {
            return false;
        }
        connection.broken = true;
        for end in &mut connection.ends {
            self.under_way -= end.coming.len();
            end.coming.clear();
        }
        let link = &mut self.links[connection.link];
        link.open = link.open.saturating_sub(1);
        true
    }

    /// The connections of a device that it holds to be open, with its side of each.
    #[must_use]
    pub fn of(&self, phone: usize) -> Vec<(usize, usize)> {
        let all = self.connections.iter().enumerate();
        let ends = all.flat_map(|(number, one)| {
            one.ends.iter().enumerate().map(move |(side, end)| (number, side, end))
        });
        ends.filter(|(_, _, end)| end.phone == phone && end.open)
            .map(|(number, side, _)| (number, side))
            .collect()
    }
}
