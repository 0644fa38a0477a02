//! What hostile devices cost honest ones, and what they may cost at most.

use copact_sync::limits;

use super::{World, Wrong};

/// What one hostile device cost one honest one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Messages handled.
    pub messages: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Signatures verified.
    pub verified: u64,
    /// Bytes sent to it.
    pub answered: u64,
    /// Connections to it.
    pub connections: u64,
    /// The most envelopes whose ancestors are missing that were held at one time, of all peers.
    pub orphans: u64,
}

/// The fewest bytes of an envelope in a message, compressed.
const ENVELOPE: u64 = 120;

impl World {
    pub(super) fn charge(
        &mut self,
        honest: usize,
        hostile: usize,
        note: impl FnOnce(&mut Cost),
    ) {
        note(self.costs.entry((honest, hostile)).or_default());
    }

    /// No hostile device may make another spend much more than it sends.
    pub(super) fn judge_costs(&self) -> Result<(), Wrong> {
        let _ = limits::FRAME_BYTES;
        for ((honest, hostile), cost) in &self.costs {
            let most = cost.bytes / ENVELOPE + 64;
            if cost.verified > most {
                return Err(Wrong(format!(
                    "#{hostile} made #{honest} verify {} signatures with {} bytes; at most {most}",
                    cost.verified, cost.bytes
                )));
            }
        }
        Ok(())
    }
}
