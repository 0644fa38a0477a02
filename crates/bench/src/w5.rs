//! W5: a real editing history, written by one device and received by another.

use std::time::Duration;

use automerge::{Automerge, ReadDoc};
use copact_core::change::{Change, DocumentId, Origin};
use copact_core::contract::{self, ContractContent, Markdown, Typing, apply_markdown, make_change};
use copact_core::day::Day;
use copact_core::document::Document;
use copact_core::envelope::{Chain, Content, Verified, Wire};
use copact_core::ids::{ChangeHash, PartId};
use copact_core::ledger::Ledger;
use copact_store::{Batch, Store, StoreKey};

use crate::failure::Measured;
use crate::group::{Generated, Writer};
use crate::home;
use crate::keystrokes::{Key, Typed};
use crate::number::real;
use crate::peers::text as peers;
use crate::row::Row;
use crate::tell;
use crate::time::{micros, millis, timed};

/// Keys of one burst, which becomes one signed change.
pub(crate) const BURST: usize = 32;
/// Bursts that the receiver takes in, and both commit, at once.
pub(crate) const GROUP: usize = 256;
/// Milliseconds in which the whole text is to be blamed.
const BLAME: f64 = 100.0;

pub(crate) fn run(n: Option<usize>) -> Measured<Vec<Row>> {
    let typed = Typed::load()?;
    let bursts: Vec<&[Key]> = typed.keys.chunks(BURST).collect();
    let count = n.unwrap_or(bursts.len()).min(bursts.len());
    let bursts = bursts.get(..count).unwrap_or_default();
    tell(&format!("w5: {count} bursts of {}", typed.source));
    let mut desk = Desk::new()?;
    let (envelopes, written) = desk.write(bursts)?;
    tell("w5: received");
    let (received, document) = desk.receive(&envelopes)?;
    tell("w5: plain Automerge");
    let floor = peers::automerge(bursts)?;
    let signed = desk.signatures(&envelopes)?;
    let spelt = ContractContent::read(document.automerge());
    let body = spelt.sections.first().map(|one| one.body.clone()).unwrap_or_default();
    let whole = typed.text.as_ref().filter(|_| count * BURST >= typed.keys.len());
    if whole.is_some_and(|text| *text != body) || floor.text != body {
        return Err("the text received is not the one that was typed".into());
    }
    let key = |what| ("w5", what, count);
    let each = |time: Duration| micros(time) / real(count);
    tell("w5: Loro and yrs");
    let others = [peers::loro(bursts)?, peers::yrs(bursts)?];
    let beside = |of: fn(&peers::Typed) -> Duration| {
        others.iter().map(|one| one.peer(each(of(one)))).collect::<Vec<_>>()
    };
    let write_floor = floor.written + signed.0;
    let read_floor = floor.received + signed.1;
    Ok(vec![
        Row::ratio(
            key("a burst written and received"),
            (each(written + received), "µs"),
            each(write_floor + read_floor),
            Some(1.25),
        )
        .beside(beside(|one| one.written + one.received)),
        Row::ratio(key("  written"), (each(written), "µs"), each(write_floor), None)
            .beside(beside(|one| one.written)),
        Row::ratio(key("  received"), (each(received), "µs"), each(read_floor), None)
            .beside(beside(|one| one.received)),
        desk.load(count, &floor, &others)?,
        blame(&document, count),
    ])
}

fn blame(document: &Document, count: usize) -> Row {
    let (spans, time) = timed(|| contract::blame(document.automerge(), None));
    std::hint::black_box(spans);
    let what = "blame of the whole text, document open";
    Row::limit(("w5", what, count), (millis(time), "ms"), Some(BLAME))
}

/// The writer's device, and what the receiver has before.
struct Desk {
    group: Generated,
    section: PartId,
    ledger: Ledger,
    document: Document,
    scratch: tempfile::TempDir,
}

fn day() -> Measured<Day> {
    Ok(Day::parse("2036-03-02")?)
}

fn sign(
    writer: &mut Writer,
    ledger: &Ledger,
    heads: &[copact_core::ids::EnvelopeId],
    bytes: Vec<u8>,
) -> Measured<Verified> {
    let change = Change { document: DocumentId::Contract, origin: Origin::Own, bytes };
    writer.sign(Some(ledger.group()), heads, day()?, Content::Change(change))
}

/// The change that an envelope carries, as the ledger took it in.
fn hash_of(ledger: &Ledger, envelope: &Verified) -> Measured<ChangeHash> {
    let placed = ledger.get(envelope.id()).ok_or("an envelope is lost")?;
    if let Some(void) = placed.void() {
        return Err(format!("an honest change is void: {void}").into());
    }
    let Content::Change(change) = envelope.content() else { return Err("no change".into()) };
    let hash = automerge::Change::try_from(change.bytes.as_slice())?.hash();
    Ok(ChangeHash::from_bytes(hash.0))
}

impl Desk {
    /// A group with a contract of one empty section.
    fn new() -> Measured<Self> {
        let mut group = Generated::new(0)?;
        let mut ledger = Ledger::of(group.envelopes.iter().cloned())?;
        let markdown = Markdown::parse("# Ours\n\n## Purpose {#purpose}\n")?;
        let writer = group.writers.first_mut().ok_or("no writers")?;
        let chain = Chain { device: writer.secret.public(), incarnation: writer.incarnation };
        let actor = chain.actor(ledger.group());
        let document = Document::new(&DocumentId::Contract)?;
        let mut ids = || PartId::from_bytes([1; 8]);
        let changes = make_change(document.automerge(), actor, |editor| {
            apply_markdown(editor, &markdown, &mut ids).map(drop)
        })?;
        let heads: Vec<_> =
            ledger.heads().filter_map(|at| Some(ledger.at(at)?.id())).take(31).collect();
        for bytes in changes {
            let envelope = sign(writer, &ledger, &heads, bytes)?;
            ledger.insert(envelope.clone())?;
            group.envelopes.push(envelope);
        }
        let document = read(&ledger)?;
        let section = ContractContent::read(document.automerge());
        let section = section.sections.first().ok_or("no section")?.id;
        Ok(Self { group, section, ledger, document, scratch: home::folder()? })
    }

    fn store(&self, name: &str) -> Measured<Store> {
        let mut batch = Batch::new();
        self.group.envelopes.iter().for_each(|one| batch.add_envelope(one.clone()));
        let key = StoreKey::from_bytes([1; 32]);
        Ok(Store::create(&self.scratch.path().join(name), &key, self.group.id, &batch)?)
    }

    /// Types, signs, places and stores; what was written comes back.
    fn write(&mut self, bursts: &[&[Key]]) -> Measured<(Vec<Verified>, Duration)> {
        let mut store = self.store("writer")?;
        let mut ledger = Ledger::of(self.group.envelopes.iter().cloned())?;
        let writer = self.group.writers.first_mut().ok_or("no writers")?;
        let chain = Chain { device: writer.secret.public(), incarnation: writer.incarnation };
        let document = self.document.clone().into_automerge();
        let mut typing = Typing::open(document, chain.actor(ledger.group()), self.section)?;
        let mut all = Vec::with_capacity(bursts.len());
        let (done, time) = timed(|| -> Measured<()> {
            for group in bursts.chunks(GROUP) {
                let mut batch = Batch::new();
                for burst in group {
                    for Key(at, deleted, inserted) in *burst {
                        typing.replace(*at, *deleted, inserted)?;
                    }
                    for bytes in typing.pause()? {
                        let envelope = sign(writer, &ledger, &[], bytes)?;
                        ledger.insert(envelope.clone())?;
                        batch.add_envelope(envelope.clone());
                        all.push(envelope);
                    }
                }
                store.commit(&batch)?;
            }
            Ok(())
        });
        done?;
        Ok((all, time))
    }

    /// From the bytes of the envelopes to an open document that shows them.
    fn receive(&mut self, envelopes: &[Verified]) -> Measured<(Duration, Document)> {
        let mut store = self.store("receiver")?;
        let mut document = self.document.clone();
        let mut total = Duration::ZERO;
        for group in envelopes.chunks(GROUP) {
            let wires: Vec<Wire> = group.iter().map(|one| one.wire().clone()).collect();
            let hashes: Measured<Vec<ChangeHash>>;
            let mut batch = Batch::new();
            let (done, time) = timed(|| -> Measured<()> {
                for wire in wires {
                    let envelope = wire.parse()?.verify()?;
                    self.ledger.insert(envelope.clone())?;
                    batch.add_envelope(envelope);
                }
                Ok(store.commit(&batch)?)
            });
            done?;
            total += time;
            // The ledger knows these; asking for them again is the bench's own affair.
            hashes = group.iter().map(|one| hash_of(&self.ledger, one)).collect();
            let hashes = hashes?;
            let (made, time) =
                timed(|| self.ledger.extended(DocumentId::Contract, document, &hashes));
            document = made.ok_or("Automerge broke on an honest change")?;
            total += time;
        }
        Ok((total, document))
    }

    /// What signing and strictly verifying alone take.
    fn signatures(&self, envelopes: &[Verified]) -> Measured<(Duration, Duration)> {
        let secret = &self.group.writers.first().ok_or("no writers")?.secret;
        let purpose = copact_core::keys::Purpose::Envelope;
        let ((), signed) = timed(|| {
            for envelope in envelopes {
                std::hint::black_box(secret.sign(purpose, &envelope.wire().header));
            }
        });
        let (verified, time) = timed(|| envelopes.iter().try_for_each(crate::floor::verify));
        verified?;
        Ok((signed, time))
    }

    /// From the store to an open document.
    fn load(&self, count: usize, floor: &peers::Typed, others: &[peers::Typed]) -> Measured<Row> {
        let key = StoreKey::from_bytes([1; 32]);
        let folder = self.scratch.path().join("receiver");
        let (loaded, time) = timed(|| -> Measured<Document> {
            let ledger = Ledger::of(Store::open(&folder, &key)?.load()?)?;
            read(&ledger)
        });
        std::hint::black_box(loaded?);
        let what = "loaded: store to open document (floor: Automerge's own load)";
        let peers = others.iter().map(|one| one.peer(millis(one.loaded))).collect();
        Ok(Row::ratio(("w5", what, count), (millis(time), "ms"), millis(floor.loaded), None)
            .beside(peers))
    }
}

/// The contract's document as the ledger has it.
fn read(ledger: &Ledger) -> Measured<Document> {
    let kept = ledger.selection(DocumentId::Contract, &ledger.now(), &[]).kept;
    Ok(ledger.materialise(DocumentId::Contract, &kept)?)
}

/// The text of a document that has nothing else.
pub(crate) fn only_text(document: &Automerge, text: &automerge::ObjId) -> Measured<String> {
    Ok(document.text(text)?)
}
