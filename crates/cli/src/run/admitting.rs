//! `copact admit`, and what follows from letting somebody in.

use std::path::PathBuf;

use copact_node::decisions::{Answered, Moment, Question};
use copact_node::group::Group;
use copact_node::inviting::{Admitted, Request};
use serde::Serialize;

use super::decisions::{self, Telling};
use super::{Done, Live, Session};
use crate::failure::Failure;
use crate::output::{Page, faint, good, plain, short, warn};

/// Somebody who was let in, and the phrase or code that was compared.
#[derive(Serialize)]
pub(super) struct LetIn {
    #[serde(flatten)]
    pub(super) admitted: Admitted,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) phrase: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<String>,
}

/// Lets in whoever made a request file, or asks over the network with a code.
pub(super) fn admit(session: Session, whom: &[PathBuf]) -> Done {
    // A code may be typed as it is shown, in two words.
    let words: Option<Vec<&str>> = whom.iter().map(|word| word.to_str()).collect();
    let typed = words.unwrap_or_default().join(" ");
    let code = match whom {
        [file] if file.exists() => return by_file(session, file),
        _ if is_code(&typed) => typed.as_str(),
        [file] if !is_digits(&typed) => return by_file(session, file),
        _ => {
            return Err(Failure::input("bad_code", format_args!("“{typed}” is no code"))
                .hint("type the six digits that both screens show: copact admit 123456"));
        }
    };
    let Some(live) = session.live.clone() else {
        return Err(Failure::input(
            "nobody_asks",
            "nobody can ask with a code now: `copact sync --watch` is not running here",
        )
        .hint("start it and let them join then, or take a request by file: copact admit FILE"));
    };
    by_code(session, &live, code)
}

/// Six digits, as people type them.
fn is_code(typed: &str) -> bool {
    is_digits(typed) && typed.chars().filter(char::is_ascii_digit).count() == 6
}

fn is_digits(typed: &str) -> bool {
    typed.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-'))
}

fn by_code(session: Session, live: &Live, code: &str) -> Done {
    let asked = live.borrow().asks_with(code)?;
    let named = asked.group.to_string();
    let before = session.home.open(Some(&named))?.moment();
    session.sure(&code_question(asked.name.as_deref(), asked.role.as_deref(), &asked.code))?;
    let admitted = live.borrow_mut().admit(&session.home, code)?;
    let group = session.home.open(Some(&named))?;
    let document = LetIn { admitted: admitted.clone(), phrase: None, code: Some(asked.code) };
    session.output.show(&document, |page| let_in(page, &group, &admitted, &before))
}

fn by_file(session: Session, file: &std::path::Path) -> Done {
    let mut group = session.open()?;
    let before = group.moment();
    let request = group.read_request(file)?;
    group.may_admit(&request)?;
    session.sure(&question(&request))?;
    let phrase = Some(request.phrase.clone());
    let admitted = group.admit(request)?;
    let document = LetIn { admitted: admitted.clone(), phrase, code: None };
    session.output.show(&document, |page| {
        let_in(page, &group, &admitted, &before);
        page.line(["Next: write a bundle, and hand it over:"]);
        page.line([faint("  copact bundle export FILE")]);
    })
}

/// What is asked before somebody is let in over the network.
pub(super) fn code_question(name: Option<&str>, role: Option<&str>, code: &str) -> String {
    let who = match name {
        Some(name) => format!("{name} wants to join, as {}", role.unwrap_or("citizen")),
        None => "A further device of yours wants to join".to_owned(),
    };
    format!("{who}. Do both screens show {code}?")
}

/// What follows from letting somebody in.
pub(super) fn let_in(page: &mut Page, group: &Group, admitted: &Admitted, before: &Moment) {
    let Some(voice) = &admitted.voice else {
        page.line([good("The device is yours.")]);
        return;
    };
    let name = &admitted.name;
    let is_member = group.members().iter().any(|row| row.id == admitted.member);
    if is_member {
        page.line([good(format_args!("{name} is a member now."))]);
    } else {
        page.line([good(format_args!("{name} is let in."))]);
        page.line([warn(format_args!(
            "You have no voice yourself, so {name} is a member once the group gives them voice."
        ))]);
    }
    of_voice(page, group, name, voice);
    decisions::also_decided(page, &Telling::of(group), before, None);
}

/// What a newcomer's voice waits for.
fn of_voice(page: &mut Page, group: &Group, name: &str, voice: &Answered) {
    let Some(question) = group.question(voice.proposal).filter(|one| !one.row.adopted) else {
        return;
    };
    let needed = Telling::of(group).needed(&question).unwrap_or_default();
    page.line([plain(format_args!(
        "{name} has no voice in common decisions yet. You have proposed it, and said yes."
    ))]);
    page.line([plain(format_args!("Still needed: {needed}. They answer with:"))]);
    page.line([faint(format_args!("  copact member voice {}", short(&voice_target(&question))))]);
}

fn voice_target(question: &Question) -> String {
    question.row.target.clone().unwrap_or_default()
}

fn question(request: &Request) -> String {
    let phrase = &request.phrase;
    match &request.name {
        Some(name) => format!(
            "{name} wants to join, as {}. Ask for their phrase; it must be “{phrase}”. Is it, and \
             may they come in?",
            request.role.as_deref().unwrap_or("citizen")
        ),
        None => format!(
            "A further device of yours wants to join. Its phrase must be “{phrase}”. Is it, and \
             is it yours?"
        ),
    }
}
