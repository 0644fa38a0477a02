//! A group over one window, as expressions see it: the figures that names stand for.

use std::cell::RefCell;
use std::collections::BTreeMap;

use copact_core::act::RoleKind;
use copact_core::day::Day;
use copact_core::views::Grade;

use super::expression::{Each, Group, Is};
use super::ratio::Ratio;
use crate::case::Case;
use crate::facts::{Facts, Meeting, Version, Who};
use crate::figure::{Figure, Value, Why, count};
use crate::indicators::Indicator;
use crate::indicators::contract::is_author;
use crate::text::Text;
use crate::window::Window;

/// Why there is no number.
pub(super) type Reason = &'static str;

const NO_TEXT: Reason = "no member wrote any of the adopted text";
const EMPTY: Reason = "the adopted text is empty";
const NO_PART: Reason = "this part of the indicator cannot be computed";

/// One of those that are counted.
#[derive(Clone, Copy)]
pub(super) enum Item<'f> {
    /// None: the group itself.
    Group,
    /// A member, with what they wrote.
    Member(Who, u64),
    Meeting(&'f Meeting),
}

/// A group over one window.
pub(super) struct View<'f> {
    pub(super) case: Case<'f>,
    adopted: Option<Adopted<'f>>,
    first_adoption: Option<Day>,
    has_work: bool,
    figures: RefCell<BTreeMap<&'static str, Figure>>,
}

struct Adopted<'f> {
    version: &'f Version,
    text: &'f Text,
    /// What each member wrote of it, and all of them.
    written: Vec<u64>,
    all: u64,
    /// Who stands by it.
    signers: Vec<Who>,
}

impl<'f> View<'f> {
    pub(super) fn new(facts: &'f Facts, window: Window) -> Self {
        let case = Case::new(facts, window);
        let adopted = case.adopted().map(|(version, text)| {
            let written = case.written(text);
            let all = written.iter().sum();
            Adopted { version, text, written, all, signers: version.signers(window.to) }
        });
        let first_adoption = facts.first_adoption().filter(|day| *day <= window.to);
        let has_work = case.has_work();
        Self { case, adopted, first_adoption, has_work, figures: RefCell::default() }
    }

    fn adopted(&self) -> Result<&Adopted<'f>, Reason> {
        self.adopted.as_ref().ok_or(Why::NotAdopted.words())
    }

    /// The members, each with what they wrote.
    pub(super) fn members(&self) -> impl Iterator<Item = Item<'f>> {
        let written = self.adopted.iter().flat_map(|one| one.written.iter().copied());
        let written = written.chain(std::iter::repeat(0));
        self.case.members.iter().zip(written).map(|(who, written)| Item::Member(*who, written))
    }

    pub(super) fn group(&self, what: Group) -> Result<Ratio, Reason> {
        let facts = self.case.facts;
        match what {
            Group::Indicator(one, part) => self.indicator(one, part),
            Group::Members => Ok(Ratio::whole(self.case.n())),
            Group::Voices => Ok(Ratio::whole(self.voices())),
            Group::VoicesNeeded => Ok(Ratio::whole(facts.voices_needed(self.case.window.to))),
            Group::MembersThen => Ok(Ratio::whole(facts.count(self.adoption_day()?))),
            Group::SignedSince => {
                let then = facts.members(self.adoption_day()?);
                let signers = &self.adopted()?.signers;
                let signed = then.iter().filter(|who| signers.binary_search(who).is_ok()).count();
                Ratio::of(signed, then.len()).ok_or(Why::NoMembers.words())
            }
            Group::LargestShare => {
                let adopted = self.adopted()?;
                let most = adopted.written.iter().max().copied().unwrap_or_default();
                Ratio::of(most, adopted.all).ok_or(NO_TEXT)
            }
            Group::OwnShare => {
                let adopted = self.adopted()?;
                Ratio::of(adopted.all, adopted.text.counted).ok_or(EMPTY)
            }
            Group::Written => Ok(Ratio::whole(self.adopted()?.all)),
            Group::Characters => Ok(Ratio::whole(self.adopted()?.text.counted)),
            Group::Section(kind) => {
                let sections = self.adopted()?.text.sections.iter();
                let of_kind = sections.filter(|(one, _)| *one == kind);
                let longest = of_kind.map(|(_, scalars)| *scalars).max();
                Ok(Ratio::whole(longest.unwrap_or_default()))
            }
        }
    }

    fn voices(&self) -> u64 {
        let (facts, to) = (self.case.facts, self.case.window.to);
        count(self.case.members.iter().filter(|who| facts.has_voice(**who, to)).count())
    }

    fn adoption_day(&self) -> Result<Day, Reason> {
        self.adopted()?.version.adopted.ok_or(Why::NotAdopted.words())
    }

    fn indicator(&self, one: &Indicator, part: &str) -> Result<Ratio, Reason> {
        let mut figures = self.figures.borrow_mut();
        let figure = figures.entry(one.id).or_insert_with(|| (one.compute)(&self.case));
        let Some(value) = &figure.value else { return Err(figure.reason.unwrap_or(NO_PART)) };
        let parts = figure.num.zip(figure.den);
        if let ("value", Some((num, den))) = (part, parts) {
            return Ratio::of(num, den).ok_or(NO_PART);
        }
        if let ("value", Some(exact)) = (part, &figure.exact) {
            return Ok(exact.clone().into());
        }
        match (part, parts) {
            ("num", Some((num, _))) => Ok(Ratio::whole(num)),
            ("den", Some((_, den))) => Ok(Ratio::whole(den)),
            _ => self::part(value, part).ok_or(NO_PART),
        }
    }

    /// Whether such a figure of each can be computed at all.
    pub(super) fn has_each(&self, each: Each) -> Result<(), Reason> {
        match each {
            Each::Minutes if !self.has_work => Err(Why::NoWork.words()),
            Each::CharactersWritten => self.adopted().map(|_| ()),
            Each::DaysAfterAdoption if self.first_adoption.is_none() => {
                Err(Why::NotAdopted.words())
            }
            _ => Ok(()),
        }
    }

    /// A figure of a member or a meeting.
    pub(super) fn each(&self, each: Each, item: Item<'_>) -> Result<Ratio, Reason> {
        self.has_each(each)?;
        let facts = self.case.facts;
        Ok(match (each, item) {
            (Each::Minutes, Item::Member(who, _)) => {
                Ratio::whole(self.case.minutes.get(&who).copied().unwrap_or_default())
            }
            (Each::CharactersWritten, Item::Member(_, written)) => Ratio::whole(written),
            (Each::Attested, Item::Meeting(one)) => {
                let all = one.present.iter();
                Ratio::whole(all.filter(|(_, grade, _)| *grade == Grade::Attested).count())
            }
            (Each::Attended, Item::Meeting(one)) => Ratio::whole(one.present.len()),
            (Each::MembersThatDay, Item::Meeting(one)) => Ratio::whole(facts.count(one.day)),
            (Each::DaysAfterAdoption, Item::Meeting(one)) => {
                let first = self.first_adoption.ok_or(Why::NotAdopted.words())?;
                Ratio::whole(one.day.since(first))
            }
            // The reader of expressions lets no figure stand where it has no meaning.
            _ => return Err(NO_PART),
        })
    }

    /// Whether such a thing can be said of anybody.
    pub(super) fn has_is(&self, is: Is) -> Result<(), Reason> {
        match is {
            Is::Author | Is::Signed => self.adopted().map(|_| ()),
            Is::Citizen | Is::Professional | Is::Voice => Ok(()),
        }
    }

    /// Whether a member is or did something.
    pub(super) fn is(&self, is: Is, item: Item<'_>) -> Result<bool, Reason> {
        let Item::Member(who, written) = item else { return Err(NO_PART) };
        let (facts, to) = (self.case.facts, self.case.window.to);
        Ok(match is {
            Is::Author => is_author(written, self.adopted()?.all, self.case.n()),
            Is::Signed => self.adopted()?.signers.binary_search(&who).is_ok(),
            Is::Citizen => facts.role(who, to) == Some(RoleKind::Citizen),
            Is::Professional => facts.role(who, to) == Some(RoleKind::Professional),
            Is::Voice => facts.has_voice(who, to),
        })
    }
}

/// A part of a figure that has several.
fn part(value: &Value, part: &str) -> Option<Ratio> {
    let real = Ratio::simplest;
    match (value, part) {
        (Value::One(value), "value")
        | (
            Value::Reciprocity { value, .. }
            | Value::Rotation { value, .. }
            | Value::Bridging { value, .. },
            "value",
        ) => real(*value),
        (Value::Time { days, .. }, "days") => Some(Ratio::whole(*days)),
        (Value::Time { meetings, .. }, "meetings") => Some(Ratio::whole(*meetings)),
        (Value::Hours { total, .. }, "total") => real(*total),
        (Value::Hours { per_member, .. }, "per_member") => real(*per_member),
        (Value::Reciprocity { p, .. }, "p") => real(*p),
        (Value::Reciprocity { r, .. }, "r") => real(*r),
        (Value::Reciprocity { d, .. }, "d") => real(*d),
        (Value::Reciprocity { ties, .. }, "L") => Some(Ratio::whole(*ties)),
        (Value::Reciprocity { m, .. }, "m") => Some(Ratio::whole(*m)),
        (Value::Parity { authorship, .. }, "authorship") => (*authorship).and_then(real),
        (Value::Parity { decisions, .. }, "decisions") => (*decisions).and_then(real),
        (Value::Parity { hours, .. }, "hours") => (*hours).and_then(real),
        (Value::Rotation { ceiling, .. }, "ceiling") => real(*ceiling),
        (Value::Bridging { chance, .. }, "chance") => real(*chance),
        (Value::Joining { joined, .. }, "joined") => Some(Ratio::whole(*joined)),
        (Value::Joining { left, .. }, "left") => Some(Ratio::whole(*left)),
        (Value::Joining { net, .. }, "net") => Some(Ratio::whole(*net)),
        _ => None,
    }
}
