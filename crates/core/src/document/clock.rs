//! Vector clocks that share what they have in common, and ids of operations.

use std::sync::Arc;

/// An operation: its counter and its actor, as a place in a table (the change's or the gate's).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Id {
    pub counter: u32,
    pub actor: u32,
}

/// Stands for "no change".
pub(super) const NONE: u32 = u32::MAX;
const BITS: u32 = 4;
const WIDTH: usize = 1 << BITS;

/// How many differences a clock carries before it gets a trie of its own.
const RECENT: usize = 8;

/// For each actor (a number) the latest change (a number) that a past has of it: a trie of
/// sixteens that many clocks share, and the few actors of whom this one knows something else. Ten
/// thousand changes by two hundred actors would be a hundred megabytes of plain maps.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    trie: Trie,
    /// At most [`RECENT`]; these hold, whatever the trie says.
    recent: Box<[(u32, u32)]>,
}

#[derive(Clone, Debug)]
struct Trie {
    height: u32,
    root: Arc<Branch>,
}

#[derive(Debug)]
enum Branch {
    Leaf([u32; WIDTH]),
    Inner([Option<Arc<Self>>; WIDTH]),
}

/// Which of the sixteen, at a height.
fn digit(actor: u32, height: u32) -> usize {
    let digit = actor.checked_shr(height * BITS).unwrap_or(0) & 0xf;
    usize::try_from(digit).unwrap_or(0)
}

impl Default for Clock {
    fn default() -> Self {
        let root = Arc::new(Branch::Leaf([NONE; WIDTH]));
        Self { trie: Trie { height: 0, root }, recent: Box::default() }
    }
}

impl Clock {
    /// The latest change of an actor.
    pub(crate) fn get(&self, actor: u32) -> Option<u32> {
        let recent = self.recent.iter().find(|(other, _)| *other == actor);
        recent.map(|(_, change)| *change).or_else(|| self.trie.get(actor))
    }

    /// The same clock with another latest change of an actor.
    pub(crate) fn with(&self, actor: u32, change: u32) -> Self {
        self.differing_in(vec![(actor, change)])
    }

    /// The same clock with other latest changes of some actors.
    fn differing_in(&self, mut changed: Vec<(u32, u32)>) -> Self {
        let kept = self.recent.iter().filter(|(actor, _)| changed.iter().all(|(a, _)| a != actor));
        let kept: Vec<(u32, u32)> = kept.copied().collect();
        changed.extend(kept);
        if changed.len() <= RECENT {
            return Self { trie: self.trie.clone(), recent: changed.into() };
        }
        let trie =
            changed.iter().fold(self.trie.clone(), |trie, (a, change)| trie.with(*a, *change));
        Self { trie, recent: Box::default() }
    }

    /// The union; `later` picks the later of two changes of one actor, or none when neither has the
    /// other in its past, which makes the union fail. It shares the trie of the side that knows
    /// more, which for what people write is nearly all.
    pub(crate) fn merge(
        &self,
        other: &Self,
        later: &mut impl FnMut(u32, u32) -> Option<u32>,
    ) -> Option<Self> {
        let mut actors = self.trie.differing(&other.trie);
        actors.extend(self.recent.iter().chain(&other.recent).map(|(actor, _)| *actor));
        actors.sort_unstable();
        actors.dedup();
        let (mut on_mine, mut on_theirs) = (Vec::new(), Vec::new());
        for actor in actors {
            let (mine, theirs) = (self.get(actor), other.get(actor));
            let both = match (mine, theirs) {
                (Some(mine), Some(theirs)) if mine != theirs => later(mine, theirs)?,
                (Some(one), _) | (_, Some(one)) => one,
                (None, None) => continue,
            };
            if mine != Some(both) {
                on_mine.push((actor, both));
            }
            if theirs != Some(both) {
                on_theirs.push((actor, both));
            }
        }
        let (mine, theirs) =
            (self.recent.len() + on_mine.len(), other.recent.len() + on_theirs.len());
        Some(if on_mine.is_empty() || mine < theirs && !on_theirs.is_empty() {
            self.differing_in(on_mine)
        } else {
            other.differing_in(on_theirs)
        })
    }
}

impl Trie {
    /// Whether an actor's number fits under the root.
    fn holds(&self, actor: u32) -> bool {
        actor.checked_shr((self.height + 1) * BITS).unwrap_or(0) == 0
    }

    fn grown(&self, height: u32) -> Self {
        let mut trie = self.clone();
        while trie.height < height {
            let mut inner = [const { None }; WIDTH];
            if let Some(first) = inner.first_mut() {
                *first = Some(trie.root);
            }
            trie = Self { height: trie.height + 1, root: Arc::new(Branch::Inner(inner)) };
        }
        trie
    }

    fn get(&self, actor: u32) -> Option<u32> {
        if !self.holds(actor) {
            return None;
        }
        let mut branch = &self.root;
        for height in (0..=self.height).rev() {
            match branch.as_ref() {
                Branch::Leaf(leaf) => {
                    return leaf.get(digit(actor, 0)).copied().filter(|&change| change != NONE);
                }
                Branch::Inner(inner) => branch = inner.get(digit(actor, height))?.as_ref()?,
            }
        }
        None
    }

    fn with(&self, actor: u32, change: u32) -> Self {
        let mut height = self.height;
        while actor.checked_shr((height + 1) * BITS).unwrap_or(0) != 0 {
            height += 1;
        }
        let trie = self.grown(height);
        let root = set(Some(&trie.root), trie.height, actor, change);
        Self { height, root }
    }

    /// The actors of whom the two say different things; what they share is passed over.
    fn differing(&self, other: &Self) -> Vec<u32> {
        let height = self.height.max(other.height);
        let (a, b) = (self.grown(height), other.grown(height));
        let mut actors = Vec::new();
        differing(Some(&a.root), Some(&b.root), (height, 0), &mut actors);
        actors
    }
}

/// `at` is the branches' height, and the number of their first actor.
fn differing(
    a: Option<&Arc<Branch>>,
    b: Option<&Arc<Branch>>,
    at: (u32, u32),
    actors: &mut Vec<u32>,
) {
    let shared = match (a, b) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    if shared {
        return;
    }
    let (height, first) = at;
    let mut number = first;
    for place in 0..WIDTH {
        if height == 0 {
            let leaf = |branch: Option<&Arc<Branch>>| match branch.map(AsRef::as_ref) {
                Some(Branch::Leaf(leaf)) => leaf.get(place).copied().unwrap_or(NONE),
                _ => NONE,
            };
            if leaf(a) != leaf(b) {
                actors.push(number);
            }
        } else {
            differing(below(a, place), below(b, place), (height - 1, number), actors);
        }
        // Beyond the last branch of all, no place is left to count for.
        number = number.wrapping_add(1_u32.checked_shl(height * BITS).unwrap_or(0));
    }
}

fn below(branch: Option<&Arc<Branch>>, place: usize) -> Option<&Arc<Branch>> {
    match branch?.as_ref() {
        Branch::Inner(inner) => inner.get(place)?.as_ref(),
        Branch::Leaf(_) => None,
    }
}

fn set(branch: Option<&Arc<Branch>>, height: u32, actor: u32, change: u32) -> Arc<Branch> {
    let place = digit(actor, height);
    Arc::new(if height == 0 {
        let mut leaf = match branch.map(AsRef::as_ref) {
            Some(Branch::Leaf(leaf)) => *leaf,
            _ => [NONE; WIDTH],
        };
        if let Some(slot) = leaf.get_mut(place) {
            *slot = change;
        }
        Branch::Leaf(leaf)
    } else {
        let mut inner = match branch.map(AsRef::as_ref) {
            Some(Branch::Inner(inner)) => inner.clone(),
            _ => [const { None }; WIDTH],
        };
        if let Some(slot) = inner.get_mut(place) {
            *slot = Some(set(slot.as_ref(), height - 1, actor, change));
        }
        Branch::Inner(inner)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn pairs() -> impl Strategy<Value = BTreeMap<u32, u32>> {
        let actor = prop_oneof![0_u32..40, 0_u32..5_000, any::<u32>()];
        proptest::collection::btree_map(actor, 0_u32..9, 0..40)
    }

    fn clock(map: &BTreeMap<u32, u32>) -> Clock {
        map.iter().fold(Clock::default(), |clock, (&a, &c)| clock.with(a, c))
    }

    proptest! {
        #[test]
        fn a_clock_is_a_map_and_its_union_the_later_of_each(a in pairs(), b in pairs()) {
            let both = clock(&a).merge(&clock(&b), &mut |x, y| Some(x.max(y))).unwrap();
            let mut expected = a.clone();
            for (actor, change) in &b {
                let slot = expected.entry(*actor).or_insert(*change);
                *slot = (*slot).max(*change);
            }
            for actor in a.keys().chain(b.keys()).copied().chain([7, 300, 1 << 30]) {
                prop_assert_eq!(both.get(actor), expected.get(&actor).copied());
            }
            let differ = a.iter().any(|(actor, change)| b.get(actor).is_some_and(|c| c != change));
            prop_assert_eq!(clock(&a).merge(&clock(&b), &mut |_, _| None).is_none(), differ);
        }

        #[test]
        fn clocks_that_went_on_from_one_are_united_as_if_they_shared_nothing(
            a in pairs(), b in pairs(), c in pairs()
        ) {
            let later = |mut map: BTreeMap<u32, u32>, new: &BTreeMap<u32, u32>| {
                for (actor, change) in new {
                    let slot = map.entry(*actor).or_insert(*change);
                    *slot = (*slot).max(*change);
                }
                map
            };
            let on = |from: &Clock, map: &BTreeMap<u32, u32>, new: &BTreeMap<u32, u32>| {
                new.keys().fold(from.clone(), |clock, actor| clock.with(*actor, map[actor]))
            };
            let first = clock(&a);
            let (left, right) = (later(a.clone(), &b), later(a.clone(), &c));
            let (one, other) = (on(&first, &left, &b), on(&first, &right, &c));
            let both = one.merge(&other, &mut |x, y| Some(x.max(y))).unwrap();
            let expected = later(left.clone(), &right);
            for actor in expected.keys().copied().chain([7, 300, 1 << 30]) {
                prop_assert_eq!(one.get(actor), left.get(&actor).copied());
                prop_assert_eq!(both.get(actor), expected.get(&actor).copied());
            }
            let other_than = |actor, mine| right.get(actor).is_some_and(|theirs| theirs != mine);
            let differ = left.iter().any(|(actor, mine)| other_than(actor, mine));
            prop_assert_eq!(one.merge(&other, &mut |_, _| None).is_none(), differ);
        }
    }
}
