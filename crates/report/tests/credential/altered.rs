//! Credentials that were changed, made by somebody else, or never were credentials.

use copact_core::ids::{GroupId, MemberId};
use copact_core::keys::{DeviceSecret, Purpose};
use copact_report::credential::{
    About, CredentialError, FILE_BYTES, IntegrityError, Issuer, credential, did_key, issue, verify,
};
use serde_json::{Value, json};

use super::group::village;
use super::{asked, own};

fn verdict(document: &Value) -> Result<About, CredentialError> {
    verify(&serde_json::to_vec(document).unwrap()).map(|verified| verified.about)
}

/// The same with one thing in it changed, taken out, added or put in another type, for each thing.
fn changes(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Object(parts) => {
            for (name, part) in parts {
                let put = |part: Value| {
                    let mut parts = parts.clone();
                    parts.insert(name.clone(), part);
                    Value::Object(parts)
                };
                all.extend(changes(part).into_iter().map(put));
                let mut fewer = parts.clone();
                fewer.remove(name);
                all.push(Value::Object(fewer));
                all.extend([Value::Null, json!([part]), json!({ "id": part })].map(put));
            }
            let mut more = parts.clone();
            more.insert("more".to_owned(), Value::Null);
            all.push(Value::Object(more));
        }
        Value::Array(parts) => {
            for (at, part) in parts.iter().enumerate() {
                let put = |part: Value| {
                    let mut parts = parts.clone();
                    parts[at] = part;
                    Value::Array(parts)
                };
                all.extend(changes(part).into_iter().map(put));
                let mut fewer = parts.clone();
                fewer.remove(at);
                all.push(Value::Array(fewer));
            }
            all.push(Value::Array([parts.as_slice(), &[Value::Null]].concat()));
        }
        Value::String(text) => {
            for (at, old) in text.char_indices() {
                let new = if old == '2' { "3" } else { "2" };
                let mut text = text.clone();
                text.replace_range(at..at + old.len_utf8(), new);
                all.push(Value::String(text));
            }
            all.push(Value::String(format!("{text} ")));
        }
        Value::Number(number) => {
            let number = number.as_u64().unwrap();
            all.extend([json!(number + 1), json!(-1), json!(1e300), json!(number.to_string())]);
        }
        Value::Bool(_) | Value::Null => panic!("a credential has none"),
    }
    all
}

/// Breaks when: anything in a credential is covered by no signature.
#[test]
fn every_change_of_every_value_is_refused() {
    let (made, _) = own(&village().people[1], &asked(None, Some("Zoë “Zed” 🌻")));
    assert!(verdict(&made).is_ok());
    let changes = changes(&made);
    assert!(changes.len() > 1_000, "{}", changes.len());
    for changed in changes {
        assert!(verdict(&changed).is_err(), "{changed}");
    }
}

/// Breaks when: a byte of the file can be another one, but for white space.
#[test]
fn every_flipped_bit_and_every_cut_is_refused_without_a_panic() {
    let (made, _) = own(&village().people[1], &asked(None, None));
    let bytes = serde_json::to_vec(&made).unwrap();
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        assert!(verify(&flipped).is_err(), "byte {at}");
        assert!(verify(&bytes[..at]).is_err(), "cut at {at}");
    }
}

/// Breaks when: what is no credential is told as something else, or costs memory or the stack.
#[test]
fn what_is_no_credential_is_told_so() {
    use CredentialError::{NotJson, NotOurs, TooLong};
    assert_eq!(verify(&vec![b' '; FILE_BYTES + 1]), Err(TooLong(FILE_BYTES + 1)));
    let deep = "[".repeat(FILE_BYTES);
    for text in ["", "copact report", "{", "{} {}", "\u{feff}{}", r#"{"a":"\ud800"}"#, &deep] {
        assert!(matches!(verify(text.as_bytes()), Err(NotJson(_))), "{text:.40}");
    }
    assert!(matches!(verify(b"\xff\xfe"), Err(NotJson(_))));
    for text in ["[]", "1", "null", "{}", r#"{"proof":{}}"#, r#"{"@context":[],"type":[]}"#] {
        assert!(matches!(verify(text.as_bytes()), Err(NotOurs(_))), "{text}");
    }
}

/// Breaks when: a name stands twice, so that one reader reads the one and another the other.
#[test]
fn nothing_stands_twice() {
    let (made, _) = own(&village().people[1], &asked(None, None));
    let text = serde_json::to_string(&made).unwrap();
    for once in [r#""value":2"#, r#""unitText":"minutes""#, r#""cryptosuite":"eddsa-jcs-2022""#] {
        assert!(text.contains(once), "{text}");
        let twice = text.replacen(once, &format!("{once},{once}"), 1);
        assert!(matches!(verify(twice.as_bytes()), Err(CredentialError::NotJson(_))));
    }
}

/// Breaks when: whoever makes a proof with a key of their own passes for a device of the group.
#[test]
fn a_key_that_no_device_vouched_for_is_refused() {
    let village = village();
    let (_, verified) = own(&village.people[1], &asked(None, None));
    let (device, about) = (&village.people[1].device.secret, verified.about);
    let thief = DeviceSecret::from_bytes(&[200; 32]);
    let made = |about: &About, issuer: Issuer, by: &DeviceSecret| {
        let unsigned = credential(about, &issuer).unwrap();
        let secret = by.credentials();
        issue(unsigned, &secret.public(), "2026-06-01T00:00:00Z", &|hashes| secret.sign(hashes))
    };
    let word = device.vouch(about.group, about.member);
    let honest = Issuer { key: device.credentials().public(), device: device.public(), word };
    let good = made(&about, honest, device).unwrap();
    assert_eq!(verdict(&good), Ok(about.clone()));

    // Somebody else's proof under the honest name.
    let forged = made(&about, honest, &thief).unwrap();
    assert_eq!(verdict(&forged), Err(CredentialError::Issuer));
    // Somebody else's key beside the device that vouched for another.
    let key = thief.credentials().public();
    let forged = made(&about, Issuer { key, ..honest }, &thief).unwrap();
    assert_eq!(verdict(&forged), Err(CredentialError::Device));
    // The thief vouches in the device's name.
    let word = thief.vouch(about.group, about.member);
    let forged = made(&about, Issuer { key, word, ..honest }, &thief).unwrap();
    assert_eq!(verdict(&forged), Err(CredentialError::Device));
    // Signed by the device for something else.
    let word = device.sign(Purpose::Report, about.group.as_bytes());
    let forged = made(&about, Issuer { word, ..honest }, device).unwrap();
    assert_eq!(verdict(&forged), Err(CredentialError::Device));
    // The device's word about one member used for another, or for another group.
    let other = About { member: MemberId::from_bytes([1; 32]), ..about.clone() };
    assert_eq!(verdict(&made(&other, honest, device).unwrap()), Err(CredentialError::Device));
    let other = About { group: GroupId::from_bytes([1; 32]), ..about.clone() };
    assert_eq!(verdict(&made(&other, honest, device).unwrap()), Err(CredentialError::Device));
    // A proof of the device key itself has no way to be made with what there is: it signs no
    // untagged bytes. Its name alone is not enough.
    let mut renamed = good;
    renamed["issuer"]["id"] = json!(did_key::of_device(&device.public()));
    assert_eq!(verdict(&renamed), Err(IntegrityError::Forged.into()));
}

/// Breaks when: values that cannot be pass because a device signed them.
#[test]
fn values_that_cannot_be_are_refused_though_signed() {
    let village = village();
    let device = &village.people[1].device.secret;
    let (made, _) = own(&village.people[1], &asked(None, None));
    let secret = device.credentials();
    let signed_anew = |path: &str, value: Value| {
        let mut document = made.clone();
        document.as_object_mut().unwrap().remove("proof");
        *document.pointer_mut(path).unwrap() = value;
        let created = "2026-06-01T00:00:00Z";
        issue(document, &secret.public(), created, &|hashes| secret.sign(hashes)).unwrap()
    };
    for (path, value) in [
        ("/credentialSubject/meetingsAttested/value", json!(1_000)),
        ("/credentialSubject/meetingsAttended/value", json!(1_u64 << 53)),
        ("/credentialSubject/confirmedWork/unitText", json!("hours")),
        ("/credentialSubject/confirmedWork", json!({ "unitText": "minutes" })),
        ("/credentialSubject/to", json!("2026-02-01")),
        ("/credentialSubject/from", json!("2026-02-31")),
        ("/credentialSubject/ledger", json!("ab")),
        ("/validFrom", json!("2026-06-01T13:37:00Z")),
        ("/issuer/device", json!("did:web:example.org")),
    ] {
        let verdict = verdict(&signed_anew(path, value));
        assert!(matches!(verdict, Err(CredentialError::Value(..))), "{path}: {verdict:?}");
    }
}
