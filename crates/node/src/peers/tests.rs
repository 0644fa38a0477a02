//! Homes in exchange over real endpoints on loopback.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::path::Path;

use copact_core::day::Day;

use super::room::Room;
use super::*;
use crate::group::disk_of_a_test;
use crate::home::Clock;
use crate::inviting::Invitee;
use crate::{bundle, founding, waiting};

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

#[test]
fn five_homes_in_a_chain_become_even_with_names_texts_and_attested_taps() {
    let folder = tempfile::tempdir().unwrap();
    let homes = founded(folder.path(), &["Ann", "Ben", "Cem", "Eva", "Finn"]);
    let mut first = homes[0].open(None).unwrap();
    first.new_meeting("Spring", None, None).unwrap();
    first.open_meeting("Spring", true).unwrap();
    first.tap(Some("Spring"), None, None).unwrap();
    let code = first.show_code("Spring").unwrap().code;
    drop(first);
    let mut room = ring(&homes);
    room.even().unwrap();
    for number in 1..5 {
        let (home, _) = room.device(number).unwrap();
        home.open(None).unwrap().tap(Some("Spring"), None, Some(&code)).unwrap();
        home.open(None).unwrap().note("by hand", None).unwrap();
    }
    room.even().unwrap();
    let digests: Vec<String> = (0..5)
        .map(|number| room.device(number).unwrap().0.open(None).unwrap().status().view_digest)
        .collect();
    assert!(digests.iter().all(|one| *one == digests[0]), "{digests:?}");
    let group = room.device(4).unwrap().0.open(None).unwrap();
    let row = group.show_meeting("Spring").unwrap();
    // Ann's device showed the code, and attests by itself whoever comes with it.
    assert_eq!((row.present, row.grades.witnessed), (5, 4), "{row:?}");
    assert_eq!(group.names().len(), 5);
    drop(group);
    let texts = |number: usize, room: &mut Room| {
        room.device(number).unwrap().0.open(None).unwrap().texts().len()
    };
    assert_eq!(texts(0, &mut room), texts(4, &mut room));
}

#[test]
fn a_newcomer_joins_by_the_network_and_is_known_to_whoever_has_not_heard_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let homes = founded(folder.path(), &["Ann", "Ben"]);
    let eva = home(folder.path(), "Eva");
    let mut room = Room::default();
    let ann = room.enter(&homes[0], loopback()).unwrap();
    let (home, peers) = room.device(ann).unwrap();
    let mut group = home.open(None).unwrap();
    let invited =
        group.invite_by(Invitee::Newcomer, Some(peers), |_| Ok::<_, NodeError>(())).unwrap();
    drop(group);
    let entry = Entry::begin(&eva, &invited.ticket, Some("Eva"), None).unwrap();
    let number = room.enter(&eva, loopback()).unwrap();
    room.device(number).unwrap().1.ask(&entry).unwrap();
    room.until(|room| !room.device(ann).unwrap().1.asking().is_empty()).unwrap();
    let (home, peers) = room.device(ann).unwrap();
    let asks = peers.asking().pop().unwrap();
    assert_eq!((asks.name.as_deref(), asks.role.as_deref()), (Some("Eva"), Some("citizen")));
    assert!(peers.admit(home, "000 000").is_err());
    assert_eq!(peers.admit(home, &asks.code).unwrap().name, "Eva");
    room.even().unwrap();
    let (home, _) = room.device(number).unwrap();
    assert!(home.open(None).unwrap().me().is_ok());
    assert!(waiting::all(home).unwrap().is_empty(), "nothing waits any more");

    // Ben has not seen Ann since; Eva shows him who let her in.
    drop(room);
    let mut room = ring(&[eva, homes[1].clone()]);
    room.even().unwrap();
    assert_eq!(room.device(1).unwrap().0.open(None).unwrap().names().len(), 3);
}

#[test]
fn a_request_that_was_cut_off_is_asked_again_word_for_word() {
    let folder = tempfile::tempdir().unwrap();
    let homes = founded(folder.path(), &["Ann"]);
    let ticket = homes[0].open(None).unwrap().invite(Invitee::Newcomer).unwrap().ticket;
    let eva = home(folder.path(), "Eva");
    let first = Entry::begin(&eva, &ticket, Some("Eva"), None).unwrap();
    let again = Entry::begin(&eva, &ticket, Some("Eva"), None).unwrap();
    assert_eq!((first.request, waiting::all(&eva).unwrap().len()), (again.request, 1));
    let other = homes[0].open(None).unwrap().invite(Invitee::Newcomer).unwrap().ticket;
    Entry::begin(&eva, &other, Some("Eva"), None).unwrap();
    assert_eq!(waiting::all(&eva).unwrap().len(), 2);
}

#[test]
fn an_invite_that_was_tried_is_open_to_nobody_after_a_restart_but_by_file() {
    let folder = tempfile::tempdir().unwrap();
    let homes = founded(folder.path(), &["Ann"]);
    let mut group = homes[0].open(None).unwrap();
    let invited = group.invite(Invitee::Newcomer).unwrap();
    let tried = |group: &Group| {
        let all = group.invites_to_open().unwrap();
        all.iter().map(|(used, invite)| (*used, invite.tried)).collect::<Vec<_>>()
    };
    assert_eq!(tried(&group), [(false, false)]);
    group.invite_was_tried(invited.nonce).unwrap();
    drop(group);
    let group = homes[0].open(None).unwrap();
    assert_eq!(tried(&group), [(false, true)]);
    drop(group);
    let (eva, path) = (home(folder.path(), "Eva"), folder.path().join("eva.req"));
    founding::ask_to_join(&eva, &invited.ticket, Some("Eva"), None, &path).unwrap();
    let mut group = homes[0].open(None).unwrap();
    let request = group.read_request(&path).unwrap();
    group.admit(request).unwrap();
    assert_eq!(tried(&group), [(true, true)]);
}

#[test]
fn what_cannot_be_stored_closes_the_links_and_comes_again_when_it_can() {
    let folder = tempfile::tempdir().unwrap();
    let homes = founded(folder.path(), &["Ann", "Ben"]);
    homes[0].open(None).unwrap().note("said apart", None).unwrap();
    let mut room = ring(&homes);
    disk_of_a_test::fill(homes[1].folder(), true);
    let refused = |room: &mut Room| {
        let happened = room.device(1).unwrap().1.happened();
        happened.iter().any(|one| matches!(one, Happened::Note { line } if line.contains("full")))
    };
    room.until(refused).unwrap();
    let (ben, peers) = room.device(1).unwrap();
    assert_eq!(peers.progress().connected, 0);
    assert_eq!(ben.open(None).unwrap().log().len(), 0, "nothing was half taken in");
    disk_of_a_test::fill(homes[1].folder(), false);
    room.even().unwrap();
    assert_eq!(room.device(1).unwrap().0.open(None).unwrap().log().len(), 1);
}

#[test]
fn a_new_day_has_a_new_endpoint_and_the_same_day_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let homes = founded(folder.path(), &["Ann", "Ben"]);
    let endpoint = |room: &mut Room| {
        let address = room.device(0).unwrap().1.address().unwrap();
        address.split_once('@').unwrap().0.to_owned()
    };
    let mut room = ring(&homes);
    room.even().unwrap();
    let first = endpoint(&mut room);
    drop(room);
    let mut room = ring(&homes);
    assert_eq!(endpoint(&mut room), first, "after a restart on the same day");
    room.even().unwrap();
    let tomorrow = Clock { seconds: clock().seconds + 86_400, day: clock().day.plus(1) };
    room.set_clock(0, tomorrow).unwrap();
    assert_ne!(endpoint(&mut room), first);
    // Who met it yesterday is met again at the new one.
    room.introduce(1, 0).unwrap();
    let (home, peers) = room.device(0).unwrap();
    home.open(None).unwrap().note("on another day", None).unwrap();
    peers.wrote(home);
    room.even().unwrap();
    assert_eq!(room.device(1).unwrap().0.open(None).unwrap().log().len(), 1);
}

#[test]
fn a_newcomer_takes_no_more_into_memory_than_a_bundle_may_have() {
    let folder = tempfile::tempdir().unwrap();
    let group = founded(folder.path(), &["Ann"])[0].open(None).unwrap();
    let ledger = group.ledger();
    let all: Vec<_> = ledger.envelopes().map(|(_, at)| at.envelope().clone()).collect();
    let take = |already| {
        let waiting = waiting::Waiting::new(None, &crate::group::Secrets::fresh().unwrap());
        let mut coming = here::Coming::new(ledger.group(), waiting);
        coming.bytes = already;
        coming.take(all.clone(), Vec::new(), Vec::new())
    };
    assert_eq!(take(0).unwrap().envelopes, 1);
    let full = take(copact_sync::limits::PARCEL_BYTES - 100).unwrap_err();
    assert_eq!(full.code, "too_much");
}
