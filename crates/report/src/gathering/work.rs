//! One bundle or ledger: its rows, worked out or taken up.

use std::borrow::Cow;
use std::collections::BTreeSet;

use copact_core::envelope::Wire;
use copact_core::ids::{EnvelopeId, Salt};
use copact_core::ledger::Placed;
use copact_core::views::Views;
use copact_evidence::community::{Group, rows};
use copact_evidence::facts::Facts;

use super::checkpoint::{Checkpoint, Content, ReadFrom, key_of};
use super::{Asked, Given, Kept, LeftOut, Opening, Reading, Source};
use crate::bundle::{Bundle, UnreadBundle};
use crate::verify::{self, Failed, signers};

/// What was worked out of one.
pub(super) struct Worked {
    pub(super) known: Checkpoint,
    /// The file's hash; of a ledger nothing.
    pub(super) hash: [u8; 32],
    /// Whether it was taken up.
    pub(super) again: bool,
}

/// Why one cannot be counted.
pub(super) struct Trouble {
    code: &'static str,
    sentence: String,
}

impl Trouble {
    pub(super) fn stopped() -> Self {
        let sentence = "copact broke off while it worked on this; please tell its authors";
        Self { code: "stopped", sentence: sentence.to_owned() }
    }

    const fn unreadable(sentence: String) -> Self {
        Self { code: "unreadable", sentence }
    }

    fn unread(error: &UnreadBundle) -> Self {
        let code = match error {
            UnreadBundle::Altered | UnreadBundle::Codec(_) | UnreadBundle::Inflate => "altered",
            UnreadBundle::Newer(_) => "newer",
            UnreadBundle::NotABundle | UnreadBundle::TooLong(_) => "not_a_report",
        };
        Self { code, sentence: error.to_string() }
    }

    fn failed(failed: &Failed) -> Self {
        let Failed { code, r#where, expected, found } = failed;
        let sentence = format!("{where}: expected {expected}, but found {found}");
        Self { code, sentence }
    }

    pub(super) fn of(self, name: &str) -> LeftOut {
        let Self { code, sentence } = self;
        LeftOut { name: name.to_owned(), code, sentence, instead: None }
    }
}

pub(super) fn worked(
    given: &Given<'_>,
    asked: &Asked<'_>,
    kept: &dyn Kept,
) -> Result<Worked, Trouble> {
    match &given.source {
        Source::Bundle(read) => {
            let bytes = read().map_err(Trouble::unreadable)?;
            let hash = *blake3::hash(&bytes).as_bytes();
            let key = key_of(Content::File(&hash), asked);
            taken_up(Some(key), asked, kept, || of_bundle(bytes, asked))
                .map(|(known, again)| Worked { known, hash, again })
        }
        Source::Home { frontier, open } => {
            let key = frontier.as_ref().map(|digest| key_of(Content::Frontier(digest), asked));
            taken_up(key, asked, kept, || of_home(open, asked)).map(|(known, again)| Worked {
                known,
                hash: [0; 32],
                again,
            })
        }
    }
}

/// What is kept, if it can be used; else it is made and kept.
fn taken_up(
    key: Option<[u8; 32]>,
    asked: &Asked<'_>,
    kept: &dyn Kept,
    make: impl FnOnce() -> Result<Checkpoint, Trouble>,
) -> Result<(Checkpoint, bool), Trouble> {
    let Some(key) = key else { return Ok((make()?, false)) };
    let known = kept.load(&key).and_then(|bytes| Checkpoint::from_bytes(&bytes, &key, asked).ok());
    if let Some(known) = known {
        return Ok((known, true));
    }
    let made = make()?;
    kept.keep(&key, &made.to_bytes(&key));
    Ok((made, false))
}

fn of_bundle(bytes: Cow<'_, [u8]>, asked: &Asked<'_>) -> Result<Checkpoint, Trouble> {
    let bundle = Bundle::from_bytes(&bytes).map_err(|error| Trouble::unread(&error))?;
    drop(bytes);
    let failed = |error| Trouble::failed(&error);
    let ledger = verify::ledger_of(&bundle, &mut |_, _| {}).map_err(failed)?;
    let views = Views::of(&ledger);
    verify::anchored(&views).map_err(failed)?;
    let facts = verify::facts_of(&bundle, &views).map_err(failed)?;
    let claim = bundle.claim(ledger.frontier().digest());
    let signed_by = signers::of(&bundle, &claim, &views, &facts, bundle.to).map_err(failed)?;
    let mut made = made(ReadFrom::of(bundle.form), &views, &facts, asked);
    made.signed_by = number(signed_by);
    made.of = number(facts.count(bundle.to));
    Ok(made)
}

fn of_home(open: &Opening<'_>, asked: &Asked<'_>) -> Result<Checkpoint, Trouble> {
    let mut seen = None;
    open(&mut |views| {
        seen = Some(made(ReadFrom::Home, views, &Facts::of(views), asked));
    })
    .map_err(Trouble::unreadable)?;
    seen.ok_or_else(Trouble::stopped)
}

fn made(form: ReadFrom, views: &Views<'_>, facts: &Facts, asked: &Asked<'_>) -> Checkpoint {
    let ledger = views.ledger;
    let id = ledger.group().to_string();
    let group = Group { id: &id, team: rows::is_team(views), facts };
    let judging = asked.rules.judging(facts);
    let heads = ledger.heads().filter_map(|place| ledger.at(place));
    let heads: BTreeSet<EnvelopeId> = heads.map(Placed::id).collect();
    Checkpoint {
        group: ledger.group(),
        form,
        envelopes: number(ledger.len()),
        heads: heads.into_iter().collect(),
        signed_by: 0,
        of: 0,
        rows: rows::of_group(group, asked.from, asked.to, |day| judging.level(day)),
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// The envelopes of one that was worked out; none if it is not what it was a moment ago.
pub(super) fn envelopes(given: &Given<'_>, worked: &Worked) -> BTreeSet<EnvelopeId> {
    match &given.source {
        Source::Bundle(read) => in_file(read, &worked.hash).unwrap_or_default(),
        Source::Home { open, .. } => {
            let mut all = BTreeSet::new();
            let opened = open(&mut |views| {
                all.extend(views.ledger.envelopes().map(|(_, at)| at.id()));
            });
            if opened.is_ok() { all } else { BTreeSet::new() }
        }
    }
}

fn in_file(read: &Reading<'_>, hash: &[u8; 32]) -> Option<BTreeSet<EnvelopeId>> {
    let bytes = read().ok()?;
    if blake3::hash(&bytes).as_bytes() != hash {
        return None;
    }
    let rows = Bundle::from_bytes(&bytes).ok()?.rows.into_iter();
    let id = |header, signature| {
        Wire { header, signature, salt: Salt::from_bytes([0; 16]), body: Vec::new() }.id()
    };
    Some(rows.map(|row| id(row.header, row.signature)).collect())
}
