//! The words for the clauses of `copro-min/1.0`.

use copact_evidence::report::Report;
use copact_evidence::rules::Verdict;

use super::{Read, Words, members, stage};
use crate::html::words::{many, percent_of};

/// The one clause whose figure must not be more than its threshold.
pub(super) const MOST: &str = "formed.share";

/// How far a figure is from its threshold, in what it counts.
struct Gap {
    /// The count.
    value: u64,
    /// Of so many; 1 where it is of nothing.
    of: u64,
    /// The least count that passes.
    least: u64,
}

impl Gap {
    fn of(clause: &Read<'_>) -> Self {
        let (value, of) = clause.value.unwrap_or((0, 1));
        let (num, den) = clause.threshold;
        let least = u128::from(num) * u128::from(of);
        let least = least.div_ceil(u128::from(den.max(1)));
        Self { value, of, least: u64::try_from(least).unwrap_or(u64::MAX) }
    }

    fn missing(&self) -> u64 {
        self.least.saturating_sub(self.value)
    }

    /// How many fewer would fail.
    fn spare(&self) -> u64 {
        self.value.saturating_sub(self.least).saturating_add(1)
    }
}

/// What is told of a clause, or nothing if it is none of these rules.
pub(super) fn words(report: &Report, clause: &Read<'_>) -> Option<Words> {
    let gap = Gap::of(clause);
    let text = formed(report, clause, &gap).or_else(|| later(report, clause, &gap))?;
    let Text { title, found, needed, more, fewer } = text;
    let change = match clause.verdict {
        Verdict::Pass => fewer,
        Verdict::Fail => more,
        Verdict::NotComputable => unknown(clause),
    };
    Some(Words { stage: stage(clause.id), title: title.to_owned(), found, needed, change })
}

/// The same, before it is known whether it passes.
struct Text {
    title: &'static str,
    found: String,
    needed: String,
    /// What is missing, if it fails.
    more: String,
    /// What would turn it, if it passes.
    fewer: String,
}

fn unknown(clause: &Read<'_>) -> String {
    let what = match clause.id {
        "coproducing.workers" | "coproducing.mutual" => {
            "work that members record and others confirm"
        }
        _ => "a contract that the group writes and adopts",
    };
    what.to_owned()
}

/// The clauses on the agreement.
fn formed(report: &Report, clause: &Read<'_>, gap: &Gap) -> Option<Text> {
    let Gap { value, of, least } = *gap;
    let (missing, spare) = (gap.missing(), gap.spare());
    let text = match clause.id {
        "formed.members" => Text {
            title: "At least three people",
            found: format!("{} on the last day", members(value)),
            needed: format!("{least} or more"),
            more: many(missing, "more member", "more members"),
            fewer: many(spare, "member fewer", "members fewer"),
        },
        "formed.identity" => section("The contract says who the group is", "identity", gap),
        "formed.purpose" => section("The contract says what the group is for", "purpose", gap),
        "formed.authors" => Text {
            title: "Written by more than one person",
            found: format!("{value} of {} wrote a real part of the contract", members(report.n)),
            needed: format!("{least} or more"),
            more: format!(
                "{} writing a real part of the contract",
                many(missing, "more member", "more members")
            ),
            fewer: many(spare, "author fewer", "authors fewer"),
        },
        MOST => Text {
            title: "Nobody wrote nearly all of it",
            found: format!(
                "the member who wrote most wrote {} of what members wrote ({value} of {of} \
                 characters)",
                percent_of(value, of)
            ),
            needed: format!("{} or less", percent_of(clause.threshold.0, clause.threshold.1)),
            more: "others writing more of the contract, and adopting it again".to_owned(),
            fewer: "a version of the contract of which one member wrote nearly all".to_owned(),
        },
        "formed.own" => Text {
            title: "In the group’s own words",
            found: format!(
                "{} of the contract was written by today’s members ({value} of {of} characters)",
                percent_of(value, of)
            ),
            needed: format!("{} or more", percent_of(clause.threshold.0, clause.threshold.1)),
            more: "today’s members writing more of the contract themselves".to_owned(),
            fewer: "members who wrote much of it leaving, or text taken over from a file"
                .to_owned(),
        },
        "formed.ratified" => ratified(clause, gap),
        "formed.amend" => Text {
            title: "Nobody can change it alone",
            found: format!("changing it takes {}", many(value, "yes", "yes answers")),
            needed: format!("{least} or more"),
            more: "more members with a voice in common decisions".to_owned(),
            fewer: "so few members with a voice that one of them could decide".to_owned(),
        },
        _ => return None,
    };
    Some(text)
}

fn section(title: &'static str, kind: &str, gap: &Gap) -> Text {
    Text {
        title,
        found: many(gap.value, "character in that section", "characters in that section"),
        needed: format!("{} or more", gap.least),
        more: format!("{} on its {kind}", many(gap.missing(), "more character", "more characters")),
        fewer: format!(
            "a version of the contract with fewer than {} characters on its {kind}",
            gap.least
        ),
    }
}

fn ratified(clause: &Read<'_>, gap: &Gap) -> Text {
    let all = clause.threshold.0 == clause.threshold.1;
    let needed = match (all, clause.value) {
        (true, Some(_)) => format!("all {}, as the group had fewer than five", gap.of),
        (true, None) => "all of them".to_owned(),
        (false, Some(_)) => format!("two thirds: {} of {}", gap.least, gap.of),
        (false, None) => "two thirds; in a group of fewer than five, all".to_owned(),
    };
    let more = if all {
        format!(
            "{} of who was a member then",
            many(gap.missing(), "more signature", "more signatures")
        )
    } else {
        format!(
            "a version that two thirds accept before it is adopted; this one lacked {}",
            many(gap.missing(), "signature", "signatures")
        )
    };
    let when = if all { "by the last day" } else { "when it was adopted" };
    Text {
        title: "Accepted by the members",
        found: format!("{} of {} had signed {when}", gap.value, members(gap.of)),
        needed,
        more,
        fewer: many(gap.spare(), "signature fewer", "signatures fewer"),
    }
}

/// The clauses on work, and that it lasts.
fn later(report: &Report, clause: &Read<'_>, gap: &Gap) -> Option<Text> {
    let Gap { value, of, least } = *gap;
    let (missing, spare) = (gap.missing(), gap.spare());
    let attested = |number| many(number, "more attested meeting", "more attested meetings");
    let text = match clause.id {
        "coproducing.formed" => Text {
            title: "There is an agreement",
            found: format!("{value} of the {least} clauses above hold"),
            needed: "all of them".to_owned(),
            more: "the clauses above that do not hold".to_owned(),
            fewer: "any clause above no longer holding".to_owned(),
        },
        "coproducing.meetings" => Text {
            title: "They meet, and others saw it",
            found: many(value, "attested meeting", "attested meetings"),
            needed: format!("{least} or more in the 90 days"),
            more: attested(missing),
            fewer: format!("{} within 90 days", many(spare, "meeting fewer", "meetings fewer")),
        },
        "coproducing.apart" => Text {
            title: "More than once",
            found: format!("{} between the first and the last of them", many(value, "day", "days")),
            needed: many(least, "day or more", "days or more"),
            more: format!("attested meetings that are {least} days or more apart"),
            fewer: "the first or the last of these meetings being older than 90 days".to_owned(),
        },
        "coproducing.after" => Text {
            title: "Also after they agreed",
            found: many(value, "of these meetings since", "of these meetings since")
                + " the day the contract was first adopted",
            needed: format!("{least} or more"),
            more: format!("{}, on a day after the adoption", attested(missing)),
            fewer: format!("{} since then", many(spare, "meeting fewer", "meetings fewer")),
        },
        "coproducing.workers" => Text {
            title: "Many of them work",
            found: format!(
                "{value} of {} did half an hour or more that somebody else confirmed",
                members(report.n)
            ),
            needed: format!("{least} or more"),
            more: format!(
                "{} with half an hour of work that somebody else confirms",
                many(missing, "more member", "more members")
            ),
            fewer: many(spare, "working member fewer", "working members fewer"),
        },
        "coproducing.mutual" => Text {
            title: "For each other, or together",
            found: format!(
                "{value} of {} gave and received work, or worked for the group together",
                members(of)
            ),
            needed: format!("a third: {least} of {of}"),
            more: format!(
                "{} giving and receiving, or working for the group together with another",
                many(missing, "more member", "more members")
            ),
            fewer: format!("{} of these", many(spare, "member fewer", "members fewer")),
        },
        "sustained.quarters" => Text {
            title: "Again and again",
            found: format!("co-producing at the end of {value} of the last 4 quarters"),
            needed: format!("{least} of 4, and on the last day"),
            more: format!(
                "all of this in place at the end of {}",
                many(missing, "more quarter", "more quarters")
            ),
            fewer: many(spare, "such quarter fewer", "such quarters fewer"),
        },
        _ => return None,
    };
    Some(text)
}
