//! Strings that place sections and goals among each other.
//!
//! Each part carries a string; parts are shown by string, then id. A part that comes between two
//! others gets a string between theirs, so that nobody else's part moves and concurrent inserts
//! keep their place.

use crate::ids::PartId;
use crate::limits;

/// In ascending order of bytes.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn digit(byte: u8) -> Option<usize> {
    DIGITS.iter().position(|&d| d == byte)
}

/// A string between the two, of which either may be the open end; `None` if there is none, or
/// none within the limit, or they are not made of [`DIGITS`].
fn between(low: &str, high: Option<&str>) -> Option<String> {
    let mut made = String::new();
    let mut bounded = high.is_some();
    for place in 0..limits::ORDER_BYTES {
        let below = low.as_bytes().get(place).map_or(Some(0), |&b| digit(b))?;
        let above = match high.filter(|_| bounded) {
            None => DIGITS.len(),
            Some(high) => high.as_bytes().get(place).map_or(Some(0), |&b| digit(b))?,
        };
        if above < below {
            return None;
        }
        let middle = usize::midpoint(below, above);
        made.push(char::from(*DIGITS.get(middle)?));
        if middle > below {
            let fits = made.as_str() > low && high.is_none_or(|high| made.as_str() < high);
            return fits.then_some(made);
        }
        bounded = bounded && above == below;
    }
    None
}

/// Fills `places` with strings between the two, halving again and again.
fn fill(places: &mut [Option<String>], low: &str, high: Option<&str>) -> Option<()> {
    if places.is_empty() {
        return Some(());
    }
    let (before, rest) = places.split_at_mut(places.len() / 2);
    let (middle, after) = rest.split_first_mut()?;
    let made = between(low, high)?;
    fill(before, low, Some(&made))?;
    fill(after, &made, high)?;
    *middle = Some(made);
    Some(())
}

/// For parts in the order wanted, each with its string so far (if it has one): the strings that
/// put them in that order, changing as few as possible. None of them is empty.
pub(super) fn arrange(parts: &[(PartId, Option<&str>)]) -> Vec<String> {
    let placed = |order: &&str| (1..=limits::ORDER_BYTES).contains(&order.len());
    let parts: Vec<(PartId, Option<&str>)> =
        parts.iter().map(|(id, order)| (*id, order.filter(placed))).collect();
    let kept = longest_in_order(&parts);
    let mut strings: Vec<Option<String>> = parts
        .iter()
        .enumerate()
        .map(|(i, (_, order))| order.filter(|_| kept.contains(&i)).map(str::to_owned))
        .collect();
    fill_gaps(&mut strings)
        .and_then(|()| strings.into_iter().collect::<Option<Vec<String>>>())
        .unwrap_or_else(|| afresh(parts.len()))
}

fn fill_gaps(strings: &mut [Option<String>]) -> Option<()> {
    let mut from = 0;
    while let Some(gap) = strings.iter().skip(from).position(Option::is_none) {
        let start = from + gap;
        let length = strings.iter().skip(start).take_while(|s| s.is_none()).count();
        let low = start.checked_sub(1).and_then(|i| strings.get(i).cloned()).flatten();
        let high = strings.get(start + length).cloned().flatten();
        let places = strings.get_mut(start..start + length)?;
        fill(places, low.as_deref().unwrap_or_default(), high.as_deref())?;
        from = start + length;
    }
    Some(())
}

/// Evenly spread strings, for when no place is left between the old ones.
fn afresh(count: usize) -> Vec<String> {
    let all = DIGITS.len().pow(3);
    (1..=count)
        .map(|i| {
            let number = i * all / (count + 1);
            [number / 3_844, number / 62 % 62, number % 62]
                .iter()
                .filter_map(|&d| DIGITS.get(d).map(|&b| char::from(b)))
                .collect()
        })
        .collect()
}

/// The places of the longest run of parts that already stand in the order wanted.
fn longest_in_order(parts: &[(PartId, Option<&str>)]) -> Vec<usize> {
    // For each part: the length of the longest run that ends with it, and the part before it.
    let mut runs: Vec<(usize, Option<usize>)> = Vec::with_capacity(parts.len());
    let keys: Vec<Option<(&str, PartId)>> =
        parts.iter().map(|(id, order)| order.map(|order| (order, *id))).collect();
    for (i, key) in keys.iter().enumerate() {
        let longest = keys
            .iter()
            .zip(&runs)
            .enumerate()
            .filter(|(_, (before, _))| before.is_some() && *before < key)
            .max_by_key(|(j, (_, (length, _)))| (*length, std::cmp::Reverse(*j)));
        runs.push(match (key, longest.filter(|_| i > 0)) {
            (None, _) => (0, None),
            (Some(_), None) => (1, None),
            (Some(_), Some((j, (_, (length, _))))) => (length + 1, Some(j)),
        });
    }
    let best = runs.iter().enumerate().max_by_key(|(i, run)| (run.0, std::cmp::Reverse(*i)));
    let mut at = best.filter(|(_, run)| run.0 > 0).map(|(i, _)| i);
    let mut places = Vec::new();
    while let Some(i) = at {
        places.push(i);
        at = runs.get(i).and_then(|run| run.1);
    }
    places
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use proptest::prelude::*;

    fn id(n: u8) -> PartId {
        PartId::from_bytes([n; 8])
    }

    fn in_order(parts: &[(PartId, Option<&str>)], strings: &[String]) -> bool {
        let keys: Vec<_> = parts.iter().zip(strings).map(|((id, _), s)| (s, *id)).collect();
        keys.windows(2).all(|pair| pair[0] < pair[1])
            && strings.iter().all(|s| (1..=limits::ORDER_BYTES).contains(&s.len()))
    }

    #[test]
    fn a_new_part_moves_nobody_else() {
        let parts = [(id(1), Some("V")), (id(9), None), (id(2), Some("W")), (id(3), None)];
        let strings = arrange(&parts);
        assert!(in_order(&parts, &strings), "{strings:?}");
        assert_eq!((strings[0].as_str(), strings[2].as_str()), ("V", "W"));
    }

    #[test]
    fn a_moved_part_moves_alone() {
        let parts = [(id(3), Some("c")), (id(1), Some("a")), (id(2), Some("b"))];
        let strings = arrange(&parts);
        assert!(in_order(&parts, &strings), "{strings:?}");
        assert_eq!((strings[1].as_str(), strings[2].as_str()), ("a", "b"));
    }

    #[test]
    fn parts_without_room_between_them_are_all_placed_afresh() {
        for (low, high) in [("a", "a"), ("a", "a0"), ("~", "~~"), ("", "0"), ("\u{1}", "\u{2}")] {
            let parts = [(id(1), Some(low)), (id(9), None), (id(2), Some(high))];
            let strings = arrange(&parts);
            assert!(in_order(&parts, &strings), "{low:?} {high:?} {strings:?}");
        }
    }

    #[test]
    fn inserting_in_one_place_again_and_again_stays_within_the_limit() {
        let mut strings = arrange(&[(id(1), None), (id(3), None)]);
        for _ in 0..500 {
            let parts =
                [(id(1), Some(&*strings[0])), (id(2), None), (id(3), strings.last().map(|s| &**s))];
            let next = arrange(&parts);
            assert!(in_order(&parts, &next), "{next:?}");
            strings = vec![next[0].clone(), next[1].clone()];
        }
    }

    proptest! {
        #[test]
        fn any_wish_is_met(
            orders in prop::collection::vec(prop::option::of("[0-9A-Za-z~ ]{0,4}"), 0..40),
        ) {
            let parts: Vec<(PartId, Option<&str>)> = orders
                .iter()
                .enumerate()
                .map(|(i, order)| (id(u8::try_from(i * 37 % 41).unwrap()), order.as_deref()))
                .collect();
            let strings = arrange(&parts);
            prop_assert!(in_order(&parts, &strings), "{:?} {:?}", parts, strings);
            // What already stands as wanted is left alone.
            let again: Vec<_> =
                parts.iter().zip(&strings).map(|((id, _), s)| (*id, Some(s.as_str()))).collect();
            prop_assert_eq!(arrange(&again), strings);
        }
    }
}
