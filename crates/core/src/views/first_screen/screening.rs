//! The first screen, kept up to date at the cost of what is new.
//!
//! Entries change the row of the meeting that they concern and a count; the row is made again from
//! what concerns that meeting, by the same code that makes all rows. Everything that can reach
//! further back (acts, records that are the same, words about words) makes a new start, and so does
//! a change of who stands: that is asked of [`Standing`], never of acts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::concerns::{self, Concerns};
use super::{FirstScreen, OpenMeeting, in_order, number, open_meeting};
use crate::act::Act;
use crate::day::Day;
use crate::envelope::Content;
use crate::ids::{EnvelopeId, MemberId};
use crate::ledger::{Ledger, PersonIx, Place, Placed, Standing};
use crate::views::journal::Journal;
use crate::views::{Labels, MeetingRow, Membership, Views};

/// A first screen, with what it takes to take in the next envelopes.
#[derive(Clone, Debug)]
pub struct Screening {
    screen: FirstScreen,
    /// How many envelopes of the ledger are in it.
    upto: usize,
    /// All that concerns a meeting, by the meeting that it names.
    by_meeting: HashMap<Place, Vec<Place>>,
    /// Meetings that lapsed, and what stands for each; and the other way round.
    stands: BTreeMap<Place, Place>,
    lapsed: BTreeMap<Place, Vec<Place>>,
    /// The signed days of acts: whether somebody was a member on a day hangs on them.
    acts: HashMap<Place, Day>,
    acts_by_day: BTreeSet<(Day, Place)>,
    /// The least days that people with wrong clocks gave acts in their past, once looked into.
    given: HashMap<(PersonIx, Place), Day>,
    rebuilds: u64,
}

impl Screening {
    /// The first screen of a ledger, made anew.
    #[must_use]
    pub fn of(ledger: &Ledger) -> Self {
        Self::over(&Views::of(ledger), HashMap::new())
    }

    fn over(views: &Views, given: HashMap<(PersonIx, Place), Day>) -> Self {
        let ledger = views.ledger;
        let stands: BTreeMap<Place, Place> = views
            .journal()
            .same_as
            .keys()
            .map(|at| (*at, views.journal().stands_for(*at)))
            .collect();
        let mut lapsed: BTreeMap<Place, Vec<Place>> = BTreeMap::new();
        for (one, other) in &stands {
            lapsed.entry(*other).or_default().push(*one);
        }
        let acts = ledger.envelopes().filter(|(_, placed)| is_dated(placed));
        let acts: HashMap<Place, Day> =
            acts.filter_map(|(place, _)| Some((place, views.signed(place)?))).collect();
        Self {
            screen: FirstScreen::of(views),
            upto: ledger.len(),
            by_meeting: concerns::of_all(ledger),
            stands,
            lapsed,
            acts_by_day: acts.iter().map(|(place, day)| (*day, *place)).collect(),
            acts,
            given,
            rebuilds: 0,
        }
    }

    /// The screen.
    #[must_use]
    pub const fn screen(&self) -> &FirstScreen {
        &self.screen
    }

    /// How often it had to begin anew.
    #[must_use]
    pub const fn rebuilds(&self) -> u64 {
        self.rebuilds
    }

    /// Takes in what was placed since, in the ledger that it was made from.
    pub fn advance(&mut self, ledger: &Ledger) {
        let standing = ledger.now();
        let new = ledger.since(self.upto);
        let mut touched = BTreeSet::new();
        let mut far = ledger.len() < self.upto || self.roster_differs(&standing);
        for (place, placed) in new {
            far |= !self.take(ledger, &standing, (place, placed), &mut touched);
        }
        if far {
            let given = std::mem::take(&mut self.given);
            let rebuilds = self.rebuilds + 1;
            *self = Self { rebuilds, ..Self::over(&Views::of(ledger), given) };
            return;
        }
        self.upto = ledger.len();
        self.screen.envelopes = number(ledger.len());
        if !touched.is_empty() {
            self.renew(ledger, standing, &touched);
        }
    }

    /// Counts one envelope and notes which meetings it concerns; `false` if it reaches further.
    fn take(
        &mut self,
        ledger: &Ledger,
        standing: &Standing,
        (place, placed): (Place, &Placed),
        touched: &mut BTreeSet<Place>,
    ) -> bool {
        let verdict = standing.verdict(place);
        if let Ok(author) = verdict
            && self.dates_back(ledger, author, (place, placed))
        {
            return false;
        }
        self.screen.set_aside += u64::from(verdict.is_err());
        let entry = match placed.envelope().content() {
            Content::Entry(entry) => entry,
            Content::Change(_) | Content::Act(Act::Link) => return true,
            Content::Act(_) | Content::Withheld(_) => return false,
        };
        self.screen.entries += u64::from(verdict.is_ok());
        let Concerns::Meetings(meetings) = concerns::directly(ledger, place, &entry.record) else {
            return false;
        };
        for meeting in meetings {
            self.by_meeting.entry(meeting).or_default().push(place);
            touched.insert(self.stands.get(&meeting).copied().unwrap_or(meeting));
        }
        true
    }

    /// Whether who is a member, and who has voice, is not what the screen says. That can change by
    /// any envelope: a voice starts once enough people have seen the decision.
    fn roster_differs(&self, standing: &Standing) -> bool {
        let shown: BTreeMap<MemberId, (bool, bool)> = self
            .screen
            .roster
            .iter()
            .map(|seat| (seat.member, (seat.present, seat.voice)))
            .collect();
        let now = |(ix, id, _)| (id, (standing.is_member(ix), standing.has_voice(ix)));
        let members = standing.members().filter(|(ix, ..)| standing.goes_by(*ix) == *ix);
        members.map(now).collect::<BTreeMap<_, _>>() != shown
    }

    /// Whether an envelope gives an act in its past an earlier day than it has, and for the first
    /// time: then the act's signed day may be another.
    fn dates_back(
        &mut self,
        ledger: &Ledger,
        author: PersonIx,
        (place, placed): (Place, &Placed),
    ) -> bool {
        let day = placed.envelope().header().day;
        if placed.latest_day() <= day {
            return false;
        }
        let mut lower = false;
        for (signed, act) in self.acts_by_day.iter().rev() {
            if *signed <= day {
                break;
            }
            if !ledger.in_past(*act, place) {
                continue;
            }
            let known = self.given.get(&(author, *act));
            if known.is_none_or(|known| day < *known) {
                self.given.insert((author, *act), day);
                lower = true;
            }
        }
        lower
    }

    /// Makes the rows of these meetings anew, from all that concerns them.
    fn renew(&mut self, ledger: &Ledger, standing: Standing, touched: &BTreeSet<Place>) {
        let views = self.views_of(ledger, standing, touched);
        let ids: BTreeSet<EnvelopeId> =
            touched.iter().filter_map(|place| Some(ledger.at(*place)?.id())).collect();
        let others = self.screen.meetings.drain(..).filter(|one| !ids.contains(&one.id));
        let key = |one: OpenMeeting| {
            let place = ledger.place_of(one.id)?;
            Some(((one.day, ledger.canonical(place)), one))
        };
        let mut rows: Vec<_> = others.filter_map(key).collect();
        rows.extend(touched.iter().filter_map(|place| open_meeting(&views, *place)));
        self.screen.meetings = in_order(rows);
        self.acts = views.signed;
    }
}

impl Screening {
    /// The views of these meetings only. They take the signed days of acts with them.
    fn views_of<'a>(
        &mut self,
        ledger: &'a Ledger,
        standing: Standing<'a>,
        meetings: &BTreeSet<Place>,
    ) -> Views<'a> {
        let mut places: Vec<Place> = Vec::new();
        for meeting in meetings {
            let twins = self.lapsed.get(meeting).into_iter().flatten().chain([meeting]);
            places.extend(twins.filter_map(|one| self.by_meeting.get(one)).flatten());
        }
        places.sort_by_cached_key(|place| ledger.canonical(*place));
        places.dedup();
        let signed = std::mem::take(&mut self.acts);
        let membership = Membership::of(ledger, &standing, &signed);
        let journal = Journal::over(ledger, &standing, &membership, &places);
        Views { ledger, standing, signed, membership, journal }
    }

    /// The row of one meeting that stands, open or not, at the cost of what concerns it: after
    /// [`Self::advance`] the same as in the list of all.
    pub fn meeting(
        &mut self,
        ledger: &Ledger,
        labels: &Labels,
        meeting: EnvelopeId,
    ) -> Option<MeetingRow> {
        let place = ledger.place_of(meeting).filter(|place| !self.stands.contains_key(place))?;
        let views = self.views_of(ledger, ledger.now(), &BTreeSet::from([place]));
        let rows = views.meetings(labels).meetings;
        self.acts = views.signed;
        rows.into_iter().find(|row| row.id == meeting)
    }
}

/// Acts that date something: all but links, which say nothing.
fn is_dated(placed: &Placed) -> bool {
    !matches!(placed.act(), None | Some(Act::Link))
}
