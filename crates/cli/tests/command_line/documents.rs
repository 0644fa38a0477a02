//! The JSON of every command, which scripts outside the repository rely on.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::world::{Device, World};

const CONTRACT: &str = "# Green Lane\n\n## Purpose {#purpose}\nNobody eats alone.\n\n## Goals {#goals}\n\
                        - [ ] A warm hall (measure: degrees) (due: 2026-06-30)\n";

/// Replaces what is drawn at random: ids by numbers in the order in which they come.
struct Redaction(BTreeMap<String, usize>);

impl Redaction {
    fn of(document: &Value) -> Value {
        Self(BTreeMap::new()).value(document, "")
    }

    fn value(&mut self, value: &Value, key: &str) -> Value {
        match value {
            Value::Array(all) => all.iter().map(|one| self.value(one, key)).collect(),
            Value::Object(fields) => {
                let fields = fields.iter().map(|(key, one)| (key.clone(), self.value(one, key)));
                Value::Object(fields.collect::<Map<String, Value>>())
            }
            Value::String(text) => Value::String(self.text(text, key)),
            Value::Number(_) if key == "bytes" => Value::String("[bytes]".to_owned()),
            other => other.clone(),
        }
    }

    fn text(&mut self, text: &str, key: &str) -> String {
        if key == "phrase" || text.starts_with("copact:") || text.starts_with("frontier-") {
            return format!("[{key}]");
        }
        let hex = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        if !hex || !matches!(text.len(), 16 | 64) {
            return text.to_owned();
        }
        let next = self.0.len() + 1;
        let number = self.0.entry(text.to_owned()).or_insert(next);
        format!("[id {number}]")
    }
}

/// A group in which everything was done once, and what each command that wrote said.
struct Story {
    world: World,
    ann: Device,
    ben: Device,
    said: BTreeMap<String, Value>,
}

impl Story {
    /// Does something on a device and keeps what it said under its words without ids and files.
    fn tell(&mut self, ben: bool, title: &str, words: &[&str]) -> String {
        let device = if ben { &self.ben } else { &self.ann };
        let said = device.json(words);
        let id = said["id"].as_str().map(str::to_owned);
        self.said.insert(title.to_owned(), Redaction::of(&said));
        id.unwrap_or_default()
    }

    fn ann(&mut self, title: &str, words: &[&str]) -> String {
        self.tell(false, title, words)
    }

    fn ben(&mut self, title: &str, words: &[&str]) -> String {
        self.tell(true, title, words)
    }

    fn begin() -> Self {
        let world = World::new();
        let (ann, ben) = (world.device("ann"), world.device("ben"));
        ann.at("2026-02-28T18:00:00+01:00");
        let mut story = Self { world, ann, ben, said: BTreeMap::new() };
        story.ann("group new", &["group", "new", "Green Lane", "--as", "Ann", "--role", "citizen"]);
        story.ann("invite", &["invite", "-o", "ticket.txt"]);
        let ticket = std::fs::read_to_string(story.world.path("ticket.txt")).unwrap();
        let join = ["join", ticket.trim(), "--as", "Ben", "--role", "nurse=professional"];
        story.ben("join", &[&join[..], &["--request", "ben.req"]].concat());
        story.ann("admit", &["admit", "ben.req", "--yes"]);
        story.ann("device add", &["device", "add"]);
        story.ann("member assist", &["member", "assist", "Dora"]);
        story.ann("member role", &["member", "role", "neighbour=citizen", "--for", "Dora"]);
        story.ann("profile set", &["profile", "set", "Ann Archer"]);
        story.ann("bundle export", &["bundle", "export", "b.copact"]);
        story.ben("bundle import, joining", &["bundle", "import", "b.copact"]);
        story
    }

    fn decide(&mut self) {
        self.ann.at(crate::world::NOW);
        self.world.write("contract.md", CONTRACT);
        self.ann("contract import", &["contract", "import", "contract.md"]);
        self.ann("contract ratify", &["contract", "ratify"]);
        self.world.write("purpose.txt", "Nobody eats or sits alone.\n");
        let set = ["contract", "set", "purpose", "--file", "purpose.txt"];
        self.ann("contract set", &[&set[..], &["--for", "Dora"]].concat());
        self.ann("contract set, nothing new", &set);
        self.ann.at("2026-03-02T18:00:00+01:00");
        let text = "We meet on Tuesdays";
        self.ann("propose", &["propose", text, "--closes", "2026-03-20"]);
        self.ann("answer", &["answer", text, "no", "--for", "Dora"]);
    }

    fn meet_and_work(&mut self) {
        self.ann("meeting new", &["meeting", "new", "Spring", "--day", "2026-03-02"]);
        self.ann("meeting open", &["meeting", "open", "Spring"]);
        self.ann("tap", &["tap"]);
        self.ann("tap again", &["tap"]);
        let dora = self.ann("tap --for", &["tap", "--for", "Dora"]);
        self.ann("presence", &["presence", "Spring"]);
        self.ann("meeting close", &["meeting", "close", "Spring"]);
        self.ann("meeting new, counted", &["meeting", "new", "Soup", "--headcount", "23"]);
        let twice = self.ann("meeting new, twice", &["meeting", "new", "Spring, again"]);
        self.ann("meeting same", &["meeting", "same", &twice, "Spring"]);
        self.world.write("minutes.md", "We sang.\n");
        self.ann("minutes", &["minutes", "Spring", "--file", "minutes.md"]);
        let task = self.ann("task new", &["task", "new", "Find a plumber"]);
        let work = ["contribute", "Called plumbers", "--hours", "1.5", "--on", &task];
        let work = self.ann("contribute", &[&work[..], &["--phase", "design"]].concat());
        self.ann("correct", &["correct", &work, "--hours", "1", "--reason", "a break"]);
        self.ann("note", &["note", "It rained"]);
        self.ann("goal state", &["goal", "state", "A warm hall", "done"]);
        self.ann("permission", &["permission", "photos", "no", "--for", "Dora"]);
        self.ann("bundle export, again", &["bundle", "export", "c.copact"]);
        self.ben.at("2026-03-03T18:00:00+01:00");
        self.ben("bundle import", &["bundle", "import", "c.copact"]);
        self.ben("attest", &["attest", &dora]);
        self.ben("confirm", &["confirm", &work]);
        self.ben("dispute", &["dispute", &work, "--reason", "It was two"]);
        self.ben("erase", &["erase", &self.noted(), "--yes"]);
        self.ben("member leave", &["member", "leave", "--yes"]);
        // Whoever has left can still say their name; the act below it is set aside.
        self.ben("profile set, after leaving", &["profile", "set", "B"]);
        self.ben.json(&["bundle", "export", "d.copact"]);
        self.ann.at("2026-03-04T18:00:00+01:00");
        self.ann.json(&["bundle", "import", "d.copact"]);
        self.ann("refuse", &["refuse", &dora, "--for", "Dora"]);
        self.world.write("list.csv", "date,meeting,member\n2025-12-01,Winter,Eve\n");
        self.ann("import attendance", &["import", "attendance", "list.csv"]);
        self.ann("profile erase", &["profile", "erase", "--yes"]);
        self.decide_alone(&work);
    }

    /// Ann has the only voice once Ben has left, so each is decided at once; but nobody is removed
    /// by one. A day each, because lists go by days.
    fn decide_alone(&mut self, work: &str) {
        let decisions: [(&str, &[&str]); 7] = [
            ("policy set", &["policy", "set", "--share", "1/2", "--closes", "2026-03-31"]),
            ("settle", &["settle", work, "counts", "--reason", "We were there"]),
            ("quarter close", &["quarter", "close", "2025-Q4"]),
            ("member remove", &["member", "remove", "Dora", "--reason", "Never came"]),
            ("member merge", &["member", "merge", "Eve", "Dora"]),
            ("member voice", &["member", "voice", "Dora"]),
            ("invite --recover", &["invite", "--recover", "Dora"]),
        ];
        for (number, (title, words)) in decisions.into_iter().enumerate() {
            self.ann.at(&format!("2026-03-{:02}T18:00:00+01:00", number + 5));
            self.ann(title, words);
        }
    }

    /// A note of Ben's, with a text to erase.
    fn noted(&self) -> String {
        self.ben.json(&["note", "Something to forget"])["id"].as_str().unwrap().to_owned()
    }
}

/// A page with the starts of ids, which are drawn at random, replaced.
fn without_ids(page: &str) -> String {
    let is_id = |word: &str| word.len() == 8 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let lines = page.lines().map(|line| {
        let words = line.split(' ').map(|word| if is_id(word) { "[start id]" } else { word });
        words.collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_document_is_as_scripts_expect_it() {
    let mut story = Story::begin();
    story.decide();
    story.meet_and_work();
    let mut settings = insta::Settings::clone_current();
    settings.set_sort_maps(true);
    let _guard = settings.bind_to_scope();
    insta::assert_json_snapshot!("what_commands_that_write_say", story.said);
    for words in [
        &["status"][..],
        &["group", "list"],
        &["group", "show"],
        &["member", "list"],
        &["device", "list"],
        &["permission"],
        &["proposals"],
        &["set-aside", "list"],
        &["quarter", "list"],
        &["contract", "show"],
        &["contract", "history"],
        &["contract", "diff", "--version", "draft"],
        &["contract", "blame"],
        &["contract", "status"],
        &["meeting", "list"],
        &["meeting", "show", "Spring"],
        &["minutes", "Spring"],
        &["task", "list"],
        &["goal", "list"],
        &["log"],
        &["doctor"],
    ] {
        let name = words.join("_").replace('-', "");
        insta::assert_json_snapshot!(name, Redaction::of(&story.ann.json(words)));
    }
    // What people see of the same decisions.
    story.ann.json(&["profile", "set", "Ann"]);
    for words in [
        &["proposals"][..],
        &["member", "list"],
        &["set-aside", "list"],
        &["quarter", "list"],
        &["status"],
    ] {
        let page = without_ids(&story.ann.page(words));
        insta::assert_snapshot!(format!("page_of_{}", words.join("_").replace('-', "")), page);
    }
}
