//! `copact bundle …` and `import …`.

use std::path::Path;

use copact_node::bundle;
use copact_node::decisions::News;
use copact_node::group::Group;

use super::decisions::{self, Telling};
use super::{Done, Session, number};
use crate::args::{BundleCommand, ExportBundle, ImportCommand};
use crate::output::{Page, Progress, count, faint, good, list, plain, short, warn};

pub(super) fn bundle(session: Session, command: BundleCommand) -> Done {
    match command {
        BundleCommand::Export(export) => write(session, &export),
        BundleCommand::Import(import) => read(session, &import.file),
    }
}

fn write(session: Session, export: &ExportBundle) -> Done {
    let group = session.open()?;
    let written = match &export.to_removed {
        Some(member) => group.export_to_removed(&export.file, member)?,
        None => group.export(&export.file, export.since.as_deref())?,
    };
    session.output.show(&written, |page| {
        page.line([
            good(format_args!("{} is written", export.file.display())),
            plain(format_args!(
                ": {} that {} can open.",
                count(number(written.envelopes), "envelope", "envelopes"),
                count(number(written.recipients), "device", "devices"),
            )),
        ]);
        page.line([faint(match &export.to_removed {
            Some(member) => format!("{member} alone reads it, with: copact bundle import FILE"),
            None => "The others read it with: copact bundle import FILE".to_owned(),
        })]);
    })
}

fn read(session: Session, file: &Path) -> Done {
    let taken = bundle::import(&session.home, file)?;
    session.tell_of_loss(taken.lost_commits);
    // The codes that this device showed are attested as soon as the taps that carry them are here.
    let attested = session
        .home
        .open(Some(&taken.group.to_string()))
        .and_then(|mut group| group.attest_shown())
        .unwrap_or_else(|error| {
            // The bundle is taken in whatever becomes of this.
            session.output.note(&format!("Note: its taps could not be attested here: {error}"));
            0
        });
    let group = session.home.open(Some(&taken.group.to_string()))?;
    session.output.show(&taken, |page| {
        if taken.joined {
            entered(page, &group, &taken.name);
            return;
        }
        let new = &taken.new;
        let parts = [
            (new.envelopes, "envelope", "envelopes"),
            (new.texts, "text", "texts"),
            (new.profiles, "name", "names"),
        ];
        let parts = parts.into_iter().filter(|(new, ..)| *new > 0);
        let parts: Vec<String> =
            parts.map(|(new, one, many)| count(number(new), one, many)).collect();
        if parts.is_empty() {
            page.line([plain(format_args!("{}: nothing in it is new here.", taken.name))]);
        } else {
            page.line([
                good(format_args!("{}: ", taken.name)),
                plain(format_args!("new here: {}.", list(&parts))),
            ]);
        }
        if new.refused > 0 {
            page.line([warn(format_args!(
                "{} in it break the rules of their chain; no device takes them in.",
                count(number(new.refused), "envelope", "envelopes"),
            ))]);
        }
        if new.copied_home {
            page.line([warn(
                "A copy of this home wrote some of them. Both go on, each in a chain of its own.",
            )]);
        }
        if attested > 0 {
            page.line([plain(format_args!(
                "This device showed the codes of {}, so it attested them.",
                count(number(attested), "tap", "taps"),
            ))]);
        }
        news(page, &group, &taken.news);
    })
}

fn entered(page: &mut Page, group: &Group, name: &str) {
    page.line([good(format_args!("You are in {name} now."))]);
    let me = group.me().ok().map(|(_, me)| me);
    let has_voice = group.members().iter().any(|row| Some(row.id) == me && row.voice);
    if !has_voice {
        page.line([
            "You can write, meet and work with the others. Your yes and no count in common",
        ]);
        page.line(["decisions once the group gives you voice: copact proposals"]);
    }
    page.line([faint("Look around: copact status")]);
}

/// What the group decided and asks since the bundle before.
fn news(page: &mut Page, group: &Group, news: &News) {
    let telling = Telling::of(group);
    if news.parted
        && let Some(parted) = group.parted()
    {
        decisions::parted(page, &parted);
        return;
    }
    for question in news.decided.iter().filter_map(|id| group.question(*id)) {
        let what = telling.what(&question);
        page.line([good("The group has decided: "), plain(what), plain(".")]);
        telling.effects(page, &question);
    }
    decisions::voices(page, &telling, news);
    let told = news.decided.iter().filter_map(|id| group.question(*id));
    let told = told.into_iter().any(|one| matches!(one.row.kind, "remove" | "recover"));
    if news.set_aside > 0 && !told {
        page.line([warn(format_args!(
            "{} not count: copact set-aside list",
            count(number(news.set_aside), "record of it does", "records of it do")
        ))]);
    }
    if group.parted().is_some() {
        return;
    }
    for question in news.asked.iter().filter_map(|id| group.question(*id)) {
        let id = question.row.id.to_string();
        let because = question.row.reason.as_ref();
        let because = because.map_or_else(String::new, |text| format!(" Because: “{text}”"));
        page.line([
            warn(format_args!("{} asks the group: ", telling.by(&question))),
            plain(telling.what(&question)),
            plain(format_args!(".{because}")),
        ]);
        page.line([faint(format_args!("  copact proposals   copact answer {} yes", short(&id)))]);
    }
}

pub(super) fn import(session: Session, command: ImportCommand) -> Done {
    let ImportCommand::Attendance(list) = command;
    let mut group = session.open()?;
    let mut bar: Option<Progress> = None;
    let taken = group.import_attendance(&list.file, &mut |done, total| {
        let bar = bar.get_or_insert_with(|| {
            Progress::new("taking the list over", Some(number(total)), &session.output)
        });
        bar.reach(number(done));
    })?;
    drop(bar);
    session.output.show(&taken, |page| {
        page.line([
            good(format_args!("{}: ", count(number(taken.lines), "line", "lines"))),
            plain(format_args!(
                "{}, {} and {} are new; {} known already.",
                count(number(taken.members), "member", "members"),
                count(number(taken.meetings), "meeting", "meetings"),
                count(number(taken.attendances), "attendance", "attendances"),
                count(number(taken.known), "line was", "lines were"),
            )),
        ]);
        if taken.not_counted > 0 {
            page.line([warn(format_args!(
                "{} not count: the member was none on that day.",
                count(number(taken.not_counted), "attendance does", "attendances do"),
            ))]);
        }
        if taken.members > 0 {
            page.line([faint(
                "New members are assisted by you until they have a device: copact member list",
            )]);
        }
    })
}
