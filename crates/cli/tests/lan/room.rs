//! A room full of devices, and what becomes of it when its network falls apart.

use std::time::Instant;

use crate::lan::{Host, World as Lans};
use crate::watch::{Watch, even, views};
use crate::world::{Device, World};

const DEVICES: usize = 20;

fn tap(devices: &[&Device], meeting: &str) {
    for device in devices {
        device.json(&["tap", meeting]);
    }
}

fn present(device: &Device, meeting: &str) -> u64 {
    device.json(&["meeting", "show", meeting])["present"].as_u64().unwrap()
}

#[test]
fn a_room_of_20_converges_and_does_so_again_after_it_was_parted() {
    let Some(lans) = Lans::new() else { return };
    let (world, room, other) = (World::new(), lans.bridge(), lans.bridge());
    let began = Instant::now();
    let names: Vec<String> = (1..=DEVICES).map(|number| format!("Person{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let devices = world.founded(&names);
    let all: Vec<&Device> = devices.iter().collect();
    all[0].json(&["meeting", "new", "Spring"]);
    all[0].json(&["meeting", "new", "Summer"]);
    all[0].json(&["bundle", "export", "meetings.copact"]);
    for device in &all[1..] {
        device.json(&["bundle", "import", "meetings.copact"]);
    }
    // Each for themselves, while apart.
    tap(&all, "Spring");
    eprintln!("founded and tapped in {} s", began.elapsed().as_secs());

    let hosts: Vec<Host<'_>> = all.iter().map(|_| lans.host()).collect();
    hosts.iter().for_each(|host| host.join(room));
    let began = Instant::now();
    let watches: Vec<Watch> =
        hosts.iter().zip(&all).map(|(host, device)| Watch::start(host, device)).collect();
    let started = Instant::now();
    even(&all);
    eprintln!(
        "{DEVICES} processes are even {} ms after the last listens, {} ms after the first began",
        started.elapsed().as_millis(),
        began.elapsed().as_millis()
    );
    assert_eq!(present(all[7], "Spring"), 20);

    // Half of them are taken to another network, and all go on.
    let (stay, leave) = all.split_at(DEVICES / 2);
    let leaving = &hosts[DEVICES / 2..];
    for host in leaving {
        host.leave(room);
        host.join(other);
    }
    tap(&all, "Summer");
    let began = Instant::now();
    even(stay);
    even(leave);
    eprintln!("each half is even {} ms later", began.elapsed().as_millis());
    assert_eq!((present(stay[3], "Summer"), present(leave[3], "Summer")), (10, 10));
    assert_ne!(views(&stay[..1]), views(&leave[..1]));

    let began = Instant::now();
    for host in leaving {
        host.leave(other);
        host.join(room);
    }
    let joined = Instant::now();
    even(&all);
    eprintln!(
        "the halves are one {} ms after the last came back, {} ms after the first",
        joined.elapsed().as_millis(),
        began.elapsed().as_millis()
    );
    assert_eq!(present(all[13], "Summer"), 20);
    drop(watches);
}
