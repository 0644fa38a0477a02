//! Where given figures are not the recomputed ones.

use serde_json::Value;

use super::{Failed, failed};

/// Figures are equal when they differ by less: other machines round the last digits otherwise.
const NEAR: f64 = 1e-9;

/// The first difference.
pub(super) fn first(ours: &Value, given: &Value) -> Result<(), Failed> {
    at("", ours, given)
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
