//! A small group that meets and works.

use copact_core::entry::{Beneficiary, Record};
use copact_core::ids::{EnvelopeId, MemberId};
use copact_tests::group::{self, assist, member, people, tap, work};
use copact_tests::person::Person;

pub(crate) struct Village {
    pub people: [Person; 4],
    /// Assisted by the first.
    pub elder: MemberId,
}

pub(crate) fn meet(people: &mut [Person; 4]) {
    group::meet(&mut people.each_mut());
}

/// The people with these numbers are at a meeting and say so of each other.
pub(crate) fn gather(people: &mut [Person; 4], here: &[usize]) -> EnvelopeId {
    let day = people[0].day;
    let meeting = people[0].entry(group::meeting(day));
    meet(people);
    let taps: Vec<EnvelopeId> = here.iter().map(|who| people[*who].entry(tap(meeting))).collect();
    meet(people);
    for (at, who) in here.iter().enumerate() {
        let others = taps.iter().enumerate().filter(|(other, _)| *other != at);
        let others: Vec<EnvelopeId> = others.map(|(_, tap)| *tap).collect();
        if !others.is_empty() {
            people[*who].entry(Record::Attest(others));
        }
    }
    meet(people);
    meeting
}

/// Work of one that another confirms.
pub(crate) fn toil(people: &mut [Person; 4], who: usize, minutes: u32, confirms: usize) {
    let day = people[who].day;
    let entry = people[who].entry(work(minutes, Beneficiary::Group, day));
    meet(people);
    people[confirms].entry(Record::Confirm(entry));
    meet(people);
}

/// Four people and an elder. Meetings of 0, 1 and 2; of 0 and 1; of 2 alone; an hour and a half of
/// 1, a third of it confirmed by nobody; 25 minutes of the elder.
pub(crate) fn village() -> Village {
    let mut people = people::<4>();
    let elder = assist(&mut people[0], 9);
    meet(&mut people);
    let first = gather(&mut people, &[0, 1, 2]);
    gather(&mut people, &[0, 1]);
    gather(&mut people, &[2]);
    people[0].entry_for(elder, tap(first));
    toil(&mut people, 1, 60, 0);
    let day = people[1].day;
    people[1].entry(work(30, Beneficiary::Group, day));
    let entry = people[0].entry_for(elder, work(25, Beneficiary::Group, day));
    meet(&mut people);
    people[2].entry(Record::Confirm(entry));
    meet(&mut people);
    assert_eq!(people[1].me(), Some(member(&people[1], 1)));
    Village { people, elder }
}
