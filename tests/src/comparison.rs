//! The ledger, which knows more with each envelope, beside the reference, which judges a whole set.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::act::Act;
use copact_core::entry::Record;
use copact_core::envelope::Verified;
use copact_core::ids::EnvelopeId;
use copact_core::ledger::{Ledger, PersonIx, Place, SetAside, Standing, Void};
use copact_core::proposal::Matter;

use crate::reference::{Judged, PersonNow, Reason, Tally, Who, judge};

/// What the reference says about the envelopes of a ledger.
#[must_use]
pub fn judged(ledger: &Ledger) -> Judged {
    let envelopes: Vec<Verified> =
        ledger.envelopes().map(|(_, placed)| placed.envelope().clone()).collect();
    judge(&envelopes, &void_otherwise(ledger))
}

/// The envelopes that are void for what is not about standing.
fn void_otherwise(ledger: &Ledger) -> BTreeSet<EnvelopeId> {
    let void = ledger.envelopes().filter(|(_, placed)| {
        matches!(placed.void(), Some(Void::Change(_) | Void::WrongKind | Void::NotInPast))
    });
    void.map(|(_, placed)| placed.id()).collect()
}

/// Where the ledger does not say what the reference says, in sentences; none: they agree.
#[must_use]
pub fn differences(ledger: &Ledger, judged: &Judged) -> Vec<String> {
    let mut told = Told { all: Vec::new() };
    let standing = ledger.now();
    let ids: BTreeSet<EnvelopeId> = ledger.envelopes().map(|(_, at)| at.id()).collect();
    told.same("envelopes", &ids, &judged.verdicts.keys().copied().collect());
    let people = people(ledger, judged, &mut told);
    for (place, _) in ledger.envelopes() {
        envelope(ledger, &standing, place, judged, &people, &mut told);
    }
    for (who, ix) in &people {
        person(&standing, *ix, *who, judged, &people, &mut told);
    }
    told.same("voices", &standing.voices(), &judged.voices);
    told.same("share", &standing.share(), &judged.share);
    proposals(ledger, &standing, judged, &mut told);
    told.all
}

struct Told {
    all: Vec<String>,
}

impl Told {
    fn same<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, ledger: &T, reference: &T) {
        if ledger != reference {
            self.all
                .push(format!("{what}: the ledger says {ledger:?}, the reference {reference:?}"));
        }
    }
}

/// The ledger's person for each of the reference's.
fn people(ledger: &Ledger, judged: &Judged, told: &mut Told) -> BTreeMap<Who, PersonIx> {
    let mut people = BTreeMap::new();
    for (member, who) in &judged.members {
        match ledger.person_with_id(*member) {
            Some(ix) => {
                let before = *people.entry(*who).or_insert(ix);
                told.same(&format!("person of {member:?}"), &ix, &before);
            }
            None => told.all.push(format!("the ledger knows no {member:?}")),
        }
    }
    let distinct: BTreeSet<PersonIx> = people.values().copied().collect();
    told.same("number of people", &distinct.len(), &people.len());
    people
}

fn envelope(
    ledger: &Ledger,
    standing: &Standing,
    place: Place,
    judged: &Judged,
    people: &BTreeMap<Who, PersonIx>,
    told: &mut Told,
) {
    let Some(at) = ledger.at(place) else { return };
    let id = at.id();
    let Some(reasons) = judged.verdicts.get(&id) else { return };
    let kind = match (at.act(), at.entry()) {
        (Some(act), _) => format!("{act:?}").chars().take(40).collect(),
        (_, Some(entry)) => entry.kind().to_owned(),
        _ => "change".to_owned(),
    };
    let name = |what: &str| format!("{what} of {id:?} ({kind})");
    told.same(&name("void"), &at.void().is_some(), &judged.void.contains(&id));
    if gives_a_word(at) {
        told.same(&name("voice"), &at.voice(), &judged.voice.contains(&id));
    }
    let author = judged.authors.get(&id).and_then(|who| people.get(who)).copied();
    told.same(&name("author"), &standing.author(place), &author);
    match standing.verdict(place) {
        Ok(ix) => told.same(&name("verdict"), &(Some(ix), &BTreeSet::new()), &(author, reasons)),
        Err(why) => told.same(&name("verdict"), &Some(reason(why)), &reasons.first().copied()),
    }
}

const fn reason(why: SetAside) -> Reason {
    match why {
        SetAside::NoMember => Reason::NoMember,
        SetAside::Removed => Reason::Removed,
        SetAside::Recovered => Reason::Recovered,
        SetAside::AfterLeaving => Reason::Left,
        SetAside::Void => Reason::Void,
    }
}

/// What the ledger keeps the voice of.
fn gives_a_word(at: &copact_core::ledger::Placed) -> bool {
    matches!(at.act(), Some(Act::Admit { .. } | Act::Assist { .. } | Act::Confirm { .. }))
        || at
            .entry()
            .is_some_and(|entry| matches!(entry.record, Record::Attest(_) | Record::Confirm(_)))
}

fn person(
    standing: &Standing,
    ix: PersonIx,
    who: Who,
    judged: &Judged,
    people: &BTreeMap<Who, PersonIx>,
    told: &mut Told,
) {
    let Some(expected) = judged.people.get(&who) else {
        told.same(&format!("id of {who:?}, whom nobody brings in"), &standing.id(ix), &None);
        let is_member = standing.is_member(ix) || standing.is_brought_in(ix);
        told.same(&format!("membership of {who:?}, whom nobody brings in"), &is_member, &false);
        return;
    };
    let PersonNow {
        ids,
        is_brought_in,
        is_member,
        voice,
        removed,
        left,
        helpers,
        goes_by,
        devices,
    } = expected;
    let name = |what: &str| format!("{what} of {who:?}");
    told.same(&name("id"), &standing.id(ix), &ids.first().copied());
    let known: Vec<Option<PersonIx>> = ids.iter().map(|id| standing.person(*id)).collect();
    told.same(&name("person by id"), &known, &vec![Some(ix); ids.len()]);
    told.same(&name("brought in"), &standing.is_brought_in(ix), is_brought_in);
    told.same(&name("member"), &standing.is_member(ix), is_member);
    told.same(&name("voice"), &standing.has_voice(ix), voice);
    told.same(&name("removed"), &standing.is_removed(ix), removed);
    told.same(&name("left"), &!standing.leaves(ix).is_empty(), left);
    let here = |who: &Who| people.get(who).copied();
    let helpers: BTreeSet<_> = helpers.iter().filter_map(here).collect();
    told.same(&name("helpers"), &standing.helpers(ix), &helpers);
    told.same(&name("goes by"), &Some(standing.goes_by(ix)), &here(goes_by));
    let has: BTreeSet<_> = standing.devices(ix).into_iter().map(|(device, ..)| device).collect();
    told.same(&name("devices"), &has, devices);
}

fn proposals(ledger: &Ledger, standing: &Standing, judged: &Judged, told: &mut Told) {
    told.same(
        "proposals",
        &ledger.proposals().collect::<BTreeSet<_>>(),
        &judged.proposals.keys().copied().collect(),
    );
    let mut holds = BTreeSet::new();
    for (id, proposal) in &judged.proposals {
        let Some(decision) = ledger.decision(*id, standing) else { continue };
        let name = |what: &str| format!("{what} of {id:?} ({})", proposal.kind());
        let enacts = decision.adoptions.iter().filter_map(|one| ledger.at(one.enact));
        holds.extend(enacts.map(copact_core::ledger::Placed::id));
        told.same(&name("effect"), &decision.in_effect, &judged.in_effect.contains(id));
        let tally = &decision.tally;
        let (have, need, voices) = (tally.have, tally.need, tally.voices);
        let now = Tally { have, need, voices, reached: tally.reached };
        told.same(&name("tally"), &now, &judged.tallies[id]);
        if let Matter::Settle { entry, .. } = proposal.matter {
            let expected = judged.settled.get(&entry).copied();
            told.same(&name("settlement"), &standing.settled(entry), &expected);
        }
    }
    told.same("Enacts that hold", &holds, &judged.holds);
}
