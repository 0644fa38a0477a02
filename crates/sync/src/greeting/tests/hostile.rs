//! Strangers, members of other groups, former members, clones and those who pose as one.

use minicbor::bytes::ByteVec;

use super::message::{Answer, Mac, Message, Proof};
use super::*;

/// What the acceptor of `group` would answer, and what a hostile one makes of it.
fn forged(of: &Membership, index: u8, device: DeviceKey) -> Vec<u8> {
    let mac = of.answer_mac(&CHANNEL, index, device).into();
    Message::Answer(Answer { index, mac, device }).write()
}

fn proof(device: DeviceKey, signature: SignatureBytes) -> Vec<u8> {
    Message::Proof(Proof { device, admissions: vec![ByteVec::from(vec![1])], signature }).write()
}

/// Where the call of these groups has the one at `place`.
fn index_of(mine: &Membership, call: &[u8]) -> u8 {
    let macs = message::read_call(call).unwrap();
    let index = macs.iter().position(|mac| mac.is(mine.call_mac(&CHANNEL))).unwrap();
    u8::try_from(index).unwrap()
}

/// Fails when what a dialer says first can be recognised, or says how many groups it has.
#[test]
fn a_stranger_sees_other_bytes_each_time_and_one_length() {
    let length = honest().messages[0].len();
    let mut seen = std::collections::BTreeSet::new();
    for many in 0..=8_u8 {
        let groups: Vec<_> = (0..many).map(|of| member(of, 1)).collect();
        for exporter in 0..4 {
            for (stream, random) in [(0, 3), (4, 3), (8, 4)] {
                let channel = Channel { exporter: [exporter; 32], stream };
                // Even random bytes that are drawn twice by mistake give another padding.
                let (_, call) = Dialer::call(channel, &groups, &[random; 32]).unwrap();
                assert_eq!(call.len(), length);
                let macs = message::read_call(&call).unwrap();
                assert!(macs.is_sorted());
                let pads = macs
                    .iter()
                    .filter(|mac| !groups.iter().any(|mine| mac.is(mine.call_mac(&channel))));
                assert_eq!(pads.clone().count(), 8 - usize::from(many));
                for mac in pads {
                    assert!(seen.insert((mac.0, many)), "an entry came twice");
                }
                for mine in &groups {
                    let known = mine.call_mac(&channel);
                    assert_eq!(macs.iter().filter(|mac| mac.is(known)).count(), 1);
                    assert!(seen.insert((*known.as_bytes(), many)), "a MAC came twice");
                    for plain in [mine.group.as_bytes(), &mine.discovery, key(1).as_bytes()] {
                        assert!(!call.windows(32).any(|part| part == plain));
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Fails when an acceptor says anything to somebody who does not know a group of its, or a
    /// dialer shows its device to such a one.
    #[test]
    fn who_does_not_know_the_group_gets_no_word(
        macs in proptest::collection::vec(any::<[u8; 32]>(), 64),
        eights in 1_usize..=8,
        index: u8,
        mac: [u8; 32],
        device: [u8; 32],
    ) {
        let call = Message::Call(macs[..eights * 8].iter().map(|&mac| Mac(mac)).collect());
        let groups = [member(1, 2), member(2, 2)];
        let refused = Acceptor::answer(CHANNEL, &groups, &call.write()).map(|_| ()).unwrap_err();
        prop_assert_eq!(refused, GreetingError::NoCommonGroup);

        let (dialer, _) = Dialer::call(CHANNEL, &groups, &[3; 32]).unwrap();
        let device = DeviceKey::from_bytes(device);
        let answer = Message::Answer(Answer { index: index % 10, mac: Mac(mac), device });
        let refused = dialer.prove(&answer.write()).map(|_| ()).unwrap_err();
        prop_assert!(matches!(refused, GreetingError::Unknown | GreetingError::NotOffered));
    }
}

#[test]
fn a_member_of_one_group_cannot_answer_for_another() {
    let groups = [member(1, 1), member(2, 1)];
    let theirs = member(2, 9);
    let (dialer, call) = Dialer::call(CHANNEL, &groups, &[3; 32]).unwrap();
    let answer = forged(&theirs, index_of(&groups[0], &call), key(9));
    assert_eq!(dialer.prove(&answer).map(|_| ()).unwrap_err(), GreetingError::Unknown);
    // Nor with the right discovery key under another group's name.
    let posing = Membership { group: groups[0].group, ..theirs.clone() };
    let (dialer, call) = Dialer::call(CHANNEL, &groups, &[3; 32]).unwrap();
    let answer = forged(&posing, index_of(&groups[1], &call), key(9));
    assert_eq!(dialer.prove(&answer).map(|_| ()).unwrap_err(), GreetingError::Unknown);
    // An answer cannot be moved to another device either.
    let (dialer, call) = Dialer::call(CHANNEL, &groups, &[3; 32]).unwrap();
    let (_, answer) = Acceptor::answer(CHANNEL, &[theirs], &call).unwrap();
    let moved = Answer { device: key(8), ..message::read_answer(&answer).unwrap() };
    let moved = Message::Answer(moved).write();
    assert_eq!(dialer.prove(&moved).map(|_| ()).unwrap_err(), GreetingError::Unknown);
}

/// Fails when the proof does not sign its role: a peer that knows the group, but has no key in it,
/// would send a device's own proof back.
#[test]
fn a_reflected_proof_proves_nothing() {
    let mine = [member(1, 1)];
    // As the acceptor, towards a dialer: it shows the dialer's own key and sends the proof back.
    let (dialer, call) = Dialer::call(CHANNEL, &mine, &[3; 32]).unwrap();
    let answer = forged(&member(1, 9), index_of(&mine[0], &call), key(1));
    let (dialer, proof_of_dialer) = dialer.prove(&answer).unwrap();
    let refused = dialer.met(&proof_of_dialer).unwrap_err();
    assert!(matches!(refused, GreetingError::Unproven(_)), "{refused}");
    // As the dialer, with a proof that the victim made as an acceptor on the very same stream.
    let acceptor_proof = CHANNEL.sign(Role::Acceptor, &mine[0], key(2));
    let theirs = [member(1, 2)];
    let (acceptor, _) = Acceptor::answer(CHANNEL, &theirs, &call).unwrap();
    let refused = acceptor.prove(&proof(key(1), acceptor_proof)).map(|_| ()).unwrap_err();
    assert!(matches!(refused, GreetingError::Unproven(_)), "{refused}");
}

/// Fails when the stream is not in the call: a stranger would open a stream of its own to the
/// device that called, and have it prove itself to itself.
#[test]
fn a_call_sent_back_to_its_maker_on_another_stream_gets_no_word() {
    let mine = [member(1, 1)];
    let (_, call) = Dialer::call(CHANNEL, &mine, &[3; 32]).unwrap();
    // QUIC numbers the first stream of who accepted the connection 1.
    let back = Channel { stream: 1, ..CHANNEL };
    let refused = Acceptor::answer(back, &mine, &call).map(|_| ()).unwrap_err();
    assert_eq!(refused, GreetingError::NoCommonGroup);
}

#[test]
fn who_knows_the_group_cannot_pose_as_a_device_whose_key_they_lack() {
    let (ana, ben, thief) = ([member(1, 1)], [member(1, 2)], member(1, 9));
    // As the dialer, as Ana; with their own signature and with one that Ana made for somebody else.
    let (_, call) = Dialer::call(CHANNEL, &ana, &[3; 32]).unwrap();
    let for_thief = CHANNEL.sign(Role::Dialer, &ana[0], key(9));
    for signature in [CHANNEL.sign(Role::Dialer, &thief, key(2)), for_thief] {
        let (acceptor, _) = Acceptor::answer(CHANNEL, &ben, &call).unwrap();
        let refused = acceptor.prove(&proof(key(1), signature)).map(|_| ()).unwrap_err();
        assert!(matches!(refused, GreetingError::Unproven(_)), "{refused}");
    }
    // As the acceptor, as Ben, and then as themselves after all.
    let theirs = CHANNEL.sign(Role::Acceptor, &thief, key(1));
    for (shown, wanted_two) in [(key(2), false), (key(9), true)] {
        let (dialer, call) = Dialer::call(CHANNEL, &ana, &[3; 32]).unwrap();
        let answer = forged(&thief, index_of(&ana[0], &call), key(2));
        let (dialer, _) = dialer.prove(&answer).unwrap();
        let refused = dialer.met(&proof(shown, theirs)).unwrap_err();
        assert_eq!(refused == GreetingError::TwoKeys, wanted_two, "{refused}");
    }
    // A signature in this group is none in another, even with the same key.
    let elsewhere = CHANNEL.sign(Role::Dialer, &member(2, 1), key(2));
    let (acceptor, _) = Acceptor::answer(CHANNEL, &ben, &call).unwrap();
    assert!(acceptor.prove(&proof(key(1), elsewhere)).is_err());
}

/// Fails when a clone is met as a peer, when only one end is told, or when somebody without the key
/// can raise the alarm.
#[test]
fn a_copy_of_this_device_is_told_at_both_ends_and_only_by_a_proof() {
    let run = run(CHANNEL, &[member(1, 1)], &[member(1, 1)]).unwrap();
    assert_eq!(run.dialer, Err(GreetingError::OwnKey));
    assert_eq!(run.acceptor, Err(GreetingError::OwnKey));

    let (mine, thief) = ([member(1, 1)], member(1, 9));
    let (dialer, call) = Dialer::call(CHANNEL, &mine, &[3; 32]).unwrap();
    let answer = forged(&thief, index_of(&mine[0], &call), key(1));
    let (dialer, _) = dialer.prove(&answer).unwrap();
    let signed = CHANNEL.sign(Role::Acceptor, &thief, key(1));
    let refused = dialer.met(&proof(key(1), signed)).unwrap_err();
    assert!(matches!(refused, GreetingError::Unproven(_)), "{refused}");
    let (acceptor, _) = Acceptor::answer(CHANNEL, &mine, &call).unwrap();
    let signed = CHANNEL.sign(Role::Dialer, &thief, key(1));
    let refused = acceptor.prove(&proof(key(1), signed)).map(|_| ()).unwrap_err();
    assert!(matches!(refused, GreetingError::Unproven(_)), "{refused}");
}

#[test]
fn a_peer_cannot_offer_or_bring_more_than_copact_does() {
    let groups = [member(1, 2)];
    for many in [0, 1, 7, 9, 63] {
        let call = Message::Call(vec![member(1, 1).call_mac(&CHANNEL).into(); many]).write();
        let refused = Acceptor::answer(CHANNEL, &groups, &call).map(|_| ()).unwrap_err();
        assert_eq!(refused, GreetingError::Offered(many));
    }
    let call = Message::Call(vec![Mac([0; 32]); 72]).write();
    let refused = Acceptor::answer(CHANNEL, &groups, &call).map(|_| ()).unwrap_err();
    assert!(matches!(refused, GreetingError::Codec(CodecError::TooLong { .. })));

    let signature = CHANNEL.sign(Role::Dialer, &member(1, 1), key(2));
    for admissions in [vec![vec![0]; 9], vec![vec![0; limits::ADMISSION_BYTES + 1]]] {
        let admissions = admissions.into_iter().map(ByteVec::from).collect();
        let proof = Message::Proof(Proof { device: key(1), admissions, signature }).write();
        let (acceptor, _) = Acceptor::answer(CHANNEL, &groups, &honest().messages[0]).unwrap();
        let refused = acceptor.prove(&proof).map(|_| ()).unwrap_err();
        assert_eq!(refused, GreetingError::Admissions);
    }
}
