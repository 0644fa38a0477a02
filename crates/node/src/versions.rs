//! Versions of the contract: reading, comparing, who wrote what, when.

use copact_core::change::{DocumentId, Origin};
use copact_core::contract::{ContractContent, Differences, differences};
use copact_core::day::Day;
use copact_core::envelope::Content;
use copact_core::ids::{EnvelopeId, MemberId, VersionId};
use copact_core::proposal::Version;
use copact_core::views::{Authorship, ContractStatus};
use serde::Serialize;

use crate::error::{NodeError, Result};
use crate::goals::GoalRow;
use crate::group::Group;

/// One version of the contract, to be read.
#[derive(Clone, Debug, Serialize)]
pub struct ContractShown {
    /// The version; `None` while nothing is written.
    pub version: Option<VersionId>,
    /// The digest of its text, to be read out loud.
    pub digest: String,
    /// Whether this version is the adopted one.
    pub adopted: bool,
    /// The whole text, as Markdown.
    pub text: String,
    /// The title.
    pub title: String,
    /// The sections.
    pub sections: Vec<copact_core::contract::Section>,
    /// The goals.
    pub goals: Vec<GoalRow>,
}

/// One change to the contract.
#[derive(Clone, Debug, Serialize)]
pub struct HistoryRow {
    /// The envelope.
    pub id: EnvelopeId,
    /// Whose words.
    pub member: Option<MemberId>,
    /// Their name.
    pub name: Option<String>,
    /// Who wrote them down for an assisted member.
    pub recorder: Option<MemberId>,
    /// Taken over from a file.
    pub imported: bool,
    /// When.
    pub day: Day,
    /// Scalars that this change inserted and that are still there.
    pub surviving: usize,
    /// Left out, because its chain was continued twice and the other continuation stands.
    pub left_out: bool,
    /// For what is left out: what it did, so that its author can write it again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patch: Option<Differences>,
}

impl Group {
    /// A version that is named: `draft`, `adopted`, or the start of an id or of a digest.
    ///
    /// # Errors
    /// None, or several.
    pub fn version(&self, named: &str) -> Result<Option<Version>> {
        let views = self.views();
        let named = named.trim();
        if named == "draft" {
            return Ok(views.draft());
        }
        let mut fitting = views.version_named(&named.to_lowercase());
        if fitting.is_empty() && named != "adopted" {
            fitting = self.version_with_digest(named);
        }
        match (fitting.len(), named) {
            (1, _) => Ok(fitting.pop()),
            (0, "adopted") => Err(NodeError::input("not_adopted", "no version of the contract is adopted yet")
                .hint("`copact contract status` shows who signed what")),
            (0, _) => Err(NodeError::input("unknown_version", format_args!("there is no version “{named}”"))
                .hint("`copact contract status` lists the versions; write draft, adopted, or the start of one")),
            _ => Err(NodeError::input("ambiguous_version", format_args!("“{named}” fits more than one version"))
                .hint("write more of it")),
        }
    }

    fn version_with_digest(&self, named: &str) -> Vec<Version> {
        let plain = |text: &str| -> String {
            text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_uppercase()
        };
        let wanted = plain(named);
        if wanted.len() < 3 {
            return Vec::new();
        }
        let views = self.views();
        let mut all = views.version_named("");
        all.retain(|version| {
            plain(&views.contract_content(Some(version)).digest_words()).starts_with(&wanted)
        });
        all
    }

    /// A version of the contract: `draft` unless told otherwise.
    ///
    /// # Errors
    /// No such version.
    pub fn show_contract(&self, named: &str) -> Result<ContractShown> {
        let version = self.version(named)?;
        let views = self.views();
        let content = views.contract_content(version.as_ref());
        let id = version.as_ref().map(Version::id);
        Ok(ContractShown {
            version: id,
            digest: content.digest_words(),
            adopted: id.is_some() && views.adopted().map(Version::id) == id,
            text: content.text(),
            title: content.title.clone(),
            goals: self.goal_rows(&content),
            sections: content.sections,
        })
    }

    /// Who wrote which words of a version.
    ///
    /// # Errors
    /// No such version.
    pub fn blame(&self, named: &str) -> Result<Authorship> {
        let version = if named == "draft" { None } else { self.version(named)? };
        Ok(self.views().blame(version.as_ref()))
    }

    /// Where the contract stands.
    #[must_use]
    pub fn contract_status(&self) -> ContractStatus {
        self.views().contract_status()
    }

    /// How the draft differs from another version.
    ///
    /// # Errors
    /// No such version.
    pub fn contract_diff(&self, named: &str) -> Result<Differences> {
        let other = self.version(named)?;
        let views = self.views();
        let old = other.map_or_else(empty, |other| views.contract_content(Some(&other)));
        Ok(differences(&old, &views.contract_content(None)))
    }

    /// Every change to the contract, in canonical order.
    #[must_use]
    pub fn history(&self) -> Vec<HistoryRow> {
        let names = self.names();
        let views = self.views();
        let adopted = views.adopted().map(Version::heads).unwrap_or_default();
        let contract = DocumentId::Contract;
        let selection = self.ledger().selection(contract, &views.standing, adopted);
        let blame = views.blame(None);
        let mut rows = Vec::new();
        let kept = selection.kept.iter().map(|hash| (hash, false));
        for (hash, left_out) in kept.chain(selection.left_out.iter().map(|hash| (hash, true))) {
            let Some(place) = views.carrier(contract, *hash) else { continue };
            let Some(at) = self.ledger().at(place) else { continue };
            let Content::Change(change) = at.envelope().content() else { continue };
            let author = views.standing.author(place).and_then(|one| views.standing.id(one));
            let (member, recorder) = match change.origin {
                Origin::Own => (author, None),
                Origin::For(member) => (Some(member), author),
                Origin::Imported => (None, author),
            };
            let spans = blame.spans.iter().chain(&blame.elsewhere);
            let mine = spans.filter(|span| span.envelope == at.id());
            let row = HistoryRow {
                id: at.id(),
                member,
                name: member.or(recorder).and_then(|one| names.get(&one).cloned()),
                recorder,
                imported: change.origin == Origin::Imported,
                day: views.signed(place).unwrap_or(at.envelope().header().day),
                surviving: mine.map(|span| span.to.saturating_sub(span.from)).sum(),
                left_out,
                patch: if left_out { views.patch_of(*hash) } else { None },
            };
            rows.push((self.ledger().canonical(place), row));
        }
        rows.sort_by_key(|(key, _)| *key);
        rows.into_iter().map(|(_, row)| row).collect()
    }
}

const fn empty() -> ContractContent {
    ContractContent { title: String::new(), sections: Vec::new(), goals: Vec::new() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use std::fs;
    use std::path::Path;

    use copact_core::contract::Markdown;
    use copact_core::day::Day;

    use crate::bundle;
    use crate::founding;
    use crate::home::{Clock, Home};

    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let to = to.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                copy(&entry.path(), &to);
            } else {
                fs::copy(entry.path(), to).unwrap();
            }
        }
    }

    /// A whole machine rolled back, marker and all, is the one copy that nobody can notice at once.
    #[test]
    fn what_a_rolled_back_machine_wrote_twice_is_offered_back() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock { seconds: 1_772_366_400, day: Day::parse("2026-03-01").unwrap() };
        let (machine, image) = (folder.path().join("machine"), folder.path().join("image"));
        let home =
            |machine: &Path| Home::new(machine.join("home"), Some(machine.join("state")), clock);
        founding::found(&home(&machine), "Green Lane", "Ann", None, &[], None).unwrap();
        let text = "# Green Lane\n\n## Purpose {#purpose}\nNobody eats alone.\n";
        let mut group = home(&machine).open(None).unwrap();
        group.import_contract(&Markdown::parse(text).unwrap()).unwrap();
        drop(group);
        copy(&machine, &image);

        let edit = |to: &str| {
            let mut group = home(&machine).open(None).unwrap();
            let draft = group.show_contract("draft").unwrap().text;
            group.edit_contract(&draft.replace("alone", to), None).unwrap();
        };
        edit("alone here");
        let first = folder.path().join("first.copact");
        home(&machine).open(None).unwrap().export(&first, None).unwrap();
        fs::rename(&machine, folder.path().join("gone")).unwrap();
        copy(&image, &machine);
        edit("alone today");
        bundle::import(&home(&machine), &first).unwrap();

        let mut group = home(&machine).open(None).unwrap();
        let rows = group.history();
        let lost: Vec<_> = rows.iter().filter(|row| row.left_out).collect();
        assert_eq!(lost.len(), 1, "one of the two continuations stands");
        let body = &lost[0].patch.as_ref().unwrap().sections[0].body;
        let said: String = body.iter().map(|hunk| hunk.text.as_str()).collect();
        assert!(said.contains("here") != said.contains("today"), "{said}");
        assert!(rows.iter().filter(|row| !row.left_out).all(|row| row.patch.is_none()));
        // What it writes from now on is in a chain of its own, and stands.
        let draft = group.show_contract("draft").unwrap().text;
        group.edit_contract(&draft.replace("Nobody", "No one"), None).unwrap();
        assert!(group.show_contract("draft").unwrap().text.contains("No one"));
        assert_eq!(group.history().iter().filter(|row| row.left_out).count(), 1);
    }

    /// Rolled back, and shown what it wrote before it writes anything: it must not go on from
    /// there, for it wrote more that nobody has shown yet.
    #[test]
    fn a_rolled_back_machine_that_is_shown_its_own_words_begins_a_new_chain() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock { seconds: 1_772_366_400, day: Day::parse("2026-03-01").unwrap() };
        let (machine, image) = (folder.path().join("machine"), folder.path().join("image"));
        let home = || Home::new(machine.join("home"), Some(machine.join("state")), clock);
        founding::found(&home(), "Green Lane", "Ann", None, &[], None).unwrap();
        home().open(None).unwrap().note("one", None).unwrap();
        copy(&machine, &image);
        home().open(None).unwrap().note("two", None).unwrap();
        let shown = folder.path().join("shown.copact");
        home().open(None).unwrap().export(&shown, None).unwrap();
        home().open(None).unwrap().note("three, which nobody was shown", None).unwrap();
        fs::rename(&machine, folder.path().join("gone")).unwrap();
        copy(&image, &machine);
        bundle::import(&home(), &shown).unwrap();
        // Another command, which remembers nothing of the import.
        home().open(None).unwrap().note("four", None).unwrap();
        let group = home().open(None).unwrap();
        let seqs: Vec<u64> =
            group.ledger().envelopes().map(|(_, placed)| placed.envelope().header().seq).collect();
        assert_eq!(seqs, [1, 2, 3, 1], "the fourth is the first of a new chain");
    }
}
