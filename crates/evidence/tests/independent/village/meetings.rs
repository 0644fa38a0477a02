//! Meetings: opened, attended, attested, corrected, joined and refused.

use copact_core::day::Day;
use copact_core::entry::{Corrected, Record};
use copact_core::ids::{EnvelopeId, MemberId};
use copact_tests::group::{correct, first_day, meeting, same_as, tap, text};

use super::{Course, Village};

impl Village {
    pub(super) fn meet_each_other(&mut self, month: i32) {
        let meetings = match self.course {
            Course::Growing => 1 + month / 5,
            Course::Model => 2,
            Course::Idle => i32::from(self.draw.one_in(40)),
            _ => self.draw.between(0, 3),
        };
        for _ in 0..meetings {
            self.day += self.draw.between(2, 8);
            self.one_meeting();
        }
    }

    fn one_meeting(&mut self) {
        let Some(who) = self.somebody() else { return };
        let at = first_day().plus(self.day);
        if self.awry(8) {
            let headcount = Some(u32::try_from(self.draw.between(3, 40)).unwrap());
            let record = Record::Meeting { day: at, title: text(2), headcount, imported: false };
            self.by(who).map(|person| person.entry(record));
            return;
        }
        let Some(id) = self.by(who).map(|person| person.entry(meeting(at))) else { return };
        if self.awry(15) {
            let day = Some(at.plus(self.draw.between(-9, 2)));
            let by = if self.draw.one_in(80) { who } else { self.somebody().unwrap_or(who) };
            let fields = Corrected { day, ..Corrected::default() };
            self.by(by).map(|person| person.entry(correct(id, fields)));
        }
        self.open(id);
        let taps = self.come_to(id);
        self.attest(&taps);
        self.go_awry_at(id, &taps, at);
        self.meetings.push(id);
    }

    fn open(&mut self, id: EnvelopeId) {
        let percent = self.likely(70);
        if !self.draw.one_in(percent) {
            return;
        }
        let Some(who) = self.somebody() else { return };
        if self.awry(20) {
            let member = self.anybody();
            self.by(who).map(|person| person.entry_for(member, Record::Open(id)));
        } else {
            self.by(who).map(|person| person.entry(Record::Open(id)));
        }
        if self.awry(20) {
            self.by(who).map(|person| person.entry(Record::Close(id)));
        }
    }

    /// Taps: one's own, and those that somebody wrote down for another.
    fn come_to(&mut self, id: EnvelopeId) -> Vec<EnvelopeId> {
        let percent = self.likely(60);
        let mut taps: Vec<EnvelopeId> = Vec::new();
        for who in self.some(percent) {
            taps.extend(self.by(who).map(|person| person.entry(tap(id))));
        }
        for (member, helper) in self.assisted.clone() {
            if self.draw.one_in(50) {
                let by = if self.draw.one_in(70) { Some(helper) } else { self.somebody() };
                let Some(by) = by else { continue };
                taps.extend(self.by(by).map(|person| person.entry_for(member, tap(id))));
            }
        }
        if self.awry(15)
            && let Some(who) = self.somebody()
        {
            let member = self.anybody();
            taps.extend(self.by(who).map(|person| person.entry_for(member, tap(id))));
        }
        taps
    }

    fn attest(&mut self, taps: &[EnvelopeId]) {
        let percent = self.likely(45);
        for who in self.some(percent) {
            let all = self.likely(60);
            let seen: Vec<EnvelopeId> =
                taps.iter().copied().filter(|_| self.draw.one_in(all)).collect();
            if !seen.is_empty() {
                self.by(who).map(|person| person.entry(Record::Attest(seen)));
            }
        }
    }

    fn go_awry_at(&mut self, id: EnvelopeId, taps: &[EnvelopeId], at: Day) {
        if self.awry(12)
            && let Some(who) = self.somebody()
        {
            self.same_meeting_twice(id, who, at);
        }
        if let Some(one) = self.draw.pick(taps)
            && self.awry(12)
            && let Some(who) = self.somebody()
        {
            let record = if self.draw.one_in(70) { one } else { id };
            let by_subject = self.subject(record).filter(|_| self.draw.one_in(85));
            let who = by_subject
                .and_then(|subject| self.signers.iter().position(|one| *one == subject))
                .unwrap_or(who);
            let refused = self.by(who).map(|person| person.entry(Record::Refuse(record)));
            if let Some(refused) = refused.filter(|_| self.draw.one_in(20)) {
                self.by(who).map(|person| person.entry(Record::Refuse(refused)));
            }
        }
        if self.awry(10) {
            // Too late to change the day, and a date that nobody believes.
            let Some(who) = self.somebody() else { return };
            let fields = Corrected { day: Some(at.plus(-40)), ..Corrected::default() };
            self.by(who).map(|person| person.entry(correct(id, fields)));
        }
    }

    /// Two wrote the same meeting down, with taps at both, and say so, once or twice.
    fn same_meeting_twice(&mut self, id: EnvelopeId, who: usize, at: Day) {
        let Some(other) = self.by(who).map(|person| person.entry(meeting(at))) else { return };
        let taps = self.come_to(other);
        self.attest(&taps);
        let (lapses, stands) = if self.draw.one_in(50) { (id, other) } else { (other, id) };
        self.by(who).map(|person| person.entry(same_as(lapses, stands)));
        if let Some(third) = self.draw.pick(&self.meetings.clone())
            && self.draw.one_in(40)
            && let Some(who) = self.somebody()
        {
            let (one, two) = if self.draw.one_in(50) { (lapses, third) } else { (third, lapses) };
            if one != two {
                self.by(who).map(|person| person.entry(same_as(one, two)));
            }
        }
        self.meetings.push(other);
    }

    /// Whom an entry is about, as it was written.
    fn subject(&self, entry: EnvelopeId) -> Option<MemberId> {
        let ledger = &self.one.ledger;
        let placed = ledger.get(entry)?;
        let device = placed.envelope().header().chain.device;
        let now = ledger.now();
        let author = now.of_device(&device).and_then(|ix| now.id(ix));
        placed.entry()?.on_behalf_of.or(author)
    }

    /// A meeting that a list speaks of, with taps of these and of whoever wrote it.
    pub(super) fn listed_meeting(&mut self, who: usize, at: i32, listed: &[MemberId]) {
        let day = first_day().plus(at);
        let record = Record::Meeting { day, title: text(2), headcount: None, imported: true };
        let Some(id) = self.by(who).map(|person| person.entry(record)) else { return };
        let listed_tap = Record::Tap { meeting: id, code: None, imported: true };
        let mut taps = Vec::new();
        for member in listed {
            let one = self.by(who).map(|person| person.entry_for(*member, listed_tap.clone()));
            taps.extend(one);
        }
        let me = self.signers[who];
        taps.extend(self.by(who).map(|person| person.entry_for(me, listed_tap)));
        // Some were there and say so by themselves.
        for who in self.some(40) {
            taps.extend(self.by(who).map(|person| person.entry(tap(id))));
        }
        self.attest(&taps);
        self.meetings.push(id);
    }
}
