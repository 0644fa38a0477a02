//! `copact contract …`: writing, reading, signing.

use copact_core::contract::{Markdown, SectionKind};
use copact_core::views::{ContractStatus, VersionStatus};
use copact_node::contract::Edited;
use copact_node::error::NodeError;
use copact_node::group::Group;
use copact_node::versions::ContractShown;
use serde_json::json;

use super::{Done, Names, Session, authorship, decisions, differences, edit, number};
use crate::args::{ContractCommand, ImportContract, RatifyContract, SetSection};
use crate::failure::Failure;
use crate::output::{
    Page, Piece, Table, count, date, faint, good, left, list, plain, right, short, strong, warn,
    when,
};

pub(super) fn run(session: Session, command: ContractCommand) -> Done {
    match command {
        ContractCommand::Import(import) => take_over(session, &import),
        ContractCommand::Show(show) => read(session, &show.version),
        ContractCommand::Edit(edit) => edit::run(session, edit.behalf.member.as_deref()),
        ContractCommand::Set(set) => write(session, &set),
        ContractCommand::History => history(session),
        ContractCommand::Diff(diff) => differences::run(session, &diff.version),
        ContractCommand::Blame(blame) => authorship::run(session, &blame.version),
        ContractCommand::Ratify(ratify) => sign(session, &ratify),
        ContractCommand::Status => status(session),
    }
}

fn take_over(session: Session, import: &ImportContract) -> Done {
    let mut group = session.open()?;
    let mut parsed = group.read_contract(&import.file)?;
    ask_kinds(&session, &mut parsed)?;
    tell_what_stays(&session, &group);
    let edited = group.import_contract(&parsed)?;
    let kinds: Vec<String> = parsed
        .sections
        .iter()
        .map(|section| format!("{} ({})", section.heading, section.kind))
        .collect();
    session.output.show(&edited, |page| {
        if edited.id.is_none() {
            page.line(["The draft says that already; nothing was written."]);
            return;
        }
        page.line([good(format_args!("{} is the draft now.", parsed.title))]);
        page.line([plain(format_args!("Its sections: {}.", list(&kinds)))]);
        page.line(["The words are marked as imported: nobody’s own."]);
        page.line([faint("Read and sign it: copact contract show; copact contract ratify")]);
    })
}

/// Asks what each section is about whose kind the file does not say.
fn ask_kinds(session: &Session, parsed: &mut Markdown) -> Done {
    let open: Vec<(usize, String, SectionKind)> = parsed
        .unanswered()
        .map(|(place, section)| (place, section.heading.clone(), section.kind))
        .collect();
    let words = SectionKind::ALL.map(SectionKind::word);
    for (place, heading, proposed) in open {
        let word = session.asker.choose(
            &format!("What is the section “{heading}” about?"),
            &words,
            proposed.word(),
            "write its kind after its heading, as in `## Why we are here {#purpose}`, or take the \
             proposed kinds of all sections with `--yes`",
        )?;
        let kind = SectionKind::from_word(word).unwrap_or(proposed);
        parsed.answer(place, kind).map_err(NodeError::from)?;
    }
    Ok(())
}

/// Before somebody's first words in the contract: these cannot be erased.
pub(super) fn tell_what_stays(session: &Session, group: &Group) {
    let me = group.me().ok().map(|(_, id)| id);
    let before = group.history().iter().any(|row| row.member == me || row.recorder == me);
    if !before {
        session.output.note(
            "Note: what people write into the contract stays in its history, also after it was \
             changed. Leave out what should be forgotten one day.\n",
        );
    }
}

fn write(session: Session, set: &SetSection) -> Done {
    let mut group = session.open()?;
    tell_what_stays(&session, &group);
    let edited = group.set_section(&set.section, &set.file, set.behalf.member.as_deref())?;
    written(session, &group, &edited)
}

/// Says what an edit did.
pub(super) fn written(session: Session, group: &Group, edited: &Edited) -> Done {
    let status = group.contract_status();
    session.output.show(edited, |page| {
        let Some(id) = edited.id.map(|id| id.to_string()) else {
            page.line(["The draft says that already; nothing was written."]);
            return;
        };
        page.line([good("The draft is changed."), faint(format_args!("  {}", short(&id)))]);
        if !status.signed.is_empty() {
            page.line([
                "It is a new version; the signatures stay with the version that was signed.",
            ]);
        }
        page.line([faint("What changed: copact contract diff   sign it: copact contract ratify")]);
    })
}

fn read(session: Session, version: &str) -> Done {
    let group = session.open()?;
    let shown = group.show_contract(version)?;
    if shown.version.is_none() && shown.sections.is_empty() {
        return session.output.show(&shown, |page| {
            page.line(["Nothing is written yet."]);
            page.line([faint("  copact contract import FILE.md   begins with a file")]);
            page.line([faint("  copact contract edit   begins in your editor")]);
        });
    }
    session.output.show_text(&shown, &shown.text, |page| about_version(page, &shown))
}

fn about_version(page: &mut Page, shown: &ContractShown) {
    let stands = if shown.adopted { good("adopted") } else { warn("a draft, not adopted") };
    page.line([plain("This version is "), stands, plain(".")]);
    page.fields([
        ("digest", strong(&shown.digest)),
        ("version", faint(shown.version.map(|id| id.to_string()).unwrap_or_default())),
    ]);
}

fn history(session: Session) -> Done {
    let group = session.open()?;
    let rows = group.history();
    let (names, today) = (Names::of(&group), session.today());
    session.output.show(&json!({ "changes": rows }), |page| {
        let mut table = Table::new([
            left("signed"),
            left("who"),
            left(""),
            right("characters that stand"),
            left("id"),
        ]);
        for row in &rows {
            let remark: Piece = if row.left_out {
                warn("left out: its chain was continued twice")
            } else if row.imported {
                plain("imported")
            } else if let Some(recorder) = row.recorder {
                plain(format_args!("recorded by {}", names.name(recorder)))
            } else {
                plain("")
            };
            table.row([
                plain(when(row.day, today)),
                strong(names.or_nobody(row.member.or(row.recorder))),
                remark,
                plain(row.surviving),
                faint(short(&row.id.to_string())),
            ]);
        }
        page.table(&table);
        for row in &rows {
            if let Some(patch) = &row.patch {
                page.blank();
                page.line([warn(format_args!(
                    "Left out, to be written again by who wrote it ({}):",
                    short(&row.id.to_string())
                ))]);
                differences::all(page, patch);
            }
        }
        if rows.is_empty() {
            page.line(["Nobody has written anything into the contract yet."]);
        }
    })
}

fn sign(session: Session, typed: &RatifyContract) -> Done {
    let mut group = session.open()?;
    let member = typed.behalf.member.as_deref();
    let before = group.moment();
    let answered = group.ratify(member)?;
    let digest = group.show_contract("draft").map_err(Failure::from)?.digest;
    session.output.show(&answered, |page| {
        let id = answered.id.to_string();
        let who = member.map_or_else(|| "You".to_owned(), str::to_owned);
        page.line([
            good(format_args!("{who} signed the draft, ")),
            strong(&digest),
            faint(format_args!("  {}", short(&id))),
        ]);
        if member.is_some() {
            decisions::unconfirmed(page, &id);
        }
        decisions::of_ratifying(page, &group, &answered, &before);
    })
}

fn status(session: Session) -> Done {
    let group = session.open()?;
    let status = group.contract_status();
    let names = Names::of(&group);
    session.output.show(&status, |page| stands(page, &status, &names))
}

fn stands(page: &mut Page, status: &ContractStatus, names: &Names) {
    let draft = match (status.draft, status.differs) {
        (None, _) => plain("nothing written yet"),
        (Some(_), false) => good("the adopted version"),
        (Some(id), true) => warn(format_args!(
            "{}, signed by {} of {} needed, of {}",
            short(&id.to_string()),
            status.have,
            status.need,
            count(number(status.voices), "voice", "voices")
        )),
    };
    let adopted = match status.adopted {
        Some(id) => good(short(&id.to_string())),
        None => plain("none yet"),
    };
    page.fields([("draft", draft), ("adopted", adopted)]);
    let mut table = Table::new([
        left("version"),
        left("digest"),
        left("adopted"),
        right("signed"),
        right("needed"),
        left("by"),
    ]);
    for version in &status.versions {
        table.row([
            strong(short(&version.version.to_string())),
            plain(version.digest.as_deref().unwrap_or("not on this device")),
            version.adopted.map_or_else(|| plain(""), |day| good(date(day))),
            plain(version.have),
            plain(version.need),
            plain(list(&signers(version, names))),
        ]);
    }
    page.blank();
    page.table(&table);
    let earlier: Vec<String> = status
        .signed
        .iter()
        .filter(|one| Some(one.version) != status.draft)
        .map(|one| names.name(one.member))
        .collect();
    if status.differs && !earlier.is_empty() {
        page.line([plain(format_args!("{} signed an earlier version.", list(&earlier)))]);
    }
    if status.differs && status.draft.is_some() {
        page.line([faint("What changed: copact contract diff   sign it: copact contract ratify")]);
    }
}

fn signers(version: &VersionStatus, names: &Names) -> Vec<String> {
    let signer = |one: &copact_core::views::Signature| {
        let name = names.name(one.member);
        match (one.withdrawn, one.recorder, one.confirmed_by) {
            (Some(_), ..) => format!("{name} (withdrawn)"),
            (_, Some(recorder), None) => {
                format!("{name} (by {}, not confirmed yet)", names.name(recorder))
            }
            (_, Some(recorder), Some(_)) => format!("{name} (by {})", names.name(recorder)),
            _ => name,
        }
    };
    version.signatures.iter().map(signer).collect()
}
