//! Presence codes: showing one, and attesting the taps that carry it.

use copact_core::entry::Record;
use copact_core::ids::EnvelopeId;
use copact_core::ledger::Placed;
use copact_core::limits;
use copact_core::presence::{PresenceCode, PresenceNonce, SLOT_SECONDS};
use serde::Serialize;

use crate::error::Result;
use crate::group::Group;

const SECONDS_A_DAY: i64 = 86_400;

/// A presence code, good for a moment.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// What others scan or type.
    pub code: String,
    /// Seconds until it changes.
    pub changes_in: i64,
}

impl Group {
    /// Whether this device made that code for a moment around the meeting's day. Nobody else can
    /// make one, so one that fits was shown, however late the tap that carries it arrives.
    pub(super) fn showed(&self, code: &PresenceCode, meeting: EnvelopeId) -> bool {
        if code.device != self.secrets().device.public() {
            return false;
        }
        let views = self.views();
        let place = self.ledger().place_of(meeting);
        let day = place.and_then(|place| views.journal().event_day(self.ledger(), place));
        let Some(day) = day else { return false };
        let slot = |days: i64| (i64::from(day.number()) + days) * SECONDS_A_DAY / SLOT_SECONDS;
        // Civil days reach from 14 hours before to 12 hours after those of UTC.
        (slot(-1)..slot(2)).any(|slot| {
            PresenceNonce::of_slot(&self.secrets().presence, meeting, slot) == code.nonce
        })
    }

    /// The code that this device shows at a meeting now.
    ///
    /// # Errors
    /// No such meeting.
    pub fn show_code(&self, typed: &str) -> Result<Shown> {
        self.must_stand()?;
        let meeting = self.meeting(Some(typed))?;
        let now = self.clock().seconds;
        let nonce =
            PresenceNonce::of_slot(&self.secrets().presence, meeting, now.div_euclid(SLOT_SECONDS));
        let code = PresenceCode { meeting, device: self.secrets().device.public(), nonce };
        Ok(Shown { code: code.to_link(), changes_in: SLOT_SECONDS - now.rem_euclid(SLOT_SECONDS) })
    }

    /// Attests, by itself, taps that came from elsewhere and carry a code that this device showed.
    ///
    /// # Errors
    /// An attestation could not be written.
    pub fn attest_shown(&mut self) -> Result<usize> {
        let count = self.attest_shown_since(0)?;
        if count > 0 {
            self.save()?;
        }
        Ok(count)
    }

    /// Like [`Group::attest_shown`] for what was placed since there were so many envelopes, and
    /// not saved yet. It costs nothing if no such tap is among it.
    pub(crate) fn attest_shown_since(&mut self, envelopes: usize) -> Result<usize> {
        let mine = self.secrets().device.public();
        let shown_here = |placed: &Placed| {
            let record = placed.entry().map(|entry| &entry.record);
            matches!(record, Some(Record::Tap { code: Some(code), .. }) if code.device == mine)
        };
        if !self.ledger().since(envelopes).any(|(_, placed)| shown_here(placed)) {
            return Ok(0);
        }
        let Ok((me, _)) = self.must_stand() else { return Ok(0) };
        let views = self.views();
        let journal = views.journal();
        let attested = |tap| {
            let all = journal.attests.get(tap).into_iter().flatten();
            all.into_iter().any(|place| journal.authors.get(place) == Some(&me))
        };
        let due: Vec<EnvelopeId> = journal
            .entries
            .iter()
            .filter(|place| journal.subjects.get(place) != Some(&me) && !attested(place))
            .filter_map(|place| {
                let at = self.ledger().at(*place)?;
                let Record::Tap { meeting, code: Some(code), .. } = at.entry()?.record else {
                    return None;
                };
                let code = PresenceCode { meeting, device: code.device, nonce: code.nonce };
                (code.device == mine && self.showed(&code, meeting)).then(|| at.id())
            })
            .collect();
        drop(views);
        for part in due.chunks(limits::ATTESTED) {
            self.write_entry(None, Record::Attest(part.to_vec()))?;
        }
        Ok(due.len())
    }
}
