//! What people type reaches the commands as they meant it.
#![allow(clippy::unwrap_used, clippy::panic)]

use clap::FromArgMatches;
use copact_cli::args::{
    Cli, Command, ContractCommand, DeviceCommand, GroupCommand, MeetingCommand, command,
};
use copact_core::entry::Phase;
use copact_core::proposal::AnswerWord;

fn parse(words: &[&str]) -> Result<Cli, clap::Error> {
    let typed = ["copact"].iter().chain(words);
    Cli::from_arg_matches(&command().try_get_matches_from(typed)?)
}

fn parsed(words: &[&str]) -> Command {
    parse(words).unwrap_or_else(|error| panic!("{words:?}: {error}")).command
}

fn refused(words: &[&str]) -> String {
    match parse(words) {
        Ok(cli) => panic!("{words:?} was taken for {cli:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn hours_and_days_reach_the_node_as_typed_even_when_negative() {
    let Command::Contribute(work) =
        parsed(&["contribute", "Painted", "--hours", "-1,5", "--day", "-3", "--phase", "design"])
    else {
        panic!("another command");
    };
    assert_eq!((work.hours.as_str(), work.day.as_deref()), ("-1,5", Some("-3")));
    assert_eq!((work.phase, work.beneficiary.as_str()), (Some(Phase::Design), "group"));
    assert!(matches!(parsed(&["propose", "x", "--closes", "-1"]), Command::Propose(p)
        if p.closes.as_deref() == Some("-1")));
    assert!(matches!(parsed(&["correct", "1a", "--reason", "r", "--hours", "-2"]),
        Command::Correct(c) if c.hours.as_deref() == Some("-2")));
    let cli = parse(&["status", "--now", "-1"]).unwrap();
    assert_eq!(cli.global.now.as_deref(), Some("-1"));
}

#[test]
fn global_flags_stand_before_or_after_the_command() {
    for words in [
        ["--json", "--yes", "--group", "G", "--home", "h", "meeting", "list"],
        ["meeting", "list", "--home", "h", "--group", "G", "--yes", "--json"],
        ["meeting", "--group", "G", "--json", "list", "--home", "h", "--yes"],
    ] {
        let global = parse(&words).unwrap().global;
        assert!(global.json && global.yes);
        assert_eq!(global.group.as_deref(), Some("G"));
        assert_eq!(global.home.unwrap().to_str(), Some("h"));
    }
}

#[test]
fn who_founds_together_hands_over_requests() {
    let words = ["group", "new", "G", "--as", "Ann", "--with", "b.req", "c.req", "--parent", "P"];
    assert!(matches!(parsed(&words), Command::Group(GroupCommand::New(new))
        if new.with.len() == 2 && new.parent.as_deref() == Some("P") && new.as_name == "Ann"));
    assert!(refused(&["group", "new", "G"]).contains("--as"));

    parsed(&["join", "--found", "G", "--as", "Ben", "--request", "b.req"]);
    assert!(refused(&["join", "--found", "G", "--as", "Ben"]).contains("--request"));
    assert!(refused(&["join", "--found", "G", "--request", "b.req"]).contains("--as"));
    assert!(refused(&["join", "T", "--found", "G"]).contains("cannot be used with"));
    assert!(refused(&["join", "--as", "Ben"]).contains("<TICKET>"));
}

#[test]
fn a_correction_says_what_is_right_or_what_it_is_the_same_as() {
    parsed(&["correct", "1a", "--reason", "r", "--day", "2026-03-01", "--headcount", "3"]);
    parsed(&["correct", "1a", "--reason", "r", "--same-as", "2b"]);
    assert!(refused(&["correct", "1a", "--reason", "r"]).contains("--same-as"));
    assert!(refused(&["correct", "1a", "--hours", "1"]).contains("--reason"));
    let both = ["correct", "1a", "--reason", "r", "--same-as", "2b", "--hours", "1"];
    assert!(refused(&both).contains("cannot be used with"));
}

#[test]
fn fixed_words_and_numbers_of_people_are_checked_here() {
    assert!(matches!(parsed(&["answer", "1a", "abstain"]), Command::Answer(answer)
        if answer.answer == AnswerWord::Abstain));
    assert!(refused(&["answer", "1a", "perhaps"]).contains("yes, no, abstain"));
    assert!(refused(&["goal", "state", "G", "finished"]).contains("open, done, dropped"));
    assert!(matches!(parsed(&["permission"]), Command::Permission(p) if p.purpose.is_none()));
    assert!(matches!(parsed(&["permission", "photos", "no"]), Command::Permission(p)
        if p.answer == Some(false)));
    assert!(refused(&["permission", "photos"]).contains("<ANSWER>"));
    for number in ["-5", "0", "2.5", "many", "100001", "99999999999"] {
        let sentence = refused(&["meeting", "new", "M", "--headcount", number]);
        assert!(sentence.contains("a number of people from 1 to 100000"), "{sentence}");
    }
    assert!(matches!(
        parsed(&["meeting", "new", "M", "--headcount", "100000"]),
        Command::Meeting(MeetingCommand::New(new)) if new.headcount == Some(100_000)
    ));
}

#[test]
fn versions_default_to_the_draft_and_files_are_named() {
    assert!(matches!(parsed(&["contract", "show"]),
        Command::Contract(ContractCommand::Show(show)) if show.version == "draft"));
    assert!(matches!(parsed(&["contract", "diff"]),
        Command::Contract(ContractCommand::Diff(diff)) if diff.version == "adopted"));
    assert!(matches!(parsed(&["contract", "blame", "--version", "adopted"]),
        Command::Contract(ContractCommand::Blame(blame)) if blame.version == "adopted"));
    assert!(refused(&["contract", "set", "purpose"]).contains("--file"));
    assert!(matches!(parsed(&["device", "add", "phone.req"]),
        Command::Device(DeviceCommand::Add(add)) if add.request.is_some()));
    assert!(refused(&["device", "add", "phone.req", "--qr", "q.png"]).contains("cannot be used"));
    assert!(matches!(parsed(&["invite", "-o", "t", "--qr", "q.png"]), Command::Invite(invite)
        if invite.out.is_some() && invite.qr.is_some()));
}
