//! What describes the tables: `datapackage.json`.

use copact_evidence::report::Report;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::cell::Cell;
use super::{File, TablesError};

/// What is said of all tables together.
pub(super) const ABOUT: &str = "Evidence of co-production of one group, computed by copact. People \
    are numbered by the order of their keys and not named. A text cell that begins with = + - @, a \
    tab, a line end or an apostrophe has an apostrophe before it, so that no spreadsheet runs it; \
    take that one away to have the text. Numbers are written as they are. Signatures do not prove \
    completeness, and a group in which all collude cannot be told from a real one without \
    outsiders; warnings.csv says what else is unproven.";

/// What a column has in it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Text,
    Word(&'static [&'static str]),
    Pattern(&'static str),
    Count,
    Whole,
    Number,
    Chance,
    Flag,
    Day,
    Month,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Never missing.
    pub(super) required: bool,
    pub(super) words: &'static str,
}

/// A column that always has a value.
pub(super) const fn must(name: &'static str, kind: Kind, words: &'static str) -> Field {
    Field { name, kind, required: true, words }
}

/// A column whose value can be missing.
pub(super) const fn may(name: &'static str, kind: Kind, words: &'static str) -> Field {
    Field { name, kind, required: false, words }
}

/// A table.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) words: &'static str,
    pub(super) fields: &'static [Field],
    /// The columns that tell rows apart.
    pub(super) key: &'static [&'static str],
    /// Columns that name a row of another table: column, table, its column.
    pub(super) refers: &'static [(&'static str, &'static str, &'static str)],
    pub(super) rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(super) fn file(&self) -> String {
        format!("{}.csv", self.name)
    }

    /// RFC 4180, with a line of names first.
    pub(super) fn csv(&self) -> Result<Vec<u8>, TablesError> {
        let mut bytes = Vec::new();
        let mut csv =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
        csv.write_record(self.fields.iter().map(|one| one.name))?;
        for row in &self.rows {
            csv.write_record(row.iter().map(|cell| cell.written().into_owned()))?;
        }
        csv.flush().map_err(csv::Error::from)?;
        drop(csv);
        Ok(bytes)
    }
}

/// The description of tables and of the files they were written to, which are in the same order.
pub(super) fn describe(
    report: &Report,
    tables: &[Table],
    files: &[File],
) -> Result<Vec<u8>, TablesError> {
    let (from, to) = (report.window.from, report.window.to);
    let resources: Vec<Value> =
        tables.iter().zip(files).map(|(table, file)| resource(table, &file.bytes)).collect();
    let package = json!({
        "profile": "tabular-data-package",
        "name": format!("copact-evidence-{from}-{to}"),
        "title": format!("Evidence of co-production, {from} to {to}"),
        "description": ABOUT,
        "keywords": ["co-production", "evidence", "community groups"],
        "resources": resources,
    });
    let mut bytes = serde_json::to_vec_pretty(&package)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn resource(table: &Table, bytes: &[u8]) -> Value {
    let refers: Vec<Value> = table
        .refers
        .iter()
        .map(|(own, of, their)| {
            json!({ "fields": [own], "reference": { "resource": of, "fields": [their] } })
        })
        .collect();
    let mut schema = json!({
        "fields": table.fields.iter().map(field).collect::<Vec<Value>>(),
        "missingValues": [""],
        "primaryKey": table.key,
    });
    if let Some(schema) = schema.as_object_mut().filter(|_| !refers.is_empty()) {
        schema.insert("foreignKeys".to_owned(), refers.into());
    }
    json!({
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": table.file(),
        "description": table.words,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": bytes.len(),
        "hash": format!("sha256:{}", data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))),
        "schema": schema,
    })
}

fn field(field: &Field) -> Value {
    let (name, constraint) = match field.kind {
        Kind::Text => ("string", None),
        Kind::Word(words) => ("string", Some(("enum", json!(words)))),
        Kind::Pattern(pattern) => ("string", Some(("pattern", json!(pattern)))),
        Kind::Count => ("integer", Some(("minimum", json!(0)))),
        Kind::Whole => ("integer", None),
        Kind::Number => ("number", None),
        Kind::Chance => ("number", Some(("maximum", json!(1)))),
        Kind::Flag => ("boolean", None),
        Kind::Day => ("date", None),
        Kind::Month => ("yearmonth", None),
    };
    let mut constraints = Map::new();
    if field.required {
        constraints.insert("required".to_owned(), true.into());
    }
    constraints.extend(constraint.map(|(name, value)| (name.to_owned(), value)));
    if matches!(field.kind, Kind::Chance) {
        constraints.insert("minimum".to_owned(), 0.into());
    }
    let mut all = json!({ "name": field.name, "type": name, "description": field.words });
    if let Some(all) = all.as_object_mut().filter(|_| !constraints.is_empty()) {
        all.insert("constraints".to_owned(), constraints.into());
    }
    all
}
