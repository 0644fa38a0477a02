//! Which changes a document is made of, when chains have forked and people were removed.

use std::collections::{BTreeMap, BTreeSet};

use super::clock::{Clock, NONE};
use super::graph::{Graph, Node};
use crate::ids::{ChangeHash, MemberId};

/// The changes that a document is made of: the counted ok changes and all that they build on, but
/// of each fork of a chain only one side.
///
/// Of several changes that one chain has after one of its own, that inside the adopted version
/// wins, else that on which the changes of most members other than its author build, else that with
/// the lowest hash. What builds on a loser is left out with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// What counts, in an order that is causal and the same on every device; the document's first
    /// change is at its start. Closed under dependencies, with one change a number of a chain.
    pub kept: Vec<ChangeHash>,
    /// What lost to a fork, or builds on what did, in the same order.
    pub left_out: Vec<ChangeHash>,
    /// The heads of what is kept, sorted.
    pub heads: Vec<ChangeHash>,
}

/// One flag a change.
struct Flags(Vec<bool>);

impl Flags {
    fn new(graph: &Graph) -> Self {
        Self(vec![false; graph.nodes().len()])
    }

    fn has(&self, index: u32) -> bool {
        usize::try_from(index).ok().and_then(|i| self.0.get(i)).copied().unwrap_or(false)
    }

    /// Raises a flag; whether it was down.
    fn raise(&mut self, index: u32) -> bool {
        let flag = usize::try_from(index).ok().and_then(|i| self.0.get_mut(i));
        flag.is_some_and(|flag| !std::mem::replace(flag, true))
    }
}

/// The changes given and all that they build on, by first operation, then hash: a change's first
/// operation is numbered higher than all that it builds on, so that this order is causal.
pub(super) fn with_deps(graph: &Graph, changes: Vec<u32>) -> Vec<u32> {
    let mut seen = Flags::new(graph);
    let mut todo: Vec<u32> = changes.into_iter().filter(|&change| seen.raise(change)).collect();
    let mut all = Vec::new();
    while let Some(change) = todo.pop() {
        all.push(change);
        if let Some(node) = graph.node(change) {
            todo.extend(node.deps.iter().copied().filter(|&dep| seen.raise(dep)));
        }
    }
    all.sort_by_key(|&change| graph.node(change).map(|node| (node.start, node.hash)));
    all
}

pub(super) fn hashes(graph: &Graph, changes: &[u32]) -> Vec<ChangeHash> {
    changes.iter().filter_map(|&change| graph.node(change)).map(|node| node.hash).collect()
}

/// The changes on which no other of them builds, sorted.
pub(super) fn heads(graph: &Graph, changes: &[u32]) -> Vec<ChangeHash> {
    let nodes = changes.iter().filter_map(|&change| graph.node(change));
    let below: Vec<u32> = nodes.flat_map(|node| node.deps.iter().copied()).collect();
    let mut covered = Flags::new(graph);
    for change in with_deps(graph, below) {
        covered.raise(change);
    }
    let heads: Vec<u32> = changes.iter().copied().filter(|&change| !covered.has(change)).collect();
    let mut heads = hashes(graph, &heads);
    heads.sort_unstable();
    heads
}

pub(super) fn select(
    graph: &Graph,
    base: Option<u32>,
    counted: &BTreeMap<u32, MemberId>,
    adopted: Option<&Clock>,
) -> Selection {
    let all = with_deps(graph, counted.keys().copied().chain(base).collect());
    let losers = losers(graph, &all, counted, adopted);
    if losers.is_empty() {
        return Selection {
            heads: heads(graph, &all),
            kept: hashes(graph, &all),
            left_out: Vec::new(),
        };
    }
    let mut out = Flags::new(graph);
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    for change in all {
        let on_loser =
            graph.node(change).is_some_and(|node| node.deps.iter().any(|&dep| out.has(dep)));
        if on_loser || losers.contains(&change) {
            out.raise(change);
            left_out.push(change);
        } else {
            kept.push(change);
        }
    }
    Selection {
        heads: heads(graph, &kept),
        kept: hashes(graph, &kept),
        left_out: hashes(graph, &left_out),
    }
}

/// All changes that lose to a sibling.
fn losers(
    graph: &Graph,
    all: &[u32],
    counted: &BTreeMap<u32, MemberId>,
    adopted: Option<&Clock>,
) -> BTreeSet<u32> {
    let mut siblings: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
    for &change in all {
        if let Some(node) = graph.node(change) {
            siblings.entry((node.actor, node.prev)).or_default().push(change);
        }
    }
    siblings.retain(|_, sides| sides.len() > 1);
    if siblings.is_empty() {
        return BTreeSet::new();
    }
    let authors = authors(graph, all, counted);
    let tips = tips(graph, all, counted);
    let mut losers = BTreeSet::new();
    for sides in siblings.into_values() {
        let rank = |&side: &u32| {
            let node = graph.node(side);
            let inside = adopted.is_some_and(|adopted| graph.in_clock(adopted, side));
            let builders = node
                .map_or(0, |node| builders(graph, &tips, side, authors.get(&node.actor).copied()));
            let hash = node.map(|node| node.hash);
            (std::cmp::Reverse((inside, builders)), hash)
        };
        let winner = sides.iter().copied().min_by_key(rank);
        losers.extend(sides.into_iter().filter(|&side| Some(side) != winner));
    }
    losers
}

/// Whose each actor is: that of any of its counted changes, for they are all one device's.
fn authors(
    graph: &Graph,
    all: &[u32],
    counted: &BTreeMap<u32, MemberId>,
) -> BTreeMap<u32, MemberId> {
    let author = |&change: &u32| Some((graph.node(change)?.actor, *counted.get(&change)?));
    all.iter().filter_map(author).collect()
}

/// The counted changes without a counted one after them on their chain: what builds on something
/// has at least one of its author's tips build on it.
fn tips<'a>(
    graph: &'a Graph,
    all: &[u32],
    counted: &BTreeMap<u32, MemberId>,
) -> Vec<(&'a Node, MemberId)> {
    let mut covered = Flags::new(graph);
    let mut tips = Vec::new();
    for &change in all.iter().rev() {
        let Some(node) = graph.node(change) else { continue };
        let author = counted.get(&change);
        if node.prev != NONE && (author.is_some() || covered.has(change)) {
            covered.raise(node.prev);
        }
        if let (Some(&author), false) = (author, covered.has(change)) {
            tips.push((node, author));
        }
    }
    tips
}

/// How many members other than its author have a counted change that builds on it.
fn builders(
    graph: &Graph,
    tips: &[(&Node, MemberId)],
    side: u32,
    author: Option<MemberId>,
) -> usize {
    let on =
        tips.iter().filter(|(tip, by)| Some(*by) != author && graph.in_clock(&tip.clock, side));
    on.map(|(_, by)| *by).collect::<BTreeSet<_>>().len()
}
