//! Credentials: made of a group, verified here, and written for verifiers from elsewhere
//! (`tests/credential`).
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::path::Path;

use copact_core::day::Day;
use copact_core::ids::MemberId;
use copact_core::keys::DeviceSecret;
use copact_core::text::Name;
use copact_core::views::Views;
use copact_evidence::facts::Facts;
use copact_evidence::window::Window;
use copact_report::credential::{Asked, NotIssued, Verified, of_member, verify};
use copact_tests::group::day;
use copact_tests::person::Person;
use serde_json::Value;

mod altered;
mod group;
mod members;
mod recommendation;

/// A window in which everything of the tests' groups happens.
pub(crate) fn window() -> Window {
    Window::new(day("2026-03-01"), day("2026-05-31")).unwrap()
}

pub(crate) fn made() -> Day {
    day("2026-06-01")
}

pub(crate) fn asked(member: Option<MemberId>, name: Option<&str>) -> Asked {
    let name = name.map(|name| Name::new(name).unwrap());
    Asked { member, name, window: window(), day: made() }
}

pub(crate) fn credential(
    knows: &Person,
    device: &DeviceSecret,
    asked: &Asked,
) -> Result<Value, NotIssued> {
    let views = Views::of(&knows.ledger);
    of_member(&views, &Facts::of(&views), asked, device)
}

/// A credential that somebody makes of what they know, verified.
pub(crate) fn own(person: &Person, asked: &Asked) -> (Value, Verified) {
    let made = credential(person, &person.device.secret, asked).unwrap();
    let verified = verify(&serde_json::to_vec(&made).unwrap()).unwrap();
    assert_eq!(verified.device, person.device.key());
    (made, verified)
}

/// Writes a credential for the verifiers of `tests/credential`.
pub(crate) fn sample(name: &str, credential: &Value) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("credentials");
    std::fs::create_dir_all(&folder).unwrap();
    let text = serde_json::to_string_pretty(credential).unwrap();
    std::fs::write(folder.join(name).with_extension("json"), text).unwrap();
}
