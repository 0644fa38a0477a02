//! Bundles.

use copact_sync::bundle::{self, Recipient};

use crate::forms::with_record;
use crate::honest;
use crate::mutation::{first, mutate};

/// The target.
///
/// # Panics
/// An altered bundle was opened.
pub fn target(bytes: &[u8]) {
    check(bytes);
    let honest = &*honest::BUNDLE;
    let (what, script) = first(bytes);
    if what % 2 == 0 {
        check(&mutate(honest, script));
    } else {
        check(&with_record(honest, "copact bundle header 1", |record| mutate(record, script)));
    }
}

/// To whom it was not sealed, nothing but a sentence is given.
fn check(file: &[u8]) {
    let secret = honest::box_secret();
    for group in [Some(honest::group()), None] {
        match bundle::open(file, &[Recipient { group, secret: &secret }]) {
            // Every part is sealed under a key that only the writer and the recipients know, and
            // bound to the header: what opens is what was written.
            Ok(opened) => {
                assert_eq!(file, &**honest::BUNDLE, "an altered bundle was opened");
                assert_eq!(opened.parcel, honest::parcel());
                assert_eq!(opened.group, honest::group());
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}
