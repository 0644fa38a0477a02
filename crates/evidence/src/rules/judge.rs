//! Judges a group by a rule set.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use copact_core::day::Day;
use copact_core::quarter::Quarter;

use super::expression::{Extreme, Number, Of, Sign, Test};
use super::ratio::Ratio;
use super::verdict::{Answer, Clause, Judged, Shown};
use super::view::{Item, Reason, View};
use super::{RuleSet, Tier};
use crate::facts::Facts;
use crate::window::Window;

const BY_ZERO: Reason = "it would be divided by zero";
const UNASKED: Reason = "the clause that it asks for was not judged";

/// A group at the end of a day, as far as it has been judged.
struct Run<'f> {
    rules: &'f RuleSet,
    facts: &'f Facts,
    to: Day,
    /// By days of the window.
    views: BTreeMap<i32, View<'f>>,
    /// By number of the clause.
    answers: Vec<Option<Answer>>,
    /// The same at the ends of quarters.
    ends: Ends<'f>,
}

/// Groups at the ends of quarters, without what looks at quarters.
type Ends<'f> = Rc<RefCell<BTreeMap<Day, Rc<Run<'f>>>>>;

/// A group that is judged on several days: what each looks back on is worked out once.
pub struct Judging<'f> {
    rules: &'f RuleSet,
    facts: &'f Facts,
    ends: Ends<'f>,
}

impl<'f> Judging<'f> {
    pub(super) fn of(rules: &'f RuleSet, facts: &'f Facts) -> Self {
        Self { rules, facts, ends: Ends::default() }
    }

    /// The level at the end of a day: what [`RuleSet::judge`] says of it, without the clauses.
    #[must_use]
    pub fn level(&self, to: Day) -> String {
        let run = Run::new(self.rules, self.facts, to, Some(&self.ends));
        let level = self.rules.levels.get(run.rank()).map(|tier| tier.name.clone());
        level.unwrap_or_default()
    }
}

pub(super) fn judge(rules: &RuleSet, facts: &Facts, to: Day) -> Judged {
    let run = Run::new(rules, facts, to, Some(&Ends::default()));
    let clauses = rules.clauses.iter().zip(&run.answers).map(|(rule, answer)| {
        let answer = answer.unwrap_or(Answer::none(UNASKED));
        let (value, threshold, compare) = run.shown(&rule.test, rule.window);
        Clause {
            id: rule.id.clone(),
            status: answer.verdict,
            value,
            threshold,
            compare,
            reason: answer.reason,
            words: rule.asks.clone(),
            next: rule.next.clone(),
        }
    });
    let rank = run.rank();
    let level = rules.levels.get(rank).map(|tier| tier.name.clone());
    let label = rules.labels.iter().find(|tier| run.holds(tier)).map(|tier| tier.name.clone());
    Judged {
        level: level.unwrap_or_default(),
        rank,
        label: label.unwrap_or_default(),
        clauses: clauses.collect(),
    }
}

impl<'f> Run<'f> {
    /// Judges the clauses; without those that look at quarters, if it is for one.
    fn new(rules: &'f RuleSet, facts: &'f Facts, to: Day, quarters: Option<&Ends<'f>>) -> Self {
        let windows = rules.clauses.iter().map(|one| one.window).chain([rules.window]);
        let windows: BTreeSet<i32> = windows.collect();
        let views =
            windows.into_iter().map(|days| (days, View::new(facts, Window::up_to(to, days))));
        let (views, answers) = (views.collect(), vec![None; rules.clauses.len()]);
        let ends = quarters.cloned().unwrap_or_default();
        let mut run = Self { rules, facts, to, views, answers, ends };
        for number in &rules.order {
            let Some(rule) = rules.clauses.get(*number) else { continue };
            if quarters.is_none() && rule.quarters {
                continue;
            }
            let answer = run.test(&rule.test, rule.window, Item::Group);
            if let Some(place) = run.answers.get_mut(*number) {
                *place = Some(answer);
            }
        }
        run
    }

    fn holds(&self, tier: &Tier) -> bool {
        let test = |test| self.test(test, self.rules.window, Item::Group).holds();
        tier.test.as_ref().is_none_or(test)
    }

    /// The last level of which the test passes.
    fn rank(&self) -> usize {
        self.rules.levels.iter().rposition(|tier| self.holds(tier)).unwrap_or_default()
    }

    fn answer(&self, clause: usize) -> Answer {
        self.answers.get(clause).copied().flatten().unwrap_or(Answer::none(UNASKED))
    }

    fn test(&self, test: &Test, window: i32, item: Item<'_>) -> Answer {
        let asked = |one: &Test| self.test(one, window, item);
        match test {
            Test::Compare(one) => {
                let left = self.number(&one.left, window, item);
                match (left, self.number(&one.right, window, item)) {
                    (Ok(left), Ok(right)) => Answer::of(one.by.holds(&left, &right)),
                    (Err(reason), _) | (_, Err(reason)) => Answer::none(reason),
                }
            }
            Test::Clause(clause) => self.answer(*clause),
            Test::All(clauses) => Answer::and(clauses.iter().map(|one| self.answer(*one))),
            Test::Defined(test) => self.test(test, window, item),
            Test::Is(is) => self
                .view(window)
                .and_then(|view| view.is(*is, item))
                .map_or_else(Answer::none, Answer::of),
            Test::And(all) => Answer::and(all.iter().map(asked)),
            Test::Or(all) => Answer::or(all.iter().map(asked)),
            Test::Not(one) => asked(one).not(),
            Test::If(one, then, otherwise) => match asked(one) {
                answer if answer.reason.is_some() => answer,
                answer if answer.holds() => asked(then),
                _ => asked(otherwise),
            },
        }
    }

    fn view(&self, window: i32) -> Result<&View<'f>, Reason> {
        self.views.get(&window).ok_or(UNASKED)
    }

    fn number(&self, number: &Number, window: i32, item: Item<'_>) -> Result<Ratio, Reason> {
        let inner = |one: &Number| self.number(one, window, item);
        match number {
            Number::Constant(ratio) => Ok(ratio.clone()),
            Number::Group(group) => self.view(window)?.group(*group),
            Number::Each(each) => self.view(window)?.each(*each, item),
            Number::Count(Of::Members, test) => {
                let view = self.view(window)?;
                Ok(Ratio::whole(self.those(view.members(), test, window)?.len()))
            }
            Number::Count(Of::Meetings, test) => {
                Ok(Ratio::whole(self.meetings(test, window)?.len()))
            }
            Number::DaysApart(test) => {
                let days = self.meetings(test, window)?;
                let ends = days.iter().min().zip(days.iter().max());
                Ok(Ratio::whole(ends.map_or(0, |(first, last)| last.since(*first))))
            }
            Number::Quarters(many, test) => {
                let ends = quarter_ends(self.to, *many).into_iter();
                let passed =
                    ends.filter(|end| self.at(*end).test(test, window, Item::Group).holds());
                Ok(Ratio::whole(passed.count()))
            }
            Number::Two(Sign::Divide, left, right) => {
                inner(left)?.by(&inner(right)?).ok_or(BY_ZERO)
            }
            Number::Two(sign, left, right) => sign.of(&inner(left)?, &inner(right)?).ok_or(BY_ZERO),
            Number::Extreme(which, all) => {
                let all = all.iter().map(inner).collect::<Result<Vec<_>, _>>()?.into_iter();
                let one = match which {
                    Extreme::Min => all.min(),
                    Extreme::Max => all.max(),
                };
                one.ok_or(BY_ZERO)
            }
            Number::Floor(one) => Ok(inner(one)?.reduced().floor().into()),
            Number::Ceil(one) => Ok(inner(one)?.reduced().ceil().into()),
            Number::If(test, then, otherwise) => {
                let answer = self.test(test, window, item);
                match answer.reason {
                    Some(reason) => Err(reason),
                    None if answer.holds() => inner(then),
                    None => inner(otherwise),
                }
            }
        }
    }

    /// The days of the held meetings of which a test passes.
    fn meetings(&self, test: &Test, window: i32) -> Result<Vec<Day>, Reason> {
        let held = self.view(window)?.case.held().map(Item::Meeting);
        let those = self.those(held, test, window)?.into_iter();
        Ok(those
            .filter_map(|one| if let Item::Meeting(one) = one { Some(one.day) } else { None })
            .collect())
    }

    /// Those of which a test passes; none can be told if the test cannot be computed of one, or
    /// names what could not be computed of any.
    fn those<'i>(
        &self,
        all: impl Iterator<Item = Item<'i>>,
        test: &Test,
        window: i32,
    ) -> Result<Vec<Item<'i>>, Reason> {
        let view = self.view(window)?;
        test.each(&mut |each| view.has_each(each), &mut |is| view.has_is(is))?;
        let mut those = Vec::new();
        for item in all {
            let answer = self.test(test, window, item);
            if let Some(reason) = answer.reason {
                return Err(reason);
            }
            if answer.holds() {
                those.push(item);
            }
        }
        Ok(those)
    }

    fn at(&self, end: Day) -> Rc<Self> {
        let known = self.ends.borrow().get(&end).cloned();
        known.unwrap_or_else(|| {
            let run = Rc::new(Self::new(self.rules, self.facts, end, None));
            self.ends.borrow_mut().insert(end, Rc::clone(&run));
            run
        })
    }

    /// The figure of a clause and what it is held against: the sides of its comparison; of `if`,
    /// those of the side that is taken, the last one if that cannot be told; of several comparisons
    /// each by its name; of a list of clauses how many pass.
    fn shown(
        &self,
        test: &Test,
        window: i32,
    ) -> (Option<Shown>, Option<Shown>, Option<&'static str>) {
        match test {
            Test::Compare(one) => {
                let side = |side| self.number(side, window, Item::Group).ok().map(Shown::One);
                (side(&one.left), side(&one.right), Some(one.by.sign()))
            }
            Test::All(clauses) => {
                let passed = clauses.iter().filter(|one| self.answer(**one).holds()).count();
                let all = Ratio::whole(clauses.len());
                (Some(Shown::One(Ratio::whole(passed))), Some(Shown::One(all)), Some(">="))
            }
            Test::If(asked, then, otherwise) => {
                let asked = self.test(asked, window, Item::Group);
                self.shown(if asked.holds() { then } else { otherwise }, window)
            }
            Test::And(all) | Test::Or(all) => self.several(all, window),
            Test::Clause(_) | Test::Defined(_) | Test::Is(_) | Test::Not(_) => (None, None, None),
        }
    }

    fn several(
        &self,
        all: &[Test],
        window: i32,
    ) -> (Option<Shown>, Option<Shown>, Option<&'static str>) {
        let (mut values, mut thresholds, mut signs) = (Vec::new(), Vec::new(), BTreeSet::new());
        for one in all {
            let Test::Compare(one) = one else { continue };
            let side = |side| self.number(side, window, Item::Group).ok();
            if values.iter().any(|(name, _)| *name == one.name) {
                continue;
            }
            values.push((one.name.clone(), side(&one.left)));
            thresholds.push((one.name.clone(), side(&one.right)));
            signs.insert(one.by.sign());
        }
        let sign = if signs.len() == 1 { signs.first().copied() } else { None };
        let any = values.iter().any(|(_, value)| value.is_some());
        let first = thresholds.first().and_then(|(_, first)| first.clone());
        let same = thresholds.iter().all(|(_, one)| *one == first);
        let threshold = match first {
            Some(first) if same => Some(Shown::One(first)),
            _ => (!thresholds.is_empty()).then_some(Shown::Named(thresholds)),
        };
        (any.then_some(Shown::Named(values)), threshold, sign)
    }
}

/// The last days of so many quarters that end by a day, the latest first.
fn quarter_ends(to: Day, many: usize) -> Vec<Day> {
    let mut ends = Vec::new();
    let mut day = to;
    while ends.len() < many {
        let quarter = Quarter::of(day);
        let (Ok(first), Ok(last)) = (quarter.first_day(), quarter.last_day()) else { break };
        if last <= to {
            ends.push(last);
        }
        let before = first.plus(-1);
        if before == first {
            break;
        }
        day = before;
    }
    ends
}
