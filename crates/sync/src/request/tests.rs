#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use copact_core::act::Act;
use copact_core::text::RoleWord;
use proptest::prelude::*;

use super::*;
use crate::fixtures::{box_key, device, group, name, profile, role};

const VERSION_AT: usize = 15;

fn ticket(member: Option<MemberId>) -> Ticket {
    Ticket {
        group: group(1),
        nonce: Nonce::from_bytes([8; 16]),
        secret: [3; 16],
        inviter: device(1).public(),
        expires: 0,
        group_name: None,
        member,
        extensions: vec![],
    }
}

fn member() -> MemberId {
    MemberId::from_bytes([6; 32])
}

fn newcomer(secret: &DeviceSecret) -> Newcomer<'_> {
    Newcomer { secret, box_key: box_key(2), role: role(), profile: profile(2) }
}

fn found() -> JoinRequest {
    let nonce = Nonce::from_bytes([5; 16]);
    JoinRequest::found(name("Kitchen"), newcomer(&device(2)), nonce).unwrap()
}

fn join() -> JoinRequest {
    JoinRequest::join(&ticket(None), newcomer(&device(2))).unwrap()
}

fn further() -> JoinRequest {
    JoinRequest::device(&ticket(Some(member())), &device(2), box_key(2)).unwrap()
}

proptest! {
    /// Fails when some bytes make the reader panic or are taken for a request.
    #[test]
    fn foreign_bytes_are_refused(mut bytes: Vec<u8>, begin in 0..60_usize) {
        prop_assert!(JoinRequest::parse(&bytes).is_err());
        bytes.splice(..0, join().to_bytes()[..begin].iter().copied());
        prop_assert!(JoinRequest::parse(&bytes).is_err());
    }

    /// Fails when a field is lost on the way.
    #[test]
    fn what_is_written_is_what_is_read(
        word in "[a-z]{1,20}",
        nonce: [u8; 16],
        picture in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..65_536)),
    ) {
        let mut statement = profile(2).statement;
        statement.picture = picture;
        let secret = device(2);
        let role = Role { word: RoleWord::new(&word).unwrap(), mapped: None };
        let profile = Profile::sign(statement, &secret);
        let newcomer = Newcomer { role, profile, ..newcomer(&secret) };
        let nonce = Nonce::from_bytes(nonce);
        let request = JoinRequest::join(&Ticket { nonce, ..ticket(None) }, newcomer).unwrap();
        prop_assert_eq!(JoinRequest::parse(&request.to_bytes()), Ok(request));
    }
}

#[test]
fn each_kind_is_read_back_and_told_apart() {
    let kinds = [RequestKind::Found, RequestKind::Join, RequestKind::Device];
    for (request, kind) in [found(), join(), further()].iter().zip(kinds) {
        assert_eq!(JoinRequest::parse(&request.to_bytes()).as_ref(), Ok(request));
        for wanted in kinds {
            let refused = Err(RequestError::WrongKind { found: kind, wanted });
            assert_eq!(request.require(wanted), if kind == wanted { Ok(()) } else { refused });
        }
    }
}

#[test]
fn every_flipped_bit_is_told_as_what_it_is() {
    for good in [found().to_bytes(), join().to_bytes(), further().to_bytes()] {
        for at in 0..good.len() {
            for bit in 0..8 {
                let mut bytes = good.clone();
                bytes[at] ^= 1 << bit;
                let right = match at {
                    ..VERSION_AT => RequestError::NotARequest,
                    VERSION_AT if bytes[at] > FORM.version => {
                        RequestError::NewerVersion { found: bytes[at] }
                    }
                    _ => RequestError::Altered,
                };
                assert_eq!(JoinRequest::parse(&bytes), Err(right), "byte {at}, bit {bit}");
            }
        }
    }
}

#[test]
fn a_cut_file_is_told_as_cut_and_a_longer_one_as_altered() {
    let good = join().to_bytes();
    for len in 0..good.len() {
        assert_eq!(JoinRequest::parse(&good[..len]), Err(RequestError::Truncated), "{len} bytes");
    }
    let more = [good.as_slice(), b"\n"].concat();
    assert_eq!(JoinRequest::parse(&more), Err(RequestError::Altered));
    let newer = [&good[..VERSION_AT], &[7], b"anything"].concat();
    assert_eq!(JoinRequest::parse(&newer), Err(RequestError::NewerVersion { found: 7 }));
    let other = FORM.write(b"\x00").0;
    assert_eq!(JoinRequest::parse(&other), Err(RequestError::Malformed));
    let large = FORM.write(&vec![0; limits::REQUEST_BYTES + 1]).0;
    assert_eq!(JoinRequest::parse(&large), Err(RequestError::TooLarge));
}

/// The outer checksum is not keyed, so a forger writes it right: the signatures must tell.
#[test]
fn a_rewritten_request_is_refused_for_what_was_rewritten() {
    let other_role = Role { word: RoleWord::new("boss").unwrap(), mapped: None };
    for mut request in [found(), join()] {
        let (JoinRequest::Found { role, .. } | JoinRequest::Join { role, .. }) = &mut request
        else {
            panic!()
        };
        *role = other_role.clone();
        let refused = JoinRequest::parse(&request.to_bytes());
        assert_eq!(refused, Err(RequestError::Consent(copact_core::keys::KeyError::Forged)));
    }
    let forged = |change: &dyn Fn(&mut GroupId, &mut NewDevice, &mut Profile)| {
        let mut request = join();
        if let JoinRequest::Join { group, device, profile, .. } = &mut request {
            change(group, device, profile);
        }
        JoinRequest::parse(&request.to_bytes()).unwrap_err()
    };
    let consent = |error| matches!(error, RequestError::Consent(_));
    assert!(consent(forged(&|to, _, _| *to = group(9))));
    assert!(consent(forged(&|_, new, _| new.nonce = Nonce::from_bytes([0; 16]))));
    assert!(consent(forged(&|_, new, _| new.box_key = box_key(9))));
    assert!(consent(forged(&|_, new, _| new.device = device(9).public())));
    assert_eq!(forged(&|_, _, theirs| *theirs = profile(9)), RequestError::ForeignProfile);
    let error = forged(&|_, _, profile| profile.statement.name = name("Eve"));
    assert!(matches!(error, RequestError::Profile(_)));
    let about = forged(&|_, _, profile| {
        profile.statement.about = Some(member());
        *profile = Profile::sign(profile.statement.clone(), &device(2));
    });
    assert_eq!(about, RequestError::ForeignProfile);
}

#[test]
fn a_device_that_bundles_cannot_be_sealed_to_is_refused() {
    let secret = device(2);
    let weak = Newcomer { box_key: BoxKey::from_bytes([0; 32]), ..newcomer(&secret) };
    assert_eq!(JoinRequest::join(&ticket(None), weak), Err(RequestError::WeakBoxKey));
}

#[test]
fn a_request_answers_the_one_invite_that_it_was_made_from() {
    let given = ticket(None);
    assert_eq!(join().answers(&given), Ok(()));
    assert!(join().verify_secret(&given.secret) && !join().verify_secret(&[4; 16]));
    let others = [
        Ticket { secret: [4; 16], ..given.clone() },
        Ticket { nonce: Nonce::from_bytes([9; 16]), ..given.clone() },
        Ticket { group: group(2), ..given.clone() },
    ];
    for other in others {
        assert_eq!(join().answers(&other), Err(RequestError::OtherInvite));
    }
    assert!(matches!(join().answers(&ticket(Some(member()))), Err(RequestError::WrongKind { .. })));
    assert!(matches!(found().answers(&given), Err(RequestError::WrongKind { .. })));
    assert!(!found().verify_secret(&given.secret));

    let for_me = ticket(Some(member()));
    assert_eq!(further().answers(&for_me), Ok(()));
    let for_other = ticket(Some(MemberId::from_bytes([7; 32])));
    assert_eq!(further().answers(&for_other), Err(RequestError::OtherInvite));
    let wrong = JoinRequest::join(&for_me, newcomer(&device(2)));
    assert_eq!(wrong, Err(RequestError::WrongTicket(RequestKind::Device)));
    let wrong = JoinRequest::device(&given, &device(2), box_key(2));
    assert_eq!(wrong, Err(RequestError::WrongTicket(RequestKind::Join)));
}

/// The proof covers what no signature does: that this profile goes with this acceptance.
#[test]
fn the_proof_covers_every_part() {
    let mut renamed = join();
    if let JoinRequest::Join { profile, .. } = &mut renamed {
        profile.statement.name = name("Eve");
        *profile = Profile::sign(profile.statement.clone(), &device(2));
    }
    let renamed = JoinRequest::parse(&renamed.to_bytes()).unwrap();
    assert!(!renamed.verify_secret(&ticket(None).secret));
    let mut unproven = further();
    if let JoinRequest::Device { proof, .. } = &mut unproven {
        proof.0[0] ^= 1;
    }
    assert!(!unproven.verify_secret(&ticket(None).secret));
}

#[test]
fn the_consent_is_the_one_that_the_admission_needs() {
    let JoinRequest::Join { group, device, role, .. } = join() else { panic!() };
    let admit = Act::Admit { device, role };
    assert_eq!(admit.check(Some(group)), Ok(()));
    assert!(admit.check(Some(crate::fixtures::group(2))).is_err());
}

#[test]
fn every_part_shows_in_the_phrase() {
    let mut phrases = vec![found().phrase(), join().phrase(), further().phrase()];
    let other = Ticket { secret: [4; 16], ..ticket(None) };
    phrases.push(JoinRequest::join(&other, newcomer(&device(2))).unwrap().phrase());
    let nonce = Nonce::from_bytes([5; 16]);
    let named = JoinRequest::found(name("Garden"), newcomer(&device(2)), nonce).unwrap();
    phrases.push(named.phrase());
    for phrase in &phrases {
        assert_eq!(phrases.iter().filter(|other| *other == phrase).count(), 1, "{phrase}");
    }
    let read = JoinRequest::parse(&join().to_bytes()).unwrap();
    assert_eq!(read.phrase(), join().phrase());
}

#[test]
fn sentences_say_what_to_do() {
    let kinds = [RequestKind::Found, RequestKind::Join, RequestKind::Device];
    for found in kinds {
        for wanted in kinds.into_iter().filter(|&wanted| wanted != found) {
            let sentence = RequestError::WrongKind { found, wanted }.to_string();
            let begin = format!("this is a request {found}, but one {wanted} is needed here; ");
            assert!(sentence.starts_with(&begin) && sentence.contains("copact "), "{sentence}");
        }
    }
}
