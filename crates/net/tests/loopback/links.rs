//! Devices of one group find together.

use std::collections::VecDeque;
use std::sync::mpsc;

use copact_net::{Bounds, Event, Net, Settings};
use copact_sync::limits;

use crate::world::{
    Device, PATIENCE, device_key, group, membership, memberships, moved, second_link, settings,
};

#[test]
fn two_devices_of_a_group_talk_in_both_directions_in_order() {
    let (ana, ben) = (Device::new(1, &[7]), Device::new(2, &[7]));
    let (to_ben, to_ana) = ana.meet(&ben, group(7));
    let message = |number: usize, from: u8| {
        let length =
            if number.is_multiple_of(50) { limits::MESSAGE_BYTES } else { number * 13 + 1 };
        let mut message = vec![from; length];
        message[0] = u8::try_from(number % 256).unwrap();
        message
    };
    for number in 0..120 {
        ana.net.send(to_ben, message(number, b'a'));
        ben.net.send(to_ana, message(number, b'b'));
    }
    let sent = |from| (0..120).map(|number| message(number, from)).collect::<Vec<_>>();
    assert!(ben.heard.wait_messages(to_ana, 120) == sent(b'a'));
    assert!(ana.heard.wait_messages(to_ben, 120) == sent(b'b'));
}

#[test]
fn both_ends_hear_who_the_other_is_and_derive_the_same_key() {
    let (ana, ben) = (Device::new(1, &[7]), Device::new(2, &[7]));
    ana.meet(&ben, group(7));
    let told = |of: &Device| {
        of.heard.wait("a link", |events| {
            events.iter().find_map(|event| match event {
                Event::Opened { device, admissions, key, dialled, address, .. } => {
                    Some((*device, admissions.clone(), *key, *dialled, address.clone()))
                }
                _ => None,
            })
        })
    };
    let (at_ana, at_ben) = (told(&ana), told(&ben));
    assert_eq!(at_ana.0, device_key(2, 7));
    assert_eq!(at_ben.0, device_key(1, 7));
    assert_eq!(at_ana.1, membership(2, 7).admissions);
    assert_eq!(at_ben.1, membership(1, 7).admissions);
    assert_eq!(at_ana.2, at_ben.2);
    assert!(at_ana.3 && !at_ben.3);
    assert_eq!(at_ana.4, ben.net.address().at[0].to_string());
}

#[test]
fn every_common_group_has_a_link_of_its_own_and_no_other_has() {
    let (ana, ben) = (Device::new(1, &[3, 7, 8, 9]), Device::new(2, &[7, 8, 9, 4]));
    ana.net.dial(ben.net.address());
    for number in [7, 8, 9] {
        let (here, there) =
            (ana.heard.wait_opened(group(number)), ben.heard.wait_opened(group(number)));
        ana.net.send(here, vec![number; 10]);
        assert_eq!(ben.heard.wait_messages(there, 1), [vec![number; 10]]);
    }
    assert_eq!((ana.heard.open().len(), ben.heard.open().len()), (3, 3));
}

#[test]
fn who_is_in_more_groups_than_one_greeting_offers_still_finds_the_common_one() {
    let many: Vec<u8> = (1..=100).collect();
    let (ana, ben) = (Device::new(1, &many), Device::new(2, &[100]));
    ana.meet(&ben, group(100));
}

#[test]
fn a_group_that_both_join_later_gets_its_link_and_one_that_is_left_loses_it() {
    let (ana, ben) = (Device::new(1, &[7]), Device::new(2, &[7]));
    let (seven, seven_there) = ana.meet(&ben, group(7));
    ana.net.set_groups(memberships(1, &[7, 8]));
    ben.net.set_groups(memberships(2, &[7, 8]));
    let eight = ana.heard.wait_opened(group(8));
    let there = ben.heard.wait_opened(group(8));
    ana.net.set_groups(memberships(1, &[8]));
    assert_eq!(ana.heard.wait_closed(seven), "this device is no longer in the group");
    let why = ben.heard.wait_closed(seven_there);
    assert!(why.contains("no longer in the group"), "{why}");
    ana.net.send(eight, b"still here".to_vec());
    assert_eq!(ben.heard.wait_messages(there, 1), [b"still here"]);
}

#[test]
fn both_dial_at_once_and_one_link_is_left() {
    for round in 0..15 {
        let (ana, ben) = (Device::new(1, &[7, 8]), Device::new(2, &[7, 8]));
        std::thread::scope(|scope| {
            scope.spawn(|| ana.net.dial(ben.net.address()));
            scope.spawn(|| ben.net.dial(ana.net.address()));
        });
        for number in [7, 8] {
            let (here, there) =
                (ana.heard.wait_opened(group(number)), ben.heard.wait_opened(group(number)));
            for from in 0..20_u8 {
                ana.net.send(here, vec![from]);
                ben.net.send(there, vec![from]);
            }
            let sent: Vec<_> = (0..20_u8).map(|from| vec![from]).collect();
            assert_eq!(ana.heard.wait_messages(here, 20), sent);
            assert_eq!(ben.heard.wait_messages(there, 20), sent);
        }
        for (who, heard) in [("ana", &ana.heard), ("ben", &ben.heard)] {
            let opened = heard.opened(group(7)).len() + heard.opened(group(8)).len();
            assert_eq!(opened, 2, "{who} in round {round}: {:#?}", heard.so_far());
        }
    }
}

#[test]
fn a_link_is_closed_with_a_sentence_at_both_ends_and_dialled_again() {
    let (ana, ben) = (Device::new(1, &[7]), Device::new(2, &[7]));
    let (here, there) = ana.meet(&ben, group(7));
    ben.net.close(there, "it is late\u{202e}\n");
    assert_eq!(ben.heard.wait_closed(there), "it is late\u{202e}\n");
    assert_eq!(ana.heard.wait_closed(here), "the device there closed it: it is late");
    let second = ana.heard.wait("a second link", second_link);
    ana.net.send(second, b"good morning".to_vec());
    let second = ben.heard.wait("a second link", second_link);
    assert_eq!(ben.heard.wait_messages(second, 1), [b"good morning"]);
}

#[test]
fn nobody_answering_is_said_and_tried_again_until_somebody_does() {
    let ana = Device::new(1, &[7]);
    let ben = Device::new(2, &[7]);
    let address = ben.net.address();
    drop(ben);
    ana.net.dial(address.clone());
    let line = ana.heard.wait_note("nobody answers at");
    assert!(line.contains(&address.at[0].to_string()), "{line}");
    let back = Settings { listen: address.at, ..settings(2) };
    let ben = Device::with(back, memberships(2, &[7]));
    ana.heard.wait_opened(group(7));
    ben.heard.wait_opened(group(7));
}

#[test]
fn a_peer_that_is_started_again_is_connected_again() {
    let (ana, ben) = (Device::new(1, &[7]), Device::new(2, &[7]));
    let (here, _) = ana.meet(&ben, group(7));
    let address = ben.net.address();
    drop(ben);
    let why = ana.heard.wait_closed(here);
    assert!(why.contains("ended its connections"), "{why}");
    let ben = Device::with(Settings { listen: address.at, ..settings(2) }, memberships(2, &[7]));
    ben.heard.wait_opened(group(7));
    ana.heard.wait("a second link", second_link);
}

#[test]
fn who_takes_many_connections_says_so_when_it_has_enough() {
    let mut full = settings(1);
    full.bounds.accepted = 1;
    let ana = Device::with(full, memberships(1, &[7]));
    let (ben, eva) = (Device::new(2, &[7]), Device::new(3, &[7]));
    ben.meet(&ana, group(7));
    eva.net.dial(ana.net.address());
    eva.heard.wait_note("as many connections as it takes");
    assert!(eva.heard.opened(group(7)).is_empty());
    // A place that is free again is given to the next.
    drop(ben);
    eva.heard.wait_opened(group(7));
}

#[test]
fn a_sender_is_slowed_down_to_what_the_driver_does() {
    let inbox = 64 * 1_024;
    let mut small = settings(1);
    small.bounds = Bounds { inbox, ..small.bounds };
    let (tell, told) = mpsc::channel();
    let ana = Net::start(small, memberships(1, &[7]), move |event| {
        let _ = tell.send(event);
    })
    .unwrap();
    let ben = Device::new(2, &[7]);
    ben.net.dial(ana.address());
    let link = ben.heard.wait_opened(group(7));
    let (count, size) = (400, 10_000);
    for _ in 0..count {
        ben.net.send(link, vec![0; size]);
    }
    let mut held = VecDeque::new();
    let mut done = 0;
    while done < count {
        // As long as there is more, nothing is let go: what is held must stay within the inbox.
        match told.recv_timeout(if held.len() * size + size > inbox {
            std::time::Duration::ZERO
        } else {
            PATIENCE
        }) {
            Ok(Event::Message { bytes, room, .. }) => {
                assert_eq!(bytes.len(), size);
                held.push_back(room);
                assert!(held.len() * size <= inbox, "{} are held", held.len());
            }
            Ok(_) => {}
            Err(_) => {
                assert!(held.pop_front().is_some(), "nothing came");
                done += 1;
            }
        }
        if done + held.len() == count {
            break;
        }
    }
}

#[test]
fn who_is_found_by_the_platform_is_dialled() {
    let (ana, ben) = (Device::new(1, &[7]), Device::new(2, &[7]));
    ana.net.found(ben.net.address());
    ana.heard.wait_opened(group(7));
    ben.heard.wait_opened(group(7));
}

#[test]
fn devices_of_one_lan_find_each_other_and_an_address_without_places() {
    // Own groups: what else is announced on this machine is of others.
    let near = |seed| Settings { lan: true, ..settings(seed) };
    let ana = Device::with(near(201), memberships(201, &[77]));
    let ben = Device::with(near(202), memberships(202, &[77, 78]));
    ana.heard.wait_opened(group(77));
    ben.heard.wait_opened(group(77));
    let eva = Device::with(near(203), memberships(203, &[78]));
    eva.net.dial(moved(&ben.net.address(), &[]));
    eva.heard.wait_opened(group(78));
}
