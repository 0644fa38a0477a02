//! Wrong as bytes, or in the fields before the operations.

use super::{Corpus, insert, reseal, seal, signed, unsigned};

pub(super) fn add(corpus: &mut Corpus<'_>) {
    chunks(corpus);
    fields(corpus);
    columns(corpus);
    encodings(corpus);
}

fn chunks(corpus: &mut Corpus<'_>) {
    let good = corpus.plain().encode();
    let data = &good[10..];
    corpus.add("no bytes", "not-a-change", Vec::new());
    corpus.add("wrong magic bytes", "not-a-change", [&[0x84][..], &good[1..]].concat());
    corpus.add("a document chunk", "not-a-change", seal(0, data));
    corpus.add("a bundle chunk", "not-a-change", seal(3, data));
    corpus.add("an unknown chunk", "not-a-change", seal(9, data));
    corpus.add("a compressed chunk", "compressed", seal(2, data));
    corpus.add("a byte after the chunk", "trailing-bytes", [&good[..], &[0]].concat());
    corpus.add("two chunks", "trailing-bytes", [&good[..], &good].concat());
    corpus.add("half a chunk", "malformed", good[..good.len() / 2].to_vec());
    corpus.add("half of the data", "malformed", seal(1, &data[..data.len() / 2]));
    let mut flipped = good.clone();
    flipped[4] ^= 1;
    corpus.add("wrong checksum", "checksum", flipped);
    let mut endless = good[..9].to_vec();
    endless.extend([0xff; 9]);
    endless.push(1);
    corpus.add("a length of 2^64", "malformed", endless);
    corpus.add("larger than a body", "too-large", vec![0x85; 256 * 1024 + 1]);
}

fn fields(corpus: &mut Corpus<'_>) {
    corpus.with("no operations", "empty", |draft| {
        draft.rows.clear();
        draft.others.clear();
    });
    corpus.with("the earliest time", "time", |draft| draft.time = i64::MIN);
    corpus.with("a time", "time", |draft| draft.time = 1);
    corpus.with("a message", "message", |draft| draft.message = b"hello".to_vec());
    corpus.with("extra bytes", "extra-bytes", |draft| draft.extra = vec![7]);
    corpus.with("an author", "extra-bytes", |draft| draft.extra = vec![1, 3, b'a', b'n', b'n']);
    let author = corpus.ground.author.to_vec();
    corpus.with("somebody else's actor", "wrong-actor", |draft| draft.actor = author);
    corpus.with("a short actor", "wrong-actor", |draft| draft.actor.truncate(8));
    corpus.with("an actor listed and not used", "unused-actor", |draft| {
        draft.others.push(vec![0xff; 16]);
    });
    corpus.with("an actor listed twice", "unused-actor", |draft| {
        let twice = draft.others[0].clone();
        draft.others.push(twice);
    });
    corpus.with("its own actor listed", "unused-actor", |draft| {
        let own = draft.actor.clone();
        draft.others.push(own);
        draft.others.sort();
    });
    corpus.with("an actor from nowhere", "unknown-actor", |draft| {
        draft.others[0] = vec![0x55; 16];
    });
    corpus.with("a short other actor", "unknown-actor", |draft| draft.others[0].truncate(3));
    corpus.with("no dependencies", "no-deps", |draft| draft.deps.clear());
    corpus.with("one dependency twice", "repeated-dep", |draft| {
        draft.deps.push(draft.deps[0]);
    });
    corpus.with("a dependency from nowhere", "unseen-dep", |draft| {
        draft.deps.push([0xee; 32]);
    });
    numbers(corpus);
}

fn numbers(corpus: &mut Corpus<'_>) {
    corpus.with("a gap in its numbers", "seq", |draft| draft.seq = 7);
    corpus.with("number 0", "seq", |draft| draft.seq = 0);
    corpus.with("the highest number", "seq", |draft| draft.seq = u64::MAX);
    corpus.with("operations that start too low", "start-op", |draft| draft.start_op -= 1);
    corpus.with("operations that start at 1", "start-op", |draft| draft.start_op = 1);
    corpus.with("operations that start at 0", "start-op", |draft| draft.start_op = 0);
    corpus.with("operations that start too high", "start-op", |draft| draft.start_op += 1);
    corpus.with("operations near 2^32", "start-op", |draft| {
        draft.start_op = u64::from(u32::MAX) - 1;
    });
    corpus.with("operations near 2^64", "start-op", |draft| draft.start_op = u64::MAX);
}

/// A column of one run that claims `count` times `value`.
fn run(count: i64, value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    signed(&mut out, count);
    unsigned(&mut out, value);
    out
}

fn columns(corpus: &mut Corpus<'_>) {
    corpus.with("an unknown column", "malformed", |d| d.columns.push((0xb2, vec![127, 0])));
    corpus.with("a compressed column", "malformed", |d| d.columns.push((0x4a, vec![127, 0])));
    corpus.with("columns out of order", "malformed", |d| {
        d.columns.push((u64::from(u32::MAX) + 1, vec![127, 0]));
    });
    corpus.with("2^60 operations", "too-many-ops", |d| d.columns.push((0x42, run(1 << 60, 1))));
    corpus.with("2^60 nulls", "too-many-ops", |d| {
        let mut nulls = vec![0];
        unsigned(&mut nulls, 1 << 60);
        d.columns.push((0x15, nulls));
    });
    corpus.with("2^62 overwritten", "too-many-ops", |d| {
        d.columns.push((0x70, run(1, 1 << 62)));
        d.columns.push((0x71, run(1 << 62, 0)));
        d.columns.push((0x73, run(1 << 62, 1)));
    });
    corpus.with("2^60 insertions", "too-many-ops", |d| {
        let mut flags = vec![0];
        unsigned(&mut flags, 1 << 60);
        d.columns.push((0x34, flags));
    });
    corpus.with("the longest negative run", "malformed", |d| {
        d.columns.push((0x42, run(i64::MIN, 1)));
    });
    corpus.rows("65 537 operations", "too-many-ops", vec![insert("x"); 65_537]);
    let mut short = corpus.draft(vec![insert("a"), insert("b")]);
    short.columns.push((0x13, run(1, 0)));
    corpus.add("one row too few", "malformed", short.encode());
    corpus.with("more characters than rows", "malformed", |d| d.columns.push((0x57, vec![65; 9])));
    corpus.with("text that is not UTF-8", "malformed", |d| d.columns.push((0x57, vec![0xff])));
    corpus.with("an unknown action", "malformed", |draft| draft.rows[0].action = 12);
    corpus.with("an action past 64 bits", "malformed", |d| {
        d.columns.push((0x42, [&[0x7f][..], &[0xff; 10]].concat()));
    });
    corpus.with("an actor out of the table", "malformed", |d| d.columns.push((0x01, run(1, 9))));
    corpus.with("an object with counter 0", "malformed", |d| d.columns.push((0x02, run(1, 0))));
    corpus.with("an object past 2^32", "malformed", |d| d.columns.push((0x02, run(1, 1 << 40))));
    corpus.with("an object without an actor", "malformed", |d| d.columns.push((0x01, Vec::new())));
    corpus.with("a negative element", "malformed", |draft| {
        let mut negative = vec![1];
        signed(&mut negative, -5);
        draft.columns.push((0x11, run(1, 0)));
        draft.columns.push((0x13, negative));
    });
}

/// Decodes to an ok change, but a saved document would not have these bytes again.
fn encodings(corpus: &mut Corpus<'_>) {
    corpus.with("a list of one as a run", "not-canonical", |d| d.columns.push((0x42, run(1, 1))));
    corpus.with("a column of nulls", "not-canonical", |d| d.columns.push((0xa5, vec![0, 1])));
    let mut halves = corpus.draft(["a", "b", "c", "d"].map(insert).to_vec());
    halves.columns.push((0x42, [run(2, 1), run(2, 1)].concat()));
    corpus.add("a run in two halves", "not-canonical", halves.encode());
    corpus.with("a column of no marks", "not-canonical", |d| d.columns.push((0x94, vec![1])));
    corpus.with("an overlong run", "not-canonical", |d| {
        d.columns.push((0x42, vec![0xff, 0xff, 0x7f, 1]));
    });
    let first = super::first();
    corpus.with("unsorted dependencies", "not-canonical", |draft| {
        draft.deps.push(first);
        draft.deps.sort_unstable();
        draft.deps.reverse();
    });
    let good = corpus.plain().encode();
    let mut long = good[..9].to_vec();
    long.extend([good[9] | 0x80, 0]);
    long.extend(&good[10..]);
    corpus.add("an overlong length", "malformed", long);
    corpus.add("bytes beyond its length", "malformed", reseal(&good[..good.len() - 3]));
}
