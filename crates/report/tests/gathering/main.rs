//! The rows of many groups, from bundles and from ledgers.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod checkpoints;
mod lives;
mod twice;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Mutex;

use copact_core::ledger::Ledger;
use copact_core::quarter::Quarter;
use copact_core::views::Views;
use copact_evidence::community::{Community, Group, GroupQuarter, rows};
use copact_evidence::facts::Facts;
use copact_evidence::rules::RuleSet;
use copact_evidence::window::Window;
use copact_report::bundle::{Bundle, Form, Making, made_of};
use copact_report::gathering::{Asked, Gathered, Given, Kept, Nothing, Source, gather};

use crate::lives::Life;

pub(crate) fn asked(threads: usize) -> Asked<'static> {
    let quarter = |text| Quarter::parse(text).unwrap();
    Asked {
        from: quarter("2026-Q1"),
        to: quarter("2026-Q4"),
        rules: RuleSet::minimum().unwrap(),
        program: "copact 1",
        threads,
    }
}

pub(crate) fn bundle(ledger: &Ledger, form: Form) -> Bundle {
    let first = copact_tests::group::first_day();
    let window = Window::new(first, first.plus(300)).unwrap();
    let rules = RuleSet::minimum().unwrap();
    let making = Making { form, window, rules, texts: Vec::new(), profiles: Vec::new() };
    made_of(ledger, making).unwrap()
}

pub(crate) fn sealed(ledger: &Ledger) -> Vec<u8> {
    bundle(ledger, Form::Sealed).to_bytes()
}

pub(crate) fn file<'a>(name: &str, bytes: &'a [u8]) -> Given<'a> {
    let read = move || Ok(Cow::Borrowed(bytes));
    Given { name: name.to_owned(), source: Source::Bundle(Box::new(read)) }
}

pub(crate) fn files(all: &[(String, Vec<u8>)]) -> Vec<Given<'_>> {
    all.iter().map(|(name, bytes)| file(name, bytes)).collect()
}

/// What is kept, in memory.
#[derive(Default)]
pub(crate) struct Memory(pub(crate) Mutex<BTreeMap<[u8; 32], Vec<u8>>>);

impl Kept for Memory {
    fn load(&self, key: &[u8; 32]) -> Option<Vec<u8>> {
        self.0.lock().unwrap().get(key).cloned()
    }

    fn keep(&self, key: &[u8; 32], bytes: &[u8]) {
        self.0.lock().unwrap().insert(*key, bytes.to_vec());
    }
}

pub(crate) fn gathered(given: &[Given<'_>], threads: usize, kept: &dyn Kept) -> Gathered {
    gather(given, &asked(threads), kept, &mut |_, _| {})
}

/// The rows of a ledger that nobody made a bundle of.
fn rows_of(ledger: &Ledger) -> Vec<GroupQuarter> {
    let views = Views::of(ledger);
    let facts = Facts::of(&views);
    let id = ledger.group().to_string();
    let group = Group { id: &id, team: rows::is_team(&views), facts: &facts };
    let asked = asked(1);
    rows::of_group(group, asked.from, asked.to, |day| asked.rules.judge(&facts, day).level)
}

/// Groups, each with the name of its file.
pub(crate) fn groups() -> Vec<(String, Life)> {
    (0..6).map(|number| (format!("{number}.report"), Life::of(number))).collect()
}

fn given() -> Vec<(String, Vec<u8>)> {
    let form = |at: usize| [Form::Sealed, Form::Audit][at % 2];
    let all = groups().into_iter().enumerate();
    all.map(|(at, (name, life))| (name, bundle(life.ledger(), form(at)).to_bytes())).collect()
}

/// Breaks when: rows from a bundle are not those of the ledger, or depend on threads or what is
/// kept.
#[test]
fn rows_are_those_of_the_ledgers() {
    let mut rows: Vec<GroupQuarter> =
        groups().iter().flat_map(|(_, life)| rows_of(life.ledger())).collect();
    rows.sort_by(|a, b| (&a.group, a.quarter).cmp(&(&b.group, b.quarter)));
    assert!(rows.iter().any(|row| row.level != "none") && rows.iter().any(|row| row.minutes > 0));
    let all = given();
    let alone = gathered(&files(&all), 1, &Nothing);
    assert_eq!(alone.rows, rows);
    assert_eq!(alone.left_out, []);
    assert!(Community::of(&alone.rows, asked(1).from, asked(1).to).is_ok());
    let kept = Memory::default();
    for threads in [1, 2, 3, 16, 2] {
        let mut again = gathered(&files(&all), threads, &kept);
        again.taken.iter_mut().for_each(|one| one.again = false);
        assert_eq!(again, alone, "{threads} threads");
    }
}

/// Breaks when: who gives a file twenty times sooner or later changes what comes out.
#[test]
fn the_order_of_files_does_not_matter() {
    let mut all = given();
    let life = Life::of(0);
    all.push(("a copy".to_owned(), sealed(life.ledger())));
    all.push(("everything".to_owned(), bundle(life.ledger(), Form::Audit).to_bytes()));
    all.push(("no report".to_owned(), b"a shopping list".to_vec()));
    let first = gathered(&files(&all), 1, &Nothing);
    for turn in 1..all.len() {
        all.rotate_left(turn);
        assert_eq!(gathered(&files(&all), 1 + turn % 3, &Nothing), first);
    }
}

/// Breaks when: one file that is not in order stops the others, or is counted.
#[test]
fn a_bad_one_among_good_ones_is_listed() {
    let mut all = given();
    let before = gathered(&files(&all), 1, &Nothing);
    let mut forged = bundle(Life::of(7).ledger(), Form::Sealed);
    forged.rows[3].signature = forged.rows[2].signature;
    let mut flipped = sealed(Life::of(8).ledger());
    flipped[60] ^= 1;
    let mut torn = bundle(Life::of(9).ledger(), Form::Audit);
    torn.rows.remove(4);
    all.insert(2, ("b forged".to_owned(), forged.to_bytes()));
    all.insert(0, ("a flipped".to_owned(), flipped));
    all.push(("c torn".to_owned(), torn.to_bytes()));
    all.push(("d list".to_owned(), b"milk, eggs".to_vec()));
    let mut given = files(&all);
    let gone = || Err("nobody may read it".to_owned());
    given.push(Given { name: "e gone".to_owned(), source: Source::Bundle(Box::new(gone)) });
    for threads in [1, 4] {
        let mut seen = Vec::new();
        let after =
            gather(&given, &asked(threads), &Nothing, &mut |done, of| seen.push((done, of)));
        assert_eq!((&after.rows, &after.taken), (&before.rows, &before.taken));
        let codes = after.left_out.iter().map(|one| (one.name.as_str(), one.code));
        let expected = [
            ("a flipped", "altered"),
            ("b forged", "signature"),
            ("c torn", "missing_row"),
            ("d list", "not_a_report"),
            ("e gone", "unreadable"),
        ];
        assert_eq!(codes.collect::<Vec<_>>(), expected);
        assert!(after.left_out.iter().all(|one| one.sentence.len() > 10));
        assert_eq!(seen, (1..=given.len()).map(|done| (done, given.len())).collect::<Vec<_>>());
    }
}

/// Breaks when: a bug that one file wakes takes the whole table with it.
#[test]
fn one_that_breaks_off_is_listed() {
    let all = given();
    let mut given = files(&all);
    let source = Source::Bundle(Box::new(|| panic!("a test")));
    given.push(Given { name: "x".to_owned(), source });
    let after = gathered(&given, 3, &Nothing);
    assert_eq!(after.taken.len(), all.len());
    assert_eq!(after.left_out.iter().map(|one| one.code).collect::<Vec<_>>(), ["stopped"]);
}

/// Breaks when: a group in a home counts for more or less than the same group's bundle.
#[test]
fn a_ledger_that_is_here_counts_as_its_bundle_does() {
    let life = Life::of(1);
    let audit = bundle(life.ledger(), Form::Audit).to_bytes();
    let from_file = gathered(&[file("it", &audit)], 1, &Nothing);
    let frontier = Some(life.ledger().frontier().digest());
    let envelopes = life.people[0].all();
    let opened = Mutex::new(0);
    let home = |frontier| {
        let (envelopes, opened) = (&envelopes, &opened);
        let open = move |show: &mut dyn FnMut(&Views<'_>)| {
            *opened.lock().unwrap() += 1;
            show(&Views::of(&Ledger::of(envelopes.iter().cloned()).unwrap()));
            Ok(())
        };
        Given { name: "here".to_owned(), source: Source::Home { frontier, open: Box::new(open) } }
    };
    let kept = Memory::default();
    for (frontier, times) in [(frontier, 1), (frontier, 1), (None, 2)] {
        let here = gathered(&[home(frontier)], 1, &kept);
        assert_eq!(here.rows, from_file.rows);
        assert_eq!(*opened.lock().unwrap(), times);
    }
    // With the file beside it, the ledger is taken.
    let both = gathered(&[file("it", &audit), home(frontier)], 2, &kept);
    assert_eq!((both.taken[0].name.as_str(), both.taken[0].form), ("here", "home"));
    assert_eq!(both.left_out[0].code, "the_same");
}
