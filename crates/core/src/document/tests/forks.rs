//! Which side of a fork stays, and what goes with the other.

use std::collections::BTreeMap;

use super::edits::Edit;
use super::world::{Step, World};
use crate::change::DocumentId;
use crate::document::poison::{At, Draft, Row, ground, hash};
use crate::document::{Gate, Selection};
use crate::ids::{ChangeHash, MemberId};

const AUTHOR: [u8; 16] = [0x11; 16];

/// Changes that insert a character each, into the ground's body, by hand.
struct Chains {
    gate: Gate,
    counted: BTreeMap<ChangeHash, MemberId>,
    ends: BTreeMap<ChangeHash, u64>,
    plain: Draft,
    head: ChangeHash,
}

impl Chains {
    fn new() -> Self {
        let ground = ground(AUTHOR);
        let mut gate = Gate::new(&DocumentId::Contract);
        let mut counted = BTreeMap::new();
        for bytes in &ground.changes {
            let hash = gate.judge(AUTHOR, bytes, &|_| true).unwrap();
            counted.insert(hash, MemberId::from_bytes(AUTHOR_ID));
        }
        let head = ChangeHash::from_bytes(hash(&ground.changes[1]));
        let plain = ground.ok([0; 16]);
        Self { gate, counted, ends: BTreeMap::from([(head, plain.start_op)]), plain, head }
    }

    /// A change of somebody (actor and member of one number) after `deps`; counted if said so.
    fn insert(
        &mut self,
        who: u8,
        seq: u64,
        deps: &[ChangeHash],
        text: &str,
        counts: bool,
    ) -> ChangeHash {
        let mut rows = self.plain.rows.clone();
        rows[0].value.1 = text.as_bytes().to_vec();
        let start_op = deps.iter().map(|dep| self.ends[dep]).max().unwrap();
        let mut deps: Vec<_> = deps.iter().map(|dep| *dep.as_bytes()).collect();
        deps.sort_unstable();
        let draft = Draft { actor: vec![who; 16], seq, deps, rows, start_op, ..self.plain.clone() };
        let hash = self.gate.judge([who; 16], &draft.encode(), &|_| true).unwrap();
        self.ends.insert(hash, start_op + 1);
        if counts {
            self.counted.insert(hash, MemberId::from_bytes([who; 32]));
        }
        hash
    }

    fn selection(&self, adopted: &[ChangeHash]) -> Selection {
        self.gate.selection(&self.counted, adopted)
    }
}

const AUTHOR_ID: [u8; 32] = [0x11; 32];

#[test]
fn of_a_fork_the_lowest_hash_stays_when_nobody_builds_on_either() {
    let mut chains = Chains::new();
    let head = chains.head;
    let a = chains.insert(1, 1, &[head], "a", true);
    let b = chains.insert(1, 1, &[head], "b", true);
    let after = chains.insert(1, 2, &[a.max(b)], "c", true);
    let selection = chains.selection(&[]);
    assert_eq!(selection.heads, [a.min(b)]);
    assert_eq!(selection.left_out, [a.max(b), after]);
    assert!(chains.gate.closure(&[a, b]).is_none());
    assert!(chains.gate.closure(&[a, head]).is_some());
}

#[test]
fn the_side_that_more_other_members_build_on_stays() {
    let mut chains = Chains::new();
    let head = chains.head;
    let sides = [chains.insert(1, 1, &[head], "a", true), chains.insert(1, 1, &[head], "b", true)];
    let (low, high) = (sides[0].min(sides[1]), sides[0].max(sides[1]));
    let own = chains.insert(1, 2, &[low], "c", true);
    let more = chains.insert(1, 3, &[own], "d", true);
    assert_eq!(chains.selection(&[]).heads, [more]);
    // One other member speaks for a side; also through what does not count itself.
    let between = chains.insert(9, 1, &[high], "e", false);
    assert_eq!(chains.selection(&[]).heads, [more]);
    let other = chains.insert(2, 1, &[between], "f", true);
    let selection = chains.selection(&[]);
    assert_eq!(selection.heads, [other]);
    assert!(selection.kept.contains(&high) && selection.left_out.contains(&low));
    // Many changes of one member are one member; two members are more than one.
    let third = chains.insert(3, 1, &[more], "g", true);
    let fourth = chains.insert(4, 1, &[third], "h", true);
    let again = chains.insert(2, 2, &[other], "i", true);
    let again = chains.insert(2, 3, &[again], "j", true);
    assert_eq!(chains.selection(&[]).heads, [fourth]);
    // What people ratified stays, whoever builds on something else.
    assert_eq!(chains.selection(&[other]).heads, [again]);
    // A version that has both sides decides nothing, nor does one that is not known here.
    assert_eq!(chains.selection(&[other, third]).heads, [fourth]);
    assert_eq!(chains.selection(&[other, ChangeHash::from_bytes([1; 32])]).heads, [fourth]);
}

#[test]
fn the_authors_own_changes_do_not_speak_for_a_side() {
    let mut chains = Chains::new();
    let head = chains.head;
    let sides = [chains.insert(1, 1, &[head], "a", true), chains.insert(1, 1, &[head], "b", true)];
    let (low, high) = (sides[0].min(sides[1]), sides[0].max(sides[1]));
    let own = chains.insert(1, 2, &[high], "0", true);
    let more = chains.insert(1, 3, &[own], "1", true);
    let selection = chains.selection(&[]);
    assert_eq!(selection.heads, [low]);
    assert_eq!(selection.left_out, [high, own, more]);
    // Nor does a side speak for itself: one that does not count, with one other member on it,
    // stays.
    let mut chains = Chains::new();
    let sides = ["a", "b"].map(|text| chains.insert(1, 1, &[head], text, false));
    let (low, high) = (sides[0].min(sides[1]), sides[0].max(sides[1]));
    chains.counted.insert(low, MemberId::from_bytes([1; 32]));
    let other = chains.insert(2, 1, &[high], "c", true);
    assert_eq!(chains.selection(&[]).heads, [other]);
}

#[test]
fn a_member_speaks_for_a_side_though_their_later_changes_do_not_count() {
    let mut chains = Chains::new();
    let head = chains.head;
    let sides = [chains.insert(1, 1, &[head], "a", true), chains.insert(1, 1, &[head], "b", true)];
    let (low, high) = (sides[0].min(sides[1]), sides[0].max(sides[1]));
    let one = chains.insert(2, 1, &[high], "c", true);
    let cut = chains.insert(2, 2, &[one], "d", false);
    let builds_on_cut = chains.insert(3, 1, &[cut], "e", true);
    let low = chains.insert(4, 1, &[low], "f", true);
    // Two (2 and 3) speak for the one side, one (4) for the other; then two each.
    assert_eq!(chains.selection(&[]).heads, [builds_on_cut]);
    let low = chains.insert(5, 1, &[low], "g", true);
    assert_eq!(chains.selection(&[]).heads, [low]);
}

#[test]
fn a_fork_late_in_a_chain_takes_only_its_own_later_part_out() {
    let mut chains = Chains::new();
    let mut last = chains.head;
    let mut line = Vec::new();
    for seq in 1..=50 {
        last = chains.insert(1, seq, &[last], "x", true);
        line.push(last);
    }
    let twin = chains.insert(1, 31, &[line[29]], "y", true);
    let other = chains.insert(2, 1, &[twin], "z", true);
    let selection = chains.selection(&[]);
    assert_eq!(selection.left_out, line[30..]);
    assert_eq!(selection.heads, [other]);
    assert!(chains.gate.contains(&[twin], &line[..30]));
    assert!(!chains.gate.contains(&[twin], &line[30..31]));
    assert!(!chains.gate.contains(&[line[49]], &[twin]));
    assert!(chains.gate.contains(&[line[49], twin], &[twin, line[40]]));
    assert!(!chains.gate.contains(&[line[49]], &[ChangeHash::from_bytes([1; 32])]));
}

#[test]
fn what_a_removed_member_wrote_stays_where_counted_words_build_on_it() {
    let mut chains = Chains::new();
    let head = chains.head;
    let removed = chains.insert(1, 1, &[head], "a", false);
    let after = chains.insert(1, 2, &[removed], "b", false);
    let counted = chains.insert(2, 1, &[removed], "c", true);
    let selection = chains.selection(&[]);
    assert_eq!(selection.heads, [counted]);
    assert!(selection.kept.contains(&removed));
    assert!(!selection.kept.contains(&after) && selection.left_out.is_empty());
}

#[test]
fn marks_too_deep_in_a_text_are_refused_before_they_take_long() {
    let mut chains = Chains::new();
    let actor = [1; 16];
    let mut draft = Draft { actor: actor.to_vec(), ..chains.plain.clone() };
    // A text in which each letter is placed after the one two operations before: no stretches.
    let start = draft.start_op;
    let row = |i: u64| Row {
        at: if i < 2 { At::Head } else { At::Element((0, start + i - 2)) },
        ..chains.plain.rows[0].clone()
    };
    draft.rows = (0..40_000).map(row).collect();
    let mark = |begin: bool, at: u64| Row {
        at: At::Element((0, start + at)),
        action: 7,
        value: (0, Vec::new()),
        mark: begin.then(|| "em".to_owned()),
        ..chains.plain.rows[0].clone()
    };
    // Zig-zag: each of the two lines is later than the other in turns, so that climbing has to take
    // every step. The second line comes first.
    let pair = [mark(true, 39_999), mark(false, 39_998)];
    draft.rows.extend(pair.clone());
    let before = chains.gate.judge(actor, &draft.encode(), &|_| true);
    assert!(before.is_ok(), "{before:?}");
    for _ in 0..60 {
        draft.rows.extend(pair.clone());
    }
    let void = chains.gate.judge(actor, &draft.encode(), &|_| true).unwrap_err();
    assert_eq!(void.code(), "marks-too-deep");
}

#[test]
fn each_change_of_a_long_chain_finds_what_it_builds_on() {
    let mut world = World::new();
    world.step(&Step::Edit(0, vec![Edit::AddSection(1)]));
    let first = world.made[0].clone();
    let mut gate = Gate::new(&DocumentId::Contract);
    gate.judge(first.actor, &first.bytes, &|_| true).unwrap();
    let mut draft = Draft::read(&first.bytes);
    // Body: the fifth operation after the base's three; its last letter is the ninth after that.
    let (body, mut after) = ((0, 4 + 4), 4 + 4 + 9);
    let mut counted = BTreeMap::from([(first.hash, first.member)]);
    let mut next = draft.start_op + draft.rows.len() as u64;
    let mut dep = *first.hash.as_bytes();
    for seq in 2..=4_000 {
        draft.deps = vec![dep];
        draft.seq = seq;
        draft.start_op = next;
        draft.others = Vec::new();
        draft.rows = (0..8)
            .map(|i| Row {
                object: Some(body),
                at: At::Element((0, if i == 0 { after } else { next + i - 1 })),
                insert: true,
                action: 1,
                value: (6, b"x".to_vec()),
                preds: Vec::new(),
                expand: false,
                mark: None,
            })
            .collect();
        next += 8;
        after = next - 1;
        let hash = gate.judge(first.actor, &draft.encode(), &|_| true).unwrap();
        dep = *hash.as_bytes();
        counted.insert(hash, first.member);
    }
    let selection = gate.selection(&counted, &[]);
    assert_eq!(selection.kept.len(), 4_001);
    let all: Vec<_> = selection.kept[1..].to_vec();
    let last = *all.last().unwrap();
    assert!(all.iter().all(|&change| gate.contains(&[last], &[change])));
    let before = all[all.len() - 2];
    assert!(!gate.contains(&[before], &[last]) && gate.contains(&[before], &all[..3_000]));
}
