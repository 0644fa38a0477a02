//! A group that was given more than once is counted once.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use copact_core::ids::{EnvelopeId, GroupId};

use super::work::{self, Worked};
use super::{Given, LeftOut};

type Found<'g, 'a> = (&'g Given<'a>, Worked);

/// Of each group the one with most envelopes, which is the one that has the others in it if any
/// does; of equal ones the one with most in it. By group; and the others.
pub(super) fn once<'g, 'a>(found: Vec<Found<'g, 'a>>) -> (Vec<Found<'g, 'a>>, Vec<LeftOut>) {
    let mut groups: BTreeMap<GroupId, Vec<Found<'g, 'a>>> = BTreeMap::new();
    for one in found {
        groups.entry(one.1.known.group).or_default().push(one);
    }
    let (mut taken, mut left_out) = (Vec::new(), Vec::new());
    for mut all in groups.into_values() {
        all.sort_by(|(given, one), (other_given, other)| {
            let key = |one: &Worked| (Reverse(one.known.envelopes), one.known.form, one.hash);
            (key(one), &given.name).cmp(&(key(other), &other_given.name))
        });
        let mut all = all.into_iter();
        let Some(first) = all.next() else { continue };
        let mut here: Option<BTreeSet<EnvelopeId>> = None;
        left_out.extend(all.map(|(given, other)| {
            let here = here.get_or_insert_with(|| work::envelopes(first.0, &first.1));
            beside(given, &other, &first.0.name, &first.1, here)
        }));
        taken.push(first);
    }
    (taken, left_out)
}

fn beside(
    given: &Given<'_>,
    other: &Worked,
    name: &str,
    first: &Worked,
    here: &BTreeSet<EnvelopeId>,
) -> LeftOut {
    let all_here = other.known.heads.iter().all(|head| here.contains(head));
    let equal = all_here && other.known.envelopes == first.known.envelopes;
    let (code, sentence) = match () {
        () if equal => ("the_same", format!("{name} is the same group, and goes as far")),
        () if all_here => ("contained", format!("{name} is the same group, and has all of it")),
        () => (
            "smaller",
            format!(
                "{name} is the same group and has more in it, though not all that is here; bring \
                 the two copies together to have everything counted"
            ),
        ),
    };
    LeftOut { name: given.name.clone(), code, sentence, instead: Some(name.to_owned()) }
}
