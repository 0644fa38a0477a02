//! A process killed at any moment.

use std::io::{BufRead as _, BufReader};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Duration;

use crate::writer::{self, Drawn, Expected};

/// Homes, and how often the writer of each is killed.
const HOMES: u64 = 12;
const KILLS: u64 = 25;

const NAME: &str = "killed::a_process_killed_at_random_points_loses_nothing_that_it_acknowledged";

/// Writes until it is killed, closing and opening the group now and then.
fn write_on(folder: &std::path::Path, number: u64) {
    let home = writer::home(folder);
    let mut drawn = Drawn::new(number);
    let mut number = number << 20;
    loop {
        let mut group = writer::open(&home).unwrap();
        let mut kept = None;
        for _ in 0..=drawn.below(12) {
            writer::write(&mut group, number, &mut kept).unwrap();
            number += 1;
        }
    }
}

/// Kills the writer of one home again and again. Returns how much was acknowledged in all.
fn kill_and_look(seed: u64, kills: u64) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let home = writer::home(folder.path());
    let mut drawn = Drawn::new(seed);
    let mut expected = Expected::default();
    let mut acknowledged = 0;
    for round in 0..kills {
        let mut child = writer::start(NAME, folder.path(), round + 1, &[]);
        let mut said = Vec::new();
        // Some while it starts, opens or founds; the others while it writes, in whatever it does
        // after a number of things.
        let within = if drawn.below(4) == 0 {
            60_000
        } else {
            let lines = 1 + drawn.below(10) as usize;
            let mut out = BufReader::new(child.stdout.as_mut().unwrap());
            while writer::acknowledged(&said).len() < lines {
                assert_ne!(out.read_until(b'\n', &mut said).unwrap(), 0, "it ended by itself");
            }
            said.extend(out.buffer());
            5_000
        };
        std::thread::sleep(Duration::from_micros(drawn.below(within)));
        child.kill().unwrap();
        let rest = child.wait_with_output().unwrap();
        assert_eq!(rest.status.code(), None, "it ended: {}", String::from_utf8_lossy(&rest.stderr));
        said.extend(rest.stdout);
        let ids = writer::acknowledged(&said);
        acknowledged += ids.len();
        expected.acknowledged(ids);
        expected.must_hold(&home);
    }
    acknowledged
}

#[test]
fn a_process_killed_at_random_points_loses_nothing_that_it_acknowledged() {
    if let Some((folder, number)) = writer::asked() {
        write_on(&folder, number);
    }
    let random = u64::from(std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().subsec_nanos());
    let seed = writer::set("COPACT_SEED", random);
    let (homes, kills) = (writer::set("COPACT_HOMES", HOMES), KILLS);
    let one = |number: u64| {
        let seed = seed.wrapping_add(number << 32);
        catch_unwind(AssertUnwindSafe(|| kill_and_look(seed, kills))).unwrap_or_else(|fault| {
            eprintln!("again with COPACT_SEED={seed} COPACT_HOMES=1");
            resume_unwind(fault)
        })
    };
    let half = |first: u64| (first..homes).step_by(2).map(one).sum::<usize>();
    let acknowledged = std::thread::scope(|scope| {
        let other = scope.spawn(|| half(1));
        half(0) + other.join().unwrap_or_else(|fault| resume_unwind(fault))
    });
    println!("{} kills, {acknowledged} envelopes acknowledged", homes * kills);
    assert!(acknowledged as u64 > 2 * homes * kills, "only {acknowledged} acknowledged");
}
