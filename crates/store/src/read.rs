//! Reading a store.

use copact_core::codec;
use copact_core::envelope::Verified;
use copact_core::ids::TextHash;
use copact_core::limits;
use copact_core::profile::Profile;
use copact_core::side::SideText;
use rusqlite::OptionalExtension as _;
use zeroize::Zeroizing;

use crate::batch::{name_key, profile_key};
use crate::error::StoreError;
use crate::extent::{Run, Tally};
use crate::rows::{self, Kind, Raw};
use crate::store::{Store, damaged};
use crate::write;

/// A stored value's key and content, as read.
type Opened = ([u8; 32], Zeroizing<Vec<u8>>);

impl Store {
    /// All envelopes in the order in which they were stored, parents first. Ids are computed
    /// again and compared, bodies opened and compared with the hash that the header names;
    /// signatures were verified before storing and are not verified again.
    ///
    /// # Errors
    /// The first envelope that is not as it was stored, or that one is missing.
    pub fn load(&self) -> Result<Vec<Verified>, StoreError> {
        let mut all = Vec::new();
        self.load_each(|envelope| all.push(envelope))?;
        Ok(all)
    }

    /// Like [`Self::load`], one at a time, for who does not keep them all. What was handed over
    /// counts only when this returned without an error.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn load_each(&self, mut take: impl FnMut(Verified)) -> Result<(), StoreError> {
        self.usable()?;
        let mut run = Run::default();
        let mut last: Option<Verified> = None;
        let sql = format!("SELECT {} FROM envelopes ORDER BY place", rows::COLUMNS);
        let mut statement = self.connection.prepare_cached(&sql).map_err(|e| self.reading(&e))?;
        let mut rows = statement.query([]).map_err(|e| self.reading(&e))?;
        while let Some(row) = rows.next().map_err(|e| self.reading(&e))? {
            let place = run.count + 1;
            let signed = rows::signed(row, &self.sealer, self.group)
                .map_err(|e| self.reading(&e))?
                .and_then(|signed| {
                    let id = signed.id();
                    signed.verified_before(id).map_err(|error| error.to_string())
                });
            let mut verified = signed
                .map_err(|why| damaged(&self.folder, &format!("envelope number {place}: {why}")))?;
            run.push(verified.id());
            if let Some(last) = &last {
                verified.share_content(last);
            }
            last = Some(verified.clone());
            take(verified);
        }
        if run == self.extent.envelopes {
            Ok(())
        } else {
            Err(damaged(&self.folder, "envelopes are missing, or not in the order of storing"))
        }
    }

    /// One envelope by its place in the order of storing, from 1; `None` beyond the last. Bodies
    /// need not be kept in memory.
    ///
    /// # Errors
    /// It is not as it was stored, or is missing.
    pub fn envelope(&self, place: u64) -> Result<Option<Verified>, StoreError> {
        self.usable()?;
        if place == 0 || place > self.count() {
            return Ok(None);
        }
        let why = |why: &str| damaged(&self.folder, &format!("envelope number {place}: {why}"));
        let row = self.raw(place).map_err(|e| self.reading(&e))?;
        let row = row.ok_or_else(|| why("it is missing"))?;
        let signed = row.read(&self.sealer, self.group).map_err(|e| why(&e))?;
        let id = signed.id();
        signed.verified_before(id).map(Some).map_err(|error| why(&error.to_string()))
    }

    /// The bytes of an envelope's row.
    pub(crate) fn raw(&self, place: u64) -> Result<Option<Raw>, rusqlite::Error> {
        let sql = format!("SELECT {} FROM envelopes WHERE place = ?1", rows::COLUMNS);
        let mut statement = self.connection.prepare_cached(&sql)?;
        statement.query_row([write::number(place)], Raw::of).optional()
    }

    /// Every side text, in the order of their hashes.
    ///
    /// # Errors
    /// One is missing or not as it was stored.
    pub fn texts(&self) -> Result<Vec<(TextHash, SideText)>, StoreError> {
        self.usable()?;
        let texts = self.values(Kind::Text)?.into_iter().map(|(key, content)| {
            read_text(&key, &content).ok_or_else(|| damaged(&self.folder, "a text cannot be read"))
        });
        texts.collect()
    }

    /// Every profile record.
    ///
    /// # Errors
    /// One is missing or not as it was stored.
    pub fn profiles(&self) -> Result<Vec<Profile>, StoreError> {
        self.usable()?;
        let profiles = self.values(Kind::Profile)?.into_iter().map(|(key, content)| {
            read_profile(&key, &content)
                .ok_or_else(|| damaged(&self.folder, "a profile cannot be read"))
        });
        profiles.collect()
    }

    /// A setting; `None` if it was never set or was removed.
    ///
    /// # Errors
    /// It is not as it was stored.
    pub fn setting(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        self.usable()?;
        let key = name_key(name);
        match self.sealed(Kind::Setting, &key).map_err(|e| self.reading(&e))? {
            None => Ok(None),
            Some(sealed) => match self.sealer.open(Kind::Setting.name(), &key, &sealed) {
                Ok(content) => Ok(Some(content)),
                Err(_) => Err(damaged(&self.folder, &format!("the setting “{name}”"))),
            },
        }
    }

    /// A cache, if it is whole and was made from exactly the envelopes, texts and profiles that are
    /// stored now. Another is none: it is made again.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn cache(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        self.usable()?;
        let key = name_key(name);
        let sealed = self.sealed(Kind::Cache, &key).map_err(|e| self.reading(&e))?;
        let opened =
            sealed.and_then(|sealed| self.sealer.open(Kind::Cache.name(), &key, &sealed).ok());
        let made_from = self.extent.made_from();
        Ok(opened.and_then(|mut content| {
            let current = content.starts_with(&made_from);
            let bound = made_from.len().min(content.len());
            content.drain(..bound);
            current.then_some(content)
        }))
    }

    fn sealed(&self, kind: Kind, key: &[u8; 32]) -> Result<Option<Vec<u8>>, rusqlite::Error> {
        write::sealed(&self.connection, kind, key)
    }

    /// Every value of a kind, compared with the record of extent.
    pub(crate) fn values(&self, kind: Kind) -> Result<Vec<Opened>, StoreError> {
        let mut values = Vec::new();
        let mut tally = Tally::default();
        let sql = "SELECT key, value FROM sealed WHERE kind = ?1 ORDER BY key";
        let mut statement = self.connection.prepare_cached(sql).map_err(|e| self.reading(&e))?;
        let mut rows = statement.query([kind.number()]).map_err(|e| self.reading(&e))?;
        let broken = |what: &str| damaged(&self.folder, &format!("{what} {}", kind.plural()));
        while let Some(row) = rows.next().map_err(|e| self.reading(&e))? {
            let blob = |column| row.get_ref(column).and_then(|v| Ok(v.as_blob()?));
            let key = blob(0).map_err(|e| self.reading(&e))?;
            let value = blob(1).map_err(|e| self.reading(&e))?;
            let key = <[u8; 32]>::try_from(key).map_err(|_| broken("a key among the"))?;
            let content = self
                .sealer
                .open(kind.name(), &key, value)
                .map_err(|_| broken("changed bytes among the"))?;
            tally.add(&self.sealer, kind, &key, value);
            values.push((key, content));
        }
        match self.extent.tally(kind) {
            Some(expected) if *expected != tally => Err(broken("missing, or older,")),
            _ => Ok(values),
        }
    }

    pub(crate) fn reading(&self, error: &rusqlite::Error) -> StoreError {
        let error = StoreError::database("reading", &self.folder, error);
        if matches!(error, StoreError::Io { .. }) { self.stop(error) } else { error }
    }
}

pub(crate) fn read_text(key: &[u8; 32], content: &[u8]) -> Option<(TextHash, SideText)> {
    let text: SideText = codec::decode(content, "a text", limits::TEXT_BYTES + 64).ok()?;
    let hash = text.hash();
    (hash.as_bytes() == key).then_some((hash, text))
}

pub(crate) fn read_profile(key: &[u8; 32], content: &[u8]) -> Option<Profile> {
    let most = limits::PICTURE_BYTES + limits::ENDPOINT_BYTES + 1_024;
    let profile = codec::decode(content, "a profile", most).ok()?;
    (profile_key(content) == *key).then_some(profile)
}
