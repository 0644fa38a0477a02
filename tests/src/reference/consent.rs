//! Need and answers: rule 8.

use std::collections::BTreeSet;

use copact_core::act::Act;
use copact_core::entry::Record;
use copact_core::ids::ChangeHash;
use copact_core::proposal::{AnswerWord, Matter, Proposal, Share, Version, more_than_half};

use super::closed::Closed;
use super::whole::Carried;
use super::{Tally, Who};

/// An answer that counts for a proposal.
struct Said {
    at: usize,
    who: Who,
    word: AnswerWord,
}

impl Closed<'_> {
    /// The answers in C that count for a proposal, whoever else they contradict.
    fn said(&self, proposal: &Proposal) -> Vec<Said> {
        let wanted = proposal.id();
        let mut all = Vec::new();
        for at in self.set.iter().copied() {
            let Some(Act::Answer { answer, on_behalf_of, .. }) = self.whole.act(at) else {
                continue;
            };
            if self.whole.proposals[&at].0 != wanted
                || !self.counts(at)
                || !self.knows_what_is_named(at, proposal)
            {
                continue;
            }
            let recorder = self.owner(&self.whole.device(at));
            let who = match on_behalf_of {
                None => recorder,
                Some(member) => self.whole.who(*member),
            };
            let (Some(who), Some(recorder)) = (who, recorder) else { continue };
            if on_behalf_of.is_none() || self.is_confirmed(at, recorder, who) {
                all.push(Said { at, who, word: *answer });
            }
        }
        all
    }

    /// Whether the answer's past has every envelope that the proposal names, the act that brought
    /// in every member it names, and every change it ratifies.
    fn knows_what_is_named(&self, answer: usize, proposal: &Proposal) -> bool {
        let past = &self.whole.past[answer];
        let matter = &proposal.matter;
        let in_past = |id| self.whole.number.get(id).is_some_and(|at| past.contains(at));
        let changes = match matter {
            Matter::Ratify(version) => self.version(version, past).is_some(),
            _ => true,
        };
        matter.envelopes().iter().all(in_past)
            && matter.members().into_iter().all(|member| self.knows_member(member, past))
            && changes
    }

    /// The changes of a version, if all are in a past and no chain is continued twice.
    fn version(&self, version: &Version, past: &BTreeSet<usize>) -> Option<BTreeSet<ChangeHash>> {
        let mut closure = BTreeSet::new();
        let mut next: Vec<ChangeHash> = version.heads().to_vec();
        while let Some(hash) = next.pop() {
            let change = self.whole.changes.get(&hash);
            let carried = |change: &&Carried| {
                change.by.iter().any(|at| past.contains(at) && !self.finals[*at].void)
            };
            match change.filter(carried) {
                Some(change) if closure.insert(hash) => next.extend(&change.deps),
                Some(_) => {}
                // What nobody ever carries is the fixed first change of the document.
                None if change.is_none() && !version.heads().contains(&hash) => {}
                None => return None,
            }
        }
        let steps: BTreeSet<_> =
            closure.iter().map(|hash| &self.whole.changes[hash].step).collect();
        (steps.len() == closure.len()).then_some(closure)
    }

    /// Whether the act that gave a member id is in a past, and not void.
    pub fn knows_member(&self, member: copact_core::ids::MemberId, past: &BTreeSet<usize>) -> bool {
        let act = self.whole.members.get(&member).map(|(act, _)| *act);
        act.is_some_and(|act| past.contains(&act) && !self.finals[act].void)
    }

    /// Whether another person with voice than recorder and member confirmed an answer.
    fn is_confirmed(&self, answer: usize, recorder: Who, member: Who) -> bool {
        let answer = self.whole.all[answer].id();
        self.set.iter().any(|at| {
            let names = matches!(self.whole.act(*at), Some(Act::Confirm { act }) if *act == answer);
            let author = self.owner(&self.whole.device(*at)).map(|who| self.one(who));
            names
                && self.counts(*at)
                && author.is_some_and(|author| {
                    self.voices.contains(&author)
                        && author != self.one(recorder)
                        && author != self.one(member)
                })
        })
    }

    /// What these parts say together: that of their latest answers, if these agree.
    fn word(&self, said: &[Said], parts: &BTreeSet<Who>) -> Option<AnswerWord> {
        let mine: Vec<&Said> = said.iter().filter(|one| parts.contains(&one.who)).collect();
        let is_latest =
            |one: &&&Said| !mine.iter().any(|later| self.whole.past[later.at].contains(&one.at));
        let words: BTreeSet<AnswerWord> =
            mine.iter().filter(is_latest).map(|one| one.word).collect();
        if words.len() == 1 { words.first().copied() } else { None }
    }

    /// How far a proposal is in C.
    pub fn tally(&self, proposal: &Proposal) -> Tally {
        let said = self.said(proposal);
        let yes = |parts: &BTreeSet<Who>| self.word(&said, parts) == Some(AnswerWord::Yes);
        let target = match proposal.matter {
            Matter::Remove { member, .. } => self.whole.who(member).map(|who| self.one(who)),
            _ => None,
        };
        let mut agree =
            self.voices.iter().filter(|who| yes(&self.parts(**who))).collect::<Vec<_>>();
        agree.retain(|who| Some(**who) != target);
        let (have, voices) = (agree.len(), self.voices.len());
        let need = match &proposal.matter {
            Matter::Remove { .. } => more_than_half(voices).max(2),
            matter if matter.needs_policy() => self.share().need(voices),
            _ => more_than_half(voices),
        };
        let reached = have >= need || self.reached_otherwise(proposal, &said);
        Tally { have, need, voices, reached }
    }

    /// Merges by both, recoveries by trustees, and of an assisted member by themselves.
    fn reached_otherwise(&self, proposal: &Proposal, said: &[Said]) -> bool {
        let yes = |parts: &BTreeSet<Who>| self.word(said, parts) == Some(AnswerWord::Yes);
        let alone = |who: Option<Who>| who.is_some_and(|who| yes(&BTreeSet::from([who])));
        match &proposal.matter {
            Matter::Merge { member, into } => {
                let signs = |who| matches!(who, Some(Who::Device(_)));
                let (one, two) = (self.whole.who(*member), self.whole.who(*into));
                member != into && signs(one) && signs(two) && alone(one) && alone(two)
            }
            Matter::Recover { member, .. } => {
                let Some(who) = self.whole.who(*member) else { return false };
                let moved = matches!(who, Who::Assisted(_)) && !self.has_device(who);
                let by_trustees = self.matters().any(|matter| match matter {
                    Matter::Trustees { member, trustees }
                        if self.whole.who(*member) == Some(who) =>
                    {
                        let named = trustees.members().iter();
                        let named = named.filter_map(|one| self.whole.who(*one));
                        let named: BTreeSet<Who> = named.map(|who| self.one(who)).collect();
                        // Nobody is their own trustee, under whatever id.
                        let others = named.iter().filter(|one| **one != self.one(who));
                        let agree = others
                            .filter(|one| self.voices.contains(one) && yes(&self.parts(**one)));
                        agree.count() >= usize::from(trustees.need())
                    }
                    _ => false,
                });
                by_trustees || (moved && alone(Some(who)))
            }
            _ => false,
        }
    }

    /// What otherwise never holds.
    pub fn can_hold(&self, proposal: &Proposal) -> bool {
        match &proposal.matter {
            Matter::Ratify(version) => self.version(version, &self.set).is_some(),
            Matter::Settle { entry, .. } => {
                let entry = self.whole.number.get(entry).and_then(|at| self.whole.entry(*at));
                entry.is_some_and(|entry| matches!(entry.record, Record::Contribution(_)))
            }
            Matter::Helper { member, helper } => {
                matches!(self.whole.who(*member), Some(Who::Assisted(_)))
                    && matches!(self.whole.who(*helper), Some(Who::Device(_)))
            }
            _ => true,
        }
    }

    /// The policy's share: the largest of those in effect, else the founding one.
    pub fn share(&self) -> Share {
        let decided = self.matters().filter_map(|matter| match matter {
            Matter::Policy(share) => Some(*share),
            _ => None,
        });
        let founding = match self.whole.act(0) {
            Some(Act::Found(found)) => found.policy,
            _ => Share::DEFAULT,
        };
        decided.max_by(|one, two| compare(*one, *two)).unwrap_or(founding)
    }
}

/// Which share is more, as fractions.
fn compare(one: Share, two: Share) -> std::cmp::Ordering {
    let parts = |share: Share| -> (u32, u32) {
        let text = share.to_string();
        let (num, den) = text.split_once('/').unwrap();
        (num.parse().unwrap(), den.parse().unwrap())
    };
    let ((n1, d1), (n2, d2)) = (parts(one), parts(two));
    (n1 * d2).cmp(&(n2 * d1))
}
