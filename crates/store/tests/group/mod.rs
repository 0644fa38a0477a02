//! A small group and what its members write.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

use std::path::Path;

use copact_core::act::{Act, FirstMember, Found, NewDevice, Role};
use copact_core::day::Day;
use copact_core::entry::{Entry, Record};
use copact_core::envelope::{Content, Draft, Verified};
use copact_core::ids::{EnvelopeId, Incarnation, Nonce, Salt};
use copact_core::keys::{BoxKey, DeviceSecret, Purpose};
use copact_core::profile::{Profile, Statement};
use copact_core::proposal::Share;
use copact_core::side::SideText;
use copact_core::text::{FreeText, Name, RoleWord};
use copact_store::{Batch, Store, StoreKey};

pub const INCARNATION: Incarnation = Incarnation::from_bytes([5; 8]);

pub fn key() -> StoreKey {
    StoreKey::from_bytes([42; 32])
}

pub fn secret() -> DeviceSecret {
    DeviceSecret::from_bytes(&[9; 32])
}

pub fn day() -> Day {
    Day::parse("2026-03-01").unwrap()
}

pub fn salt(n: u64) -> Salt {
    let mut bytes = [0xA5; 16];
    bytes[..8].copy_from_slice(&n.to_le_bytes());
    Salt::from_bytes(bytes)
}

pub fn text(n: u64) -> SideText {
    SideText { salt: salt(n), text: FreeText::new(&format!("Soup for {n} people")).unwrap() }
}

pub fn profile(name: &str) -> Profile {
    let statement = Statement {
        author: secret().public(),
        about: None,
        after: None,
        name: Name::new(name).unwrap(),
        picture: None,
        endpoint: None,
    };
    Profile::sign(statement, &secret())
}

/// A founding envelope; other `seed`s found other groups.
pub fn founding(seed: u8) -> Verified {
    let secret = secret();
    let role = Role { word: RoleWord::new("cook").unwrap(), mapped: None };
    let nonce = Nonce::from_bytes([seed; 16]);
    let device = NewDevice::consent(
        &secret,
        BoxKey::from_bytes([3; 32]),
        Purpose::Founding,
        None,
        Some(&role),
        nonce,
    );
    let found = Found {
        policy: Share::DEFAULT,
        members: vec![FirstMember { device, role }],
        name: text(0).hash(),
        parent: None,
        continues: None,
    };
    Draft {
        group: None,
        incarnation: INCARNATION,
        seq: 1,
        prev: None,
        parents: vec![],
        day: day(),
        salt: salt(1),
        content: Content::Act(Act::Found(found)),
    }
    .sign(&secret)
    .unwrap()
}

/// The next envelope of the chain.
pub fn next(last: &Verified, parents: Vec<EnvelopeId>, record: Record) -> Verified {
    let seq = last.header().seq + 1;
    Draft {
        group: Some(last.group()),
        incarnation: INCARNATION,
        seq,
        prev: Some(last.id()),
        parents,
        day: day(),
        salt: salt(seq),
        content: Content::Entry(Entry { on_behalf_of: None, record }),
    }
    .sign(&secret())
    .unwrap()
}

pub fn note(last: &Verified) -> Verified {
    next(last, vec![], Record::Note(text(last.header().seq + 1).hash()))
}

/// A founding and `notes` after it.
pub fn chain(notes: usize) -> Vec<Verified> {
    let mut all = vec![founding(1)];
    for _ in 0..notes {
        all.push(note(all.last().unwrap()));
    }
    all
}

pub fn batch(envelopes: &[Verified]) -> Batch {
    let mut batch = Batch::new();
    for envelope in envelopes {
        batch.add_envelope(envelope.clone());
    }
    batch
}

/// A store with a founding, and `notes` notes with their texts, each in a commit of its own.
pub fn store(folder: &Path, notes: usize) -> (Store, Vec<Verified>) {
    let all = chain(notes);
    let mut first = batch(&all[..1]);
    first.add_text(&text(0));
    first.add_profile(&profile("Rosa"));
    first.set_setting("device", b"a secret seed");
    let mut store = Store::create(folder, &key(), all[0].group(), &first).unwrap();
    for envelope in &all[1..] {
        let mut next = batch(std::slice::from_ref(envelope));
        next.add_text(&text(envelope.header().seq));
        store.commit(&next).unwrap();
    }
    (store, all)
}

pub fn ids(envelopes: &[Verified]) -> Vec<EnvelopeId> {
    envelopes.iter().map(Verified::id).collect()
}

/// The bytes of every file in a folder, by name.
pub fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// Puts files in a folder that has nothing else.
pub fn put(folder: &Path, files: &[(String, Vec<u8>)]) {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}
