//! Proposing, answering, and what is decided so.

use copact_core::act::Act;
use copact_core::change::DocumentId;
use copact_core::ids::{EnvelopeId, MemberId, ProposalId};
use copact_core::keys::DeviceKey;
use copact_core::ledger::{Ledger, PersonIx, Placed};
use copact_core::limits;
use copact_core::proposal::{AnswerWord, Matter, Named, Proposal, Share};
use copact_core::views::Views;

use crate::chance::Chance;
use crate::phone::{Phone, Refused};

/// Somebody answers what is open, or proposes something.
pub(super) fn take_part(
    phone: &mut Phone,
    now: u64,
    chance: &mut Chance,
) -> Result<&'static str, Refused> {
    let (me, _) = phone.me().ok_or(Refused::Nothing)?;
    let ledger = phone.ledger()?;
    let open = open(ledger, me);
    let (proposal, new) = match chance.pick(&open) {
        Some(id) if !chance.happens(250) => {
            (ledger.proposal(*id).cloned().ok_or(Refused::Nothing)?, false)
        }
        _ => (draw(phone, chance)?, true),
    };
    let about = named_by(phone.ledger()?, &proposal).ok_or(Refused::Nothing)?;
    if new {
        let reason = Some(phone.put_text("because we talked about it", chance));
        let last_day = phone.day(now).plus(limits::PROPOSAL_DAYS);
        let proposal = proposal.clone();
        let act = Act::Propose { proposal, reason, last_day, on_behalf_of: None };
        phone.write_act(act, &about, now, chance)?;
    }
    let answer = if chance.happens(850) { AnswerWord::Yes } else { AnswerWord::No };
    let what = if new { "proposes" } else { "answers" };
    phone.write_act(Act::Answer { proposal, answer, on_behalf_of: None }, &about, now, chance)?;
    Ok(what)
}

/// What is not decided and was not answered yet, in the order of ids.
fn open(ledger: &Ledger, me: PersonIx) -> Vec<ProposalId> {
    let now = ledger.now();
    let open = ledger.proposals().filter(|id| {
        ledger.decision(*id, &now).is_some_and(|one| {
            one.adoptions.is_empty() && !one.answers.iter().any(|answer| answer.person == me)
        })
    });
    open.collect()
}

fn draw(phone: &mut Phone, chance: &mut Chance) -> Result<Proposal, Refused> {
    let what = chance.between(0, 99);
    let ledger = phone.ledger()?;
    let now = ledger.now();
    let mut people: Vec<(MemberId, PersonIx)> =
        now.members().filter(|(ix, ..)| now.is_member(*ix)).map(|(ix, id, _)| (id, ix)).collect();
    people.sort_unstable();
    let voiceless: Vec<MemberId> =
        people.iter().filter(|(_, ix)| !now.has_voice(*ix)).map(|(id, _)| *id).collect();
    let matter = match what {
        0..=39 if !voiceless.is_empty() => {
            Matter::Voice(chance.pick(&voiceless).copied().ok_or(Refused::Nothing)?)
        }
        40..=64 => match Views::of(ledger).draft() {
            Some(draft) => Matter::Ratify(draft),
            None => Matter::Text(phone.put_text("let us write a contract", chance)),
        },
        65..=69 => {
            let (member, person) = *chance.pick(&people).ok_or(Refused::Nothing)?;
            let tips = tips(ledger, person);
            Matter::Remove { member, tips: Named::new(tips).ok_or(Refused::Nothing)? }
        }
        70..=74 => {
            let shares = ["1/2", "3/5", "2/3"];
            let share = chance.pick(&shares).copied().unwrap_or("1/2");
            Matter::Policy(Share::parse(share).map_err(|_| Refused::Rule)?)
        }
        _ => Matter::Text(phone.put_text("let us have soup", chance)),
    };
    let proposal = Proposal::new(matter);
    proposal.matter.check().map_err(|_| Refused::Rule)?;
    Ok(proposal)
}

/// Somebody wants a member removed: answers who proposed that, or proposes it.
///
/// # Errors
/// It is not theirs to say, or decided.
pub fn remove(
    phone: &mut Phone,
    device: DeviceKey,
    now: u64,
    chance: &mut Chance,
) -> Result<&'static str, Refused> {
    if !phone.stands() {
        return Err(Refused::Nothing);
    }
    let (me, _) = phone.me().ok_or(Refused::Nothing)?;
    let ledger = phone.ledger()?;
    let standing = ledger.now();
    let person = standing.of_device(&device).filter(|one| standing.is_member(*one));
    let person = person.ok_or(Refused::Nothing)?;
    let member = standing.id(person).ok_or(Refused::Nothing)?;
    let about = |id: &ProposalId| {
        let matter = ledger.proposal(*id).map(|one| &one.matter);
        matches!(matter, Some(Matter::Remove { member: other, .. }) if *other == member)
    };
    let known = open(ledger, me).into_iter().find(about);
    let proposal = match known.and_then(|id| ledger.proposal(id)) {
        Some(known) => known.clone(),
        None => {
            let tips = Named::new(tips(ledger, person)).ok_or(Refused::Nothing)?;
            Proposal::new(Matter::Remove { member, tips })
        }
    };
    let about = named_by(ledger, &proposal).ok_or(Refused::Nothing)?;
    let act = Act::Answer { proposal, answer: AnswerWord::Yes, on_behalf_of: None };
    phone.write_act(act, &about, now, chance)?;
    Ok("wants somebody removed")
}

/// The last envelopes of a member's devices, over all their chains.
fn tips(ledger: &Ledger, person: PersonIx) -> Vec<EnvelopeId> {
    let now = ledger.now();
    let mut all = Vec::new();
    for (device, _, act) in now.devices(person) {
        let chains = ledger.frontier().chains().iter();
        let of_device = chains.filter(|(chain, _)| chain.device == device);
        let before = all.len();
        all.extend(of_device.flat_map(|(_, ends)| ends).map(|tip| tip.id));
        if all.len() == before {
            all.extend(ledger.at(act).map(Placed::id));
        }
    }
    all
}

/// What a proposal names and an answer must build on; `None` if not all of it is here.
fn named_by(ledger: &Ledger, proposal: &Proposal) -> Option<Vec<EnvelopeId>> {
    let matter = &proposal.matter;
    let mut named: Vec<EnvelopeId> = matter.envelopes().to_vec();
    if named.iter().any(|id| ledger.get(*id).is_none()) {
        return None;
    }
    let acts = matter.members().into_iter().map(|one| EnvelopeId::from_bytes(*one.as_bytes()));
    named.extend(acts.filter(|id| ledger.get(*id).is_some()));
    let Matter::Ratify(version) = matter else { return Some(named) };
    let views = Views::of(ledger);
    let carriers = version.heads().iter().map(|head| {
        let place = views.carrier(DocumentId::Contract, *head)?;
        ledger.at(place).map(Placed::id)
    });
    carriers.collect()
}
