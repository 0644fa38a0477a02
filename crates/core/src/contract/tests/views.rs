//! What people are shown: JSON, differences, and what they may type for a section.

use crate::contract::samples::{example, import};
use crate::contract::*;
use serde_json::json;

#[test]
fn json_has_the_fields_of_the_command_line() {
    let mut doc = example();
    let text = ContractContent::read(&doc).text();
    import(&mut doc, 2, &text.replace("five of us)", "five of us) (due: 2026-06-30)"));
    let content = ContractContent::read(&doc);
    let value = serde_json::to_value(&content).unwrap();
    assert_eq!(value["title"], "Mill Creek Neighbours");
    assert_eq!(
        value["sections"][1],
        json!({
            "id": content.sections[1].id.to_string(),
            "kind": "purpose",
            "heading": "Purpose",
            "body": "No one in our streets goes without company, a ride to the doctor or a warm \
                     meal because nobody asked.",
        })
    );
    assert_eq!(
        value["goals"][1],
        json!({
            "id": content.goals[1].id.to_string(),
            "text": "A shared meal every month",
            "measure": "meetings attested by at least five of us",
            "due": "2026-06-30",
            "state": "open",
        })
    );
    assert_eq!(value["goals"][0]["due"], json!(null));
}

#[test]
fn differences_name_what_was_added_and_removed() {
    let mut doc = example();
    let old = ContractContent::read(&doc);
    assert!(differences(&old, &old).is_empty());
    let text = old
        .text()
        .replace("second Tuesday at seven", "third Tuesday at seven")
        .replace("- [ ] Ten people", "- [x] Ten people")
        .replace("# Mill Creek", "# Upper Mill Creek");
    let (head, rest) = text.split_once("\n## Purpose").unwrap();
    let (purpose, rest) = rest.split_once("\n## Principles").unwrap();
    let (_, rules) = rest.split_once("\n## Rules").unwrap();
    let (rules, goals) = rules.split_once("\n## Goals").unwrap();
    let text = format!(
        "{head}\n## Rules{rules}\n## Purpose{purpose}\n## Fun {{#other}}\nDance.\n\n## Goals{goals}"
    );
    import(&mut doc, 2, &text);
    let new = ContractContent::read(&doc);
    assert_eq!(new.text(), text);
    let found = differences(&old, &new);
    let title: Vec<_> = found.title.iter().map(|h| (h.kind, h.text.as_str())).collect();
    assert_eq!(title, [(HunkKind::Added, "Upper "), (HunkKind::Same, "Mill Creek Neighbours")]);
    let sections: Vec<_> = found.sections.iter().map(|s| (s.name.as_str(), s.change)).collect();
    let moved_first = [
        ("Rules", PartChange::Moved),
        ("Fun", PartChange::Added),
        ("Principles", PartChange::Removed),
    ];
    let moved_second = [
        ("Rules", PartChange::Changed),
        ("Purpose", PartChange::Moved),
        ("Fun", PartChange::Added),
        ("Principles", PartChange::Removed),
    ];
    assert!(sections == moved_first || sections == moved_second, "{sections:?}");
    let rules = &found.sections[0];
    let touched: Vec<_> = rules
        .body
        .iter()
        .filter(|h| h.kind != HunkKind::Same)
        .map(|h| (h.kind, h.text.as_str()))
        .collect();
    assert_eq!(touched, [(HunkKind::Removed, "second"), (HunkKind::Added, "third")]);
    assert!(rules.heading.is_empty() && rules.kind.is_none());
    assert_eq!(found.goals.len(), 1);
    let replaced = Replaced { old: Some("open".into()), new: Some("done".into()) };
    assert_eq!(found.goals[0].state, Some(replaced));
    assert!(found.goals[0].text.is_empty());
    let value = serde_json::to_value(&found).unwrap();
    assert_eq!(value["title"][0], json!({"kind": "added", "text": "Upper "}));
    assert_eq!(value["goals"][0]["change"], "changed");
    let back = differences(&new, &old);
    assert_eq!(back.title[0].kind, HunkKind::Removed);
}

#[test]
fn hunks_put_together_are_the_two_texts() {
    let mut doc = example();
    let old = ContractContent::read(&doc);
    import(&mut doc, 2, &old.text().replace("We ", "We all ").replace("thank you", "\u{1F600}"));
    let new = ContractContent::read(&doc);
    for section in differences(&old, &new).sections {
        let body = |content: &ContractContent| {
            content.find_section(&section.id.to_string()).unwrap().body.clone()
        };
        let without = |kind: HunkKind| -> String {
            section.body.iter().filter(|h| h.kind != kind).map(|h| h.text.as_str()).collect()
        };
        assert_eq!(without(HunkKind::Added), body(&old));
        assert_eq!(without(HunkKind::Removed), body(&new));
    }
}

#[test]
fn sections_are_found_by_what_people_type() {
    let content = ContractContent::read(&example());
    let section = &content.sections[3];
    let id = section.id.to_string();
    for typed in ["rules", " RULES ", "Rules", &id, &id[..id.len() - 1].to_uppercase()] {
        let found = content.find_section(typed);
        // The ids of this test count up, so that all begin alike.
        if typed.len() == 15 {
            assert!(matches!(found, Err(LookupError::Ambiguous { .. })), "{typed}");
        } else {
            assert_eq!(found.unwrap(), section, "{typed}");
        }
    }
    assert_eq!(content.find_section("WHO WE ARE").unwrap().id, content.sections[0].id);
    let unknown = content.find_section("fun").unwrap_err().to_string();
    assert!(unknown.starts_with("the contract has no section “fun”; choose one of “Who we are”"));
    assert!(unknown.contains("“Goals” (goals, "), "{unknown}");
    let empty = ContractContent::default().find_section("fun").unwrap_err().to_string();
    assert_eq!(empty, "the contract has no section “fun”; it has none so far");
    assert!(content.find_section("").is_err());
}

#[test]
fn ambiguous_names_list_only_what_they_could_mean() {
    let mut doc = example();
    let text = ContractContent::read(&doc)
        .text()
        .replace("## Principles {#principles}", "## Purpose {#other}");
    import(&mut doc, 2, &text);
    let content = ContractContent::read(&doc);
    let error = content.find_section("purpose").unwrap_err().to_string();
    assert!(error.starts_with("“purpose” is more than one section; choose one of"), "{error}");
    assert!(error.contains("purpose, 0") && error.contains("other, 0") && !error.contains("Rules"));
    let prefix: String = content.sections[1].id.to_string().chars().take(3).collect();
    assert!(content.find_section(&prefix).is_err());
    assert_eq!(content.find_goal("a shared").unwrap().id, content.goals[1].id);
    assert_eq!(
        content.find_goal(&content.goals[2].id.to_string()).unwrap().id,
        content.goals[2].id
    );
    assert!(content.find_goal("t").unwrap_err().to_string().contains("more than one goal"));
    assert!(content.find_goal("").is_err());
}
