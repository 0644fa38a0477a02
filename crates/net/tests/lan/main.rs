//! Devices find each other on networks without internet: real processes in network namespaces.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod device;
/// The networks; a file of the tests' package, which no crate may depend on.
#[path = "../../../../tests/src/lan.rs"]
#[allow(dead_code, clippy::expect_used)]
mod lan;
mod listening;
mod log;
mod nets;

use lan::World;

use device::{Running, id};

/// Whether this process was started in a role; then it has played it.
fn played() -> bool {
    let Some((role, number)) = device::role() else { return false };
    match role.as_str() {
        "device" => device::play(number),
        "net" => nets::play(number, nets::WATCHFUL),
        "patient" => nets::play(number, nets::PATIENT),
        "listener" => listening::play(),
        "stranger" => listening::flood(),
        other => panic!("nobody plays {other}"),
    }
    true
}

/// The first number of what was said: milliseconds since the device's start.
fn after(said: &str) -> &str {
    said.split(' ').next().unwrap()
}

fn connected(running: &mut Running, other: u8) {
    let found = running.until(&format!("found {}", id(other)));
    let connected = running.until(&format!("connected {}", id(other)));
    eprintln!("found after {} ms, connected after {} ms", after(&found), after(&connected));
}

#[test]
fn two_devices_find_each_other_without_a_default_route() {
    if played() {
        return;
    }
    let Some(world) = World::new() else { return };
    const TEST: &str = "two_devices_find_each_other_without_a_default_route";
    let room = world.bridge();
    let (one, other) = (world.host(), world.host());
    one.join(room);
    other.join(room);
    let mut first = device::start(&one, TEST, "device", 1);
    first.until("listens");
    let mut second = device::start(&other, TEST, "device", 2);
    connected(&mut second, 1);
    connected(&mut first, 2);

    // Who ends says goodbye; who is killed is forgotten later.
    second.end();
    first.until(&format!("gone {}", id(2)));
    let mut third = device::start(&other, TEST, "device", 3);
    connected(&mut first, 3);
    third.kill();
    let killed = std::time::Instant::now();

    // The bridge is left and joined again while the device runs.
    let mut fourth = device::start(&other, TEST, "device", 4);
    connected(&mut fourth, 1);
    fourth.forget();
    other.leave(room);
    first.until(&format!("gone {}", id(3)));
    eprintln!("the dead are forgotten after {} s", killed.elapsed().as_secs());
    fourth.until(&format!("gone {}", id(1)));
    let joined = std::time::Instant::now();
    other.join(room);
    fourth.until(&format!("found {}", id(1)));
    eprintln!("found {} ms after the network came back", joined.elapsed().as_millis());
}

/// What a hotspot is: the way to everywhere is one network, and the guests are on the other.
#[test]
fn a_host_with_two_interfaces_is_found_on_the_second_one() {
    if played() {
        return;
    }
    let Some(world) = World::new() else { return };
    const TEST: &str = "a_host_with_two_interfaces_is_found_on_the_second_one";
    let (street, room) = (world.bridge(), world.bridge());
    let (host, guest, stranger) = (world.host(), world.host(), world.host());
    for one in [&host, &stranger] {
        one.join(street);
        one.route(street);
    }
    guest.join(room);
    let mut outside = device::start(&stranger, TEST, "device", 3);
    let mut inside = device::start(&guest, TEST, "device", 2);
    let mut hosting = device::start(&host, TEST, "device", 1);
    connected(&mut outside, 1);
    let told = outside.until(&format!("found {}", id(1)));
    assert!(told.contains(&format!(" {}:", host.address(street))), "{told}");

    // The second interface comes up while the device runs.
    assert!(!inside.said().iter().any(|line| line.starts_with("found")));
    let up = std::time::Instant::now();
    host.join(room);
    let told = inside.until(&format!("found {}", id(1)));
    eprintln!("found on a new interface {} ms after it came up", up.elapsed().as_millis());
    inside.until(&format!("connected {}", id(1)));
    hosting.until(&format!("connected {}", id(2)));

    // On each network only what the host has there is told.
    let here = told.split(' ').nth(1).unwrap();
    assert!(here.starts_with(&format!("{}:", host.address(room))), "{told}");
    assert!(!here.contains(','), "{told}");
    assert!(!outside.said().iter().any(|line| line.contains(&host.address(room).to_string())));
    assert!(!inside.said().iter().any(|line| line.contains(&id(3).to_string())));

    // There from the beginning, too.
    hosting.end();
    inside.until(&format!("gone {}", id(1)));
    inside.forget();
    let mut again = device::start(&host, TEST, "device", 1);
    connected(&mut again, 2);
    connected(&mut inside, 1);
}
