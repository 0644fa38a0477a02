//! Real `copact` processes that find each other on networks without internet: each in a host of
//! its own, which is a network namespace.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

/// The networks; a file of the tests' package, which no crate may depend on.
#[path = "../../../../tests/src/lan.rs"]
#[allow(dead_code)]
mod lan;
mod listening;
mod room;
mod watch;
#[path = "../command_line/world.rs"]
#[allow(dead_code)]
mod world;

use std::time::Instant;

use lan::World as Lans;
use watch::{Watch, even, soon};
use world::World;

#[test]
fn a_tap_in_one_home_shows_in_another_with_no_internet() {
    let Some(lans) = Lans::new() else { return };
    let (world, street) = (World::new(), lans.bridge());
    let devices = world.founded(&["Ann", "Ben"]);
    let (ann, ben) = (&devices[0], &devices[1]);
    ann.json(&["meeting", "new", "Spring"]);
    let hosts = [lans.host(), lans.host()];
    hosts.iter().for_each(|host| host.join(street));
    let began = Instant::now();
    let mut there = Watch::start(&hosts[0], ann);
    let mut here = Watch::start(&hosts[1], ben);
    here.meets("Ann");
    there.meets("Ben");
    here.receives("Ann");
    eprintln!("two homes met {} ms after their start", began.elapsed().as_millis());
    even(&[ann, ben]);
    // Commands act through the watchers, and what they write goes to the other at once.
    let tapped = Instant::now();
    ann.json(&["tap", "Spring"]);
    here.receives("Ann");
    eprintln!("a tap was there {} ms after the command's start", tapped.elapsed().as_millis());
    ben.json(&["tap", "Spring"]);
    there.receives("Ben");
    even(&[ann, ben]);
    assert_eq!(ann.json(&["meeting", "show", "Spring"])["present"], 2);

    // The cable is pulled for a moment; what was written meanwhile comes when it is in again.
    hosts[1].cut(street);
    ann.json(&["meeting", "new", "Summer"]);
    ben.json(&["meeting", "new", "Autumn"]);
    let views = watch::views(&[ann, ben]);
    assert_ne!(views[0], views[1]);
    hosts[1].mend(street);
    let mended = Instant::now();
    even(&[ann, ben]);
    eprintln!("what was written while apart was there after {} ms", mended.elapsed().as_millis());
}

/// Two terminals of a computer that has no network at all, or none that is a LAN.
#[test]
fn two_homes_on_one_computer_find_each_other_without_any_network() {
    let Some(lans) = Lans::new() else { return };
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben"]);
    let (ann, ben) = (&devices[0], &devices[1]);
    let computer = lans.host();
    let up = computer.command("ip").args(["link", "set", "lo", "up"]).status().unwrap();
    assert!(up.success());
    ann.json(&["meeting", "new", "Spring"]);
    let began = Instant::now();
    let mut there = Watch::start(&computer, ann);
    let mut here = Watch::start(&computer, ben);
    let at = here.meets("Ann");
    assert!(at.starts_with("127.0.0.1:") || at.starts_with("[::1]:"), "{at}");
    there.meets("Ben");
    eprintln!("two homes of one computer met {} ms after their start", began.elapsed().as_millis());
    here.receives("Ann");
    even(&[ann, ben]);
}

/// What a hotspot is: the way to everywhere is one network, and the guests are on the other.
#[test]
fn who_hosts_a_hotspot_is_found_by_guests_and_tells_them_of_those_outside() {
    let Some(lans) = Lans::new() else { return };
    let (world, street, hotspot) = (World::new(), lans.bridge(), lans.bridge());
    let devices = world.founded(&["Ann", "Ben", "Cem"]);
    let (ann, ben, cem) = (&devices[0], &devices[1], &devices[2]);
    let (phone, guest, outside) = (lans.host(), lans.host(), lans.host());
    for host in [&phone, &outside] {
        host.join(street);
        host.route(street);
    }
    phone.join(hotspot);
    guest.join(hotspot);
    let mut at_phone = Watch::start(&phone, ann);
    let mut at_guest = Watch::start(&guest, ben);
    let mut at_outside = Watch::start(&outside, cem);
    let here = at_guest.meets("Ann");
    assert!(here.contains(&phone.address(hotspot).to_string()), "{here}");
    let here = at_outside.meets("Ann");
    assert!(here.contains(&phone.address(street).to_string()), "{here}");
    at_phone.meets("Ben");
    at_phone.meets("Cem");
    cem.json(&["meeting", "new", "Spring"]);
    cem.json(&["tap", "Spring"]);
    at_guest.receives("Ann");
    even(&[ann, ben, cem]);
    assert_eq!(ben.json(&["meeting", "show", "Spring"])["present"], 1);
}

#[test]
fn one_that_is_killed_half_way_goes_on_where_it_was() {
    let Some(lans) = Lans::new() else { return };
    let (world, street) = (World::new(), lans.bridge());
    let devices = world.founded(&["Ann", "Ben"]);
    let (ann, ben) = (&devices[0], &devices[1]);
    let mut list = String::from("date,meeting,member\n");
    for number in 0..400 {
        let (day, meeting, person) = (1 + number % 28, number / 20, number % 20);
        list.push_str(&format!("2025-02-{day:02},Meeting {meeting},Person {person}\n"));
    }
    world.write("2025.csv", list);
    ann.json(&["import", "attendance", "2025.csv"]);
    let whole = ann.json(&["status"])["envelopes"].as_u64().unwrap();
    let hosts = [lans.host(), lans.host()];
    hosts.iter().for_each(|host| host.join(street));
    let there = Watch::start(&hosts[0], ann);
    let mut here = Watch::start(&hosts[1], ben);
    here.receives("Ann");
    here.kill();
    let had = ben.json(&["status"])["envelopes"].as_u64().unwrap();
    eprintln!("killed with {had} of {whole} envelopes");
    assert!(had > 2, "what came before the end is there: {had}");
    assert_eq!(ben.json(&["doctor"])["ok"], true);
    let mut again = Watch::start(&hosts[1], ben);
    again.meets("Ann");
    even(&[ann, ben]);
    assert_eq!(ben.json(&["doctor"])["ok"], true);
    drop(there);
}

#[test]
fn nobody_is_found_where_nobody_is() {
    let Some(lans) = Lans::new() else { return };
    let (world, street, room) = (World::new(), lans.bridge(), lans.bridge());
    let devices = world.founded(&["Ann", "Ben"]);
    let (here, there) = (lans.host(), lans.host());
    here.join(street);
    there.join(room);
    let watch = Watch::start(&there, &devices[1]);
    let once = devices[0].command(&["sync", "--json"]);
    let answer = world::Answer::of(watch::in_host(&here, &once));
    assert_eq!(answer.code, 1, "{answer:?}");
    assert!(answer.err.contains("nobody_found"), "{answer:?}");
    // The same command, once the other is there.
    there.join(street);
    soon("a sync with whom is found", || {
        let answer = world::Answer::of(watch::in_host(&here, &once));
        if answer.code == 0 { Ok(()) } else { Err(answer.err) }
    });
    even(&[&devices[0], &devices[1]]);
    drop(watch);
}
