//! Whose signatures a report has.

use copact_core::act::Act;
use copact_core::envelope::Content;
use copact_core::keys::Purpose;
use copact_core::proposal::{AnswerWord, Matter, Proposal};
use copact_report::bundle::{Bundle, Countersign, Form};
use copact_tests::decisions::{decide, instead_of, merge, recover, remove, tips};
use copact_tests::device::Device;
use copact_tests::group::{meet, member, people};
use copact_tests::person::Person;

use super::super::{bundle, verdict};
use super::{code, ledger, signed, unproven, yard};

/// Breaks when: a phone that was given up as lost signs for its owner.
#[test]
fn a_lost_device_signs_nothing() {
    let mut all = yard();
    let lost = all[2].device.secret.clone();
    let fresh = Device::new(60);
    let before = tips(&all[0].ledger, &lost.public());
    let recovery = recover(member(&all[0], 2), &before, Some(&fresh));
    let [ana, ben, _] = &mut all;
    decide(&mut [ana, ben], &recovery);
    let whole = bundle(&all[0].ledger, Form::Sealed);
    let by_thief = verdict(&signed(whole.clone(), &lost));
    assert_eq!((code(&by_thief), by_thief.signed_by, by_thief.of), ("passes", 0, 3));
    assert_eq!(verdict(&signed(whole, &fresh.secret)).signed_by, 1);
}

/// Breaks when: whom the group removed stands by its report, or is counted among those who do.
#[test]
fn who_was_removed_signs_nothing() {
    let mut all = yard();
    let gone = all[2].device.secret.clone();
    let before = tips(&all[0].ledger, &gone.public());
    let removal = remove(member(&all[0], 2), &before);
    let [ana, ben, _] = &mut all;
    ana.day = ana.day.plus(20);
    ben.day = ben.day.plus(20);
    decide(&mut [ana, ben], &removal);
    // Over a time in which they were a member still.
    let to = all[0].day.plus(-10);
    let whole = super::fitted(Bundle { to, ..bundle(&all[0].ledger, Form::Sealed) });
    let verdict = verdict(&signed(signed(whole, &gone), &all[0].device.secret));
    assert_eq!((code(&verdict), verdict.signed_by, verdict.of), ("passes", 1, 3));
}

/// Breaks when: one person with two devices, or two keys that were merged, is two.
#[test]
fn one_person_signs_once() {
    let mut all = yard();
    let phone = Device::new(61);
    let joins = phone.joins(member(&all[0], 0));
    all[0].act(Act::AddDevice { device: joins });
    meet(&mut all.each_mut());
    let both = |all: &[Person; 3], second: &Device| {
        let whole = bundle(&all[0].ledger, Form::Sealed);
        let verdict = verdict(&signed(signed(whole, &all[0].device.secret), &second.secret));
        (code(&verdict), verdict.signed_by, verdict.of)
    };
    assert_eq!(both(&all, &phone), ("passes", 1, 3));
    assert_eq!(both(&all, &all[2].device), ("passes", 2, 3));
    let one = merge(member(&all[0], 2), member(&all[0], 0));
    decide(&mut all.each_mut(), &one);
    assert_eq!(both(&all, &all[2].device), ("passes", 1, 2));
    // With either key.
    let alone = verdict(&signed(bundle(&all[0].ledger, Form::Sealed), &all[2].device.secret));
    assert_eq!(alone.signed_by, 1);
}

/// Breaks when: an answer to something else, for somebody else, in another group or of a device
/// that came later is taken for a yes to this report.
#[test]
fn a_yes_is_to_this_report_in_this_group_by_who_was_there() {
    let all = yard();
    let whole = bundle(&all[0].ledger, Form::Sealed);
    let hash = whole.claim(ledger(&whole).frontier().digest()).hash();
    let share = Proposal::new(Matter::Share(hash));
    let said = |person: &Person, content: Content, group| {
        let mut device = person.device.clone();
        let wire = device.sign(Some(group), &[group.founding()], person.day, content).wire();
        let mut one = whole.clone();
        one.signatures.push(Countersign::Answer(wire));
        let verdict = verdict(&one);
        (code(&verdict), verdict.signed_by)
    };
    let yes = |proposal: &Proposal, answer, on_behalf_of| {
        Content::Act(Act::Answer { proposal: proposal.clone(), answer, on_behalf_of })
    };
    let group = all[0].ledger.group();
    assert_eq!(said(&all[1], yes(&share, AnswerWord::Yes, None), group), ("passes", 1));
    // What it is said instead of changes nothing of what is said.
    let other = Proposal::new(Matter::Share(copact_core::ids::ReportHash::from_bytes([1; 32])));
    let instead = instead_of(other.id(), share.clone());
    assert_eq!(said(&all[1], yes(&instead, AnswerWord::Yes, None), group), ("passes", 1));
    let wrong = ("report_signature", 0);
    assert_eq!(said(&all[1], yes(&other, AnswerWord::Yes, None), group), wrong);
    assert_eq!(said(&all[1], yes(&share, AnswerWord::No, None), group), wrong);
    assert_eq!(said(&all[1], yes(&share, AnswerWord::Abstain, None), group), wrong);
    let elder = Some(member(&all[0], 2));
    assert_eq!(said(&all[1], yes(&share, AnswerWord::Yes, elder), group), wrong);
    assert_eq!(said(&all[1], Content::Act(Act::Link), group), wrong);
    let [elsewhere] = people::<1>();
    let elsewhere = elsewhere.ledger.group();
    let elsewhere = copact_core::ids::GroupId::from_bytes({
        let mut bytes = *elsewhere.as_bytes();
        bytes[0] ^= 1;
        bytes
    });
    assert_eq!(said(&all[1], yes(&share, AnswerWord::Yes, None), elsewhere), wrong);
    let later = Device::new(62);
    assert_eq!(code(&verdict(&signed(whole.clone(), &later.secret))), "report_signature");
    // Nor is a signature made for something else.
    let secret = &all[1].device.secret;
    let signature = secret.sign(Purpose::Envelope, hash.as_bytes());
    let one = Countersign::Signed { device: secret.public(), signature };
    assert_eq!(code(&verdict(&Bundle { signatures: vec![one], ..whole })), "report_signature");
}

/// Breaks when: a copied key is told in the figures and not among what is unproven.
#[test]
fn a_fork_is_listed() {
    let mut all = yard();
    assert!(!unproven(&verdict(&bundle(&all[0].ledger, Form::Sealed))).contains(&"forked"));
    let mut copy = all[0].copy();
    copy.act(Act::Link);
    all[0].act(Act::Link);
    all[0].hear(&copy);
    let verdict = verdict(&bundle(&all[0].ledger, Form::Sealed));
    assert!(unproven(&verdict).contains(&"forked"));
}
