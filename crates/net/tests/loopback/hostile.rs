//! Those who should not get in, and those who are in and do wrong.

use std::time::Duration;

use copact_net::{Bounds, Event, Pace, Settings};
use copact_sync::limits;
use iroh::endpoint::ReadError;

use crate::outsider::{Outsider, SYNC, closed_with, iroh_address, write};
use crate::world::{Device, bounds, group, membership, memberships, settings};

#[test]
fn a_stranger_hears_nothing_and_leaves_a_line() {
    let ana = Device::new(1, &[7]);
    let outsider = Outsider::new(50, 1);
    let connection = outsider.connect(&ana.net.address(), SYNC);
    outsider.run(async {
        let (mut send, mut recv) = connection.open_bi().await.unwrap();
        // A call as of a device of other groups.
        let (_, call) = copact_sync::greeting::Dialer::call(
            copact_sync::greeting::Channel { exporter: [1; 32], stream: 0 },
            &memberships(9, &[1, 2, 3]),
            &[5; 32],
        )
        .unwrap();
        write(&mut send, &call).await;
        let mut answer = [0; 1];
        let read = recv.read(&mut answer).await;
        assert!(matches!(read, Err(ReadError::Reset(code)) if code.into_inner() == 0), "{read:?}");
        connection.close(0_u32.into(), b"");
    });
    let line = ana.heard.wait_note("it is in no group of this device");
    assert!(line.contains("127.0.0.1:"), "{line}");
    assert!(ana.heard.open().is_empty());
}

#[test]
fn members_of_different_groups_do_not_meet_and_both_hear_why() {
    let (ana, ben) = (Device::new(1, &[7]), Device::new(2, &[8]));
    ana.net.dial(ben.net.address());
    let line = ana.heard.wait_note("is in no group of this device");
    assert!(line.contains(&ben.net.address().at[0].to_string()), "{line}");
    ben.heard.wait_note("it is in no group of this device");
    assert!(ana.heard.open().is_empty() && ben.heard.open().is_empty());
}

#[test]
fn strangers_become_peers_when_they_join_the_same_group() {
    let (ana, ben) = (Device::new(1, &[7]), Device::new(2, &[8]));
    ana.net.dial(ben.net.address());
    ana.heard.wait_note("is in no group of this device");
    ben.net.set_groups(memberships(2, &[7, 8]));
    ana.net.set_groups(memberships(1, &[7]));
    ana.heard.wait_opened(group(7));
    ben.heard.wait_opened(group(7));
}

#[test]
fn garbage_is_refused_without_a_word() {
    let ana = Device::new(1, &[7]);
    let outsider = Outsider::new(50, 1);
    for garbage in [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0; 64], &[0xff; 2_000], &[0, 0, 0, 1, 0x80]] {
        let connection = outsider.connect(&ana.net.address(), SYNC);
        let error = outsider.run(async {
            let (mut send, _recv) = connection.open_bi().await.unwrap();
            send.write_all(garbage).await.unwrap();
            send.finish().unwrap();
            connection.closed().await
        });
        assert_eq!(closed_with(error), (0, String::new()), "{garbage:?}");
    }
    ana.heard.wait_note("refused a connection from");
    let ben = Device::new(2, &[7]);
    ben.meet(&ana, group(7));
}

#[test]
fn a_message_that_would_be_too_large_closes_the_link_with_a_sentence() {
    let ana = Device::new(1, &[7]);
    let outsider = Outsider::new(50, 1);
    let mut peer = outsider.greet(&ana.net.address(), &membership(50, 7));
    let link = ana.heard.wait_opened(group(7));
    let error = outsider.run(async {
        let length = u32::try_from(limits::MESSAGE_BYTES + 1).unwrap();
        peer.send.write_all(&length.to_be_bytes()).await.unwrap();
        peer.connection.closed().await
    });
    let why = ana.heard.wait_closed(link);
    assert!(why.contains(&limits::MESSAGE_BYTES.to_string()), "{why}");
    assert_eq!(closed_with(error), (1, why));
}

#[test]
fn a_message_that_does_not_go_on_closes_the_link_and_silence_between_messages_does_not() {
    let mut hurried = settings(1);
    hurried.bounds.pace = Pace { grace: Duration::from_millis(300), rate: 1_000_000 };
    let ana = Device::with(hurried, memberships(1, &[7]));
    let outsider = Outsider::new(50, 1);
    let mut peer = outsider.greet(&ana.net.address(), &membership(50, 7));
    let link = ana.heard.wait_opened(group(7));
    outsider.run(async {
        tokio::time::sleep(Duration::from_millis(900)).await;
        write(&mut peer.send, b"after a pause").await;
    });
    assert_eq!(ana.heard.wait_messages(link, 1), [b"after a pause"]);
    let error = outsider.run(async {
        peer.send.write_all(&1_000_u32.to_be_bytes()).await.unwrap();
        peer.send.write_all(b"the beginning").await.unwrap();
        peer.connection.closed().await
    });
    let why = ana.heard.wait_closed(link);
    assert!(why.contains("did not go on with it"), "{why}");
    assert_eq!(closed_with(error), (1, why));
}

#[test]
fn a_message_that_trickles_closes_the_link() {
    let mut hurried = settings(1);
    hurried.bounds.pace = Pace { grace: Duration::from_millis(500), rate: 1_000_000 };
    let ana = Device::with(hurried, memberships(1, &[7]));
    let outsider = Outsider::new(50, 1);
    let mut peer = outsider.greet(&ana.net.address(), &membership(50, 7));
    let link = ana.heard.wait_opened(group(7));
    outsider.run(async {
        peer.send.write_all(&1_000_000_u32.to_be_bytes()).await.unwrap();
        // Far from stalled, and far from any use.
        while peer.send.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let why = ana.heard.wait_closed(link);
    assert!(why.contains("did not go on with it"), "{why}");
}

#[test]
fn who_takes_nothing_is_given_up_when_too_much_waits() {
    let mut small = settings(1);
    small.bounds.queue = 2 * 1_024 * 1_024;
    let ana = Device::with(small, memberships(1, &[7]));
    let outsider = Outsider::new(50, 1);
    let peer = outsider.greet(&ana.net.address(), &membership(50, 7));
    let link = ana.heard.wait_opened(group(7));
    for _ in 0..20 {
        ana.net.send(link, vec![1; 1_024 * 1_024]);
    }
    let why = ana.heard.wait_closed(link);
    assert!(why.contains("more than 2 MiB wait to be sent"), "{why}");
    let error = outsider.run(peer.connection.closed());
    assert_eq!(closed_with(error), (1, why));
}

#[test]
fn who_takes_nothing_is_given_up_after_a_time() {
    let mut hurried = settings(1);
    hurried.bounds.pace = Pace { grace: Duration::from_millis(500), rate: 1_000_000 };
    let ana = Device::with(hurried, memberships(1, &[7]));
    let outsider = Outsider::new(50, 1);
    let _peer = outsider.greet(&ana.net.address(), &membership(50, 7));
    let link = ana.heard.wait_opened(group(7));
    for _ in 0..8 {
        ana.net.send(link, vec![1; 1_024 * 1_024]);
    }
    let why = ana.heard.wait_closed(link);
    assert!(why.contains("does not take what is sent"), "{why}");
}

#[test]
fn a_link_whose_stream_is_broken_is_closed_and_the_others_go_on() {
    let (ana, ben) = (Device::new(1, &[7, 8]), Device::new(2, &[7, 8]));
    ana.net.dial(ben.net.address());
    let (seven, there) = (ana.heard.wait_opened(group(7)), ben.heard.wait_opened(group(7)));
    let (eight, eight_there) = (ana.heard.wait_opened(group(8)), ben.heard.wait_opened(group(8)));
    ana.net.close(seven, "of no use");
    assert_eq!(ben.heard.wait_closed(there), "the device there closed it: of no use");
    ana.net.send(eight, b"on".to_vec());
    assert_eq!(ben.heard.wait_messages(eight_there, 1), [b"on"]);
}

#[test]
fn a_copy_of_this_device_is_flagged_and_gets_no_link() {
    let ana = Device::new(1, &[7]);
    let copy = Device::with(settings(9), memberships(1, &[7]));
    copy.net.dial(ana.net.address());
    copy.heard.wait_note("a copy of this device");
    ana.heard.wait_note("a copy of this device");
    assert!(ana.heard.open().is_empty() && copy.heard.open().is_empty());
}

/// 1 000 connections from ten addresses that never greet, against the bounds of a real device.
#[test]
fn a_thousand_dialers_keep_nobody_out() {
    let guarded = Bounds { pause: bounds().pause, ..Bounds::default() };
    let at_all = Settings { bounds: guarded, ..settings(1) };
    let ana = Device::with(at_all, memberships(1, &[7]));
    let before = Device::new(2, &[7]);
    let (to_ana, from_before) = before.meet(&ana, group(7));
    let crowd: Vec<Outsider> = (0..10).map(|n| Outsider::new(100 + n, 100 + n)).collect();
    let address = iroh_address(&ana.net.address());
    for outsider in &crowd {
        for _ in 0..100 {
            let (endpoint, address) = (outsider.endpoint.clone(), address.clone());
            outsider.runtime.spawn(async move {
                // Whoever gets through keeps its place as long as it can.
                if let Ok(connection) = endpoint.connect(address, SYNC).await {
                    connection.closed().await;
                }
            });
        }
    }
    let refused = ana.heard.wait_note("too many connections from there");
    assert!(refused.contains("127.0.0.1"), "{refused}");
    // Who is connected is still served, and who comes now from elsewhere gets in.
    before.net.send(to_ana, b"still here".to_vec());
    assert_eq!(ana.heard.wait_messages(from_before, 1), [b"still here"]);
    let mut elsewhere = settings(3);
    elsewhere.listen = vec!["127.0.0.77:0".parse().unwrap()];
    let late = Device::with(elsewhere, memberships(3, &[7]));
    late.net.dial(ana.net.address());
    late.heard.wait_opened(group(7));
    let lines = ana.heard.so_far().iter().filter(|e| matches!(e, Event::Note { .. })).count();
    assert!(lines <= 60, "{lines} lines about it");
}

#[test]
fn who_connects_and_does_not_greet_is_closed_in_time() {
    let mut hurried = settings(1);
    hurried.bounds.greeting = Duration::from_millis(500);
    let ana = Device::with(hurried, memberships(1, &[7]));
    let outsider = Outsider::new(50, 1);
    let connection = outsider.connect(&ana.net.address(), SYNC);
    let error = outsider.run(async {
        let (mut send, mut recv) = connection.open_bi().await.unwrap();
        send.write_all(&[0]).await.unwrap();
        let mut answer = [0; 1];
        match recv.read(&mut answer).await {
            Err(ReadError::ConnectionLost(error)) => error,
            other => panic!("{other:?}"),
        }
    });
    assert_eq!(closed_with(error), (0, String::new()));
    ana.heard.wait_note("did not greet in time");
}

#[test]
fn one_device_that_claims_to_be_many_takes_no_place_from_others() {
    let mut small = settings(1);
    small.bounds.accepted = 6;
    let ana = Device::with(small, memberships(1, &[7]));
    let outsiders: Vec<Outsider> = (0..8).map(|one| Outsider::new(50 + one, 1)).collect();
    let mine = membership(50, 7);
    let greeted = outsiders.iter().zip(1..).map(|(one, run)| {
        let greeted = one.greet_as(&ana.net.address(), &mine, run);
        ana.heard.wait("the next link", |events| {
            let opened = events.iter().filter(|event| matches!(event, Event::Opened { .. }));
            let closed = events.iter().filter(|event| matches!(event, Event::Closed { .. }));
            // The oldest has made room before the next one comes.
            let closed = closed.count() + 3 >= usize::from(run);
            (opened.count() >= usize::from(run) && closed).then_some(())
        });
        greeted
    });
    let greeted: Vec<_> = greeted.collect();
    let ben = Device::new(2, &[7]);
    ben.net.dial(ana.net.address());
    ben.heard.wait_opened(group(7));
    drop(greeted);
}
