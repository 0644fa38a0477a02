//! The first screen kept up to date is the one made anew, whatever came in whatever order and
//! batches. Breaks when: the step takes something for harmless that reaches back, or a row is made
//! without all that concerns it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use copact_core::act::Act;
use copact_core::entry::{Corrected, Record};
use copact_core::envelope::{Content, Verified};
use copact_core::ids::EnvelopeId;
use copact_core::ledger::Ledger;
use copact_core::proposal::AnswerWord;
use copact_core::views::{FirstScreen, Grade, Labels, Screening, Views};
use copact_tests::group::{correct, day, first_day, meet, meeting, people, same_as, tap, words};
use copact_tests::person::Person;
use copact_tests::world::{Step, World};
use proptest::prelude::*;

fn anew(ledger: &Ledger) -> FirstScreen {
    FirstScreen::of(&Views::of(ledger))
}

/// A script's envelopes. Scripts seldom open a meeting, so in the end somebody opens every one.
fn envelopes(steps: &[Step]) -> Vec<Verified> {
    let mut world = World::of(steps);
    let kinds = |at: &copact_core::ledger::Placed| at.entry().map(copact_core::entry::Entry::kind);
    let meetings: Vec<EnvelopeId> = world
        .eye
        .envelopes()
        .filter(|(_, at)| kinds(at) == Some("meeting"))
        .map(|(_, at)| at.id())
        .collect();
    let ana = &mut world.honest[0];
    for id in meetings.into_iter().filter(|id| ana.ledger.get(*id).is_some()).collect::<Vec<_>>() {
        let opened = ana.entry(Record::Open(id));
        world.all.push(ana.ledger.get(opened).unwrap().envelope().clone());
    }
    world.all
}

/// A number for each turn, from a seed.
fn draw(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// All envelopes in an order of arrival of their own.
fn arrival(all: &[Verified], state: &mut u64) -> Vec<Verified> {
    let mut keyed: Vec<(u64, &Verified)> =
        all.iter().enumerate().map(|(at, one)| (at as u64 * 7 + draw(state) % 60, one)).collect();
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, envelope)| envelope.clone()).collect()
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (any::<u8>(), any::<u8>(), any::<u16>(), any::<u16>(), -365_i16..365)
        .prop_map(|(who, what, a, b, days)| Step { who, what, a, b, days });
    prop::collection::vec(step, 1..70)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        max_shrink_iters: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn kept_up_to_date_is_made_anew_in_any_order_and_batches(
        steps in steps(),
        seed in 1_u64..,
    ) {
        let all = envelopes(&steps);
        let mut last = None;
        for mut state in [seed, seed.wrapping_mul(3) | 1] {
            let mut ledger = Ledger::found(all[0].clone()).unwrap();
            let mut kept = Screening::of(&ledger);
            let order = arrival(&all, &mut state);
            let mut rest = order.as_slice();
            while !rest.is_empty() {
                let many = 1 + (draw(&mut state) % 5) as usize;
                let (batch, later) = rest.split_at(many.min(rest.len()));
                batch.iter().for_each(|one| drop(ledger.insert(one.clone())));
                rest = later;
                kept.advance(&ledger);
                prop_assert_eq!(kept.screen(), &anew(&ledger));
            }
            let none = Labels::none();
            let rows = Views::of(&ledger).meetings(&none).meetings;
            for (_, at) in ledger.envelopes() {
                let row = rows.iter().find(|row| row.id == at.id()).cloned();
                prop_assert_eq!(kept.meeting(&ledger, &none, at.id()), row);
            }
            let bytes = kept.screen().to_bytes();
            prop_assert_eq!(&FirstScreen::from_bytes(&bytes).unwrap(), kept.screen());
            let screen = kept.screen().clone();
            prop_assert_eq!(last.get_or_insert_with(|| screen.clone()), &screen);
        }
    }
}

/// A group of five at an open meeting, and Ana's screen of it.
fn evening() -> ([Person; 5], EnvelopeId, Screening) {
    let mut group = people::<5>();
    let at = group[0].entry(meeting(first_day()));
    group[0].entry(Record::Open(at));
    meet(&mut group.iter_mut().collect::<Vec<_>>());
    let screening = Screening::of(&group[0].ledger);
    (group, at, screening)
}

fn everybody_meets(group: &mut [Person]) {
    meet(&mut group.iter_mut().collect::<Vec<_>>());
}

#[test]
fn an_evening_costs_only_what_is_new_and_shows_who_is_there_how_well_witnessed() {
    let (mut group, at, mut kept) = evening();
    let mut taps = Vec::new();
    for person in &mut group {
        taps.push(person.entry(tap(at)));
    }
    everybody_meets(&mut group);
    kept.advance(&group[0].ledger);
    group[1].entry(Record::Attest(taps.clone()));
    group[2].entry(Record::Attest(taps[..1].to_vec()));
    let planned = group[3].entry(meeting(first_day()));
    everybody_meets(&mut group);
    group[4].entry(Record::Refuse(taps[4]));
    group[3].entry(Record::Open(planned));
    group[3].entry(Record::Note(copact_tests::group::text(8)));
    let retitled = Corrected { text: Some(copact_tests::group::text(40)), ..Corrected::default() };
    group[0].entry(correct(at, retitled));
    everybody_meets(&mut group);
    kept.advance(&group[0].ledger);
    let screen = kept.screen();
    assert_eq!(screen, &anew(&group[0].ledger));
    assert_eq!((kept.rebuilds(), screen.meetings.len()), (0, 2));
    let row = screen.meetings.iter().find(|row| row.id == at).unwrap();
    assert_eq!(row.title, copact_tests::group::text(40));
    let grades: Vec<Grade> = (0..5)
        .filter_map(|who| row.present.iter().find(|one| one.member == group[who].me().unwrap()))
        .map(|one| one.grade)
        .collect();
    assert_eq!(grades, [Grade::Attested, Grade::Claimed, Grade::Witnessed, Grade::Witnessed]);
    group[0].entry(Record::Close(at));
    kept.advance(&group[0].ledger);
    assert_eq!((kept.rebuilds(), kept.screen().meetings.len()), (0, 1));
    assert_eq!(kept.screen(), &anew(&group[0].ledger));
}

#[test]
fn what_reaches_back_begins_anew() {
    let (mut group, at, mut kept) = evening();
    let other = group[0].entry(meeting(first_day()));
    group[0].entry(Record::Open(other));
    kept.advance(&group[0].ledger);
    assert_eq!((kept.rebuilds(), kept.screen().meetings.len()), (0, 2));
    group[0].entry(same_as(other, at));
    kept.advance(&group[0].ledger);
    assert_eq!((kept.rebuilds(), kept.screen().meetings.len()), (1, 1));
    group[0].answer(&words(1), AnswerWord::Yes);
    kept.advance(&group[0].ledger);
    assert_eq!((kept.rebuilds(), kept.screen().proposals.len()), (2, 1));
    group[0].act(Act::Leave);
    kept.advance(&group[0].ledger);
    assert_eq!((kept.rebuilds(), kept.screen().members()), (3, 4));
    group[0].entry(tap(at));
    group[0].write(Content::Act(Act::Link), &[]);
    kept.advance(&group[0].ledger);
    assert_eq!((kept.rebuilds(), kept.screen().set_aside), (3, 2));
    assert_eq!(kept.screen(), &anew(&group[0].ledger));
}

#[test]
fn a_clock_behind_everybodys_moves_what_it_must_and_costs_one_new_start() {
    let (mut group, at, mut kept) = evening();
    let early = day("2026-02-20");
    let earlier = Corrected { day: Some(early), ..Corrected::default() };
    group[0].entry(correct(at, earlier));
    everybody_meets(&mut group);
    for person in &mut group {
        person.entry(tap(at));
    }
    everybody_meets(&mut group);
    kept.advance(&group[0].ledger);
    assert!(kept.screen().meetings[0].present.is_empty(), "nobody was a member then");
    for (who, starts) in [(1, 1), (2, 2)] {
        group[who].day = early;
        for _ in 0..3 {
            group[who].entry(Record::Note(copact_tests::group::text(8)));
            everybody_meets(&mut group);
            kept.advance(&group[0].ledger);
            assert_eq!(kept.screen(), &anew(&group[0].ledger));
        }
        assert_eq!(kept.rebuilds(), starts);
    }
    assert_eq!(kept.screen().meetings[0].present.len(), 5, "two others saw the founding by then");
}

#[test]
fn words_about_words_are_followed_to_the_meeting() {
    let (mut group, at, mut kept) = evening();
    let taps: Vec<EnvelopeId> = group.iter_mut().map(|person| person.entry(tap(at))).collect();
    everybody_meets(&mut group);
    let seen = group[1].entry(Record::Attest(taps.clone()));
    let gone = group[2].entry(Record::Refuse(taps[2]));
    let title = |number| Corrected {
        text: Some(copact_tests::group::text(number)),
        ..Corrected::default()
    };
    everybody_meets(&mut group);
    let first = group[0].entry(correct(at, title(40)));
    kept.advance(&group[0].ledger);
    for (who, record) in [
        (1, Record::Refuse(seen)),
        (2, Record::Refuse(gone)),
        (0, correct(first, title(41))),
        (0, Record::Refuse(first)),
    ] {
        let before = kept.screen().meetings.clone();
        group[who].entry(record);
        everybody_meets(&mut group);
        kept.advance(&group[0].ledger);
        assert_eq!(kept.screen(), &anew(&group[0].ledger));
        assert_eq!(kept.screen().meetings == before, who == 0 && kept.rebuilds() == 4);
    }
    assert_eq!(kept.rebuilds(), 4);
}
