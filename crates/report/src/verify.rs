//! Verifying a report bundle: every signature, then everything that can be recomputed.
//!
//! The steps, in order, and the first that fails is told: the file is what was written; each row's
//! header, signature and body; each row's ancestors are rows before it; what outsiders signed is
//! there; nothing is in it that its form does not have; the tables fit the ledger; the figures
//! follow; members' signatures are of this report.

use copact_core::anchor::{Statement, Witnessed};
use copact_core::entry::Record;
use copact_core::envelope::{EnvelopeError, Verified, Wire};
use copact_core::ids::EnvelopeId;
use copact_core::keys::KnownKeys;
use copact_core::ledger::{Inserted, Ledger};
use copact_core::views::Views;
use copact_evidence::facts::Facts;
use copact_evidence::report::Report;
use copact_evidence::rules::RuleSet;
use copact_evidence::window::Window;
use serde::Serialize;

use crate::bundle::{Bundle, Form, Part, Row, UnreadBundle};

mod difference;
mod form;
pub(crate) mod signers;
mod tables;
mod unproven;

pub use unproven::Unproven;

/// Days of the longest window: what a report costs grows with its months.
const LONGEST: i32 = 3_660;

/// The first thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failed {
    /// For scripts, for example `signature` or `figure`.
    pub code: &'static str,
    /// Where: a row by number and id, or a figure by its name.
    pub r#where: String,
    /// What there should be.
    pub expected: String,
    /// What there is.
    pub found: String,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// `PASS` or `FAIL`.
    pub result: &'static str,
    /// The first thing that is wrong.
    pub first_failure: Option<Failed>,
    /// What remains unproven, also when it passes.
    pub unproven: Vec<Unproven>,
    /// How many members signed this very report.
    pub signed_by: usize,
    /// Of how many.
    pub of: u64,
    /// The report as it was recomputed.
    pub report: Option<Report>,
}

impl Verdict {
    fn fail(failed: Failed) -> Self {
        let first_failure = Some(failed);
        let unproven = Vec::new();
        Self { result: "FAIL", first_failure, unproven, signed_by: 0, of: 0, report: None }
    }

    /// Whether it passed.
    #[must_use]
    pub const fn passed(&self) -> bool {
        self.first_failure.is_none()
    }
}

pub(crate) fn failed(
    code: &'static str,
    place: impl Into<String>,
    expected: impl Into<String>,
    found: impl Into<String>,
) -> Failed {
    Failed { code, r#where: place.into(), expected: expected.into(), found: found.into() }
}

/// Verifies a file; `on_row` is told after each row how many are done, of how many.
///
/// # Errors
/// It is no report bundle, or of a newer version. One that was altered is a verdict.
pub fn verify(bytes: &[u8], on_row: &mut dyn FnMut(usize, usize)) -> Result<Verdict, UnreadBundle> {
    let bundle = match Bundle::from_bytes(bytes) {
        Ok(bundle) => bundle,
        Err(UnreadBundle::Altered | UnreadBundle::Codec(_) | UnreadBundle::Inflate) => {
            let found = Bundle::from_bytes(bytes).err().map(|why| why.to_string());
            let expected = "the bytes that were written, which end in their own checksum";
            return Ok(Verdict::fail(failed(
                "altered",
                "the file",
                expected,
                found.unwrap_or_default(),
            )));
        }
        Err(other) => return Err(other),
    };
    Ok(match recompute(&bundle, on_row) {
        Ok(verdict) => verdict,
        Err(first) => Verdict::fail(first),
    })
}

fn recompute(bundle: &Bundle, on_row: &mut dyn FnMut(usize, usize)) -> Result<Verdict, Failed> {
    let window = Window::new(bundle.from, bundle.to).ok_or_else(|| {
        failed("window", "the window", "a first day that is not after the last", "an empty window")
    })?;
    if window.to.since(window.from) >= LONGEST {
        let expected = format!("at most {LONGEST} days");
        return Err(failed("window", "the window", expected, "more"));
    }
    let rules = rules_of(bundle)?;
    form::whole(bundle)?;
    let ledger = ledger_of(bundle, on_row)?;
    let views = Views::of(&ledger);
    anchored(&views)?;
    form::words(bundle, &views)?;
    tables::check(bundle, &views)?;
    let facts = facts_of(bundle, &views)?;
    let report = Report::of(&views, &facts, window, &rules);
    difference::between(&report, &bundle.figures)?;
    let claim = bundle.claim(ledger.frontier().digest());
    let signers = signers::of(bundle, &claim, &views, &facts, window.to)?;
    let unproven = unproven::of(bundle, &rules, &report, signers);
    Ok(Verdict {
        result: "PASS",
        first_failure: None,
        unproven,
        signed_by: signers,
        of: report.n,
        report: Some(report),
    })
}

/// The rules; none that go by the name of the minimum and are others.
fn rules_of(bundle: &Bundle) -> Result<RuleSet, Failed> {
    let rules = RuleSet::parse(&bundle.rules)
        .map_err(|error| failed("rules", "the rules", "a rule set", error.to_string()))?;
    match RuleSet::minimum() {
        Ok(minimum) if minimum.name() == rules.name() && minimum.hash() != rules.hash() => {
            let expected = format!("{}, of which the hash is {}", minimum.name(), minimum.hash());
            Err(failed("rules", "the rules", expected, format!("others, {}", rules.hash())))
        }
        _ => Ok(rules),
    }
}

/// The ledger of a bundle, every signature and body of it verified.
pub(crate) fn ledger_of(
    bundle: &Bundle,
    on_row: &mut dyn FnMut(usize, usize),
) -> Result<Ledger, Failed> {
    let all = bundle.rows.len();
    let (mut ledger, mut known): (Option<Ledger>, _) = (None, KnownKeys::default());
    for (number, row) in (1..).zip(&bundle.rows) {
        let envelope = envelope(bundle.form, number, row, &mut known)?;
        let place = format!("row {number} ({})", envelope.id());
        form::row(bundle.form, &place, &envelope)?;
        let Some(ledger) = &mut ledger else {
            let founded = Ledger::found(envelope).map_err(|error| {
                failed("founding", place, "the founding of the group", error.to_string())
            })?;
            ledger = Some(founded);
            continue;
        };
        take_in(ledger, envelope, place)?;
        on_row(number, all);
    }
    ledger.ok_or_else(|| failed("founding", "the rows", "the founding of the group", "no row"))
}

fn take_in(ledger: &mut Ledger, envelope: Verified, place: String) -> Result<(), Failed> {
    let header = envelope.header();
    let missing: Vec<EnvelopeId> = header
        .prev
        .iter()
        .chain(&header.parents)
        .copied()
        .filter(|id| ledger.get(*id).is_none())
        .collect();
    match ledger.insert(envelope) {
        Ok(Inserted::Placed(_)) => Ok(()),
        Ok(Inserted::Known) => Err(failed("row_twice", place, "each row once", "it a second time")),
        Ok(Inserted::Waiting) => {
            let missing = missing.first().map(ToString::to_string).unwrap_or_default();
            let expected = format!("{missing} before it, on which it builds");
            Err(failed("missing_row", place, expected, "no such row"))
        }
        Err(error) => Err(failed("chain", place, "a row of this group", error.to_string())),
    }
}

/// A row as an envelope: header, signature and body verified.
fn envelope(
    form: Form,
    number: usize,
    row: &Row,
    known: &mut KnownKeys,
) -> Result<Verified, Failed> {
    let place = format!("row {number}");
    let told = |error: EnvelopeError| {
        let code = match error {
            EnvelopeError::Signature(_) => "signature",
            EnvelopeError::Body => "body",
            _ => "row",
        };
        failed(code, place.clone(), "an envelope as its author signed it", error.to_string())
    };
    match &row.part {
        Part::Body { salt, body } => {
            let wire = Wire {
                header: row.header.clone(),
                signature: row.signature,
                salt: *salt,
                body: body.clone(),
            };
            wire.parse().and_then(|one| one.verify_among(known)).map_err(told)
        }
        Part::Withheld(_) if form == Form::Audit => {
            Err(failed("withheld", place, "a body: an audit withholds nothing", "none"))
        }
        Part::Withheld(withheld) => {
            let withheld = withheld.clone();
            Verified::with_withheld_body(&row.header, row.signature, withheld, known).map_err(told)
        }
    }
}

/// What outsiders signed must be here: a row left out under an anchor is missed.
pub(crate) fn anchored(views: &Views<'_>) -> Result<(), Failed> {
    for place in &views.journal().entries {
        let Some(at) = views.ledger.at(*place) else { continue };
        let Some(Record::Anchor(anchor)) = at.entry().map(|entry| &entry.record) else { continue };
        let where_ = || format!("the anchor {}", at.id());
        // Any member can record nonsense: what cannot be read bounds nothing, and spoils nothing.
        let Ok(statement) = Statement::read(&anchor.statement) else { continue };
        let Witnessed::Seen { group, heads } = statement.witnessed else { continue };
        if group != views.ledger.group() {
            continue;
        }
        for head in heads {
            let here = views.ledger.place_of(head);
            if !here.is_some_and(|head| views.ledger.in_past(head, *place)) {
                let expected = format!("{head}, which was signed, among what it builds on");
                return Err(failed("anchor", where_(), expected, "no such row"));
            }
        }
    }
    Ok(())
}

pub(crate) fn facts_of(bundle: &Bundle, views: &Views<'_>) -> Result<Facts, Failed> {
    if bundle.form == Form::Audit {
        return Ok(Facts::of(views));
    }
    Facts::told(views, &bundle.tables).map_err(|version| {
        failed(
            "table",
            format!("the authorship table of {version}"),
            "one table for each adopted version, of this group's members, whose parts add up",
            "one that is missing, too much, or contradicts itself",
        )
    })
}
