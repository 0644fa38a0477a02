//! Verifying what was read, on all cores.
//!
//! SQLite is read by one thread; opening a body, hashing and verifying a signature need no more
//! than the bytes of the row, and take most of the time of a full check.

use std::sync::atomic::{AtomicUsize, Ordering};

use copact_core::envelope::Verified;
use copact_core::ids::{EnvelopeId, GroupId};

use crate::rows::Raw;
use crate::seal::Sealer;

/// An envelope whose bytes are those that were stored: its id, and whether its signature is right.
pub(crate) type Judged = Result<(EnvelopeId, Result<Verified, String>), String>;

/// Opens a row and verifies the signature of what it holds.
pub(crate) fn judge(row: &Raw, sealer: &Sealer, group: GroupId) -> Judged {
    let signed = row.read(sealer, group)?;
    let id = signed.id();
    Ok((id, signed.verify().map_err(|error| error.to_string())))
}

/// Does the work on every item, on all cores, and returns what came of it in the order of the
/// items. This thread first does what else there is to do, then helps.
pub(crate) fn on_all_cores<T: Sync, R: Send, M>(
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    meanwhile: impl FnOnce() -> M,
) -> (Vec<R>, M) {
    // A system that does not say how many cores there are has one.
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let next = AtomicUsize::new(0);
    // Each takes the next item that nobody has taken, so that none waits for a slow one.
    let take = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return done };
            done.push((at, work(item)));
        }
    };
    let (mut done, other) = std::thread::scope(|scope| {
        let more = cores.min(items.len()).saturating_sub(1);
        // Where no thread is to be had, the others do all.
        let helpers: Vec<_> = (0..more)
            .map_while(|_| std::thread::Builder::new().spawn_scoped(scope, take).ok())
            .collect();
        let other = meanwhile();
        let mut done = take();
        for helper in helpers {
            match helper.join() {
                Ok(theirs) => done.extend(theirs),
                Err(fault) => std::panic::resume_unwind(fault),
            }
        }
        (done, other)
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    (done.into_iter().map(|(_, result)| result).collect(), other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_done_once_and_told_in_order_however_long_each_takes() {
        for count in [0, 1, 2, 1_000] {
            let items: Vec<u64> = (0..count).collect();
            let times = AtomicUsize::new(0);
            let slowly = |item: &u64| {
                times.fetch_add(1, Ordering::Relaxed);
                // The first take longest, so whoever takes later ones is done with them before.
                let turns = if *item < 8 { 200_000 } else { 10 };
                (0..turns).fold(*item, |sum, turn| std::hint::black_box(sum ^ turn ^ turn))
            };
            let (done, other) = on_all_cores(&items, slowly, || "done");
            assert_eq!((done, other), (items.clone(), "done"));
            assert_eq!(times.into_inner(), items.len());
        }
    }
}
