//! The demo: the kitchen-table and tap-in journeys, played by five real homes that sync over real
//! endpoints of this computer, and by a file where people would. It ends with the group's report.
//!
//! Nothing is made up for show: every deed of the [`script`] calls what the command line calls, on
//! stores in a folder that stays behind to be looked at.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use copact_core::ids::{EnvelopeId, GroupId};
use copact_evidence::report::Report;
use copact_evidence::rules::RuleSet;
use copact_evidence::window::{DAYS, Window};
use serde::Serialize;

use crate::error::{NodeError, Result};
use crate::founding;
use crate::home::{Clock, Home};
use crate::peers::room::Room;

mod deeds;
mod devices;
pub mod script;

use script::SCRIPT;

const SECONDS_A_DAY: i64 = 86_400;
const PEOPLE: [&str; 5] = ["Ann", "Ben", "Cem", "Eva", "Finn"];
const GROUP: &str = "Mill Creek Neighbours";

/// One thing that happened.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// Who did it; `None` for what is only told.
    pub who: Option<&'static str>,
    /// What happened, as a sentence.
    pub what: String,
}

/// How the demo ended.
#[derive(Clone, Debug, Serialize)]
pub struct Played {
    /// The folder with everything.
    pub folder: PathBuf,
    /// The group.
    pub group: GroupId,
    /// The homes, for `--home`.
    pub homes: Vec<PathBuf>,
    /// The state folder, for `COPACT_STATE`.
    pub state: PathBuf,
    /// The digest that all have.
    pub view_digest: String,
    /// Bundles carried.
    pub bundles: usize,
    /// What happened.
    pub steps: Vec<Step>,
    /// What it is evidence of, over the last ninety days.
    pub report: Report,
    /// The same as a page.
    pub html: PathBuf,
}

struct Play<'a> {
    folder: PathBuf,
    today: Clock,
    /// Days before today on which the present deed is done.
    ago: i32,
    bundles: usize,
    /// The devices that are in exchange, and the day on which they met.
    room: Room,
    met: i32,
    /// What was written, by the names that the script gives it.
    written: BTreeMap<&'static str, EnvelopeId>,
    steps: Vec<Step>,
    tell: &'a mut dyn FnMut(&Step),
}

/// Plays the demo in `folder`, which must be empty or missing, and tells each step as it happens.
///
/// # Errors
/// The folder is in use or cannot be written; or copact does not do what the demo shows.
pub fn play(folder: &Path, today: Clock, tell: &mut dyn FnMut(&Step)) -> Result<Played> {
    play_without(folder, today, None, tell)
}

/// The same without one deed of the script, and without what builds on it: what the group would
/// have been without it.
///
/// # Errors
/// As [`play`].
pub fn play_without(
    folder: &Path,
    today: Clock,
    left_out: Option<usize>,
    tell: &mut dyn FnMut(&Step),
) -> Result<Played> {
    if fs::read_dir(folder).is_ok_and(|mut all| all.next().is_some()) {
        return Err(NodeError::input(
            "not_empty",
            format_args!("{} is not empty", folder.display()),
        )
        .hint("name a new folder"));
    }
    fs::create_dir_all(folder.join("bundles"))
        .map_err(|error| NodeError::unwritable(folder, &error))?;
    let folder = folder.canonicalize().map_err(|error| NodeError::unwritable(folder, &error))?;
    let room = Room::default();
    let (steps, written) = (Vec::new(), BTreeMap::new());
    let mut play = Play { folder, today, ago: 28, bundles: 0, room, met: 28, written, steps, tell };
    play.kitchen_table()?;
    for (number, (ago, deed)) in SCRIPT.iter().enumerate() {
        play.ago = *ago;
        if left_out != Some(number) {
            play.perform(deed, left_out.is_some())?;
        }
    }
    play.ending()
}

impl Play<'_> {
    fn say(&mut self, who: Option<&'static str>, what: impl Into<String>) {
        let step = Step { who, what: what.into() };
        (self.tell)(&step);
        self.steps.push(step);
    }

    fn home(&self, who: &str) -> Home {
        let clock = Clock {
            seconds: self.today.seconds - i64::from(self.ago) * SECONDS_A_DAY,
            day: self.today.day.plus(-self.ago),
        };
        let folder = self.folder.join(who.to_lowercase());
        Home::new(folder, Some(self.folder.join("state")), clock)
    }

    fn kitchen_table(&mut self) -> Result<()> {
        self.say(None, "At a kitchen table, without internet, three neighbours begin a group.");
        let asked = |play: &Self, who: &str| {
            let path = play.folder.join(format!("{}.request", who.to_lowercase()));
            founding::ask_to_found(&play.home(who), GROUP, who, None, &path)
        };
        let (ben, cem) = (asked(self, "Ben")?, asked(self, "Cem")?);
        self.say(Some("Ben"), format!("asks to found it; his phrase is {}", ben.phrase));
        self.say(Some("Cem"), format!("asks too; her phrase is {}", cem.phrase));
        let with = [ben.request, cem.request];
        let founded = founding::found(&self.home("Ann"), GROUP, "Ann", None, &with, None)?;
        self.say(
            Some("Ann"),
            format!("compares the phrases and founds “{}” with both", founded.name),
        );
        self.carry("Ann", "Ben")?;
        self.carry("Ann", "Cem")?;
        for who in ["Ann", "Ben", "Cem"] {
            self.comes(who)?;
        }
        self.say(None, "Ben and Cem take in Ann's first bundle: three phones, one group.");
        Ok(())
    }

    fn ending(mut self) -> Result<Played> {
        self.sync()?;
        let mut digests = Vec::new();
        let mut group = None;
        for who in self.here() {
            let status = self.open(who)?.status();
            group = Some(status.group);
            digests.push((who, status.view_digest));
        }
        let all = digests.first().map(|(_, digest)| digest.clone()).unwrap_or_default();
        if let Some((who, digest)) = digests.iter().find(|(_, digest)| *digest != all) {
            return Err(NodeError::failed(
                "demo",
                format_args!("{who}'s phone has another view ({digest}) than the rest ({all})"),
            )
            .hint("this must never happen; please report it with the demo's folder"));
        }
        let short: String = all.chars().take(16).collect();
        self.say(None, format!("All phones have one view: the digest {short}…"));
        let group = group.ok_or_else(|| NodeError::failed("demo", "there is no group"))?;
        let rules = RuleSet::minimum().map_err(|error| NodeError::failed("demo", error))?;
        let report = self.open("Ann")?.report(Window::up_to(self.today.day, DAYS), rules);
        let html = self.folder.join("report.html");
        Ok(Played {
            homes: PEOPLE.iter().map(|who| self.folder.join(who.to_lowercase())).collect(),
            state: self.folder.join("state"),
            folder: self.folder,
            group,
            view_digest: all,
            bundles: self.bundles,
            steps: self.steps,
            report,
            html,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use copact_core::day::Day;

    #[test]
    fn five_homes_end_at_one_view_with_a_contract_and_graded_attendance() {
        let folder = tempfile::tempdir().unwrap();
        let day = Day::parse("2026-03-29").unwrap();
        let today = Clock { seconds: i64::from(day.number()) * SECONDS_A_DAY + 70_000, day };
        let mut told = 0;
        let played = play(&folder.path().join("demo"), today, &mut |_| told += 1).unwrap();
        assert_eq!(told, played.steps.len());
        let home =
            Home::new(played.homes.first().unwrap().clone(), Some(played.state.clone()), today);
        let group = home.open(None).unwrap();
        let status = group.status();
        assert_eq!(status.view_digest, played.view_digest);
        assert_eq!((status.members, status.set_aside), (6, 0));
        assert!(status.adopted.is_some());
        let meetings = group.meetings();
        assert_eq!(meetings.totals.attendances, 12);
        let grades: Vec<_> = meetings.meetings.iter().map(|row| row.grades.attested).collect();
        assert_eq!(grades, [6, 6], "by Ben, Eva, and Cem whose phone showed the code");
        let log = group.log();
        let work: Vec<_> = log.iter().filter(|row| row.kind == "contribution").collect();
        assert!(work.iter().all(|row| row.confirmed == Some(true)), "{work:#?}");
        assert!(group.check().unwrap().ok);
    }
}
