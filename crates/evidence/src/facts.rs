//! What a group's ledger says that indicators need: people, meetings, work, decisions and the
//! adopted texts, read off the views once. Everything here is named by number of a person.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::act::RoleKind;
use copact_core::day::Day;
use copact_core::entry::{Occasion, Phase};
use copact_core::ids::{EnvelopeId, MemberId, PartId, VersionId};
use copact_core::proposal::Share;
use copact_core::views::{Grade, Views};

use crate::text::Text;
use crate::text::table::TextTable;

mod deciding;
mod people;
mod working;

/// The number of a person in [`Facts::people`].
pub type Who = usize;

/// Everything that indicators are computed from.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The signed day of the founding.
    pub founded: Option<Day>,
    /// Everybody who was ever a member, merged ones as one, by ascending key.
    pub people: Vec<Person>,
    /// Held meetings and those to come, headcount-only ones too, by day.
    pub meetings: Vec<Meeting>,
    /// Contributions that stand, in canonical order.
    pub work: Vec<Work>,
    /// Proposals in words.
    pub decisions: Vec<Decision>,
    /// Versions of the contract that anybody signed.
    pub versions: Vec<Version>,
    /// The texts of those that were adopted.
    pub texts: BTreeMap<VersionId, Text>,
    /// What was said of goals, in canonical order.
    pub goal_states: Vec<GoalWord>,
    /// The share of the voices that ratifying needs, from when, the latest last.
    pub policies: Vec<(Day, Share)>,
}

/// One person.
#[derive(Clone, Debug)]
pub struct Person {
    /// The key.
    pub id: MemberId,
    /// Member from this day on.
    pub since: Day,
    /// No member any more from this day on.
    pub until: Option<Day>,
    /// What they said they were, from a day on; `None` for what is neither of the two.
    pub roles: Vec<(Day, Option<RoleKind>)>,
    /// Taken over from an attendance list.
    pub imported: bool,
    /// Since when their word counts in common decisions.
    pub voice_since: Option<Day>,
}

impl Person {
    /// Whether the person was a member on a day.
    #[must_use]
    pub fn covers(&self, day: Day) -> bool {
        self.since <= day && self.until.is_none_or(|until| day < until)
    }

    /// What the person was on a day.
    #[must_use]
    pub fn role(&self, day: Day) -> Option<RoleKind> {
        self.roles.iter().rfind(|(from, _)| *from <= day).and_then(|(_, role)| *role)
    }
}

/// One meeting.
#[derive(Clone, Debug)]
pub struct Meeting {
    /// The record that stands.
    pub id: EnvelopeId,
    /// Its day.
    pub day: Day,
    /// Nobody's name was taken.
    pub headcount_only: bool,
    /// Who opened it first.
    pub opened_by: Option<Who>,
    /// Who attended, how well that is witnessed, and who recorded it for them.
    pub present: Vec<(Who, Grade, Option<Who>)>,
}

/// A contribution that was neither refused nor settled as not counting.
#[derive(Clone, Debug)]
pub struct Work {
    /// The entry.
    pub id: EnvelopeId,
    /// Whose work it is.
    pub who: Who,
    /// The day it was done.
    pub date: Day,
    /// Minutes, as corrected.
    pub minutes: u64,
    /// Dated more than one day after it was signed: counts 0.
    pub future: bool,
    /// For whom.
    pub whom: Whom,
    /// On what.
    pub on: Option<Occasion>,
    /// The part of the work.
    pub phase: Option<Phase>,
    /// Somebody else said that it is so.
    pub confirmed: bool,
    /// A dispute of it stands.
    pub disputed: bool,
}

/// For whom work was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// A person.
    Person(Who),
    /// The group.
    Group,
    /// Somebody outside.
    Outside,
}

/// A proposal in words.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Who proposed it first.
    pub proposer: Option<Who>,
    /// What they were then.
    pub role: Option<RoleKind>,
    /// When.
    pub proposed: Day,
    /// The day it closed, or its last day.
    pub closed: Day,
    /// Whether it was adopted.
    pub adopted: bool,
    /// Who answered by the closing day, of those who were members on the day it was proposed.
    pub voters: Vec<Who>,
}

/// A version of the contract.
#[derive(Clone, Debug)]
pub struct Version {
    /// The version.
    pub id: VersionId,
    /// The day it was adopted.
    pub adopted: Option<Day>,
    /// The other versions that it has in it.
    pub contains: Vec<VersionId>,
    /// Its signatures.
    pub signatures: Vec<Signed>,
}

/// A yes to a version.
#[derive(Clone, Copy, Debug)]
pub struct Signed {
    /// Whose.
    pub who: Who,
    /// When.
    pub day: Day,
    /// When it was taken back.
    pub withdrawn: Option<Day>,
}

/// What was said of a goal.
#[derive(Clone, Debug)]
pub struct GoalWord {
    /// The goal.
    pub goal: PartId,
    /// When that was signed.
    pub signed: Day,
    /// That it is reached.
    pub done: bool,
    /// How many members with voice, other than who said it, confirmed it.
    pub confirmed_by: usize,
}

impl Facts {
    /// Reads them off the views.
    #[must_use]
    pub fn of(views: &Views<'_>) -> Self {
        let people = people::People::of(views);
        let versions = deciding::versions(views, &people);
        let texts = deciding::texts(views, &people, &versions);
        Self::with(views, people, versions, texts)
    }

    /// Reads them off the views of an outsider's copy, in which the contract's text is not, but for
    /// what these tables tell of it. Which table contradicts itself, or is missing or beside the
    /// adopted versions, is in the error.
    ///
    /// # Errors
    /// The version whose table is not in order.
    pub fn told(views: &Views<'_>, tables: &[TextTable]) -> Result<Self, VersionId> {
        let people = people::People::of(views);
        let versions = deciding::versions(views, &people);
        let mut texts = BTreeMap::new();
        for table in tables {
            let text = table.text(|member| people.key(member)).ok_or(table.version)?;
            if texts.insert(table.version, text).is_some() {
                return Err(table.version);
            }
        }
        let adopted = versions.iter().filter(|one| one.adopted.is_some()).map(|one| one.id);
        let adopted: BTreeSet<VersionId> = adopted.collect();
        let given: BTreeSet<VersionId> = texts.keys().copied().collect();
        match adopted.symmetric_difference(&given).next() {
            Some(version) => Err(*version),
            None => Ok(Self::with(views, people, versions, texts)),
        }
    }

    /// The tables of the adopted texts, by version.
    #[must_use]
    pub fn tables(&self) -> Vec<TextTable> {
        self.texts.iter().map(|(version, text)| TextTable::of(*version, text, self)).collect()
    }

    fn with(
        views: &Views<'_>,
        people: people::People,
        versions: Vec<Version>,
        texts: BTreeMap<VersionId, Text>,
    ) -> Self {
        let founding = views.ledger.place_of(views.ledger.group().founding());
        let founded = founding.and_then(|place| views.signed(place));
        Self {
            founded,
            meetings: working::meetings(views, &people),
            work: working::work(views, &people),
            decisions: deciding::decisions(views, &people),
            versions,
            texts,
            goal_states: deciding::goal_words(views, &people),
            policies: founded.map(|founded| views.policies(founded)).unwrap_or_default(),
            people: people.all,
        }
    }

    /// M: the members on a day, by ascending key.
    #[must_use]
    pub fn members(&self, day: Day) -> Vec<Who> {
        let all = self.people.iter().enumerate();
        all.filter(|(_, person)| person.covers(day)).map(|(who, _)| who).collect()
    }

    /// How many were members on a day.
    #[must_use]
    pub fn count(&self, day: Day) -> usize {
        self.people.iter().filter(|person| person.covers(day)).count()
    }

    /// What a person was on a day.
    #[must_use]
    pub fn role(&self, who: Who, day: Day) -> Option<RoleKind> {
        self.people.get(who).and_then(|person| person.role(day))
    }

    /// The version adopted on a day: of those adopted by then the one that no other of them has in
    /// it, then with most signers with voice, then of the lowest id.
    #[must_use]
    pub fn adopted(&self, day: Day) -> Option<&Version> {
        let by_then = || self.versions.iter().filter(|one| one.adopted.is_some_and(|at| at <= day));
        // Two lists of heads can name the same changes; neither is then inside the other.
        let outer = by_then().filter(|one| {
            !by_then()
                .any(|other| other.contains.contains(&one.id) && !one.contains.contains(&other.id))
        });
        outer.min_by_key(|one| {
            let voices = one.signers(day).into_iter().filter(|who| self.has_voice(*who, day));
            (std::cmp::Reverse(voices.count()), one.id)
        })
    }

    /// How many voices it took to ratify on a day.
    #[must_use]
    pub fn voices_needed(&self, day: Day) -> usize {
        let all = 0..self.people.len();
        let voices = all.filter(|who| self.has_voice(*who, day)).count();
        let policy = self.policies.iter().rfind(|(from, _)| *from <= day);
        policy.map_or(Share::DEFAULT, |(_, share)| *share).need(voices)
    }

    /// The day the first version was adopted.
    #[must_use]
    pub fn first_adoption(&self) -> Option<Day> {
        self.versions.iter().filter_map(|one| one.adopted).min()
    }

    /// Whether a member's word counted in common decisions on a day.
    #[must_use]
    pub fn has_voice(&self, who: Who, day: Day) -> bool {
        let person = self.people.get(who).filter(|person| person.covers(day));
        person.and_then(|person| person.voice_since).is_some_and(|since| since <= day)
    }
}

impl Version {
    /// Whose latest answer by a day is yes.
    #[must_use]
    pub fn signers(&self, day: Day) -> Vec<Who> {
        let by_then = self
            .signatures
            .iter()
            .filter(|one| one.day <= day && one.withdrawn.is_none_or(|withdrawn| withdrawn > day));
        let mut signers: Vec<Who> = by_then.map(|one| one.who).collect();
        signers.sort_unstable();
        signers.dedup();
        signers
    }
}
