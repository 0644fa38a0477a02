//! A stranger who listens to everything that is said on the LAN, and one who floods it.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddrV4, UdpSocket};
use std::time::{Duration, Instant};

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use iroh::SecretKey;
use simple_dns::rdata::{A, PTR, RData, SRV, TXT};
use simple_dns::{CLASS, Name, Packet, ResourceRecord};
use socket2::SockRef;

use crate::device::{self, Running, id, say};
use crate::lan::World;

const GROUP: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(224, 0, 0, 251), 5353);
const SERVICE: &str = "_irohv1._udp.local";

/// A plain socket of multicast DNS.
fn socket() -> UdpSocket {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, GROUP.port())).unwrap();
    let by: Ipv4Addr = std::env::var(device::BY).unwrap().parse().unwrap();
    socket.join_multicast_v4(GROUP.ip(), &by).unwrap();
    // No default route says where multicasts go.
    SockRef::from(&socket).set_multicast_if_v4(&by).unwrap();
    socket
}

/// Says every packet in hexadecimal, without end.
pub fn play() {
    let socket = socket();
    say("listens");
    let mut bytes = [0; 9000];
    loop {
        let (length, from) = socket.recv_from(&mut bytes).unwrap();
        say(&format!("packet {} {}", from.ip(), HEXLOWER.encode(&bytes[..length])));
    }
}

fn label(key: &SecretKey) -> String {
    BASE32_NOPAD.encode(key.public().as_bytes()).to_lowercase()
}

/// The answer of an endpoint that nobody has, as another program would write it.
fn invented(keys: &[SecretKey], at: IpAddr) -> Vec<u8> {
    let IpAddr::V4(at) = at else { panic!("{at}") };
    let names: Vec<(String, String)> = keys
        .iter()
        .map(|key| (format!("{}.{SERVICE}", label(key)), format!("{}-9.local", label(key))))
        .collect();
    let mut packet = Packet::new_reply(0);
    for (instance, host) in &names {
        let target = Name::new(host).unwrap();
        let place = SRV { priority: 0, weight: 0, port: 9, target: target.clone() };
        let record = |name, data| ResourceRecord::new(name, CLASS::IN, 120, data);
        packet.answers.push(record(Name::new(instance).unwrap(), RData::SRV(place)));
        let address = RData::A(A { address: at.into() });
        packet.additional_records.push(record(target, address));
    }
    packet.build_bytes_vec_compressed().unwrap()
}

/// Sends as many names as it can until it is killed, and damaged packets between them.
pub fn flood() {
    let socket = socket();
    let by: Ipv4Addr = std::env::var(device::BY).unwrap().parse().unwrap();
    say("floods");
    let (mut sent, mut through) = (0_u64, 0_u32);
    loop {
        let keys: Vec<SecretKey> = (0..16u64)
            .map(|one| {
                let mut seed = [7; 32];
                seed[..8].copy_from_slice(&(sent * 16 + one).to_le_bytes());
                SecretKey::from_bytes(&seed)
            })
            .collect();
        let bytes = invented(&keys, by.into());
        // Some whole, some cut, some with a byte that is wrong.
        let cut = usize::try_from(sent).unwrap() % bytes.len();
        let mut wrong = bytes.clone();
        wrong[cut] ^= 0xff;
        for packet in [&bytes[..], &bytes[..cut], &wrong] {
            // The queue may be full: that is a flood.
            if socket.send_to(packet, GROUP).is_ok() {
                through += 1;
                if through == 600 {
                    say("has flooded");
                }
            }
        }
        sent += 1;
    }
}

/// What a device said until it answered a few times.
fn heard(listener: &mut Running, from: Ipv4Addr) -> Vec<Vec<u8>> {
    let deadline = Instant::now() + Duration::from_secs(60);
    let words = format!("packet {from} ");
    loop {
        let all: Vec<Vec<u8>> = listener
            .said()
            .iter()
            .filter_map(|line| line.strip_prefix(&words))
            .map(|hex| HEXLOWER.decode(hex.as_bytes()).unwrap())
            .collect();
        if all.iter().filter(|bytes| !Packet::parse(bytes).unwrap().answers.is_empty()).count() > 2
        {
            return all;
        }
        assert!(Instant::now() < deadline, "only {} packets came from {from}", all.len());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Everything in a packet has to be the id, a port or an address of this network. Gives the ports.
fn nothing_else(bytes: &[u8], key: &SecretKey, address: Ipv4Addr) -> BTreeSet<u16> {
    let packet = Packet::parse(bytes).unwrap();
    let again = packet.build_bytes_vec_compressed().unwrap();
    assert_eq!(again, bytes, "there is something in the packet that is no record");
    assert!(packet.opt().is_none() && packet.name_servers.is_empty());
    for question in &packet.questions {
        assert_eq!(question.qname.to_string(), SERVICE);
    }
    let mut ports = BTreeSet::new();
    let instance = format!("{}.{SERVICE}", label(key));
    for record in packet.answers.iter().chain(&packet.additional_records) {
        let name = record.name.to_string();
        match &record.rdata {
            RData::PTR(PTR(to)) => {
                assert_eq!((name, to.to_string()), (SERVICE.into(), instance.clone()))
            }
            RData::SRV(place) => {
                assert_eq!((name, place.priority, place.weight), (instance.clone(), 0, 0));
                assert_eq!(
                    place.target.to_string(),
                    format!("{}-{}.local", label(key), place.port)
                );
                ports.insert(place.port);
            }
            RData::TXT(text) => {
                assert_eq!(name, instance);
                assert_eq!(*text, TXT::new().with_string("").unwrap());
            }
            RData::A(A { address: told }) => {
                assert_eq!(Ipv4Addr::from(*told), address);
                let host = name.strip_suffix(".local").unwrap();
                let port = host.strip_prefix(&format!("{}-", label(key))).unwrap();
                ports.insert(port.parse().unwrap());
            }
            other => panic!("what is {other:?}?"),
        }
    }
    ports
}

#[test]
fn announcements_hold_the_id_of_the_day_a_port_and_addresses_of_the_lan() {
    if crate::played() {
        return;
    }
    let Some(world) = World::new() else { return };
    const TEST: &str =
        "listening::announcements_hold_the_id_of_the_day_a_port_and_addresses_of_the_lan";
    let (room, other) = (world.bridge(), world.bridge());
    let (device, ear) = (world.host(), world.host());
    for bridge in [room, other] {
        device.join(bridge);
    }
    ear.join(room);
    let mut listener = device::start_on(&ear, Some(room), TEST, "listener", 0);
    listener.until("listens");
    let address = device.address(room);
    let mut days = Vec::new();
    for day in [1, 2] {
        listener.forget();
        let mut running = device::start(&device, TEST, "device", day);
        heard(&mut listener, address);
        running.end();
        // The goodbye is one of them.
        let packets = heard(&mut listener, address);
        let mut ports = BTreeSet::new();
        for bytes in &packets {
            ports.extend(nothing_else(bytes, &device::key(day), address));
        }
        assert!(!ports.is_empty());
        days.push(packets);
    }
    let answers = |day: usize| days[day].iter().filter(|bytes| bytes.len() > 100);
    assert!(answers(0).all(|one| answers(1).all(|other| one != other)));
}

#[test]
fn a_flood_of_names_takes_bounded_memory_and_hides_nobody() {
    if crate::played() {
        return;
    }
    let Some(world) = World::new() else { return };
    const TEST: &str = "listening::a_flood_of_names_takes_bounded_memory_and_hides_nobody";
    let room = world.bridge();
    let (one, other, stranger) = (world.host(), world.host(), world.host());
    for host in [&one, &other, &stranger] {
        host.join(room);
    }
    let mut first = device::start(&one, TEST, "device", 1);
    first.until("listens");
    let before = first.memory();
    let mut flooding = device::start_on(&stranger, Some(room), TEST, "stranger", 0);
    flooding.until("has flooded");
    let mut second = device::start(&other, TEST, "device", 2);
    second.until(&format!("connected {}", id(1)));
    first.until(&format!("found {}", id(2)));
    let line = log(&mut first, "floods the LAN");
    flooding.kill();
    let grown = first.memory().saturating_sub(before);
    let invented = most_at_once(first.said(), &[id(1).to_string(), id(2).to_string()]);
    eprintln!("{line}\n{} KiB more, {invented} invented devices known at once", grown / 1024);
    assert!(grown < 24 << 20, "{grown} bytes more");
    assert!((1..=32).contains(&invented), "{invented}");
}

/// How many devices, but for these, were known at the same time.
fn most_at_once(said: &[String], but: &[String]) -> usize {
    let (mut known, mut most) = (BTreeSet::new(), 0);
    for line in said {
        let mut words = line.split(' ');
        match (words.next(), words.next()) {
            (Some("found"), Some(id)) if !but.iter().any(|known| known == id) => {
                known.insert(id);
            }
            (Some("gone"), Some(id)) => {
                known.remove(id);
            }
            _ => {}
        }
        most = most.max(known.len());
    }
    most
}

/// Waits for a line of the log.
fn log(running: &mut Running, word: &str) -> String {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let lines = running.said().iter();
        let found = lines.filter(|line| line.starts_with("log")).find(|line| line.contains(word));
        if let Some(found) = found {
            return found.clone();
        }
        assert!(Instant::now() < deadline, "the log says nothing of “{word}”");
        std::thread::sleep(Duration::from_millis(20));
    }
}
