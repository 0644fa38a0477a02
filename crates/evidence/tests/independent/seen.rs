//! What was compared: how often each figure was there, and how far the two were apart.

use std::collections::BTreeMap;
use std::fmt;

use copact_evidence::indicators;
use serde_json::Value;

/// Cases in which each indicator must have been computed.
const LEAST: usize = 20;
/// The same of each verdict on a clause.
const LEAST_VERDICTS: usize = 8;
/// Clauses of which each verdict is possible; the others are never not computable.
const ALWAYS_JUDGED: [&str; 5] = [
    "formed.members",
    "formed.amend",
    "coproducing.meetings",
    "coproducing.apart",
    "sustained.quarters",
];

#[derive(Debug, Default)]
pub struct Seen {
    pub differences: Vec<String>,
    computed: BTreeMap<String, usize>,
    apart: BTreeMap<String, f64>,
    verdicts: BTreeMap<String, BTreeMap<String, usize>>,
    claims: BTreeMap<String, BTreeMap<String, usize>>,
    levels: BTreeMap<String, usize>,
}

impl Seen {
    /// Notes what one case has.
    pub fn note(&mut self, ours: &Value) {
        for (id, figure) in ours["indicators"].as_object().unwrap() {
            *self.computed.entry(id.clone()).or_default() += usize::from(figure["status"] == "ok");
        }
        let mut parity = |part: &str| {
            let there = !ours["indicators"]["D2"]["value"][part].is_null();
            *self.computed.entry(format!("D2.{part}")).or_default() += usize::from(there);
        };
        ["authorship", "decisions", "hours"].into_iter().for_each(&mut parity);
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        for clause in ours["clauses"].as_array().unwrap() {
            let verdicts = self.verdicts.entry(word(&clause["id"])).or_default();
            *verdicts.entry(word(&clause["status"])).or_default() += 1;
        }
        for trend in ours["trends"].as_array().unwrap() {
            let claims = self.claims.entry(word(&trend["id"])).or_default();
            if trend["values"].as_array().unwrap().len() >= 6 {
                *claims.entry(word(&trend["claim"])).or_default() += 1;
                *claims.entry("primary".into()).or_default() +=
                    usize::from(trend["primary"] == true);
            }
        }
        for key in ["level", "label"] {
            *self.levels.entry(word(&ours[key])).or_default() += 1;
        }
    }

    /// Notes how far apart two numbers were.
    pub fn apart(&mut self, what: &str, by: f64) {
        let most = self.apart.entry(what.to_owned()).or_default();
        *most = most.max(by);
    }

    pub fn computed(&self, id: &str) -> usize {
        self.computed.get(id).copied().unwrap_or_default()
    }

    /// That everything was there to be compared, and often.
    pub fn assert_enough(&self) {
        for one in indicators::ALL {
            assert!(self.computed(one.id) >= LEAST, "{} was hardly ever computed", one.id);
        }
        for part in ["D2.authorship", "D2.decisions", "D2.hours"] {
            assert!(self.computed(part) >= LEAST, "{part} was hardly ever computed");
        }
        for (clause, verdicts) in &self.verdicts {
            let never = ALWAYS_JUDGED.contains(&clause.as_str());
            for verdict in ["pass", "fail", "not_computable"] {
                let times = verdicts.get(verdict).copied().unwrap_or_default();
                if never && verdict == "not_computable" {
                    assert_eq!(times, 0, "{clause} is always judged");
                } else {
                    assert!(times >= LEAST_VERDICTS, "{clause}: {verdict} {times} times");
                }
            }
        }
        let claimed = |word: &str| -> usize {
            self.claims.values().filter_map(|claims| claims.get(word)).sum()
        };
        for word in ["rise", "fall", "not_shown", "primary"] {
            assert!(claimed(word) >= LEAST_VERDICTS, "{word} was hardly ever claimed");
        }
        for level in ["none", "pair", "formed", "co-producing", "sustained", "public-service"] {
            assert!(self.levels.contains_key(level), "no group was at {level}");
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (id, times) in &self.computed {
            let apart = self.apart.get(id).copied().unwrap_or_default();
            writeln!(f, "{id}: computed {times} times, at most {apart:e} apart")?;
        }
        for other in ["clauses", "trends"] {
            let apart = self.apart.get(other).copied().unwrap_or_default();
            writeln!(f, "{other}: at most {apart:e} apart")?;
        }
        for (clause, verdicts) in &self.verdicts {
            writeln!(f, "{clause}: {verdicts:?}")?;
        }
        for (trend, claims) in &self.claims {
            writeln!(f, "{trend}, of six months or more: {claims:?}")?;
        }
        writeln!(f, "{:?}", self.levels)
    }
}
