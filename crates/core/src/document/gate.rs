//! The gate: whether a change is ok or void.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{Change, ExpandedChange};

use super::base;
use super::chunk::{Actor, Chunk};
use super::clock::{Clock, Id};
use super::columns::{Key, Op};
use super::graph::{Fresh, Graph, Table};
use super::selection::{self, Selection};
use super::shape::{self, Kind};
use super::view::View;
use super::{Base, VoidChange};
use crate::change::DocumentId;
use crate::ids::{ChangeHash, MemberId};
use crate::limits;

/// The changes of one document that passed, and the judge of the next.
///
/// Judge a change only after all changes in its envelope's past. Then a verdict depends on the
/// envelope and its past alone, and is the same on every device in whatever order things arrived.
#[derive(Debug)]
pub struct Gate {
    base: &'static Base,
    graph: Graph,
}

impl Gate {
    /// A gate that knows nothing but the document's first change.
    #[must_use]
    pub fn new(document: &DocumentId) -> Self {
        let base = base::of(document);
        let mut graph = Graph::default();
        graph.insert(Fresh {
            hash: base.hash,
            actor: base::ACTOR,
            seq: 1,
            start: 1,
            deps: Vec::new(),
            past: Clock::default(),
            table: base::table(document),
        });
        Self { base, graph }
    }

    /// Decides ok or void from the change, its chain's actor and its closure. `in_past(hash)` says
    /// whether an ok envelope that carries that change lies in the past of the envelope judged; the
    /// first change always does. An ok change becomes known; the same change again is ok again, if
    /// its other envelope's chain and past allow it.
    ///
    /// # Errors
    /// The change is void, for good and everywhere.
    pub fn judge(
        &mut self,
        actor: Actor,
        bytes: &[u8],
        in_past: &dyn Fn(ChangeHash) -> bool,
    ) -> Result<ChangeHash, VoidChange> {
        let chunk = Chunk::read(bytes, actor)?;
        let deps = self.deps(&chunk.deps, in_past)?;
        let past = self.graph.past(&deps).ok_or(VoidChange::ForkedPast)?;
        let (seq, start) = self.place(&chunk, &deps, &past)?;
        let actors = self.actors(&chunk, &past)?;
        let view = View {
            graph: &self.graph,
            past: &past,
            own: actors.first().copied().unwrap_or_default(),
            own_bytes: actor,
            start,
            table: Table::default(),
        };
        let table = check_ops(view, &chunk.ops, &actors)?;
        let hash = check_encoding(bytes, chunk.checksum)?;
        self.graph.insert(Fresh { hash, actor, seq, start, deps, past, table });
        Ok(hash)
    }

    /// Takes a change in of which no more is known than what it builds on, in a copy of the ledger
    /// that nobody writes in. It has no operations here.
    ///
    /// # Errors
    /// It builds on what its author cannot have known, or on both sides of a fork.
    pub fn take_on_trust(
        &mut self,
        actor: Actor,
        hash: ChangeHash,
        deps: &[ChangeHash],
        in_past: &dyn Fn(ChangeHash) -> bool,
    ) -> Result<(), VoidChange> {
        let deps = self.deps(deps, in_past)?;
        let past = self.graph.past(&deps).ok_or(VoidChange::ForkedPast)?;
        let own = self.graph.actor(actor).and_then(|actor| past.get(actor));
        let last = own.and_then(|index| self.graph.node(index)).map_or(0, |node| node.seq);
        // Without operations the order of a document is that of the changes alone.
        let starts = deps.iter().filter_map(|&dep| self.graph.node(dep)).map(|node| node.start);
        let start = starts.max().unwrap_or(1).saturating_add(1);
        let seq = last.saturating_add(1);
        let table = Table::default();
        self.graph.insert(Fresh { hash, actor, seq, start, deps, past, table });
        Ok(())
    }

    /// Rule: dependencies, each once, each ok and in the past.
    fn deps(
        &self,
        deps: &[ChangeHash],
        in_past: &dyn Fn(ChangeHash) -> bool,
    ) -> Result<Vec<u32>, VoidChange> {
        if deps.is_empty() {
            return Err(VoidChange::NoDeps);
        }
        let mut seen = BTreeSet::new();
        if !deps.iter().all(|dep| seen.insert(dep)) {
            return Err(VoidChange::RepeatedDep);
        }
        // One reason for "void", "not in the past" and "not here yet": which of them it is may
        // depend on what arrived.
        deps.iter()
            .map(|&dep| {
                let seen = dep == self.base.hash || in_past(dep);
                let index = if seen { self.graph.index(dep) } else { None };
                index.ok_or(VoidChange::UnseenDep)
            })
            .collect()
    }

    /// Rule: its number and that of its first operation follow from its closure.
    fn place(
        &self,
        chunk: &Chunk<'_>,
        deps: &[u32],
        past: &Clock,
    ) -> Result<(u32, u32), VoidChange> {
        let actor = chunk.actors.first().and_then(|&actor| self.graph.actor(actor));
        let last = actor.and_then(|actor| past.get(actor)).and_then(|i| self.graph.node(i));
        let expected = last.map_or(0, |node| node.seq).saturating_add(1);
        if chunk.seq != u64::from(expected) {
            return Err(VoidChange::Seq { found: chunk.seq, expected: u64::from(expected) });
        }
        let ends = deps.iter().filter_map(|&dep| self.graph.node(dep)).map(|node| node.end());
        let start = ends.max().unwrap_or(1);
        if chunk.start_op != u64::from(start) {
            return Err(VoidChange::StartOp { found: chunk.start_op, expected: u64::from(start) });
        }
        let len = u64::try_from(chunk.ops.len()).unwrap_or(u64::MAX);
        if chunk.start_op.saturating_add(len) > limits::OP_COUNTER {
            return Err(VoidChange::OpTooHigh);
        }
        Ok((expected, start))
    }

    /// The gate's numbers for the change's actors, of whom all but the author wrote in the closure.
    fn actors(&self, chunk: &Chunk<'_>, past: &Clock) -> Result<Vec<u32>, VoidChange> {
        let number = |(place, &actor): (usize, &Actor)| {
            let known = self.graph.actor(actor);
            if place == 0 {
                return Ok(known.unwrap_or_else(|| self.graph.next_actor()));
            }
            known.filter(|&actor| past.get(actor).is_some()).ok_or(VoidChange::UnknownActor)
        };
        chunk.actors.iter().enumerate().map(number).collect()
    }

    /// What a change that passed builds on.
    #[must_use]
    pub fn deps_of(&self, change: ChangeHash) -> Vec<ChangeHash> {
        let node = self.graph.index(change).and_then(|index| self.graph.node(index));
        let deps = node.into_iter().flat_map(|node| &node.deps);
        deps.filter_map(|dep| self.graph.node(*dep)).map(|node| node.hash).collect()
    }

    /// What a version consists of: the changes named and all that they build on, in an order that
    /// is causal and the same on every device (by first operation, then hash).
    ///
    /// `None` if a head is not known here, or if the heads together have both sides of a fork.
    #[must_use]
    pub fn closure(&self, heads: &[ChangeHash]) -> Option<Vec<ChangeHash>> {
        let heads: Vec<u32> =
            heads.iter().map(|&head| self.graph.index(head)).collect::<Option<_>>()?;
        self.graph.past(&heads)?;
        Some(selection::hashes(&self.graph, &selection::with_deps(&self.graph, heads)))
    }

    /// Whether the closure of `outer` has that of `inner` in it; not so if one is unknown.
    #[must_use]
    pub fn contains(&self, outer: &[ChangeHash], inner: &[ChangeHash]) -> bool {
        let nodes = |heads: &[ChangeHash]| {
            heads.iter().map(|&head| self.graph.index(head)).collect::<Option<Vec<u32>>>()
        };
        let (Some(outer), Some(inner)) = (nodes(outer), nodes(inner)) else { return false };
        inner.into_iter().all(|change| {
            let mut outer = outer.iter().filter_map(|&head| self.graph.node(head));
            outer.any(|head| self.graph.in_clock(&head.clock, change))
        })
    }

    /// The changes that the document is made of; see [`Selection`]. `counted` are the ok changes
    /// whose envelopes count, with their authors; `adopted` are the heads of the adopted version,
    /// which decides nothing if it has both sides of a fork.
    #[must_use]
    pub fn selection(
        &self,
        counted: &BTreeMap<ChangeHash, MemberId>,
        adopted: &[ChangeHash],
    ) -> Selection {
        let counted = counted.iter().filter_map(|(&hash, &by)| Some((self.graph.index(hash)?, by)));
        let adopted =
            adopted.iter().map(|&head| self.graph.index(head)).collect::<Option<Vec<_>>>();
        let adopted = adopted.and_then(|heads| self.graph.past(&heads));
        let base = self.graph.index(self.base.hash);
        selection::select(&self.graph, base, &counted.collect(), adopted.as_ref())
    }
}

/// Rules: operations and what they refer to. Returns what later changes need to know of them.
fn check_ops(mut view: View<'_>, ops: &[Op<'_>], actors: &[u32]) -> Result<Table, VoidChange> {
    let mut steps = limits::MARK_STEPS;
    let mut open: Option<(Id, usize)> = None;
    for (place, op) in ops.iter().enumerate() {
        let op = numbered(op, actors)?;
        let id = Id { counter: view.start.saturating_add(view.table.len()), actor: view.own };
        let shape = shape::check(&view, place, &op)?;
        match (open, shape.kind) {
            (None, Kind::MarkEnd) => return Err(VoidChange::HalfMark(place)),
            (Some((begin, _)), Kind::MarkEnd) => {
                if view.find(begin).and_then(|begin| begin.object) != shape.object {
                    return Err(VoidChange::HalfMark(place));
                }
            }
            (Some((_, begin)), _) => return Err(VoidChange::HalfMark(begin)),
            (None, _) => {}
        }
        view.table.push(id, shape);
        open = match (open, shape.kind) {
            (None, Kind::MarkBegin) => Some((id, place)),
            (Some((begin, _)), _) => {
                // A saved document with an end before its beginning does not load again.
                match view.comes_after(begin, id, &mut steps) {
                    Some(true) => None,
                    Some(false) => return Err(VoidChange::MarkBackwards(place)),
                    None => return Err(VoidChange::MarksTooDeep),
                }
            }
            (None, _) => None,
        };
    }
    match open {
        Some((_, begin)) => Err(VoidChange::HalfMark(begin)),
        None => Ok(view.table),
    }
}

/// The operation with the gate's numbers for actors.
fn numbered<'a>(op: &Op<'a>, actors: &[u32]) -> Result<Op<'a>, VoidChange> {
    let number = |id: Id| {
        let actor = usize::try_from(id.actor).ok().and_then(|place| actors.get(place));
        let actor = *actor.ok_or(VoidChange::UnknownActor)?;
        Ok(Id { counter: id.counter, actor })
    };
    let mut op = op.clone();
    op.object = op.object.map(number).transpose()?;
    if let Key::Element(id) = op.key {
        op.key = Key::Element(number(id)?);
    }
    op.preds = op.preds.into_iter().map(number).collect::<Result<_, VoidChange>>()?;
    Ok(op)
}

/// The last rule, and the first time that Automerge sees the bytes: all that could make its decoder
/// panic, loop or allocate was refused before. Saving a document rebuilds its changes and loading
/// compares their hashes, so bytes that Automerge would encode otherwise would spoil the document.
/// As the encoder computes the checksum, equal bytes also prove that one.
fn check_encoding(bytes: &[u8], checksum: [u8; 4]) -> Result<ChangeHash, VoidChange> {
    let change = Change::try_from(bytes).map_err(|_| VoidChange::Malformed("columns"))?;
    let hash = change.hash();
    if !hash.0.starts_with(&checksum) {
        return Err(VoidChange::Checksum);
    }
    let again = Change::from(ExpandedChange::from(&change));
    if again.raw_bytes() != bytes {
        return Err(VoidChange::NotCanonical);
    }
    Ok(ChangeHash::from_bytes(hash.0))
}

#[cfg(test)]
mod tests;
