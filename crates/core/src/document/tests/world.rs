//! People who edit one contract, on devices that meet, part, and are restored from backups.

use std::collections::{BTreeMap, BTreeSet};

use automerge::marks::{ExpandMark, Mark};
use automerge::transaction::{Transactable, Transaction};
use automerge::{ActorId, Automerge, AutomergeError, ObjId, ObjType, ROOT, ReadDoc, hydrate};
use proptest::prelude::*;

use crate::change::DocumentId;
use crate::document::{Document, Gate, Selection};
use crate::ids::{ChangeHash, MemberId};

/// What somebody does; the numbers choose among what is there.
#[derive(Clone, Debug)]
pub enum Step {
    /// Somebody makes a change of these edits.
    Edit(usize, Vec<Edit>),
    /// Somebody receives all that somebody else has.
    Receive(usize, usize),
    /// Somebody's device is restored twice from a backup of now: the copy is a further device.
    Clone(usize),
}

/// One edit.
#[derive(Clone, Debug)]
pub enum Edit {
    AddSection(u8),
    DeleteSection(usize),
    PutKind(usize, usize),
    PutOrder(usize, String),
    NewBody(usize),
    Splice(usize, usize, usize, String),
    Rewrite(usize, String),
    Mark(usize, usize, usize, usize, usize),
    Unmark(usize, usize, usize),
    AddGoal(u8),
    PutGoal(usize, usize, String),
    DeleteGoal(usize),
    DeleteGoalField(usize, bool),
    Title(usize, String),
}

fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ]{1,12}",
        Just("Zoë 👩‍👩‍👧 e\u{301}\n\tnaïve 漢字".to_owned()),
        "\\PC{0,6}".prop_map(|s| s.chars().filter(|&c| !crate::text::hides(c)).collect()),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    let n = || 0_usize..40;
    prop_oneof![
        2 => (0_u8..6).prop_map(Edit::AddSection),
        1 => n().prop_map(Edit::DeleteSection),
        1 => (n(), 0_usize..6).prop_map(|(s, k)| Edit::PutKind(s, k)),
        1 => (n(), "[!-~]{1,8}").prop_map(|(s, o)| Edit::PutOrder(s, o)),
        1 => n().prop_map(Edit::NewBody),
        8 => (n(), n(), 0_usize..6, typed()).prop_map(|(t, at, del, s)| Edit::Splice(t, at, del, s)),
        1 => (n(), typed()).prop_map(|(t, s)| Edit::Rewrite(t, s)),
        3 => (n(), n(), n(), n(), 0_usize..4).prop_map(|(t, a, b, v, e)| Edit::Mark(t, a, b, v, e)),
        1 => (n(), n(), n()).prop_map(|(t, a, b)| Edit::Unmark(t, a, b)),
        1 => (0_u8..4).prop_map(Edit::AddGoal),
        1 => (n(), 0_usize..4, "[a-z]{1,9}").prop_map(|(g, f, s)| Edit::PutGoal(g, f, s)),
        1 => n().prop_map(Edit::DeleteGoal),
        1 => (n(), any::<bool>()).prop_map(|(g, due)| Edit::DeleteGoalField(g, due)),
        1 => (0_usize..9, typed()).prop_map(|(at, s)| Edit::Title(at, s)),
    ]
}

pub fn step(clones: u32) -> impl Strategy<Value = Step> {
    let who = || 0_usize..8;
    let edits = proptest::collection::vec(edit(), 1..6);
    prop_oneof![
        6 => (who(), edits).prop_map(|(who, edits)| Step::Edit(who, edits)),
        3 => (who(), who()).prop_map(|(to, from)| Step::Receive(to, from)),
        clones => who().prop_map(Step::Clone),
    ]
}

/// A device.
#[derive(Clone, Debug)]
struct Device {
    member: MemberId,
    actor: [u8; 16],
    known: BTreeSet<ChangeHash>,
}

/// A change that was made.
#[derive(Clone, Debug)]
pub struct Made {
    pub hash: ChangeHash,
    pub bytes: Vec<u8>,
    pub actor: [u8; 16],
    pub member: MemberId,
    /// What its author had.
    pub past: BTreeSet<ChangeHash>,
}

/// All that was made, and the gate of somebody who sees it at once.
#[derive(Debug)]
pub struct World {
    pub gate: Gate,
    pub made: Vec<Made>,
    devices: Vec<Device>,
    actors: u8,
}

impl World {
    pub fn new() -> Self {
        let device = |n: u8| Device {
            member: MemberId::from_bytes([n; 32]),
            // Not in the order of the members.
            actor: [n.wrapping_mul(97); 16],
            known: BTreeSet::new(),
        };
        Self {
            gate: Gate::new(&DocumentId::Contract),
            made: Vec::new(),
            devices: (1..=3).map(device).collect(),
            actors: 3,
        }
    }

    /// The change that became of a hash.
    fn made(&self, hash: ChangeHash) -> Option<&Made> {
        self.made.iter().find(|made| made.hash == hash)
    }

    pub fn counted(&self, known: &BTreeSet<ChangeHash>) -> BTreeMap<ChangeHash, MemberId> {
        let known = self.made.iter().filter(|made| known.contains(&made.hash));
        known.map(|made| (made.hash, made.member)).collect()
    }

    pub fn all(&self) -> BTreeSet<ChangeHash> {
        self.made.iter().map(|made| made.hash).collect()
    }

    pub fn build(&self, selection: &Selection) -> Document {
        let bytes = |hash| self.made(hash).map(|made| made.bytes.as_slice());
        Document::build(&DocumentId::Contract, &selection.kept, &bytes).unwrap()
    }

    /// Takes a step. What an honest device makes, the gate takes, whoever judges it.
    pub fn step(&mut self, step: &Step) {
        let at = |who: &usize| who % self.devices.len();
        match step {
            Step::Clone(who) => self.devices.push(self.devices[at(who)].clone()),
            Step::Receive(to, from) => {
                let known = self.devices[at(from)].known.clone();
                let to = at(to);
                self.devices[to].known.extend(known);
            }
            Step::Edit(who, edits) => self.edit(at(who), edits),
        }
    }

    fn edit(&mut self, who: usize, edits: &[Edit]) {
        let device = self.devices[who].clone();
        let selection = self.gate.selection(&self.counted(&device.known), &[]);
        let lost = |hash: &ChangeHash| self.made(*hash).is_some_and(|m| m.actor == device.actor);
        let mut actor = device.actor;
        if selection.left_out.iter().any(lost) {
            // One of its changes lost to a fork: a new incarnation.
            self.actors += 1;
            actor = [self.actors.wrapping_mul(97); 16];
            self.devices[who].actor = actor;
        }
        let doc = self.build(&selection).into_automerge();
        let mut doc = doc.with_actor(ActorId::from(actor));
        let mut tx = doc.transaction();
        for edit in edits {
            make(&mut tx, edit).unwrap();
        }
        if tx.commit().0.is_none() {
            return;
        }
        let bytes = doc.get_last_local_change().unwrap().raw_bytes().to_vec();
        let past = device.known.clone();
        let verdict = self.gate.judge(actor, &bytes, &|hash| past.contains(&hash));
        let hash = verdict.unwrap_or_else(|void| panic!("an honest change is void: {void}"));
        if self.devices[who].known.insert(hash) && self.made(hash).is_none() {
            self.made.push(Made { hash, bytes, actor, member: device.member, past });
        }
    }

    /// All changes in an order that causality allows, chosen by a seed.
    pub fn shuffled(&self, mut seed: u64) -> Vec<&Made> {
        let mut waiting: Vec<&Made> = self.made.iter().collect();
        let mut there = BTreeSet::new();
        let mut order = Vec::new();
        while !waiting.is_empty() {
            let ready: Vec<usize> =
                (0..waiting.len()).filter(|&i| waiting[i].past.is_subset(&there)).collect();
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let made = waiting.remove(ready[(seed % ready.len() as u64) as usize]);
            there.insert(made.hash);
            order.push(made);
        }
        order
    }
}

fn children(tx: &Transaction<'_>, key: &str) -> (ObjId, Vec<(String, ObjId)>) {
    let (_, map) = tx.get(ROOT, key).unwrap().unwrap();
    let parts = tx.map_range(&map, ..).map(|item| (item.key.to_string(), item.id())).collect();
    (map, parts)
}

/// The texts of all sections and goals, conflicting ones too.
fn texts(tx: &Transaction<'_>) -> Vec<ObjId> {
    let mut texts = vec![tx.get(ROOT, "title").unwrap().unwrap().1];
    for (_, part) in children(tx, "sections").1.into_iter().chain(children(tx, "goals").1) {
        for key in ["heading", "body", "text"] {
            texts.extend(tx.get_all(&part, key).unwrap().into_iter().map(|(_, id)| id));
        }
    }
    texts
}

fn pick<T>(all: Vec<T>, n: usize) -> Option<T> {
    let place = n.checked_rem(all.len())?;
    all.into_iter().nth(place)
}

/// A place between two characters, in UTF-16 code units, as an editor has it.
fn boundary(tx: &Transaction<'_>, text: &ObjId, n: usize) -> usize {
    let text = tx.text(text).unwrap();
    let stops: Vec<usize> = text
        .char_indices()
        .map(|(i, _)| i)
        .chain([text.len()])
        .map(|i| text[..i].encode_utf16().count())
        .collect();
    stops[n % stops.len()]
}

fn make(tx: &mut Transaction<'_>, edit: &Edit) -> Result<(), AutomergeError> {
    let (sections, all_sections) = children(tx, "sections");
    let (goals, all_goals) = children(tx, "goals");
    match edit {
        Edit::AddSection(n) => {
            let id = tx.put_object(&sections, format!("{n:016x}"), ObjType::Map)?;
            tx.put(&id, "kind", "other")?;
            tx.put(&id, "order", "m")?;
            tx.put_object(&id, "heading", ObjType::Text)?;
            let body = tx.put_object(&id, "body", ObjType::Text)?;
            tx.splice_text(&body, 0, 0, "The body.")?;
        }
        Edit::DeleteSection(n) => {
            if let Some((key, _)) = pick(all_sections, *n) {
                tx.delete(&sections, key)?;
            }
        }
        Edit::PutKind(n, kind) => {
            if let Some((_, id)) = pick(all_sections, *n) {
                let kinds = ["identity", "purpose", "principles", "rules", "goals", "other"];
                tx.put(&id, "kind", kinds[*kind])?;
            }
        }
        Edit::PutOrder(n, order) => {
            if let Some((_, id)) = pick(all_sections, *n) {
                tx.put(&id, "order", order.as_str())?;
            }
        }
        Edit::NewBody(n) => {
            if let Some((_, id)) = pick(all_sections, *n) {
                tx.put_object(&id, "body", ObjType::Text)?;
            }
        }
        Edit::AddGoal(n) => {
            let id = tx.put_object(&goals, format!("{n:016x}"), ObjType::Map)?;
            tx.put(&id, "order", "z")?;
            tx.put(&id, "state", "open")?;
            let text = tx.put_object(&id, "text", ObjType::Text)?;
            tx.splice_text(&text, 0, 0, "Win")?;
        }
        Edit::PutGoal(n, field, value) => {
            if let Some((_, id)) = pick(all_goals, *n) {
                let key = ["measure", "due", "order", "state"][*field];
                tx.put(&id, key, if key == "state" { "done" } else { value })?;
            }
        }
        Edit::DeleteGoal(n) => {
            if let Some((key, _)) = pick(all_goals, *n) {
                tx.delete(&goals, key)?;
            }
        }
        Edit::DeleteGoalField(n, due) => {
            if let Some((_, id)) = pick(all_goals, *n) {
                let key = if *due { "due" } else { "measure" };
                if tx.get(&id, key)?.is_some() {
                    tx.delete(&id, key)?;
                }
            }
        }
        Edit::Title(at, text) => {
            let title = tx.get(ROOT, "title")?.unwrap().1;
            let at = boundary(tx, &title, *at);
            tx.splice_text(&title, at, 0, text)?;
        }
        Edit::Splice(..) | Edit::Rewrite(..) | Edit::Mark(..) | Edit::Unmark(..) => {
            in_text(tx, edit)?;
        }
    }
    Ok(())
}

fn in_text(tx: &mut Transaction<'_>, edit: &Edit) -> Result<(), AutomergeError> {
    let (Edit::Splice(n, ..) | Edit::Rewrite(n, _) | Edit::Mark(n, ..) | Edit::Unmark(n, ..)) =
        edit
    else {
        return Ok(());
    };
    let text = pick(texts(tx), *n).unwrap();
    let range = |a, b| {
        let (a, b) = (boundary(tx, &text, a), boundary(tx, &text, b));
        (a.min(b), a.max(b))
    };
    match edit {
        Edit::Splice(_, at, del, typed) => {
            let at = boundary(tx, &text, *at);
            let del = (*del).min(tx.length(&text) - at);
            tx.splice_text(&text, at, del.cast_signed(), typed)?;
        }
        Edit::Rewrite(_, typed) => tx.update_text(&text, typed)?,
        Edit::Mark(_, a, b, value, expand) => {
            let (start, end) = range(*a, *b);
            let expand =
                [ExpandMark::None, ExpandMark::Before, ExpandMark::After, ExpandMark::Both]
                    [*expand];
            let mark = match value % 3 {
                0 => Mark::new("strong".into(), true, start, end),
                1 => Mark::new("link".into(), "a place", start, end),
                _ => Mark::new("em".into(), false, start, end),
            };
            tx.mark(&text, mark, expand)?;
        }
        Edit::Unmark(_, a, b) => {
            let (start, end) = range(*a, *b);
            tx.unmark(&text, "strong", start, end, ExpandMark::After)?;
        }
        _ => {}
    }
    Ok(())
}

/// The document, as people see it, with marks.
pub fn seen(doc: &Automerge) -> (hydrate::Value, String) {
    let mut out = String::new();
    for key in ["sections", "goals"] {
        let (_, map) = doc.get(ROOT, key).unwrap().unwrap();
        for part in doc.map_range(&map, ..) {
            for key in ["heading", "body", "text"] {
                if let Some((_, text)) = doc.get(part.id(), key).unwrap() {
                    out += &format!("{:?}", doc.marks(text).unwrap());
                }
            }
        }
    }
    (doc.hydrate(None), out)
}
