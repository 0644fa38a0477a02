//! The committed corpus starts from what an honest device writes, and that is really read.

use std::path::{Path, PathBuf};

use copact_core::codec;
use copact_core::contract::Markdown;
use copact_core::envelope::Wire;
use copact_core::frontier::Frontier;
use copact_core::presence::PresenceCode;
use copact_fuzz::{greeting, honest, pairing};
use copact_node::attendance::check_list;
use copact_sync::bundle::{self, Recipient};
use copact_sync::request::JoinRequest;
use copact_sync::ticket::Ticket;

fn file(target: &str, name: &str) -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/__fuzz__");
    tests.join(target).join("corpus").join(name)
}

/// The honest inputs of every target.
fn honest_inputs() -> Vec<(&'static str, String, Vec<u8>)> {
    let mut inputs = vec![
        ("attendance", "honest".to_owned(), honest::LIST.into()),
        ("bundle", "honest".to_owned(), honest::BUNDLE.clone()),
        ("contract", "honest".to_owned(), honest::CONTRACT.into()),
        ("frontier", "honest".to_owned(), honest::frontier().to_text().into()),
        ("presence", "honest".to_owned(), honest::presence().to_link().into()),
        ("ticket", "honest".to_owned(), honest::ticket().text().unwrap().into()),
        ("ticket", "honest-1".to_owned(), honest::ticket_with_reach().text().unwrap().into()),
    ];
    for (place, envelope) in honest::ENVELOPES.iter().enumerate() {
        inputs.push(("envelope", format!("honest-{place}"), codec::encode(&envelope.wire())));
    }
    for (place, change) in honest::CHANGES.iter().enumerate() {
        inputs.push(("gate", format!("honest-{place}"), change.clone()));
    }
    for (place, request) in honest::REQUESTS.iter().enumerate() {
        inputs.push(("request", format!("honest-{place}"), request.to_bytes()));
    }
    let messages = |run: [Vec<u8>; 4]| (0..).map(|place| format!("honest-{place}")).zip(run);
    for (place, message) in messages(greeting::messages()) {
        inputs.push(("greeting", place, message));
    }
    for (place, message) in messages(pairing::messages()) {
        inputs.push(("pairing", place, message));
    }
    inputs
}

#[test]
fn the_corpus_has_what_an_honest_device_writes() {
    for (target, name, bytes) in honest_inputs() {
        let path = file(target, &name);
        if std::env::var_os("COPACT_WRITE_CORPUS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &bytes).unwrap();
        }
        assert!(
            std::fs::read(&path).is_ok_and(|kept| kept == bytes),
            "{target}/{name} is not what this copact writes. If the form changed on purpose, say \
             so in CHANGELOG.md and run this test with COPACT_WRITE_CORPUS=1."
        );
    }
}

#[test]
fn what_an_honest_device_writes_is_read() {
    let secret = honest::box_secret();
    let who = [Recipient { group: None, secret: &secret }];
    for (target, name, bytes) in honest_inputs() {
        let text = String::from_utf8_lossy(&bytes);
        let read = match target {
            "attendance" => check_list(&text).is_ok(),
            "bundle" => bundle::open(&bytes, &who).is_ok_and(|o| o.parcel == honest::parcel()),
            "contract" => Markdown::parse(&text).is_ok(),
            "envelope" => codec::decode::<Wire>(&bytes, "an envelope", 10_000)
                .is_ok_and(|wire| wire.parse().and_then(|signed| signed.verify()).is_ok()),
            "frontier" => Frontier::from_text(&text) == Ok(honest::frontier()),
            // The gate's own test judges these one after the other.
            "gate" => true,
            "greeting" => greeting::read(&bytes),
            "pairing" => pairing::read(&bytes),
            "presence" => PresenceCode::from_link(&text) == Ok(honest::presence()),
            "request" => JoinRequest::parse(&bytes).is_ok(),
            "ticket" => [honest::ticket(), honest::ticket_with_reach()]
                .iter()
                .any(|ticket| Ticket::parse(&text).as_ref() == Ok(ticket)),
            other => panic!("{other} has no reader"),
        };
        assert!(read, "{target}/{name} was refused");
    }
}
