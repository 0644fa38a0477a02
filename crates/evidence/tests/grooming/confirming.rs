//! Whose word makes work count.

use copact_core::act::Act;
use copact_core::entry::{Beneficiary, Record};
use copact_evidence::figure::Value;
use copact_tests::decisions::{decide, merge};
use copact_tests::device::Device;
use copact_tests::group::{admit, assist, first_day, meet, member, people, work};
use copact_tests::person::Person;

use crate::{hours, seen, share, warned};

/// Breaks when: somebody's other device is another member.
#[test]
fn one_confirms_with_a_second_device() {
    let [mut ana, mut ben] = people();
    let done = ana.entry(work(60, Beneficiary::Group, first_day()));
    let phone = Device::new(40);
    ana.act(Act::AddDevice { device: phone.joins(member(&ana, 0)) });
    let mut phone = Person::new(phone, ana.all(), ana.day);
    phone.entry(Record::Confirm(done));
    meet(&mut [&mut ana, &mut ben, &mut phone]);
    let report = seen(&ben);
    assert_eq!((report.n, hours(&report)), (2, 0.0));
    assert_eq!(warned(&report, "unconfirmed"), Some((60, Some(60))));
    ben.entry(Record::Confirm(done));
    assert_eq!(hours(&seen(&ben)), 1.0);
}

/// Breaks when: what one confirmed for another holds once the two are known to be one.
#[test]
fn one_confirms_as_somebody_else_and_is_merged_with_them() {
    let [mut ana, mut ben, mut cem] = people();
    let done = ana.entry(work(60, Beneficiary::Group, first_day()));
    let own = cem.entry(work(30, Beneficiary::Group, first_day()));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    cem.entry(Record::Confirm(done));
    ben.entry(Record::Confirm(own));
    meet(&mut [&mut ana, &mut ben, &mut cem]);
    let honest = seen(&ben);
    assert_eq!((honest.n, hours(&honest)), (3, 1.5));
    let one = merge(member(&ana, 2), member(&ana, 0));
    decide(&mut [&mut ana, &mut ben, &mut cem], &one);
    let report = seen(&ben);
    assert_eq!((report.n, hours(&report), share(&report, "H4")), (2, 0.5, (1, 2)));
}

/// Breaks when: a helper's word for somebody is that member's, in grades or confirmations.
#[test]
fn one_helper_confirms_for_everybody() {
    let [mut ana, mut ben] = people();
    let elders = [1, 2, 3].map(|nonce| assist(&mut ana, nonce));
    let done = ana.entry(work(60, Beneficiary::Group, first_day()));
    let theirs = ana.entry_for(elders[0], work(45, Beneficiary::Group, first_day()));
    let given = ana.entry_for(elders[1], work(30, Beneficiary::Member(elders[2]), first_day()));
    for entry in [done, theirs, given] {
        for elder in elders {
            ana.entry_for(elder, Record::Confirm(entry));
        }
        ana.entry(Record::Confirm(entry));
    }
    meet(&mut [&mut ana, &mut ben]);
    let report = seen(&ben);
    assert_eq!((report.n, hours(&report), share(&report, "H2")), (5, 0.0, (0, 135)));
    assert_eq!(warned(&report, "unconfirmed"), Some((135, Some(135))));
    for entry in [done, theirs, given] {
        ben.entry(Record::Confirm(entry));
    }
    assert_eq!(share(&seen(&ben), "H2"), (135, 135));
}

/// Breaks when: the word of who has no voice confirms, so that a puppet let in today does.
#[test]
fn a_puppet_without_voice_confirms() {
    let [mut ana, mut ben] = people();
    let done = ana.entry(work(60, Beneficiary::Group, first_day()));
    let (_, mut puppet) = admit(&mut ana, 50);
    puppet.hear(&ana);
    puppet.entry(Record::Confirm(done));
    meet(&mut [&mut ana, &mut ben, &mut puppet]);
    let report = seen(&ben);
    assert_eq!((report.n, hours(&report)), (3, 0.0));
}

/// Breaks when: hours that two swap with each other look like those of a group.
#[test]
fn two_confirm_each_other() {
    let mut all = people::<5>();
    for (from, to) in [(0_u8, 1_u8), (1, 0)] {
        let whom = Beneficiary::Member(member(&all[0], to));
        let done = all[usize::from(from)].entry(work(600, whom, first_day()));
        meet(&mut all.each_mut());
        all[usize::from(to)].entry(Record::Confirm(done));
        meet(&mut all.each_mut());
    }
    let report = seen(&all[4]);
    // They count: each is confirmed by whom it was for. That it is those two is to be seen.
    assert_eq!(hours(&report), 20.0);
    assert_eq!((share(&report, "H4"), share(&report, "R3")), ((2, 5), (2, 5)));
    assert_eq!((share(&report, "R2"), share(&report, "R5")), ((1_200, 1_200), (2, 20)));
    let Some(Value::Reciprocity { ties, m, .. }) = report.indicators["R1"].value else {
        panic!("no reciprocity")
    };
    assert_eq!((ties, m), (2, 1));
    assert_eq!(report.pictures.ties.len(), 2);
    assert_eq!(report.level, "none");
}
