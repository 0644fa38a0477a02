//! What is wrong with a file is said in a sentence, with its place.

use copact_evidence::rules::{RuleError, RuleSet};

use crate::of;

fn error(text: &str) -> RuleError {
    RuleSet::parse(text).unwrap_err()
}

#[test]
fn tests_that_cannot_be() {
    let deep = format!("{}n = 1{}", "(".repeat(40), ")".repeat(40));
    let long = "n = 1 and ".repeat(100) + "n = 1";
    let cases = [
        ("R7 >= 1/3", "nothing is called `R7` here. Did you mean `R6`?"),
        ("voces >= 2", "Did you mean `voices`?"),
        ("H1 >= 2", "nothing is called `H1` here. Did you mean `H1.total`?"),
        ("C4 >= 7/3", "`C4` lies between 0 and 1, so 7/3 is no threshold for it"),
        ("2 <= R3", "so 2 is no threshold for it"),
        ("n >= -1", "`n` lies at 0 or above, so -1 is no threshold"),
        ("n", "this is a number, but a yes or no belongs here"),
        ("n + (n = 1) >= 2", "this is a yes or no, but a number belongs here"),
        ("(n = 1) = (n = 1)", "this is a yes or no, but a number belongs here"),
        ("if n = 1 then 2 else n = 3", "this is a yes or no, but a number belongs here"),
        ("n / 0 >= 1", "this divides by zero"),
        ("n / (1 - 1) >= 1", "this divides by zero"),
        ("n >= ", "found the end where a name or a number belongs"),
        ("n >= 3 n", "found `n` where `and`, `or`, or the end belongs"),
        ("n >= \"3\"", "found `\\\"` where a name, a number or a sign belongs"),
        ("n >= 1 >= 1", "found `>=` where"),
        ("n >= 12345678901234567890", "more than 18 digits"),
        ("minutes >= 30", "it belongs into members(...)"),
        ("members(attested >= 3) >= 1", "it belongs into meetings(...)"),
        ("members(members(citizen) >= 1) >= 1", "nothing is counted for each of what is counted"),
        ("members(a.b) >= 1", "a clause is about the group"),
        ("quarters(4, quarters(4, n = 1) > 1) > 1", "looked back on from the day of the judgement"),
        ("quarters(99, n = 1) > 1", "a whole number of quarters from 1 to 12 belongs"),
        ("quarters(4, a.b) > 1", "ask for each other: a.b"),
        ("a.b", "these clauses ask for each other: a.b"),
        ("all(a)", "these clauses ask for each other: a.b"),
        ("all(formed)", "nothing is called `formed` here"),
        ("all(a except a.c)", "nothing is called `a.c` here. Did you mean `a.b`?"),
        ("section(idenity) >= 20", "Did you mean `identity`?"),
        ("maximum(1, 2) >= 1", "nothing is called `maximum` here"),
        (deep.as_str(), "nested more than 32 deep"),
        (long.as_str(), "too many words in it; 200 is the most"),
    ];
    for (test, sentence) in cases {
        let said = error(&of(test)).to_string();
        assert!(said.contains(sentence), "{test}\n  {said}\n  {sentence}");
        assert!(said.starts_with("line 11, column "), "{said}");
        assert!(said.contains("(clause a.b)"), "{said}");
    }
    assert!(error(&of("n >= 3 and R7 > 0")).to_string().starts_with("line 11, column 20 "));
}

#[test]
fn files_that_cannot_be() {
    let minimum = RuleSet::minimum().unwrap().text();
    let cases = [
        ("window = \"90d\"", "window = \"0d\"", "`0d` is no window"),
        ("window = \"90d\"", "window = \"3661d\"", "from 1d to 3660d"),
        ("window = \"90d\"", "window = 90", "invalid type"),
        ("window = \"90d\"", "", "missing field `window`"),
        ("asks = \"The group has three", "ask = \"The group has three", "unknown field `ask`"),
        ("format = 1", "format = 2", "the format is 2"),
        ("test = \"n >= 3\"", "test = \"n >= 3", "line 41"),
        ("id = \"formed.own\"", "id = \"formed.share\"", "`formed.share` is there already"),
        ("id = \"formed.own\"", "id = \"Own\"", "`Own` is no clause id"),
        ("id = \"sustained.quarters\"", "id = \"quarters.four\"", "nothing is called `sustained`"),
        ("except formed.members", "except formed.member", "Did you mean `formed.members`?"),
        ("name = \"worker\"", "name = \"author\"", "`author` is there already"),
        ("of = \"members\"", "of = \"people\"", "nothing is called `people`"),
        ("test = \"minutes >= 30\"", "test = \"witnessed\"", "nothing is called `witnessed` here"),
        (
            "test = \"all(formed)\"\n\n[[level]]",
            "\n[[level]]",
            "every level has a test but the first",
        ),
        ("name = \"none\"", "name = \"none\"\ntest = \"n = 0\"", "every level has a test but the"),
        (
            "test = \"n >= 3\"",
            "test = \"coproducing.formed\"",
            "ask for each other: formed.members",
        ),
        (
            "test = \"all(coproducing)\"",
            "test = \"quarters(2, all(sustained)) > 1\"",
            "looked back",
        ),
    ];
    for (from, to, sentence) in cases {
        assert!(minimum.contains(from), "{from}");
        let said = error(&minimum.replacen(from, to, 1)).to_string();
        assert!(said.contains(sentence), "{to}\n  {said}\n  {sentence}");
        assert!(said.starts_with("line "), "{said}");
    }
    let long = format!("{minimum}# {}", "x".repeat(70_000));
    assert!(error(&long).to_string().contains("65536 is the most"));
    let clause = "[[clause]]\nid=\"a.bN\"\nasks=\"\"\nnext=\"\"\nsource=\"\"\ntest=\"n=1\"\n";
    let many: String = (0..80).map(|one| clause.replace('N', &one.to_string())).collect();
    assert!(error(&format!("{minimum}{many}")).to_string().contains("too many clauses; 64"));
}

#[test]
fn small_files_do_not_ask_for_much() {
    // A definition of 190 words, used 90 times in each of many clauses.
    let word = "minutes >= 1 and ".repeat(46) + "minutes >= 1";
    let uses = "big or ".repeat(90) + "big";
    let define = format!("[[define]]\nname=\"big\"\nof=\"members\"\nmeans=\"\"\ntest=\"{word}\"\n");
    let text =
        of(&format!("members({uses}) > 1")).replace("[[clause]]", &format!("{define}[[clause]]"));
    assert!(error(&text).to_string().contains("too many words in all tests together"));
}
