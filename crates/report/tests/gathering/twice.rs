//! A group that was given more than once.

use copact_core::entry::Record;
use copact_report::bundle::Form;
use copact_report::gathering::{Gathered, Nothing};
use copact_tests::group::text;

use crate::lives::Life;
use crate::{Memory, bundle, file, gathered, sealed};

fn of_two(one: &[u8], other: &[u8]) -> Gathered {
    let kept = Memory::default();
    let both = [file("one", one), file("other", other)];
    let first = gathered(&both, 2, &kept);
    let mut again = gathered(&both, 1, &kept);
    again.taken.iter_mut().for_each(|one| one.again = false);
    assert_eq!(again, first, "with checkpoints");
    first
}

fn told(gathered: &Gathered) -> (&str, &str, &str, Option<&str>) {
    assert_eq!((gathered.taken.len(), gathered.left_out.len()), (1, 1));
    let left = &gathered.left_out[0];
    (&gathered.taken[0].name, &left.name, left.code, left.instead.as_deref())
}

/// Breaks when: an old report of a group is counted beside its new one, or in its place.
#[test]
fn the_one_that_has_the_other_in_it_is_taken() {
    let mut life = Life::of(3);
    let before = sealed(life.ledger());
    life.gather(150);
    let after = sealed(life.ledger());
    let both = of_two(&before, &after);
    assert_eq!(told(&both), ("other", "one", "contained", Some("other")));
    assert_eq!(both.rows, gathered(&[file("other", &after)], 1, &Nothing).rows);
}

/// Breaks when: nobody hears that a copy that is left out has something of its own.
#[test]
fn of_two_that_went_apart_the_larger_is_taken() {
    let mut life = Life::of(4);
    life.people[0].entry(Record::Note(text(5)));
    life.people[1].entry(Record::Note(text(6)));
    life.people[1].entry(Record::Note(text(7)));
    let one = sealed(&life.people[0].ledger);
    let other = bundle(&life.people[1].ledger, Form::Audit).to_bytes();
    let both = of_two(&one, &other);
    assert_eq!(told(&both), ("other", "one", "smaller", Some("other")));
    assert!(both.left_out[0].sentence.contains("not all"));
}

/// Breaks when: the word of whoever withheld bodies is taken where the bodies are there.
#[test]
fn of_equal_ones_that_with_everything_in_it_is_taken() {
    let life = Life::of(2);
    let one = sealed(life.ledger());
    let other = bundle(life.ledger(), Form::Audit).to_bytes();
    assert_eq!(told(&of_two(&one, &other)), ("other", "one", "the_same", Some("other")));
    assert_eq!(told(&of_two(&one, &one)), ("one", "other", "the_same", Some("one")));
}
