//! The demo: the kitchen-table and tap-in journeys, played by five real homes that sync over real
//! endpoints of this computer, and by a file where people would.
//!
//! Nothing is made up for show: every step calls what the command line calls, on stores in a folder
//! that stays behind to be looked at.

use std::fs;
use std::path::{Path, PathBuf};

use copact_core::entry::{GoalState, Phase};
use copact_core::ids::{EnvelopeId, GroupId};
use serde::Serialize;

use crate::contract::Edited;
use crate::decisions::Ask;
use crate::error::{NodeError, Result};
use crate::founding;
use crate::home::{Clock, Home};
use crate::inviting::Invitee;
use crate::peers::room::Room;
use crate::work::Work;

mod devices;

const SECONDS_A_DAY: i64 = 86_400;
const PEOPLE: [&str; 5] = ["Ann", "Ben", "Cem", "Eva", "Finn"];
const GROUP: &str = "Mill Creek Neighbours";

const CONTRACT: &str = "\
# Mill Creek Neighbours

## Who we are {#identity}
We live or work around Mill Creek. Anyone who shares our purpose can join.

## Purpose {#purpose}
No one in our streets goes without company, or a warm meal, because nobody asked.

## Rules {#rules}
- We meet every second Tuesday at seven.
- A change to this agreement needs two thirds of us to sign it.

## Goals {#goals}
- [ ] A shared meal every month (measure: meetings attested)
";

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
    /// The digest that all five have.
    pub view_digest: String,
    /// Bundles carried.
    pub bundles: usize,
    /// What happened.
    pub steps: Vec<Step>,
}

struct Play<'a> {
    folder: PathBuf,
    today: Clock,
    /// Days before today on which the present step happens.
    ago: i32,
    bundles: usize,
    /// The devices that are in exchange, and the day on which they met.
    room: Room,
    met: i32,
    steps: Vec<Step>,
    tell: &'a mut dyn FnMut(&Step),
}

/// Plays the demo in `folder`, which must be empty or missing, and tells each step as it happens.
///
/// # Errors
/// The folder is in use or cannot be written; or copact does not do what the demo shows.
pub fn play(folder: &Path, today: Clock, tell: &mut dyn FnMut(&Step)) -> Result<Played> {
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
    let mut play =
        Play { folder, today, ago: 28, bundles: 0, room, met: 28, steps: Vec::new(), tell };
    play.kitchen_table()?;
    play.signing()?;
    play.newcomers()?;
    play.tap_in()?;
    play.work()?;
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
        self.open("Ann")?.assist("Dora", None)?;
        self.say(Some("Ann"), "brings in Dora, who has no phone; Ann helps her");
        let parsed = copact_core::contract::Markdown::parse(CONTRACT)?;
        self.open("Ann")?.import_contract(&parsed)?;
        self.say(Some("Ann"), "types in what they had on paper, marked as imported");
        self.sync()?;
        self.say(None, "All three now edit at the same time, without hearing of each other:");
        self.edit("Ann", "warm meal", "warm meal or a ride to the doctor", None)?;
        self.edit("Ben", "warm meal", "good warm meal", None)?;
        self.edit("Cem", "- We meet", "- We decide together.\n- We meet", None)?;
        self.edit("Ann", "at seven", "at seven, in the school hall", Some("Dora"))?;
        self.sync()?;
        let text = self.open("Ann")?.show_contract("draft")?.text;
        let line = text.lines().find(|line| line.contains("warm meal")).unwrap_or_default();
        self.say(None, format!("Nothing is lost: “{line}”"));
        Ok(())
    }

    /// Writes an edit as a person would: in the whole text, of which only the difference is
    /// written.
    fn edit(
        &mut self,
        who: &'static str,
        old: &str,
        new: &str,
        behalf: Option<&str>,
    ) -> Result<Edited> {
        let mut group = self.open(who)?;
        let text = group.show_contract("draft")?.text;
        let edited = group.edit_contract(&text.replacen(old, new, 1), behalf)?;
        drop(group);
        let words = match behalf {
            None => format!("changes “{}” to “{}”", one_line(old), one_line(new)),
            Some(behalf) => format!("writes down for {behalf}: “{}”", one_line(new)),
        };
        self.say(Some(who), words);
        Ok(edited)
    }

    fn signing(&mut self) -> Result<()> {
        self.ago = 27;
        let digest = self.open("Ben")?.show_contract("draft")?.digest;
        self.say(None, format!("Each reads the same digest out loud: {digest}"));
        for who in ["Ann", "Ben", "Cem"] {
            let answered = self.open(who)?.ratify(None)?;
            self.say(
                Some(who),
                format!("signs the contract; {} of {} needed", answered.have, answered.need),
            );
        }
        let dora = self.open("Ann")?.ratify(Some("Dora"))?;
        self.say(Some("Ann"), "signs for Dora, which counts once somebody else confirms it");
        self.sync()?;
        self.open("Ben")?.confirm(&dora.id.to_string(), None)?;
        self.say(Some("Ben"), "was there when Dora said so, and confirms it");
        self.sync()?;
        let status = self.open("Cem")?.contract_status();
        self.say(
            None,
            format!("The contract is adopted, signed by {} of {}.", status.have, status.voices),
        );
        Ok(())
    }

    fn newcomers(&mut self) -> Result<()> {
        self.ago = 21;
        self.meet()?;
        self.joins_over_the_network("Cem", "Eva")?;
        let ticket = self.open("Cem")?.invite(Invitee::Newcomer)?.ticket;
        let path = self.folder.join("finn.request");
        let asked = founding::ask_to_join(&self.home("Finn"), &ticket, Some("Finn"), None, &path)?;
        let mut cem = self.open("Cem")?;
        let request = cem.read_request(&path)?;
        if request.phrase != asked.phrase {
            return Err(NodeError::failed("demo", "the two phrases differ"));
        }
        cem.admit(request)?;
        drop(cem);
        self.carry("Cem", "Finn")?;
        self.comes("Finn")?;
        self.say(Some("Cem"), "invites Finn and lets him in, by files only");
        self.sync()?;
        for who in ["Eva", "Finn"] {
            self.open("Ann")?.give_voice(who, &Ask::default())?;
        }
        self.say(Some("Ann"), "says yes, as Cem did: Eva and Finn have voice once that was seen");
        self.sync()
    }

    fn tap_in(&mut self) -> Result<()> {
        for (ago, title) in [(14, "Shared meal"), (0, "Planning evening")] {
            self.ago = ago;
            let mut cem = self.open("Cem")?;
            let meeting = cem.new_meeting(title, None, None)?.id;
            cem.open_meeting(title, true)?;
            drop(cem);
            self.say(Some("Cem"), format!("opens the meeting “{title}”"));
            self.sync()?;
            let code = self.open("Cem")?.show_code(title)?.code;
            for who in PEOPLE {
                let code = (who != "Cem").then_some(code.as_str());
                self.open(who)?.tap(Some(title), None, code)?;
            }
            self.open("Ann")?.tap(Some(title), Some("Dora"), None)?;
            self.say(None, "Everybody taps in with the code on Cem's phone; Ann taps for Dora.");
            self.open("Ben")?.tap(Some(title), None, None)?;
            self.say(Some("Ben"), "taps twice: it is one attendance");
            self.sync()?;
            self.attest(meeting)?;
            self.open("Cem")?.open_meeting(title, false)?;
            self.sync()?;
            let row = self.open("Finn")?.show_meeting(title)?;
            self.say(
                None,
                format!(
                    "{} were there, {} of them seen by two or more others.",
                    row.present, row.grades.attested
                ),
            );
        }
        Ok(())
    }

    fn attest(&mut self, meeting: EnvelopeId) -> Result<()> {
        for who in ["Ben", "Eva"] {
            self.open(who)?.attest(&[meeting.to_string()], None)?;
            self.say(Some(who), "touches “I saw you” for all who were there");
        }
        Ok(())
    }

    fn work(&mut self) -> Result<()> {
        let work = |what, hours, beneficiary, by| Work {
            what,
            hours,
            beneficiary,
            by,
            on: None,
            phase: Some(Phase::Deliver),
            day: None,
        };
        let ride =
            self.open("Eva")?.contribute(&work("Drove Ben to the clinic", "1.5", "Ben", None))?;
        self.say(Some("Eva"), "logs a ride to the clinic for Ben: 1.5 hours");
        let soup =
            self.open("Ann")?.contribute(&work("Cooked soup", "2", "group", Some("Dora")))?;
        self.say(Some("Ann"), "logs for Dora that she cooked soup for all: 2 hours");
        let wrong =
            self.open("Finn")?.contribute(&work("Mended the bench", "20", "group", None))?;
        self.say(Some("Finn"), "logs 20 hours for mending the bench, and means 2");
        let change = crate::work::Change { hours: Some("2"), ..Default::default() };
        let right =
            self.open("Finn")?.correct(&wrong.id.to_string(), &change, "a slip: 2, not 20")?;
        self.say(Some("Finn"), "corrects it; both entries stay visible");
        self.sync()?;
        self.open("Ben")?.confirm(&ride.id.to_string(), None)?;
        self.open("Ben")?.confirm(&soup.id.to_string(), None)?;
        self.open("Cem")?.confirm(&right.id.to_string(), None)?;
        self.say(None, "Ben confirms the ride and the soup, Cem the bench as corrected.");
        self.open("Cem")?.goal_state("A shared meal every month", GoalState::Done, None)?;
        self.say(Some("Cem"), "says that this month's goal is met");
        Ok(())
    }

    fn ending(mut self) -> Result<Played> {
        self.sync()?;
        let mut digests = Vec::new();
        let mut group = None;
        for who in PEOPLE {
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
        self.say(None, format!("Five phones, one view: all have the digest {short}…"));
        let group = group.ok_or_else(|| NodeError::failed("demo", "there is no group"))?;
        Ok(Played {
            homes: PEOPLE.iter().map(|who| self.folder.join(who.to_lowercase())).collect(),
            state: self.folder.join("state"),
            folder: self.folder,
            group,
            view_digest: all,
            bundles: self.bundles,
            steps: self.steps,
        })
    }
}

fn one_line(text: &str) -> String {
    text.replace("\n- ", " / ").trim_start_matches("- ").to_owned()
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
