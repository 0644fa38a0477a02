//! What is kept and not counted.

use serde::Serialize;

use super::Views;
use crate::change::Withheld;
use crate::day::Day;
use crate::envelope::Content;
use crate::ids::{EnvelopeId, MemberId};
use crate::keys::DeviceKey;
use crate::ledger::SetAside;

/// One envelope that is set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetAsideRow {
    /// The envelope.
    pub id: EnvelopeId,
    /// `act`, `entry` or `change`.
    pub kind: &'static str,
    /// Whose device wrote it, if anybody's.
    pub author: Option<MemberId>,
    /// The device.
    pub device: DeviceKey,
    /// The day it claims.
    pub day: Day,
    /// Why, as a word.
    pub why: String,
    /// Why, as a sentence.
    pub sentence: String,
}

impl Views<'_> {
    /// Everything that is kept and not counted, in canonical order.
    #[must_use]
    pub fn set_aside(&self) -> Vec<SetAsideRow> {
        let rows = self.ledger.in_order().into_iter().filter_map(|place| {
            let why = self.standing.verdict(place).err()?;
            let at = self.ledger.at(place)?;
            let (why, sentence) = match (why, at.void()) {
                (SetAside::Void, Some(void)) => (void.code().to_owned(), void.to_string()),
                (why, _) => (why.word().to_owned(), why.sentence().to_owned()),
            };
            let author = self.standing.author(place).and_then(|person| self.standing.id(person));
            Some(SetAsideRow {
                id: at.id(),
                kind: match at.envelope().content() {
                    Content::Act(_) => "act",
                    Content::Entry(_) => "entry",
                    Content::Withheld(Withheld::Entry { .. }) => "entry",
                    Content::Change(_) | Content::Withheld(_) => "change",
                },
                author,
                device: at.envelope().header().chain.device,
                day: at.envelope().header().day,
                why,
                sentence,
            })
        });
        rows.collect()
    }
}
