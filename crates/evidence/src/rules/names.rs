//! The names that expressions can use, each with what it stands for.

use super::expression::{Each, Group, Is, Of};
use crate::indicators::{self, Indicator};

/// Between what a figure lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Range {
    /// From 0 to 1.
    Share,
    /// From 0 on.
    Count,
    /// From −1 to 1.
    Correlation,
    /// Any number.
    Any,
}

impl Range {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Share => "between 0 and 1",
            Self::Count => "at 0 or above",
            Self::Correlation => "between -1 and 1",
            Self::Any => "anywhere",
        }
    }

    /// The least and the most, in whole numbers.
    pub(super) const fn ends(self) -> (Option<i32>, Option<i32>) {
        match self {
            Self::Share => (Some(0), Some(1)),
            Self::Count => (Some(0), None),
            Self::Correlation => (Some(-1), Some(1)),
            Self::Any => (None, None),
        }
    }
}

/// Figures of the group, besides the indicators.
pub(super) const GROUP: &[(&str, Group, Range, &str)] = &[
    ("n", Group::Members, Range::Count, "members at the end of the window"),
    ("voices", Group::Voices, Range::Count, "of those, whose word counts in common decisions"),
    ("voices_needed", Group::VoicesNeeded, Range::Count, "how many of them accept a version"),
    ("members_then", Group::MembersThen, Range::Count, "members on the adoption day"),
    ("signed_since", Group::SignedSince, Range::Share, "of those, who stand by the version by now"),
    ("largest_share", Group::LargestShare, Range::Share, "most by one ÷ all that members wrote"),
    ("own_share", Group::OwnShare, Range::Share, "what members wrote ÷ all of the adopted text"),
    ("written", Group::Written, Range::Count, "characters that members wrote of it"),
    ("characters", Group::Characters, Range::Count, "characters of the adopted text"),
];

/// Figures of each member or meeting.
pub(super) const EACH: &[(&str, Of, Each, Range, &str)] = &[
    ("minutes", Of::Members, Each::Minutes, Range::Count, "counted minutes in the window"),
    (
        "characters_written",
        Of::Members,
        Each::CharactersWritten,
        Range::Count,
        "characters that they wrote of the adopted text",
    ),
    ("attested", Of::Meetings, Each::Attested, Range::Count, "attendances two others witnessed"),
    ("attended", Of::Meetings, Each::Attended, Range::Count, "attendances"),
    ("members", Of::Meetings, Each::MembersThatDay, Range::Count, "members on its day"),
    (
        "days_after_adoption",
        Of::Meetings,
        Each::DaysAfterAdoption,
        Range::Any,
        "days from the first adoption to it",
    ),
];

/// What can be said of each member.
pub(super) const IS: &[(&str, Is, &str)] = &[
    ("author", Is::Author, "wrote enough of the adopted text to count in C1"),
    ("signed", Is::Signed, "stands by the adopted version"),
    ("citizen", Is::Citizen, "has the role of a citizen"),
    ("professional", Is::Professional, "has the role of a professional"),
    ("voice", Is::Voice, "has voice in common decisions"),
];

/// Words of the language itself, which nothing else can be called.
pub(super) const WORDS: &[(&str, &str)] = &[
    ("and", "passes if both sides do, fails if one does"),
    ("or", "passes if one side does"),
    ("not", "turns a verdict around"),
    ("if", "if TEST then A else B"),
    ("then", "see if"),
    ("else", "see if"),
    ("except", "see all"),
    ("all", "all(PART), all(PART except CLAUSE): every clause of a part passes"),
    ("min", "min(A, B): the least"),
    ("max", "max(A, B): the greatest"),
    ("ceil", "ceil(A): rounded up"),
    ("floor", "floor(A): rounded down"),
    ("section", "section(KIND): characters of the longest section of a kind"),
    ("members", "members(TEST): members of whom it is true"),
    ("meetings", "meetings(TEST): meetings held in the window of which it is true"),
    ("days_apart", "days_apart(TEST): days from the first to the last such meeting"),
    ("quarters", "quarters(N, TEST): of the last N quarters, at whose end it was true"),
];

/// The parts of an indicator, and between what each lies; the first is what its bare id stands for,
/// unless that is empty.
pub(super) fn parts(id: &str) -> &'static [(&'static str, Range)] {
    const COUNTS: &[(&str, Range)] =
        &[("value", Range::Share), ("num", Range::Count), ("den", Range::Count)];
    match id {
        "C2" | "H3" | "D1" | "R4" => &[("value", Range::Share)],
        "C5" => &[("", Range::Any), ("days", Range::Count), ("meetings", Range::Count)],
        "H1" => &[("", Range::Any), ("total", Range::Count), ("per_member", Range::Count)],
        "R1" => &[
            ("value", Range::Correlation),
            ("p", Range::Share),
            ("r", Range::Share),
            ("d", Range::Share),
            ("L", Range::Count),
            ("m", Range::Count),
        ],
        "D2" => &[
            ("", Range::Any),
            ("authorship", Range::Share),
            ("decisions", Range::Share),
            ("hours", Range::Share),
        ],
        "D5" => &[("value", Range::Share), ("ceiling", Range::Share)],
        "B1" => &[
            ("value", Range::Share),
            ("chance", Range::Share),
            ("num", Range::Count),
            ("den", Range::Count),
        ],
        "J1" => &[
            ("", Range::Any),
            ("joined", Range::Count),
            ("left", Range::Count),
            ("net", Range::Any),
        ],
        _ => COUNTS,
    }
}

/// An indicator, or a part of it, by name.
pub(super) fn indicator(name: &str) -> Option<(Group, Range)> {
    let (id, part) = name.split_once('.').unwrap_or((name, ""));
    let one: &'static Indicator = indicators::ALL.iter().find(|one| one.id == id)?;
    let parts = parts(id);
    let (part, range) = if name.contains('.') {
        parts.iter().find(|(one, _)| *one == part && !one.is_empty())?
    } else {
        parts.first().filter(|(one, _)| !one.is_empty())?
    };
    Some((Group::Indicator(one, part), *range))
}

/// Every name that there is anyway, with what it stands for.
pub(super) fn vocabulary() -> Vec<(String, &'static str)> {
    let group = GROUP.iter().map(|(name, .., words)| ((*name).to_owned(), *words));
    let each = EACH.iter().map(|(name, .., words)| ((*name).to_owned(), *words));
    let is = IS.iter().map(|(name, _, words)| ((*name).to_owned(), *words));
    let words = WORDS.iter().map(|(name, words)| ((*name).to_owned(), *words));
    let indicators = indicators::ALL.iter().flat_map(|one| {
        let bare = parts(one.id).first().is_some_and(|(part, _)| !part.is_empty());
        let bare = bare.then(|| (one.id.to_owned(), one.name));
        let parts = parts(one.id).iter().filter(|(part, _)| !part.is_empty());
        bare.into_iter().chain(parts.map(|(part, _)| (format!("{}.{part}", one.id), one.name)))
    });
    group.chain(each).chain(is).chain(words).chain(indicators).collect()
}

/// The name that is most like another, if one is.
pub(super) fn nearest<'n>(name: &str, all: impl Iterator<Item = &'n str>) -> Option<String> {
    const LIKE: f64 = 0.5;
    let like = all.map(|one| (strsim::normalized_damerau_levenshtein(name, one), one));
    let best = like.filter(|(like, _)| *like >= LIKE).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, one)| one.to_owned())
}
