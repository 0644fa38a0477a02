//! Whatever a file is, it is read or refused in a sentence; nothing panics, nothing takes long.
//! Breaks when: any slice, sum, recursion or conversion of the reader is not checked.

use copact_evidence::rules::RuleSet;

use crate::{group, of};

struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end.max(1)).unwrap()).unwrap()
    }
}

const PIECES: [&str; 40] = [
    "n",
    "C4",
    "C1.num",
    "H1.total",
    "R1.p",
    "formed.members",
    "a.b",
    "witnessed",
    "worker",
    "(",
    ")",
    ",",
    ">=",
    "≤",
    "=",
    "+",
    "-",
    "*",
    "/",
    "0",
    "7",
    "999999999999999999",
    " and ",
    " or ",
    "not ",
    "if ",
    " then ",
    " else ",
    "max(",
    "members(",
    "meetings(",
    "quarters(4,",
    "all(",
    " except ",
    "\"",
    "\n",
    "[[clause]]\n",
    "é\u{200d}",
    "\u{0}",
    "minutes",
];

fn mutated(text: &str, draw: &mut Draw) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for _ in 0..=draw.below(4) {
        let (at, to) = (draw.below(text.len()), draw.below(text.len()));
        match draw.below(4) {
            0 => {
                let end = (at + draw.below(30)).min(text.len());
                text.drain(at..end);
            }
            1 => {
                let piece: Vec<char> = PIECES[draw.below(PIECES.len())].chars().collect();
                text.splice(at..at, piece);
            }
            2 => text.swap(at, to),
            _ => {
                let piece: Vec<char> = text[at..(at + draw.below(60)).min(text.len())].to_vec();
                text.splice(to..to, piece);
            }
        }
    }
    text.into_iter().collect()
}

fn tried(seed: u64, text: &str, counts: &mut (usize, usize)) {
    match RuleSet::parse(text) {
        Ok(rules) => {
            counts.0 += 1;
            if counts.0.is_multiple_of(16) {
                let judged = rules.judge(&group::sustained(), group::to());
                assert!(serde_json::to_string(&judged).is_ok(), "seed {seed}");
            }
        }
        Err(error) => {
            counts.1 += 1;
            let said = error.to_string();
            assert!(said.ends_with('.') || said.ends_with('?'), "seed {seed}: {said}");
            assert!(said.len() < 2000, "seed {seed}: {said}");
        }
    }
}

#[test]
fn any_change_of_the_file_is_read_or_refused() {
    let minimum = RuleSet::minimum().unwrap().text();
    let mut counts = (0, 0);
    for seed in 1..1500 {
        let text = mutated(minimum, &mut Draw(seed * 0x9e37_79b9));
        tried(seed, &text, &mut counts);
    }
    assert!(counts.0 > 100 && counts.1 > 100, "{counts:?}");
}

#[test]
fn any_expression_is_read_or_refused() {
    let mut counts = (0, 0);
    for seed in 1..6000 {
        let mut draw = Draw(seed * 0x51_7cc1_b727);
        let test: String = (0..=draw.below(12)).map(|_| PIECES[draw.below(34)]).collect();
        tried(seed, &of(&test), &mut counts);
    }
    assert!(counts.1 > 100, "{counts:?}");
}

#[test]
fn deep_and_long_files_are_refused() {
    for one in ["(", "-", "not ", "max(", "if ", "ceil(", "members(", "[", "{a=", "1+", "n*"] {
        for many in [33, 180, 5000, 30_000] {
            let test = one.repeat(many);
            assert!(RuleSet::parse(&of(&test)).is_err());
            assert!(RuleSet::parse(&test).is_err());
            assert!(RuleSet::parse(&format!("name = {test}")).is_err());
        }
    }
    assert!(RuleSet::parse(&"[[clause]]\n".repeat(5000)).is_err());
    assert!(RuleSet::parse("").is_err());
}
