//! Editing the contract together, as `copact_node::contract` does.

use automerge::Automerge;
use copact_core::change::{Change, DocumentId, Origin};
use copact_core::contract::{self, EditError, Editor, Markdown};
use copact_core::envelope::Content;
use copact_core::ids::{EnvelopeId, PartId};
use copact_core::ledger::Ledger;
use copact_core::proposal::Version;
use copact_core::views::Views;

use super::log::WORDS;
use crate::chance::Chance;
use crate::phone::{Phone, Refused};

/// Somebody changes a section, or writes the first words of all.
pub(super) fn edit(
    phone: &mut Phone,
    now: u64,
    chance: &mut Chance,
) -> Result<&'static str, Refused> {
    let content = Views::of(phone.ledger()?).contract_content(None);
    let mut words = |count| {
        let words: Vec<&str> = (0..count).filter_map(|_| chance.pick(&WORDS).copied()).collect();
        words.join(" ")
    };
    if let Some(section) = content.sections.first().filter(|_| content.sections.len() > 1)
        && words(1) != "we"
    {
        let (id, added) = (section.id, words(4));
        // At the beginning or at the end, so that people meet in one place.
        let body = if added.len() % 2 == 0 {
            format!("{added} {}", section.body)
        } else {
            format!("{}\n{added}", section.body)
        };
        let body: String = body.chars().take(400).collect();
        write(phone, now, chance, |editor| contract::edit_section(editor, id, &body).map(drop))?;
        return Ok("edits a section");
    }
    let markdown = format!(
        "# {}\n\n## Who {{#identity}}\n\n{}\n\n## Rules {{#rules}}\n\n{}\n",
        words(2),
        words(5),
        words(5)
    );
    let parsed = Markdown::parse(&markdown).map_err(|_| Refused::Rule)?;
    let mut ids: Vec<PartId> = (0..32).map(|_| PartId::from_bytes(chance.bytes())).collect();
    let mut next = || ids.pop().unwrap_or_else(|| PartId::from_bytes([0; 8]));
    write(phone, now, chance, |editor| {
        contract::apply_markdown(editor, &parsed, &mut next).map(drop)
    })?;
    Ok("writes the contract anew")
}

fn write(
    phone: &mut Phone,
    now: u64,
    chance: &mut Chance,
    edit: impl FnOnce(&mut Editor) -> Result<(), EditError>,
) -> Result<(), Refused> {
    let (document, heads) = document(phone.ledger()?);
    if lost_to_a_fork(phone)? {
        phone.begin_chain(chance);
    }
    let actor = phone.chain(chance).actor(phone.group);
    let changes = contract::make_change(&document, actor, edit).map_err(|_| Refused::Rule)?;
    if changes.is_empty() {
        return Err(Refused::Nothing);
    }
    for (number, bytes) in changes.into_iter().enumerate() {
        let document = DocumentId::Contract;
        let change = Content::Change(Change { document, origin: Origin::Own, bytes });
        phone.write(change, if number == 0 { &heads } else { &[] }, now, chance)?;
    }
    Ok(())
}

/// The contract as it stands, and the envelopes that brought its heads.
fn document(ledger: &Ledger) -> (Automerge, Vec<EnvelopeId>) {
    let views = Views::of(ledger);
    let adopted = views.adopted().map(Version::heads).unwrap_or_default();
    let selection = ledger.selection(DocumentId::Contract, &views.standing, adopted);
    let carriers = selection.heads.iter();
    let carriers = carriers.filter_map(|head| views.carrier(DocumentId::Contract, *head));
    let heads = carriers.filter_map(|place| ledger.at(place)).map(copact_core::ledger::Placed::id);
    (views.contract_document(None), heads.collect())
}

/// Whether a change of the present chain lost to a fork: what followed would be left out with it.
fn lost_to_a_fork(phone: &Phone) -> Result<bool, Refused> {
    let ledger = phone.ledger()?;
    let views = Views::of(ledger);
    let adopted = views.adopted().map(Version::heads).unwrap_or_default();
    let selection = ledger.selection(DocumentId::Contract, &views.standing, adopted);
    let carriers = selection.left_out.iter();
    let carriers = carriers.flat_map(|hash| ledger.carriers(DocumentId::Contract, *hash));
    let mut carriers = carriers.filter_map(|place| ledger.at(*place));
    Ok(carriers.any(|at| {
        let chain = at.envelope().header().chain;
        chain.device == phone.key && Some(chain.incarnation) == phone.incarnation()
    }))
}
