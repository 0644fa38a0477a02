//! The columns of a change chunk, and the rows they make.

use super::VoidChange;
use super::chunk::Reader;
use super::clock::Id;
use super::runs::{exactly, flags, runs, sums};
use crate::limits;

/// What an operation does, as numbered in the format. Others (lists, tables, increments) have no
/// place in a copact document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    MakeMap,
    Put,
    Delete,
    MakeText,
    Mark,
    Other,
}

/// Where in its object an operation acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key<'a> {
    Map(&'a str),
    Head,
    Element(Id),
}

/// A value; only these kinds have a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Null,
    Flag(bool),
    Text(&'a str),
    Other,
}

/// One row. The actors of ids are places in the change's own table.
#[derive(Clone, Debug)]
pub(super) struct Op<'a> {
    /// `None` is the root.
    pub object: Option<Id>,
    pub key: Key<'a>,
    pub insert: bool,
    pub action: Action,
    pub value: Value<'a>,
    pub preds: Vec<Id>,
    pub expand: bool,
    pub mark: Option<&'a str>,
}

impl Op<'_> {
    /// All ids it refers to.
    pub(super) fn ids(&self) -> impl Iterator<Item = Id> {
        let element = match self.key {
            Key::Element(id) => Some(id),
            Key::Map(_) | Key::Head => None,
        };
        self.object.into_iter().chain(element).chain(self.preds.iter().copied())
    }
}

/// The specifications that Automerge writes for a change, in their order.
const OBJECT_ACTOR: u64 = 0x01;
const OBJECT_COUNTER: u64 = 0x02;
const KEY_ACTOR: u64 = 0x11;
const KEY_COUNTER: u64 = 0x13;
const KEY_TEXT: u64 = 0x15;
const INSERT: u64 = 0x34;
const ACTION: u64 = 0x42;
const VALUE_META: u64 = 0x56;
const VALUE: u64 = 0x57;
const PRED_COUNT: u64 = 0x70;
const PRED_ACTOR: u64 = 0x71;
const PRED_COUNTER: u64 = 0x73;
const EXPAND: u64 = 0x94;
const MARK_NAME: u64 = 0xa5;

/// The bytes of each column.
#[derive(Debug, Default)]
struct Columns<'a> {
    object_actor: &'a [u8],
    object_counter: &'a [u8],
    key_actor: &'a [u8],
    key_counter: &'a [u8],
    key_text: &'a [u8],
    insert: &'a [u8],
    action: &'a [u8],
    value_meta: &'a [u8],
    value: &'a [u8],
    pred_count: &'a [u8],
    pred_actor: &'a [u8],
    pred_counter: &'a [u8],
    expand: &'a [u8],
    mark_name: &'a [u8],
}

impl<'a> Columns<'a> {
    fn slot(&mut self, spec: u64) -> Result<&mut &'a [u8], VoidChange> {
        Ok(match spec {
            OBJECT_ACTOR => &mut self.object_actor,
            OBJECT_COUNTER => &mut self.object_counter,
            KEY_ACTOR => &mut self.key_actor,
            KEY_COUNTER => &mut self.key_counter,
            KEY_TEXT => &mut self.key_text,
            INSERT => &mut self.insert,
            ACTION => &mut self.action,
            VALUE_META => &mut self.value_meta,
            VALUE => &mut self.value,
            PRED_COUNT => &mut self.pred_count,
            PRED_ACTOR => &mut self.pred_actor,
            PRED_COUNTER => &mut self.pred_counter,
            EXPAND => &mut self.expand,
            MARK_NAME => &mut self.mark_name,
            _ => return Err(VoidChange::Malformed("columns")),
        })
    }

    fn split(fields: &mut Reader<'a>) -> Result<Self, VoidChange> {
        let mut specs = Vec::new();
        let mut last = None;
        for _ in 0..fields.unsigned()? {
            let spec = fields.unsigned()?;
            let len = fields.unsigned()?;
            if last >= Some(spec) || len == 0 {
                return Err(VoidChange::Malformed("columns"));
            }
            last = Some(spec);
            specs.push((spec, len));
        }
        let mut columns = Self::default();
        for (spec, len) in specs {
            *columns.slot(spec)? = fields.take(len)?;
        }
        Ok(columns)
    }
}

fn id(actor: u64, counter: u64, actors: usize) -> Result<Id, VoidChange> {
    let malformed = VoidChange::Malformed("ids");
    if counter == 0 || counter >= limits::OP_COUNTER {
        return Err(malformed);
    }
    match (u32::try_from(actor), u32::try_from(counter)) {
        (Ok(place), Ok(counter)) if usize::try_from(place).is_ok_and(|place| place < actors) => {
            Ok(Id { counter, actor: place })
        }
        _ => Err(malformed),
    }
}

const fn action(number: u64) -> Result<Action, VoidChange> {
    Ok(match number {
        0 => Action::MakeMap,
        1 => Action::Put,
        3 => Action::Delete,
        4 => Action::MakeText,
        7 => Action::Mark,
        2 | 5 | 6 => Action::Other,
        _ => return Err(VoidChange::Malformed("actions")),
    })
}

/// Reads the columns and turns them into rows.
pub(super) fn read<'a>(fields: &mut Reader<'a>, actors: usize) -> Result<Vec<Op<'a>>, VoidChange> {
    let columns = Columns::split(fields)?;
    let limit = limits::CHANGE_OPS;
    let actions = runs(columns.action, "actions", limit, Reader::unsigned)?;
    let rows = actions.len();
    let objects = objects(&columns, rows, actors)?;
    let keys = keys(&columns, rows, actors)?;
    let inserts = flags(columns.insert, "insertions", rows)?;
    let values = values(&columns, rows)?;
    let mut preds = preds(&columns, rows, actors)?.into_iter();
    let expands = flags(columns.expand, "marks", rows)?;
    let marks = exactly(runs(columns.mark_name, "marks", limit, text)?, rows, "marks")?;
    let mut ops = Vec::with_capacity(rows);
    let fixed = objects.into_iter().zip(keys).zip(inserts).zip(values).zip(expands).zip(marks);
    for (number, (((((object, key), insert), value), expand), mark)) in actions.iter().zip(fixed) {
        let number = number.ok_or(VoidChange::Malformed("actions"))?;
        let preds = preds.next().unwrap_or_default();
        let action = action(number)?;
        ops.push(Op { object, key, insert, action, value, preds, expand, mark });
    }
    Ok(ops)
}

fn text<'a>(reader: &mut Reader<'a>) -> Result<&'a str, VoidChange> {
    let len = reader.unsigned()?;
    reader.text(len)
}

fn objects(c: &Columns<'_>, rows: usize, actors: usize) -> Result<Vec<Option<Id>>, VoidChange> {
    let what = "objects";
    let limit = limits::CHANGE_OPS;
    let places = exactly(runs(c.object_actor, what, limit, Reader::unsigned)?, rows, what)?;
    let counters = exactly(runs(c.object_counter, what, limit, Reader::unsigned)?, rows, what)?;
    let pairs = places.into_iter().zip(counters);
    pairs
        .map(|pair| match pair {
            (None, None) => Ok(None),
            (Some(actor), Some(counter)) => id(actor, counter, actors).map(Some),
            _ => Err(VoidChange::Malformed(what)),
        })
        .collect()
}

fn keys<'a>(c: &Columns<'a>, rows: usize, actors: usize) -> Result<Vec<Key<'a>>, VoidChange> {
    let what = "keys";
    let limit = limits::CHANGE_OPS;
    let places = exactly(runs(c.key_actor, what, limit, Reader::unsigned)?, rows, what)?;
    let deltas = exactly(runs(c.key_counter, what, limit, Reader::signed)?, rows, what)?;
    let texts = exactly(runs(c.key_text, what, limit, text)?, rows, what)?;
    let all = places.into_iter().zip(sums(deltas)?).zip(texts);
    all.map(|key| match key {
        ((None, None), Some(text)) => Ok(Key::Map(text)),
        ((None, Some(0)), None) => Ok(Key::Head),
        ((Some(actor), Some(counter)), None) => id(actor, counter, actors).map(Key::Element),
        _ => Err(VoidChange::Malformed(what)),
    })
    .collect()
}

fn values<'a>(c: &Columns<'a>, rows: usize) -> Result<Vec<Value<'a>>, VoidChange> {
    let what = "values";
    let metas = runs(c.value_meta, what, limits::CHANGE_OPS, Reader::unsigned)?;
    let mut raw = Reader::new(c.value, what);
    let mut out = Vec::with_capacity(rows);
    for meta in exactly(metas, rows, what)? {
        let meta = meta.ok_or(VoidChange::Malformed(what))?;
        let len = meta >> 4;
        out.push(match (meta & 0x0f, len) {
            (0, 0) => Value::Null,
            (kind @ (1 | 2), 0) => Value::Flag(kind == 2),
            (0..=2, _) => return Err(VoidChange::Malformed(what)),
            (6, _) => Value::Text(raw.text(len)?),
            _ => {
                raw.take(len)?;
                Value::Other
            }
        });
    }
    if raw.is_empty() { Ok(out) } else { Err(raw.malformed()) }
}

fn preds(c: &Columns<'_>, rows: usize, actors: usize) -> Result<Vec<Vec<Id>>, VoidChange> {
    let what = "overwritten operations";
    let counts = runs(c.pred_count, what, limits::CHANGE_OPS, Reader::unsigned)?;
    let places = runs(c.pred_actor, what, limits::CHANGE_PREDS, Reader::unsigned)?;
    let deltas = runs(c.pred_counter, what, limits::CHANGE_PREDS, Reader::signed)?;
    if places.len() != deltas.len() || counts.len() != rows {
        return Err(VoidChange::Malformed(what));
    }
    let mut ids = places.into_iter().zip(sums(deltas)?).map(|pair| match pair {
        (Some(actor), Some(counter)) => id(actor, counter, actors),
        _ => Err(VoidChange::Malformed(what)),
    });
    let mut out = Vec::with_capacity(rows);
    for count in counts {
        let count = count.ok_or(VoidChange::Malformed(what))?;
        let count = usize::try_from(count).map_err(|_| VoidChange::TooManyOps)?;
        let list = ids.by_ref().take(count).collect::<Result<Vec<_>, _>>()?;
        if list.len() != count {
            return Err(VoidChange::Malformed(what));
        }
        out.push(list);
    }
    match ids.next() {
        None => Ok(out),
        Some(_) => Err(VoidChange::Malformed(what)),
    }
}
