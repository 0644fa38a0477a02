//! What a seed holds: how many devices, who is how connected, which faults and how often.

use crate::chance::Chance;

const MINUTE: u64 = 60 * 1_000;
const HOUR: u64 = 60 * MINUTE;

/// Who is connected with whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Each with the next.
    Line,
    /// All with one.
    Star,
    /// A closed line.
    Ring,
    /// Each with three or four others, at random.
    Mesh,
}

impl Shape {
    /// The pairs of so many devices that are connected.
    #[must_use]
    pub fn pairs(self, devices: usize, chance: &mut Chance) -> Vec<(usize, usize)> {
        let next = |at: usize| (at, (at + 1) % devices);
        let mut pairs: Vec<(usize, usize)> = match self {
            Self::Line => (0..devices.saturating_sub(1)).map(next).collect(),
            Self::Star => (1..devices).map(|at| (0, at)).collect(),
            Self::Ring | Self::Mesh => (0..devices).map(next).collect(),
        };
        if self == Self::Mesh {
            for at in 0..devices {
                for _ in 0..chance.count(1, 2) {
                    pairs.push((at, chance.count(0, devices - 1)));
                }
            }
        }
        pairs.iter_mut().for_each(|pair| *pair = (pair.0.min(pair.1), pair.0.max(pair.1)));
        pairs.retain(|(one, other)| one != other);
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }
}

/// How often what goes wrong.
#[derive(Clone, Debug, Default)]
pub struct Rates {
    /// Milliseconds that a message takes at most.
    pub delay: u64,
    /// Bytes a millisecond of the slowest link.
    pub slowest: u64,
    /// Connections that break, of a thousand messages.
    pub breaks: u32,
    /// Dials that open a second connection, of a thousand.
    pub second_connections: u32,
    /// Partitions.
    pub partitions: usize,
    /// Crashes.
    pub crashes: usize,
    /// Crashes between taking in and committing, of a thousand.
    pub torn: u32,
    /// Times that a disk is full for a while.
    pub full_disks: usize,
    /// Backups put back.
    pub restored: usize,
    /// Clocks that are set wrong, of a thousand.
    pub clock_lies: u32,
}

/// What a run is made of.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The seed.
    pub seed: u64,
    /// Those who found the group.
    pub founders: usize,
    /// Devices that are let in later, or never.
    pub newcomers: usize,
    /// Copies of a founder's home that act at the same time.
    pub clones: usize,
    /// Hostile founders.
    pub hostile: usize,
    /// Hostile devices that nobody lets in.
    pub strangers: usize,
    /// Whether many want to remove one of the first members.
    pub removal: bool,
    /// Whether a hostile member writes more than is taken in of one author on one day.
    pub flood: bool,
    /// The shape while people write.
    pub shape: Shape,
    /// The shape afterwards.
    pub healed: Shape,
    /// How long people write, in milliseconds.
    pub span: u64,
    /// How many things people do.
    pub deeds: usize,
    /// Faults.
    pub rates: Rates,
}

/// What whoever starts a run decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// So many devices; drawn from 3 to 10 if nothing is wished.
    pub devices: Option<usize>,
    /// Whether anything goes wrong.
    pub faults: bool,
    /// Whether a hostile member writes more than is taken in of one author on one day.
    pub flood: bool,
}

impl Default for Wish {
    fn default() -> Self {
        Self { devices: None, faults: true, flood: false }
    }
}

impl Plan {
    /// Draws the plan of a seed.
    #[must_use]
    pub fn draw(seed: u64, wish: Wish, chance: &mut Chance) -> Self {
        let drawn = chance.count(3, 10);
        let devices = wish.devices.unwrap_or(drawn).max(2);
        let shapes = [Shape::Line, Shape::Star, Shape::Ring, Shape::Mesh];
        let shape = chance.pick(&shapes).copied().unwrap_or(Shape::Line);
        let healed = if chance.happens(500) { Shape::Line } else { Shape::Mesh };
        let mut plan = Self {
            seed,
            founders: devices,
            newcomers: 0,
            clones: 0,
            hostile: 0,
            strangers: 0,
            removal: false,
            flood: wish.flood,
            shape,
            healed,
            span: chance.between(HOUR, 72 * HOUR),
            deeds: chance.count(10, 30) + devices,
            rates: Rates { delay: 200, slowest: 1_000, ..Rates::default() },
        };
        if !wish.faults {
            return plan;
        }
        let some = |chance: &mut Chance, rate, most| match chance.happens(rate) {
            true => chance.count(1, most),
            false => 0,
        };
        plan.newcomers = chance.count(0, devices / 3);
        plan.hostile = some(chance, 500, (devices / 5).max(1));
        plan.hostile = plan.hostile.max(usize::from(wish.flood));
        plan.clones = usize::from(devices > 3 && chance.happens(300));
        plan.strangers = usize::from(devices > 4 && chance.happens(200));
        plan.removal = chance.happens(300);
        let others = plan.newcomers + plan.hostile + plan.clones + plan.strangers;
        plan.founders = devices.saturating_sub(others).clamp(1, 64);
        if plan.founders < 2 {
            plan.founders += std::mem::take(&mut plan.clones);
        }
        let mut rate = |most| {
            let often = [0, most / 8, most];
            chance.pick(&often).copied().unwrap_or(0)
        };
        let (breaks, second_connections, torn, clock_lies) =
            (rate(120), rate(200), rate(60), rate(500));
        plan.rates = Rates {
            delay: [50, 500, 5_000, 60_000][chance.count(0, 3)],
            slowest: [2, 20, 1_000][chance.count(0, 2)],
            breaks,
            second_connections,
            partitions: some(chance, 500, 3),
            crashes: some(chance, 600, devices),
            torn,
            full_disks: some(chance, 300, 3),
            restored: some(chance, 300, 2),
            clock_lies,
        };
        plan
    }
}
