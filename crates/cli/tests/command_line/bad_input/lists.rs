//! Attendance lists as people's spreadsheets write them.

use super::told::Told;
use crate::world::World;

pub fn lists(told: &mut Told) {
    let world = World::new();
    let ann = world.device("Ann");
    ann.json(&["group", "new", "Green Lane", "--as", "Ann"]);
    let mut list = |case: &str, content: &[u8], code: &str| {
        world.write("list.csv", content);
        told.input(case, &ann, &["import", "attendance", "list.csv"], code);
    };
    let lines = |line: &str| format!("date,meeting,member\n2026-02-01,Spring,Ben\n{line}\n");
    let long = "x".repeat(10_000);
    for (case, text, code) in [
        ("a column is missing", "date,meeting\n2026-02-01,Spring\n".to_owned(), "missing_column"),
        ("semicolons", "date;meeting;member\n2026-02-01;Spring;Ben\n".to_owned(), "missing_column"),
        ("a column twice", "date,date,meeting,member\n1,2,3,4\n".to_owned(), "twice_column"),
        ("no lines", "date,meeting,member\n".to_owned(), "empty_list"),
        ("an empty file", String::new(), "empty_list"),
        ("a day written another way", lines("1.3.2026,Spring,Cem"), "bad_cell"),
        ("a day that is none", lines("2026-02-30,Spring,Cem"), "bad_cell"),
        ("no day", lines(",Spring,Cem"), "bad_cell"),
        ("an empty name", lines("2026-02-01,Spring,"), "bad_cell"),
        ("a name of spaces", lines("2026-02-01,Spring,\"  \""), "bad_cell"),
        ("a name of 10 000 characters", lines(&format!("2026-02-01,Spring,{long}")), "bad_cell"),
        ("a meeting of 10 000 characters", lines(&format!("2026-02-01,{long},Cem")), "bad_cell"),
        ("a day of 10 000 characters", lines(&format!("{long},Spring,Cem")), "bad_cell"),
        ("a name with a hidden character", lines("2026-02-01,Spring,A\u{202e}nn"), "bad_cell"),
        ("a cell missing", lines("2026-02-01,Spring"), "missing_cell"),
        ("a formula", lines("2026-02-01,Spring,\"=HYPERLINK(\"\"x\"\")\""), "formula"),
        ("a formula after a space", lines("2026-02-01,Spring, =1+1"), "formula"),
        ("a formula as a meeting", lines("2026-02-01,@SUM(A1),Cem"), "formula"),
        ("a quote that is not closed", lines("2026-02-01,\"Spring,Cem"), "missing_cell"),
    ] {
        list(case, text.as_bytes(), code);
    }
    let text = lines("2026-02-01,Frühling,Jürgen");
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    list("Latin-1", &latin, "bad_encoding");
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    list("UTF-16", &[&[0xff, 0xfe], &little[..]].concat(), "bad_encoding");
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    list("UTF-16, big-endian", &[&[0xfe, 0xff], &big[..]].concat(), "bad_encoding");
    let plain = lines("2026-02-01,Spring,Cem");
    let unmarked: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
    list("UTF-16, unmarked", &unmarked, "bad_encoding");
    list("a spreadsheet’s own file", b"PK\x03\x04\x14\x00\x06\x00", "bad_encoding");
    list("far too large", &vec![b'x'; 17 * 1_024 * 1_024], "too_large");
    told.input("no such file", &ann, &["import", "attendance", "my.csv"], "unreadable_file");

    // A byte order mark is what spreadsheets write before UTF-8, and no fault.
    world.write("list.csv", format!("\u{feff}{text}"));
    assert_eq!(ann.json(&["import", "attendance", "list.csv"])["attendances"], 2);
}
