//! The contract: draft, versions, ratification, authorship.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Labels, Views};
use crate::act::Act;
use crate::change::DocumentId;
use crate::contract::{self, ContractContent, Differences};
use crate::day::Day;
use crate::document::DocumentError;
use crate::ids::{ChangeHash, EnvelopeId, MemberId, ProposalId, VersionId};
use crate::ledger::{Answered, Decision};
use crate::minutes;
use crate::proposal::{AnswerWord, Matter, Version};

/// Where the contract stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContractStatus {
    /// The draft's version; `None` while nothing is written, or while it has more ends than a
    /// version can name (any further edit joins them).
    pub draft: Option<VersionId>,
    /// The adopted version.
    pub adopted: Option<VersionId>,
    /// Whether the draft differs from the adopted version.
    pub differs: bool,
    /// The version that each member signed last.
    pub signed: Vec<SignedVersion>,
    /// How many voices must sign the draft.
    pub need: usize,
    /// How many did.
    pub have: usize,
    /// How many have voice.
    pub voices: usize,
    /// Every version that anybody signed, in the order of their first signature.
    pub versions: Vec<VersionStatus>,
}

/// The version that a member signed last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignedVersion {
    /// The member.
    pub member: MemberId,
    /// The version.
    pub version: VersionId,
}

/// A version with its signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VersionStatus {
    /// The version.
    pub version: VersionId,
    /// The digest of its text; `None` if it is no version of this contract.
    pub digest: Option<String>,
    /// The day it was adopted.
    pub adopted: Option<Day>,
    /// How many voices must sign it.
    pub need: usize,
    /// How many did.
    pub have: usize,
    /// The other versions that it has in it.
    pub contains: Vec<VersionId>,
    /// One a yes.
    pub signatures: Vec<Signature>,
}

/// A yes to a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// Whose it is.
    pub member: MemberId,
    /// When.
    pub signed: Day,
    /// The act, which another member confirms for an assisted one.
    pub id: EnvelopeId,
    /// Who signed for an assisted member.
    pub recorder: Option<MemberId>,
    /// Who confirmed that.
    pub confirmed_by: Option<MemberId>,
    /// When it was taken back.
    pub withdrawn: Option<Day>,
}

impl Views<'_> {
    /// Every version that anybody signed: proposal, version, and how it stands.
    fn versions(&self) -> Vec<(ProposalId, &Version, Decision<'_>)> {
        let decisions = self.ledger.proposals().filter_map(|id| {
            let decision = self.ledger.decision(id, &self.standing)?;
            match &decision.proposal.matter {
                // What was only proposed costs a build of the document, and nobody asked for it.
                Matter::Ratify(_)
                    if decision.adoptions.is_empty() && decision.answers.is_empty() =>
                {
                    None
                }
                Matter::Ratify(version) => Some((id, version, decision)),
                _ => None,
            }
        });
        decisions.collect()
    }

    /// The adopted version: the ratified one not contained in another ratified one, then the one
    /// with most signers with voice, then the lowest id.
    #[must_use]
    pub fn adopted(&self) -> Option<&Version> {
        let all = self.versions();
        let ratified: Vec<_> = all.iter().filter(|(.., d)| d.in_effect).collect();
        let contained = |version: &Version| {
            ratified.iter().any(|(_, other, _)| {
                // Two lists of heads can name the same changes; neither is then inside the other.
                self.ledger.version_contains(other, version)
                    && !self.ledger.version_contains(version, other)
            })
        };
        let outer = ratified.iter().filter(|(_, version, _)| !contained(version));
        outer
            .min_by_key(|(_, version, d)| (std::cmp::Reverse(d.tally.have), version.id()))
            .map(|(_, version, _)| *version)
    }

    /// The changes that the contract's draft is made of.
    #[must_use]
    pub fn draft(&self) -> Option<Version> {
        let adopted = self.adopted().map(Version::heads).unwrap_or_default();
        Version::new(self.ledger.selection(DocumentId::Contract, &self.standing, adopted).heads)
    }

    /// The version that people name by its id or a unique prefix of it; `adopted` and `draft` too.
    #[must_use]
    pub fn version_named(&self, name: &str) -> Vec<Version> {
        match name {
            "adopted" => self.adopted().cloned().into_iter().collect(),
            "draft" => self.draft().into_iter().collect(),
            prefix => {
                let known = self.versions().into_iter().map(|(_, version, _)| version.clone());
                let mut all: Vec<Version> = known.chain(self.draft()).collect();
                all.sort();
                all.dedup();
                all.retain(|version| version.id().to_string().starts_with(prefix));
                all
            }
        }
    }

    /// The text of a version; of the draft unless one is given.
    #[must_use]
    pub fn contract_content(&self, version: Option<&Version>) -> ContractContent {
        ContractContent::read(&self.contract_document(version))
    }

    /// The Automerge document of a version; of the draft unless one is given.
    #[must_use]
    pub fn contract_document(&self, version: Option<&Version>) -> automerge::Automerge {
        let changes = match version {
            Some(version) => self.ledger.version_changes(version),
            None => {
                let adopted = self.adopted().map(Version::heads).unwrap_or_default();
                self.ledger.selection(DocumentId::Contract, &self.standing, adopted).kept
            }
        };
        self.built(DocumentId::Contract, &changes)
    }

    /// The Automerge document of a meeting's minutes.
    #[must_use]
    pub fn minutes_document(&self, meeting: EnvelopeId) -> automerge::Automerge {
        let id = DocumentId::Minutes(meeting);
        let kept = self.ledger.selection(id, &self.standing, &[]).kept;
        self.built(id, &kept)
    }

    /// What can be shown of a document. What this version of Automerge cannot show is left out here
    /// and told by [`Views::quarantined`]; it stays in the ledger.
    fn built(&self, id: DocumentId, changes: &[ChangeHash]) -> automerge::Automerge {
        match self.ledger.materialise(id, changes) {
            Ok(document) => document.into_automerge(),
            Err(DocumentError::Quarantined { document, .. }) => document.into_automerge(),
            Err(DocumentError::Missing(_)) => {
                automerge::Automerge::new_with_encoding(automerge::TextEncoding::Utf16CodeUnit)
            }
        }
    }

    /// Documents that this version of copact cannot show wholly, a sentence each.
    #[must_use]
    pub fn quarantined(&self) -> Vec<String> {
        let adopted = self.adopted().map(Version::heads).unwrap_or_default();
        let errors = self.ledger.documents().filter_map(|id| {
            let adopted = if id == DocumentId::Contract { adopted } else { &[] };
            let kept = self.ledger.selection(id, &self.standing, adopted).kept;
            self.ledger.materialise(id, &kept).err()
        });
        errors.map(|error| error.to_string()).collect()
    }

    pub(super) fn minutes_digests(&self) -> BTreeMap<EnvelopeId, String> {
        let meetings = self.ledger.documents().filter_map(|document| match document {
            DocumentId::Minutes(meeting) => Some(meeting),
            DocumentId::Contract => None,
        });
        meetings.map(|meeting| (meeting, minutes::read(&self.minutes_document(meeting)))).collect()
    }

    /// What a change did to the contract as its author saw it, for offering back what was left out
    /// because its chain was continued twice. `None` if it is no change of this contract.
    #[must_use]
    pub fn patch_of(&self, change: ChangeHash) -> Option<Differences> {
        let after = self.ledger.version_changes(&Version::new(vec![change])?);
        let before: Vec<ChangeHash> = after.iter().copied().filter(|one| *one != change).collect();
        let content = |changes: &[ChangeHash]| {
            ContractContent::read(&self.built(DocumentId::Contract, changes))
        };
        (!after.is_empty()).then(|| contract::differences(&content(&before), &content(&after)))
    }

    /// Where the contract stands.
    #[must_use]
    pub fn contract_status(&self) -> ContractStatus {
        let all = self.versions();
        let draft = self.draft();
        let adopted = self.adopted().map(Version::id);
        let draft_id = draft.as_ref().map(Version::id);
        let voices = self.standing.voices();
        let of_draft = all
            .iter()
            .filter(|(_, version, _)| Some(version.id()) == draft_id)
            .max_by_key(|(id, _, d)| (d.tally.have, std::cmp::Reverse(*id)));
        let mut versions: Vec<_> = all
            .iter()
            .map(|(_, version, decision)| {
                let first = decision.answers.first().map(|one| one.place);
                let key = first.map(|place| self.ledger.canonical(place));
                ((key.is_none(), key, version.id()), self.version_status(version, decision, &all))
            })
            .collect();
        versions.sort_by_key(|(key, _)| *key);
        ContractStatus {
            draft: draft_id,
            adopted,
            differs: draft_id != adopted,
            signed: self.signed_versions(&all),
            need: self.standing.share().need(voices),
            have: of_draft.map_or(0, |(.., decision)| decision.tally.have),
            voices,
            versions: versions.into_iter().map(|(_, row)| row).collect(),
        }
    }

    /// Of each member, the version of their latest standing yes.
    fn signed_versions(&self, all: &[(ProposalId, &Version, Decision<'_>)]) -> Vec<SignedVersion> {
        let mut latest: BTreeMap<MemberId, ((u32, EnvelopeId), VersionId)> = BTreeMap::new();
        for (_, version, decision) in all {
            for one in &decision.answers {
                let by = self.standing.goes_by(one.person);
                let standing = one.latest && decision.tally.yes.contains(&by);
                let Some(member) = self.standing.id(by).filter(|_| standing) else {
                    continue;
                };
                let key = self.ledger.canonical(one.place);
                let entry = latest.entry(member).or_insert((key, version.id()));
                if key > entry.0 {
                    *entry = (key, version.id());
                }
            }
        }
        let rows = latest.into_iter();
        rows.map(|(member, (_, version))| SignedVersion { member, version }).collect()
    }

    fn version_status(
        &self,
        version: &Version,
        decision: &Decision,
        all: &[(ProposalId, &Version, Decision<'_>)],
    ) -> VersionStatus {
        let contains = all
            .iter()
            .filter(|(_, other, _)| {
                *other != version && self.ledger.version_contains(version, other)
            })
            .map(|(_, other, _)| other.id())
            .collect();
        let answers = &decision.answers;
        let signatures = answers.iter().filter_map(|one| self.signature(one, answers)).collect();
        let sound = !self.ledger.version_changes(version).is_empty();
        VersionStatus {
            version: version.id(),
            digest: sound.then(|| self.contract_content(Some(version)).digest_words()),
            adopted: self.adoption_day(decision),
            need: decision.tally.need,
            have: decision.tally.have,
            contains,
            signatures,
        }
    }

    fn signature(&self, one: &Answered, all: &[Answered]) -> Option<Signature> {
        if one.answer != AnswerWord::Yes {
            return None;
        }
        let later = all.iter().filter(|other| {
            other.person == one.person
                && other.answer != AnswerWord::Yes
                && other.is_confirmed()
                && self.ledger.in_past(one.place, other.place)
        });
        Some(Signature {
            member: self.standing.id(one.person)?,
            signed: self.signed(one.place)?,
            id: self.ledger.at(one.place)?.id(),
            recorder: one.recorder.and_then(|person| self.standing.id(person)),
            confirmed_by: one.confirmed_by.and_then(|person| self.standing.id(person)),
            withdrawn: later.filter_map(|other| self.signed(other.place)).min(),
        })
    }

    /// The hash that names the group's name among the side texts.
    #[must_use]
    pub fn group_name(&self, labels: &Labels) -> Option<String> {
        match self.ledger.get(self.ledger.group().founding())?.act()? {
            Act::Found(found) => (labels.text)(found.name),
            _ => None,
        }
    }
}
