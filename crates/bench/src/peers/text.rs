//! The same typing without signatures: a change a burst, received in the same groups.

use std::time::Duration;

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, ObjId, ReadDoc};
use loro::{ExportMode, LoroDoc};
use yrs::block::ClientID;
use yrs::updates::decoder::Decode;
use yrs::{Doc, OffsetKind, Options, ReadTxn, StateVector, Text, Transact, Update};

use crate::failure::Measured;
use crate::keystrokes::Key;
use crate::row::Peer;
use crate::time::timed;
use crate::w5::GROUP;

/// What a library took for all of it.
pub(crate) struct Typed {
    pub(crate) name: &'static str,
    pub(crate) written: Duration,
    pub(crate) received: Duration,
    pub(crate) loaded: Duration,
}

impl Typed {
    pub(crate) const fn peer(&self, figure: f64) -> Peer {
        Peer { name: self.name, figure }
    }
}

/// Plain Automerge with the same document.
pub(crate) struct Plain {
    writer: Automerge,
    receiver: Automerge,
    text: ObjId,
    changes: Vec<Vec<u8>>,
}

impl Plain {
    pub(crate) fn new(document: &Automerge, text: &ObjId) -> Measured<Self> {
        let mut writer = document.clone();
        writer.set_actor(ActorId::from([7; 16]));
        let text = text.clone();
        Ok(Self { writer, receiver: document.clone(), text, changes: Vec::new() })
    }

    /// Types; each burst is a change, whose bytes are kept for the receiver.
    pub(crate) fn write(&mut self, bursts: &[&[Key]]) -> Measured<Duration> {
        let (done, time) = timed(|| -> Measured<()> {
            for burst in bursts {
                let mut open = self.writer.transaction();
                for Key(at, deleted, inserted) in *burst {
                    open.splice_text(&self.text, *at, isize::try_from(*deleted)?, inserted)?;
                }
                let (hash, _) = open.commit_with(CommitOptions::default().with_time(0));
                let change = hash.and_then(|hash| self.writer.get_change_by_hash(&hash));
                let change = change.ok_or("a burst without a change")?;
                self.changes.push(change.raw_bytes().to_vec());
            }
            Ok(())
        });
        done?;
        Ok(time)
    }

    /// Takes in what was written since the last time.
    pub(crate) fn receive(&mut self) -> Measured<Duration> {
        let (done, time) = timed(|| -> Measured<()> {
            let changes = std::mem::take(&mut self.changes);
            let decoded: Result<Vec<_>, _> =
                changes.iter().map(|bytes| automerge::Change::try_from(bytes.as_slice())).collect();
            Ok(self.receiver.apply_changes(decoded?)?)
        });
        done?;
        Ok(time)
    }

    /// How long loading it anew takes.
    pub(crate) fn load(&self) -> Measured<Duration> {
        let saved = self.receiver.save();
        let (loaded, time) = timed(|| Automerge::load(&saved));
        std::hint::black_box(loaded?);
        Ok(time)
    }

    pub(crate) fn text(&self) -> Measured<String> {
        Ok(self.receiver.text(&self.text)?)
    }
}

pub(crate) fn loro(bursts: &[&[Key]]) -> Measured<Typed> {
    let writer = LoroDoc::new();
    let text = writer.get_text("text");
    let mut updates = Vec::with_capacity(bursts.len());
    let (done, written) = timed(|| -> Measured<()> {
        for burst in bursts {
            let before = writer.oplog_vv();
            for Key(at, deleted, inserted) in *burst {
                text.delete(*at, *deleted)?;
                text.insert(*at, inserted)?;
            }
            writer.commit();
            updates.push(writer.export(ExportMode::updates(&before))?);
        }
        Ok(())
    });
    done?;
    let receiver = LoroDoc::new();
    let (done, received) = timed(|| -> Measured<()> {
        for group in updates.chunks(GROUP) {
            receiver.import_batch(group)?;
        }
        Ok(())
    });
    done?;
    let saved = receiver.export(ExportMode::Snapshot)?;
    let (loaded, time) = timed(|| -> Measured<String> {
        let document = LoroDoc::new();
        document.import(&saved)?;
        Ok(document.get_text("text").to_string())
    });
    std::hint::black_box(loaded?);
    Ok(Typed { name: "loro", written, received, loaded: time })
}

fn yrs_doc(client: u64) -> Doc {
    let options = Options::with_client_id(ClientID::new(client));
    Doc::with_options(Options { offset_kind: OffsetKind::Utf16, ..options })
}

pub(crate) fn yrs(bursts: &[&[Key]]) -> Measured<Typed> {
    let writer = yrs_doc(1);
    let text = writer.get_or_insert_text("text");
    let mut updates = Vec::with_capacity(bursts.len());
    let (done, written) = timed(|| -> Measured<()> {
        for burst in bursts {
            let mut open = writer.transact_mut();
            for Key(at, deleted, inserted) in *burst {
                let at = u32::try_from(*at)?;
                if *deleted > 0 {
                    text.remove_range(&mut open, at, u32::try_from(*deleted)?);
                }
                if !inserted.is_empty() {
                    text.insert(&mut open, at, inserted);
                }
            }
            updates.push(open.encode_update_v1());
        }
        Ok(())
    });
    done?;
    let receiver = yrs_doc(2);
    receiver.get_or_insert_text("text");
    let (done, received) = timed(|| -> Measured<()> {
        for group in updates.chunks(GROUP) {
            let mut open = receiver.transact_mut();
            for update in group {
                open.apply_update(Update::decode_v1(update)?)?;
            }
        }
        Ok(())
    });
    done?;
    let saved = receiver.transact().encode_state_as_update_v1(&StateVector::default());
    let (loaded, time) = timed(|| -> Measured<Doc> {
        let document = yrs_doc(3);
        document.transact_mut().apply_update(Update::decode_v1(&saved)?)?;
        Ok(document)
    });
    std::hint::black_box(loaded?);
    Ok(Typed { name: "yrs", written, received, loaded: time })
}
