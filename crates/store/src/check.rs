//! What `copact doctor` asks a store: is all as it was stored, and if not, what is left?

use std::collections::HashSet;

use copact_core::envelope::Verified;
use copact_core::ids::EnvelopeId;

use crate::batch::Batch;
use crate::error::StoreError;
use crate::extent::{Run, Tally};
use crate::read::{read_profile, read_text};
use crate::rows::{Kind, Raw};
use crate::store::Store;
use crate::verifying::{self, Judged};

/// Envelopes that are verified at a time: many, so that threads are started seldom.
const STRETCH_ROWS: usize = 512;
/// Fewer, if they are this long: a damaged file must not take more memory than it did.
const STRETCH_BYTES: usize = 4 * 1_024 * 1_024;

/// The result of a full check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Envelopes that are in order.
    pub envelopes: u64,
    /// Signatures that were verified: those of the envelopes, and of profile records.
    pub signatures: u64,
    /// Side texts that are in order.
    pub texts: u64,
    /// Profile records that are in order.
    pub profiles: u64,
    /// Settings that are in order.
    pub settings: u64,
    /// Caches that are whole (their digests are compared when they are used).
    pub caches: u64,
    /// What is not in order, a sentence each. None: all is as it was stored.
    pub problems: Vec<String>,
}

/// Collects what is in order while going through the store.
#[derive(Default)]
struct Walk {
    checked: Checked,
    sound: Batch,
    ids: HashSet<EnvelopeId>,
}

impl Store {
    /// Goes through everything: the database's own structure, every id, body, signature, text,
    /// profile, setting and cache, the order of envelopes, and the record of extent.
    ///
    /// # Errors
    /// Only if the store can no longer be read at all; damage is in the result.
    pub fn check(&self) -> Result<Checked, StoreError> {
        self.usable()?;
        let walk = self.walk(Vec::new());
        self.usable()?;
        Ok(walk.checked)
    }

    /// What is in order, and what is not.
    pub(crate) fn saved(&self, problems: Vec<StoreError>) -> (Batch, Checked) {
        let problems = problems.into_iter().map(|problem| match problem {
            StoreError::Damaged { what, .. } => what,
            other => other.to_string(),
        });
        let walk = self.walk(problems.collect());
        (walk.sound, walk.checked)
    }

    fn walk(&self, problems: Vec<String>) -> Walk {
        let mut walk = Walk::default();
        walk.checked.problems = problems;
        if self.lost_commits > 0 {
            walk.problem(format!(
                "the last {} things that were stored are gone: the end of the ledger is damaged, \
                 or an older copy was put back",
                self.lost_commits
            ));
        }
        self.walk_structure(&mut walk);
        self.walk_envelopes(&mut walk);
        for kind in Kind::ALL {
            self.walk_values(kind, &mut walk);
        }
        walk
    }

    /// The check of SQLite itself: pages, order of keys, nothing lost.
    fn walk_structure(&self, walk: &mut Walk) {
        let mut read = || -> Result<(), rusqlite::Error> {
            let mut statement = self.connection.prepare("PRAGMA integrity_check(20)")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let said: String = row.get(0)?;
                if said != "ok" {
                    walk.problem(format!("the database's structure: {said}"));
                }
            }
            Ok(())
        };
        if let Err(error) = read() {
            walk.problem(format!("the database's structure: {}", self.reading(&error)));
        }
    }

    /// Place by place, so that one unreadable page does not hide what is on the others. While one
    /// stretch is verified on all cores, the one before is judged in order and the next is read.
    fn walk_envelopes(&self, walk: &mut Walk) {
        let (sealer, group) = (&self.sealer, self.group);
        let judge = |row: &Result<Raw, String>| match row {
            Ok(raw) => verifying::judge(raw, sealer, group),
            Err(why) => Err(why.clone()),
        };
        let mut run = Run::default();
        let last = self.last_place(walk);
        let (mut place, mut before) = (0, Vec::new());
        let mut rows = self.read_stretch(0, last);
        while !rows.is_empty() {
            let (judged, next) = verifying::on_all_cores(&rows, judge, || {
                walk.stretch(&mut place, std::mem::take(&mut before), &mut run);
                self.read_stretch(place + rows.len() as u64, last)
            });
            before = judged;
            rows = next;
        }
        walk.stretch(&mut place, before, &mut run);
        if run != self.extent.envelopes && walk.checked.problems.is_empty() {
            walk.problem("the envelopes are not those that were stored".to_owned());
        }
    }

    /// The rows after a place, or why there is none: as many as are worth a thread's while.
    fn read_stretch(&self, after: u64, last: u64) -> Vec<Result<Raw, String>> {
        let mut rows = Vec::new();
        let mut bytes = 0;
        for place in (after + 1)..=last {
            let row = match self.raw(place) {
                Ok(Some(raw)) => Ok(raw),
                Ok(None) => Err("it is missing".to_owned()),
                Err(error) => Err(self.reading(&error).to_string()),
            };
            bytes += row.as_ref().map_or(0, Raw::bytes);
            rows.push(row);
            if rows.len() == STRETCH_ROWS || bytes >= STRETCH_BYTES {
                break;
            }
        }
        rows
    }

    /// The last place that is either expected or there. A damaged number must not send the walk
    /// through empty places without end, so no more are tried than the file could hold.
    fn last_place(&self, walk: &mut Walk) -> u64 {
        let sql = "SELECT max(place) FROM envelopes";
        let found = self.connection.query_row(sql, [], |row| row.get::<_, Option<i64>>(0));
        let found = match found {
            Ok(place) => place.and_then(|place| u64::try_from(place).ok()).unwrap_or(0),
            Err(error) => {
                walk.problem(format!("the last envelope: {}", self.reading(&error)));
                0
            }
        };
        let bytes = std::fs::metadata(self.folder.join(crate::database::FILE));
        // A row has a signature of 64 bytes at least.
        let fits = bytes.map_or(0, |meta| meta.len() / 64);
        found.min(fits).max(self.count().min(fits))
    }

    /// Row by row by key; a page that cannot be read ends the kind, which is said.
    fn walk_values(&self, kind: Kind, walk: &mut Walk) {
        let mut tally = Tally::default();
        let mut values = Vec::new();
        let mut read = || -> Result<(), rusqlite::Error> {
            let sql = "SELECT key, value FROM sealed WHERE kind = ?1 ORDER BY key";
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut rows = statement.query([kind.number()])?;
            while let Some(row) = rows.next()? {
                let (key, value) = (row.get_ref(0)?.as_blob()?, row.get_ref(1)?.as_blob()?);
                values.push(<[u8; 32]>::try_from(key).ok().and_then(|key| {
                    let content = self.sealer.open(kind.name(), &key, value).ok()?;
                    tally.add(&self.sealer, kind, &key, value);
                    Some((key, content))
                }));
            }
            Ok(())
        };
        let read = read();
        let (sound, ()) = verifying::on_all_cores(
            &values,
            |value| value.as_ref().is_some_and(|(key, content)| is_sound(kind, key, content)),
            || (),
        );
        for (value, sound) in values.iter().zip(sound) {
            match value {
                Some((key, content)) if sound => walk.value(kind, *key, content),
                _ => walk.problem(format!("one of the {} is not as it was stored", kind.plural())),
            }
        }
        if let Err(error) = read {
            walk.problem(format!("the {}: {}", kind.plural(), self.reading(&error)));
        }
        if self.extent.tally(kind).is_some_and(|expected| *expected != tally) {
            walk.problem(format!(
                "some {} are missing, or older than they should be",
                kind.plural()
            ));
        }
    }
}

/// Whether a value is what its key says.
fn is_sound(kind: Kind, key: &[u8; 32], content: &[u8]) -> bool {
    match kind {
        Kind::Text => read_text(key, content).is_some(),
        Kind::Profile => read_profile(key, content).is_some_and(|profile| profile.check().is_ok()),
        Kind::Setting | Kind::Cache => true,
    }
}

impl Walk {
    fn problem(&mut self, sentence: String) {
        self.checked.problems.push(sentence);
    }

    /// Takes in the stretch of envelopes after a place, in order.
    fn stretch(&mut self, place: &mut u64, judged: Vec<Judged>, run: &mut Run) {
        for judged in judged {
            *place += 1;
            let taken = judged.and_then(|(id, verified)| {
                run.push(id);
                self.envelope(verified?)
            });
            if let Err(why) = taken {
                self.problem(format!("envelope number {place}: {why}"));
            }
        }
    }

    fn envelope(&mut self, verified: Verified) -> Result<(), String> {
        self.checked.signatures += 1;
        let header = verified.header();
        if let Some(absent) =
            header.parents.iter().chain(&header.prev).find(|id| !self.ids.contains(id))
        {
            return Err(format!("what it builds on is not before it ({absent})"));
        }
        if !self.ids.insert(verified.id()) {
            return Err("it is there twice".to_owned());
        }
        self.checked.envelopes += 1;
        self.sound.add_envelope(verified);
        Ok(())
    }

    /// Takes in a value that is what its key says.
    fn value(&mut self, kind: Kind, key: [u8; 32], content: &[u8]) {
        let count = match kind {
            Kind::Text => &mut self.checked.texts,
            Kind::Profile => {
                self.checked.signatures += 1;
                &mut self.checked.profiles
            }
            Kind::Setting => &mut self.checked.settings,
            Kind::Cache => &mut self.checked.caches,
        };
        *count += 1;
        if kind != Kind::Cache {
            self.sound.put(kind, key, content.to_vec());
        }
    }
}
