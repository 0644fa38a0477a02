//! An encoder of change chunks that encodes whatever it is told to, with the right checksum.

use sha2::{Digest, Sha256};

use super::encode::{deltas, flags, prefixed, runs, signed, unsigned};
use crate::document::chunk::Chunk;
use crate::document::clock::Id;
use crate::document::columns::{Action, Key, Op, Value};

/// An operation's id: place in the actor table (0: the author, then `others`), counter.
pub type OpId = (u64, u64);

/// Where in its object a row acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// A map's key.
    Key(String),
    /// Before all elements.
    Head,
    /// An element.
    Element(OpId),
}

/// One operation, as the columns hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The object; `None` is the root.
    pub object: Option<OpId>,
    /// Where in it.
    pub at: At,
    /// Whether it inserts.
    pub insert: bool,
    /// The action's number in the format.
    pub action: u64,
    /// The value's type in the format, and its bytes.
    pub value: (u64, Vec<u8>),
    /// What it overwrites.
    pub preds: Vec<OpId>,
    /// A mark's expand flag.
    pub expand: bool,
    /// A mark's name.
    pub mark: Option<String>,
}

/// A change, before it is encoded.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Hashes of dependencies.
    pub deps: Vec<[u8; 32]>,
    /// The author's actor id.
    pub actor: Vec<u8>,
    /// Its number on the chain.
    pub seq: u64,
    /// Counter of the first operation.
    pub start_op: u64,
    /// Wall-clock time.
    pub time: i64,
    /// Commit message.
    pub message: Vec<u8>,
    /// Other actors.
    pub others: Vec<Vec<u8>>,
    /// Operations.
    pub rows: Vec<Row>,
    /// Columns to put in or, by their specification, to put in place of those of the rows.
    pub columns: Vec<(u64, Vec<u8>)>,
    /// Bytes after the columns.
    pub extra: Vec<u8>,
}

impl Draft {
    /// Takes a valid change apart.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let actor: [u8; 16] = bytes
            .windows(17)
            .find_map(|w| {
                let actor: [u8; 16] = w[1..].try_into().ok()?;
                (w[0] == 16 && Chunk::read(bytes, actor).is_ok()).then_some(actor)
            })
            .expect("a valid change");
        let chunk = Chunk::read(bytes, actor).expect("a valid change");
        Self {
            deps: chunk.deps.iter().map(|dep| *dep.as_bytes()).collect(),
            actor: actor.to_vec(),
            seq: chunk.seq,
            start_op: chunk.start_op,
            time: 0,
            message: Vec::new(),
            others: chunk.actors.iter().skip(1).map(|actor| actor.to_vec()).collect(),
            rows: chunk.ops.iter().map(row).collect(),
            columns: Vec::new(),
            extra: Vec::new(),
        }
    }

    /// Encodes it, as Automerge would if it could be got to.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut data = Vec::new();
        unsigned(&mut data, self.deps.len() as u64);
        self.deps.iter().for_each(|dep| data.extend(dep));
        prefixed(&mut data, &self.actor);
        unsigned(&mut data, self.seq);
        unsigned(&mut data, self.start_op);
        signed(&mut data, self.time);
        prefixed(&mut data, &self.message);
        unsigned(&mut data, self.others.len() as u64);
        self.others.iter().for_each(|actor| prefixed(&mut data, actor));
        let mut columns = columns(&self.rows);
        for (spec, bytes) in &self.columns {
            columns.retain(|(s, _)| s != spec);
            columns.push((*spec, bytes.clone()));
        }
        columns.retain(|(_, bytes)| !bytes.is_empty());
        columns.sort_by_key(|(spec, _)| *spec);
        unsigned(&mut data, columns.len() as u64);
        for (spec, bytes) in &columns {
            unsigned(&mut data, *spec);
            unsigned(&mut data, bytes.len() as u64);
        }
        columns.iter().for_each(|(_, bytes)| data.extend(bytes));
        data.extend(&self.extra);
        seal(1, &data)
    }
}

fn row(op: &Op<'_>) -> Row {
    let id = |id: Id| (u64::from(id.actor), u64::from(id.counter));
    Row {
        object: op.object.map(id),
        at: match op.key {
            Key::Map(key) => At::Key(key.to_owned()),
            Key::Head => At::Head,
            Key::Element(element) => At::Element(id(element)),
        },
        insert: op.insert,
        action: match op.action {
            Action::MakeMap => 0,
            Action::Put => 1,
            Action::Delete => 3,
            Action::MakeText => 4,
            Action::Mark => 7,
            Action::Other => 6,
        },
        value: match op.value {
            Value::Null | Value::Other => (0, Vec::new()),
            Value::Flag(flag) => (1 + u64::from(flag), Vec::new()),
            Value::Text(text) => (6, text.as_bytes().to_vec()),
        },
        preds: op.preds.iter().copied().map(id).collect(),
        expand: op.expand,
        mark: op.mark.map(str::to_owned),
    }
}

/// Puts the header of a chunk before its data.
#[must_use]
pub fn seal(kind: u8, data: &[u8]) -> Vec<u8> {
    let mut head = vec![kind];
    unsigned(&mut head, data.len() as u64);
    head.extend(data);
    let hash = Sha256::digest(&head);
    let mut bytes = vec![0x85, 0x6f, 0x4a, 0x83];
    bytes.extend(&hash[..4]);
    bytes.extend(head);
    bytes
}

/// The hash of a chunk.
#[must_use]
pub fn hash(chunk: &[u8]) -> [u8; 32] {
    Sha256::digest(&chunk[8..]).into()
}

/// Makes the checksum right again, and the length too where the header is whole.
#[must_use]
pub fn reseal(chunk: &[u8]) -> Vec<u8> {
    let header = 9 + chunk.iter().skip(9).take_while(|byte| **byte & 0x80 != 0).count() + 1;
    match (chunk.get(8), chunk.get(header..)) {
        (Some(&kind), Some(data)) => seal(kind, data),
        _ => chunk.to_vec(),
    }
}

fn columns(rows: &[Row]) -> Vec<(u64, Vec<u8>)> {
    let number = |value: &u64, out: &mut Vec<u8>| unsigned(out, *value);
    let delta = |value: &i64, out: &mut Vec<u8>| signed(out, *value);
    let text = |value: &String, out: &mut Vec<u8>| prefixed(out, value.as_bytes());
    let all = |f: &dyn Fn(&Row) -> Option<u64>| runs(rows.iter().map(f).collect(), number);
    let element = |row: &Row| match row.at {
        At::Element(id) => Some(id),
        At::Head | At::Key(_) => None,
    };
    let key_counter = rows.iter().map(|row| match row.at {
        At::Key(_) => None,
        At::Head => Some(0),
        At::Element((_, counter)) => Some(counter),
    });
    let key_text = rows.iter().map(|row| match &row.at {
        At::Key(key) => Some(key.clone()),
        At::Head | At::Element(_) => None,
    });
    let preds: Vec<OpId> = rows.iter().flat_map(|row| row.preds.iter().copied()).collect();
    vec![
        (0x01, all(&|row| row.object.map(|id| id.0))),
        (0x02, all(&|row| row.object.map(|id| id.1))),
        (0x11, all(&|row| element(row).map(|id| id.0))),
        (0x13, runs(deltas(key_counter), delta)),
        (0x15, runs(key_text.collect(), text)),
        (0x34, flags(rows.iter().map(|row| row.insert))),
        (0x42, all(&|row| Some(row.action))),
        (0x56, all(&|row| Some((row.value.1.len() as u64) << 4 | row.value.0))),
        (0x57, rows.iter().flat_map(|row| row.value.1.clone()).collect()),
        (0x70, all(&|row| Some(row.preds.len() as u64))),
        (0x71, runs(preds.iter().map(|id| Some(id.0)).collect(), number)),
        (0x73, runs(deltas(preds.iter().map(|id| Some(id.1))), delta)),
        (
            0x94,
            if rows.iter().any(|r| r.expand) {
                flags(rows.iter().map(|r| r.expand))
            } else {
                vec![]
            },
        ),
        (0xa5, runs(rows.iter().map(|row| row.mark.clone()).collect(), text)),
    ]
}
