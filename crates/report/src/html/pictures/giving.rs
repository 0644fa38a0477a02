//! Who gave whom: a square with a row for each member who gave and a column for each who received.

use copact_evidence::report::pictures::{Pictures, Tie};
use maud::{Markup, html};

use super::frame::{WIDTH, number, place};
use super::{Drawing, Picture, SUPPRESSED};
use crate::html::table;
use crate::html::words::{count, hours, many, real};

/// With more members than this the dots would be too small to tell apart.
const DRAWN: usize = 60;
/// Left and upper edge, where numbers of members stand.
const EDGE: f64 = 44.0;

pub(super) fn picture(pictures: &Pictures) -> Picture {
    let members = pictures.members.len();
    let ties = &pictures.ties;
    let rows = ties.iter().map(|one| {
        vec![format!("Member {}", one.from), format!("Member {}", one.to), hours(one.minutes)]
    });
    Picture {
        id: "giving",
        title: "Who gives whom",
        sentence: sentence(pictures),
        drawing: (!ties.is_empty() && members <= DRAWN).then(|| drawing(members, ties)),
        table: table::plain(
            "Confirmed work of members for members",
            &["Gave", "Received", "Work"],
            rows,
        ),
    }
}

fn sentence(pictures: &Pictures) -> String {
    let ties = &pictures.ties;
    if pictures.suppressed {
        return SUPPRESSED.to_owned();
    }
    if ties.is_empty() {
        return "No confirmed work of a member for another member counts in this period."
            .to_owned();
    }
    let back = |one: &&Tie| ties.iter().any(|other| (other.from, other.to) == (one.to, one.from));
    let both = count(ties.iter().filter(back).count()) / 2;
    let mut people: Vec<usize> = ties.iter().flat_map(|one| [one.from, one.to]).collect();
    people.sort_unstable();
    people.dedup();
    let drawn = if pictures.members.len() > DRAWN {
        " There are too many members to draw."
    } else {
        " A dot stands for work of the member of its row for the member of its column; the larger, \
         the more."
    };
    let all: u64 = pictures.members.iter().map(|one| one.minutes).sum();
    let given: u64 = ties.iter().map(|one| one.minutes).sum();
    let rest = match all.saturating_sub(given) {
        0 => String::new(),
        rest => format!(
            " {} more are for the group, for people outside it or who have left, and so not in it.",
            hours(rest)
        ),
    };
    format!(
        "{} of {} members gave or received: {} from one member to another; {} both \
         ways.{drawn}{rest}",
        people.len(),
        pictures.members.len(),
        many(count(ties.len()), "tie", "ties"),
        many(both, "pair goes", "pairs go")
    )
}

fn drawing(members: usize, ties: &[Tie]) -> Drawing {
    let cell = ((WIDTH - EDGE - 6.0) / number(members)).min(40.0);
    let side = cell * number(members);
    let most = real(ties.iter().map(|one| one.minutes).max().unwrap_or(1));
    let middle = |member: usize| EDGE + cell * (number(member) - 0.5);
    let content = html! {
        text.unit x=(place(EDGE)) y="13" { "Received by member →" }
        text.unit transform=(format!("translate(12 {}) rotate(-90)", place(EDGE + side)))
            x="0" y="0" { "Given by member →" }
        @for line in 0..=members {
            @let at = place(EDGE + cell * number(line));
            line.rule x1=(at) x2=(at) y1=(place(EDGE)) y2=(place(EDGE + side)) {}
            line.rule y1=(at) y2=(at) x1=(place(EDGE)) x2=(place(EDGE + side)) {}
        }
        @for member in 1..=members { (numbers(members, cell, member, middle(member))) }
        @for tie in ties {
            @let radius = (real(tie.minutes) / most).sqrt() * cell * 0.45;
            circle.solid cx=(place(middle(tie.to))) cy=(place(middle(tie.from)))
                r=(place(radius.max(1.0))) {}
        }
    };
    Drawing { width: WIDTH, height: EDGE + side + 6.0, legend: html! {}, content }
}

/// The number of a member at both edges; of many members only every fifth.
fn numbers(members: usize, cell: f64, member: usize, middle: f64) -> Markup {
    let shown = cell >= 16.0 || member == 1 || member.is_multiple_of(5) && members > 5;
    html! {
        @if shown {
            text x=(place(middle)) y=(place(EDGE - 6.0)) text-anchor="middle" { (member) }
            text x=(place(EDGE - 6.0)) y=(place(middle + 4.0)) text-anchor="end" { (member) }
        }
    }
}
