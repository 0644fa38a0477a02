#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use iroh::{EndpointId, SecretKey};

use super::announcement::{self, Heard, Offer};
use super::book::{Book, Refused};
use super::cadence::{Cadence, Due, PERIOD};
use super::gate::Gate;
use super::interfaces::{Lan, local};
use super::{Discovery, Reach, Sighting, limits};

fn id(number: u32) -> EndpointId {
    let mut seed = [9; 32];
    seed[..4].copy_from_slice(&number.to_le_bytes());
    SecretKey::from_bytes(&seed).public()
}

fn at(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

fn offer(number: u32) -> Offer {
    Offer { endpoint: id(number), at: vec![at("10.0.0.9:7")], goodbye: false }
}

fn source(number: u32) -> IpAddr {
    Ipv4Addr::from(0x0a00_0000 + number).into()
}

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn an_answer_is_read_as_it_was_written() {
    let places = [at("192.168.1.7:4000"), at("10.0.0.2:4000"), at("[fd00::5]:4001")];
    let bytes = announcement::answer(&id(1), &places, 120).unwrap();
    let Some(Heard::Offers(offers)) = announcement::read(&bytes, &[]) else { panic!() };
    assert_eq!(offers.len(), 1);
    assert_eq!((offers[0].endpoint, offers[0].goodbye), (id(1), false));
    let read: BTreeSet<SocketAddr> = offers[0].at.iter().copied().collect();
    assert_eq!(read, places.into());

    let goodbye = announcement::answer(&id(1), &places, 0).unwrap();
    let Some(Heard::Offers(offers)) = announcement::read(&goodbye, &[]) else { panic!() };
    assert!(offers[0].goodbye);

    // A label has at most 63 bytes; names are equal in capitals, too.
    assert_eq!(announcement::label(&id(1)).len(), 52);
    let capitals: Vec<u8> = bytes.iter().map(u8::to_ascii_uppercase).collect();
    let Some(Heard::Offers(offers)) = announcement::read(&capitals, &[]) else { panic!() };
    assert_eq!(offers[0].endpoint, id(1));
}

#[test]
fn questions_for_the_service_and_for_own_names_are_heard() {
    let question = announcement::question().unwrap();
    assert_eq!(announcement::read(&question, &[]), Some(Heard::Question));
    let ask = |name: &str, own: &[String]| {
        let mut packet = simple_dns::Packet::new_query(0);
        let name = simple_dns::Name::new_unchecked(name);
        let kind = simple_dns::TYPE::SRV.into();
        let class = simple_dns::CLASS::IN.into();
        packet.questions.push(simple_dns::Question::new(name, kind, class, true));
        announcement::read(&packet.build_bytes_vec().unwrap(), own)
    };
    let label = announcement::label(&id(1));
    let own = [label.clone()];
    assert_eq!(ask(&format!("{label}._irohv1._udp.local"), &own), Some(Heard::Question));
    assert_eq!(ask(&format!("{label}-4000.local"), &own), Some(Heard::Question));
    assert_eq!(ask(&format!("{label}._irohv1._udp.local"), &[]), None);
    assert_eq!(ask("_ipp._tcp.local", &own), None);
}

#[test]
fn a_damaged_announcement_is_survived_within_its_bounds() {
    let places: Vec<SocketAddr> =
        (1..=40).map(|last| SocketAddr::new(source(last), 4000)).collect();
    let good = announcement::answer(&id(1), &places, 120).unwrap();
    for end in 0..good.len() {
        announcement::read(&good[..end], &[]);
    }
    for place in 0..good.len() {
        for bits in [0x01, 0x80, 0xc0, 0xff] {
            let mut bytes = good.clone();
            bytes[place] ^= bits;
            if let Some(Heard::Offers(offers)) = announcement::read(&bytes, &[]) {
                assert!(offers.len() <= limits::OFFERS);
                assert!(offers.iter().all(|offer| offer.at.len() <= limits::ADDRESSES));
            }
        }
    }
    // A name that points to itself, and a packet that says it has very many records.
    let mut looped = good[..12].to_vec();
    looped.extend([0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 9, 0, 2, 0xc0, 12]);
    assert_eq!(announcement::read(&looped, &[]), None);
    let mut many = good.clone();
    many[6..8].copy_from_slice(&u16::MAX.to_be_bytes());
    assert_eq!(announcement::read(&many, &[]), None);
    assert_eq!(announcement::read(&vec![0; limits::PACKET + 1], &[]), None);
}

#[test]
fn a_packet_speaks_of_few_endpoints() {
    // Two answers written one behind the other are one packet with the sum of their counts.
    let one = |number| announcement::answer(&id(number), &[at("10.0.0.1:1")], 120).unwrap();
    let parsed: Vec<Vec<u8>> = (0..20).map(one).collect();
    let mut packet = simple_dns::Packet::new_reply(0);
    for bytes in &parsed {
        let part = simple_dns::Packet::parse(bytes).unwrap();
        packet.answers.extend(part.answers.into_iter().take(1));
    }
    let bytes = packet.build_bytes_vec_compressed().unwrap();
    let Some(Heard::Offers(offers)) = announcement::read(&bytes, &[]) else { panic!() };
    assert_eq!(offers.len(), limits::OFFERS);
}

#[test]
fn a_flood_of_names_is_remembered_within_bounds_and_drives_nobody_out() {
    let mut book = Book::default();
    let mut now = Instant::now();
    book.heard(&offer(0), source(0), now).unwrap();
    // One address of the LAN.
    let refused = (1..=1000)
        .filter(|number| book.heard(&offer(*number), source(1), now) == Err(Refused::TooManyOfOne));
    assert_eq!(refused.count(), 1000 - limits::DEVICES_OF_ONE);
    assert_eq!(book.crowd(), 1 + limits::DEVICES_OF_ONE);
    // Very many addresses of the LAN, at once and over time.
    let taken =
        (2000..3000).filter(|number| book.heard(&offer(*number), source(*number), now).is_ok());
    assert!(taken.count() < limits::NEW as usize);
    for number in 3000..6000 {
        now += Duration::from_millis(5);
        let _ = book.heard(&offer(number), source(number), now);
    }
    assert_eq!(book.crowd(), limits::DEVICES);
    assert!(!book.at(&id(0)).is_empty());
    // Who comes during it is told of, and an injected one loses nothing by it.
    now += Duration::from_secs(1);
    let told = book.heard(&offer(7000), source(7000), now).unwrap();
    assert!(told.contains(&Sighting::Found { endpoint: id(7000), at: offer(7000).at }));
    assert_eq!(told.len(), 2);
    book.inject(id(8000), &[at("10.1.1.1:1")], now);
    for number in 9000..9400 {
        book.inject(id(number), &[at("10.1.1.1:1")], now);
    }
    assert_eq!(book.all().len(), limits::DEVICES + limits::INJECTED);
    // All of it is forgotten.
    book.expire(now + limits::HEARD_LASTS);
    assert_eq!((book.crowd(), book.all().len()), (0, limits::INJECTED));
    book.expire(now + limits::INJECTED_LASTS);
    assert!(book.all().is_empty());
}

#[test]
fn what_is_heard_lasts_while_it_is_heard_and_only_its_source_takes_it_back() {
    let mut book = Book::default();
    let start = Instant::now();
    let found = Sighting::Found { endpoint: id(1), at: offer(1).at };
    let gone = Sighting::Gone { endpoint: id(1) };
    assert_eq!(book.heard(&offer(1), source(1), start), Ok(vec![found]));
    let later = start + limits::HEARD_LASTS - Duration::from_secs(1);
    assert_eq!(book.heard(&offer(1), source(1), later), Ok(vec![]));
    assert_eq!(book.expire(start + limits::HEARD_LASTS), vec![]);
    let goodbye = Offer { goodbye: true, ..offer(1) };
    assert_eq!(book.heard(&goodbye, source(2), later), Ok(vec![]));
    assert_eq!(book.heard(&goodbye, source(1), later), Ok(vec![gone.clone()]));
    // What was injected stays beside it.
    book.heard(&offer(1), source(1), later).unwrap();
    let both = book.inject(id(1), &[at("10.5.5.5:5")], later);
    let places = vec![at("10.0.0.9:7"), at("10.5.5.5:5")];
    assert_eq!(both, vec![Sighting::Found { endpoint: id(1), at: places }]);
    let left = vec![Sighting::Found { endpoint: id(1), at: vec![at("10.5.5.5:5")] }];
    assert_eq!(book.heard(&goodbye, source(1), later), Ok(left));
    assert_eq!(book.inject(id(1), &[], later), vec![gone]);
    // Whose network was left, is forgotten; others are not.
    book.heard(&offer(2), source(2), later).unwrap();
    book.heard(&offer(3), source(3), later).unwrap();
    let left = book.left(|ip| ip == source(2));
    assert_eq!(left, vec![Sighting::Left { endpoint: id(2) }]);
    assert!(book.at(&id(2)).is_empty() && !book.at(&id(3)).is_empty());
    // Many addresses of one endpoint.
    let ports = (1..100).map(|port| SocketAddr::new(source(1), port)).collect();
    book.heard(&Offer { at: ports, ..offer(1) }, source(1), later).unwrap();
    assert_eq!(book.at(&id(1)).len(), limits::ADDRESSES);
}

#[test]
fn packets_are_read_within_bounds_and_a_flood_is_told_of_now_and_then() {
    let now = Instant::now();
    let mut gate = Gate::new(now);
    let of_one = (0..1000).filter(|_| gate.opens(source(1), now)).count();
    assert_eq!(of_one, limits::READ_OF_ONE as usize);
    assert!(gate.opens(source(2), now), "one address floods, others are read");
    let of_all = (10..5000).filter(|number| gate.opens(source(*number), now)).count();
    assert!(of_all < limits::READ as usize);
    assert!(gate.tell(now).unwrap() > 4000);
    gate.refuse();
    assert_eq!(gate.tell(now + Duration::from_secs(5)), None);
    assert_eq!(gate.tell(now + Duration::from_secs(31)), Some(1));
    assert!(gate.opens(source(1), now + Duration::from_secs(1)));
}

/// Lets time pass; how often the LAN was asked and answered.
fn pass(
    cadence: &mut Cadence,
    from: Instant,
    long: Duration,
    question: Option<Duration>,
) -> (u32, u32) {
    let (mut asked, mut answered) = (0, 0);
    let mut now = from;
    while now < from + long {
        if question.is_some_and(|every| (now - from).as_millis().is_multiple_of(every.as_millis()))
        {
            cadence.question(now, 1);
        }
        let Due { ask, answer } = cadence.due(now, true);
        asked += u32::from(ask);
        answered += u32::from(answer);
        now += Duration::from_millis(10);
    }
    (asked, answered)
}

#[test]
fn a_lan_is_asked_soon_then_seldom_and_questions_of_others_stand_for_own() {
    let start = Instant::now();
    let mut alone = Cadence::new(start);
    let (asked, answered) = pass(&mut alone, start, Duration::from_secs(5), None);
    assert_eq!((asked, answered), (4, 4));
    let (asked, answered) = pass(&mut alone, start + Duration::from_secs(5), HOUR, None);
    assert!((266..=400).contains(&asked), "{asked}");
    assert!((480..=600).contains(&answered), "{answered}");
    assert!(PERIOD * 4 <= limits::HEARD_LASTS, "three in a row may be lost");

    // Somebody who asks a hundred times a second is answered twice a second, and others' questions
    // are enough.
    let mut asked = Cadence::new(start);
    pass(&mut asked, start, Duration::from_secs(5), None);
    let flood = Some(Duration::from_millis(10));
    let (asks, answers) = pass(&mut asked, start + Duration::from_secs(5), HOUR, flood);
    assert!(answers <= 7200, "{answers}");
    assert_eq!(asks, 0);
    // With nothing to say, nothing is said; what is announced then is told at once.
    let mut silent = Cadence::new(start);
    let second = start + Duration::from_secs(1);
    assert!(!silent.due(second, false).answer);
    silent.changed(second);
    assert!(silent.due(second, true).answer);
    // In a crowd the answers keep more distance.
    let mut crowd = Cadence::new(start);
    pass(&mut crowd, start, Duration::from_secs(60), None);
    let now = start + Duration::from_secs(60);
    crowd.changed(now);
    crowd.due(now + Duration::from_secs(1), true);
    for _ in 0..100 {
        crowd.question(now + Duration::from_secs(1), 200);
    }
    assert!(!crowd.due(now + Duration::from_millis(1400), true).answer);
}

#[test]
fn addresses_that_say_where_in_the_world_a_device_is_are_neither_told_nor_taken() {
    for private in ["10.1.2.3", "172.20.10.2", "192.168.43.1", "169.254.7.7", "fd12::1"] {
        assert!(local(private.parse().unwrap(), false), "{private}");
    }
    for other in ["8.8.8.8", "127.0.0.1", "0.0.0.0", "224.0.0.251", "2001:db8::1", "fe80::1", "::1"]
    {
        assert!(!local(other.parse().unwrap(), false), "{other}");
    }
    assert!(local("127.0.0.1".parse().unwrap(), true));

    let nets = vec![("10.1.0.5".parse().unwrap(), 24), ("fd00::5".parse().unwrap(), 64)];
    let lan = Lan { name: "eth0".into(), by: Ipv4Addr::new(10, 1, 0, 5), nets };
    let told = lan.of(&[at("0.0.0.0:7"), at("[::]:8"), at("10.2.0.5:9"), at("8.8.8.8:9")]);
    assert_eq!(told, [at("10.1.0.5:7"), at("[fd00::5]:8")]);
    assert!(lan.holds(Ipv4Addr::new(10, 1, 0, 77)));
    assert!(!lan.holds(Ipv4Addr::new(10, 1, 1, 77)));
}

#[tokio::test]
async fn what_is_injected_is_seen_by_all_who_subscribe() {
    let discovery = Discovery::start(Reach { lan: false, loopback: false });
    let mut early = discovery.subscribe();
    let place = at("192.168.7.7:70");
    discovery.inject(id(1), &[place]);
    let found = Sighting::Found { endpoint: id(1), at: vec![place] };
    assert_eq!(early.next().await.unwrap(), found);
    let mut late = discovery.subscribe();
    assert_eq!(late.next().await.unwrap(), found);
    discovery.inject(id(1), &[]);
    let gone = Sighting::Gone { endpoint: id(1) };
    assert_eq!(early.next().await.unwrap(), gone);
    assert_eq!(late.next().await.unwrap(), gone);
    // Who is far behind is told of all who are there.
    for number in 0..300 {
        discovery.inject(id(number), &[place]);
    }
    let mut seen = BTreeSet::new();
    while seen.len() < limits::INJECTED {
        if let Sighting::Found { endpoint, .. } = late.next().await.unwrap() {
            seen.insert(endpoint);
        }
    }
    assert!(seen.contains(&id(299)) && !seen.contains(&id(0)));
    drop(discovery);
    tokio::time::timeout(Duration::from_secs(20), async { while late.next().await.is_some() {} })
        .await
        .expect("the sightings end with the search");
}
