//! The test vector for `eddsa-jcs-2022` of W3C's recommendation “Data Integrity EdDSA
//! Cryptosuites 1.0”, appendix B.

use copact_core::keys::{CredentialKey, HASH_BYTES, SignatureBytes};
use copact_report::credential::did_key;
use copact_report::credential::integrity::{IntegrityError, issue, proved};
use data_encoding::HEXLOWER;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};

const PUBLIC: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
const SECRET: &str = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq";
const HASHES: &str = "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19";
const SIGNATURE: &str = "407cd12654b33d718ecbb99179a1506daaa849450bf3fc523cce3e1c96f8b80351da3f253d725c6f00b07c9e5448d50b3ef78012b9ab54255116d069c6dd2808";
const PROOF_VALUE: &str =
    "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX";
const CREATED: &str = "2023-02-24T23:36:38Z";

fn unsigned() -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://www.w3.org/ns/credentials/examples/v2",
        ],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AlumniCredential"],
        "name": "Alumni Credential",
        "description": "A minimum viable example of an Alumni Credential.",
        "issuer": "https://vc.example/issuers/5678",
        "validFrom": "2023-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "did:example:abcdefgh",
            "alumniOf": "The School of Examples",
        },
    })
}

fn signed() -> Value {
    let mut document = unsigned();
    document["proof"] = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": CREATED,
        "verificationMethod": format!("did:key:{PUBLIC}#{PUBLIC}"),
        "proofPurpose": "assertionMethod",
        "@context": document["@context"],
        "proofValue": PROOF_VALUE,
    });
    document
}

/// The key pair of the vector: in multibase, after a prefix of two bytes.
fn keys() -> (SigningKey, CredentialKey) {
    let secret = bs58::decode(SECRET.strip_prefix('z').unwrap()).into_vec().unwrap();
    let secret = SigningKey::from_bytes(secret[2..].try_into().unwrap());
    let public = CredentialKey::from_bytes(secret.verifying_key().to_bytes());
    assert_eq!(did_key::of_credentials(&public), format!("did:key:{PUBLIC}"));
    (secret, public)
}

/// Breaks when: what is hashed, signed or written differs in a bit from the recommendation.
#[test]
fn the_recommendations_credential_is_made_bit_for_bit() {
    let (secret, public) = keys();
    let sign = |hashes: &[u8; HASH_BYTES]| {
        assert_eq!(HEXLOWER.encode(hashes), HASHES);
        let signature = secret.sign(hashes).to_bytes();
        assert_eq!(HEXLOWER.encode(&signature), SIGNATURE);
        SignatureBytes::from_bytes(signature)
    };
    assert_eq!(issue(unsigned(), &public, CREATED, &sign), Ok(signed()));
}

/// Breaks when: what others signed is refused, or is accepted in another place.
#[test]
fn the_recommendations_credential_is_verified() {
    assert_eq!(proved(&signed()), Ok(keys().1));
    let mut other = signed();
    other["credentialSubject"]["alumniOf"] = json!("The School of Examples ");
    assert_eq!(proved(&other), Err(IntegrityError::Forged));
    // A context after those that were signed is no part of what was signed.
    let mut longer = signed();
    longer["@context"].as_array_mut().unwrap().push(json!("https://example.org/more"));
    assert_eq!(proved(&longer), Ok(keys().1));
    longer["@context"].as_array_mut().unwrap().swap(0, 1);
    assert_eq!(proved(&longer), Err(IntegrityError::Context));
}

/// Breaks when: canonical JSON is not RFC 8785's, of which these are the examples.
#[test]
fn names_are_sorted_as_utf_16_and_numbers_written_as_javascript_does() {
    let value: Value = serde_json::from_str(
        r#"{"\u20ac":"Euro","\r":"CR","\ufb33":"Dalet","1":"One","\ud83d\ude00":"Grin",
            "\u0080":"Control","\u00f6":"O","n":[333333333.33333329,1E30,4.50,2e-3,1e-27,0,-0.0],
            "s":"\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"\/"}"#,
    )
    .unwrap();
    let canonical = serde_json_canonicalizer::to_string(&value).unwrap();
    let expected = "{\"\\r\":\"CR\",\"1\":\"One\",\"n\":[333333333.3333333,1e+30,4.5,0.002,1e-27,0,0],\
        \"s\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\",\"\u{80}\":\"Control\",\"ö\":\"O\",\"€\":\"Euro\",\
        \"😀\":\"Grin\",\"\u{fb33}\":\"Dalet\"}";
    assert_eq!(canonical, expected);
}
