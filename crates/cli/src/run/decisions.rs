//! Common decisions: `copact propose`, `proposals`, `answer`, `settle`, `policy`.

use copact_core::day::Day;
use copact_core::ids::MemberId;
use copact_core::views::AnswerRow;
use copact_node::decisions::{Answered, Moment, News, Question};
use copact_node::group::{Group, Parted, WhyParted};
use serde_json::json;

use super::{Done, Names, Session};
use crate::args::{AnswerProposal, PolicyCommand, Propose, Settle};
use crate::output::{Page, Piece, bad, date, faint, good, plain, short, warn};

mod effects;
mod telling;

pub(super) use telling::Telling;
pub(super) use telling::in_fours;

pub(super) fn propose(session: Session, typed: &Propose) -> Done {
    let mut group = session.open()?;
    let before = group.moment();
    let closes = typed.closes.as_deref();
    let answered = group.propose(&typed.text, closes, typed.behalf.member.as_deref())?;
    show(session, &group, &answered, &before, typed.behalf.member.as_deref())
}

pub(super) fn settle(session: Session, typed: &Settle) -> Done {
    let mut group = session.open()?;
    let before = group.moment();
    let answered = group.settle(&typed.entry, typed.verdict, &typed.asking.ask())?;
    show(session, &group, &answered, &before, typed.asking.behalf.member.as_deref())
}

pub(super) fn policy(session: Session, command: PolicyCommand) -> Done {
    let PolicyCommand::Set(set) = command;
    let mut group = session.open()?;
    let before = group.moment();
    let answered = group.set_policy(&set.share, &set.asking.ask())?;
    show(session, &group, &answered, &before, set.asking.behalf.member.as_deref())
}

/// Shows what was asked or joined, how it stands and what follows.
pub(super) fn show(
    session: Session,
    group: &Group,
    answered: &Answered,
    before: &Moment,
    behalf: Option<&str>,
) -> Done {
    session.output.show(answered, |page| asked(page, group, answered, before, behalf))
}

fn asked(
    page: &mut Page,
    group: &Group,
    answered: &Answered,
    before: &Moment,
    behalf: Option<&str>,
) {
    let telling = Telling::of(group);
    let Some(question) = group.question(answered.proposal) else { return };
    let id = answered.proposal.to_string();
    let first = if answered.joined {
        format!("This is asked already, by {}.", telling.by(&question))
    } else {
        "Proposed.".to_owned()
    };
    page.line([good(first), faint(format_args!("  {}", short(&id)))]);
    page.line([plain("  "), plain(telling.what(&question))]);
    match behalf {
        None => page.line(["Your own answer is yes."]),
        Some(member) => {
            page.line([plain(format_args!("{member}’s answer is yes."))]);
            unconfirmed(page, &answered.id.to_string());
        }
    }
    // Of merged members, each is asked about.
    let others = group.news_since(before).asked.into_iter().filter(|id| *id != answered.proposal);
    for other in others.filter_map(|id| group.question(id)) {
        page.line([plain("Proposed with it, and answered yes: "), plain(telling.what(&other))]);
    }
    outcome(page, &telling, &question, before);
}

pub(super) fn answer(session: Session, typed: &AnswerProposal) -> Done {
    let mut group = session.open()?;
    let before = group.moment();
    let answered = group.answer(&typed.proposal, typed.answer, typed.behalf.member.as_deref())?;
    session.output.show(&answered, |page| {
        let id = answered.id.to_string();
        page.line([
            good(format_args!("The answer is {}.", typed.answer.word())),
            faint(format_args!("  {}", short(&id))),
        ]);
        let telling = Telling::of(&group);
        let Some(question) = group.question(answered.proposal) else { return };
        page.line([plain("  "), plain(telling.what(&question))]);
        if typed.behalf.member.is_some() {
            unconfirmed(page, &id);
        }
        outcome(page, &telling, &question, &before);
    })
}

/// What somebody signed for an assisted member waits for a second person.
pub(super) fn unconfirmed(page: &mut Page, id: &str) {
    page.line([faint(format_args!(
        "It counts once another member confirms it: copact confirm {}",
        short(id)
    ))]);
}

/// How near a decision is; with the need reached, what it changed, and what else was decided.
fn outcome(page: &mut Page, telling: &Telling, question: &Question, before: &Moment) {
    if question.row.adopted && !telling.group.news_since(before).decided.contains(&question.row.id)
    {
        let on = question.row.enacted.map_or_else(String::new, |day| format!(" on {}", date(day)));
        let rest = match question.row.kind {
            "ratify" => "whoever said no has withdrawn their signature; the contract stays adopted",
            _ => "your answer is kept, and changes nothing",
        };
        page.line([plain(format_args!("Decided{on}; {rest}."))]);
    } else if question.row.adopted {
        page.line([good("With that the group has decided it.")]);
        telling.effects(page, question);
    } else {
        if telling.is_voiceless() {
            page.line([warn(
                "You have no voice yet: your answer is kept and shown, and does not count.",
            )]);
        }
        if telling.is_own_removal(question) {
            page.line([warn(
                "It is about you: your own answer is kept and shown, and does not count.",
            )]);
        }
        page.line([plain(telling.tally(question)), plain(".")]);
        if let Some(needed) = telling.needed(question) {
            page.line([plain(format_args!("Still needed: {needed}."))]);
            page.line([faint("Hand them a bundle: copact bundle export FILE")]);
        }
    }
    also_decided(page, telling, before, Some(question));
}

/// How near the contract is to being adopted.
pub(super) fn of_ratifying(page: &mut Page, group: &Group, answered: &Answered, before: &Moment) {
    let telling = Telling::of(group);
    let question = group.question(answered.proposal);
    if answered.adopted {
        page.line([good("With that it is the group’s adopted contract.")]);
        also_decided(page, &telling, before, question.as_ref());
    } else if let Some(question) = question {
        outcome(page, &telling, &question, before);
    }
}

/// What else the group decided meanwhile, because this completed it.
pub(super) fn also_decided(
    page: &mut Page,
    telling: &Telling,
    before: &Moment,
    but: Option<&Question>,
) {
    let news = telling.group.news_since(before);
    for id in news.decided.iter().filter(|id| but.is_none_or(|one| one.row.id != **id)) {
        let Some(question) = telling.group.question(*id) else { continue };
        page.line([
            good("With that the group has decided: "),
            plain(telling.what(&question)),
            plain("."),
        ]);
        telling.effects(page, &question);
    }
    voices(page, telling, &news);
}

/// Whose voice has started, unless the decision that gave it was told before.
pub(super) fn voices(page: &mut Page, telling: &Telling, news: &News) {
    let told = |member: &MemberId| {
        let mut decided = news.decided.iter().filter_map(|id| telling.group.question(*id));
        decided.any(|one| one.row.kind == "voice" && one.row.target == Some(member.to_string()))
    };
    for member in news.voices.iter().filter(|one| !told(one)) {
        page.line([good(format_args!(
            "{}’s yes and no count in common decisions from now on.",
            telling.name(*member)
        ))]);
    }
}

/// Tells somebody that what this device writes does not count any more, why, and what they can do.
pub(super) fn parted(page: &mut Page, parted: &Parted) {
    let on = parted.day.map_or_else(String::new, |day| format!(" on {}", date(day)));
    let reason = parted.reason.as_ref().map(|text| format!("The reason that was given: “{text}”"));
    match parted.why {
        WhyParted::Left => page.line([warn(format_args!("You left the group{on}."))]),
        WhyParted::Removed => {
            page.line([bad(format_args!("The group has decided{on} to remove you."))]);
        }
        WhyParted::LostDevice => {
            page.line([bad(format_args!("The group gave this device up as lost{on}."))]);
        }
        WhyParted::NotBroughtIn => {
            page.line([bad("What brought this device into the group is set aside.")]);
        }
    }
    if let Some(reason) = reason {
        page.line([plain(reason)]);
    }
    match parted.why {
        WhyParted::Left => {}
        WhyParted::Removed => {
            page.line(["What you wrote before, and the group knew of, stays. What you wrote besides is kept"]);
            page.line(["and shown, and does not count: copact set-aside list"]);
            page.line([
                "You can talk to the others: they can count more of it again (copact set-aside",
            ]);
            page.line([
                "restore), or invite you anew. Who decided, and what each said: copact proposals",
            ]);
        }
        WhyParted::NotBroughtIn => {
            page.line([
                "What it writes does not count. Ask a member whose word counts to let you in again",
            ]);
            page.line(["(copact invite): what you wrote then counts, too."]);
        }
        WhyParted::LostDevice => {
            page.line([
                "What it writes from now on does not count. Go on with the new device, or ask the",
            ]);
            page.line(["others to move you to one: copact member recover"]);
        }
    }
}

pub(super) fn proposals(session: Session) -> Done {
    let group = session.open()?;
    let questions = group.questions();
    let today = session.today();
    let parted = group.parted().is_some();
    session.output.show(&json!({ "proposals": questions }), |page| {
        let telling = Telling::of(&group);
        // What is open comes first.
        let mut ordered: Vec<&Question> = questions.iter().collect();
        ordered.sort_by_key(|one| !is_open(&group, one, today));
        for question in ordered {
            one(page, question, &telling, today);
            if !parted && telling.awaits_me(question) && is_open(&group, question, today) {
                let id = question.row.id.to_string();
                page.line([faint(format_args!("Answer it: copact answer {} yes", short(&id)))]);
            }
        }
        if questions.is_empty() {
            page.line(["Nothing is being decided, and nothing was."]);
            page.line([faint("  copact propose TEXT   asks the group")]);
        }
    })
}

fn is_open(group: &Group, question: &Question, today: Day) -> bool {
    !question.row.adopted
        && group.no_longer_needed(question.row.id).is_none()
        && question.row.closes.is_none_or(|last| today <= last)
}

fn one(page: &mut Page, question: &Question, telling: &Telling, today: Day) {
    page.heading(&telling.what(question));
    let row = &question.row;
    let mut fields = vec![
        ("id", faint(short(&row.id.to_string()))),
        ("proposed by", plain(telling.proposed(question, today))),
    ];
    if let Some(reason) = &row.reason {
        fields.push(("because", plain(format_args!("“{reason}”"))));
    }
    fields.push(("stands", telling.stands(question, today)));
    let open = is_open(telling.group, question, today);
    if let Some(why) = telling.group.no_longer_needed(row.id) {
        fields.push(("no longer needed", plain(why)));
    } else if let Some(needed) = telling.needed(question).filter(|_| open || row.waits) {
        fields.push(("needed", warn(needed)));
    }
    let then = if row.adopted { "since then" } else { "then" };
    fields.push((then, plain(telling.then(question))));
    page.fields(fields);
    for answer in &row.answers {
        page.line(said(answer, &telling.names));
    }
}

fn said(answer: &AnswerRow, names: &Names) -> Vec<Piece> {
    let word = match answer.answer {
        "yes" => good("yes"),
        "no" => bad("no"),
        other => plain(other),
    };
    let mut pieces =
        vec![plain("  "), word, plain(format_args!("  {}", names.name(answer.member)))];
    match (answer.recorder, answer.confirmed_by) {
        (Some(recorder), Some(second)) => pieces.push(faint(format_args!(
            "  signed by {}, confirmed by {}",
            names.name(recorder),
            names.name(second)
        ))),
        (Some(recorder), None) => pieces.push(warn(format_args!(
            "  signed by {}; another member has to confirm {}",
            names.name(recorder),
            short(&answer.id.to_string())
        ))),
        _ => {}
    }
    if answer.changed {
        pieces.push(faint("  changed later"));
    }
    pieces
}
