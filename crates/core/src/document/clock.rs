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

/// For each actor (a number) the latest change (a number) that a past has of it: a trie of
/// sixteens, so that the clock of the next change shares all but one path with the clock before
/// it. Ten thousand changes by two hundred actors would be a hundred megabytes of plain maps.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
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
        Self { height: 0, root: Arc::new(Branch::Leaf([NONE; WIDTH])) }
    }
}

impl Clock {
    /// Whether an actor's number fits under the root.
    fn holds(&self, actor: u32) -> bool {
        actor.checked_shr((self.height + 1) * BITS).unwrap_or(0) == 0
    }

    fn grown(&self, height: u32) -> Self {
        let mut clock = self.clone();
        while clock.height < height {
            let mut inner = [const { None }; WIDTH];
            if let Some(first) = inner.first_mut() {
                *first = Some(clock.root);
            }
            clock = Self { height: clock.height + 1, root: Arc::new(Branch::Inner(inner)) };
        }
        clock
    }

    /// The latest change of an actor.
    pub(crate) fn get(&self, actor: u32) -> Option<u32> {
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

    /// The same clock with another latest change of an actor.
    pub(crate) fn with(&self, actor: u32, change: u32) -> Self {
        let mut height = self.height;
        while actor.checked_shr((height + 1) * BITS).unwrap_or(0) != 0 {
            height += 1;
        }
        let clock = self.grown(height);
        let root = set(Some(&clock.root), clock.height, actor, change);
        Self { height, root }
    }

    /// The union; `later` picks the later of two changes of one actor, or none when neither has the
    /// other in its past, which makes the union fail.
    pub(crate) fn merge(
        &self,
        other: &Self,
        later: &mut impl FnMut(u32, u32) -> Option<u32>,
    ) -> Option<Self> {
        let height = self.height.max(other.height);
        let (a, b) = (self.grown(height), other.grown(height));
        Some(Self { height, root: union(&a.root, &b.root, later)? })
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

/// Keeps the left or right branch itself where the union is equal to it, so that sharing lasts.
fn union(
    a: &Arc<Branch>,
    b: &Arc<Branch>,
    later: &mut impl FnMut(u32, u32) -> Option<u32>,
) -> Option<Arc<Branch>> {
    if Arc::ptr_eq(a, b) {
        return Some(Arc::clone(a));
    }
    match (a.as_ref(), b.as_ref()) {
        (Branch::Leaf(left), Branch::Leaf(right)) => {
            let mut leaf = *left;
            for (slot, &theirs) in leaf.iter_mut().zip(right) {
                *slot = match (*slot, theirs) {
                    (mine, NONE) => mine,
                    (NONE, theirs) => theirs,
                    (mine, theirs) if mine == theirs => mine,
                    (mine, theirs) => later(mine, theirs)?,
                };
            }
            Some(if leaf == *left {
                Arc::clone(a)
            } else if leaf == *right {
                Arc::clone(b)
            } else {
                Arc::new(Branch::Leaf(leaf))
            })
        }
        (Branch::Inner(left), Branch::Inner(right)) => {
            let mut inner = left.clone();
            let (mut is_left, mut is_right) = (true, true);
            for ((slot, mine), theirs) in inner.iter_mut().zip(left).zip(right) {
                *slot = match (mine, theirs) {
                    (Some(mine), Some(theirs)) => Some(union(mine, theirs, later)?),
                    (Some(one), None) | (None, Some(one)) => Some(Arc::clone(one)),
                    (None, None) => None,
                };
                is_left &= same(slot.as_ref(), mine.as_ref());
                is_right &= same(slot.as_ref(), theirs.as_ref());
            }
            Some(if is_left {
                Arc::clone(a)
            } else if is_right {
                Arc::clone(b)
            } else {
                Arc::new(Branch::Inner(inner))
            })
        }
        // Both were grown to one height.
        _ => None,
    }
}

fn same(a: Option<&Arc<Branch>>, b: Option<&Arc<Branch>>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b),
        (None, None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
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
    }
}
