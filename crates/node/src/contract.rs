//! The contract and the minutes: importing, editing, comparing, signing.

use std::path::Path;

use copact_core::act::Act;
use copact_core::change::{Change, DocumentId, Origin};
use copact_core::contract::{
    EditError, Editor, LookupError, Markdown, MarkdownError, apply_markdown, edit_section,
    make_change,
};
use copact_core::envelope::{Chain, Content};
use copact_core::ids::{EnvelopeId, Incarnation, PartId, VersionId};
use copact_core::limits;
use copact_core::minutes;
use copact_core::proposal::{AnswerWord, Matter, Proposal, Version};
use serde::Serialize;

use crate::decisions::Answered;
use crate::error::{NodeError, Result};
use crate::file;
use crate::group::Group;
use crate::home::random;

/// An edit that was written.
#[derive(Clone, Debug, Serialize)]
pub struct Edited {
    /// The last envelope written; `None` if nothing differed.
    pub id: Option<EnvelopeId>,
    /// All envelopes written.
    pub envelopes: Vec<EnvelopeId>,
    /// The draft's version now.
    pub version: Option<VersionId>,
}

/// The text of a meeting's minutes.
#[derive(Clone, Debug, Serialize)]
pub struct MinutesShown {
    /// The meeting.
    pub meeting: EnvelopeId,
    /// The text.
    pub text: String,
    /// The last envelope written, if this call wrote any.
    pub id: Option<EnvelopeId>,
}

impl From<EditError> for NodeError {
    fn from(error: EditError) -> Self {
        Self::told("bad_edit", error)
    }
}

impl From<MarkdownError> for NodeError {
    fn from(error: MarkdownError) -> Self {
        Self::told("bad_contract", error)
    }
}

impl Group {
    /// Reads a contract file, to be asked about and then given to [`Group::import_contract`].
    ///
    /// # Errors
    /// The file cannot be read or is no contract.
    pub fn read_contract(&self, path: &Path) -> Result<Markdown> {
        self.must_stand()?;
        let text = file::read_text(path, file::TEXT_BYTES)?;
        Markdown::parse(&text).map_err(|error| NodeError::from(error).of_file(path))
    }

    /// Makes the draft equal to a file. The words are marked as imported: nobody's.
    ///
    /// # Errors
    /// The edit does not fit.
    pub fn import_contract(&mut self, parsed: &Markdown) -> Result<Edited> {
        self.apply(parsed, Origin::Imported)
    }

    /// Makes the draft equal to an edited text, writing what differs as one's own words or an
    /// assisted member's.
    ///
    /// # Errors
    /// The text is no contract, or the member is somebody else's to help.
    pub fn edit_contract(&mut self, text: &str, behalf: Option<&str>) -> Result<Edited> {
        self.must_stand()?;
        let origin = self.origin(behalf)?;
        self.apply(&Markdown::parse(text)?, origin)
    }

    fn apply(&mut self, parsed: &Markdown, origin: Origin) -> Result<Edited> {
        self.must_stand()?;
        // Ids are drawn before the edit, which must not fail for want of randomness half-way.
        let mut drawn = Vec::new();
        for _ in 0..2 * (parsed.sections.len() + parsed.goals().count()) + 16 {
            drawn.push(PartId::from_bytes(random()?));
        }
        let mut ids = drawn.into_iter();
        let mut next = || ids.next().unwrap_or_else(|| PartId::from_bytes([0; 8]));
        self.edit(DocumentId::Contract, origin, |editor| {
            apply_markdown(editor, parsed, &mut next).map(drop)
        })
    }

    /// Replaces one section's text, writing only what differs.
    ///
    /// # Errors
    /// No such section, several, or a text that does not fit.
    pub fn set_section(
        &mut self,
        typed: &str,
        path: &Path,
        behalf: Option<&str>,
    ) -> Result<Edited> {
        self.must_stand()?;
        let origin = self.origin(behalf)?;
        let content = self.views().contract_content(None);
        let section = content.find_section(typed).map_err(unknown_section)?;
        let text = file::read_text(path, file::TEXT_BYTES)?;
        let id = section.id;
        self.edit(DocumentId::Contract, origin, |editor| edit_section(editor, id, &text).map(drop))
    }

    fn origin(&self, behalf: Option<&str>) -> Result<Origin> {
        Ok(self.assisted(behalf)?.map_or(Origin::Own, Origin::For))
    }

    /// Edits a document and writes the changes. Nothing differs: nothing is written.
    fn edit(
        &mut self,
        id: DocumentId,
        origin: Origin,
        edit: impl FnOnce(&mut Editor) -> std::result::Result<(), EditError>,
    ) -> Result<Edited> {
        let (document, heads) = self.document(id)?;
        let actor = self.chain(id)?.actor(self.ledger().group());
        let changes = make_change(&document, actor, edit)?;
        let about: Vec<EnvelopeId> = if changes.is_empty() { Vec::new() } else { heads };
        let mut envelopes = Vec::new();
        for bytes in changes {
            let change = Content::Change(Change { document: id, origin, bytes });
            // The second change of one edit builds on the first, which is its `prev`.
            envelopes.push(self.write(change, if envelopes.is_empty() { &about } else { &[] })?);
        }
        if !envelopes.is_empty() {
            self.save()?;
        }
        let version = self.views().draft().map(|draft| draft.id());
        Ok(Edited { id: envelopes.last().copied(), envelopes, version })
    }

    /// A document as it stands, and the envelopes that brought its heads.
    fn document(&self, id: DocumentId) -> Result<(automerge::Automerge, Vec<EnvelopeId>)> {
        let views = self.views();
        let (document, selection) = match id {
            DocumentId::Contract => {
                let adopted = views.adopted().map(Version::heads).unwrap_or_default();
                let selection = self.ledger().selection(id, &views.standing, adopted);
                (views.contract_document(None), selection)
            }
            DocumentId::Minutes(meeting) => {
                let selection = self.ledger().selection(id, &views.standing, &[]);
                (views.minutes_document(meeting), selection)
            }
        };
        let carriers = selection.heads.iter().filter_map(|head| views.carrier(id, *head));
        let heads = carriers.filter_map(|place| self.ledger().at(place)).map(|at| at.id());
        Ok((document, heads.collect()))
    }

    /// The chain to write a change in: the present one, unless a change of it lost to a fork, for
    /// then whatever followed would be left out with it.
    fn chain(&mut self, id: DocumentId) -> Result<Chain> {
        let views = self.views();
        let adopted = views.adopted().map(Version::heads).unwrap_or_default();
        let adopted = if id == DocumentId::Contract { adopted } else { &[] };
        let selection = self.ledger().selection(id, &views.standing, adopted);
        let mine = self.secrets().device.public();
        let present = self.incarnation();
        let lost = selection.left_out.iter().any(|hash| {
            let carriers = self.ledger().carriers(id, *hash).iter();
            carriers.filter_map(|place| self.ledger().at(*place)).any(|at| {
                let chain = at.envelope().header().chain;
                chain.device == mine && Some(chain.incarnation) == present
            })
        });
        drop(views);
        if lost {
            self.begin_chain(Incarnation::from_bytes(random()?));
        }
        let incarnation = match self.incarnation() {
            Some(incarnation) => incarnation,
            None => {
                let fresh = Incarnation::from_bytes(random()?);
                self.begin_chain(fresh);
                fresh
            }
        };
        Ok(Chain { device: mine, incarnation })
    }

    /// Signs the draft: answers yes to adopting it.
    ///
    /// # Errors
    /// There is nothing to sign, it was signed already, or the member is somebody else's to help.
    pub fn ratify(&mut self, behalf: Option<&str>) -> Result<Answered> {
        let (me, _) = self.must_stand()?;
        let on_behalf_of = self.assisted(behalf)?;
        let views = self.views();
        let Some(version) = views.draft() else {
            let changes = self.ledger().documents().any(|one| one == DocumentId::Contract);
            return Err(if changes {
                NodeError::input(
                    "too_many_ends",
                    format_args!("more than {} people edited at once", limits::VERSION_HEADS),
                )
                .hint("make one small edit, which joins them, and sign then")
            } else {
                NodeError::input("no_contract", "there is no contract to sign yet")
                    .hint("begin with `copact contract import FILE.md` or `copact contract edit`")
            });
        };
        let proposal = Proposal::new(Matter::Ratify(version));
        let signer = on_behalf_of.and_then(|one| views.standing.person(one)).unwrap_or(me);
        let known = self.ledger().decision(proposal.id(), &views.standing);
        let signed = known.as_ref().is_some_and(|decision| {
            let signer = views.standing.goes_by(signer);
            let own = |one: &copact_core::ledger::Answered| {
                views.standing.goes_by(one.person) == signer && one.answer == AnswerWord::Yes
            };
            decision.answers.iter().any(own)
                && (decision.tally.yes.contains(&signer) || on_behalf_of.is_some())
        });
        let proposed = known.is_some_and(|decision| !decision.proposes.is_empty());
        drop(views);
        if signed {
            return Err(NodeError::input("signed_already", "this version was signed already")
                .hint("`copact contract status` shows who is still missing"));
        }
        let mut about = self.named_by(&proposal)?;
        if !proposed {
            let last_day = self.clock().day.plus(limits::PROPOSAL_DAYS);
            let act =
                Act::Propose { proposal: proposal.clone(), reason: None, last_day, on_behalf_of };
            about.push(self.write_act(act, &about.clone())?);
        }
        self.answer_with(proposal, AnswerWord::Yes, on_behalf_of, &about)
    }

    /// A meeting's minutes.
    ///
    /// # Errors
    /// No such meeting.
    pub fn minutes(&self, typed: &str) -> Result<MinutesShown> {
        let meeting = self.meeting(Some(typed))?;
        let text = minutes::read(&self.views().minutes_document(meeting));
        Ok(MinutesShown { meeting, text, id: None })
    }

    /// Writes a meeting's minutes from a file; only what differs.
    ///
    /// # Errors
    /// No such meeting, or a text that does not fit.
    pub fn write_minutes(&mut self, typed: &str, path: &Path) -> Result<MinutesShown> {
        self.must_stand()?;
        let meeting = self.meeting(Some(typed))?;
        let text = file::read_text(path, file::TEXT_BYTES)?;
        let edited = self.edit(DocumentId::Minutes(meeting), Origin::Own, |editor| {
            minutes::edit_minutes(editor, &text).map(drop)
        })?;
        let text = minutes::read(&self.views().minutes_document(meeting));
        Ok(MinutesShown { meeting, text, id: edited.id })
    }
}

/// The choices are people's words, in which there can be semicolons.
fn unknown_section(error: LookupError) -> NodeError {
    let (LookupError::Unknown { choices, .. } | LookupError::Ambiguous { choices, .. }) = &error;
    let sentence = error.to_string();
    let what = sentence.strip_suffix(choices.as_str()).unwrap_or(&sentence);
    let code = match error {
        LookupError::Unknown { .. } => "unknown_section",
        LookupError::Ambiguous { .. } => "ambiguous_section",
    };
    NodeError::input(code, what.trim_end_matches([';', ' '])).hint(choices)
}
