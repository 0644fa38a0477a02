//! A log of taps as a list of texts, one change each, by forty actors in turn.

use std::time::Duration;

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, Automerge, ObjType, ROOT};
use loro::{ExportMode, LoroDoc};
use yrs::updates::decoder::Decode;
use yrs::{Array, Doc, ReadTxn, StateVector, Transact, Update};

use crate::failure::Measured;
use crate::number::{real, wide};
use crate::row::Peer;
use crate::time::{median, micros, millis, timed};

const ACTORS: usize = 40;
const TIMES: usize = 5;

/// What a tap says: a meeting and a member.
pub(super) fn tap(number: usize) -> String {
    format!("{:016x} {:016x}", number / ACTORS, number % ACTORS)
}

/// Saved logs of so many taps.
struct Saved {
    automerge: Vec<u8>,
    loro: Vec<u8>,
    yrs: Vec<u8>,
}

fn saved(n: usize) -> Measured<Saved> {
    Ok(Saved { automerge: automerge(n)?, loro: loro(n)?, yrs: yrs(n)? })
}

pub(super) fn automerge(n: usize) -> Measured<Vec<u8>> {
    let mut document = AutoCommit::new();
    let list = document.put_object(ROOT, "log", ObjType::List)?;
    document.commit_with(CommitOptions::default().with_time(0));
    for number in 0..n {
        if number.is_multiple_of(ACTORS) {
            document.set_actor(ActorId::from(wide(number / ACTORS % ACTORS).to_le_bytes()));
        }
        document.insert(&list, number, tap(number))?;
        document.commit_with(CommitOptions::default().with_time(0));
    }
    Ok(document.save())
}

fn loro(n: usize) -> Measured<Vec<u8>> {
    let document = LoroDoc::new();
    let list = document.get_list("log");
    for number in 0..n {
        if number.is_multiple_of(ACTORS) {
            document.set_peer_id(wide(number / ACTORS % ACTORS) + 1)?;
        }
        list.push(tap(number))?;
        document.commit();
    }
    Ok(document.export(ExportMode::Snapshot)?)
}

fn yrs(n: usize) -> Measured<Vec<u8>> {
    let document = Doc::with_client_id(1);
    let list = document.get_or_insert_array("log");
    for number in 0..n {
        list.push_back(&mut document.transact_mut(), tap(number));
    }
    Ok(document.transact().encode_state_as_update_v1(&StateVector::default()))
}

/// Milliseconds to load a log of `n` taps.
pub(crate) fn load(n: usize) -> Measured<Vec<Peer>> {
    let saved = saved(n)?;
    let (mut automerge, mut loro, mut yrs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let (loaded, time) = timed(|| Automerge::load(&saved.automerge));
        std::hint::black_box(loaded?);
        automerge.push(time);
        let (loaded, time) = timed(|| -> Measured<LoroDoc> {
            let document = LoroDoc::new();
            document.import(&saved.loro)?;
            Ok(document)
        });
        std::hint::black_box(loaded?.get_deep_value());
        loro.push(time);
        let (loaded, time) = timed(|| -> Measured<Doc> { from_yrs(&saved.yrs) });
        std::hint::black_box(loaded?);
        yrs.push(time);
    }
    Ok(peers([automerge, loro, yrs], millis))
}

fn from_yrs(bytes: &[u8]) -> Measured<Doc> {
    let document = Doc::new();
    document.transact_mut().apply_update(Update::decode_v1(bytes)?)?;
    Ok(document)
}

fn peers(times: [Vec<Duration>; 3], unit: fn(Duration) -> f64) -> Vec<Peer> {
    let named = ["automerge", "loro", "yrs"].into_iter().zip(times);
    named.map(|(name, times)| Peer { name, figure: unit(median(times)) }).collect()
}

/// Microseconds to take in one tap of another's after `n` of them.
pub(crate) fn one_tap(n: usize) -> Measured<Vec<Peer>> {
    let saved = saved(n)?;
    let (mut automerge, mut loro, mut yrs) = (Vec::new(), Vec::new(), Vec::new());
    let mut mine = Automerge::load(&saved.automerge)?;
    let mut other = AutoCommit::load(&saved.automerge)?;
    let list = automerge::ReadDoc::get(&other, ROOT, "log")?.ok_or("no log")?.1;
    let (loro_mine, loro_other) = (LoroDoc::new(), LoroDoc::new());
    loro_mine.import(&saved.loro)?;
    loro_other.import(&saved.loro)?;
    let (yrs_mine, yrs_other) = (from_yrs(&saved.yrs)?, from_yrs(&saved.yrs)?);
    let yrs_list = yrs_other.get_or_insert_array("log");
    for number in n..n + TIMES {
        let heads = other.get_heads();
        other.insert(&list, number, tap(number))?;
        other.commit_with(CommitOptions::default().with_time(0));
        let changes = other.get_changes(&heads);
        let (applied, time) = timed(|| mine.apply_changes(changes));
        applied?;
        automerge.push(time);
        let before = loro_other.oplog_vv();
        loro_other.get_list("log").push(tap(number))?;
        loro_other.commit();
        let update = loro_other.export(ExportMode::updates(&before))?;
        let (applied, time) = timed(|| loro_mine.import(&update));
        applied?;
        loro.push(time);
        let before = yrs_other.transact().state_vector();
        yrs_list.push_back(&mut yrs_other.transact_mut(), tap(number));
        let update = yrs_other.transact().encode_state_as_update_v1(&before);
        let (applied, time) = timed(|| -> Measured<()> {
            Ok(yrs_mine.transact_mut().apply_update(Update::decode_v1(&update)?)?)
        });
        applied?;
        yrs.push(time);
    }
    Ok(peers([automerge, loro, yrs], micros))
}

/// Bytes a tap when saved.
pub(crate) fn weight(n: usize) -> Measured<Vec<Peer>> {
    let saved = saved(n)?;
    let sizes = [saved.automerge.len(), saved.loro.len(), saved.yrs.len()];
    let named = ["automerge", "loro", "yrs"].into_iter().zip(sizes);
    Ok(named.map(|(name, size)| Peer { name, figure: real(size) / real(n.max(1)) }).collect())
}
