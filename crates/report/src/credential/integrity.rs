//! Data Integrity proofs with the cryptosuite `eddsa-jcs-2022` (W3C, Data Integrity EdDSA
//! Cryptosuites 1.0), of any JSON document: SHA-256 of the proof's options and SHA-256 of the
//! document, both in canonical form (RFC 8785), signed as one.

use copact_core::keys::{CredentialKey, HASH_BYTES, KeyError, SignatureBytes};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::did_key::{from_multibase, multibase, read_method};

const TYPE: &str = "DataIntegrityProof";
const SUITE: &str = "eddsa-jcs-2022";
const PURPOSE: &str = "assertionMethod";
const CONTEXT: &str = "@context";
const PROOF: &str = "proof";

/// A proof as it is read. One that says more, such as when it expires, is not understood, and so
/// is refused.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Proof {
    #[serde(rename = "@context", skip_serializing_if = "Option::is_none")]
    context: Option<Value>,
    r#type: String,
    cryptosuite: String,
    created: String,
    verification_method: String,
    proof_purpose: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof_value: Option<String>,
}

/// Why a document was not signed, or why its proof proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntegrityError {
    /// Not a JSON object without a proof, so that there is nothing to sign.
    #[error("a credential is a JSON object that has no proof yet; make it anew")]
    Unsignable,
    /// No canonical form.
    #[error("the credential cannot be written in the one form that is signed: {0}; make it anew")]
    Canonical(String),
    /// No proof, or not in a form that is read.
    #[error("the credential has no proof that copact can read: {0}; ask for the file again")]
    Form(String),
    /// A proof of another kind.
    #[error(
        "`proof.{0}` says “{1}”, and copact verifies only “{2}”; verify the file with another program"
    )]
    Kind(&'static str, String, &'static str),
    /// The proof's context is not the document's.
    #[error(
        "`proof.@context` is not what `@context` begins with: the one or the other was changed; ask for the file again"
    )]
    Context,
    /// The verification method is no `did:key` of Ed25519.
    #[error(
        "`proof.verificationMethod` names no Ed25519 key as `did:key:…#…`; ask for the file again"
    )]
    Method,
    /// The proof's value is no signature.
    #[error(
        "`proof.proofValue` is no signature (64 bytes in base58, after a z); ask for the file again"
    )]
    Value,
    /// A weak key.
    #[error("the key that `proof.verificationMethod` names is weak: anybody can sign with it")]
    Weak,
    /// The signature is not of this document.
    #[error(
        "the proof is not of what the credential says: something in it was changed since it was signed; ask for the file again"
    )]
    Forged,
}

/// Adds a proof to a document.
///
/// `created` is a time as XML Schema's `dateTimeStamp`; `sign` makes the signature of the hashes
/// with the key that is named.
///
/// # Errors
/// The document is no JSON object, has a proof, or has no canonical form.
pub fn issue(
    unsigned: Value,
    key: &CredentialKey,
    created: &str,
    sign: &dyn Fn(&[u8; HASH_BYTES]) -> SignatureBytes,
) -> Result<Value, IntegrityError> {
    let Value::Object(mut document) = unsigned else { return Err(IntegrityError::Unsignable) };
    if document.contains_key(PROOF) {
        return Err(IntegrityError::Unsignable);
    }
    let mut proof = Proof {
        context: document.get(CONTEXT).cloned(),
        r#type: TYPE.to_owned(),
        cryptosuite: SUITE.to_owned(),
        created: created.to_owned(),
        verification_method: super::did_key::method(key),
        proof_purpose: PURPOSE.to_owned(),
        proof_value: None,
    };
    let hashes = hashes(&document, &proof)?;
    proof.proof_value = Some(multibase(sign(&hashes).as_bytes()));
    let proof = serde_json::to_value(proof).map_err(uncanonical)?;
    document.insert(PROOF.to_owned(), proof);
    Ok(Value::Object(document))
}

/// Verifies a document's proof, and says whose key made it. What the document says, and whether
/// that key may say it, is for others to judge.
///
/// # Errors
/// The first thing that is wrong with the proof.
pub fn proved(document: &Value) -> Result<CredentialKey, IntegrityError> {
    let form = |why: &str| IntegrityError::Form(why.to_owned());
    let mut document = document.as_object().ok_or_else(|| form("it is no JSON object"))?.clone();
    let proof = document.remove(PROOF).ok_or_else(|| form("`proof` is missing"))?;
    let mut proof: Proof = serde_json::from_value(proof).map_err(|why| form(&why.to_string()))?;
    let value = proof.proof_value.take();
    let value = value.ok_or_else(|| form("`proof.proofValue` is missing"))?;
    for (name, found, wanted) in [
        ("type", &proof.r#type, TYPE),
        ("cryptosuite", &proof.cryptosuite, SUITE),
        ("proofPurpose", &proof.proof_purpose, PURPOSE),
    ] {
        if found != wanted {
            let found = found.chars().take(40).collect();
            return Err(IntegrityError::Kind(name, found, wanted));
        }
    }
    if let Some(context) = &proof.context {
        begins_with(document.get(CONTEXT), context)?;
        document.insert(CONTEXT.to_owned(), context.clone());
    }
    let key = read_method(&proof.verification_method).ok_or(IntegrityError::Method)?;
    let signature = from_multibase(&value).map(SignatureBytes::from_bytes);
    let signature = signature.ok_or(IntegrityError::Value)?;
    let hashes = hashes(&document, &proof)?;
    key.verify(&hashes, &signature).map_err(|why| match why {
        KeyError::Weak => IntegrityError::Weak,
        KeyError::Forged => IntegrityError::Forged,
    })?;
    Ok(key)
}

fn begins_with(document: Option<&Value>, proof: &Value) -> Result<(), IntegrityError> {
    let parts = |one: &Value| match one {
        Value::Array(parts) => parts.clone(),
        other => vec![other.clone()],
    };
    let document = document.map(parts).unwrap_or_default();
    if document.starts_with(&parts(proof)) { Ok(()) } else { Err(IntegrityError::Context) }
}

/// SHA-256 of the options, then of the document without its proof.
fn hashes(
    document: &Map<String, Value>,
    options: &Proof,
) -> Result<[u8; HASH_BYTES], IntegrityError> {
    let mut hashes = [0; HASH_BYTES];
    let (first, second) = hashes.split_at_mut(HASH_BYTES / 2);
    first.copy_from_slice(&Sha256::digest(canonical(options)?));
    second.copy_from_slice(&Sha256::digest(canonical(document)?));
    Ok(hashes)
}

fn canonical(value: &impl Serialize) -> Result<Vec<u8>, IntegrityError> {
    serde_json_canonicalizer::to_vec(value).map_err(uncanonical)
}

fn uncanonical(why: serde_json::Error) -> IntegrityError {
    IntegrityError::Canonical(why.to_string())
}
