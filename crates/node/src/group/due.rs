//! What a device writes of its own accord, before it saves what was new.

use copact_core::act::Act;

use super::Group;
use crate::error::Result;

/// Writing one thing can make another due, as when a voice that starts completes a decision.
const ROUNDS: usize = 8;

impl Group {
    /// Enacts what has reached its need, and shows that this device has seen whom the group gave
    /// voice. The device whose answer completes a proposal enacts it; others when they write and
    /// see it.
    pub(super) fn write_due(&mut self) -> Result<()> {
        let Ok((me, _)) = self.me() else { return Ok(()) };
        let mut linked = false;
        for _ in 0..ROUNDS {
            if self.parted().is_some() {
                return Ok(());
            }
            let reached = self.ledger.to_enact();
            for proposal in &reached {
                let about = self.ledger.consent_for(proposal);
                self.write_act(Act::Enact { proposal: proposal.clone() }, &about)?;
            }
            // One is enough: what it does not show, another would not.
            let unseen = !linked && self.ledger.has_voices_to_see(me);
            if unseen {
                self.write_act(Act::Link, &[])?;
                linked = true;
            }
            if reached.is_empty() && !unseen {
                return Ok(());
            }
        }
        Ok(())
    }
}
