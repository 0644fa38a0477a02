//! Wrong by what it refers to: the past, objects, elements and what is overwritten.

use super::{
    AUTHOR, At, BODY, Corpus, DELETE_H, Draft, E, FIRST_ORDER, GOAL, H, HEADING, KIND, MARK_BEGIN,
    ME, NEXT, ORDER, Poison, Row, SECTION, STATE, delete, hash, insert, put,
};

pub(super) fn add(corpus: &mut Corpus<'_>) {
    pasts(corpus);
    objects(corpus);
    preds(corpus);
    texts(corpus);
}

/// What needs ok changes of the attacker before.
fn pasts(corpus: &mut Corpus<'_>) {
    let base = super::first();
    corpus.with("uses what its dependencies do not have", "unknown-actor", |draft| {
        draft.deps = vec![base];
        draft.start_op = 4;
    });
    let early = hash(&corpus.ground.changes[0]);
    let after_mark = Row { at: At::Element(MARK_BEGIN), ..insert("!") };
    let order = Row { preds: vec![ORDER], ..put(SECTION, "order", "c") };
    for (name, code, row) in [
        ("uses an element that its dependencies do not have", "unknown-element", after_mark),
        ("overwrites what its dependencies do not have", "unknown-pred", order),
    ] {
        let draft = corpus.draft(vec![row]);
        let bytes = Draft { deps: vec![early], start_op: 18, ..draft }.encode();
        corpus.add(name, code, bytes);
    }
    let (one, two) = (corpus.plain(), corpus.draft(vec![insert("?")]));
    let next = |deps: Vec<[u8; 32]>, seq: u64, start_op: u64| {
        let mut deps = deps;
        deps.sort_unstable();
        Draft { deps, seq, start_op, ..one.clone() }.encode()
    };
    let (one_bytes, two_bytes) = (one.encode(), two.encode());
    let both = vec![one_bytes.clone(), two_bytes.clone()];
    let (a, b, head) = (hash(&one_bytes), hash(&two_bytes), corpus.head());
    let only = vec![one_bytes];
    let mut more = |name, code, before: &Vec<Vec<u8>>, bytes| {
        corpus.poisons.push(Poison { name, code, before: before.clone(), bytes });
    };
    more("both sides of a fork", "forked-past", &both, next(vec![a, b], 2, NEXT + 1));
    more("leaves its own previous change out", "seq", &only, next(vec![head], 2, NEXT));
    more("a number used before", "seq", &only, next(vec![a], 1, NEXT + 1));
    more("op ids used before", "start-op", &only, next(vec![a], 2, NEXT));
    more("skips op ids", "start-op", &only, next(vec![a], 2, NEXT + 2));
}

fn objects(corpus: &mut Corpus<'_>) {
    let into = |object| vec![Row { object: Some(object), ..insert("!") }];
    for (name, object) in [
        ("an object from nowhere", (AUTHOR, 999)),
        ("an object of its own that is not there", (ME, 3)),
        ("itself as its object", (ME, NEXT)),
        ("a value as its object", KIND),
        ("a character as its object", H),
        ("a deletion as its object", DELETE_H),
    ] {
        let mut rows = into(object);
        rows.push(insert("!"));
        corpus.rows(name, "unknown-object", rows);
    }
    let after = |at| vec![Row { at: At::Element(at), ..insert("!") }];
    for (name, element) in [
        ("after a character from nowhere", (AUTHOR, 999)),
        ("after itself", (ME, NEXT)),
        ("after what it inserts later", (ME, NEXT + 1)),
        ("after a character of another text", (AUTHOR, 17)),
        ("after a deletion", DELETE_H),
        ("after a value", KIND),
        ("after its own text", BODY),
    ] {
        let mut rows = after(element);
        rows.push(insert("!"));
        corpus.rows(name, "unknown-element", rows);
    }
}

fn preds(corpus: &mut Corpus<'_>) {
    let order =
        |preds: &[super::OpId]| vec![Row { preds: preds.to_vec(), ..put(SECTION, "order", "c") }];
    for (name, code, preds) in [
        ("overwrites what is nowhere", "unknown-pred", vec![(AUTHOR, 999)]),
        ("overwrites itself", "unknown-pred", vec![(ME, NEXT)]),
        ("overwrites what comes later", "unknown-pred", vec![(ME, NEXT + 1)]),
        ("overwrites a deletion", "pred-not-a-value", vec![DELETE_H]),
        ("overwrites a mark", "pred-not-a-value", vec![MARK_BEGIN]),
        ("overwrites another key", "pred-elsewhere", vec![KIND]),
        ("overwrites another object's key", "pred-elsewhere", vec![STATE]),
        ("overwrites a character from a map", "pred-elsewhere", vec![H]),
        ("overwrites one value twice", "repeated-pred", vec![ORDER, ORDER]),
        ("overwrites in the wrong order", "repeated-pred", vec![ORDER, FIRST_ORDER]),
    ] {
        let mut rows = order(&preds);
        rows.push(put(SECTION, "order", "d"));
        corpus.rows(name, code, rows);
    }
    let kind = At::Key("kind".into());
    corpus.rows("deletes another key", "pred-elsewhere", vec![delete(SECTION, kind, &[ORDER])]);
    corpus.rows(
        "deletes no key",
        "delete-without-pred",
        vec![delete(GOAL, At::Key("due".into()), &[])],
    );
}

fn texts(corpus: &mut Corpus<'_>) {
    let of = |at, preds: &[super::OpId]| vec![delete(BODY, At::Element(at), preds)];
    corpus.rows("deletes no character", "delete-without-pred", of(E, &[]));
    corpus.rows(
        "inserts and overwrites",
        "insert-with-pred",
        vec![Row { preds: vec![E], ..insert("!") }],
    );
    corpus.rows("deletes another character", "pred-elsewhere", of(E, &[H]));
    corpus.rows("deletes two characters at once", "pred-elsewhere", of(E, &[H, E]));
    corpus.rows("deletes a deletion", "pred-not-a-value", of(E, &[DELETE_H]));
    corpus.rows("deletes one character twice", "repeated-pred", of(E, &[E, E]));
    corpus.rows("deletes a mark", "unknown-element", of(MARK_BEGIN, &[MARK_BEGIN]));
    corpus.rows("deletes what is nowhere", "unknown-element", of((AUTHOR, 999), &[E]));
    corpus.rows("deletes the head", "unknown-element", vec![delete(BODY, At::Head, &[E])]);
    corpus.rows(
        "deletes from another text",
        "unknown-element",
        vec![delete(HEADING, At::Element(E), &[E])],
    );
    corpus.rows(
        "overwrites a mark with a character",
        "insert-with-pred",
        vec![Row { preds: vec![MARK_BEGIN], ..insert("!") }],
    );
}
