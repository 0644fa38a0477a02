//! What a stranger on the LAN learns from announcements.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, UdpSocket};
use std::process::Stdio;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use data_encoding::{BASE32_NOPAD, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER};

use crate::lan::{Bridge, Host, Process, World as Lans};
use crate::watch::Watch;
use crate::world::{Device, World};

const GROUP: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 251);
const PORT: u16 = 5353;
/// The address by which this test's own program listens when it is run in a host.
const BY: &str = "COPACT_LAN_BY";
const TEST: &str = "listening::announcements_tell_nobody_who_is_in_which_group";

/// Says every packet in hexadecimal until it is killed.
fn listen(by: Ipv4Addr) {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, PORT)).unwrap();
    socket.join_multicast_v4(&GROUP, &by).unwrap();
    println!("\nPACKET");
    let mut bytes = [0; 9000];
    loop {
        let length = socket.recv(&mut bytes).unwrap();
        println!("\nPACKET{}", HEXLOWER.encode(&bytes[..length]));
        std::io::stdout().flush().unwrap();
    }
}

struct Ear {
    _process: Process,
    packets: Receiver<Vec<u8>>,
}

impl Ear {
    fn start(host: &Host<'_>, bridge: Bridge) -> Self {
        let mut command = host.command(std::env::current_exe().unwrap());
        command.args([TEST, "--exact", "--nocapture", "--test-threads=1"]);
        command.env(BY, host.address(bridge).to_string()).stdout(Stdio::piped());
        let mut process = host.start(&mut command);
        let out = BufReader::new(process.child().stdout.take().unwrap());
        let (to, packets) = channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if let Some(hex) = line.strip_prefix("PACKET")
                    && to.send(HEXLOWER.decode(hex.as_bytes()).unwrap()).is_err()
                {
                    return;
                }
            }
        });
        let ear = Self { _process: process, packets };
        assert!(ear.next().is_empty(), "first it says that it listens");
        ear
    }

    fn next(&self) -> Vec<u8> {
        self.packets.recv_timeout(Duration::from_secs(120)).expect("nothing is said on the LAN")
    }

    /// All that is said until so many endpoints were announced; and which.
    fn until(&self, endpoints: usize) -> (Vec<Vec<u8>>, BTreeSet<String>) {
        let (mut all, mut ids) = (Vec::new(), BTreeSet::new());
        while ids.len() < endpoints {
            let packet = self.next();
            ids.extend(instances(&packet));
            all.push(packet);
        }
        (all, ids)
    }
}

/// The labels of a packet that are endpoint ids: as long as 32 bytes are in base32.
fn instances(packet: &[u8]) -> Vec<String> {
    let starts = (0..packet.len()).filter(|at| packet[*at] == 52);
    let labels = starts.filter_map(|at| packet.get(at + 1..at + 53));
    labels
        .filter(|label| BASE32_NOPAD.decode(&label.to_ascii_uppercase()).is_ok())
        .map(|label| String::from_utf8(label.to_vec()).unwrap())
        .collect()
}

/// How something could be written: as it is, as text, whole and cut short.
fn forms(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = Vec::new();
    for part in [bytes, &bytes[..8], &bytes[bytes.len() - 8..]] {
        forms.push(part.to_vec());
        forms.push(part.iter().rev().copied().collect());
        for text in [HEXLOWER.encode(part), BASE32_NOPAD.encode(part)] {
            // The last letter of a part depends on what follows it.
            forms.push(text.as_bytes()[..text.len() - 1].to_vec());
        }
        for text in [BASE64_NOPAD.encode(part), BASE64URL_NOPAD.encode(part)] {
            forms.push(text.as_bytes()[..text.len() - 1].to_vec());
        }
    }
    forms
}

/// Everything that must not be told: in lowercase, as packets are looked at.
fn secrets(devices: &[Device]) -> Vec<(String, Vec<u8>)> {
    let mut ids = Vec::new();
    for device in devices {
        let status = device.json(&["status"]);
        ids.extend([status["group"].clone(), status["me"].clone()]);
        // Each sees the devices of their own.
        let own = device.json(&["device", "list"]);
        ids.extend(own["devices"].as_array().unwrap().iter().map(|one| one["device"].clone()));
    }
    let ids: BTreeSet<&str> = ids.iter().filter_map(|id| id.as_str()).collect();
    assert_eq!(ids.len(), 5, "a group, two members, two devices: {ids:?}");
    let mut secrets = Vec::new();
    for id in ids {
        let bytes = HEXLOWER.decode(id.as_bytes()).unwrap();
        secrets.extend(forms(&bytes).into_iter().map(|form| (id.to_owned(), form)));
    }
    for name in ["Green Lane", "Green", "Lane", "Anneliese", "Benjamin"] {
        secrets.push((name.to_owned(), name.as_bytes().to_vec()));
        secrets.push((name.to_owned(), HEXLOWER.encode(name.as_bytes()).into_bytes()));
        secrets.push((name.to_owned(), BASE32_NOPAD.encode(name.as_bytes()).into_bytes()));
    }
    secrets.into_iter().map(|(what, form)| (what, form.to_ascii_lowercase())).collect()
}

#[test]
fn announcements_tell_nobody_who_is_in_which_group() {
    if let Ok(by) = std::env::var(BY) {
        return listen(by.parse().unwrap());
    }
    let Some(lans) = Lans::new() else { return };
    let (world, street) = (World::new(), lans.bridge());
    let devices = world.founded(&["Anneliese", "Benjamin"]);
    let hosts = [lans.host(), lans.host()];
    let stranger = lans.host();
    hosts.iter().chain([&stranger]).for_each(|host| host.join(street));
    let mut said = Vec::new();
    let mut days = Vec::new();
    // The second time on the same day, then on the next one.
    for now in ["2026-03-01T18:00:00Z", "2026-03-01T19:00:00Z", "2026-03-02T18:00:00Z"] {
        let ear = Ear::start(&stranger, street);
        let mut watches: Vec<Watch> = hosts
            .iter()
            .zip(&devices)
            .map(|(host, device)| Watch::start(host, device.at(now)))
            .collect();
        watches[0].meets("Benjamin");
        let (packets, ids) = ear.until(2);
        assert_eq!(ids.len(), 2, "{ids:?}");
        said.extend(packets);
        days.push(ids);
    }
    assert_eq!(days[0], days[1], "a device is the same for a day");
    assert!(days[0].is_disjoint(&days[2]), "and another on the next: {days:?}");

    let secrets = secrets(&devices);
    for packet in &said {
        let packet = packet.to_ascii_lowercase();
        for (what, form) in &secrets {
            let told = packet.windows(form.len()).any(|part| part == form);
            assert!(!told, "{what} is told: {}", HEXLOWER.encode(&packet));
        }
    }
    eprintln!("{} packets tell none of {} forms", said.len(), secrets.len());
}
