//! One row a group and quarter.

use copact_core::act::Act;
use copact_core::day::Day;
use copact_core::quarter::Quarter;
use copact_core::views::Views;
use minicbor::{Decode, Encode};
use serde::Serialize;

use crate::case::Case;
use crate::facts::Facts;
use crate::figure::{Figure, count};
use crate::indicators::contract::c6;
use crate::indicators::deciding::{d1, g1, j1, j2};
use crate::indicators::presence::{p1, p2};
use crate::indicators::reciprocity::{r3, r6};
use crate::indicators::working::{h2, h3};
use crate::trends::{Claim, minutes_claim};
use crate::window::Window;

/// One group in one quarter: everything that the community table is added up from. Days are those
/// of the group's own reports, so that a row is what its report over that quarter says.
#[derive(Clone, Debug, PartialEq, Serialize, Encode, Decode)]
#[cbor(array)]
pub struct GroupQuarter {
    /// The group's id.
    #[n(0)]
    pub group: String,
    /// The quarter.
    #[n(1)]
    pub quarter: Quarter,
    /// It names the group that it is a team of.
    #[n(2)]
    pub team: bool,
    /// The signed day of the founding.
    #[n(3)]
    pub founded: Option<Day>,
    /// It was founded by the quarter's end. Only such groups have a level in the table; what was
    /// taken over from a list and is of before the founding counts in flows nevertheless.
    #[n(4)]
    pub is_founded: bool,
    /// How far it was at the quarter's end: a level of the rules that all groups are judged by.
    #[n(5)]
    pub level: String,
    /// Members at the quarter's end.
    #[n(6)]
    pub memberships: u64,
    /// Who joined in the quarter (J1).
    #[n(7)]
    pub joined: u64,
    /// Who left in it (J1).
    #[n(8)]
    pub left: u64,
    /// Newcomers who signed or worked in their first 90 days (J2, above the line).
    #[n(9)]
    pub j2_num: u64,
    /// Newcomers (J2, below the line); 0 if there are none.
    #[n(10)]
    pub j2_den: u64,
    /// Minutes of members at the quarter's end that count (h).
    #[n(11)]
    pub minutes: u64,
    /// Attendances at held meetings.
    #[n(12)]
    pub attendances: u64,
    /// Goals that were due in the quarter.
    #[n(13)]
    pub goals_due: u64,
    /// Of these, goals met (G1).
    #[n(14)]
    pub goals_met: u64,
    /// It has an attendance, or work that counts, of anybody in the quarter.
    #[n(15)]
    pub active: bool,
    /// The ratios of the quarter of which the table shows quartiles.
    #[serde(flatten)]
    #[n(16)]
    pub ratios: Ratios,
    /// What the group's own report over all quarters asked for claims of its minutes by month:
    /// the same in each of its rows.
    #[n(17)]
    pub minutes_claim: Claim,
}

/// Ratios, each `None` where it cannot be computed, correctly rounded from exact ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Encode, Decode)]
#[cbor(array)]
pub struct Ratios {
    /// C6, living contract.
    #[n(0)]
    pub c6: Option<f64>,
    /// P1, attendance.
    #[n(1)]
    pub p1: Option<f64>,
    /// P2, attestation.
    #[n(2)]
    pub p2: Option<f64>,
    /// H2, confirmation.
    #[n(3)]
    pub h2: Option<f64>,
    /// H3, equality.
    #[n(4)]
    pub h3: Option<f64>,
    /// R3, give and receive.
    #[n(5)]
    pub r3: Option<f64>,
    /// R6, joint work.
    #[n(6)]
    pub r6: Option<f64>,
    /// D1, turnout.
    #[n(7)]
    pub d1: Option<f64>,
    /// J2, joining that leads to doing.
    #[n(8)]
    pub j2: Option<f64>,
}

impl Ratios {
    /// Each with the id of its indicator.
    #[must_use]
    pub const fn named(&self) -> [(&'static str, Option<f64>); 9] {
        [
            ("C6", self.c6),
            ("P1", self.p1),
            ("P2", self.p2),
            ("H2", self.h2),
            ("H3", self.h3),
            ("R3", self.r3),
            ("R6", self.r6),
            ("D1", self.d1),
            ("J2", self.j2),
        ]
    }
}

/// The quarters from one to another, both inclusive; none if the first is the later.
#[must_use]
pub fn quarters(from: Quarter, to: Quarter) -> Vec<Quarter> {
    let next = |one: &Quarter| {
        let day = one.last_day().ok()?.plus(1);
        Some(Quarter::of(day)).filter(|next| next > one)
    };
    std::iter::successors(Some(from), next).take_while(|one| *one <= to).collect()
}

/// Whether a group names another that it is a team of.
#[must_use]
pub fn is_team(views: &Views<'_>) -> bool {
    let founding = views.ledger.get(views.ledger.group().founding());
    matches!(founding.and_then(|one| one.act()), Some(Act::Found(found)) if found.parent.is_some())
}

/// A group that rows are made of.
#[derive(Clone, Copy, Debug)]
pub struct Group<'f> {
    /// Its id.
    pub id: &'f str,
    /// [`is_team`].
    pub team: bool,
    /// What its ledger says.
    pub facts: &'f Facts,
}

/// A group's rows, one a quarter from `from` to `to`, both inclusive, those before its founding
/// too. Needs no other group. `level` is how far the group is at the end of a day, by rules that
/// must be the same for all groups of a table.
#[must_use]
pub fn of_group(
    group: Group<'_>,
    from: Quarter,
    to: Quarter,
    level: impl Fn(Day) -> String,
) -> Vec<GroupQuarter> {
    let Group { id, team, facts } = group;
    let span = |one: Quarter| Some((one.first_day().ok()?, one.last_day().ok()?));
    let whole = span(from).zip(span(to)).and_then(|((from, _), (_, to))| Window::new(from, to));
    let Some(whole) = whole else { return Vec::new() };
    let minutes_claim = minutes_claim(facts, whole);
    let row = |quarter: Quarter| {
        let (from, to) = span(quarter)?;
        let case = Case::new(facts, Window { from, to });
        Some(GroupQuarter {
            group: id.to_owned(),
            quarter,
            team,
            founded: facts.founded,
            level: level(to),
            is_founded: facts.founded.is_some_and(|day| day <= to),
            minutes_claim,
            ..one(&case, quarter)
        })
    };
    quarters(from, to).into_iter().filter_map(row).collect()
}

/// What is computed from the quarter alone.
fn one(case: &Case<'_>, quarter: Quarter) -> GroupQuarter {
    let (joined, left) = match j1(case).value {
        Some(crate::figure::Value::Joining { joined, left, .. }) => (joined, left),
        _ => (0, 0),
    };
    let parts = |figure: &Figure| figure.num.zip(figure.den).unwrap_or_default();
    let (doing, goals) = (j2(case), g1(case));
    let ((j2_num, j2_den), (goals_met, goals_due)) = (parts(&doing), parts(&goals));
    GroupQuarter {
        group: String::new(),
        quarter,
        team: false,
        founded: None,
        is_founded: false,
        level: String::new(),
        memberships: case.n(),
        joined,
        left,
        j2_num,
        j2_den,
        minutes: case.minutes.values().sum(),
        attendances: case.held().map(|one| count(one.present.len())).sum(),
        goals_due,
        goals_met,
        active: case.held().next().is_some() || case.counted().next().is_some(),
        ratios: Ratios {
            c6: c6(case).number(),
            p1: p1(case).number(),
            p2: p2(case).number(),
            h2: h2(case).number(),
            h3: h3(case).number(),
            r3: r3(case).number(),
            r6: r6(case).number(),
            d1: d1(case).number(),
            j2: doing.number(),
        },
        minutes_claim: Claim::NotShown,
    }
}
