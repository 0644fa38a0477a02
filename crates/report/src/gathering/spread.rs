//! Work on all cores.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// Does so many pieces of work and returns what came of each, in their order; nothing of one that
/// panicked. `on_done` is called by the thread that asks.
pub(super) fn spread<T: Send>(
    count: usize,
    threads: usize,
    work: &(dyn Fn(usize) -> T + Sync),
    on_done: &mut dyn FnMut(usize, usize),
) -> Vec<Option<T>> {
    let mut all: Vec<Option<T>> = Vec::new();
    all.resize_with(count, || None);
    let mut done = 0;
    let mut put = |number: usize, made: T| {
        if let Some(place) = all.get_mut(number) {
            *place = Some(made);
        }
        done += 1;
        on_done(done, count);
    };
    let next = AtomicUsize::new(0);
    let mut working = 0;
    if threads > 1 {
        thread::scope(|scope| {
            let (send, receive) = mpsc::channel();
            let mut handles = Vec::new();
            for _ in 0..threads.min(count) {
                let (send, next) = (send.clone(), &next);
                let begun = thread::Builder::new().spawn_scoped(scope, move || {
                    while let Some(number) = taken(next, count) {
                        if send.send((number, work(number))).is_err() {
                            break;
                        }
                    }
                });
                handles.extend(begun);
            }
            drop(send);
            working = handles.len();
            receive.into_iter().for_each(|(number, made)| put(number, made));
            // Joined one by one, since a scope passes on the panic of who was not.
            handles.into_iter().for_each(|one| drop(one.join()));
        });
    }
    if working == 0 {
        while let Some(number) = taken(&next, count) {
            put(number, work(number));
        }
    }
    all
}

fn taken(next: &AtomicUsize, count: usize) -> Option<usize> {
    Some(next.fetch_add(1, Ordering::Relaxed)).filter(|number| *number < count)
}
