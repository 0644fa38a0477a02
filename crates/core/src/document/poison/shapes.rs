//! Wrong by what stands where: the plan of the document, values, and marks.

use super::{
    At, BODY, Corpus, E, GOAL, HEADING, ME, NEXT, OpId, Row, SECTION, SECTIONS, delete, insert,
    make, mark, put,
};

pub(super) fn add(corpus: &mut Corpus<'_>) {
    plan(corpus);
    values(corpus);
    marks(corpus);
}

fn plan(corpus: &mut Corpus<'_>) {
    let root = |row: Row| vec![Row { object: None, ..row }, insert("!")];
    let part = "00000000000000ff";
    let text_key = Row { at: At::Key("x".into()), ..insert("!") };
    for (name, rows) in [
        ("replaces the title", root(make(SECTION, "title", 4))),
        ("puts a value at the root", root(put(SECTION, "title", "x"))),
        ("deletes the sections", root(delete(SECTION, At::Key("sections".into()), &[E]))),
        ("makes a list", vec![make(SECTIONS, part, 2), insert("!")]),
        ("makes a table", vec![make(SECTIONS, part, 6), insert("!")]),
        ("increments", vec![Row { value: (4, vec![1]), action: 5, ..put(SECTION, "order", "") }]),
        ("a section that is a text", vec![make(SECTIONS, part, 4), insert("!")]),
        ("a section with a short name", vec![make(SECTIONS, "ff", 0), insert("!")]),
        ("a section in capitals", vec![make(SECTIONS, "00000000000000FF", 0), insert("!")]),
        ("a section with a sign", vec![make(SECTIONS, "+0000000000000ff", 0), insert("!")]),
        ("a section that is a value", vec![put(SECTIONS, part, "x"), insert("!")]),
        ("an unknown key", vec![put(SECTION, "colour", "red")]),
        ("an empty key", vec![put(SECTION, "", "red")]),
        ("a goal's key in a section", vec![put(SECTION, "state", "open")]),
        ("a body that is a value", vec![put(SECTION, "body", "x")]),
        ("a map in a section", vec![make(SECTION, "body", 0)]),
        ("deletes a section's body", vec![delete(SECTION, At::Key("body".into()), &[BODY])]),
        ("an insertion on a map", vec![Row { insert: true, ..put(SECTION, "order", "c") }]),
        ("an element of a map", vec![Row { at: At::Element(E), ..put(SECTION, "order", "c") }]),
        ("a map key on a text", vec![text_key.clone()]),
        ("a map key on a text, set", vec![Row { insert: false, preds: vec![E], ..text_key }]),
        (
            "overwrites a character",
            vec![Row { at: At::Element(E), insert: false, preds: vec![E], ..insert("!") }],
        ),
        ("a map in a text", vec![Row { action: 0, value: (0, vec![]), ..insert("") }]),
        (
            "a mark on a map",
            vec![Row { mark: Some("em".into()), action: 7, ..put(SECTION, "order", "") }],
        ),
        ("a mark that is not inserted", vec![Row { insert: false, ..mark(true, At::Head) }]),
        ("expands without being a mark", vec![Row { expand: true, ..insert("!") }]),
        ("a name without being a mark", vec![Row { mark: Some("em".into()), ..insert("!") }]),
    ] {
        corpus.rows(name, "not-in-schema", rows);
    }
}

fn values(corpus: &mut Corpus<'_>) {
    let long = "x".repeat(1_025);
    let named = |name: &str| vec![Row { mark: Some(name.into()), ..mark(true, At::Head) }];
    let valued = |value| vec![Row { value, ..mark(true, At::Head) }];
    for (name, rows) in [
        ("an unknown kind", vec![put(SECTION, "kind", "law")]),
        ("a number as a kind", vec![Row { value: (4, vec![1]), ..put(SECTION, "kind", "") }]),
        ("a counter", vec![Row { value: (8, vec![1]), ..put(SECTION, "order", "") }]),
        ("bytes", vec![Row { value: (7, vec![1]), ..put(SECTION, "order", "") }]),
        ("a float", vec![Row { value: (5, vec![0; 8]), ..put(SECTION, "order", "") }]),
        (
            "an unknown type of value",
            vec![Row { value: (12, vec![1]), ..put(SECTION, "order", "") }],
        ),
        ("null", vec![Row { value: (0, vec![]), ..put(SECTION, "order", "") }]),
        ("an empty order", vec![put(SECTION, "order", "")]),
        ("a long order", vec![put(SECTION, "order", &long[..65])]),
        ("an order in letters of another script", vec![put(SECTION, "order", "é")]),
        ("an unknown state", vec![put(GOAL, "state", "perhaps")]),
        ("a long measure", vec![put(GOAL, "measure", &long)]),
        ("a long due", vec![put(GOAL, "due", &long[..33])]),
        ("an object with a value", vec![Row { action: 4, ..put(SECTION, "body", "x") }]),
        (
            "a deletion with a value",
            vec![Row { value: (6, b"x".to_vec()), ..delete(BODY, At::Element(E), &[E]) }],
        ),
        ("two characters at once", vec![insert("ab")]),
        ("a letter and its accent at once", vec![insert("e\u{301}")]),
        ("no character", vec![insert("")]),
        ("true as a character", vec![Row { value: (2, vec![]), ..insert("") }]),
        ("a mark without a name", named("")),
        ("a mark with a long name", named(&long[..41])),
        ("a mark with a long value", valued((6, vec![b'x'; 201]))),
        ("a mark with a number", valued((4, vec![1]))),
    ] {
        corpus.rows(name, "bad-value", rows);
    }
    for (name, rows) in [
        ("a control character", vec![insert("\u{1b}")]),
        ("a carriage return", vec![insert("\r")]),
        ("a reordering character", vec![insert("\u{202e}")]),
        ("a line separator", vec![insert("\u{2028}")]),
        ("a reordering measure", vec![put(GOAL, "measure", "a\u{2066}b")]),
        ("a control in a mark's name", named("\u{7}")),
        ("a reordering mark", valued((6, "\u{202e}".as_bytes().to_vec()))),
    ] {
        corpus.rows(name, "hidden-character", rows);
    }
}

fn marks(corpus: &mut Corpus<'_>) {
    let begin = mark(true, At::Head);
    let end = |at: OpId| mark(false, At::Element(at));
    let own = |n: u64| (ME, NEXT + n);
    for (name, rows) in [
        ("a mark that does not end", vec![begin.clone()]),
        ("an end without a beginning", vec![end(E)]),
        ("a mark around its own insertion", vec![begin.clone(), insert("!"), end(E)]),
        ("a mark in a mark", vec![begin.clone(), begin.clone(), end(E), end(E)]),
        ("two ends", vec![begin.clone(), end(E), end(E)]),
        (
            "a mark that ends in another text",
            vec![
                begin.clone(),
                Row { object: Some(HEADING), at: At::Element((super::AUTHOR, 17)), ..end(E) },
            ],
        ),
    ] {
        corpus.rows(name, "half-mark", rows);
    }
    let at = |element: OpId| mark(true, At::Element(element));
    for (name, rows) in [
        ("begins and ends at one place", vec![at(E), end(E)]),
        ("begins after a letter, ends at the head", vec![at(E), mark(false, At::Head)]),
        ("begins and ends at the head", vec![begin, mark(false, At::Head)]),
        ("ends before what it begins after", vec![at((super::AUTHOR, 12)), end(E)]),
        (
            "begins after its own insertions, ends before them",
            vec![
                insert("a"),
                Row { at: At::Element(own(0)), ..insert("b") },
                Row { at: At::Element(own(1)), ..insert("c") },
                at(own(2)),
                end(own(0)),
            ],
        ),
        (
            "ends in what was inserted before at one place",
            vec![insert("a"), insert("b"), at(own(0)), end(own(1))],
        ),
    ] {
        corpus.rows(name, "mark-backwards", rows);
    }
}
