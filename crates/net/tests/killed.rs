//! A peer whose process is killed: it says nothing, so it has to be missed.
//!
//! The peer is this same program, run again with an argument.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code)] // It serves the other tests, too.
#[path = "loopback/world.rs"]
mod world;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use copact_net::{Address, Settings};
use world::{Device, PATIENCE, device_key, group, memberships, settings};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, peer, seed, listen, dial] = arguments.as_slice()
        && peer == "peer"
    {
        be_a_peer(seed.parse().unwrap(), listen, dial);
    }
    a_peer_that_vanished_is_missed();
    // The lower key decides which link stays: once it is the peer's, once not.
    let me = device_key(1, 7);
    for decides in [true, false] {
        let seed = (2..99).find(|seed| (device_key(*seed, 7) < me) == decides).unwrap();
        one_that_comes_back_before_it_was_missed_takes_its_old_place(seed);
    }
    println!("killed peers: ok");
}

/// Prints where it listens, dials, and waits for its end.
fn be_a_peer(seed: u8, listen: &str, dial: &str) -> ! {
    let listen = Settings { listen: vec![listen.parse().unwrap()], ..settings(seed) };
    let peer = Device::with(listen, memberships(seed, &[7]));
    println!("{}", peer.net.address());
    peer.net.dial(dial.parse().unwrap());
    loop {
        std::thread::park();
    }
}

fn start_peer(seed: u8, listen: &str, dial: &Address) -> (Child, Address) {
    let mut peer = Command::new(std::env::current_exe().unwrap())
        .args(["peer", &seed.to_string(), listen, &dial.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(peer.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (peer, line.trim().parse().unwrap())
}

fn kill(mut peer: Child) {
    peer.kill().unwrap();
    peer.wait().unwrap();
}

fn a_peer_that_vanished_is_missed() {
    let mut watchful = settings(1);
    watchful.bounds.idle = Duration::from_secs(3);
    let ana = Device::with(watchful, memberships(1, &[7]));
    let (peer, _) = start_peer(2, "127.0.0.1:0", &ana.net.address());
    let link = ana.heard.wait_opened(group(7));
    kill(peer);
    assert_eq!(ana.heard.wait_closed(link), "the device there gave no sign of life for 3 s");
}

/// Whichever of the two decides, the new link opens and the old one ends, long before the silence
/// of the old one would be noticed.
fn one_that_comes_back_before_it_was_missed_takes_its_old_place(seed: u8) {
    let mut patient = settings(1);
    patient.bounds.idle = PATIENCE * 10;
    let ana = Device::with(patient, memberships(1, &[7]));
    let (peer, at) = start_peer(seed, "127.0.0.1:0", &ana.net.address());
    let old = ana.heard.wait_opened(group(7));
    kill(peer);
    let (again, _) = start_peer(seed, &at.at[0].to_string(), &ana.net.address());
    ana.heard.wait("a second link", world::second_link);
    let why = ana.heard.wait_closed(old);
    assert!(why.contains("took its place"), "{why}");
    assert_eq!(ana.heard.open().len(), 1);
    kill(again);
}
