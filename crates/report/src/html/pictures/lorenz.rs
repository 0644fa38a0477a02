//! How evenly hours are spread: the curve after Lorenz.

use copact_evidence::report::pictures::Pictures;
use maud::html;

use super::frame::{Fill, WIDTH, legend, number, place};
use super::{Drawing, Picture, SUPPRESSED};
use crate::html::table;
use crate::html::words::{count, hours, many, percent_of, real};

const ID: &str = "lorenz";
const LEFT: f64 = 50.0;
const TOP: f64 = 24.0;
const SIDE: f64 = 270.0;

pub(super) fn picture(pictures: &Pictures) -> Picture {
    let mut minutes: Vec<u64> = pictures.members.iter().map(|one| one.minutes).collect();
    minutes.sort_unstable();
    let sums: Vec<u64> = minutes
        .iter()
        .scan(0_u64, |sum, one| {
            *sum = sum.saturating_add(*one);
            Some(*sum)
        })
        .collect();
    let all = sums.last().copied().unwrap_or_default();
    let none = count(minutes.iter().filter(|one| **one == 0).count());
    let two: u64 = minutes.iter().rev().take(2).sum();
    let sentence = if pictures.suppressed {
        SUPPRESSED.to_owned()
    } else if all == 0 {
        "No work of today’s members is confirmed in this period.".to_owned()
    } else {
        format!(
            "{none} of {} did no counted work; the two who did most did {} of all hours. If all \
             did the same, the curve would be the broken line.",
            many(count(minutes.len()), "member", "members"),
            percent_of(two, all)
        )
    };
    let rows = (1..).zip(&sums).map(|(people, sum): (usize, &u64)| {
        vec![people.to_string(), hours(*sum), percent_of(*sum, all)]
    });
    let columns = ["Members with the fewest hours", "Their hours", "Share of all hours"];
    Picture {
        id: ID,
        title: "How evenly the hours are spread",
        sentence,
        drawing: (all > 0).then(|| drawing(&sums, all)),
        table: table::plain("Hours summed up from the fewest", &columns, rows),
    }
}

fn drawing(sums: &[u64], all: u64) -> Drawing {
    let x = |share: f64| LEFT + SIDE * share;
    let y = |share: f64| TOP + SIDE * (1.0 - share);
    let points: Vec<(f64, f64)> = std::iter::once((0.0, 0.0))
        .chain((1..).zip(sums).map(|(people, sum): (usize, &u64)| {
            (number(people) / number(sums.len()), real(*sum) / real(all))
        }))
        .collect();
    let path: Vec<String> =
        points.iter().map(|(a, b)| format!("{},{}", place(x(*a)), place(y(*b)))).collect();
    let content = html! {
        text.unit x="0" y="13" { "Share of all hours" }
        @for (share, words) in [(0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")] {
            @let class = if share == 0.0 { "base" } else { "rule" };
            line.(class) x1=(place(LEFT)) x2=(place(LEFT + SIDE)) y1=(place(y(share)))
                y2=(place(y(share))) {}
            line.(class) y1=(place(TOP)) y2=(place(TOP + SIDE)) x1=(place(x(share)))
                x2=(place(x(share))) {}
            text x=(place(LEFT - 6.0)) y=(place(y(share) + 4.0)) text-anchor="end" { (words) }
            text x=(place(x(share))) y=(place(TOP + SIDE + 18.0)) text-anchor="middle" { (words) }
        }
        line.broken x1=(place(x(0.0))) y1=(place(y(0.0))) x2=(place(x(1.0))) y2=(place(y(1.0))) {}
        polyline.curve points=(path.join(" ")) {}
        @if points.len() <= 41 {
            @for (a, b) in &points {
                circle.solid cx=(place(x(*a))) cy=(place(y(*b))) r="3" {}
            }
        }
        text.unit x=(place(LEFT + SIDE)) y=(place(TOP + SIDE + 38.0)) text-anchor="end" {
            "Share of members, fewest hours first"
        }
    };
    let entries =
        [(Fill::Line, "the group’s hours".to_owned()), (Fill::Broken, "all the same".to_owned())];
    let (width, height) = (WIDTH, TOP + SIDE + 46.0);
    Drawing { width, height, legend: legend(ID, &entries), content }
}
