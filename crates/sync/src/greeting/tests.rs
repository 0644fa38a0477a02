#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod altered;
mod hostile;

use copact_core::act::{Act, FirstMember, Found, NewDevice, Role as MemberRole, RoleKind};
use copact_core::day::Day;
use copact_core::envelope::{Content, Draft};
use copact_core::ids::{Incarnation, Nonce, TextHash};
use copact_core::proposal::Share;
use proptest::prelude::*;

use super::*;
use crate::fixtures::{box_key, device, founding, group};

const CHANNEL: Channel = Channel { exporter: [0xE1; 32], stream: 0 };

/// A device's membership of a group, both by seed.
fn member(of: u8, seed: u8) -> Membership {
    Membership {
        group: GroupId::from_bytes([of; 32]),
        discovery: [of ^ 0x55; 32],
        device: device(seed),
        admissions: vec![vec![seed; 20], vec![of; 30]],
    }
}

fn key(seed: u8) -> DeviceKey {
    device(seed).public()
}

/// The four messages of a greeting, and what each end has in the end.
#[derive(Debug)]
struct Run {
    messages: [Vec<u8>; 4],
    dialer: Result<Met, GreetingError>,
    acceptor: Result<Met, GreetingError>,
}

/// A greeting over one stream; `alter` may change each message on its way.
fn run_altered(
    channel: Channel,
    dialer: &[Membership],
    acceptor: &[Membership],
    alter: impl Fn(usize, Vec<u8>) -> Vec<u8>,
) -> Result<Run, GreetingError> {
    let (d, call) = Dialer::call(channel, dialer, &[3; 32])?;
    let (a, answer) = Acceptor::answer(channel, acceptor, &alter(0, call.clone()))?;
    let (d, proof) = d.prove(&alter(1, answer.clone()))?;
    let (last, acceptor) = a.prove(&alter(2, proof.clone()))?;
    let dialer = d.met(&alter(3, last.clone()));
    Ok(Run { messages: [call, answer, proof, last], dialer, acceptor })
}

fn run(
    channel: Channel,
    dialer: &[Membership],
    acceptor: &[Membership],
) -> Result<Run, GreetingError> {
    run_altered(channel, dialer, acceptor, |_, message| message)
}

/// A greeting between devices 1 and 2 of group 1.
fn honest() -> Run {
    run(CHANNEL, &[member(1, 1)], &[member(1, 2)]).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Fails when two devices of a common group do not agree, or agree on a group that is not
    /// common, or when the number of groups shows beyond the next eight.
    #[test]
    fn devices_meet_in_the_first_group_that_the_acceptor_shares(
        mine in proptest::collection::btree_set(0_u8..40, 0..20),
        theirs in Just((0_u8..40).collect::<Vec<_>>()).prop_shuffle(),
        many in 0_usize..20,
        exporter: [u8; 32],
        stream: u64,
    ) {
        let channel = Channel { exporter, stream };
        let dialer: Vec<_> = mine.iter().map(|&of| member(of, 1)).collect();
        let acceptor: Vec<_> = theirs[..many].iter().map(|&of| member(of, 2)).collect();
        let common = theirs[..many].iter().find(|of| mine.contains(of));
        let (_, call) = Dialer::call(channel, &dialer, &[3; 32]).unwrap();
        let shown = mine.len().max(1).div_ceil(8) * 8;
        prop_assert_eq!(message::read_call(&call).unwrap().len(), shown);
        match (common, run(channel, &dialer, &acceptor)) {
            (Some(&of), Ok(run)) => {
                let (d, a) = (run.dialer.unwrap(), run.acceptor.unwrap());
                prop_assert_eq!((d.group, a.group), (member(of, 1).group, d.group));
                prop_assert_eq!((d.peer, a.peer), (key(2), key(1)));
                prop_assert_eq!(d.admissions, member(of, 2).admissions);
                prop_assert_eq!(a.admissions, member(of, 1).admissions);
                prop_assert_eq!(d.key, a.key);
            }
            (None, Err(error)) => prop_assert_eq!(error, GreetingError::NoCommonGroup),
            (common, run) => prop_assert!(false, "{common:?}: {run:?}"),
        }
    }
}

#[test]
fn the_rest_is_offered_on_a_further_stream_and_the_key_is_another() {
    let (ana, ben) = ([member(1, 1), member(2, 3)], [member(1, 2), member(2, 4)]);
    let first = run(CHANNEL, &ana, &ben).unwrap();
    let further = Channel { stream: 4, ..CHANNEL };
    let second = run(further, &ana[1..], &ben[1..]).unwrap();
    let (first_met, second_met) = (first.dialer.unwrap(), second.dialer.unwrap());
    assert_eq!((first_met.peer, second_met.peer), (key(2), key(4)));
    assert_ne!(first_met.key, second_met.key);
    // Nor does the key of one group on one stream say anything about another connection's.
    let elsewhere = run(Channel { exporter: [0xE2; 32], ..CHANNEL }, &ana, &ben).unwrap();
    assert_ne!(elsewhere.dialer.unwrap().key, first_met.key);
}

#[test]
fn the_largest_messages_are_within_their_limits_and_larger_ones_are_not_made() {
    let large = |of, seed| Membership {
        admissions: vec![vec![seed; limits::ADMISSION_BYTES]; limits::ADMISSIONS],
        ..member(of, seed)
    };
    let groups: Vec<_> = (0..64).map(|of| large(of, 1)).collect();
    let run = run(CHANNEL, &groups, &[large(63, 2)]).unwrap();
    assert_eq!(run.dialer.unwrap().admissions.len(), limits::ADMISSIONS);
    let most = [limits::CALL_BYTES, limits::ANSWER_BYTES, limits::PROOF_BYTES, limits::PROOF_BYTES];
    for (message, most) in run.messages.iter().zip(most) {
        assert!(message.len() <= most && message.len() + 150 > most, "{} of {most}", message.len());
    }

    let more: Vec<_> = (0..65).map(|of| member(of, 1)).collect();
    let refused = Dialer::call(CHANNEL, &more, &[3; 32]).map(|_| ()).unwrap_err();
    assert_eq!(refused, GreetingError::TooManyGroups);
    for admissions in [vec![vec![]; 9], vec![vec![0; limits::ADMISSION_BYTES + 1]]] {
        let swollen = [Membership { admissions, ..member(1, 1) }];
        let refused = self::run(CHANNEL, &swollen, &[member(1, 2)]).unwrap_err();
        assert_eq!(refused, GreetingError::OwnAdmissions);
        let refused = self::run(CHANNEL, &[member(1, 2)], &swollen).unwrap_err();
        assert_eq!(refused, GreetingError::OwnAdmissions);
    }
}

/// Fails when the limit would keep out a newcomer of a group that many people founded.
#[test]
fn a_founding_by_as_many_as_can_found_fits_as_an_admission() {
    let word = copact_core::text::RoleWord::new(&"w".repeat(60)).unwrap();
    let role = MemberRole { word, mapped: Some(RoleKind::Citizen) };
    let members = (1..=64).map(|seed| {
        let (to, nonce) = (None, Nonce::from_bytes([seed; 16]));
        let founding = Purpose::Founding;
        let device =
            NewDevice::consent(&device(seed), box_key(seed), founding, to, Some(&role), nonce);
        FirstMember { device, role: role.clone() }
    });
    let found = Found {
        policy: Share::DEFAULT,
        members: members.collect(),
        name: TextHash::from_bytes([1; 32]),
        parent: Some(group(1)),
        continues: Some(group(2)),
    };
    let draft = Draft {
        group: None,
        incarnation: Incarnation::from_bytes([2; 8]),
        seq: 1,
        prev: None,
        parents: vec![],
        day: Day::parse("2026-03-01").unwrap(),
        salt: Salt::from_bytes([3; 16]),
        content: Content::Act(Act::Found(found)),
    };
    let bytes = copact_core::codec::encode(&draft.sign(&device(1)).unwrap().wire());
    assert!(bytes.len() <= limits::ADMISSION_BYTES, "{} bytes", bytes.len());
}

#[test]
fn the_discovery_key_follows_from_the_founding_envelope_and_belongs_to_one_group() {
    let (one, other) = (founding(1), founding(2));
    assert_eq!(discovery_key(&one), discovery_from_salt(group(1), one.wire().salt));
    // The fixtures' salts are equal, so this is the group's doing.
    assert_ne!(discovery_key(&one), discovery_key(&other));
    let salted = discovery_from_salt(group(1), Salt::from_bytes([9; 16]));
    assert_ne!(discovery_key(&one), salted);
}

#[test]
fn what_is_secret_is_not_printed() {
    let met = honest().dialer.unwrap();
    let [first, second, ..] = met.key;
    assert!(!format!("{met:?}").contains(&format!("{first}, {second}")));
    assert!(!format!("{CHANNEL:?}").contains("225"), "the exporter");
}
