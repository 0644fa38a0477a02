//! Whom to dial in a room full of devices.
//!
//! Nobody dials everybody. Each device dials the one whose id follows its own, so that all are on
//! one ring and no crowd falls apart, and a few that are as good as drawn by lot, so that news is
//! everywhere after a few steps. Both follow from the ids alone: whoever sees the same devices
//! chooses the same again, and keeps its connections.

/// Devices that are dialled besides the next one.
const OTHERS: usize = 3;

/// An endpoint's public key.
pub(crate) type Id = [u8; 32];

/// Those of `found` that `me` should dial: at most 4, the next on the ring first.
pub(crate) fn choose(me: &Id, found: &[Id]) -> Vec<Id> {
    let others = || found.iter().filter(|id| *id != me);
    let next = others().filter(|id| *id > me).min().or_else(|| others().min());
    let Some(next) = next.copied() else { return Vec::new() };
    let mut drawn: Vec<(blake3::Hash, Id)> = others()
        .filter(|id| **id != next)
        .map(|id| (blake3::hash(&[me.as_slice(), id].concat()), *id))
        .collect();
    drawn.sort_by_key(|(hash, id)| (*hash.as_bytes(), *id));
    drawn.dedup();
    std::iter::once(next).chain(drawn.into_iter().take(OTHERS).map(|(_, id)| id)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use std::collections::{BTreeMap, BTreeSet, VecDeque};

    use super::*;

    fn room(devices: u32) -> Vec<Id> {
        (0..devices).map(|n| *blake3::hash(&n.to_le_bytes()).as_bytes()).collect()
    }

    /// Who is connected with whom: a dial makes a connection for both.
    fn connections(ids: &[Id]) -> BTreeMap<Id, BTreeSet<Id>> {
        let mut graph: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
        for me in ids {
            for other in choose(me, ids) {
                graph.entry(*me).or_default().insert(other);
                graph.entry(other).or_default().insert(*me);
            }
        }
        graph
    }

    /// Steps from one to all that it reaches.
    fn reached(graph: &BTreeMap<Id, BTreeSet<Id>>, from: &Id) -> BTreeMap<Id, usize> {
        let mut steps = BTreeMap::from([(*from, 0)]);
        let mut queue = VecDeque::from([*from]);
        while let Some(id) = queue.pop_front() {
            for next in &graph[&id] {
                if !steps.contains_key(next) {
                    steps.insert(*next, steps[&id] + 1);
                    queue.push_back(*next);
                }
            }
        }
        steps
    }

    /// Steps to the farthest other, if all are reached.
    fn eccentricity(graph: &BTreeMap<Id, BTreeSet<Id>>, from: &Id) -> Option<usize> {
        let steps = reached(graph, from);
        (steps.len() == graph.len()).then(|| steps.values().copied().max().unwrap())
    }

    fn diameter(graph: &BTreeMap<Id, BTreeSet<Id>>) -> Option<usize> {
        graph
            .keys()
            .map(|id| eccentricity(graph, id))
            .try_fold(0, |most, next| Some(most.max(next?)))
    }

    #[test]
    fn a_room_of_200_is_connected_by_few_steps_and_few_connections() {
        let graph = connections(&room(200));
        assert!(diameter(&graph).unwrap() <= 5, "{:?}", diameter(&graph));
        assert!(graph.values().all(|peers| peers.len() <= 20), "under what a device accepts");
        let all: usize = graph.values().map(BTreeSet::len).sum();
        assert!(all <= 200 * 8);
    }

    #[test]
    fn when_half_of_them_leave_most_stay_connected_and_soon_all() {
        let (gone, stay): (Vec<_>, Vec<_>) = room(200).into_iter().partition(|id| id[0] % 2 == 0);
        // At once, by the connections that are left.
        let mut graph = connections(&room(200));
        for id in &gone {
            for peer in graph.remove(id).unwrap() {
                graph.get_mut(&peer).map(|peers| peers.remove(id));
            }
        }
        let most = graph.keys().map(|id| reached(&graph, id).len()).max().unwrap();
        assert!(most * 100 >= graph.len() * 95, "{most} of {}", graph.len());
        // And once all see who is left.
        assert!(diameter(&connections(&stay)).unwrap() <= 5);
    }

    #[test]
    fn every_size_of_a_room_is_connected() {
        for devices in 2..40 {
            assert!(diameter(&connections(&room(devices))).is_some(), "{devices}");
        }
        assert_eq!(choose(&[1; 32], &[]), Vec::<Id>::new());
        assert_eq!(choose(&[1; 32], &[[1; 32]]), Vec::<Id>::new());
    }

    #[test]
    fn the_choice_is_stable() {
        let ids = room(50);
        let backwards: Vec<Id> = ids.iter().rev().copied().collect();
        assert_eq!(choose(&ids[0], &ids), choose(&ids[0], &backwards));
    }
}
