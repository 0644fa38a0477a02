//! Joining by an invite.

use copact_core::ids::{EnvelopeId, Nonce};
use copact_net::{Address, Event, Link, OpenInvite};

use crate::world::{Device, Heard, group, memberships, moved};

const KEY: [u8; 32] = [77; 32];

fn nonce() -> Nonce {
    Nonce::from_slice(&[5; 64][..size_of::<Nonce>()]).unwrap()
}

fn invite(tried: bool) -> OpenInvite {
    OpenInvite { group: group(7), nonce: nonce(), endpoint: [88; 32], key: KEY, tried }
}

fn wait_asks(heard: &Heard) -> (Link, Vec<u8>, String) {
    heard.wait("a newcomer", |events| {
        events.iter().find_map(|event| match event {
            Event::Asks { pairing, nonce: by, request, code } if *by == nonce() => {
                Some((*pairing, request.clone(), code.clone()))
            }
            _ => None,
        })
    })
}

fn wait_code(heard: &Heard) -> String {
    heard.wait("a code", |events| {
        events.iter().find_map(|event| match event {
            Event::Code { code } => Some(code.clone()),
            _ => None,
        })
    })
}

fn wait_answered(heard: &Heard) -> Result<EnvelopeId, String> {
    heard.wait("an answer", |events| {
        events.iter().find_map(|event| match event {
            Event::Answered { admitted } => Some(admitted.clone()),
            _ => None,
        })
    })
}

fn opened() -> (Device, Address) {
    let ana = Device::new(1, &[7]);
    let at = ana.net.open_invite(invite(false)).unwrap();
    assert_ne!(at.endpoint, ana.net.address().endpoint, "an endpoint of its own");
    (ana, at)
}

#[test]
fn a_newcomer_sees_the_same_code_is_admitted_and_then_a_peer() {
    let (ana, at) = opened();
    let ben = Device::new(2, &[]);
    ben.net.ask(at.clone(), KEY, b"let me in".to_vec());
    let (pairing, request, code) = wait_asks(&ana.heard);
    assert_eq!(request, b"let me in");
    assert_eq!(wait_code(&ben.heard), code);
    let admitted = EnvelopeId::from_bytes([6; 32]);
    ana.net.answer_pairing(pairing, Ok(admitted));
    assert_eq!(wait_answered(&ben.heard), Ok(admitted));
    // Through the only address that the newcomer knows.
    ben.net.set_groups(memberships(2, &[7]));
    ben.net.dial(at);
    ana.heard.wait_opened(group(7));
    ben.heard.wait_opened(group(7));
}

#[test]
fn a_newcomer_who_is_refused_hears_why() {
    let (ana, at) = opened();
    let ben = Device::new(2, &[]);
    ben.net.ask(at, KEY, b"let me in".to_vec());
    let (pairing, ..) = wait_asks(&ana.heard);
    ana.net.answer_pairing(pairing, Err("we do not know you".into()));
    assert_eq!(wait_answered(&ben.heard), Err("we do not know you".into()));
}

#[test]
fn an_invite_is_good_for_one_try() {
    let (ana, at) = opened();
    let (ben, eva) = (Device::new(2, &[]), Device::new(3, &[]));
    ben.net.ask(at.clone(), KEY, b"ben".to_vec());
    let (pairing, ..) = wait_asks(&ana.heard);
    assert!(
        ana.heard.so_far().iter().any(|e| matches!(e, Event::Tried { nonce: n } if *n == nonce()))
    );
    eva.net.ask(at, KEY, b"eva".to_vec());
    let why = wait_answered(&eva.heard).unwrap_err();
    assert!(why.contains("was tried already"), "{why}");
    // The first one is not disturbed.
    ana.net.answer_pairing(pairing, Ok(EnvelopeId::from_bytes([6; 32])));
    assert!(wait_answered(&ben.heard).is_ok());
}

#[test]
fn an_invite_that_was_tried_before_this_start_is_not_good_again() {
    let ana = Device::new(1, &[7]);
    let at = ana.net.open_invite(invite(true)).unwrap();
    let ben = Device::new(2, &[]);
    ben.net.ask(at, KEY, b"ben".to_vec());
    let why = wait_answered(&ben.heard).unwrap_err();
    assert!(why.contains("was tried already"), "{why}");
}

#[test]
fn who_does_not_have_the_ticket_does_not_use_the_invite_up() {
    let (ana, at) = opened();
    let (eva, ben) = (Device::new(3, &[]), Device::new(2, &[]));
    eva.net.ask(at.clone(), [1; 32], b"eva".to_vec());
    let why = wait_answered(&eva.heard).unwrap_err();
    assert!(why.contains("does not take this ticket"), "{why}");
    ana.heard.wait_note("without having its ticket");
    ben.net.ask(at, KEY, b"ben".to_vec());
    assert_eq!(wait_asks(&ana.heard).1, b"ben");
}

#[test]
fn an_inviter_hears_when_the_newcomer_gives_up() {
    let (ana, at) = opened();
    let ben = Device::new(2, &[]);
    ben.net.ask(at, KEY, b"ben".to_vec());
    let (asked, ..) = wait_asks(&ana.heard);
    drop(ben);
    ana.heard.wait("the end of a pairing", |events| {
        let gone =
            |event: &Event| matches!(event, Event::AskedNoMore { pairing } if *pairing == asked);
        events.iter().any(gone).then_some(())
    });
}

#[test]
fn a_newcomer_hears_when_nobody_answers() {
    let mut settings = crate::world::settings(1);
    settings.bounds.answer = std::time::Duration::from_millis(300);
    let ana = Device::with(settings, memberships(1, &[7]));
    let at = ana.net.open_invite(invite(false)).unwrap();
    let ben = Device::new(2, &[]);
    ben.net.ask(at, KEY, b"ben".to_vec());
    let why = wait_answered(&ben.heard).unwrap_err();
    assert!(why.contains("nobody answered"), "{why}");
}

#[test]
fn a_closed_invite_answers_nobody_and_the_day_s_endpoint_does_not_pair() {
    let (ana, at) = opened();
    ana.net.close_invite(nonce());
    let (ben, eva) = (Device::new(2, &[]), Device::new(3, &[]));
    ben.net.ask(at.clone(), KEY, b"ben".to_vec());
    let why = wait_answered(&ben.heard).unwrap_err();
    assert!(why.contains("nobody answers at"), "{why}");
    let day = ana.net.address();
    eva.net.ask(moved(&day, &day.at), KEY, b"eva".to_vec());
    let why = wait_answered(&eva.heard).unwrap_err();
    assert!(why.contains("refused"), "{why}");
}
