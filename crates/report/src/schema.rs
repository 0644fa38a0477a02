//! The schema of a report as JSON.

/// JSON Schema (draft 2020-12) of a [`Report`](copact_evidence::report::Report) as JSON, as it is
/// published at `schema/report.schema.json`. Strict: a key that it does not name is an error.
pub const SCHEMA: &str = include_str!("../schema/report.schema.json");
