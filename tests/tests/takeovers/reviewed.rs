//! What a review of the rules found, each attack by what it tried.

use copact_core::act::{Act, Erased};
use copact_core::envelope::{Content, Verified};
use copact_core::ids::{EnvelopeId, MemberId};
use copact_core::ledger::Ledger;
use copact_core::profile::{Profile, Statement};
use copact_core::proposal::AnswerWord::Yes;
use copact_core::text::Name;
use copact_core::views::{FirstScreen, Views};
use copact_tests::decisions::{decide, instead_of, merge, recover, remove, voice};
use copact_tests::device::Device;
use copact_tests::group::{admit, assist, first_day, meet, member, people, role};
use copact_tests::person::Person;
use copact_tests::scenario::{in_every_order, known};

#[test]
fn whom_the_group_merged_does_not_undo_it_alone() {
    let [mut ana, mut ben, mut cem, mut dan, mut mal] = people();
    let (dans, mals) = (member(&dan, 3), member(&mal, 4));
    let merged = merge(dans, mals);
    decide(&mut [&mut ana, &mut ben, &mut cem, &mut dan, &mut mal], &merged);
    let common = known(&[&ana]);
    let undo = instead_of(merged.id(), merge(dans, dans));
    dan.answer(&undo, Yes);
    let enact = dan.enact_this(&undo);
    let (judged, _) = in_every_order(&common, &[&ana, &dan]);
    assert!(!judged.holds.contains(&enact));
    assert_eq!(judged.voices, 4);
    // More than half may.
    decide(&mut [&mut ana, &mut ben, &mut cem], &undo);
    let (judged, _) = in_every_order(&common, &[&ana, &ben, &cem]);
    assert_eq!(judged.voices, 5);
}

#[test]
fn a_helper_and_one_other_make_nobody_one_with_the_helper() {
    let [mut ana, mut ben, mut cem, mut dan, mut mal] = people();
    let elder = assist(&mut mal, 1);
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut dan, &mut mal]);
    let common = known(&[&ana]);
    let absorbed = merge(elder, member(&mal, 4));
    let answer = mal.answer_for(Some(elder), &absorbed, Yes);
    dan.hear(&mal);
    dan.act(Act::Confirm { act: answer });
    mal.hear(&dan);
    mal.answer(&absorbed, Yes);
    let enact = mal.enact_this(&absorbed);
    let (judged, _) = in_every_order(&common, &[&ana, &dan, &mal]);
    assert!(!judged.holds.contains(&enact));
}

#[test]
fn who_is_merged_into_somebody_no_longer_brought_in_is_still_somebody() {
    let [mut ana, mut ben, mut cem, mut sam] = people();
    let (again, mut phone) = admit(&mut sam, 20);
    let again = MemberId::brought_in_by(again);
    meet(&mut [&mut ana, &mut ben, &mut cem, &mut sam, &mut phone]);
    let anas = member(&ana, 0);
    decide(&mut [&mut ana, &mut ben, &mut cem], &merge(anas, again));
    let common = known(&[&ana]);
    let founding = ana.ledger.group().founding();
    decide(&mut [&mut ana, &mut ben, &mut cem], &remove(member(&sam, 3), &[founding]));
    in_every_order(&common, &[&ana, &ben, &cem]);
    let views = Views::of(&ben.ledger);
    let seats = FirstScreen::of(&views).roster.iter().filter(|seat| seat.present).count();
    let members = views.counts().members;
    assert_eq!((members, seats, views.counts().voices), (3, 3, 3), "Ana, Ben, Cem");
}

#[test]
fn what_was_remembered_of_a_voice_does_not_depend_on_the_order() {
    let [mut ana, mut ben, cem] = people();
    let founding = ana.ledger.group().founding();
    let moved = recover(member(&cem, 2), &[founding], Some(&Device::new(30)));
    decide(&mut [&mut ana, &mut ben], &moved);
    let (admitted, mut nina) = admit(&mut ana, 20);
    let ninas = MemberId::brought_in_by(admitted);
    meet(&mut [&mut ana, &mut ben, &mut nina]);
    decide(&mut [&mut ana, &mut ben], &voice(ninas));
    let mut phone = Person::new(Device::new(30), ana.all(), first_day());
    let seen = phone.act(Act::Link);
    nina.hear(&phone);
    let base = nina.all();
    let confirm = || Content::Act(Act::Confirm { act: admitted });
    let envelope = |of: &Person, id: EnvelopeId| of.ledger.get(id).unwrap().envelope().clone();
    let first = nina.write_on(confirm(), &[seen]);
    let first = envelope(&nina, first);
    // Cem's new phone, which had seen the decision, is admitted as somebody else.
    ana.hear(&phone);
    ana.take(&first);
    let newcomer = role("newcomer");
    let device = Device::new(30).accepts(ana.ledger.group(), &newcomer);
    let taken = ana.act(Act::Admit { device, role: newcomer });
    let taken = envelope(&ana, taken);
    nina.take(&taken);
    let second = nina.write_on(confirm(), &[taken.id()]);
    let second = envelope(&nina, second);
    let beside: Vec<Verified> = (0..5)
        .map(|number| {
            nina.device.begin_again(900 + number);
            let id = nina.write_on(confirm(), &[seen]);
            envelope(&nina, id)
        })
        .collect();
    let told = |rest: Vec<Verified>| {
        let mut ledger = Ledger::of(base.iter().cloned()).unwrap();
        rest.into_iter().for_each(|one| drop(ledger.insert(one).unwrap()));
        ledger.get(second.id()).unwrap().voice()
    };
    let soon = [&first, &taken, &second].into_iter().chain(&beside);
    let late = [&first].into_iter().chain(&beside).chain([&taken, &second]);
    assert_eq!(told(soon.cloned().collect()), told(late.cloned().collect()));
}

#[test]
fn the_thief_of_a_phone_neither_names_nor_erases_its_owner() {
    let [mut ana, ben, mut cem] = people();
    let bens = member(&ben, 1);
    let mut thief = ben.copy();
    let moved = recover(bens, &[ana.ledger.group().founding()], Some(&Device::new(30)));
    decide(&mut [&mut ana, &mut cem], &moved);
    let mut own = Person::new(Device::new(30), ana.all(), first_day());
    let named = |by: &Person, after, name: &str| {
        let (author, name) = (by.device.key(), Name::new(name).unwrap());
        let (about, picture, endpoint) = (None, None, None);
        let statement = Statement { author, about, after: Some(after), name, picture, endpoint };
        Profile::sign(statement, &by.device.secret)
    };
    let after = own.act(Act::Link);
    let good = named(&own, after, "Ben");
    thief.act(Act::AddDevice { device: Device::new(40).joins(bens) });
    let mut more = Person::new(Device::new(40), thief.all(), first_day());
    more.hear(&own);
    let last = (0..20).map(|_| more.act(Act::Link)).last().unwrap();
    let bad = named(&more, last, "Thief");
    thief.act(Act::Erase { what: Erased::Profile(bens) });
    for other in [&own, &more, &thief] {
        ana.hear(other);
    }
    let now = ana.ledger.now();
    let held = ana.ledger.current_profiles(&now, [&good, &bad]);
    assert_eq!(held.get(&bens).map(|one| one.statement.name.as_str()), Some("Ben"));
}
