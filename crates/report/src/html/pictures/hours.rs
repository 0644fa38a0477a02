//! Confirmed work by month.

use copact_core::day::Day;
use copact_evidence::report::pictures::{MonthPoint, Pictures};
use maud::html;

use super::frame::{Fill, Frame, WIDTH, bar};
use super::{Drawing, Picture};
use crate::html::table;
use crate::html::words::{count, hours, many, month_words, real};

const ID: &str = "hours";

/// The months but for empty ones before there was a group.
fn since(months: &[MonthPoint], founded: Option<Day>) -> &[MonthPoint] {
    let first = founded.map(|day| day.to_string()).unwrap_or_default();
    let first = first.get(..7).unwrap_or_default();
    let before = |one: &&MonthPoint| one.minutes == 0 && one.month.as_str() < first;
    let before = months.iter().take_while(before).count();
    months.get(before..).unwrap_or_default()
}

pub(super) fn picture(pictures: &Pictures, founded: Option<Day>) -> Picture {
    let months = since(&pictures.months, founded);
    let all: u64 = months.iter().map(|one| one.minutes).sum();
    let sentence = match months.iter().max_by_key(|one| one.minutes) {
        Some(most) if all > 0 => format!(
            "{} of confirmed work in {}, most of it in {}: {}. Months at the ends of the period \
             may be parts of months.",
            hours(all),
            many(count(months.len()), "month", "months"),
            month_words(&most.month),
            hours(most.minutes)
        ),
        _ => "No work of today’s members is confirmed in this period.".to_owned(),
    };
    let rows = months.iter().map(|one| vec![month_words(&one.month), hours(one.minutes)]);
    Picture {
        id: ID,
        title: "Confirmed hours by month",
        sentence,
        drawing: (all > 0).then(|| drawing(months)),
        table: table::plain("Confirmed work of each month", &["Month", "Confirmed work"], rows),
    }
}

fn drawing(months: &[MonthPoint]) -> Drawing {
    let most = months.iter().map(|one| one.minutes).max().unwrap_or_default();
    let frame = Frame::bars(real(most) / 60.0);
    let names: Vec<String> = months.iter().map(|one| month_words(&one.month)).collect();
    let content = html! {
        (frame.scale("Hours"))
        @for (at, one) in months.iter().enumerate() {
            @if one.minutes > 0 {
                @let (x, slot) = frame.slot(at, months.len());
                @let width = (slot * 0.7).min(40.0);
                @let y = frame.y(real(one.minutes) / 60.0);
                (bar(ID, Fill::Solid, x + (slot - width) / 2.0, y, width, frame.y(0.0) - y))
            }
        }
        (frame.names(&names))
    };
    Drawing { width: WIDTH, height: frame.bottom(), legend: html! {}, content }
}
