//! Homes in exchange over real endpoints on loopback.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::path::Path;

use copact_core::day::Day;

use super::room::Room;
use super::*;
use crate::home::Clock;
use crate::{bundle, founding};

fn clock() -> Clock {
    Clock { seconds: 1_772_366_400, day: Day::parse("2026-03-01").unwrap() }
}

fn home(folder: &Path, name: &str) -> Home {
    Home::new(folder.join(name), Some(folder.join("state")), clock())
}

fn loopback() -> Options {
    Options { listen: vec!["127.0.0.1:0".parse().unwrap()], ..Options::default() }
}

/// Homes of people who founded a group together.
fn founded(folder: &Path, names: &[&str]) -> Vec<Home> {
    let homes: Vec<Home> = names.iter().map(|name| home(folder, name)).collect();
    let with: Vec<_> = names[1..]
        .iter()
        .zip(&homes[1..])
        .map(|(name, home)| {
            let path = folder.join(format!("{name}.req"));
            founding::ask_to_found(home, "Green Lane", name, None, &path).unwrap().request
        })
        .collect();
    founding::found(&homes[0], "Green Lane", names[0], None, &with, None).unwrap();
    let first = folder.join("first.copact");
    homes[0].open(None).unwrap().export(&first, None).unwrap();
    for home in &homes[1..] {
        bundle::import(home, &first).unwrap();
    }
    homes
}

/// Each dials the next.
fn ring(homes: &[Home]) -> Room {
    let mut room = Room::default();
    for home in homes {
        room.enter(home, loopback()).unwrap();
    }
    for number in 1..homes.len() {
        room.introduce(number - 1, number).unwrap();
    }
    room
}

#[test]
fn two_homes_become_even_and_a_tap_in_one_shows_in_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let homes = founded(folder.path(), &["Ann", "Ben"]);
    homes[0].open(None).unwrap().new_meeting("Spring", None, None).unwrap();
    homes[1].open(None).unwrap().note("said apart", None).unwrap();
    let mut room = ring(&homes);
    room.even().unwrap();
    let (home, peers) = room.device(0).unwrap();
    home.open(None).unwrap().tap(Some("Spring"), None, None).unwrap();
    peers.wrote(home);
    room.even().unwrap();
    let (home, peers) = room.device(1).unwrap();
    let group = home.open(None).unwrap();
    assert_eq!(group.show_meeting("Spring").unwrap().present, 1);
    assert!(group.log().iter().any(|row| row.kind == "note"));
    let progress = Progress { found: 1, connected: 1, up_to_date: 1 };
    assert_eq!(peers.progress(), progress);
    let happened = peers.happened();
    let received =
        |one: &Happened| matches!(one, Happened::Received { from, .. } if *from == ["Ann"]);
    assert!(happened.iter().any(received), "{happened:#?}");
}
