//! Outsiders' signatures: what they bound, and which bound nothing.

use copact_core::anchor::{Statement, Witnessed};
use copact_core::day::Day;
use copact_core::entry::{Beneficiary, Record};
use copact_core::ids::{EnvelopeId, GroupId};
use copact_core::keys::{DeviceSecret, Purpose};
use copact_evidence::report::Report;
use copact_evidence::report::completeness::AnchorRow;
use copact_report::bundle::Form;
use copact_tests::device::Device;
use copact_tests::group::{admit, first_day, meet, people, work};
use copact_tests::person::Person;

use super::village::heads;
use super::{bundle, verdict};

fn outsider() -> DeviceSecret {
    DeviceSecret::from_bytes(&[77; 32])
}

/// Three with some work, done on the first day.
fn group() -> [Person; 3] {
    let mut all = people::<3>();
    for person in &mut all {
        person.entry(work(30, Beneficiary::Group, first_day()));
    }
    meet(&mut all.each_mut());
    all
}

fn saw(group: GroupId, heads: Vec<EnvelopeId>, day: Day, people: Option<u32>) -> Statement {
    Statement { witnessed: Witnessed::Seen { group, heads }, day, people }
}

/// What an outsider says who sees all that somebody has.
fn all_of(person: &Person, day: Day, people: Option<u32>) -> Statement {
    saw(person.ledger.group(), heads(person), day, people)
}

fn record(person: &mut Person, statement: &Statement, by: &DeviceSecret) {
    person.entry(Record::Anchor(statement.sign(by).unwrap()));
}

fn report(person: &Person) -> Report {
    verdict(&bundle(&person.ledger, Form::Sealed)).report.unwrap()
}

fn warned(report: &Report, code: &str) -> Option<(u64, Option<u64>)> {
    report.warnings.iter().find(|one| one.code == code).map(|one| (one.num, one.den))
}

fn only(report: &Report) -> &AnchorRow {
    let [one] = report.anchors.as_slice() else { panic!("{:?}", report.anchors) };
    one
}

/// Breaks when: an outsider's word is not heard, or is taken for more than it says: of fewer
/// people, of some of the entries, or of an earlier time.
#[test]
fn an_outsider_bounds_time_and_people() {
    let mut all = group();
    assert_eq!(warned(&report(&all[0]), "time_unproven"), Some((1, None)));
    assert_eq!(warned(&report(&all[0]), "people_unproven"), Some((3, Some(3))));
    let later = first_day().plus(10);
    let few = all_of(&all[0], later, Some(2));
    record(&mut all[0], &few, &outsider());
    let seen = report(&all[0]);
    assert_eq!((only(&seen).kind, only(&seen).entries, only(&seen).outside), ("seen", 3, 0));
    assert_eq!(warned(&seen, "time_unproven"), None);
    assert_eq!(warned(&seen, "people_unproven"), Some((1, Some(3))));
    let enough = all_of(&all[0], later, Some(3));
    record(&mut all[0], &enough, &outsider());
    assert_eq!(warned(&report(&all[0]), "people_unproven"), None);
    // What came after it is the members' own word again.
    all[0].entry(work(30, Beneficiary::Group, first_day()));
    let seen = report(&all[0]);
    assert_eq!(warned(&seen, "time_unproven"), None);
    assert_eq!(warned(&seen, "time_partly_unproven"), Some((1, Some(4))));
    let told = verdict(&bundle(&all[0].ledger, Form::Sealed)).unproven;
    let codes: Vec<&str> = told.iter().map(|one| one.code).collect();
    assert!(codes.contains(&"time_partly_unproven") && codes.contains(&"outsiders"), "{codes:?}");
    let key = outsider().public().to_string();
    assert!(told.iter().any(|one| one.code == "outsiders" && one.text.contains(&key)));
}

/// Breaks when: an outsider who saw the beginning, or the group years ago, bounds all of it.
#[test]
fn an_outsider_who_saw_little_or_long_ago_bounds_nothing() {
    let mut all = group();
    let founding = all[0].ledger.group().founding();
    let empty = saw(all[0].ledger.group(), vec![founding], first_day().plus(10), Some(3));
    record(&mut all[0], &empty, &outsider());
    assert_eq!(warned(&report(&all[0]), "time_unproven"), Some((1, None)));
    assert_eq!(warned(&report(&all[0]), "people_unproven"), Some((3, Some(3))));
    let long_ago = all_of(&all[0], first_day().plus(-100), Some(3));
    record(&mut all[0], &long_ago, &outsider());
    let seen = report(&all[0]);
    assert_eq!(warned(&seen, "time_unproven"), Some((1, None)));
    assert_eq!(warned(&seen, "people_unproven"), Some((3, Some(3))));
    // All three, and the first anchor, say a day after that on which the outsider had them already.
    assert_eq!(warned(&seen, "outside_anchors"), Some((4, None)));
}

/// Breaks when: an outsider bounds a window of which they saw nothing.
#[test]
fn an_outsider_who_saw_only_what_was_before_bounds_nothing() {
    let mut all = people::<3>();
    all[0].entry(work(30, Beneficiary::Group, first_day().plus(-60)));
    let statement = all_of(&all[0], first_day().plus(10), Some(3));
    record(&mut all[0], &statement, &outsider());
    assert_eq!(warned(&report(&all[0]), "time_unproven"), None, "there is nothing in the window");
    all[0].entry(work(30, Beneficiary::Group, first_day()));
    let seen = report(&all[0]);
    assert_eq!((only(&seen).kind, only(&seen).entries), ("seen", 1));
    assert_eq!(warned(&seen, "time_unproven"), Some((1, None)));
}

/// Breaks when: an entry that says a later day than the outsider who had it passes unseen.
#[test]
fn what_is_signed_after_the_day_of_its_anchor_is_outside() {
    let mut all = group();
    all[1].day = first_day().plus(20);
    all[1].entry(work(30, Beneficiary::Group, first_day()));
    meet(&mut all.each_mut());
    let statement = all_of(&all[0], first_day().plus(10), Some(3));
    record(&mut all[0], &statement, &outsider());
    let seen = report(&all[0]);
    assert_eq!((only(&seen).entries, only(&seen).outside), (4, 1));
    assert_eq!(warned(&seen, "outside_anchors"), Some((1, None)));
}

/// Breaks when: what builds on an outsider's number may be older than the number.
#[test]
fn a_number_bounds_from_below() {
    let mut all = group();
    let number = Statement {
        witnessed: Witnessed::Number([5; 16]),
        day: first_day().plus(10),
        people: None,
    };
    record(&mut all[0], &number, &outsider());
    let seen = report(&all[0]);
    assert_eq!((only(&seen).kind, only(&seen).entries, only(&seen).outside), ("number", 0, 0));
    all[0].entry(work(30, Beneficiary::Group, first_day()));
    all[0].day = first_day().plus(10);
    all[0].entry(work(30, Beneficiary::Group, first_day()));
    let seen = report(&all[0]);
    assert_eq!((only(&seen).entries, only(&seen).outside), (2, 1));
    // It says nothing of when there was anything, and of nobody.
    assert_eq!(warned(&seen, "time_unproven"), Some((1, None)));
    assert_eq!(warned(&seen, "people_unproven"), Some((3, Some(3))));
}

/// Breaks when: a member is their own outsider: with the phone that is in the group, one that is
/// added later, or that of somebody who has left.
#[test]
fn who_has_a_device_in_the_group_is_no_outsider() {
    let mut all = group();
    let own = all[1].device.secret.clone();
    let statement = all_of(&all[0], first_day().plus(10), Some(3));
    record(&mut all[0], &statement, &own);
    let soon = Device::new(50);
    let statement = all_of(&all[0], first_day().plus(10), Some(3));
    record(&mut all[0], &statement, &soon.secret);
    assert_eq!(warned(&report(&all[0]), "time_unproven"), None, "nobody can know yet");
    let (_, mut newcomer) = admit(&mut all[0], 50);
    newcomer.hear(&all[0]);
    newcomer.act(copact_core::act::Act::Leave);
    all[0].hear(&newcomer);
    let seen = report(&all[0]);
    let kinds: Vec<&str> = seen.anchors.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, ["member", "member"]);
    assert!(seen.anchors.iter().all(|one| (one.entries, one.outside) == (0, 0)));
    assert_eq!(warned(&seen, "time_unproven"), Some((1, None)));
    assert_eq!(warned(&seen, "people_unproven"), Some((3, Some(3))));
    let told = verdict(&bundle(&all[0].ledger, Form::Sealed)).unproven;
    assert!(told.iter().all(|one| one.code != "outsiders"));
}

/// Breaks when: an anchor of another group, or one that says nothing, bounds anything; or any
/// member can spoil their group's reports with one.
#[test]
fn an_anchor_of_another_group_or_of_nothing_bounds_nothing() {
    let mut all = group();
    let other = GroupId::from_bytes([8; 32]);
    let statement = saw(other, heads(&all[0]), first_day().plus(10), Some(3));
    record(&mut all[0], &statement, &outsider());
    let statement = b"I was there.".to_vec();
    let signature = outsider().sign(Purpose::Anchor, &statement);
    let key = outsider().public();
    let anchor = copact_core::entry::Anchor { key, statement, signature };
    all[0].entry(Record::Anchor(anchor));
    let seen = report(&all[0]);
    let kinds: Vec<&str> = seen.anchors.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, ["unreadable", "unreadable"]);
    assert!(seen.anchors.iter().all(|one| (one.entries, one.outside) == (0, 0)));
    assert_eq!(warned(&seen, "time_unproven"), Some((1, None)));
    assert_eq!(warned(&seen, "people_unproven"), Some((3, Some(3))));
}
