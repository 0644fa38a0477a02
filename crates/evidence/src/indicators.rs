//! The 32 indicators of the design page on evidence, each a small function of a [`Case`].

use std::collections::BTreeMap;

use crate::case::Case;
use crate::figure::Figure;

pub mod contract;
pub mod deciding;
pub mod presence;
pub mod reciprocity;
pub mod working;

use contract::{c1, c2, c3, c4, c5, c6};
use deciding::{b1, d1, d2, d3, d4, d5, g1, j1, j2};
use presence::{p1, p2, p3, p4, p5, p6};
use reciprocity::{r1, r2, r3, r4, r5, r6};
use working::{h1, h2, h3, h4, h5};

/// A function from a group in a window to a figure.
pub type Formula = fn(&Case<'_>) -> Figure;

/// One indicator, with what a reader of a report needs to know of it.
#[derive(Clone, Copy, Debug)]
pub struct Indicator {
    /// Its id, as rule sets and reports name it.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its formula, in words.
    pub formula: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// How it can be gamed.
    pub gamed_by: &'static str,
    /// In what it counts.
    pub unit: &'static str,
    /// The function.
    pub compute: Formula,
}

macro_rules! catalogue {
    ($(
        $id:literal $function:ident
        $name:literal, $formula:literal, $source:literal, $gamed:literal, $unit:literal;
    )*) => {
        /// All indicators, in their order.
        pub const ALL: &[Indicator] = &[$(Indicator {
            id: $id,
            name: $name,
            formula: $formula,
            source: $source,
            gamed_by: $gamed,
            unit: $unit,
            compute: $function,
        }),*];
    };
}

catalogue! {
    "C1" c1 "author breadth", "members who wrote at least max(20, min(T/100, T/4n)) characters ÷ members", "Ostrom 1990, rule-making", "filler", "share";
    "C2" c2 "author evenness", "−Σ p ln p ÷ ln n over members", "after Pielou 1966", "padding", "0 to 1";
    "C3" c3 "shared clauses", "clauses with 10 characters of 2 members each ÷ clauses", "nef", "typo edits", "share";
    "C4" c4 "ratification", "who had signed by the adoption day ÷ members that day", "Budak 2015", "one person holding keys", "share";
    "C5" c5 "time to contract", "days and held meetings from founding to first adoption", "Budak 2015", "a pasted template", "days, meetings";
    "C6" c6 "living contract", "members who stand by the adopted version ÷ members", "Ostrom 1990", "a rubber stamp", "share";
    "P1" p1 "attendance", "attendances ÷ members on the day, over held meetings", "", "pruning the absent", "share";
    "P2" p2 "attestation", "attendances two others witnessed ÷ attendances", "", "collusion", "share";
    "P3" p3 "core share", "members who were at half of their meetings ÷ members who could be at one", "", "tiny meetings", "share";
    "P4" p4 "retention", "active in a quarter and the next ÷ active in a quarter", "", "an easy “active”", "share";
    "P5" p5 "newcomers who return", "newcomers who were there on 2 days in 90 ÷ newcomers", "", "invented people", "share";
    "P6" p6 "co-presence", "pairs who were at 2 meetings together ÷ pairs", "social capital", "large events", "share";
    "H1" h1 "confirmed hours", "confirmed minutes ÷ 60, of all and per member", "time banks", "mutual inflation", "hours";
    "H2" h2 "confirmation", "confirmed minutes ÷ claimed minutes", "", "confirming automatically", "share";
    "H3" h3 "equality", "1 − Gini · n ÷ (n − 1)", "Deltas 2003", "splitting hours", "0 to 1";
    "H4" h4 "contributing share", "members with confirmed minutes ÷ members", "time banks", "token hours", "share";
    "H5" h5 "dependence", "most minutes of one ÷ all minutes", "", "a leader who logs too little", "share";
    "R1" r1 "reciprocity", "ρ = (r − d) ÷ (1 − d), with an exact p", "Garlaschelli & Loffredo 2004; exact null", "arranged swaps", "−1 to 1";
    "R2" r2 "weighted reciprocity", "minutes given both ways ÷ minutes", "Squartini et al. 2013", "arranged swaps", "share";
    "R3" r3 "give and receive", "members who gave and got ÷ members", "Cahn", "token receipt", "share";
    "R4" r4 "balance", "1 − Σ|gave − got| ÷ 2E", "time banks", "rings", "share";
    "R5" r5 "density", "ties ÷ n(n − 1)", "nef", "micro-exchanges", "share";
    "R6" r6 "joint work", "members who worked for the group on the same as another ÷ members", "nef (mutuality)", "labels", "share";
    "D1" d1 "turnout", "mean of voters ÷ members", "Arnstein 1969", "trivial votes", "share";
    "D2" d2 "role parity", "per head, one role ÷ the other: authorship, decisions, hours", "nef (equal)", "false roles", "ratios";
    "D3" d3 "citizen initiative", "adopted decisions citizens proposed ÷ adopted", "Wales network", "ghost-writing", "share";
    "D4" d4 "four phases", "phases with work of 2 members, one a citizen ÷ 4", "Loeffler", "labels", "share";
    "D5" d5 "rotation", "1 − Σ f², f the share of meetings a member opened", "nef (roles)", "a chair in name", "0 to 1";
    "G1" g1 "goals met", "goals reached on their day ÷ goals due", "WorkingWithNotTo", "easy goals", "share";
    "B1" b1 "bridging", "ties between roles ÷ ties", "Putnam", "labels", "share";
    "J1" j1 "joining", "joined, left, and the difference", "Budak 2015", "invented people", "members";
    "J2" j2 "joining that leads to doing", "newcomers who signed or worked in 90 days ÷ newcomers", "Budak 2015", "tokens", "share";
}

/// All indicators of a group in a window, by id.
#[must_use]
pub fn all(case: &Case<'_>) -> BTreeMap<&'static str, Figure> {
    ALL.iter().map(|one| (one.id, (one.compute)(case))).collect()
}
