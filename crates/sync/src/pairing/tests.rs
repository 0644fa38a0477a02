#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod between;

use copact_core::ids::{EnvelopeId, Nonce};
use proptest::prelude::*;

use super::code::Transcript;
use super::message::{Message, Open};
use super::*;
use crate::fixtures::{box_key, device, group, name, profile, role};
use crate::request::{JoinRequest, Newcomer as Person};
use crate::ticket::Ticket;

const EXPORTER: [u8; 32] = [0xE1; 32];
const TICKET: [u8; 32] = [0x71; 32];
const REQUEST: &[u8] = b"what a newcomer asks";

/// The newcomer's and the inviter's nonce.
const NONCES: [[u8; 32]; 2] = [[0xA1; 32], [0xB2; 32]];

/// The four messages of a pairing, both codes and the verdict.
#[derive(Debug)]
struct Run {
    messages: [Vec<u8>; 4],
    codes: [ShortCode; 2],
    request: Vec<u8>,
    verdict: Result<Verdict, PairingError>,
}

fn admitted() -> Verdict {
    Verdict::Admitted(EnvelopeId::from_bytes([5; 32]))
}

/// A pairing; `alter` may change each message on its way.
fn run_altered(
    request: &[u8],
    alter: impl Fn(usize, Vec<u8>) -> Vec<u8>,
) -> Result<Run, PairingError> {
    let [mine, theirs] = NONCES;
    let (newcomer, commit) = Newcomer::commit(EXPORTER, &TICKET, mine, request.to_vec())?;
    let inviter = Inviter::new(EXPORTER, &TICKET);
    let (inviter, nonce) = inviter.tried(&alter(0, commit.clone()), theirs)?;
    let (newcomer, open) = newcomer.open(&alter(1, nonce.clone()))?;
    let asked = inviter.opened(&alter(2, open.clone()))?;
    let codes = [newcomer.code(), asked.code()];
    let request = asked.request().to_vec();
    let last = asked.answer(&admitted());
    let verdict = newcomer.verdict(&alter(3, last.clone()));
    Ok(Run { messages: [commit, nonce, open, last], codes, request, verdict })
}

fn honest() -> Run {
    run_altered(REQUEST, |_, message| message).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Fails when honest people do not see the same code, or the request or verdict is not theirs.
    #[test]
    fn honest_people_see_one_code_of_six_digits(
        exporter: [u8; 32],
        ticket: [u8; 32],
        nonces: [[u8; 32]; 2],
        request in proptest::collection::vec(any::<u8>(), 0..3_000),
        sentence: String,
        admits: bool,
    ) {
        let (newcomer, commit) =
            Newcomer::commit(exporter, &ticket, nonces[0], request.clone()).unwrap();
        let inviter = Inviter::new(exporter, &ticket);
        let (inviter, nonce) = inviter.tried(&commit, nonces[1]).unwrap();
        let (newcomer, open) = newcomer.open(&nonce).unwrap();
        let asked = inviter.opened(&open).unwrap();
        prop_assert_eq!(asked.code(), newcomer.code());
        prop_assert_eq!(asked.request(), &request);
        let shown = newcomer.code().to_string();
        let digits: Vec<_> = shown.split(' ').collect();
        prop_assert!(digits.iter().all(|d| d.len() == 3 && d.bytes().all(|c| c.is_ascii_digit())));
        prop_assert_eq!(digits.len(), 2);
        let verdict =
            if admits { admitted() } else { Verdict::Refused(Refusal::new(&sentence)) };
        let last = asked.answer(&verdict);
        prop_assert!(last.len() <= limits::VERDICT_BYTES);
        prop_assert_eq!(newcomer.verdict(&last), Ok(verdict));
    }

    /// Fails when a refusal can be said that cannot be read, or that could deceive.
    #[test]
    fn any_text_becomes_a_sentence_that_fits(text: String, many in 0_usize..200) {
        let refusal = Refusal::new(&text.repeat(many));
        let said = refusal.as_str();
        prop_assert!(said.len() <= limits::REFUSAL_BYTES && !said.is_empty());
        let deceives = |c: char| c.is_control() || c == '\u{202E}';
        prop_assert!(!said.contains(deceives));
    }
}

#[test]
fn a_newcomer_with_the_ticket_asks_and_is_answered() {
    let ticket = Ticket {
        group: group(1),
        nonce: Nonce::from_bytes([1; 16]),
        secret: [0xC4; 16],
        inviter: device(1).public(),
        expires: 1_780_000_000,
        group_name: Some(name("Kitchen")),
        member: None,
        extensions: vec![],
    };
    let secret = device(2);
    let person = Person { secret: &secret, box_key: box_key(2), role: role(), profile: profile(2) };
    let request = JoinRequest::join(&ticket, person).unwrap();

    let read = Ticket::parse(&ticket.text().unwrap()).unwrap();
    let (newcomer, commit) =
        Newcomer::commit(EXPORTER, &read.pairing_key(), NONCES[0], request.to_bytes()).unwrap();
    let inviter = Inviter::new(EXPORTER, &ticket.pairing_key());
    let (inviter, nonce) = inviter.tried(&commit, NONCES[1]).unwrap();
    let (newcomer, open) = newcomer.open(&nonce).unwrap();
    let asked = inviter.opened(&open).unwrap();
    let parsed = JoinRequest::parse(asked.request()).unwrap();
    assert_eq!(parsed.answers(&ticket), Ok(()));
    assert_eq!(asked.code(), newcomer.code());

    // The key is this ticket's, and does not show its secret.
    let others = [
        Ticket { secret: [0xC5; 16], ..ticket.clone() },
        Ticket { nonce: Nonce::from_bytes([2; 16]), ..ticket.clone() },
        Ticket { group: group(2), ..ticket.clone() },
    ];
    for other in others {
        let inviter = Inviter::new(EXPORTER, &other.pairing_key());
        assert_eq!(inviter.tried(&commit, NONCES[1]).unwrap_err(), PairingError::NoTicket);
    }
}

#[test]
fn every_cut_of_every_message_is_refused() {
    let whole = honest();
    for place in 0..4 {
        for len in 0..whole.messages[place].len() {
            let cut = |at, mut message: Vec<u8>| {
                message.truncate(if at == place { len } else { usize::MAX });
                message
            };
            let refused = run_altered(REQUEST, cut).and_then(|run| run.verdict).unwrap_err();
            assert!(matches!(refused, PairingError::Codec(_)), "{place} {len}: {refused}");
        }
    }
}

/// Fails when an altered message ends in two equal codes over anything else than what was sent.
#[test]
fn every_flipped_bit_is_refused_or_seen_in_the_codes() {
    let whole = honest();
    for place in 0..4 {
        for bit in 0..whole.messages[place].len() * 8 {
            let flip = |at, mut message: Vec<u8>| {
                if at == place {
                    message[bit / 8] ^= 1 << (bit % 8);
                }
                message
            };
            match (place, run_altered(REQUEST, flip)) {
                (0, Err(PairingError::NoTicket | PairingError::Codec(_)))
                | (1 | 2, Err(PairingError::Codec(_)))
                | (2, Err(PairingError::Changed)) => {}
                (0..=2, Err(PairingError::OutOfPlace { .. })) => {}
                (1, Ok(run)) => assert_ne!(run.codes[0], run.codes[1], "bit {bit}"),
                // Whom it names is the inviter's to say; TLS keeps it as it is.
                (3, Ok(run)) => assert_ne!(run.verdict, Ok(admitted())),
                (_, run) => panic!("{place} bit {bit}: {run:?}"),
            }
        }
    }
}

#[test]
fn messages_of_another_step_are_told() {
    let messages = honest().messages;
    for place in 0..4 {
        for came in (0..4).filter(|came| *came != place) {
            let swap = |at: usize, message: Vec<u8>| {
                if at == place { messages[came].clone() } else { message }
            };
            let refused = run_altered(REQUEST, swap).and_then(|run| run.verdict).unwrap_err();
            let told = refused.to_string();
            match refused {
                PairingError::OutOfPlace { .. } => assert!(told.contains(" where its "), "{told}"),
                // Too long to be the one that belongs there.
                PairingError::Codec(CodecError::TooLong { .. }) => assert_eq!(place, 1),
                refused => panic!("{came} in place of {place}: {refused}"),
            }
        }
    }
}

#[test]
fn nothing_is_heard_between_request_and_verdict() {
    let messages = honest().messages;
    let found = ["commitment", "nonce", "join request", "verdict"];
    for (message, found) in messages.iter().zip(found) {
        let (_, commit) = Newcomer::commit(EXPORTER, &TICKET, NONCES[0], REQUEST.to_vec()).unwrap();
        let (tried, _) = Inviter::new(EXPORTER, &TICKET).tried(&commit, NONCES[1]).unwrap();
        let asked = tried.opened(&messages[2]).unwrap();
        let told = asked.unexpected(message);
        let wanted = "after its join request, while it waits";
        assert_eq!(told, PairingError::OutOfPlace { found, wanted });
    }
    let tried = || {
        let commit = &messages[0];
        Inviter::new(EXPORTER, &TICKET).tried(commit, NONCES[1]).unwrap().0
    };
    let asked = tried().opened(&messages[2]).unwrap();
    assert!(matches!(asked.unexpected(b"garbage"), PairingError::Codec(_)));
}

#[test]
fn the_largest_messages_are_within_their_limits_and_larger_ones_are_refused() {
    let largest = vec![7; limits::REQUEST_FILE_BYTES];
    let run = run_altered(&largest, |_, message| message).unwrap();
    let most = [limits::COMMIT_BYTES, limits::NONCE_BYTES, limits::OPEN_BYTES];
    for (message, most) in run.messages.iter().zip(most) {
        assert!(message.len() <= most && message.len() + 30 > most, "{} of {most}", message.len());
    }
    assert_eq!(run.request, largest);

    let larger = vec![7; limits::REQUEST_FILE_BYTES + 1];
    let refused = Newcomer::commit(EXPORTER, &TICKET, NONCES[0], larger.clone()).unwrap_err();
    assert_eq!(refused, PairingError::TooLarge);
    for request in [larger, vec![7; 2 * limits::REQUEST_FILE_BYTES]] {
        let swell = |at, message: Vec<u8>| match at {
            2 => Message::Open(Open { nonce: NONCES[0], request: request.clone() }).write(),
            _ => message,
        };
        assert_eq!(run_altered(REQUEST, swell).unwrap_err(), PairingError::TooLarge);
    }
}

#[test]
fn a_refusal_is_one_line_of_text_that_deceives_nobody() {
    assert_eq!(Refusal::new(" not\nyet,\t sorry ").as_str(), "not yet, sorry");
    assert_eq!(Refusal::new(&"é".repeat(200)).as_str(), "é".repeat(150));
    // Each of these takes more bytes once it is normalised.
    assert_eq!(Refusal::new(&"\u{1D160}".repeat(200)).as_str().chars().count(), 75);
    for unsaid in ["", " \n", "a\u{202E}b"] {
        assert!(Refusal::new(unsaid).as_str().contains("did not accept"));
    }
    let honest = Message::Verdict(Verdict::Refused(Refusal::new("no"))).write();
    for bad in ["", "a\nb", " a", "a\u{202E}b", "e\u{301}", &"a".repeat(301)] {
        let verdict = [&honest[..honest.len() - 3], &copact_core::codec::encode(&bad)].concat();
        let code = || {
            let mine = Newcomer::commit(EXPORTER, &TICKET, NONCES[0], REQUEST.to_vec()).unwrap().0;
            mine.open(&self::honest().messages[1]).unwrap().0
        };
        assert!(code().verdict(&verdict).is_err(), "{bad:?}");
        assert!(code().verdict(&honest).is_ok());
    }
}
