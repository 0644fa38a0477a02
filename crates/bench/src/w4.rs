//! W4: two hundred phones come into a room, each with a tap that nobody else has.

use copact_core::envelope::Verified;
use copact_core::ledger::Ledger;

use crate::failure::Measured;
use crate::group::Generated;
use crate::number::real;
use crate::peers;
use crate::room::{Beside, Room, weight};
use crate::row::Row;
use crate::tell;

mod endpoints;

/// Entries of the group in which real endpoints meet: each phone has all of it in memory.
const REAL: usize = 1_000;
/// Phones, the facilitator's laptop not counted.
const PHONES: usize = 200;

pub(crate) fn run(group: &mut Generated, n: usize) -> Measured<Vec<Row>> {
    group.admit_up_to(PHONES + 1)?;
    let taps = group.taps_of_all(PHONES)?;
    let mut room = Room::new(Beside::of(group));
    let devices: Vec<_> = group.writers.iter().map(|one| one.secret.public()).collect();
    for (at, device) in devices.iter().enumerate() {
        let own: Option<&Verified> = at.checked_sub(1).and_then(|at| taps.get(at));
        let all = group.envelopes.iter().chain(own).cloned();
        room.enter(*device, Ledger::of(all)?);
    }
    for phone in 1..room.phones.len() {
        room.link(0, phone)?;
    }
    let waves = room.converge()?;
    room.quiet()?;
    let (hub, phones) = room.phones.split_first().ok_or("no phones")?;
    // Each phone has to be sent what the others wrote, and no more.
    let all: f64 = taps.iter().map(|one| real(weight(one))).sum();
    let floor = all * real(PHONES - 1) / real(PHONES);
    let mut received: Vec<usize> = phones.iter().map(|phone| phone.received).collect();
    received.sort_unstable();
    let most = real(received.last().copied().unwrap_or_default());
    let key = |what| ("w4", what, n);
    let hub_cpu = hub.cpu.as_secs_f64();
    let mut rows = vec![
        Row::limit(key("200 phones and a hub: CPU of the hub"), (hub_cpu, "s"), Some(2.0))
            .beside(peers::sync::hub(n, PHONES)?),
        Row::ratio(
            key("200 phones and a hub: bytes to a phone, the most"),
            (most, "B"),
            floor,
            Some(2.0),
        ),
        Row::limit(key("200 phones and a hub: rounds"), (real(waves) / 2.0, "RT"), Some(3.0)),
    ];
    drop(room);
    if n <= REAL {
        tell(&format!("w4 with real endpoints at {n}"));
        let met = endpoints::meet(group, &taps)?;
        let what = "200 real endpoints: bytes to a phone, the mean";
        rows.push(Row::ratio(key(what), (met.mean, "B"), floor, Some(2.0)));
        let what = "200 real endpoints: bytes to a phone, the most";
        rows.push(Row::ratio(key(what), (real(met.most), "B"), floor, None));
        let what = "200 real endpoints: steps of the farthest tap";
        rows.push(Row::limit(key(what), (real(met.steps), ""), None));
        let what = "200 real endpoints: connections";
        rows.push(Row::limit(key(what), (real(met.links), ""), None));
        let what = "200 real endpoints: from the first dial until all have all";
        rows.push(Row::limit(key(what), (met.seconds, "s"), None));
    }
    Ok(rows)
}
