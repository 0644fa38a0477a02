//! W5: a real editing history, written by one device and received by another.

use std::time::Duration;

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
use crate::peers::text::{self as peers, Plain};
use crate::row::Row;
use crate::tell;
use crate::time::{micros, millis, timed};

/// Keys of one burst, which becomes one signed change.
pub(crate) const BURST: usize = 32;
/// Bursts that the receiver takes in, and both commit, at once.
pub(crate) const GROUP: usize = 256;
/// Milliseconds in which the whole text is to be blamed.
const BLAME: f64 = 100.0;

/// What all bursts took, piece by piece.
#[derive(Default)]
struct Times {
    written: Duration,
    received: Duration,
    plain_written: Duration,
    plain_received: Duration,
    signed: Duration,
    verified: Duration,
}

pub(crate) fn run(n: Option<usize>) -> Measured<Vec<Row>> {
    let typed = Typed::load()?;
    let bursts: Vec<&[Key]> = typed.keys.chunks(BURST).collect();
    let count = n.unwrap_or(bursts.len()).min(bursts.len());
    let bursts = bursts.get(..count).unwrap_or_default();
    tell(&format!("w5: {count} bursts of {}", typed.source));
    let mut group = Generated::new(0)?;
    let mut desk = Desk::new(&mut group)?;
    let mut plain = Plain::new(desk.document.automerge(), &desk.body)?;
    let mut times = Times::default();
    // In turns, so that what else this machine does falls on both alike.
    for bursts in bursts.chunks(GROUP) {
        let (envelopes, written) = desk.write(bursts)?;
        times.written += written;
        times.plain_written += plain.write(bursts)?;
        times.received += desk.receive(&envelopes)?;
        times.plain_received += plain.receive()?;
        times.sign(&desk, &envelopes)?;
    }
    let shown = ContractContent::read(desk.document.automerge());
    let body = shown.sections.first().map(|one| one.body.clone()).unwrap_or_default();
    let whole = typed.text.as_ref().filter(|_| count * BURST >= typed.keys.len());
    if whole.is_some_and(|text| *text != body) || plain.text()? != body {
        return Err("the text received is not the one that was typed".into());
    }
    tell("w5: Loro and yrs");
    let others = [peers::loro(bursts)?, peers::yrs(bursts)?];
    let mut rows = times.rows(count, &others);
    rows.push(desk.load(count, &plain, &others)?);
    rows.push(blame(&desk.document, count));
    Ok(rows)
}

impl Times {
    /// What signing and strictly verifying alone take.
    fn sign(&mut self, desk: &Desk<'_>, envelopes: &[Verified]) -> Measured<()> {
        let purpose = copact_core::keys::Purpose::Envelope;
        let ((), signed) = timed(|| {
            for envelope in envelopes {
                std::hint::black_box(desk.writer.secret.sign(purpose, &envelope.wire().header));
            }
        });
        let (done, verified) = timed(|| envelopes.iter().try_for_each(crate::floor::verify));
        self.signed += signed;
        self.verified += verified;
        done
    }

    fn rows(&self, count: usize, others: &[peers::Typed]) -> Vec<Row> {
        let each = |time: Duration| micros(time) / real(count);
        let beside = |of: fn(&peers::Typed) -> Duration| {
            others.iter().map(|one| one.peer(each(of(one)))).collect::<Vec<_>>()
        };
        let (write, read) = (self.plain_written + self.signed, self.plain_received + self.verified);
        let row = |what, figure, floor, goal, peers| {
            Row::ratio(("w5", what, count), (each(figure), "µs"), each(floor), goal).beside(peers)
        };
        let both = beside(|one| one.written + one.received);
        let goal = Some(1.25);
        vec![
            row(
                "a burst of 32 keys, written and received",
                self.written + self.received,
                write + read,
                goal,
                both,
            ),
            row("– written", self.written, write, None, beside(|one| one.written)),
            row("– received", self.received, read, None, beside(|one| one.received)),
        ]
    }
}

fn blame(document: &Document, count: usize) -> Row {
    let (spans, time) = timed(|| contract::blame(document.automerge(), None));
    std::hint::black_box(spans);
    let what = "blame of the whole text, document open";
    Row::limit(("w5", what, count), (millis(time), "ms"), Some(BLAME))
}

/// The writer's device and the receiver's.
struct Desk<'a> {
    writer: &'a mut Writer,
    /// The writer's.
    mine: Ledger,
    typing: Typing,
    writers_store: Store,
    /// The receiver's.
    ledger: Ledger,
    document: Document,
    receivers_store: Option<Store>,
    body: automerge::ObjId,
    scratch: tempfile::TempDir,
}

fn day() -> Measured<Day> {
    Ok(Day::parse("2036-03-02")?)
}

fn sign(writer: &mut Writer, ledger: &Ledger, bytes: Vec<u8>) -> Measured<Verified> {
    // Whoever has written before has an own envelope to build on; the rest is named once.
    let change = Change { document: DocumentId::Contract, origin: Origin::Own, bytes };
    writer.sign(Some(ledger.group()), &[], day()?, Content::Change(change))
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

impl<'a> Desk<'a> {
    /// A group with a contract of one empty section, on both devices.
    fn new(group: &'a mut Generated) -> Measured<Self> {
        let mut envelopes = std::mem::take(&mut group.envelopes);
        let mut ledger = Ledger::of(envelopes.iter().cloned())?;
        let markdown = Markdown::parse("# Ours\n\n## Purpose {#purpose}\n")?;
        let writer = group.writers.first_mut().ok_or("no writers")?;
        let chain = Chain { device: writer.secret.public(), incarnation: writer.incarnation };
        let actor = chain.actor(ledger.group());
        let document = Document::new(&DocumentId::Contract)?;
        let mut ids = || PartId::from_bytes([1; 8]);
        let changes = make_change(document.automerge(), actor, |editor| {
            apply_markdown(editor, &markdown, &mut ids).map(drop)
        })?;
        for bytes in changes {
            let envelope = sign(writer, &ledger, bytes)?;
            ledger.insert(envelope.clone())?;
            envelopes.push(envelope);
        }
        let document = read(&ledger)?;
        let section = ContractContent::read(document.automerge());
        let section = section.sections.first().ok_or("no section")?.id;
        let typing = Typing::open(document.clone().into_automerge(), actor, section)?;
        let scratch = home::folder()?;
        let store = |name: &str| -> Measured<Store> {
            let mut batch = Batch::new();
            envelopes.iter().for_each(|one| batch.add_envelope(one.clone()));
            let key = StoreKey::from_bytes([1; 32]);
            Ok(Store::create(&scratch.path().join(name), &key, ledger.group(), &batch)?)
        };
        Ok(Self {
            mine: Ledger::of(envelopes.iter().cloned())?,
            writers_store: store("writer")?,
            receivers_store: Some(store("receiver")?),
            body: typing.body().clone(),
            writer,
            typing,
            ledger,
            document,
            scratch,
        })
    }

    /// Types, signs, places and stores; what was written comes back.
    fn write(&mut self, bursts: &[&[Key]]) -> Measured<(Vec<Verified>, Duration)> {
        let mut all = Vec::with_capacity(bursts.len());
        let (done, time) = timed(|| -> Measured<()> {
            let mut batch = Batch::new();
            for burst in bursts {
                for Key(at, deleted, inserted) in *burst {
                    self.typing.replace(*at, *deleted, inserted)?;
                }
                for bytes in self.typing.pause()? {
                    let envelope = sign(self.writer, &self.mine, bytes)?;
                    self.mine.insert(envelope.clone())?;
                    batch.add_envelope(envelope.clone());
                    all.push(envelope);
                }
            }
            Ok(self.writers_store.commit(&batch)?)
        });
        done?;
        Ok((all, time))
    }

    /// From the bytes of the envelopes to the open document that shows them.
    fn receive(&mut self, envelopes: &[Verified]) -> Measured<Duration> {
        let wires: Vec<Wire> = envelopes.iter().map(|one| one.wire()).collect();
        let (done, taken) = timed(|| -> Measured<()> {
            let mut batch = Batch::new();
            for wire in wires {
                let envelope = wire.parse()?.verify()?;
                self.ledger.insert(envelope.clone())?;
                batch.add_envelope(envelope);
            }
            Ok(self.receivers_store.as_mut().ok_or("the store is closed")?.commit(&batch)?)
        });
        done?;
        // The ledger knows these; asking for them again is the bench's own affair.
        let hashes: Measured<Vec<ChangeHash>> =
            envelopes.iter().map(|one| hash_of(&self.ledger, one)).collect();
        let (hashes, document) =
            (hashes?, std::mem::replace(&mut self.document, Document::new(&DocumentId::Contract)?));
        let (made, shown) = timed(|| self.ledger.extended(DocumentId::Contract, document, &hashes));
        self.document = made.ok_or("Automerge broke on an honest change")?;
        Ok(taken + shown)
    }

    /// From the store to an open document.
    fn load(&mut self, count: usize, plain: &Plain, others: &[peers::Typed]) -> Measured<Row> {
        drop(self.receivers_store.take());
        let key = StoreKey::from_bytes([1; 32]);
        let folder = self.scratch.path().join("receiver");
        let (loaded, time) = timed(|| -> Measured<Document> {
            let ledger = Ledger::of(Store::open(&folder, &key)?.load()?)?;
            read(&ledger)
        });
        std::hint::black_box(loaded?);
        let what = "loaded: store to open document (floor: Automerge's own load)";
        let peers = others.iter().map(|one| one.peer(millis(one.loaded))).collect();
        Ok(Row::ratio(("w5", what, count), (millis(time), "ms"), millis(plain.load()?), None)
            .beside(peers))
    }
}

/// The contract's document as the ledger has it.
fn read(ledger: &Ledger) -> Measured<Document> {
    let kept = ledger.selection(DocumentId::Contract, &ledger.now(), &[]).kept;
    Ok(ledger.materialise(DocumentId::Contract, &kept)?)
}
