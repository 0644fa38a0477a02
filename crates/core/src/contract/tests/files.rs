//! Reading and writing contract files.

use crate::contract::samples::{EXAMPLE, as_content, base, content, import, without_ids};
use crate::contract::*;
use crate::entry::GoalState;
use crate::limits;
use proptest::prelude::*;

#[test]
fn the_example_has_five_sections_with_proposed_kinds_and_three_goals() {
    let parsed = Markdown::parse(EXAMPLE).unwrap();
    assert_eq!(parsed.title, "Mill Creek Neighbours");
    let kinds: Vec<_> = parsed.sections.iter().map(|s| (s.kind, s.source)).collect();
    let proposed = SectionKind::ALL
        .iter()
        .take(5)
        .map(|&kind| (kind, KindSource::Proposed))
        .collect::<Vec<_>>();
    assert_eq!(kinds, proposed);
    assert_eq!(parsed.unanswered().count(), 5);
    assert_eq!(parsed.sections[2].body.lines().count(), 3);
    assert_eq!(parsed.sections[4].body, "");
    let goals: Vec<_> = parsed.goals().collect();
    assert_eq!(goals.len(), 3);
    assert_eq!(goals[1].text, "A shared meal every month");
    assert_eq!(goals[1].measure.as_deref(), Some("meetings attested by at least five of us"));
    assert_eq!((goals[1].due, goals[1].state, goals[1].line), (None, GoalState::Open, 23));
}

#[test]
fn an_answer_on_the_kind_turns_list_items_into_goals_and_back() {
    let mut parsed =
        Markdown::parse("# A\n## Wishes\nSome:\n- [x] Sing (due: 2026-06-30)\n").unwrap();
    assert_eq!(parsed.sections[0].source, KindSource::Unknown);
    assert_eq!(parsed.goals().count(), 0);
    parsed.answer(0, SectionKind::Goals).unwrap();
    assert_eq!(parsed.sections[0].source, KindSource::Given);
    assert_eq!(parsed.sections[0].body, "Some:");
    assert_eq!(parsed.goals().next().unwrap().due.unwrap().to_string(), "2026-06-30");
    parsed.answer(0, SectionKind::Other).unwrap();
    assert_eq!(parsed.sections[0].body, "Some:\n- [x] Sing (due: 2026-06-30)");
    let mut wrong = Markdown::parse("# A\n## Wishes\n- [ ] Sing (due: soon)\n").unwrap();
    let before = wrong.clone();
    assert!(matches!(
        wrong.answer(0, SectionKind::Goals),
        Err(MarkdownError::BadDue { line: 3, .. })
    ));
    assert_eq!(wrong, before);
}

#[test]
fn each_mistake_is_named_with_its_line() {
    let long = "x".repeat(201);
    let many = |line: &str, count: usize| format!("# A\n## Goals\n{}", line.repeat(count));
    let cases: Vec<(String, &str)> = vec![
        ("".into(), "line 1: the contract has no title"),
        ("\n\nHello\n".into(), "line 3: the contract has no title"),
        ("## Purpose\n".into(), "line 1: the contract has no title"),
        ("#  \n".into(), "line 1: the contract has no title"),
        ("# A\n\nHello\n## B\n".into(), "line 3: text before the first section"),
        ("# A\n## B\n# C\n".into(), "line 3: a second title"),
        ("# A\n## B {#porpoise}\n".into(), "line 2: “porpoise” is no kind of section"),
        ("# A\n##\n".into(), "line 2: a section without a heading"),
        (format!("# A\n## {long}\n"), "line 2: the heading is 201 bytes long"),
        (format!("# {long}\n"), "line 1: the heading is 201 bytes long"),
        (
            "# A\n## Goals\n\n- [ ] B (due: 2026-02-30)\n".into(),
            "line 4: “2026-02-30” is not a day",
        ),
        ("# A\n## Goals\n- [ ]\n".into(), "line 3: a goal without words"),
        (many(&format!("- [ ] {}\n", "x".repeat(1_025)), 1), "line 3: the goal is 1025 bytes long"),
        (many(&format!("- [ ] a (measure: {})\n", "x".repeat(1_025)), 1), "line 3: the measure is"),
        (many("- [ ] a\n", 201), "line 203: more than 200 goals"),
        (many("## B\n", 64), "line 66: more than 64 sections"),
        (many(&"x".repeat(limits::TEXT_BYTES + 1), 1), "line 2: the text of this section is 16385"),
        (
            "# A\n## B\nro\u{202E}ll\n".into(),
            "line 3 has an invisible or text-reordering character (U+202E)",
        ),
        ("# A\r\n## B\r\nbell \u{7}".into(), "line 3 has an invisible"),
        ("# A\n## B\nold\rmac\n".into(), "line 3 has an invisible"),
        ("x".repeat(limits::CONTRACT_BYTES + 1), "the file is 262145 bytes long"),
    ];
    for (text, sentence) in cases {
        let error = Markdown::parse(&text).unwrap_err().to_string();
        assert!(error.starts_with(sentence), "{error:?} for {sentence:?}");
    }
    assert!(Markdown::parse(&many("- [ ] a\n", 200)).is_ok());
}

#[test]
fn files_of_other_systems_are_read() {
    let parsed = Markdown::parse(
        "\u{FEFF}# Cafe\u{301}\r\n\r\n## Our Rules:\r\n\r\none\u{308}\r\n\r\n \r\n",
    )
    .unwrap();
    assert_eq!(parsed.title, "Café");
    assert_eq!(
        (parsed.sections[0].kind, parsed.sections[0].body.as_str()),
        (SectionKind::Rules, "on\u{eb}")
    );
    let wrapped = "# A\n## Goals\n- [ ] Many\n  rides (measure:\n  all)\nText\n  more\n";
    let parsed = Markdown::parse(wrapped).unwrap();
    let goal = parsed.goals().next().unwrap();
    assert_eq!((goal.text.as_str(), goal.measure.as_deref()), ("Many rides", Some("all")));
    assert_eq!(parsed.sections[0].body, "Text\n  more");
}

#[test]
fn the_written_example_is_pinned() {
    let mut doc = base();
    import(&mut doc, 1, EXAMPLE);
    let content = ContractContent::read(&doc);
    let expected = EXAMPLE
        .replace("Who we are", "Who we are {#identity}")
        .replace("## Purpose", "## Purpose {#purpose}")
        .replace("## Principles", "## Principles {#principles}")
        .replace("## Rules", "## Rules {#rules}")
        .replace("## Goals", "## Goals {#goals}");
    assert_eq!(content.text(), expected);
    assert_eq!(content.digest(), ContractDigest::of(&expected));
    assert_eq!(content.digest_words(), content.digest().words());
    assert_eq!(content.digest_words().len(), 19);
}

#[test]
fn goals_that_lost_their_section_are_still_written() {
    let mut content = as_content(&Markdown::parse(EXAMPLE).unwrap());
    content.sections.pop();
    let parsed = Markdown::parse(&content.text()).unwrap();
    assert_eq!(parsed.goals().count(), 3);
    assert_eq!(parsed.sections[4].heading, "Goals");
}

#[test]
fn nothing_hides_in_the_written_text() {
    let mut content = as_content(&Markdown::parse(EXAMPLE).unwrap());
    content.title = "A\u{202E}\nB".into();
    content.sections[0].heading = "\u{7}\u{2028}".into();
    content.sections[0].body = "\n \nx\r\u{2066}y\n\n".into();
    content.goals[0].text = "a\u{202E}\nb".into();
    let parsed = Markdown::parse(&content.text()).unwrap();
    assert_eq!(parsed.title, "A\u{FFFD} B");
    assert_eq!(parsed.sections[0].heading, "\u{FFFD}\u{FFFD}");
    assert_eq!(parsed.sections[0].body, "x\u{FFFD}\u{FFFD}y");
    assert_eq!(parsed.goals().next().unwrap().text, "a\u{FFFD} b");
}

proptest! {
    #[test]
    fn what_is_written_reads_the_same(content in content()) {
        let text = content.text();
        let parsed = Markdown::parse(&text);
        prop_assert!(parsed.is_ok(), "{:?} {}", parsed, text);
        let parsed = parsed.unwrap();
        prop_assert_eq!(parsed.unanswered().count(), 0);
        let again = as_content(&parsed);
        prop_assert_eq!(&again, &content, "{}", text);
        prop_assert_eq!(again.text(), text);
    }

    #[test]
    fn no_file_makes_the_parser_panic(text in r"([#\-\[\] x(){}:\\\n\t]|due|measure|é|\PC){0,60}") {
        if let Ok(parsed) = Markdown::parse(&format!("# T\n## S {{#goals}}\n{text}")) {
            let content = as_content(&parsed);
            let again = as_content(&Markdown::parse(&content.text()).unwrap());
            // Goals of several sections are gathered in the first one; the words stay.
            prop_assert_eq!(again, content);
        }
    }

    #[test]
    fn a_document_holds_any_file(content in content()) {
        let mut doc = base();
        import(&mut doc, 1, &content.text());
        prop_assert_eq!(without_ids(ContractContent::read(&doc)), content);
    }
}
