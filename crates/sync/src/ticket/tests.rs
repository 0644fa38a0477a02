#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

mod reaching;

use proptest::prelude::*;

use super::*;
use crate::fixtures::{device, group, name};

fn ticket() -> Ticket {
    Ticket {
        group: group(1),
        nonce: Nonce::from_bytes([1; 16]),
        secret: [0xC4; 16],
        inviter: device(1).public(),
        expires: 1_780_000_000,
        group_name: Some(name("Küche")),
        member: None,
        extensions: vec![],
    }
}

/// The text of a ticket of some version with some record.
fn written(version: u8, record: &[u8]) -> String {
    let [high, low] = u16::try_from(record.len()).unwrap().to_be_bytes();
    let mut bytes = vec![version, high, low];
    bytes.extend(head_check(&bytes));
    bytes.extend(record);
    bytes.extend(checksum(&bytes));
    format!("{PREFIX}{}", BASE32_NOPAD.encode(&bytes))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Fails when a field is lost, or white space or letter case is not forgiven.
    #[test]
    fn a_ticket_survives_chat_programs_and_line_breaks(
        secret: [u8; 16],
        expires: i64,
        title in proptest::option::of("[a-zäöü]{1,60}"),
        member: Option<[u8; 32]>,
        fields in proptest::collection::vec((2..u16::MAX, any::<[u8; 20]>()), 0..8),
        breaks in proptest::collection::vec((0..400_usize, "[ \t\r\n\u{200B}\u{A0}]{1,3}"), 0..9),
        lower: bool,
    ) {
        let extensions =
            fields.iter().map(|&(kind, bytes)| Extension { kind, bytes: bytes.to_vec() });
        let given = Ticket {
            secret,
            expires,
            group_name: title.map(|title| name(&title)),
            member: member.map(MemberId::from_bytes),
            extensions: extensions.collect(),
            ..ticket()
        };
        let mut text = given.text().unwrap();
        for (at, blank) in breaks {
            let at = at.min(text.len());
            if text.is_char_boundary(at) {
                text.insert_str(at, &blank);
            }
        }
        text = if lower { text.to_lowercase() } else { text.to_uppercase() };
        prop_assert_eq!(Ticket::parse(&text), Ok(given));
    }

    /// Fails when some text makes the reader panic.
    #[test]
    fn no_text_makes_the_reader_panic(text: String, body in "[A-Z2-7]{0,80}") {
        prop_assert!(Ticket::parse(&text).is_err());
        let text = format!("{PREFIX}{text}");
        prop_assert!(Ticket::parse(&text).is_err());
        let text = format!("{PREFIX}{body}");
        prop_assert!(Ticket::parse(&text).is_err());
    }
}

#[test]
fn the_body_is_upper_case_letters_and_digits() {
    let text = ticket().text().unwrap();
    let body = text.strip_prefix("copact:join/").unwrap();
    assert!(body.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()));
    assert!(body.len() < 250, "{} characters are too many for a QR code", body.len());
}

#[test]
fn every_wrong_character_is_a_typing_mistake() {
    let text = ticket().text().unwrap();
    for at in 0..text.len() {
        for c in (b'!'..=b'~').map(char::from).chain(['é', '０']) {
            if text[at..].starts_with(c.to_ascii_lowercase())
                || text[at..].starts_with(c.to_ascii_uppercase())
            {
                continue;
            }
            let wrong = format!("{}{c}{}", &text[..at], &text[at + 1..]);
            let told = if at < PREFIX.len() { TicketError::NotATicket } else { TicketError::Typo };
            assert_eq!(Ticket::parse(&wrong), Err(told), "{c} at {at}");
        }
    }
}

#[test]
fn swapped_and_doubled_characters_are_typing_mistakes() {
    let text = ticket().text().unwrap();
    for at in PREFIX.len()..text.len() - 1 {
        let doubled = format!("{}{}", &text[..=at], &text[at..]);
        assert_eq!(Ticket::parse(&doubled), Err(TicketError::Typo), "doubled at {at}");
        let (a, b) = (&text[at..=at], &text[at + 1..at + 2]);
        let swapped = format!("{}{b}{a}{}", &text[..at], &text[at + 2..]);
        if a != b {
            assert_eq!(Ticket::parse(&swapped), Err(TicketError::Typo), "swapped at {at}");
        }
    }
}

#[test]
fn a_cut_ticket_is_told_as_cut() {
    let text = ticket().text().unwrap();
    for len in 0..text.len() {
        let told =
            if len < "copact:".len() { TicketError::NotATicket } else { TicketError::Truncated };
        assert_eq!(Ticket::parse(&text[..len]), Err(told), "{len} characters");
    }
}

#[test]
fn a_newer_version_is_recognised_unless_it_is_a_typing_mistake() {
    let newer = written(2, b"who knows what");
    assert_eq!(Ticket::parse(&newer), Err(TicketError::NewerVersion { found: 2 }));
    let typo = newer.replace(&newer[30..31], if &newer[30..31] == "A" { "B" } else { "A" });
    assert_eq!(Ticket::parse(&typo), Err(TicketError::Typo));
    assert_eq!(Ticket::parse(&written(0, b"")), Err(TicketError::Malformed));
}

#[test]
fn other_texts_are_no_tickets() {
    for text in ["", "hello", "copact", "https://example.org/copact:join/AAAA"] {
        assert_eq!(Ticket::parse(text), Err(TicketError::NotATicket), "{text}");
    }
    let long = format!("{PREFIX}{}", "A".repeat(20_000));
    assert_eq!(Ticket::parse(&long), Err(TicketError::NotATicket));
    assert_eq!(Ticket::parse(&written(1, b"\x80")), Err(TicketError::Malformed));
}

#[test]
fn extensions_have_room_and_no_more() {
    let with = |count, bytes| Ticket {
        extensions: vec![Extension { kind: 7, bytes: vec![0; bytes] }; count],
        ..ticket()
    };
    for fits in [with(3, 256), with(16, 20)] {
        assert_eq!(Ticket::parse(&fits.text().unwrap()), Ok(fits));
    }
    for large in [with(1, 257), with(17, 1), with(5, 250)] {
        assert_eq!(large.text(), Err(TicketError::TooLong));
        assert!(Ticket::parse(&written(1, &codec::encode(&large))).is_err());
    }
}

#[test]
fn a_ticket_expires_at_its_moment_and_shows_no_secret() {
    let ticket = ticket();
    assert!(!ticket.expired(ticket.expires - 1));
    assert!(ticket.expired(ticket.expires));
    let printed = format!("{ticket:?}");
    assert!(!printed.contains("196") && !printed.to_lowercase().contains("c4, "));
    assert!(printed.contains("Küche"));
}
