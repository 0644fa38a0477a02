//! Samples for `tests/tables/run`: reports as JSON and as tables, rows of groups as Parquet, and
//! the community table of the same rows as JSON. Named folder in, files out.
//!
//! `cargo run -p copact-report --features parquet --example tables -- FOLDER`
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs;
use std::path::Path;

use copact_core::day::Day;
use copact_core::quarter::Quarter;
use copact_core::views::Views;
use copact_evidence::community::{Community, Group, GroupQuarter, Ratios, rows};
use copact_evidence::facts::Facts;
use copact_evidence::report::Report;
use copact_evidence::rules::RuleSet;
use copact_evidence::trends::Claim;
use copact_evidence::window::Window;
use copact_report::tables::{Roles, tables};
use copact_tests::world::{Step, World};

/// Groups in which people do things.
const GROUPS: u64 = 60;
/// Of these, such as reports are written of.
const REPORTS: u64 = 12;
/// Groups of which the rows are drawn.
const DRAWN: u64 = 400;
/// Groups in one Parquet file.
const IN_A_FILE: usize = 25;

/// Numbers from a seed.
struct Draw(u64);

impl Draw {
    fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.next(u64::try_from(of.len()).unwrap())).unwrap()]
    }
}

fn world(seed: u64) -> World {
    let mut draw = Draw::of(seed);
    let steps: Vec<Step> = (0..120 + draw.next(300))
        .map(|_| Step {
            who: u8::try_from(draw.next(256)).unwrap(),
            what: u8::try_from(draw.next(256)).unwrap(),
            a: u16::try_from(draw.next(65_536)).unwrap(),
            b: u16::try_from(draw.next(65_536)).unwrap(),
            days: i16::try_from(draw.next(8)).unwrap(),
        })
        .collect();
    if seed.is_multiple_of(2) { World::of(&steps) } else { World::deciding(&steps) }
}

fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let folder = Path::new(&folder);
    let began = std::time::Instant::now();
    let lived = lived(folder);
    println!("{GROUPS} groups, {} rows: {:?}", lived.len(), began.elapsed());
    let quarter = |text| Quarter::parse(text).unwrap();
    community(&folder.join("lived"), &lived, quarter("2026-Q2"), quarter("2026-Q3"));
    let (from, to) = (quarter("2024-Q3"), quarter("2026-Q4"));
    let drawn: Vec<GroupQuarter> = (0..DRAWN).flat_map(|one| drawn(one, from, to)).collect();
    community(&folder.join("drawn"), &drawn, from, to);
    // Nobody is of the panel: the first group began later.
    let late: Vec<GroupQuarter> = drawn
        .iter()
        .filter(|row| row.founded.is_none_or(|day| day.date().year() > 2024))
        .cloned()
        .collect();
    community(&folder.join("late"), &late, from, to);
}

/// Reports of groups that did something, and the rows of all of them.
fn lived(folder: &Path) -> Vec<GroupQuarter> {
    let quarter = |text| Quarter::parse(text).unwrap();
    let rules = RuleSet::minimum().unwrap();
    let mut all = Vec::new();
    for seed in 0..GROUPS {
        let world = world(seed);
        let views = Views::of(&world.eye);
        let facts = Facts::of(&views);
        // All worlds begin with the same founding.
        let group = format!("{}-{seed}", views.ledger.group());
        let (from, to) = (quarter("2026-Q2"), quarter("2026-Q3"));
        all.extend(rows::of_group(
            Group { id: &group, team: rows::is_team(&views), facts: &facts },
            from,
            to,
            |day| rules.judge(&facts, day).level,
        ));
        if seed < REPORTS {
            let first = copact_tests::group::first_day();
            let days = [90, 200][usize::try_from(seed % 2).unwrap()];
            let window = Window::new(first, first.plus(days)).unwrap();
            let report = Report::of(&views, &facts, window, rules);
            write_report(&folder.join(format!("report-{seed}")), &report);
        }
    }
    all
}

fn write_report(folder: &Path, report: &Report) {
    fs::create_dir_all(folder).unwrap();
    let json = serde_json::to_vec_pretty(report).unwrap();
    fs::write(folder.join("report.json"), json).unwrap();
    for file in tables(report, Roles::for_outsiders(report)).unwrap() {
        fs::write(folder.join(file.name), file.bytes).unwrap();
    }
}

fn community(folder: &Path, rows: &[GroupQuarter], from: Quarter, to: Quarter) {
    fs::create_dir_all(folder).unwrap();
    let began = std::time::Instant::now();
    let table = Community::of(rows, from, to).unwrap();
    println!("a table of {} rows: {:?}", rows.len(), began.elapsed());
    fs::write(folder.join("community.json"), serde_json::to_vec_pretty(&table).unwrap()).unwrap();
    let quarters = rows::quarters(from, to).len();
    for (number, rows) in rows.chunks(IN_A_FILE * quarters).enumerate() {
        let file = fs::File::create(folder.join(format!("{number:03}.parquet"))).unwrap();
        copact_report::parquet::write(rows, file).unwrap();
    }
}

/// Rows of a group that never was: every level, claim and missing ratio there can be.
fn drawn(seed: u64, from: Quarter, to: Quarter) -> Vec<GroupQuarter> {
    let mut draw = Draw::of(seed + 1_000);
    let founded = Day::parse("2024-01-01").unwrap();
    let founded = founded.plus(i32::try_from(draw.next(900)).unwrap());
    let founded = (draw.next(50) > 0).then_some(founded);
    let claim = draw.pick(&[Claim::Rise, Claim::NotShown, Claim::Fall]);
    let team = draw.next(5) == 0;
    let levels = ["none", "pair", "formed", "co-producing", "sustained"];
    let row = |quarter: Quarter| {
        let mut ratio = || {
            let den = draw.next(9);
            let share = |(num, den): (u32, u32)| f64::from(num) / f64::from(den);
            let num = u32::try_from(draw.next(den + 1)).unwrap();
            (den > 0).then(|| share((num, u32::try_from(den).unwrap())))
        };
        let ratios = Ratios {
            c6: ratio(),
            p1: ratio(),
            p2: ratio(),
            h2: ratio(),
            h3: ratio().map(|one| one.sqrt()),
            r3: ratio(),
            r6: None,
            d1: ratio(),
            j2: ratio(),
        };
        let (j2_den, goals_due) = (draw.next(4), draw.next(3));
        let active = draw.next(4) > 0;
        GroupQuarter {
            group: format!("drawn-{seed}"),
            quarter,
            team,
            founded,
            is_founded: founded.is_some_and(|day| day <= quarter.last_day().unwrap()),
            level: draw.pick(&levels).to_owned(),
            memberships: draw.next(40),
            joined: draw.next(5),
            left: draw.next(5),
            j2_num: draw.next(j2_den + 1),
            j2_den,
            minutes: if active { draw.next(100_000) } else { 0 },
            attendances: if active { draw.next(300) } else { 0 },
            goals_due,
            goals_met: draw.next(goals_due + 1),
            active,
            ratios,
            minutes_claim: claim,
        }
    };
    rows::quarters(from, to).into_iter().map(row).collect()
}
