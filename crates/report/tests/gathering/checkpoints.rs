//! What is kept, and when it is not taken up.

use copact_core::quarter::Quarter;
use copact_evidence::rules::RuleSet;
use copact_report::gathering::{
    Asked, Checkpoint, Content, Kept, Nothing, Unusable, gather, key_of,
};

use crate::lives::Life;
use crate::{Memory, asked, file, files, gathered, given, sealed};

/// Whether each was taken up.
fn again(bytes: &[u8], asked: &Asked<'_>, kept: &dyn Kept) -> bool {
    let gathered = gather(&[file("it", bytes)], asked, kept, &mut |_, _| {});
    let fresh = gather(&[file("it", bytes)], asked, &Nothing, &mut |_, _| {});
    assert_eq!(gathered.rows, fresh.rows);
    gathered.taken[0].again
}

/// Breaks when: what is kept is not taken up, or not for each file.
#[test]
fn what_is_kept_is_taken_up() {
    let (all, kept) = (given(), Memory::default());
    let first = gathered(&files(&all), 2, &kept);
    assert!(first.taken.iter().all(|one| !one.again));
    let then = gathered(&files(&all), 2, &kept);
    assert!(then.taken.iter().all(|one| one.again));
    assert_eq!(then.rows, first.rows);
}

/// Breaks when: a damaged checkpoint is read, or one that somebody put under another one's name.
#[test]
fn a_damaged_or_foreign_one_is_made_again() {
    let (one, other) = (sealed(Life::of(0).ledger()), sealed(Life::of(1).ledger()));
    let kept = Memory::default();
    gathered(&[file("one", &one), file("other", &other)], 1, &kept);
    let key = |bytes: &[u8]| key_of(Content::File(blake3::hash(bytes).as_bytes()), &asked(1));
    let good = kept.load(&key(&one)).unwrap();
    assert!(Checkpoint::from_bytes(&good, &key(&one), &asked(1)).is_ok());
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 1 << (at % 8);
        let read = Checkpoint::from_bytes(&bytes, &key(&one), &asked(1));
        assert_eq!(read, Err(Unusable::Damaged), "byte {at}");
        let read = Checkpoint::from_bytes(&good[..at], &key(&one), &asked(1));
        assert_eq!(read, Err(Unusable::Damaged), "{at} bytes");
    }
    let foreign = kept.load(&key(&other)).unwrap();
    let damaged = good[1..].to_vec();
    for bytes in [foreign, damaged, Vec::new()] {
        kept.keep(&key(&one), &bytes);
        assert!(!again(&one, &asked(1), &kept));
        // It was made again, and is good now.
        assert_eq!(kept.load(&key(&one)), Some(good.clone()));
        assert!(again(&one, &asked(1), &kept));
    }
}

/// Breaks when: rows of an older program, of other rules or of other quarters are taken up.
#[test]
fn an_older_one_is_not_used() {
    let bytes = sealed(Life::of(0).ledger());
    let kept = Memory::default();
    assert!(!again(&bytes, &asked(1), &kept));
    let text = RuleSet::minimum().unwrap().text().replace("test = \"n >= 3\"", "test = \"n >= 2\"");
    let rules = RuleSet::parse(&text).unwrap();
    let (from, to) = (Quarter::parse("2026-Q2").unwrap(), Quarter::parse("2026-Q3").unwrap());
    for other in [
        Asked { program: "copact 2", ..asked(1) },
        Asked { rules: &rules, ..asked(1) },
        Asked { from, ..asked(1) },
        Asked { to, ..asked(1) },
    ] {
        assert!(!again(&bytes, &other, &kept), "{other:?}");
        assert!(again(&bytes, &other, &kept));
    }
    assert!(again(&bytes, &Asked { threads: 4, ..asked(1) }, &kept));
}
