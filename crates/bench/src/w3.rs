//! W3: two devices that differ in a few envelopes become equal.

use copact_core::envelope::Verified;
use copact_core::ledger::Ledger;

use crate::failure::Measured;
use crate::group::Generated;
use crate::number::real;
use crate::peers;
use crate::room::{Beside, Room, weight};
use crate::row::Row;
use crate::time::{median, millis};

/// Times that are measured; the middle one is the figure.
const TIMES: usize = 5;
/// Bytes beside the new envelopes themselves, each way, at forty chains.
const OVERHEAD: f64 = 1_200.0;
/// Bytes a chain, each way.
const A_CHAIN: f64 = 27.0;

struct Synced {
    /// Of the side that took more.
    cpu: f64,
    sent: [f64; 2],
    round_trips: f64,
}

pub(crate) fn run(group: &mut Generated, n: usize) -> Measured<Vec<Row>> {
    let chains = real(group.writers.len());
    let mut rows = Vec::new();
    for (names, meetings, keep) in [
        (
            ["1 new: CPU of the busier side", "1 new: bytes sent there", "1 new: bytes sent back"],
            1,
            1,
        ),
        (
            [
                "390 new: CPU of the busier side",
                "390 new: bytes sent there",
                "390 new: bytes sent back",
            ],
            10,
            usize::MAX,
        ),
    ] {
        let all = group.more_taps(meetings)?;
        // The meeting itself is known already when one tap is new.
        let (known, new) = if keep == 1 {
            (all.iter().take(1).cloned().collect(), all.iter().skip(1).take(1).cloned().collect())
        } else {
            (Vec::new(), all.clone())
        };
        let (mut times, mut last) = (Vec::new(), None);
        for _ in 0..TIMES {
            let (synced, time) = sync(group, &known, &new)?;
            times.push(time);
            last = Some(synced);
        }
        let mut synced = last.ok_or("nothing was measured")?;
        synced.cpu = millis(median(times));
        let sum: f64 = new.iter().map(|one| real(weight(one))).sum();
        let [cpu, there, back] = names;
        let goal = (keep == 1).then_some(1.0);
        let peers = peers::sync::run(n, new.len())?;
        rows.push(Row::limit(("w3", cpu, n), (synced.cpu, "ms"), goal).beside(peers.cpu));
        let [sent, returned] = synced.sent;
        let [of_news, of_other] = peers.sent;
        for (what, figure, sum, peers) in
            [(there, sent, sum, of_news), (back, returned, 0.0, of_other)]
        {
            let mut row = Row::limit(("w3", what, n), (figure, "B"), Some(sum + OVERHEAD));
            let floor = sum + A_CHAIN * chains;
            (row.floor, row.ratio) = (Some(floor), Some(figure / floor));
            rows.push(row.beside(peers));
        }
        let what = if keep == 1 { "1 new: round trips" } else { "390 new: round trips" };
        let row = Row::limit(("w3", what, n), (synced.round_trips, "RT"), Some(1.0));
        rows.push(row.beside(peers.round_trips));
        group.envelopes.extend(all);
    }
    Ok(rows)
}

/// One device has all, the other all but what is new.
fn sync(
    group: &Generated,
    known: &[Verified],
    new: &[Verified],
) -> Measured<(Synced, std::time::Duration)> {
    let mut room = Room::new(Beside::of(group));
    let base = || group.envelopes.iter().chain(known).cloned();
    let devices: Vec<_> = group.writers.iter().map(|one| one.secret.public()).collect();
    let [first, second, ..] = devices.as_slice() else { return Err("too few writers".into()) };
    room.enter(*first, Ledger::of(base().chain(new.iter().cloned()))?);
    room.enter(*second, Ledger::of(base())?);
    room.link(0, 1)?;
    let waves = room.converge()?;
    room.quiet()?;
    let [a, b] = room.phones.as_slice() else { return Err("two phones".into()) };
    let synced =
        Synced { cpu: 0.0, sent: [real(a.sent), real(b.sent)], round_trips: real(waves) / 2.0 };
    Ok((synced, a.cpu.max(b.cpu)))
}
