//! Bundles that were changed.

use copact_report::bundle::Form;
use copact_report::verify::verify;

use super::{bundle, verdict, world};

/// Breaks when: a byte of the file is not covered.
#[test]
fn every_byte_that_is_flipped_is_found() {
    let world = world(3, 12);
    let bytes = bundle(&world.eye, Form::Sealed).to_bytes();
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 1 << (at % 8);
        let verdict = verify(&altered, &mut |_, _| {}).unwrap();
        let first = verdict.first_failure.unwrap_or_else(|| panic!("byte {at} passes"));
        assert_eq!(first.code, "altered", "byte {at}");
    }
}
