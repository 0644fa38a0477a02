//! Whose credential says what.

use copact_core::act::Act;
use copact_core::day::Day;
use copact_core::ids::MemberId;
use copact_core::views::{Grade, Views};
use copact_evidence::case::Case;
use copact_evidence::facts::Facts;
use copact_evidence::window::Window;
use copact_report::credential::{Asked, Attended, By, Meetings, NotIssued};
use copact_tests::decisions::{decide, merge, remove, tips};
use copact_tests::group::{admit, first_day, member, people};
use copact_tests::person::Person;
use copact_tests::world::{Step, World};
use serde_json::{Value, json};

use super::group::{gather, meet, toil, village};
use super::{asked, credential, own, sample, window};

const fn figures(attended: u64, attested: u64, minutes: u64) -> (Option<Meetings>, Option<u64>) {
    (Some(Meetings { attended, attested }), Some(minutes))
}

fn of(attended: &Attended) -> (Option<Meetings>, Option<u64>) {
    (attended.meetings, attended.minutes)
}

/// Breaks when: a credential counts otherwise than the indicators: a meeting that too few
/// witnessed is attested, or work that nobody confirmed counts.
#[test]
fn everybody_gets_their_own_figures() {
    let village = village();
    for (who, expected) in [figures(2, 1, 0), figures(2, 1, 60), figures(2, 1, 0)]
        .into_iter()
        .chain([figures(0, 0, 0)])
        .enumerate()
    {
        let person = &village.people[who];
        let (made, verified) = own(person, &asked(None, None));
        assert_eq!(of(&verified.about.attended), expected, "{who}");
        assert_eq!(verified.about.member, person.me().unwrap());
        assert_eq!(verified.about.by, By::Member);
        assert_eq!(verified.about.ledger, person.ledger.frontier().digest());
        sample(&format!("member-{who}"), &made);
    }
    let (made, verified) = own(&village.people[1], &asked(None, Some("Zoë “Zed” \\ 🌻 Ａ")));
    assert_eq!(verified.about.name.unwrap().as_str(), "Zoë “Zed” \\ 🌻 Ａ");
    sample("named", &made);
}

/// Breaks when: somebody without a device gets none, or one that passes for their own word, or
/// anybody else may speak for them.
#[test]
fn who_signs_for_an_elder_makes_theirs() {
    let village = village();
    let (made, verified) = own(&village.people[0], &asked(Some(village.elder), None));
    assert_eq!(verified.about.member, village.elder);
    assert_eq!(verified.about.by, By::Helper);
    assert_eq!(verified.about.attended.minutes, Some(25));
    assert_eq!(verified.about.attended.meetings.unwrap().attended, 1);
    // The helper's device is named, and nothing else of the helper.
    let text = made.to_string();
    assert!(!text.contains(&village.people[0].me().unwrap().to_string()));
    sample("elder", &made);
    for other in &village.people[1..] {
        let asked = asked(Some(village.elder), None);
        assert_eq!(credential(other, &other.device.secret, &asked), Err(NotIssued::NotTheirs));
    }
}

/// Breaks when: one member can make another's, or a stranger any.
#[test]
fn nobody_makes_another_members() {
    let village = village();
    let [first, second, ..] = &village.people;
    let theirs = asked(second.me(), None);
    assert_eq!(credential(first, &first.device.secret, &theirs), Err(NotIssued::NotTheirs));
    let nobody = MemberId::from_bytes([5; 32]);
    let found = credential(first, &first.device.secret, &asked(Some(nobody), None));
    assert_eq!(found, Err(NotIssued::Nobody(nobody)));
    let stranger = copact_tests::device::Device::new(99).secret;
    assert_eq!(credential(first, &stranger, &asked(None, None)), Err(NotIssued::NoMember));
    assert_eq!(credential(first, &stranger, &theirs), Err(NotIssued::NoMember));
}

/// Breaks when: a credential tells a name, key or number of anybody else, or a time of day.
#[test]
fn nothing_of_others_is_in_it() {
    let village = village();
    let (made, _) = own(&village.people[1], &asked(None, None));
    let text = made.to_string();
    for other in [0, 2, 3].map(|who| &village.people[who]) {
        let (member, device) = (other.me().unwrap(), other.device.key());
        let key = copact_report::credential::did_key::of_device(&device);
        for word in [member.to_string(), device.to_string(), key] {
            assert!(!text.contains(&word), "{word}");
        }
    }
    assert!(made["credentialSubject"].get("name").is_none());
    let times = text.match_indices("T00:00:00Z").count();
    assert_eq!((times, text.matches(":00Z").count()), (2, 2), "{text}");
}

/// Days pass for all of them.
fn pass(people: &mut [Person; 4], days: i32) -> Day {
    people.iter_mut().for_each(|one| one.day = one.day.plus(days));
    people[0].day
}

/// Breaks when: who left gets nothing for what they did, or something for what came after.
#[test]
fn who_left_keeps_what_was_theirs() {
    let mut village = village();
    let gone = pass(&mut village.people, 10);
    village.people[1].act(Act::Leave);
    meet(&mut village.people);
    let (made, verified) = own(&village.people[1], &asked(None, None));
    assert_eq!(of(&verified.about.attended), figures(2, 1, 60));
    sample("left", &made);

    // Whatever they are said to have attended since.
    pass(&mut village.people, 7);
    gather(&mut village.people, &[0, 2, 3]);
    let (_, again) = own(&village.people[1], &asked(None, None));
    assert_eq!(again.about.attended, verified.about.attended);

    // No day of this window was theirs.
    let (from, to) = (gone, gone.plus(30));
    let late = Asked { window: Window::new(from, to).unwrap(), ..asked(None, None) };
    let found = credential(&village.people[1], &village.people[1].device.secret, &late);
    assert_eq!(found, Err(NotIssued::NotThen { from, to }));
    let (from, to) = (first_day().plus(-20), first_day().plus(-1));
    let early = Asked { window: Window::new(from, to).unwrap(), ..asked(None, None) };
    let found = credential(&village.people[0], &village.people[0].device.secret, &early);
    assert_eq!(found, Err(NotIssued::NotThen { from, to }));
}

/// Breaks when: who was removed cannot show what others confirmed before.
#[test]
fn who_was_removed_keeps_what_stands() {
    let mut village = village();
    pass(&mut village.people, 10);
    let (gone, key) = (village.people[1].me().unwrap(), village.people[1].device.key());
    let tips = tips(&village.people[0].ledger, &key);
    let [a, _, c, d] = &mut village.people;
    decide(&mut [a, c, d], &remove(gone, &tips));
    let (_, verified) = own(&village.people[1], &asked(None, None));
    assert_eq!(of(&verified.about.attended), figures(2, 1, 60));
    let everything = village.people[0].copy();
    let device = &village.people[1].device.secret;
    let made = credential(&everything, device, &asked(None, None)).unwrap();
    assert_eq!(made["credentialSubject"]["confirmedWork"]["value"], json!(60));
}

/// Breaks when: two keys of one person get two credentials that are added up.
#[test]
fn merged_members_are_one() {
    let mut village = village();
    let ids = village.people.each_ref().map(|one| one.me().unwrap());
    let [a, b, c, d] = &mut village.people;
    decide(&mut [a, b, c, d], &merge(ids[2], ids[1]));
    let (_, one) = own(&village.people[1], &asked(None, None));
    let (_, other) = own(&village.people[2], &asked(None, None));
    assert_eq!(one.about, other.about);
    assert_eq!(one.about.member, ids[1]);
    assert_eq!(one.about.attended.meetings.unwrap().attended, 3);
}

/// Breaks when: what cannot be computed is told as 0, or a small group has no credential.
#[test]
fn small_groups_and_empty_ones_have_credentials() {
    let [alone] = people::<1>();
    let (made, verified) = own(&alone, &asked(None, None));
    assert_eq!(of(&verified.about.attended), (None, None));
    let subject = &made["credentialSubject"];
    for figure in ["meetingsAttended", "meetingsAttested", "confirmedWork"] {
        assert!(subject[figure]["notComputable"].is_string() && subject[figure]["value"].is_null());
    }
    sample("nothing-yet", &made);

    // Of two, nobody is witnessed by two others.
    let mut four = people::<4>();
    gather(&mut four, &[0, 1]);
    toil(&mut four, 0, 45, 1);
    let (_, verified) = own(&four[0], &asked(None, None));
    assert_eq!(of(&verified.about.attended), figures(1, 0, 45));

    // Who came after the only meeting could not be there.
    four[0].day = first_day().plus(3);
    let (_, newcomer) = admit(&mut four[0], 40);
    let (_, verified) = own(&newcomer, &asked(None, None));
    assert_eq!(of(&verified.about.attended), (None, Some(0)));
    assert_ne!(newcomer.me(), Some(member(&newcomer, 0)));
}

fn world(seed: u64) -> World {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let step = |_| Step {
        who: u8::try_from(next(256)).unwrap(),
        what: u8::try_from(next(256)).unwrap(),
        a: u16::try_from(next(65_536)).unwrap(),
        b: u16::try_from(next(65_536)).unwrap(),
        days: i16::try_from(next(8)).unwrap(),
    };
    World::of(&(0..300).map(step).collect::<Vec<Step>>())
}

/// Breaks when: credentials of all members do not add up to what the indicators count of the group.
#[test]
fn credentials_add_up_to_the_indicators() {
    let (mut attestations, mut hours) = (0, 0);
    for seed in 0..20 {
        let world = world(seed);
        let views = Views::of(&world.eye);
        let facts = Facts::of(&views);
        let window = Window::new(first_day().plus(-30), first_day().plus(400)).unwrap();
        let case = Case::new(&facts, window);
        let all = |who| Attended::of(&case, who);
        let sums = (0..facts.people.len()).filter_map(all).filter_map(|one| one.meetings);
        let sums = sums.fold((0, 0), |sum, one| (sum.0 + one.attended, sum.1 + one.attested));
        let present = || case.held().flat_map(|one| &one.present);
        let attested = present().filter(|(_, grade, _)| *grade == Grade::Attested).count();
        let there = u64::try_from(present().count()).unwrap();
        assert_eq!(sums, (there, u64::try_from(attested).unwrap()), "seed {seed}");
        for who in &case.members {
            let minutes = case.minutes[who];
            let told = Attended::of(&case, *who).and_then(|one| one.minutes);
            assert_eq!(told, case.has_work().then_some(minutes), "seed {seed}");
            hours += minutes;
        }
        attestations += attested;
    }
    assert!(attestations > 0 && hours > 0, "{attestations} attested, {hours} minutes");
}

/// Breaks when: the form of a credential changes without anybody noticing.
#[test]
fn a_credential_reads_like_this() {
    let (mut made, _) = own(&village().people[1], &asked(None, None));
    let subject = made["credentialSubject"].as_object_mut().unwrap();
    for hash in ["id", "group", "ledger"] {
        subject.remove(hash);
    }
    let expected = json!({
        "from": window().from.date().to_string(),
        "to": "2026-05-31",
        "issuedBy": "member",
        "meetingsAttended": { "value": 2, "unitText": "meetings" },
        "meetingsAttested": { "value": 1, "unitText": "meetings" },
        "confirmedWork": { "value": 60, "unitText": "minutes" },
    });
    assert_eq!(made["credentialSubject"], expected);
    assert_eq!(made["validFrom"], "2026-06-01T00:00:00Z");
    assert_eq!(made["type"], json!(["VerifiableCredential", "CopactParticipation"]));
    let names: Vec<&String> = made.as_object().map(|all| all.keys().collect()).unwrap();
    let all =
        ["@context", "credentialSubject", "description", "issuer", "proof", "type", "validFrom"];
    assert_eq!(names, all);
    assert_eq!(made["proof"]["cryptosuite"], Value::from("eddsa-jcs-2022"));
}
