//! The words for the clauses of `copro-min/1.0`.

use copact_evidence::report::Report;
use copact_evidence::rules::Verdict;

use super::early;
use super::read::{Gap, Read};
use super::{Words, members, stage};
use crate::html::words::{day_words, many, percent_of};

/// The one clause whose figure must not be more than its threshold.
pub(super) const MOST: &str = "formed.share";
/// The clause on ends of quarters.
const LASTING: &str = "sustained.quarters";

/// What is told of a clause, or nothing if it is none of these rules.
pub(super) fn words(report: &Report, clause: &Read<'_>) -> Option<Words> {
    let gap = clause.gap();
    let text = formed(report, clause, &gap)
        .or_else(|| working(report, clause, &gap))
        .or_else(|| lasting(clause, &gap))?;
    let Text { title, mut found, needed, more, fewer } = text;
    let lasting = clause.id == LASTING && clause.verdict == Verdict::Fail;
    let early = if lasting { early::until(report, gap.value, gap.least) } else { None };
    if let Some(day) = early {
        let young = "; the group is too young for more: this cannot pass before";
        found.push_str(&format!("{young} {}", day_words(day)));
    }
    let change = match clause.verdict {
        Verdict::Pass => fewer,
        Verdict::Fail => more,
        Verdict::NotComputable => unknown(clause),
    };
    let (stage, title) = (stage(clause.id), title.to_owned());
    Some(Words { stage, title, found, needed, change, early })
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
    let Gap { value, of, least, .. } = *gap;
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
            fewer: format!(
                "{} of a real part of the contract",
                many(spare, "author fewer", "authors fewer")
            ),
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
        fewer: if all {
            "a member taking their signature back".to_owned()
        } else {
            format!(
                "a new version adopted with {} than this one",
                many(gap.spare(), "signature fewer", "signatures fewer")
            )
        },
    }
}

/// The clauses on meetings and work.
fn working(report: &Report, clause: &Read<'_>, gap: &Gap) -> Option<Text> {
    let Gap { value, least, .. } = *gap;
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
            fewer: format!(
                "{} within 90 days",
                many(spare, "attested meeting fewer", "attested meetings fewer")
            ),
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
            fewer: format!(
                "{} since the adoption",
                many(spare, "attested meeting fewer", "attested meetings fewer")
            ),
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
            fewer: format!(
                "{} with half an hour of confirmed work",
                many(spare, "member fewer", "members fewer")
            ),
        },
        "coproducing.mutual" => mutual(clause, gap),
        _ => return None,
    };
    Some(text)
}

/// Either of two figures is enough, so it fails only if both do.
fn mutual(clause: &Read<'_>, gap: &Gap) -> Text {
    let Gap { of, least, .. } = *gap;
    let ways = [
        ("R3", "gave and received work", "who gave and received work"),
        ("R6", "worked for the group together", "who worked for the group with another"),
    ];
    let found = ways.map(|(name, did, _)| match clause.named(name) {
        Some(one) => format!("{} of {} {did}", one.value, members(one.of)),
        None => format!("how many {did} cannot be computed"),
    });
    let fewer = ways.into_iter().filter_map(|(name, _, who)| {
        let spare = clause.named(name)?.spare();
        (spare > 0).then(|| format!("{} {who}", many(spare, "member fewer", "members fewer")))
    });
    Text {
        title: "For each other, or together",
        found: format!("{}; either is enough", found.join("; ")),
        needed: format!("a third: {least} of {of}"),
        more: format!(
            "{} giving and receiving, or working for the group together with another",
            many(gap.missing(), "more member", "more members")
        ),
        fewer: fewer.collect::<Vec<_>>().join(", and also "),
    }
}

/// The clause on that it lasts.
fn lasting(clause: &Read<'_>, gap: &Gap) -> Option<Text> {
    let Gap { value, least, .. } = *gap;
    let text = match clause.id {
        LASTING => Text {
            title: "Again and again",
            found: format!("co-producing at the end of {value} of the last 4 quarters"),
            needed: format!("{least} of 4, and on the last day"),
            more: format!(
                "all of this in place at the end of {}",
                many(gap.missing(), "more quarter", "more quarters")
            ),
            fewer: many(gap.spare(), "such quarter fewer", "such quarters fewer"),
        },
        _ => return None,
    };
    Some(text)
}
