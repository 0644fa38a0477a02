//! Doing what the script says.

use copact_core::contract::Markdown;
use copact_core::entry::GoalState;
use copact_core::ids::EnvelopeId;

use super::script::{Deed, Logged, PAPER};
use super::{PEOPLE, Play};
use crate::decisions::Ask;
use crate::error::{NodeError, Result};
use crate::founding;
use crate::inviting::Invitee;
use crate::work::{Change, Work};

impl Play<'_> {
    /// Does a deed. In a replay without some other deed, what cannot be done any more falls away
    /// with it.
    pub(super) fn perform(&mut self, deed: &Deed, replay: bool) -> Result<()> {
        match self.act(deed) {
            Err(_) if replay && !matches!(deed, Deed::Sync) => Ok(()),
            done => done,
        }
    }

    fn act(&mut self, deed: &Deed) -> Result<()> {
        match *deed {
            Deed::Tell(what) => self.say(None, what),
            Deed::Sync => self.sync()?,
            Deed::Assist { who, name } => {
                self.open(who)?.assist(name, None)?;
                self.say(Some(who), format!("brings in {name}, who has no phone, and helps her"));
            }
            Deed::Paper { who } => {
                self.open(who)?.import_contract(&Markdown::parse(PAPER)?)?;
                self.say(Some(who), "types in what they had on paper, marked as imported");
            }
            Deed::Edit { who, old, new, behalf } => self.edit(who, old, new, behalf)?,
            Deed::ReadOut => self.read_out()?,
            Deed::Sign { who, behalf } => self.sign_contract(who, behalf)?,
            Deed::Confirm { who, what } => {
                let id = self.named(what)?.to_string();
                self.open(who)?.confirm(&id, None)?;
                self.say(Some(who), format!("confirms {what}"));
            }
            Deed::Invite { who, name } => self.joins_over_the_network(who, name)?,
            Deed::InviteByFile { who, name } => self.joins_by_file(who, name)?,
            Deed::Voice { who, name } => {
                self.open(who)?.give_voice(name, &Ask::default())?;
                self.say(Some(who), format!("says yes to {name}’s voice, as others did"));
            }
            Deed::Done { who, goal } => {
                self.open(who)?.goal_state(goal, GoalState::Done, None)?;
                self.say(Some(who), format!("says that the goal is reached: {goal}"));
            }
            Deed::Open { who, title } => self.opens(who, title)?,
            Deed::Tap { who, title, behalf } => self.taps(who, title, behalf)?,
            Deed::Attest { who, title } => {
                let meeting = self.named(title)?.to_string();
                self.open(who)?.attest(&[meeting], None)?;
                self.say(Some(who), "touches “I saw you” for all who were there");
            }
            Deed::Close { who, title } => self.closes(who, title)?,
            Deed::Work(ref logged) => self.logs(logged)?,
            Deed::Hours { who, of, name, hours } => {
                let of = self.named(of)?.to_string();
                let change = Change { hours: Some(hours), ..Change::default() };
                let right = self.open(who)?.correct(&of, &change, "a slip of the finger")?;
                self.written.insert(name, right.id);
                self.say(Some(who), format!("corrects it to {hours} h; both stay visible"));
            }
        }
        Ok(())
    }

    /// Those whose device is in the group.
    pub(super) fn here(&self) -> Vec<&'static str> {
        PEOPLE.into_iter().take(self.room.len()).collect()
    }

    fn named(&self, name: &str) -> Result<EnvelopeId> {
        let id = self.written.get(name).copied();
        id.ok_or_else(|| NodeError::failed("demo", format_args!("nobody wrote {name}")))
    }

    /// Writes an edit as a person would: in the whole text, of which only the difference is
    /// written.
    fn edit(
        &mut self,
        who: &'static str,
        old: &str,
        new: &str,
        behalf: Option<(&'static str, &'static str)>,
    ) -> Result<()> {
        let mut group = self.open(who)?;
        let text = group.show_contract("draft")?.text;
        let edited = group.edit_contract(&text.replacen(old, new, 1), behalf.map(|one| one.0))?;
        drop(group);
        if let (Some((_, name)), Some(id)) = (behalf, edited.id) {
            self.written.insert(name, id);
        }
        let words = match behalf {
            None => format!("changes “{}” to “{}”", flat(old), flat(new)),
            Some((behalf, _)) => format!("writes down for {behalf}: “{}”", flat(new)),
        };
        self.say(Some(who), words);
        Ok(())
    }

    fn read_out(&mut self) -> Result<()> {
        let shown = self.open("Ann")?.show_contract("draft")?;
        let line = shown.text.lines().find(|line| line.contains("without company"));
        self.say(None, format!("Nothing is lost: “{}”", line.unwrap_or_default()));
        let digest = self.open("Ben")?.show_contract("draft")?.digest;
        self.say(None, format!("Each reads the same digest out loud: {digest}"));
        Ok(())
    }

    fn sign_contract(
        &mut self,
        who: &'static str,
        behalf: Option<(&'static str, &'static str)>,
    ) -> Result<()> {
        let answered = self.open(who)?.ratify(behalf.map(|one| one.0))?;
        let words = match behalf {
            None => {
                format!("signs the contract; {} of {} needed", answered.have, answered.need)
            }
            Some((member, name)) => {
                self.written.insert(name, answered.id);
                format!("signs for {member}, which counts once another confirms it")
            }
        };
        self.say(Some(who), words);
        Ok(())
    }

    fn joins_by_file(&mut self, who: &'static str, name: &'static str) -> Result<()> {
        let ticket = self.open(who)?.invite(Invitee::Newcomer)?.ticket;
        let path = self.folder.join(format!("{}.request", name.to_lowercase()));
        let asked = founding::ask_to_join(&self.home(name), &ticket, Some(name), None, &path)?;
        let mut group = self.open(who)?;
        let request = group.read_request(&path)?;
        if request.phrase != asked.phrase {
            return Err(NodeError::failed("demo", "the two phrases differ"));
        }
        group.admit(request)?;
        drop(group);
        self.carry(who, name)?;
        self.comes(name)?;
        self.say(Some(who), format!("invites {name} and lets them in, by files only"));
        Ok(())
    }

    fn opens(&mut self, who: &'static str, title: &'static str) -> Result<()> {
        let mut group = self.open(who)?;
        let meeting = group.new_meeting(title, None, None)?.id;
        group.open_meeting(title, true)?;
        drop(group);
        self.written.insert(title, meeting);
        self.say(Some(who), format!("opens the meeting “{title}”"));
        Ok(())
    }

    fn taps(&mut self, who: &'static str, title: &str, behalf: Option<&str>) -> Result<()> {
        let words = match behalf {
            Some(behalf) => {
                self.open(who)?.tap(Some(title), Some(behalf), None)?;
                format!("taps in for {behalf}")
            }
            None => {
                let code = self.open("Cem")?.show_code(title)?.code;
                let code = (who != "Cem").then_some(code.as_str());
                self.open(who)?.tap(Some(title), None, code)?;
                "taps in with the code on Cem’s phone".to_owned()
            }
        };
        self.say(Some(who), words);
        Ok(())
    }

    fn closes(&mut self, who: &'static str, title: &str) -> Result<()> {
        self.open(who)?.open_meeting(title, false)?;
        self.sync()?;
        let row = self.open(who)?.show_meeting(title)?;
        let words = format!(
            "closes it: {} were there, {} of them seen by two or more others",
            row.present, row.grades.attested
        );
        self.say(Some(who), words);
        Ok(())
    }

    fn logs(&mut self, logged: &Logged) -> Result<()> {
        let Logged { who, name, what, hours, whom, by, on, phase } = *logged;
        let phase = Some(phase);
        let work = Work { what, hours, beneficiary: whom, by, on, phase, day: None };
        let id = self.open(who)?.contribute(&work)?.id;
        self.written.insert(name, id);
        let whose = by.map(|by| format!(" by {by}")).unwrap_or_default();
        self.say(Some(who), format!("logs work{whose}: “{what}”, {hours} h for {whom}"));
        Ok(())
    }
}

fn flat(text: &str) -> String {
    text.replace("\n- ", " / ").trim_start_matches("- ").to_owned()
}
