//! Contracts and minutes as people write them in their own editors.

use super::told::Told;
use crate::world::World;

pub fn contracts(told: &mut Told) {
    let world = World::new();
    let ann = world.device("Ann");
    ann.json(&["group", "new", "Green Lane", "--as", "Ann"]);
    world.write("whole.md", "# Hall\n\n## Purpose {#purpose}\nTea.\n");
    ann.json(&["contract", "import", "whole.md"]);
    let long = "x".repeat(200_000);
    let mut import = |case: &str, content: &[u8], code: &str| {
        world.write("contract.md", content);
        told.input(case, &ann, &["contract", "import", "contract.md"], code);
    };
    for (case, text, code) in [
        ("an empty file", String::new(), "bad_contract"),
        ("no title", "## Purpose {#purpose}\nTea.\n".to_owned(), "bad_contract"),
        ("two titles", "# Hall\n\n# Hill\n".to_owned(), "bad_contract"),
        ("text before a section", "# Hall\n\nWe share.\n".to_owned(), "bad_contract"),
        ("an unknown kind", "# Hall\n\n## Tea {#drinks}\n".to_owned(), "bad_contract"),
        ("a section without heading", "# Hall\n\n##\n".to_owned(), "bad_contract"),
        ("a goal without words", goals("- [ ]"), "bad_contract"),
        ("a goal due on no day", goals("- [ ] Tea (due: soon)"), "bad_contract"),
        ("a hidden character", goals("A\u{202e}nn"), "bad_contract"),
        ("a heading too long", format!("# Hall\n\n## {}\n", &long[..9_999]), "bad_contract"),
        ("a section too long", format!("# Hall\n\n## Tea {{#rules}}\n{long}\n"), "bad_contract"),
        ("a kind to choose", "# Hall\n\n## Odds and ends\nTea.\n".to_owned(), "needs_answer"),
    ] {
        import(case, text.as_bytes(), code);
    }
    import("Latin-1", b"# Hall\n\n## Tea {#rules}\nCaf\xe9\n", "bad_encoding");
    import("far too large", &vec![b'x'; 2 * 1_024 * 1_024], "too_large");
    told.input("no such file", &ann, &["contract", "import", "my.md"], "unreadable_file");
    world.write("section.txt", "A\u{202e}nn\n");
    let set = ["contract", "set", "Purpose", "--file", "section.txt"];
    told.input("a section with a hidden character", &ann, &set, "bad_edit");
    ann.json(&["meeting", "new", "Spring"]);
    let minutes = ["minutes", "Spring", "--file", "section.txt"];
    told.input("minutes with a hidden character", &ann, &minutes, "bad_edit");
    let minutes = ["minutes", "Spring", "--file", "nowhere.txt"];
    told.input("minutes that are not there", &ann, &minutes, "unreadable_file");
}

fn goals(line: &str) -> String {
    format!("# Hall\n\n## Goals {{#goals}}\n{line}\n")
}
