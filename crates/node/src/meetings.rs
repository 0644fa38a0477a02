//! Meetings: planning, opening, tapping in, seeing each other.

use std::collections::BTreeSet;

use copact_core::day::Day;
use copact_core::entry::{Correction, Record, ShownCode};
use copact_core::ids::{EnvelopeId, MemberId};
use copact_core::limits;
use copact_core::presence::PresenceCode;
use copact_core::text::Name;
use copact_core::views::{MeetingRow, Meetings};
use serde::Serialize;

use crate::error::{NodeError, Result};
use crate::group::Group;
use crate::people::Written;

mod codes;

pub use codes::Shown;

/// Somebody tapped in.
#[derive(Clone, Debug, Serialize)]
pub struct Tapped {
    /// The tap; the earlier one if the member had tapped in already.
    pub id: EnvelopeId,
    /// The meeting.
    pub meeting: EnvelopeId,
    /// Whether the member had tapped in already, so that nothing was written.
    pub again: bool,
    /// Whether this device attested it by itself, having shown the code.
    pub attested: Option<EnvelopeId>,
    /// Whether it counts: not for a day on which the member was none.
    pub counts: bool,
    /// The meeting's title, if it is here.
    #[serde(skip)]
    pub title: Option<String>,
}

impl Group {
    /// The meetings.
    #[must_use]
    pub fn meetings(&self) -> Meetings {
        self.labelled(|views, labels| views.meetings(labels))
    }

    /// One meeting.
    ///
    /// # Errors
    /// None, or several, of that name.
    pub fn show_meeting(&self, typed: &str) -> Result<MeetingRow> {
        let id = self.meeting(Some(typed))?;
        self.meetings().meetings.into_iter().find(|row| row.id == id).ok_or_else(|| {
            NodeError::input("unknown_meeting", "that meeting was refused or set aside")
                .hint("`copact meeting list` lists the meetings that count")
        })
    }

    /// Plans or records a meeting.
    ///
    /// # Errors
    /// The title is none, the day or headcount out of range.
    pub fn new_meeting(
        &mut self,
        title: &str,
        day: Option<&str>,
        headcount: Option<u32>,
    ) -> Result<Written> {
        self.must_stand()?;
        let title = Name::new(title)?;
        let day = self.day(day)?;
        if headcount.is_some_and(|count| !(1..=limits::HEADCOUNT).contains(&count)) {
            return Err(NodeError::input(
                "bad_headcount",
                format_args!("a headcount is a number from 1 to {}", limits::HEADCOUNT),
            )
            .hint("count the people who were there, or do not record the meeting"));
        }
        let title = self.put_text(title.as_str())?;
        let id =
            self.write_entry(None, Record::Meeting { day, title, headcount, imported: false })?;
        self.save()?;
        Ok(Written { id })
    }

    /// A typed day, or today.
    pub(crate) fn day(&self, typed: Option<&str>) -> Result<Day> {
        typed.map_or(Ok(self.clock().day), |typed| Ok(Day::parse(typed)?))
    }

    /// Opens or closes a meeting.
    ///
    /// # Errors
    /// No such meeting; or it is open, or closed, already.
    pub fn open_meeting(&mut self, typed: &str, open: bool) -> Result<Written> {
        self.must_stand()?;
        let row = self.show_meeting(typed)?;
        if row.open == open {
            let (code, word) =
                if open { ("already_open", "open") } else { ("not_open", "not open") };
            return Err(NodeError::input(code, format_args!("that meeting is {word}"))
                .hint("`copact meeting list` shows which meetings are open"));
        }
        let record = if open { Record::Open(row.id) } else { Record::Close(row.id) };
        let id = self.write_entry(None, record)?;
        self.save()?;
        Ok(Written { id })
    }

    /// Says that two records are one meeting; the second stands.
    ///
    /// # Errors
    /// One of them is none, both are one already, or neither is this member's.
    pub fn same_meeting(&mut self, one: &str, other: &str) -> Result<Written> {
        let (me, _) = self.must_stand()?;
        let (one, other) = (self.meeting(Some(one))?, self.meeting(Some(other))?);
        if one == other {
            return Err(NodeError::input("same_already", "the two are one meeting already")
                .hint("`copact meeting list` lists the meetings"));
        }
        let now = self.ledger().now();
        let mine = |id| self.ledger().place_of(id).and_then(|at| now.author(at)) == Some(me);
        if !mine(one) && !mine(other) {
            return Err(NodeError::input(
                "not_yours",
                "only who made one of the two records can say that they are the same",
            )
            .hint("ask whoever opened one of them"));
        }
        let reason = self.put_text("the same meeting, recorded twice")?;
        let correction = Correction::SameAs(other);
        let id = self.write_entry(None, Record::Correct { entry: one, correction, reason })?;
        self.save()?;
        Ok(Written { id })
    }

    /// Records that a member is at a meeting. One attendance a member: a second tap writes nothing,
    /// unless it carries a code that the first did not.
    ///
    /// # Errors
    /// No such meeting, a headcount-only one, or a code that is none.
    pub fn tap(
        &mut self,
        meeting: Option<&str>,
        behalf: Option<&str>,
        code: Option<&str>,
    ) -> Result<Tapped> {
        let (me, my_id) = self.must_stand()?;
        let code = code.map(PresenceCode::from_link).transpose()?;
        let open = match (meeting, code) {
            (None, None) => self.only_open_meeting(),
            _ => None,
        };
        let meeting = open.map_or_else(|| self.coded_meeting(meeting, code.as_ref()), Ok)?;
        let on_behalf_of = self.on_behalf_of(behalf)?;
        let row = self.meeting_row(meeting);
        let row =
            row.ok_or_else(|| NodeError::input("unknown_meeting", "there is no such meeting"))?;
        if row.headcount.is_some() {
            return Err(NodeError::input(
                "headcount_only",
                "at this meeting people are only counted, so nobody taps in",
            )
            .hint("record another meeting with `copact meeting new TITLE`, without --headcount"));
        }
        let subject = on_behalf_of.unwrap_or(my_id);
        let before = row.attendances.iter().find(|one| one.member == subject);
        if let (Some(before), None) = (before.and_then(|one| one.taps.first()), code) {
            let (id, title) = (*before, row.title);
            return Ok(Tapped { id, meeting, again: true, attested: None, counts: true, title });
        }
        let shown = code.map(|code| ShownCode { device: code.device, nonce: code.nonce });
        let record = Record::Tap { meeting, code: shown, imported: false };
        let id = self.write_entry(on_behalf_of, record)?;
        let mine = code.is_some_and(|code| self.showed(&code, meeting));
        let other =
            on_behalf_of.is_some_and(|member| self.ledger().person_with_id(member) != Some(me));
        let attested = if mine && other {
            Some(self.write_entry(None, Record::Attest(vec![id]))?)
        } else {
            None
        };
        self.save()?;
        let now = self.meeting_row(meeting).into_iter();
        let counts = now.flat_map(|now| now.attendances).any(|one| one.taps.contains(&id));
        Ok(Tapped { id, meeting, again: false, attested, counts, title: row.title })
    }

    fn coded_meeting(
        &self,
        typed: Option<&str>,
        code: Option<&PresenceCode>,
    ) -> Result<EnvelopeId> {
        let Some(code) = code else { return self.meeting(typed) };
        if self.ledger().get(code.meeting).is_none() {
            return Err(NodeError::input(
                "unknown_meeting",
                "the code is of a meeting that this device does not know",
            )
            .hint("sync or import a bundle first, or name the group with --group"));
        }
        if typed.is_some() && self.meeting(typed)? != code.meeting {
            return Err(NodeError::input(
                "other_meeting",
                "the code is of another meeting than the one you named",
            )
            .hint("leave the meeting's name out: the code says it"));
        }
        Ok(code.meeting)
    }

    /// Signs that entries are true; for a tap: "I saw you here". A meeting names all taps at it
    /// that others made and this member has not attested.
    ///
    /// # Errors
    /// No such entry, or one's own.
    pub fn attest(&mut self, typed: &[String], behalf: Option<&str>) -> Result<Written> {
        self.must_stand()?;
        let on_behalf_of = self.assisted(behalf)?;
        let mut entries: BTreeSet<EnvelopeId> = BTreeSet::new();
        for one in typed {
            let id = self.entry(one)?;
            match self.ledger().get(id).and_then(|at| at.entry()).map(|entry| &entry.record) {
                Some(Record::Meeting { .. }) => {
                    entries.extend(self.taps_to_attest(id, on_behalf_of))
                }
                Some(_) => drop(entries.insert(id)),
                None => {
                    return Err(NodeError::input(
                        "not_an_entry",
                        "only entries of the log are attested",
                    )
                    .hint("words in the contract are confirmed with `copact confirm`"));
                }
            }
        }
        self.not_ones_own(&entries, on_behalf_of)?;
        if entries.is_empty() || entries.len() > limits::ATTESTED {
            return Err(NodeError::input(
                "nothing_to_attest",
                format_args!(
                    "there is nothing to attest, or more than {} entries at once",
                    limits::ATTESTED
                ),
            )
            .hint("`copact meeting show MEETING` lists who tapped in"));
        }
        let id = self.write_entry(on_behalf_of, Record::Attest(entries.into_iter().collect()))?;
        self.save()?;
        Ok(Written { id })
    }

    fn taps_to_attest(&self, meeting: EnvelopeId, behalf: Option<MemberId>) -> Vec<EnvelopeId> {
        let Ok((_, me)) = self.me() else { return Vec::new() };
        let row = self.meetings().meetings.into_iter().find(|row| row.id == meeting);
        let others = row.into_iter().flat_map(|row| row.attendances);
        let others = others.filter(|one| one.member != behalf.unwrap_or(me));
        others.flat_map(|one| one.taps).collect()
    }

    fn not_ones_own(&self, entries: &BTreeSet<EnvelopeId>, behalf: Option<MemberId>) -> Result<()> {
        let (me, _) = self.me()?;
        let signer = behalf.and_then(|one| self.ledger().person_with_id(one)).unwrap_or(me);
        let views = self.views();
        let subjects = &views.journal().subjects;
        let own = |id: &EnvelopeId| {
            self.ledger().place_of(*id).and_then(|at| subjects.get(&at)) == Some(&signer)
        };
        if let Some(one) = entries.iter().find(|id| own(id)) {
            let id = one.to_string();
            let id = id.get(..8).unwrap_or(&id);
            let message = format!("nobody attests an entry about themselves: {id}");
            return Err(NodeError::input("ones_own", message)
                .hint("leave it out; another member attests it"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::founding;
    use crate::home::{Clock, Home};

    #[test]
    fn a_tap_tells_whether_it_counts() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock { seconds: 1_772_366_400, day: Day::parse("2026-03-01").unwrap() };
        let home = Home::new(folder.path().join("home"), None, clock);
        founding::found(&home, "Green Lane", "Ann", None, &[], None).unwrap();
        let mut group = home.open(None).unwrap();
        group.new_meeting("Before", Some("2026-02-28"), None).unwrap();
        group.new_meeting("After", Some("2026-03-01"), None).unwrap();
        assert!(!group.tap(Some("Before"), None, None).unwrap().counts);
        assert!(group.tap(Some("After"), None, None).unwrap().counts);
        let list = folder.path().join("list.csv");
        std::fs::write(&list, "date,meeting,member\n2026-02-01,Older,Ann\n2026-02-01,Older,Dora\n")
            .unwrap();
        let taken = group.import_attendance(&list, &mut |_, _| {}).unwrap();
        assert_eq!((taken.attendances, taken.not_counted), (2, 1), "Dora came with the list");
    }

    #[test]
    fn more_taps_than_one_attestation_holds_are_attested_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock { seconds: 1_772_366_400, day: Day::parse("2026-03-01").unwrap() };
        let home = Home::new(folder.path().join("home"), None, clock);
        founding::found(&home, "Green Lane", "Ann", None, &[], None).unwrap();
        let mut group = home.open(None).unwrap();
        let meeting = group.new_meeting("Fair", None, None).unwrap().id;
        let dora = group.assist("Dora", None).unwrap().member;
        let code = PresenceCode::from_link(&group.show_code("Fair").unwrap().code).unwrap();
        let code = Some(ShownCode { device: code.device, nonce: code.nonce });
        let taps = limits::ATTESTED + 1;
        for _ in 0..taps {
            group.write_entry(Some(dora), Record::Tap { meeting, code, imported: false }).unwrap();
        }
        assert_eq!(group.attest_shown().unwrap(), taps);
        assert_eq!(group.attest_shown().unwrap(), 0);
    }
}
