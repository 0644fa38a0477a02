//! Where given figures are not the recomputed ones.

use copact_evidence::report::Report;
use serde_json::Value;

use super::{Failed, failed};

/// Figures are equal when they differ by less: other machines round the last digits otherwise.
const NEAR: f64 = 1e-9;

/// How many times as long as ours figures may be to be looked at: more is nobody's rounding.
const LONGER: usize = 2;

/// The first difference between a report and figures, as values and as they are written: a name
/// given twice would show one figure to this reader and another to the next.
pub(super) fn between(report: &Report, figures: &str) -> Result<(), Failed> {
    let unread =
        |error: serde_json::Error| failed("figures", WHERE, "a report as JSON", error.to_string());
    let text = serde_json::to_string(report).map_err(unread)?;
    if figures.len() > LONGER * text.len() {
        let found = format!("{} bytes", figures.len());
        return Err(failed("figures", WHERE, format!("about {} bytes", text.len()), found));
    }
    let given: Value = serde_json::from_str(figures).map_err(unread)?;
    at("", &serde_json::to_value(report).map_err(unread)?, &given)?;
    if skeleton(&text) == skeleton(figures) {
        return Ok(());
    }
    let expected = "the report as copact writes it, every name once";
    Err(failed("figures", WHERE, expected, "the same values, written otherwise"))
}

const WHERE: &str = "the figures";

/// A text without the digits of its numbers.
fn skeleton(text: &str) -> String {
    text.chars().filter(|one| !matches!(one, '0'..='9' | '.' | '-' | '+' | 'e')).collect()
}

fn at(path: &str, ours: &Value, given: &Value) -> Result<(), Failed> {
    match (ours, given) {
        (Value::Number(a), Value::Number(b)) if a == b => Ok(()),
        // Counts are exact; only what was divided is near.
        (Value::Number(a), Value::Number(b)) if a.is_f64() && b.is_f64() => {
            let near = a
                .as_f64()
                .zip(b.as_f64())
                .is_some_and(|(a, b)| (a - b).abs() <= NEAR * a.abs().max(1.0));
            if near { Ok(()) } else { Err(told(path, ours, given)) }
        }
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                let null = &Value::Null;
                let (one, other) = (a.get(key), b.get(key));
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                if one.is_none() || other.is_none() {
                    return Err(told(&path, one.unwrap_or(null), other.unwrap_or(null)));
                }
                at(&path, one.unwrap_or(null), other.unwrap_or(null))?;
            }
            Ok(())
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (number, (one, other)) in a.iter().zip(b).enumerate() {
                at(&format!("{path}[{number}]"), one, other)?;
            }
            Ok(())
        }
        (a, b) if a == b => Ok(()),
        _ => Err(told(path, ours, given)),
    }
}

fn told(path: &str, ours: &Value, given: &Value) -> Failed {
    failed("figure", path, short(ours), short(given))
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
