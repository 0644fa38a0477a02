//! Whose words the contract is made of.

use copact_evidence::report::pictures::{Authorship, Pictures};
use maud::html;

use super::frame::{Fill, WIDTH, bar, legend, number, place, stripes};
use super::{Drawing, Picture, SUPPRESSED};
use crate::html::table;
use crate::html::words::{many, percent_of, real};

const ID: &str = "authorship";
/// Members who get a bar of their own.
const BARS: usize = 20;
/// Where bars begin.
const LEFT: f64 = 82.0;
/// From one bar to the next.
const ROW: f64 = 22.0;

fn parts(of: &Authorship) -> [(Fill, &'static str, u64); 3] {
    [
        (Fill::Solid, "today’s members", of.members),
        (Fill::Striped, "taken over from a file, nobody’s", of.imported),
        (Fill::Empty, "departed members, or not confirmed", of.others),
    ]
}

/// The text by whose it is: members', taken over, others'.
pub(super) fn shares(pictures: &Pictures) -> Picture {
    let of = pictures.authorship.unwrap_or_default();
    let sentence = if pictures.authorship.is_none() {
        "No version of the contract was adopted by the end of the period.".to_owned()
    } else if of.counted == 0 {
        "The adopted contract has no text.".to_owned()
    } else {
        format!(
            "{} of the contract was written by today’s members, {} was taken over from a file, \
             and {} is of others: departed members, or written for somebody and not confirmed. {} \
             wrote some of it.",
            percent_of(of.members, of.counted),
            percent_of(of.imported, of.counted),
            percent_of(of.others, of.counted),
            many(pictures.wrote, "member", "members")
        )
    };
    let rows = parts(&of).map(|(_, words, much)| {
        vec![words.to_owned(), much.to_string(), percent_of(much, of.counted)]
    });
    Picture {
        id: ID,
        title: "Who wrote the contract",
        sentence,
        drawing: (of.counted > 0).then(|| stack(&of)),
        table: table::plain("Characters of the adopted text", &["Of", "Characters", "Share"], rows),
    }
}

fn stack(of: &Authorship) -> Drawing {
    let width = WIDTH - 12.0;
    let mut left = 6.0;
    let mut pieces = Vec::new();
    for (fill, _, much) in parts(of) {
        let wide = width * real(much) / real(of.counted);
        pieces.push((fill, left, wide));
        left += wide;
    }
    let content = html! {
        (stripes(ID))
        @for (fill, x, wide) in pieces {
            @if wide > 0.0 { (bar(ID, fill, x, 6.0, wide, 36.0)) }
        }
        text x="6" y="60" { "0 %" }
        text x=(place(WIDTH - 6.0)) y="60" text-anchor="end" { "100 % of the text" }
    };
    let entries: Vec<(Fill, String)> = parts(of)
        .into_iter()
        .filter(|(_, _, much)| *much > 0)
        .map(|(fill, words, much)| (fill, format!("{words}: {}", percent_of(much, of.counted))))
        .collect();
    Drawing { width: WIDTH, height: 66.0, legend: legend(ID, &entries), content }
}

/// The members' text by member, where it may be told and there is any.
pub(super) fn people(pictures: &Pictures) -> Option<Picture> {
    let of = pictures.authorship.filter(|one| one.members > 0)?;
    let mut members: Vec<(usize, u64)> =
        (1..).zip(pictures.members.iter().map(|one| one.written)).collect();
    members.sort_by_key(|(_, written)| std::cmp::Reverse(*written));
    let first = members.first().map_or(0, |(_, most)| *most);
    let sentence = if pictures.suppressed {
        SUPPRESSED.to_owned()
    } else {
        format!(
            "The member who wrote most wrote {} of what members wrote; an even share would be {}.",
            percent_of(first, of.members),
            percent_of(1, crate::html::words::count(members.len()))
        )
    };
    let rows = members.iter().map(|(member, written)| {
        vec![format!("Member {member}"), written.to_string(), percent_of(*written, of.members)]
    });
    let columns = ["Member", "Characters", "Share of what members wrote"];
    Some(Picture {
        id: "authors",
        title: "Who wrote how much",
        sentence,
        drawing: (!members.is_empty()).then(|| bars(&members, first, of.members)),
        table: table::plain("Characters by member", &columns, rows),
    })
}

fn bars(members: &[(usize, u64)], most: u64, all: u64) -> Drawing {
    let shown: Vec<(usize, u64)> = members.iter().copied().take(BARS).collect();
    let room = WIDTH - LEFT - 54.0;
    let left = members.len() - shown.len();
    let top = |at: usize| 20.0 + ROW * number(at);
    let end = top(shown.len());
    let content = html! {
        text.unit x=(place(LEFT)) y="13" { "Share of what members wrote" }
        @for (at, (member, written)) in shown.iter().enumerate() {
            @let wide = room * real(*written) / real(most.max(1));
            @let y = top(at);
            text x=(place(LEFT - 6.0)) y=(place(y + 14.0)) text-anchor="end" { "Member " (member) }
            @if *written > 0 { (bar("authors", Fill::Solid, LEFT, y + 2.0, wide, ROW - 6.0)) }
            text x=(place(LEFT + wide + 5.0)) y=(place(y + 14.0)) { (percent_of(*written, all)) }
        }
        line.base x1=(place(LEFT)) x2=(place(LEFT)) y1="20" y2=(place(end)) {}
        @if left > 0 {
            text x=(place(LEFT)) y=(place(end + 15.0)) { "and " (left) " more, below" }
        }
    };
    Drawing { width: WIDTH, height: end + 20.0, legend: html! {}, content }
}
