//! Placing: what is decided once about an envelope, when all its ancestors are here.

use super::{Closed, Ledger, Place, Placed};
use crate::act::Act;
use crate::day::Day;
use crate::entry::Record;
use crate::envelope::{Chain, Content, Verified};
use crate::frontier::Tip;
use crate::ids::EnvelopeId;

impl Ledger {
    /// Places an envelope whose ancestors are all placed, and decides what is final about it.
    pub(super) fn place(&mut self, envelope: Verified) {
        let Ok(number) = u32::try_from(self.placed.len()) else { return };
        let (place, id) = (Place(number), envelope.id());
        let header = envelope.header();
        let before: Vec<Place> = header
            .prev
            .iter()
            .chain(&header.parents)
            .filter_map(|id| self.index.get(id).copied())
            .collect();
        let depth = before.iter().filter_map(|at| self.at(*at)).map(|at| at.depth + 1).max();
        let (chain, seq, prev) = (header.chain, header.seq, header.prev);
        for parent in &before {
            self.heads.remove(parent);
        }
        let depth = depth.unwrap_or(0);
        let last = prev.and_then(|prev| self.place_of(prev));
        let reach = self.reach(place, last, &before);
        let days = before.iter().filter_map(|at| self.at(*at)).map(|at| at.latest_day);
        let latest_day = days.fold(envelope.header().day, Day::max);
        let (void, voice) = (None, false);
        self.placed.push(Placed { envelope, before, depth, latest_day, reach, void, voice });
        self.heads.insert(place);
        self.index.insert(id, place);
        self.advance(chain, seq, prev, id);
        if let Some(strand) = self.strand_of(place) {
            self.people.strands.entry(chain.device).or_default().insert(strand);
        }
        self.note_voice(place);
        let void = self.judge_past(place);
        if let Some(placed) = self.placed.get_mut(place.index()) {
            placed.void = void;
        }
        self.note_act(place);
    }

    /// Decides whether the author had voice in the past, of what is somebody's word.
    fn note_voice(&mut self, place: Place) {
        let is_word = match self.at(place).map(|at| at.envelope.content()) {
            Some(Content::Act(act)) => {
                matches!(act, Act::Admit { .. } | Act::Assist { .. } | Act::Confirm { .. })
            }
            Some(Content::Entry(entry)) => {
                matches!(entry.record, Record::Attest(_) | Record::Confirm(_))
            }
            _ => false,
        };
        if !is_word {
            return;
        }
        let past = self.standing(Closed::Past(place));
        let voice = past.stands(place).is_ok_and(|author| past.has_voice(author));
        let started = past.into_started();
        self.consent.remember(place, started);
        if let Some(placed) = self.placed.get_mut(place.index()) {
            placed.voice = voice;
        }
    }

    fn advance(&mut self, chain: Chain, seq: u64, prev: Option<EnvelopeId>, id: EnvelopeId) {
        let prev = prev.zip(seq.checked_sub(1)).map(|(id, seq)| Tip { seq, id });
        self.frontier.advance(chain, prev, Tip { seq, id });
    }

    /// Enters an act that is not void into the indexes.
    fn note_act(&mut self, place: Place) {
        let Some(placed) = self.at(place) else { return };
        if placed.void.is_some() {
            return;
        }
        if let Some(act) = placed.act().cloned() {
            self.note_introduction(place, &act);
            self.note_consent(place, &act);
            if matches!(act, Act::Erase { .. }) {
                self.erasures.push(place);
            }
        }
    }
}
