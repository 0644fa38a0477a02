//! Files that are made to cost, and figures that are written to mislead.

use std::time::{Duration, Instant};

use copact_core::day::Day;
use copact_report::bundle::{Bundle, Form};

use super::super::{bundle, verdict};
use super::{code, yard};

/// Breaks when: a window of centuries is computed month by month, pair by pair.
#[test]
fn a_window_of_centuries_is_refused() {
    let whole = bundle(&yard()[0].ledger, Form::Sealed);
    let day = |text| Day::parse(text).unwrap();
    let before = Instant::now();
    let long = Bundle { from: day("1900-01-01"), to: day("2999-12-31"), ..whole.clone() };
    assert_eq!(code(&verdict(&long)), "window");
    let from = day("2026-01-01");
    let longer = Bundle { from, to: from.plus(3_660), ..whole.clone() };
    assert_eq!(code(&verdict(&longer)), "window");
    let ten_years = Bundle { from: day("2026-01-01"), to: day("2036-01-07"), ..whole };
    assert_eq!(ten_years.to.since(ten_years.from), 3_658);
    assert_eq!(code(&verdict(&ten_years)), "figure");
    assert!(before.elapsed() < Duration::from_secs(60), "{:?}", before.elapsed());
}

/// Breaks when: who reads the figures of a bundle that passes can read others than were verified.
#[test]
fn a_figure_that_is_given_twice_is_found() {
    let whole = bundle(&yard()[0].ledger, Form::Sealed);
    let with = |figures: String| code(&verdict(&Bundle { figures, ..whole.clone() }));
    let twice = whole.figures.replacen('{', "{\"level\":\"sustained\",", 1);
    assert_eq!(with(twice), "figures");
    let nested = whole.figures.replacen("\"P1\":", "\"P1\":{\"num\":9},\"P1\":", 1);
    assert_ne!(nested, whole.figures);
    assert_eq!(with(nested), "figures");
    assert_eq!(with(format!("{} ", whole.figures)), "figures");
    assert_eq!(with(whole.figures.clone()), "passes");
}

/// Breaks when: figures nest so deep, or are so many, that reading them ends the program.
#[test]
fn figures_that_nest_or_never_end_are_found() {
    let whole = bundle(&yard()[0].ledger, Form::Sealed);
    let with = |figures: String| code(&verdict(&Bundle { figures, ..whole.clone() }));
    let deep = whole.figures.len() / 2;
    assert_eq!(with("[".repeat(deep) + &"]".repeat(deep)), "figures");
    let object = "{\"a\":".repeat(deep / 6) + "1" + &"}".repeat(deep / 6);
    assert_eq!(with(object), "figures");
    assert_eq!(with(format!("[{}0]", "0,".repeat(400_000))), "figures");
}

/// Breaks when: a file of some kilobytes fills the memory.
#[test]
fn a_small_file_that_inflates_is_refused() {
    let mut bomb = bundle(&yard()[0].ledger, Form::Sealed);
    let plain = bomb.to_bytes().len();
    bomb.figures = " ".repeat(48 * 1_024 * 1_024);
    let bytes = bomb.to_bytes();
    assert!(bytes.len() < plain + 100_000, "{}", bytes.len());
    let refused = verdict(&bomb);
    assert_eq!(code(&refused), "altered");
    assert!(refused.first_failure.unwrap().found.contains("unpacked"));
}
