//! The whole network as the product runs it, with nothing but `lan` switched on.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use copact_core::ids::{GroupId, Nonce};
use copact_core::keys::DeviceSecret;
use copact_net::{Bounds, Event, Membership, Net, OpenInvite, Settings};

use crate::device::{self, Running, id, key, say};
use crate::lan::{Host, World};
use crate::log::Log;

/// The devices in the room; the last of them is of another group.
const DEVICES: u8 = 8;
const STRANGER: u8 = DEVICES;
/// The number that the endpoint key of a device's invite has.
const INVITE: u8 = 100;

/// How long silence is borne: so that a test need not wait for long, and longer than any test.
pub const WATCHFUL: Duration = Duration::from_secs(6);
pub const PATIENT: Duration = Duration::from_secs(600);

fn device_key(number: u8) -> DeviceSecret {
    DeviceSecret::from_bytes(&[number; 32])
}

/// Plays a device until standard input is closed. `invite` and `close` are understood there.
pub fn play(number: u8, idle: Duration) {
    tracing::subscriber::set_global_default(Log).unwrap();
    let group = if number == STRANGER { 2 } else { 1 };
    let group = GroupId::from_bytes([group; 32]);
    let membership = Membership {
        group,
        discovery: [7; 32],
        device: device_key(number),
        admissions: vec![vec![number; 100]],
    };
    let settings = Settings {
        listen: Vec::new(),
        lan: true,
        endpoint: key(number).to_bytes(),
        relay: None,
        bounds: Bounds { idle, ..Bounds::default() },
    };
    let begun = Instant::now();
    let net = Net::start(settings, vec![membership], move |event| match event {
        Event::Opened { link, device, dialled, .. } => {
            let other = (0..=DEVICES).find(|one| device_key(*one).public() == device).unwrap();
            let how = if dialled { "dialled" } else { "accepted" };
            say(&format!("opened {other} {} {how} {}", link.0, begun.elapsed().as_millis()));
        }
        Event::Closed { link, why } => say(&format!("closed {} {why}", link.0)),
        Event::Note { line } => say(&format!("note {line}")),
        _ => {}
    });
    let net = net.unwrap();
    say("listens");
    let nonce = Nonce::from_bytes([number; 16]);
    for line in std::io::stdin().lines().map_while(Result::ok) {
        match line.as_str() {
            "invite" => {
                let endpoint = key(INVITE + number).to_bytes();
                let invite = OpenInvite { group, nonce, endpoint, key: [5; 32], tried: false };
                net.open_invite(invite).unwrap();
            }
            "close" => net.close_invite(nonce),
            other => panic!("nobody understands “{other}”"),
        }
    }
}

/// With whom a device is linked now, by what it said; and how many of these it dialled itself.
fn linked(running: &mut Running) -> (BTreeSet<u8>, usize) {
    let mut links = BTreeMap::new();
    for line in running.said() {
        let words: Vec<&str> = line.split(' ').collect();
        match words[0] {
            "opened" => {
                links.insert(words[2], (words[1].parse().unwrap(), words[3] == "dialled"));
            }
            "closed" => {
                links.remove(words[1]);
            }
            _ => {}
        }
    }
    let dialled = links.values().filter(|(_, dialled)| *dialled).count();
    (links.values().map(|(other, _)| *other).collect(), dialled)
}

/// Whether news of one reaches all.
fn hang_together(room: &mut BTreeMap<u8, Running>) -> bool {
    let peers: BTreeMap<u8, BTreeSet<u8>> =
        room.iter_mut().map(|(number, one)| (*number, linked(one).0)).collect();
    let (mut reached, mut next) = (BTreeSet::from([0]), vec![0]);
    while let Some(one) = next.pop() {
        let there = peers[&one].iter().filter(|peer| peers.contains_key(peer));
        next.extend(there.filter(|peer| reached.insert(**peer)));
    }
    reached.len() == peers.len()
}

#[test]
fn two_that_go_to_another_network_together_do_not_wait_for_their_old_link_to_die() {
    if crate::played() {
        return;
    }
    let Some(world) = World::new() else { return };
    const TEST: &str =
        "nets::two_that_go_to_another_network_together_do_not_wait_for_their_old_link_to_die";
    let (home, hotspot) = (world.bridge(), world.bridge());
    let hosts = [world.host(), world.host()];
    hosts.iter().for_each(|host| host.join(home));
    let mut one = device::start(&hosts[0], TEST, "patient", 1);
    let mut other = device::start(&hosts[1], TEST, "patient", 2);
    one.until("opened 2");
    other.until("opened 1");
    for running in [&mut one, &mut other] {
        running.forget();
    }
    for host in &hosts {
        host.leave(home);
        host.join(hotspot);
    }
    let gone = Instant::now();
    // Either of them may be the first to see that it left: the other then hears from it anew.
    let why = one.until("closed");
    let left = "this device left the network that it was connected by";
    let anew = "a newer connection to this device took its place";
    assert!(why.ends_with(left) || why.ends_with(anew), "{why}");
    one.until("opened 2");
    other.until("opened 1");
    eprintln!(
        "linked again {} ms after they changed to another network",
        gone.elapsed().as_millis()
    );
}

fn soon(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < until, "{what} did not come true");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_room_hangs_together_by_its_ring_and_announces_open_invites() {
    if crate::played() {
        return;
    }
    let Some(world) = World::new() else { return };
    const TEST: &str = "nets::a_room_hangs_together_by_its_ring_and_announces_open_invites";
    let room = world.bridge();
    let hosts: Vec<Host<'_>> = (0..=DEVICES).map(|_| world.host()).collect();
    let ear = world.host();
    hosts.iter().for_each(|host| host.join(room));
    ear.join(room);
    let begun = Instant::now();
    let start = |(number, host)| (number, device::start(host, TEST, "net", number));
    let mut all: BTreeMap<u8, Running> = (0..).zip(&hosts).map(start).collect();
    let mut stranger = all.remove(&STRANGER).unwrap();
    soon("one crowd", || hang_together(&mut all));
    eprintln!("{DEVICES} devices are one crowd {} ms after the start", begun.elapsed().as_millis());
    let dialled: Vec<usize> = all.values_mut().map(|one| linked(one).1).collect();
    eprintln!("{dialled:?} of their links they dialled");
    assert!(all.values_mut().all(|one| !linked(one).0.contains(&STRANGER)));
    stranger.until("listens");
    assert!(linked(&mut stranger).0.is_empty());

    // One is killed: what led by way of it finds another way.
    all.remove(&3).unwrap().kill();
    soon("the end of links", || all.values_mut().all(|one| !linked(one).0.contains(&3)));
    soon("one crowd without it", || hang_together(&mut all));

    // An invite is found while it is open, and taken back.
    let mut listening = device::start_on(&ear, None, TEST, "device", 50);
    listening.until(&format!("found {}", id(1)));
    let inviter = all.get_mut(&1).unwrap();
    inviter.tell("invite");
    let found = listening.until(&format!("found {}", id(INVITE + 1)));
    assert!(found.contains(&format!(" {}:", hosts[1].address(room))), "{found}");
    inviter.tell("close");
    listening.until(&format!("gone {}", id(INVITE + 1)));
}
