//! How the network ends, and where it can be reached until then.

use std::net::UdpSocket;

use copact_net::{Net, NetError, Settings};

use crate::world::{Device, group, memberships, settings};

#[test]
fn a_network_that_ended_leaves_its_port() {
    let ana = Device::new(1, &[7]);
    let ben = Device::new(2, &[7]);
    ana.meet(&ben, group(7));
    let at = ana.net.address().at[0];
    assert!(UdpSocket::bind(at).is_err(), "the port is in use");
    drop(ana);
    UdpSocket::bind(at).unwrap();
}

#[test]
fn what_was_queued_before_the_end_arrives() {
    let (ana, ben) = (Device::new(1, &[7]), Device::new(2, &[7]));
    let (to_ben, from_ana) = ana.meet(&ben, group(7));
    for number in 0..10_u8 {
        ana.net.send(to_ben, vec![number; 300_000]);
    }
    drop(ana);
    let all: Vec<_> = (0..10_u8).map(|number| vec![number; 300_000]).collect();
    assert!(ben.heard.wait_messages(from_ana, 10) == all);
    let why = ben.heard.wait_closed(from_ana);
    assert!(why.contains("ended its connections"), "{why}");
}

#[test]
fn a_network_can_end_on_a_thread_of_a_runtime() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let ana = Device::new(1, &[7]);
    let at = ana.net.address().at[0];
    runtime.block_on(async move { drop(ana) });
    drop(runtime);
    let deadline = std::time::Instant::now() + crate::world::PATIENCE;
    while UdpSocket::bind(at).is_err() {
        assert!(std::time::Instant::now() < deadline);
    }
}

#[test]
fn a_port_that_is_taken_is_said() {
    let taken = UdpSocket::bind("127.0.0.1:0").unwrap();
    let at = taken.local_addr().unwrap();
    let settings = Settings { listen: vec![at], ..settings(1) };
    let error = Net::start(settings, memberships(1, &[7]), |_| {}).unwrap_err();
    assert!(matches!(&error, NetError::Bind { .. }), "{error:?}");
    assert!(error.to_string().contains(&at.to_string()), "{error}");
    assert!(error.to_string().contains("--listen"), "{error}");
}

#[test]
fn a_relay_that_is_no_address_is_said() {
    let settings = Settings { relay: Some("no relay".into()), ..settings(1) };
    let error = Net::start(settings, Vec::new(), |_| {}).unwrap_err();
    assert!(matches!(error, NetError::Relay(_)), "{error:?}");
}

#[test]
fn who_listens_everywhere_names_addresses_that_others_can_use() {
    let everywhere = Settings { listen: Vec::new(), ..settings(1) };
    let ana = Device::with(everywhere, memberships(1, &[7]));
    let address = ana.net.address();
    assert!(!address.at.is_empty() && address.at.len() <= 8, "{address}");
    for at in &address.at {
        assert!(!at.ip().is_unspecified() && at.port() != 0, "{address}");
    }
    let others = address.at.iter().filter(|at| !at.ip().is_loopback()).count();
    assert!(others == 0 || others == address.at.len(), "loopback besides others: {address}");
    let ben = Device::with(Settings { listen: Vec::new(), ..settings(2) }, memberships(2, &[7]));
    ben.meet(&ana, group(7));
}
