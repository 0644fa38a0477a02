//! Join requests.

use copact_sync::request::JoinRequest;

use crate::forms::with_record;
use crate::honest;
use crate::mutation::{first, mutate};

/// The target.
///
/// # Panics
/// An altered request was read, or one that copact would not write.
pub fn target(bytes: &[u8]) {
    check(bytes);
    let (which, script) = first(bytes);
    let (what, script) = first(script);
    let requests = &*honest::REQUESTS;
    let honest = &requests[usize::from(which) % requests.len()];
    let file = honest.to_bytes();
    if what % 2 == 0 {
        let altered = mutate(&file, script);
        let read = JoinRequest::parse(&altered);
        assert!(read.is_err() || altered == file, "an altered request was read");
    } else {
        check(&with_record(&file, "copact request 1", |record| mutate(record, script)));
    }
}

fn check(file: &[u8]) {
    match JoinRequest::parse(file) {
        Ok(request) => {
            assert_eq!(request.to_bytes(), file);
            assert!(!request.phrase().is_empty());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
