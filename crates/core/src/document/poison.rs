//! Poisonous changes: hash-valid, signable by any member, and each either deadly to Automerge or
//! against one rule of the gate. For tests; also of other crates, by the feature `testing`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::missing_panics_doc
)]

mod bytes;
mod draft;
mod encode;
mod refs;
mod shapes;

use automerge::marks::{ExpandMark, Mark};
use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, ObjType, ROOT, ReadDoc};

pub use draft::{At, Draft, OpId, Row, hash, reseal, seal};
pub use encode::{signed, unsigned};

use super::{Document, base_hash};
use crate::change::DocumentId;

/// One poisonous change to the contract.
#[derive(Clone, Debug)]
pub struct Poison {
    /// What is wrong with it.
    pub name: &'static str,
    /// The reason for which it is void; see [`super::VoidChange::code`].
    pub code: &'static str,
    /// Ok changes of the same chain that must be in its past, in order.
    pub before: Vec<Vec<u8>>,
    /// The change.
    pub bytes: Vec<u8>,
}

/// Honest changes to the contract, that the poisonous ones build on.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The changes, in order; they are ok on a chain with the author's actor.
    pub changes: Vec<Vec<u8>>,
    author: [u8; 16],
}

/// The actors in a poisonous change's table.
const ME: u64 = 0;
const BASE: u64 = 1;
const AUTHOR: u64 = 2;
/// What the first change and the ground make: see [`ground`].
const SECTIONS: OpId = (BASE, 2);
const SECTION: OpId = (AUTHOR, 4);
const KIND: OpId = (AUTHOR, 5);
const FIRST_ORDER: OpId = (AUTHOR, 6);
const HEADING: OpId = (AUTHOR, 7);
const BODY: OpId = (AUTHOR, 8);
const H: OpId = (AUTHOR, 9);
const E: OpId = (AUTHOR, 10);
const GOAL: OpId = (AUTHOR, 14);
const STATE: OpId = (AUTHOR, 15);
const DELETE_H: OpId = (AUTHOR, 19);
const MARK_BEGIN: OpId = (AUTHOR, 20);
const ORDER: OpId = (AUTHOR, 22);
/// Counter of the first operation after the ground.
const NEXT: u64 = 25;

/// Two honest changes: a section with a heading "T" and a body "Hello", of which the H is deleted
/// again and some is marked; a goal; a section made and deleted.
#[must_use]
pub fn ground(author: [u8; 16]) -> Ground {
    let mut doc = contract(author);
    let mut changes = Vec::new();
    let mut tx = doc.transaction();
    let (_, sections) = tx.get(ROOT, "sections").unwrap().unwrap();
    let (_, goals) = tx.get(ROOT, "goals").unwrap().unwrap();
    let section = tx.put_object(&sections, "0000000000000001", ObjType::Map).unwrap();
    tx.put(&section, "kind", "rules").unwrap();
    tx.put(&section, "order", "a").unwrap();
    let heading = tx.put_object(&section, "heading", ObjType::Text).unwrap();
    let body = tx.put_object(&section, "body", ObjType::Text).unwrap();
    tx.splice_text(&body, 0, 0, "Hello").unwrap();
    let goal = tx.put_object(&goals, "00000000000000aa", ObjType::Map).unwrap();
    tx.put(&goal, "state", "open").unwrap();
    tx.put_object(&goal, "text", ObjType::Text).unwrap();
    tx.splice_text(&heading, 0, 0, "T").unwrap();
    tx.commit();
    changes.push(last(&doc));
    let mut tx = doc.transaction();
    tx.put(&goal, "due", "2030").unwrap();
    tx.splice_text(&body, 0, 1, "").unwrap();
    tx.mark(&body, Mark::new("strong".into(), true, 1, 3), ExpandMark::After).unwrap();
    tx.put(&section, "order", "b").unwrap();
    tx.put_object(&sections, "0000000000000002", ObjType::Map).unwrap();
    tx.delete(&sections, "0000000000000002").unwrap();
    tx.commit();
    changes.push(last(&doc));
    Ground { changes, author }
}

fn contract(actor: [u8; 16]) -> Automerge {
    let doc = Document::new(&DocumentId::Contract).expect("the first change");
    doc.into_automerge().with_actor(ActorId::from(actor))
}

fn last(doc: &Automerge) -> Vec<u8> {
    doc.get_last_local_change().expect("a change").raw_bytes().to_vec()
}

/// A row that inserts a character into the body, at its head.
fn insert(text: &str) -> Row {
    Row {
        object: Some(BODY),
        at: At::Head,
        insert: true,
        action: 1,
        value: (6, text.as_bytes().to_vec()),
        preds: Vec::new(),
        expand: false,
        mark: None,
    }
}

/// A row that puts a text at a key.
fn put(object: OpId, key: &str, text: &str) -> Row {
    Row { object: Some(object), at: At::Key(key.into()), insert: false, ..insert(text) }
}

fn make(object: OpId, key: &str, action: u64) -> Row {
    Row { action, value: (0, Vec::new()), ..put(object, key, "") }
}

fn delete(object: OpId, at: At, preds: &[OpId]) -> Row {
    let row = make(object, "", 3);
    Row { at, preds: preds.to_vec(), ..row }
}

fn mark(begin: bool, at: At) -> Row {
    let name = begin.then(|| "em".to_owned());
    let value = if begin { (2, Vec::new()) } else { (0, Vec::new()) };
    Row { at, action: 7, value, mark: name, ..insert("") }
}

/// A change and what is wrong with it; collects them.
struct Corpus<'a> {
    ground: &'a Ground,
    attacker: [u8; 16],
    poisons: Vec<Poison>,
}

impl Corpus<'_> {
    /// The hash of the ground's head.
    fn head(&self) -> [u8; 32] {
        hash(self.ground.changes.last().expect("two"))
    }

    /// An ok change of the attacker with these rows, if they are ok. Its actor table has who is
    /// used.
    fn draft(&self, rows: Vec<Row>) -> Draft {
        let mut draft = Draft {
            deps: vec![self.head()],
            actor: self.attacker.to_vec(),
            seq: 1,
            start_op: NEXT,
            time: 0,
            message: Vec::new(),
            others: vec![vec![0; 16], self.ground.author.to_vec()],
            rows,
            columns: Vec::new(),
            extra: Vec::new(),
        };
        // Only actors that are used may be listed.
        if !draft.rows.iter().flat_map(ids).any(|id| id.0 == BASE) {
            draft.others.remove(0);
            draft.rows.iter_mut().for_each(lower);
        }
        draft
    }

    fn add(&mut self, name: &'static str, code: &'static str, bytes: Vec<u8>) {
        self.poisons.push(Poison { name, code, before: Vec::new(), bytes });
    }

    /// A change that is wrong by its rows.
    fn rows(&mut self, name: &'static str, code: &'static str, rows: Vec<Row>) {
        let bytes = self.draft(rows).encode();
        self.add(name, code, bytes);
    }

    /// A change that is wrong by something else than its rows.
    fn with(&mut self, name: &'static str, code: &'static str, spoil: impl FnOnce(&mut Draft)) {
        let mut draft = self.plain();
        spoil(&mut draft);
        self.add(name, code, draft.encode());
    }

    /// An ok change.
    fn plain(&self) -> Draft {
        self.draft(vec![insert("!")])
    }
}

fn ids(row: &Row) -> Vec<OpId> {
    let element = match row.at {
        At::Element(id) => Some(id),
        At::Key(_) | At::Head => None,
    };
    row.object.into_iter().chain(element).chain(row.preds.iter().copied()).collect()
}

/// Renumbers the author after the base's actor was taken out of the table.
fn lower(row: &mut Row) {
    let fix = |id: &mut OpId| id.0 -= u64::from(id.0 > BASE);
    row.object.iter_mut().chain(&mut row.preds).for_each(fix);
    if let At::Element(id) = &mut row.at {
        fix(id);
    }
}

impl Ground {
    /// An ok change of the attacker's on this ground: it inserts a "!".
    #[must_use]
    pub fn ok(&self, attacker: [u8; 16]) -> Draft {
        Corpus { ground: self, attacker, poisons: Vec::new() }.plain()
    }

    /// Every kind of poisonous change, by an attacker whose chain has no change yet.
    #[must_use]
    pub fn corpus(&self, attacker: [u8; 16]) -> Vec<Poison> {
        let mut corpus = Corpus { ground: self, attacker, poisons: Vec::new() };
        bytes::add(&mut corpus);
        refs::add(&mut corpus);
        shapes::add(&mut corpus);
        corpus.poisons
    }
}

/// The hash of the contract's first change.
fn first() -> [u8; 32] {
    *base_hash(&DocumentId::Contract).as_bytes()
}
