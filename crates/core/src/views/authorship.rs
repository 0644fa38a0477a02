//! Authorship: who wrote every surviving scalar of the contract.

use serde::Serialize;

use super::Views;
use crate::change::{DocumentId, Origin};
use crate::contract::{self, BlameSpan, ContractContent};
use crate::envelope::Content;
use crate::ids::{ChangeHash, EnvelopeId, MemberId, PartId, VersionId};
use crate::keys::DeviceKey;
use crate::ledger::Place;
use crate::proposal::Version;

/// Some scalars of a part of the contract, and whose they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuthorSpan {
    /// The section, goal, or nothing for the title.
    pub section: Option<PartId>,
    /// `body`, `heading`, `title` or `goal`.
    pub field: &'static str,
    /// The first scalar.
    pub from: usize,
    /// The scalar after the last.
    pub to: usize,
    /// Whose words these are; nobody's if imported.
    pub member: Option<MemberId>,
    /// Who wrote them down for an assisted member.
    pub recorder: Option<MemberId>,
    /// Who confirmed that.
    pub confirmed_by: Option<MemberId>,
    /// Taken over from a file.
    pub imported: bool,
    /// The device that wrote them.
    pub device: DeviceKey,
    /// The envelope that brought them.
    pub envelope: EnvelopeId,
}

/// Who wrote what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Authorship {
    /// The version looked at.
    pub version: Option<VersionId>,
    /// Scalars of all section bodies.
    pub scalars: usize,
    /// Spans of section bodies.
    pub spans: Vec<AuthorSpan>,
    /// Spans of the title, headings and goals.
    pub elsewhere: Vec<AuthorSpan>,
}

impl Views<'_> {
    /// Who wrote every surviving scalar of a version; of the draft unless one is given.
    #[must_use]
    pub fn blame(&self, version: Option<&Version>) -> Authorship {
        let document = self.contract_document(version);
        let content = ContractContent::read(&document);
        let (mut spans, mut elsewhere) = (Vec::new(), Vec::new());
        for span in contract::blame(&document, None) {
            let field = span.field.word();
            if let Some(row) = self.author_span(&span, field) {
                if field == "body" { spans.push(row) } else { elsewhere.push(row) }
            }
        }
        Authorship {
            version: version.map(Version::id).or_else(|| self.draft().map(|draft| draft.id())),
            scalars: content.sections.iter().map(|one| one.body.chars().count()).sum(),
            spans,
            elsewhere,
        }
    }

    fn author_span(&self, span: &BlameSpan, field: &'static str) -> Option<AuthorSpan> {
        let place = self.carrier(DocumentId::Contract, span.change)?;
        let at = self.ledger.at(place)?;
        let Content::Change(change) = at.envelope().content() else { return None };
        let author = self.standing.author(place).and_then(|person| self.standing.id(person));
        let (member, recorder, imported) = match change.origin {
            Origin::Own => (author, None, false),
            Origin::For(member) => (Some(member), author, false),
            Origin::Imported => (None, author, true),
        };
        let confirmed = self.journal().change_confirmed_by(self.ledger, &self.standing, place);
        Some(AuthorSpan {
            section: span.part,
            field,
            from: span.from,
            to: span.to,
            member,
            recorder,
            confirmed_by: confirmed.and_then(|person| self.standing.id(person)),
            imported,
            device: at.envelope().header().chain.device,
            envelope: at.id(),
        })
    }

    /// The envelope that brought a change: the first that counts, else the first.
    #[must_use]
    pub fn carrier(&self, document: DocumentId, change: ChangeHash) -> Option<Place> {
        let carriers = self.ledger.carriers(document, change);
        carriers
            .iter()
            .copied()
            .min_by_key(|place| (!self.standing.counts(*place), self.ledger.canonical(*place)))
    }
}
