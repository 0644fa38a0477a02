//! Work and words about entries: contributions, confirming, disputing, refusing, correcting, tasks,
//! goals, notes, the log.

use copact_core::act::Act;
use copact_core::change::Origin;
use copact_core::entry::{Contribution, Corrected, Correction, Minutes, Occasion, Phase, Record};
use copact_core::envelope::Content;
use copact_core::ids::EnvelopeId;
use copact_core::views::EntryRow;

use crate::counting::Recorded;
use crate::error::{NodeError, Result};
use crate::find::{Choice, pick};
use crate::group::Group;
use crate::people::Written;

/// Work to be recorded, as typed.
#[derive(Clone, Debug)]
pub struct Work<'a> {
    /// What was done.
    pub what: &'a str,
    /// How long.
    pub hours: &'a str,
    /// Whom for.
    pub beneficiary: &'a str,
    /// Whose work, when a helper records it.
    pub by: Option<&'a str>,
    /// What it was part of.
    pub on: Option<&'a str>,
    /// Its phase.
    pub phase: Option<Phase>,
    /// Its day.
    pub day: Option<&'a str>,
}

/// What a correction changes, as typed.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs, reason = "the fields of copact_core::entry::Corrected, documented there")]
pub struct Change<'a> {
    pub text: Option<&'a str>,
    pub hours: Option<&'a str>,
    pub beneficiary: Option<&'a str>,
    pub on: Option<&'a str>,
    pub phase: Option<Phase>,
    pub day: Option<&'a str>,
    pub headcount: Option<u32>,
    pub same_as: Option<&'a str>,
}

impl Group {
    /// The log.
    #[must_use]
    pub fn log(&self) -> Vec<EntryRow> {
        self.labelled(|views, labels| views.log(labels))
    }

    /// Records work.
    ///
    /// # Errors
    /// Hours, day, or somebody named, are none.
    pub fn contribute(&mut self, work: &Work) -> Result<Recorded> {
        self.must_stand()?;
        let minutes = Minutes::from_hours(work.hours)?;
        let day = self.day(work.day)?;
        if day > self.clock().day {
            return Err(NodeError::input("future_day", "work is recorded once it was done")
                .hint("name a day up to today, or write a task down: `copact task new TEXT`"));
        }
        let beneficiary = self.beneficiary(work.beneficiary)?;
        let on_behalf_of = self.on_behalf_of(work.by)?;
        let on = work.on.map(|on| self.occasion(on)).transpose()?;
        let what = self.put_text(work.what)?;
        let phase = work.phase;
        let contribution = Contribution { what, minutes, day, phase, beneficiary, on };
        let id = self.write_entry(on_behalf_of, Record::Contribution(contribution))?;
        self.save()?;
        Ok(Recorded { id, does_not_count: self.why_work_is_nothing(id) })
    }

    /// A meeting, goal or task, by id, start of an id, title or text.
    fn occasion(&self, typed: &str) -> Result<Occasion> {
        let meetings = self.meetings().meetings.into_iter().map(|row| Choice {
            value: Occasion::Meeting(row.id),
            id: row.id.to_string(),
            name: row.title,
        });
        let tasks = self.tasks().into_iter().map(|row| Choice {
            value: Occasion::Task(row.id),
            id: row.id.to_string(),
            name: row.text,
        });
        let goals = self.goals().into_iter().map(|row| Choice {
            value: Occasion::Goal(row.id),
            id: row.id.to_string(),
            name: Some(row.text),
        });
        let all = meetings.chain(tasks).chain(goals).collect();
        pick("meeting, task or goal", ["unknown_occasion", "ambiguous_occasion"], typed, all)
    }

    /// Confirms a contribution, words recorded for an assisted member, or an act recorded for one.
    ///
    /// # Errors
    /// No such thing, or one's own.
    pub fn confirm(&mut self, typed: &str, behalf: Option<&str>) -> Result<Recorded> {
        let (me, _) = self.must_stand()?;
        let on_behalf_of = self.assisted(behalf)?;
        let target = self.envelope(typed)?;
        let author = self.ledger().place_of(target).and_then(|at| self.ledger().now().author(at));
        let content = self.ledger().get(target).map(|at| at.envelope().content().clone());
        let own = || {
            NodeError::input("ones_own", "what you recorded yourself needs another member's word")
                .hint("ask another member to confirm it")
        };
        if let Some(Content::Act(act)) = content {
            if on_behalf_of.is_some() {
                return Err(NodeError::input(
                    "own_word_only",
                    "what was signed for a member is confirmed in one's own name only",
                )
                .hint("leave --for out, if you can vouch for it yourself"));
            }
            return self.confirm_act(target, &act, author == Some(me));
        }
        match &content {
            Some(Content::Entry(entry)) => {
                let subject = entry.on_behalf_of.and_then(|one| self.ledger().person_with_id(one));
                if author == Some(me) || (subject == Some(me) && on_behalf_of.is_none()) {
                    return Err(own());
                }
            }
            Some(Content::Change(change)) => {
                if change.origin == Origin::Own {
                    return Err(NodeError::input(
                        "nothing_to_confirm",
                        "these are their author's own words",
                    )
                    .hint(
                        "only words recorded for an assisted member need a second person's word",
                    ));
                }
                if author == Some(me) {
                    return Err(own());
                }
            }
            _ => {}
        }
        let id = self.write_entry(on_behalf_of, Record::Confirm(target))?;
        self.save()?;
        Ok(Recorded { id, does_not_count: self.why_confirming_is_nothing(target) })
    }

    fn confirm_act(&mut self, target: EnvelopeId, act: &Act, own: bool) -> Result<Recorded> {
        if act.on_behalf_of().is_none() {
            return Err(NodeError::input(
                "nothing_to_confirm",
                "this was signed by the member themselves",
            )
            .hint(
                "only what a helper signed for an assisted member needs a second person's word",
            ));
        }
        if own {
            return Err(NodeError::input(
                "ones_own",
                "what you signed for somebody needs another member's word",
            )
            .hint("ask another member to confirm it"));
        }
        let id = self.write_act(Act::Confirm { act: target }, &[target])?;
        self.save()?;
        Ok(Recorded { id, does_not_count: None })
    }

    /// Says that an entry is wrong.
    ///
    /// # Errors
    /// No such entry, or no reason.
    pub fn dispute(&mut self, typed: &str, reason: &str, behalf: Option<&str>) -> Result<Written> {
        self.must_stand()?;
        let on_behalf_of = self.assisted(behalf)?;
        let entry = self.log_entry(typed)?;
        let reason = self.put_text(reason)?;
        let id = self.write_entry(on_behalf_of, Record::Dispute { entry, reason })?;
        self.save()?;
        Ok(Written { id })
    }

    /// Refuses an entry about this member, or about an assisted one.
    ///
    /// # Errors
    /// No such entry, or it is about somebody else.
    pub fn refuse(&mut self, typed: &str, behalf: Option<&str>) -> Result<Written> {
        let (me, _) = self.must_stand()?;
        let on_behalf_of = self.assisted(behalf)?;
        let entry = self.log_entry(typed)?;
        let signer = on_behalf_of.and_then(|one| self.ledger().person_with_id(one)).unwrap_or(me);
        let views = self.views();
        let subject =
            self.ledger().place_of(entry).and_then(|at| views.journal().subjects.get(&at));
        if subject != Some(&signer) {
            return Err(NodeError::input("not_about_you", "that entry is about somebody else")
                .hint("say that it is wrong with `copact dispute`"));
        }
        drop(views);
        let id = self.write_entry(on_behalf_of, Record::Refuse(entry))?;
        self.save()?;
        Ok(Written { id })
    }

    fn log_entry(&self, typed: &str) -> Result<EnvelopeId> {
        let id = self.entry(typed)?;
        let is_entry = self.ledger().get(id).is_some_and(|at| at.entry().is_some());
        is_entry.then_some(id).ok_or_else(|| {
            NodeError::input(
                "not_an_entry",
                "that is a change to the contract, not an entry of the log",
            )
            .hint("`copact log` lists the entries")
        })
    }

    /// Replaces an entry's meaning with a new entry. The original stays visible.
    ///
    /// # Errors
    /// No such entry, somebody else's, or a field that this kind does not have.
    pub fn correct(&mut self, typed: &str, change: &Change, reason: &str) -> Result<Written> {
        let (me, _) = self.must_stand()?;
        let entry = self.log_entry(typed)?;
        let author = |id| self.ledger().place_of(id).and_then(|at| self.ledger().now().author(at));
        let correction = if let Some(other) = change.same_as {
            let other = self.log_entry(other)?;
            if author(entry) != Some(me) && author(other) != Some(me) {
                return Err(NodeError::input(
                    "not_yours",
                    "only who made one of the two entries can say that they are the same",
                )
                .hint("ask them to"));
            }
            if entry == other {
                return Err(NodeError::input(
                    "same_already",
                    "an entry is always the same as itself",
                )
                .hint("name two entries; `copact log` lists them"));
            }
            Correction::SameAs(other)
        } else {
            if author(entry) != Some(me) {
                return Err(NodeError::input(
                    "not_yours",
                    "only who wrote an entry can correct it",
                )
                .hint(
                    "say that it is wrong with `copact dispute`, or refuse it if it is about you",
                ));
            }
            Correction::Fields(self.corrected(entry, change)?)
        };
        let reason = self.put_text(reason)?;
        let id = self.write_entry(None, Record::Correct { entry, correction, reason })?;
        self.save()?;
        Ok(Written { id })
    }

    fn corrected(&mut self, entry: EnvelopeId, change: &Change) -> Result<Corrected> {
        let kind = self.ledger().get(entry).and_then(|at| at.entry()).map(|one| one.record.clone());
        let fits: &[&str] = match kind {
            Some(Record::Meeting { headcount: Some(_), .. }) => &["--text", "--day", "--headcount"],
            Some(Record::Meeting { .. }) => &["--text", "--day"],
            Some(Record::Contribution(_)) => {
                &["--text", "--day", "--hours", "--phase", "--for", "--on"]
            }
            Some(Record::Task(_) | Record::Note(_)) => &["--text"],
            _ => &[],
        };
        let given = [
            ("--text", change.text.is_some()),
            ("--hours", change.hours.is_some()),
            ("--for", change.beneficiary.is_some()),
            ("--on", change.on.is_some()),
            ("--phase", change.phase.is_some()),
            ("--day", change.day.is_some()),
            ("--headcount", change.headcount.is_some()),
        ];
        if let Some((flag, _)) = given.iter().find(|(flag, given)| *given && !fits.contains(flag)) {
            let error = NodeError::input(
                "wrong_field",
                format_args!("{flag} does not fit this kind of entry"),
            );
            return Err(match fits {
                [] => error.hint("this kind of entry is not corrected; refuse or dispute it"),
                fits => error.hint(format_args!("what can be corrected is {}", fits.join(", "))),
            });
        }
        let meeting = matches!(kind, Some(Record::Meeting { .. }));
        let rows = if meeting && change.day.is_some() { self.meetings().meetings } else { vec![] };
        if rows.iter().any(|row| row.id == entry && row.present > 0) {
            return Err(NodeError::input(
                "tapped_already",
                "people have tapped in at that meeting, so its day stays",
            )
            .hint(
                "record another meeting with the right day; who tapped by mistake refuses the tap",
            ));
        }
        Ok(Corrected {
            day: change.day.map(copact_core::day::Day::parse).transpose()?,
            text: change.text.map(|text| self.put_text(text)).transpose()?,
            minutes: change.hours.map(Minutes::from_hours).transpose()?,
            phase: change.phase,
            beneficiary: change.beneficiary.map(|typed| self.beneficiary(typed)).transpose()?,
            on: change.on.map(|typed| self.occasion(typed)).transpose()?,
            headcount: change.headcount,
        })
    }

    /// Writes a note.
    ///
    /// # Errors
    /// The text is none.
    pub fn note(&mut self, text: &str, behalf: Option<&str>) -> Result<Written> {
        self.text_entry(text, behalf, Record::Note)
    }

    pub(crate) fn text_entry(
        &mut self,
        text: &str,
        behalf: Option<&str>,
        record: impl FnOnce(copact_core::ids::TextHash) -> Record,
    ) -> Result<Written> {
        self.must_stand()?;
        let on_behalf_of = self.on_behalf_of(behalf)?;
        let text = self.put_text(text)?;
        let id = self.write_entry(on_behalf_of, record(text))?;
        self.save()?;
        Ok(Written { id })
    }
}
