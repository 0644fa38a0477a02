//! Attendance lists.

use copact_node::attendance::check_list;

use crate::honest;
use crate::mutation::mutate;

/// The target.
///
/// # Panics
/// More lines were read than there are.
pub fn target(bytes: &[u8]) {
    check(&String::from_utf8_lossy(bytes));
    check(&String::from_utf8_lossy(&mutate(honest::LIST.as_bytes(), bytes)));
}

fn check(text: &str) {
    match check_list(text) {
        // A carriage return by itself ends a line, too.
        Ok(lines) => assert!(lines >= 1 && lines < text.split(['\n', '\r']).count()),
        Err(error) => assert!(!error.message.is_empty() && !error.code.is_empty()),
    }
}
