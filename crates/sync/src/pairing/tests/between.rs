//! Somebody between the newcomer and the inviter, who has a copy of the ticket.

use std::collections::BTreeSet;

use super::*;

/// The two connections of somebody in between: with the newcomer, and with the inviter.
const WITH_NEWCOMER: [u8; 32] = [1; 32];
const WITH_INVITER: [u8; 32] = [2; 32];

fn commit_of(message: &[u8]) -> message::Commit {
    match Message::read(message, limits::COMMIT_BYTES).unwrap() {
        Message::Commit(commit) => commit,
        other => panic!("{other:?}"),
    }
}

/// Fails when the code does not cover the connection: who passes on every value would be unseen.
#[test]
fn who_passes_everything_on_is_seen_because_the_connections_differ() {
    for seed in 0..200 {
        let nonces = [[seed; 32], [seed ^ 0xFF; 32]];
        let (newcomer, commit) =
            Newcomer::commit(WITH_NEWCOMER, &TICKET, nonces[0], REQUEST.to_vec()).unwrap();
        // The commitment as it is shows no ticket on the other connection; with it, it is taken.
        let inviter = Inviter::new(WITH_INVITER, &TICKET);
        assert_eq!(inviter.tried(&commit, nonces[1]).unwrap_err(), PairingError::NoTicket);
        let (_, passed_on) =
            Newcomer::commit(WITH_INVITER, &TICKET, nonces[0], REQUEST.to_vec()).unwrap();
        assert_eq!(commit_of(&commit).commit, commit_of(&passed_on).commit);
        let inviter = Inviter::new(WITH_INVITER, &TICKET);
        let (inviter, nonce) = inviter.tried(&passed_on, nonces[1]).unwrap();
        let (newcomer, open) = newcomer.open(&nonce).unwrap();
        let asked = inviter.opened(&open).unwrap();
        assert_ne!(asked.code(), newcomer.code(), "{seed}");
    }
}

/// Fails when something can be chosen after the inviter's nonce is known: then a million tries, all
/// offline, would find the code that the newcomer sees.
#[test]
fn after_the_commitment_nothing_else_can_be_opened() {
    let (_, commit) = Newcomer::commit(EXPORTER, &TICKET, NONCES[0], REQUEST.to_vec()).unwrap();
    let tried = || Inviter::new(EXPORTER, &TICKET).tried(&commit, NONCES[1]).unwrap().0;
    let mut codes = BTreeSet::new();
    for choice in 0..1_000_u32 {
        let mut nonce = NONCES[0];
        nonce[..4].copy_from_slice(&choice.to_be_bytes());
        let request = [REQUEST, &choice.to_be_bytes()].concat();
        let others = [
            Open { nonce, request: REQUEST.to_vec() },
            Open { nonce: NONCES[0], request: request.clone() },
            // The same bytes, divided elsewhere between nonce and request.
            Open { nonce, request },
        ];
        for open in others {
            let opened = tried().opened(&Message::Open(open).write());
            assert_eq!(opened.unwrap_err(), PairingError::Changed);
        }
        let open = Open { nonce: NONCES[0], request: REQUEST.to_vec() };
        let asked = tried().opened(&Message::Open(open).write()).unwrap();
        codes.insert(asked.code().to_string());
    }
    assert_eq!(codes.len(), 1);
}

/// Fails when the commitment tells what it hides: the request of the newcomer is known to who has
/// seen it once, so the nonce must keep the code from being computed before it is fixed.
#[test]
fn a_commitment_says_nothing_about_its_request() {
    let mut seen = BTreeSet::new();
    for nonce in 0..=255 {
        let (_, commit) =
            Newcomer::commit(EXPORTER, &TICKET, [nonce; 32], REQUEST.to_vec()).unwrap();
        assert!(!commit.windows(8).any(|part| part == [nonce; 8]));
        assert!(seen.insert(commit_of(&commit).commit));
    }
}

/// Fails when one of the values is not in the code, so that somebody could choose it freely.
#[test]
fn every_value_is_in_the_code() {
    let code = |values: [[u8; 32]; 5]| {
        let [exporter, commit, newcomer, inviter, request] = &values;
        Transcript { exporter, commit, newcomer, inviter, request }.code()
    };
    let honest = [[1; 32], [2; 32], [3; 32], [4; 32], [5; 32]];
    let mut codes = BTreeSet::from([code(honest).to_string()]);
    for place in 0..5 {
        for bit in 0..256 {
            let mut values = honest;
            values[place][bit / 8] ^= 1 << (bit % 8);
            codes.insert(code(values).to_string());
        }
        let mut swapped = honest;
        swapped.swap(place, (place + 1) % 5);
        codes.insert(code(swapped).to_string());
    }
    // Of 1 286 draws from a million, about one is drawn twice by chance.
    assert!(codes.len() > 1_280, "{} different codes", codes.len());
    // Every place has every digit: nothing is lost in writing it.
    for place in [0, 1, 2, 4, 5, 6] {
        let digits: BTreeSet<_> = codes.iter().map(|code| code.as_bytes()[place]).collect();
        assert_eq!(digits.len(), 10);
    }
}

/// Fails when what was recorded of one pairing is worth something in another.
#[test]
fn a_recorded_pairing_cannot_be_replayed() {
    let recorded = honest();
    // Another connection, same invite: the commitment shows no ticket there.
    let inviter = Inviter::new([0xE2; 32], &TICKET);
    let refused = inviter.tried(&recorded.messages[0], NONCES[1]).unwrap_err();
    assert_eq!(refused, PairingError::NoTicket);
    // Who has the ticket commits anew, but then has to open just that; and with another nonce of
    // the inviter's the code is another, even where all else is the same.
    let commit = |nonce| Newcomer::commit(EXPORTER, &TICKET, nonce, REQUEST.to_vec()).unwrap().1;
    let (tried, _) = Inviter::new(EXPORTER, &TICKET).tried(&commit([9; 32]), NONCES[1]).unwrap();
    assert_eq!(tried.opened(&recorded.messages[2]).unwrap_err(), PairingError::Changed);
    let (tried, _) = Inviter::new(EXPORTER, &TICKET).tried(&recorded.messages[0], [8; 32]).unwrap();
    let asked = tried.opened(&recorded.messages[2]).unwrap();
    assert_ne!(asked.code(), recorded.codes[0]);
}
