//! Work: recorded, confirmed, corrected, disputed, settled, joined.

use copact_core::entry::{Beneficiary, Contribution, Corrected, Minutes, Occasion, Phase, Record};
use copact_core::ids::{EnvelopeId, MemberId};
use copact_core::views::Views;
use copact_tests::decisions::{instead_of, settle};
use copact_tests::group::{correct, dispute, first_day, same_as, text};

use super::{Course, Village};

impl Village {
    pub(super) fn work(&mut self, month: i32) {
        if self.draw.one_in(30)
            && let Some(who) = self.somebody()
        {
            let task = self.by(who).map(|person| person.entry(Record::Task(text(20))));
            self.tasks.extend(task);
        }
        let (works, minutes) = match self.course {
            Course::Growing => (2 + month / 4, 30 + 6 * month),
            Course::Shrinking => (2 + (14 - month).max(0) / 5, 20 + 8 * (16 - month).max(0)),
            Course::Model => (self.draw.between(9, 13), 60),
            Course::Idle => (i32::from(self.draw.one_in(25)), 30),
            Course::Anyhow => (self.draw.between(0, 6), 30),
        };
        for _ in 0..works {
            self.one_work(minutes);
        }
    }

    fn one_work(&mut self, minutes: i32) {
        let Some(who) = self.somebody() else { return };
        let (beneficiary, whom) = match self.draw.next(10) {
            0..5 => {
                let whom = self.anybody();
                (Beneficiary::Member(whom), Some(whom))
            }
            5..9 => (Beneficiary::Group, None),
            _ => (Beneficiary::Outside, None),
        };
        let more = if self.course == Course::Anyhow { self.draw.between(0, 1_000) } else { 0 };
        let minutes = Minutes::new(u32::try_from(minutes + more).unwrap()).unwrap();
        let day = first_day().plus(self.day - self.days_ago());
        let phases: Vec<Option<Phase>> = Phase::ALL.into_iter().map(Some).chain([None]).collect();
        let phase = self.draw.pick(&phases).unwrap();
        let on = self.occasion();
        let what = text(3);
        let record =
            Record::Contribution(Contribution { what, minutes, day, phase, beneficiary, on });
        let other = self.anybody();
        let for_another = self.draw.one_in(18);
        let entry = self.by(who).map(|person| {
            if for_another { person.entry_for(other, record) } else { person.entry(record) }
        });
        let Some(entry) = entry else { return };
        if self.awry(10) {
            self.correct_work(entry, who);
        }
        let percent = self.likely(75);
        if self.draw.one_in(percent) {
            self.confirm(entry, whom);
        }
        if self.awry(12) {
            let last = self.correct_work(entry, who);
            if self.draw.one_in(60) {
                self.confirm(last.unwrap_or(entry), whom);
            }
        }
        if self.awry(10) {
            self.quarrel(entry, who);
        }
        if self.awry(8) {
            self.join_or_refuse(entry, who);
        }
        self.works.push((entry, whom));
    }

    /// Mostly some days; sometimes tomorrow, far ahead, or very long.
    fn days_ago(&mut self) -> i32 {
        if !self.awry(18) {
            return self.draw.between(0, 3);
        }
        self.draw.pick(&[-1, -2, -40, 31, 45, 100, 400]).unwrap()
    }

    fn occasion(&mut self) -> Option<Occasion> {
        let goal = |village: &Self| {
            let goals = Views::of(&village.one.ledger).contract_content(None).goals;
            goals.first().map(|goal| Occasion::Goal(goal.id))
        };
        let late: Vec<EnvelopeId> = self.meetings.iter().rev().take(3).copied().collect();
        let kinds = if self.course == Course::Model { 3 } else { 6 };
        match self.draw.next(kinds) {
            0 | 1 => self.draw.pick(&late).map(Occasion::Meeting),
            2 => self.draw.pick(&self.tasks.clone()).map(Occasion::Task),
            3 => goal(self),
            _ => None,
        }
    }

    /// Whom it is for, if they can, or anybody.
    fn confirm(&mut self, entry: EnvelopeId, whom: Option<MemberId>) -> Option<usize> {
        let place = whom.and_then(|whom| self.signers.iter().position(|one| *one == whom));
        let by = match place.filter(|_| self.draw.one_in(85)) {
            Some(place) => place,
            None => self.somebody()?,
        };
        self.by(by).map(|person| person.entry(Record::Confirm(entry)));
        Some(by)
    }

    fn correct_work(&mut self, entry: EnvelopeId, who: usize) -> Option<EnvelopeId> {
        let by = if self.draw.one_in(85) { who } else { self.somebody()? };
        let mut fields = Corrected { minutes: Minutes::new(25), ..Corrected::default() };
        match self.draw.next(5) {
            0 => {
                let day = self.day + self.draw.pick(&[-60, -2, 1, 3]).unwrap();
                fields = Corrected { day: Some(first_day().plus(day)), ..Corrected::default() };
            }
            1 => fields.beneficiary = Some(Beneficiary::Member(self.anybody())),
            2 => fields.on = self.occasion(),
            3 => fields.phase = Some(Phase::Design),
            _ => {}
        }
        self.by(by).map(|person| person.entry(correct(entry, fields)))
    }

    /// A dispute, and in some cases its end: by a confirmed correction, or by a decision.
    fn quarrel(&mut self, entry: EnvelopeId, who: usize) {
        let Some(by) = self.somebody() else { return };
        let elder = self.draw.pick(&self.assisted.clone()).filter(|_| self.draw.one_in(25));
        let (by, elder) = elder.map_or((by, None), |(id, helper)| (helper, Some(id)));
        self.by(by).map(|person| match elder {
            Some(elder) => person.entry_for(elder, dispute(entry)),
            None => person.entry(dispute(entry)),
        });
        match self.draw.next(4) {
            0 => {
                let Some(last) = self.correct_work(entry, who) else { return };
                let own_name = self.draw.one_in(30);
                self.by(by).map(|person| match elder.filter(|_| !own_name) {
                    Some(elder) => person.entry_for(elder, Record::Confirm(last)),
                    None => person.entry(Record::Confirm(last)),
                });
                self.confirm(last, None);
            }
            1 | 2 => {
                let counts = self.draw.one_in(60);
                self.decide(&settle(entry, counts), 97);
                if self.draw.one_in(20) {
                    let before = settle(entry, counts).id();
                    let other = settle(entry, !counts);
                    let other =
                        if self.draw.one_in(50) { instead_of(before, other) } else { other };
                    self.decide(&other, 97);
                }
                if self.draw.one_in(20)
                    && let Some(who) = self.somebody()
                {
                    self.by(who).map(|person| person.entry(dispute(entry)));
                }
            }
            _ => {}
        }
    }

    fn join_or_refuse(&mut self, entry: EnvelopeId, who: usize) {
        if self.draw.one_in(40) {
            let by = if self.draw.one_in(70) { Some(who) } else { self.somebody() };
            let Some(by) = by else { return };
            self.by(by).map(|person| person.entry(Record::Refuse(entry)));
            return;
        }
        for _ in 0..self.draw.between(1, 2) {
            if let Some((other, _)) = self.draw.pick(&self.works.clone())
                && other != entry
            {
                let (lapses, stands) =
                    if self.draw.one_in(50) { (entry, other) } else { (other, entry) };
                self.by(who).map(|person| person.entry(same_as(lapses, stands)));
            }
        }
        if let (Some(one), Some(two)) = (self.tasks.first().copied(), self.tasks.last().copied())
            && one != two
        {
            self.by(who).map(|person| person.entry(same_as(one, two)));
        }
    }
}
