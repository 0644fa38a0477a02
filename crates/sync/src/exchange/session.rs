//! What an exchange knows of one peer.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use copact_core::envelope::Chain;
use copact_core::frontier::Frontier;
use copact_core::ids::{EnvelopeId, TextHash};
use copact_core::keys::SignatureBytes;
use copact_core::ledger::{Ledger, Place};

use super::difference::{Shown, Steps};
use super::judging::Kind;
use super::message::{Go, Now};
use super::summary::{Ends, ListedId, ShortChain, ShortDigest, ShortKey, ShortTip, Summary};
use super::{Closing, Moment, Peer, PeerId};
use crate::limits;

/// An answer that is being sent.
#[derive(Debug)]
pub(super) struct Sending {
    pub(super) go: u32,
    pub(super) places: VecDeque<Place>,
    pub(super) chains: BTreeSet<Chain>,
}

/// An answer that is being waited for.
#[derive(Debug)]
pub(super) struct Going {
    pub(super) number: u32,
    pub(super) since: Moment,
    /// Envelopes and bytes that it brought and that were new.
    pub(super) fresh: u64,
    pub(super) bytes: u64,
    /// The last part has come.
    pub(super) ended: bool,
    /// All that is here was listed, so that nothing is left to tell.
    pub(super) listed: bool,
    /// Something of it was left for another day.
    pub(super) cut_short: bool,
}

impl Going {
    /// When it is waited for no longer: what it brought earns it time.
    pub(super) fn late(&self) -> Moment {
        let earned = self.bytes.saturating_mul(1_000) / limits::RATE;
        self.since.after(limits::PATIENCE).after(earned)
    }
}

/// One connected peer.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) peer: Peer,
    pub(super) key: ShortKey,
    pub(super) kind: Kind,
    /// Its Hello has come.
    pub(super) greeted: bool,
    pub(super) heard: Moment,
    pub(super) steps: Steps,
    pub(super) chains: BTreeMap<ShortChain, Chain>,
    /// Chains that connected devices say are their own; of these nothing may be here yet.
    pub(super) announced: BTreeMap<ShortChain, (Chain, PeerId)>,

    // What it has, as it says.
    /// Its own chains.
    pub(super) own: Vec<Chain>,
    pub(super) theirs: BTreeMap<ShortChain, Ends>,
    pub(super) their_digest: Option<ShortDigest>,
    pub(super) their_profiles: Option<ListedId>,
    /// Tips that it has and this device has not.
    pub(super) unknown: BTreeSet<(ShortChain, ShortTip)>,
    /// Chains with too many tips to tell.
    pub(super) many: BTreeSet<ShortChain>,
    /// What it had when it last sent all, or when it last told all, is here or in `unknown`.
    pub(super) covered: bool,
    pub(super) records_of_it: BTreeSet<SignatureBytes>,
    /// The digest at which both last had the same.
    pub(super) equal_at: Option<[u8; 32]>,

    // What it was told.
    pub(super) told_all: bool,
    pub(super) untold: BTreeSet<Chain>,
    pub(super) told: Option<(ShortDigest, ListedId)>,
    pub(super) news: Option<Moment>,

    // Sending.
    pub(super) window: usize,
    pub(super) asked_go: Option<Go>,
    pub(super) sending: Option<Sending>,
    pub(super) records_due: VecDeque<SignatureBytes>,
    /// What it listed when it might not have any.
    pub(super) records_asked: Option<Vec<ListedId>>,
    /// The envelopes and both sides' records at which it was last asked for its records: which
    /// one of a member holds, envelopes decide.
    pub(super) records_tried: Option<([u8; 32], ListedId, ListedId)>,
    pub(super) texts_due: BTreeSet<TextHash>,
    /// Texts that were sent because it asked for them.
    pub(super) texts_sent: usize,
    /// Envelopes that were sent.
    pub(super) served: usize,

    // Receiving.
    pub(super) owed: usize,
    pub(super) goes: u32,
    pub(super) going: Option<Going>,
    pub(super) fruitless: u32,
    pub(super) rechecks: u32,
    pub(super) not_before: Moment,
    /// What is wanted of it waits for another day than this.
    pub(super) parked: Option<i64>,
    pub(super) texts_asked: BTreeSet<TextHash>,
}

impl Session {
    pub(super) fn new(peer: Peer, kind: Kind, now: Moment) -> Self {
        Self {
            key: ShortKey::new(peer.key),
            peer,
            kind,
            greeted: false,
            heard: now,
            steps: Steps(limits::STEPS),
            chains: BTreeMap::new(),
            announced: BTreeMap::new(),
            own: Vec::new(),
            theirs: BTreeMap::new(),
            their_digest: None,
            their_profiles: None,
            unknown: BTreeSet::new(),
            many: BTreeSet::new(),
            covered: false,
            records_of_it: BTreeSet::new(),
            equal_at: None,
            told_all: false,
            untold: BTreeSet::new(),
            told: None,
            news: None,
            window: limits::WINDOW,
            asked_go: None,
            sending: None,
            records_due: VecDeque::new(),
            records_asked: None,
            records_tried: None,
            texts_due: BTreeSet::new(),
            texts_sent: 0,
            served: 0,
            owed: 0,
            goes: 0,
            going: None,
            fruitless: 0,
            rechecks: 0,
            not_before: now,
            parked: None,
            texts_asked: BTreeSet::new(),
        }
    }

    /// Judged anew: of an answer what it may not have any more is not sent. Records and texts that
    /// it waits for stay queued, and are sent if it stands again.
    pub(super) fn judged(&mut self, kind: Kind, ledger: &Ledger) {
        self.kind = kind;
        if matches!(self.kind, Kind::Standing) {
            return;
        }
        let only = self.kind.shown(ledger).and_then(|shown| shown.only);
        if let Some(sending) = &mut self.sending {
            sending.places.retain(|place| only.is_some_and(|only| only.contains(place)));
        }
    }

    /// The digest of what it is shown.
    pub(super) fn digest(&self, ledger: Option<&Ledger>, whole: &[u8; 32]) -> ShortDigest {
        match (&self.kind, ledger) {
            (Kind::Parted(_), Some(ledger)) => {
                self.key.digest(&self.kind.told(ledger).frontier.digest())
            }
            _ => self.key.digest(whole),
        }
    }

    /// Steps come back as time goes by.
    pub(super) fn hear(&mut self, now: Moment) {
        let passed = now.0.saturating_sub(self.heard.0);
        let back = passed.saturating_mul(limits::STEPS / 1_000);
        self.steps = Steps(self.steps.0.saturating_add(back).min(limits::STEPS));
        self.heard = now;
    }

    /// Notes the short form of chains.
    pub(super) fn name(&mut self, chains: impl IntoIterator<Item = Chain>) {
        for chain in chains {
            self.chains.insert(self.key.chain(&chain), chain);
        }
    }

    /// Notes the short form of chains that a device says are its own.
    pub(super) fn announce(&mut self, by: PeerId, chains: &[Chain]) {
        self.announced.extend(chains.iter().map(|one| (self.key.chain(one), (*one, by))));
    }

    /// Takes note of what the peer has in some chains, or, if it told all, of its whole set.
    pub(super) fn learn(
        &mut self,
        ledger: Option<&Ledger>,
        summary: Summary,
        all: bool,
    ) -> Result<(), Closing> {
        if all {
            self.theirs.clear();
            self.unknown.clear();
            self.many.clear();
            self.covered = true;
        }
        for (short, ends) in summary.0 {
            let (from, to) = (zero(short), last(short));
            let old: Vec<_> = self.unknown.range(from..=to).copied().collect();
            for one in &old {
                self.unknown.remove(one);
            }
            self.many.remove(&short);
            let chain = self.chains.get(&short).copied();
            match &ends {
                Ends::Tips(tips) => {
                    for tip in tips {
                        let known = ledger.zip(chain).and_then(|(ledger, chain)| {
                            let shown = Shown::all(ledger);
                            shown.find(&self.key, &chain, *tip, &mut self.steps)
                        });
                        if known.is_none() {
                            self.unknown.insert((short, *tip));
                        }
                    }
                }
                Ends::Many(_) => {
                    let mine = ledger.zip(chain).and_then(|(ledger, chain)| {
                        Some(self.key.ends(ledger.frontier().chains().get(&chain)?))
                    });
                    if mine.as_ref() != Some(&ends) {
                        self.many.insert(short);
                    }
                }
            }
            self.theirs.insert(short, ends);
        }
        let too_many =
            self.theirs.len() > self.most_chains() || self.unknown.len() > limits::UNKNOWN;
        if too_many || self.steps.are_used_up() { Err(Closing::Costly) } else { Ok(()) }
    }

    /// Of so many chains it may say what it has: of those that are here, and of others.
    fn most_chains(&self) -> usize {
        self.chains.len().saturating_add(limits::CHAINS)
    }

    /// Takes note that the peer has an envelope.
    pub(super) fn has(
        &mut self,
        chain: &Chain,
        seq: u64,
        id: EnvelopeId,
    ) -> (ShortChain, ShortTip) {
        let (short, tip) = (self.key.chain(chain), ShortTip { seq, id: self.key.id(id) });
        if self.theirs.len() < self.most_chains()
            && let Ends::Tips(tips) =
                self.theirs.entry(short).or_insert_with(|| Ends::Tips(BTreeSet::new()))
        {
            // Of a chain that was not forked the later tip says all.
            if tips.len() == 1 && tips.first().is_some_and(|one| one.seq < seq) {
                tips.clear();
            }
            if tips.len() < limits::TIPS && tips.last().is_none_or(|one| one.seq <= seq) {
                tips.insert(tip);
            }
        }
        (short, tip)
    }

    /// Takes note of the digests that the peer tells.
    pub(super) fn digests(&mut self, now: &Now) {
        if self.their_digest != Some(now.digest) {
            self.rechecks = 0;
        }
        self.their_digest = Some(now.digest);
        self.their_profiles = Some(now.profiles);
    }

    /// Both have the same.
    pub(super) fn equalise(&mut self, ledger: &Ledger, digest: &[u8; 32]) {
        if self.equal_at == Some(*digest) {
            return;
        }
        self.equal_at = Some(*digest);
        let chains = ledger.frontier().chains();
        self.theirs =
            chains.iter().map(|(one, tips)| (self.key.chain(one), self.key.ends(tips))).collect();
        self.unknown.clear();
        self.many.clear();
        self.untold.clear();
        self.covered = true;
        self.told_all = true;
        self.fruitless = 0;
        self.rechecks = 0;
    }

    /// The ends of some chains, for telling, as many as so many bytes have room for.
    pub(super) fn summary<'c>(
        &self,
        frontier: &Frontier,
        chains: impl IntoIterator<Item = &'c Chain>,
        room: &mut usize,
    ) -> Summary {
        let ends = chains.into_iter().take(limits::CHAINS).map_while(|chain| {
            let Some(tips) = frontier.chains().get(chain) else { return Some(None) };
            let ends = self.key.ends(tips);
            *room = room.checked_sub(ends.most_bytes())?;
            Some(Some((self.key.chain(chain), ends)))
        });
        Summary(ends.flatten().collect())
    }
}

fn zero(chain: ShortChain) -> (ShortChain, ShortTip) {
    (chain, ShortTip { seq: 0, id: [0; 5].into() })
}

fn last(chain: ShortChain) -> (ShortChain, ShortTip) {
    (chain, ShortTip { seq: u64::MAX, id: [0xff; 5].into() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use copact_core::frontier::Tip;
    use copact_core::ids::{Incarnation, tagged_hash};
    use copact_core::keys::DeviceSecret;

    use super::super::message::Message;
    use super::*;

    #[test]
    fn a_summary_of_many_forked_chains_is_no_longer_than_a_message() {
        let device = DeviceSecret::from_bytes(&[1; 32]).public();
        let mut frontier = Frontier::default();
        for number in 0..3_000_u64 {
            let incarnation = Incarnation::from_bytes(number.to_be_bytes());
            for fork in 0..limits::TIPS as u64 {
                let name = (number * 100 + fork).to_be_bytes();
                let id = EnvelopeId::from_bytes(tagged_hash("a test", &[&name]));
                let tip = Tip { seq: 70_000 + fork, id };
                frontier.advance(Chain { device, incarnation }, None, tip);
            }
        }
        let peer = Peer { device, key: [3; 32], admissions: Vec::new() };
        let session = Session::new(peer, Kind::Standing, Moment(0));
        let mut room = limits::SUMMARY_BYTES;
        let changed = session.summary(&frontier, frontier.chains().keys(), &mut room);
        assert!(changed.0.len() > 500);
        let (digest, profiles) = ([0; 16].into(), [0; 8].into());
        let bytes = Message::Now(Now { digest, profiles, changed }).to_bytes();
        assert!(bytes.len() <= limits::MESSAGE_BYTES, "{}", bytes.len());
        assert!(Message::parse(&bytes).is_ok());
    }
}
