//! The rules by which evidence is judged: `copact rules …`.

use std::path::Path;

use copact_evidence::rules::RuleSet;
use serde_json::json;

use super::{Done, Session, evidence, number};
use crate::args::RulesCommand;
use crate::output::{Table, count, faint, good, left, plain, short, strong};

pub(super) fn run(session: Session, command: RulesCommand) -> Done {
    match command {
        RulesCommand::Show(typed) => show(session, typed.file.as_deref(), typed.source),
        RulesCommand::Check(typed) => {
            let rules = evidence::rules(Some(&typed.file))?;
            session.output.show(&about(&rules), |page| {
                page.line([
                    good("In order: "),
                    strong(rules.name()),
                    plain(format_args!(
                        ", {}",
                        count(number(rules.clauses().len()), "clause", "clauses")
                    )),
                    faint(format_args!("  {}", short(rules.hash()))),
                ]);
                page.line(["Judge by them: copact evidence --rules FILE"]);
            })
        }
    }
}

fn show(session: Session, path: Option<&Path>, source: bool) -> Done {
    let rules = evidence::rules(path)?;
    let vocabulary = RuleSet::vocabulary();
    let mut document = about(&rules);
    if let Some(fields) = document.as_object_mut() {
        let words = vocabulary.iter().map(|(name, means)| json!({ "name": name, "means": means }));
        fields.insert("source".to_owned(), json!(rules.text()));
        fields.insert("vocabulary".to_owned(), words.collect());
    }
    if source {
        return session.output.show_text(&document, rules.text(), |_| ());
    }
    session.output.show(&document, |page| {
        page.text(&rules.explain());
        page.heading("What a test can ask");
        let mut table = Table::new([left("name"), left("what it is")]);
        for (name, means) in &vocabulary {
            table.row([strong(name), plain(means)]);
        }
        page.table(&table);
        page.blank();
        page.line([faint("Rules of your own: copact rules show --source > our-rules.toml")]);
    })
}

fn about(rules: &RuleSet) -> serde_json::Value {
    json!({
        "name": rules.name(),
        "hash": rules.hash(),
        "window": rules.window(),
        "clauses": rules.clauses(),
        "levels": rules.levels(),
        "labels": rules.labels(),
    })
}
