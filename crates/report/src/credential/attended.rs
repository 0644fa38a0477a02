//! What one member's credential says: the indicators' own figures, of that member alone.

use copact_core::views::Grade;
use copact_evidence::case::Case;
use copact_evidence::facts::Who;
use copact_evidence::window::Window;

/// A member's attendance and hours in a window. What cannot be computed is `None`, never 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attended {
    /// The window.
    pub window: Window,
    /// Meetings; `None` if none with names was held in the window while they were a member.
    pub meetings: Option<Meetings>,
    /// Minutes of work that others confirmed; `None` if the group has no contribution dated by the
    /// window's end.
    pub minutes: Option<u64>,
}

/// Meetings that a member attended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meetings {
    /// Held meetings at which they were: their part of the attendances that P1 counts.
    pub attended: u64,
    /// Of these, where two or more others witnessed that: their part of those that P2 counts.
    pub attested: u64,
}

impl Attended {
    /// Reads them off a case. A member at the window's end has the minutes that H1 sums (h); one
    /// who left before has those of the days on which they were a member, by the same definition.
    /// `None` if they were no member on any day of the window.
    #[must_use]
    pub fn of(case: &Case<'_>, member: Who) -> Option<Self> {
        let (window, person) = (case.window, case.facts.people.get(member)?);
        let left_before = person.until.is_some_and(|until| until <= window.from);
        if person.since > window.to || left_before || person.until == Some(person.since) {
            return None;
        }
        let mut held = case.held().filter(|one| person.covers(one.day)).peekable();
        let meetings = held.peek().is_some().then(|| {
            let here = held.flat_map(|one| &one.present).filter(|(who, ..)| *who == member);
            let mut meetings = Meetings { attended: 0, attested: 0 };
            for (_, grade, _) in here {
                meetings.attended += 1;
                meetings.attested += u64::from(*grade == Grade::Attested);
            }
            meetings
        });
        let minutes = case.has_work().then(|| {
            let own = case.counted().filter(|one| one.who == member);
            own.map(|one| one.minutes).sum()
        });
        Some(Self { window, meetings, minutes })
    }
}
