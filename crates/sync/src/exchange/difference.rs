//! What one set has that another lacks, told from the ends of its chains.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::envelope::Chain;
use copact_core::frontier::Frontier;
use copact_core::ledger::{Ledger, Place};

use super::message::Go;
use super::summary::{Ends, ShortChain, ShortKey, ShortTip};

/// Steps that cutting an id short and looking it up is worth.
const LISTING: usize = 4;

/// Steps along chains that one peer may still cost.
#[derive(Clone, Copy, Debug)]
pub(super) struct Steps(pub(super) u64);

impl Steps {
    const fn take(&mut self) -> bool {
        let left = self.0 > 0;
        self.0 = self.0.saturating_sub(1);
        left
    }

    /// Counts work that is as dear as so many steps.
    fn take_all(&mut self, steps: usize) {
        self.0 = self.0.saturating_sub(u64::try_from(steps).unwrap_or(u64::MAX));
    }

    pub(super) const fn are_used_up(self) -> bool {
        self.0 == 0
    }
}

/// What of the ledger a peer may have: all of it, or a part that is closed under ancestors.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) frontier: &'a Frontier,
    pub(super) only: Option<&'a BTreeSet<Place>>,
}

impl<'a> Shown<'a> {
    pub(super) const fn all(ledger: &'a Ledger) -> Self {
        Self { ledger, frontier: ledger.frontier(), only: None }
    }

    fn tips<'b>(&'b self, chain: &'b Chain) -> impl Iterator<Item = Place> + 'b {
        self.frontier.tips(chain).filter_map(|tip| self.ledger.place_of(tip.id))
    }

    fn seq(&self, place: Place) -> u64 {
        self.ledger.at(place).map_or(0, |at| at.envelope().header().seq)
    }

    /// The envelope before it in its chain.
    fn prev(&self, place: Place) -> Option<Place> {
        self.ledger.at(place)?.envelope().header().prev?;
        self.ledger.before(place).first().copied()
    }

    /// The envelope of a chain that a peer names.
    pub(super) fn find(
        &self,
        key: &ShortKey,
        chain: &Chain,
        tip: ShortTip,
        steps: &mut Steps,
    ) -> Option<Place> {
        self.tips(chain).find_map(|mut at| {
            while self.seq(at) > tip.seq {
                if !steps.take() {
                    return None;
                }
                at = self.prev(at)?;
            }
            let same = self.seq(at) == tip.seq && key.id(self.ledger.at(at)?.id()) == tip.id;
            same.then_some(at)
        })
    }

    /// What is here of a chain and not at or before the places in `known`.
    fn after(&self, chain: &Chain, known: &[Place], steps: &mut Steps, to: &mut Vec<Place>) {
        let lowest = known.iter().map(|place| self.seq(*place)).min().unwrap_or(0);
        let mut theirs: BTreeSet<Place> = known.iter().copied().collect();
        let mut tips = self.tips(chain).peekable();
        let only = (tips.next(), tips.peek().is_none());
        if let ((Some(tip), true), [_]) = (only, known) {
            // No fork: straight down to what they have.
            let mut at = Some(tip);
            while let Some(place) = at.filter(|place| self.seq(*place) > lowest && steps.take()) {
                to.push(place);
                at = self.prev(place);
            }
            return;
        }
        for place in known {
            let mut at = self.prev(*place);
            while let Some(place) = at.filter(|_| steps.take()) {
                at = if theirs.insert(place) { self.prev(place) } else { None };
            }
        }
        for tip in self.tips(chain) {
            let mut at = Some(tip);
            while let Some(place) = at.filter(|place| !theirs.contains(place) && steps.take()) {
                theirs.insert(place);
                to.push(place);
                at = self.prev(place);
            }
        }
    }

    /// The highest place in a chain.
    fn height(&self, chain: &Chain) -> u64 {
        self.frontier.tips(chain).map(|tip| tip.seq).max().unwrap_or(0)
    }

    /// What a peer lacks that has `theirs`, ancestors first; without what it does not want now.
    pub(super) fn lacking(
        &self,
        key: &ShortKey,
        theirs: &BTreeMap<ShortChain, Ends>,
        go: &Go,
        steps: &mut Steps,
    ) -> Vec<Place> {
        let mut lacking = Vec::new();
        if let Some(listed) = &go.everything {
            steps.take_all(self.ledger.len().saturating_mul(LISTING));
            let listed: BTreeSet<_> = listed.iter().collect();
            let all = self.ledger.envelopes().filter(|(place, at)| {
                self.only.is_none_or(|only| only.contains(place))
                    && !listed.contains(&key.listed(at.id()))
            });
            lacking.extend(all.map(|(place, _)| place));
        } else {
            steps.take_all(self.frontier.chains().len());
            for (chain, tips) in self.frontier.chains() {
                let short = key.chain(chain);
                let ends = match theirs.get(&short) {
                    None => &Ends::Tips(BTreeSet::new()),
                    Some(ends) if *ends == key.ends(tips) => continue,
                    Some(ends) => ends,
                };
                let rungs = go.ladders.iter().find(|ladder| ladder.chain == short);
                let rungs = rungs.map(|ladder| ladder.rungs.as_slice());
                self.lacking_of(key, chain, ends, rungs, steps, &mut lacking);
            }
        }
        lacking.sort_unstable();
        if go.hold.is_empty() { lacking } else { self.without(key, lacking, &go.hold) }
    }

    fn lacking_of(
        &self,
        key: &ShortKey,
        chain: &Chain,
        ends: &Ends,
        rungs: Option<&[ShortTip]>,
        steps: &mut Steps,
        to: &mut Vec<Place>,
    ) {
        // With too many tips only a list of everything helps, which will be asked for.
        let Ends::Tips(tips) = ends else { return };
        let mut known: Vec<Place> =
            tips.iter().filter_map(|tip| self.find(key, chain, *tip, steps)).collect();
        if known.is_empty() && !tips.is_empty() {
            let Some(rungs) = rungs else {
                // They are ahead, and have all; or the chain was forked, and a ladder will tell.
                return;
            };
            known.extend(rungs.iter().find_map(|rung| self.find(key, chain, *rung, steps)));
        }
        self.after(chain, &known, steps, to);
    }

    /// Leaves out some chains, and all that builds on what is left out.
    fn without(&self, key: &ShortKey, lacking: Vec<Place>, hold: &[ShortChain]) -> Vec<Place> {
        let hold: BTreeSet<_> = hold.iter().collect();
        let held = |place: Place| {
            let chain = self.ledger.at(place).map(|at| at.envelope().header().chain);
            chain.is_some_and(|chain| hold.contains(&key.chain(&chain)))
        };
        let mut left_out = BTreeSet::new();
        let mut kept = Vec::new();
        for place in lacking {
            let on = self.ledger.before(place).iter().any(|before| left_out.contains(before));
            if on || held(place) {
                left_out.insert(place);
            } else {
                kept.push(place);
            }
        }
        kept
    }

    /// Envelopes of a chain from each tip down, at doubling distances.
    pub(super) fn rungs(&self, key: &ShortKey, chain: &Chain) -> Vec<ShortTip> {
        let (mut rungs, mut seen) = (BTreeSet::new(), BTreeSet::new());
        // With more tips lists are compared. Where branches meet one goes on: a member can make
        // as many of them as they like, on as long a stem.
        for tip in self.tips(chain).take(crate::limits::TIPS) {
            let (mut at, mut step, mut walked) = (Some(tip), 1_u64, 0_u64);
            while let Some(place) = at.filter(|place| seen.insert(*place)) {
                let seq = self.seq(place);
                if walked == 0 || walked == step || seq == 1 {
                    step = step.saturating_mul(2);
                    let id = self.ledger.at(place).map(|at| key.id(at.id()));
                    rungs.extend(id.map(|id| ShortTip { seq, id }));
                }
                walked += 1;
                at = self.prev(place);
            }
        }
        let mut rungs: Vec<ShortTip> = rungs.into_iter().rev().collect();
        rungs.truncate(crate::limits::RUNGS);
        rungs
    }

    /// Whether a tip that is not here shows a fork: this chain reaches as far, and goes elsewhere.
    pub(super) fn is_fork(&self, chain: &Chain, tip: ShortTip) -> bool {
        self.height(chain) >= tip.seq
    }
}
