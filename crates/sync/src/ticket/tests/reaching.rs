//! Where an invite is answered.

use core::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use copact_core::ids::Salt;
use qrcode::{EcLevel, QrCode, Version};

use super::*;
use crate::fixtures::founding;
use crate::greeting::discovery_key;

fn reach(at: Vec<SocketAddr>) -> Reach {
    Reach { salt: founding(1).wire().salt, endpoint: [0xE1; 32], at }
}

/// The two addresses of a phone at home.
fn home() -> Vec<SocketAddr> {
    vec!["192.168.178.23:49152".parse().unwrap(), "[2001:db8::17]:49152".parse().unwrap()]
}

/// The text of a ticket with these bytes as its field.
fn with_field(fields: &[&[u8]]) -> String {
    let extensions =
        fields.iter().map(|bytes| Extension { kind: 1, bytes: bytes.to_vec() }).collect();
    written(1, &codec::encode(&Ticket { extensions, ..ticket() }))
}

fn field(reach: &Reach) -> Vec<u8> {
    ticket().with_reach(reach).unwrap().extensions.remove(0).bytes
}

fn address() -> impl Strategy<Value = SocketAddr> {
    let ip = prop_oneof![
        any::<[u8; 4]>().prop_map(|ip| core::net::IpAddr::from(Ipv4Addr::from(ip))),
        any::<[u8; 16]>().prop_map(|ip| core::net::IpAddr::from(Ipv6Addr::from(ip))),
    ];
    (ip, 1..=u16::MAX)
        .prop_filter("leads to one device", |(ip, _)| !ip.is_multicast() && !ip.is_unspecified())
        .prop_map(SocketAddr::from)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Fails when something of it is lost, or something else of the ticket changes.
    #[test]
    fn where_an_invite_is_answered_survives_in_its_order(
        salt: [u8; 16],
        endpoint: [u8; 32],
        at in proptest::collection::vec(address(), 0..=8),
        other: [u8; 20],
    ) {
        let given = Reach { salt: Salt::from_bytes(salt), endpoint, at };
        let other = Extension { kind: 7, bytes: other.to_vec() };
        let plain = Ticket { extensions: vec![other.clone()], ..ticket() };
        let with = plain.clone().with_reach(&reach(home())).unwrap().with_reach(&given).unwrap();
        let read = Ticket::parse(&with.text().unwrap()).unwrap();
        prop_assert_eq!(read.reach(), Some(given));
        // A copact that knows no such field reads all the rest, and keeps the field.
        prop_assert_eq!(&read.extensions[0], &other);
        prop_assert_eq!(Ticket { extensions: vec![other], ..read }, plain);
    }

    /// Fails when some field makes the reader panic, or has a second way to be written.
    #[test]
    fn any_field_is_read_as_it_is_written_or_refused(
        mut bytes in proptest::collection::vec(any::<u8>(), 0..=256),
        six: u8,
    ) {
        if let Some(byte) = bytes.get_mut(48) {
            *byte = six & 0x0F;
        }
        match Ticket::parse(&with_field(&[&bytes])) {
            Ok(ticket) => prop_assert_eq!(field(&ticket.reach().unwrap()), bytes),
            Err(error) => prop_assert_eq!(error, TicketError::Reach),
        }
    }
}

#[test]
fn a_ticket_without_addresses_is_read_as_before() {
    let read = Ticket::parse(&ticket().text().unwrap()).unwrap();
    assert_eq!((read.reach(), read.discovery_key()), (None, None));
}

#[test]
fn the_discovery_key_is_the_groups() {
    let read = Ticket::parse(&ticket().with_reach(&reach(home())).unwrap().text().unwrap());
    assert_eq!(read.unwrap().discovery_key(), Some(discovery_key(&founding(1))));
}

#[test]
fn a_malformed_field_is_told() {
    let good = field(&reach(home()));
    assert!(Ticket::parse(&with_field(&[&good])).is_ok());
    let changed = |place: usize, byte| {
        let mut bytes = good.clone();
        bytes[place] = byte;
        bytes
    };
    let of = |text: &str| {
        let at: SocketAddrV4 = text.parse().unwrap();
        let (ip, port) = (at.ip().octets(), at.port().to_be_bytes());
        [&good[..48], &[0], &ip, &port].concat()
    };
    assert!(Ticket::parse(&with_field(&[&of("10.0.0.1:1")])).is_ok());
    let nine = [&good[..48], &[0], &[10, 0, 0, 1, 0, 1].repeat(9)[..]].concat();
    let malformed = [
        vec![],
        good[..48].to_vec(),
        good[..good.len() - 1].to_vec(),
        [&good[..], &[0]].concat(),
        changed(48, 0b110),
        changed(48, 0b001),
        of("10.0.0.1:0"),
        of("0.0.0.0:1"),
        of("224.0.0.251:5353"),
        nine,
    ];
    for bytes in malformed {
        assert_eq!(Ticket::parse(&with_field(&[&bytes])), Err(TicketError::Reach), "{bytes:?}");
    }
    assert_eq!(Ticket::parse(&with_field(&[&good, &good])), Err(TicketError::Reach));
    // Nor is one written.
    let bad = Extension { kind: 1, bytes: vec![1] };
    let bad = Ticket { extensions: vec![bad], ..ticket() };
    assert_eq!((bad.text(), bad.reach()), (Err(TicketError::Reach), None));
}

#[test]
fn addresses_that_nobody_can_dial_or_too_many_are_not_written() {
    for at in ["0.0.0.0:1", "[::]:1", "10.0.0.1:0", "224.0.0.251:1", "[ff02::fb]:1"] {
        let refused = ticket().with_reach(&reach(vec![at.parse().unwrap()]));
        assert_eq!(refused, Err(TicketError::Addresses), "{at}");
    }
    let many = |many| ticket().with_reach(&reach(vec![home()[1]; many]));
    assert_eq!(many(9), Err(TicketError::Addresses));
    let full = many(8).unwrap();
    assert_eq!(Ticket::parse(&full.text().unwrap()), Ok(full));
    // A scope is the number of an interface here, and nothing elsewhere.
    let scoped = SocketAddr::from(SocketAddrV6::new(Ipv6Addr::LOCALHOST, 7, 3, 2));
    let read = ticket().with_reach(&reach(vec![scoped])).unwrap().reach().unwrap();
    assert_eq!(read.at, ["[::1]:7".parse().unwrap()]);
}

/// Fails when the ticket grows beyond a code that a cheap phone reads from a cheap phone.
#[test]
fn with_two_addresses_it_still_fits_a_code_for_phones() {
    let four = |last| SocketAddr::from((Ipv4Addr::new(192, 168, 178, last), 49_152));
    let sizes = |ticket: Ticket| {
        let text = ticket.text().unwrap().to_uppercase();
        let version =
            |level| match QrCode::with_error_correction_level(&text, level).unwrap().version() {
                Version::Normal(version) | Version::Micro(version) => version,
            };
        (text.len(), version(EcLevel::L), version(EcLevel::M))
    };
    let two = vec![four(23), four(24)];
    let measured: Vec<_> = ["Küche", "Green Lane Community Garden"]
        .into_iter()
        .map(|group| {
            let plain = Ticket { group_name: Some(name(group)), ..ticket() };
            let with = |at: &[SocketAddr]| plain.clone().with_reach(&reach(at.to_vec())).unwrap();
            [sizes(plain.clone()), sizes(with(&two)), sizes(with(&home()))]
        })
        .collect();
    // Characters; version at level L, as on a screen; version at level M, as in a file.
    let short = [(216, 7, 8), (320, 9, 11), (339, 10, 11)];
    assert_eq!(measured, [short, [(251, 8, 9), (355, 10, 11), (374, 10, 12)]]);
}
