//! Who came, meeting by meeting.

use copact_evidence::report::pictures::{MeetingPoint, Pictures};
use maud::{Markup, html};

use super::frame::{Fill, Frame, WIDTH, bar, legend, place, stripes};
use super::{Drawing, Picture};
use crate::html::table;
use crate::html::words::{count, day_short, day_words, many, real};

const ID: &str = "attendance";
/// From so many meetings on the bars stand side by side.
const DENSE: usize = 40;

pub(super) fn picture(pictures: &Pictures) -> Picture {
    let meetings = &pictures.meetings;
    let rows = meetings.iter().map(|one| {
        vec![
            day_words(one.day),
            one.attested.to_string(),
            one.present.saturating_sub(one.attested).to_string(),
            one.members.to_string(),
        ]
    });
    let columns = ["Meeting on", "Attested", "Also there", "Members that day"];
    Picture {
        id: ID,
        title: "Attendance, meeting by meeting",
        sentence: sentence(pictures),
        drawing: (!meetings.is_empty()).then(|| drawing(meetings)),
        table: table::plain("People at each meeting", &columns, rows),
    }
}

fn sentence(pictures: &Pictures) -> String {
    let meetings = &pictures.meetings;
    let heads = count(pictures.headcounts.len());
    let without = if heads == 0 {
        String::new()
    } else {
        format!(
            " {} counted by heads only, and not in the picture.",
            many(heads, "meeting was", "meetings were")
        )
    };
    let (Some(first), Some(last)) = (meetings.first(), meetings.last()) else {
        return format!("No meeting with names was held in this period.{without}");
    };
    let most = meetings.iter().map(|one| one.present).max().unwrap_or_default();
    let least = meetings.iter().map(|one| one.present).min().unwrap_or_default();
    let held = many(count(meetings.len()), "meeting was", "meetings were");
    let when = if meetings.len() == 1 {
        format!("on {}", day_words(first.day))
    } else {
        format!("from {} to {}", day_words(first.day), day_words(last.day))
    };
    let came = if least == most {
        many(most, "member", "members")
    } else {
        format!("{least} to {most} members")
    };
    format!(
        "{held} held {when}, with {came} each. At the last one {} of {} members were there, {} \
         attested by two or more others.{without}",
        last.present, last.members, last.attested
    )
}

fn drawing(meetings: &[MeetingPoint]) -> Drawing {
    let most = meetings.iter().map(|one| one.members.max(one.present)).max().unwrap_or_default();
    let frame = Frame::bars(real(most));
    let names: Vec<String> = meetings.iter().map(|one| day_short(one.day)).collect();
    let content = html! {
        (stripes(ID))
        (frame.scale("People; meetings in the order of their days"))
        @for (at, one) in meetings.iter().enumerate() {
            (bars(&frame, at, meetings.len(), *one))
        }
        path.curve d=(members(&frame, meetings)) {}
        (frame.names(&names))
    };
    let mut entries = Vec::new();
    if meetings.iter().any(|one| one.attested > 0) {
        entries.push((Fill::Solid, "attested by two or more others".to_owned()));
    }
    if meetings.iter().any(|one| one.present > one.attested) {
        entries.push((Fill::Striped, "also there".to_owned()));
    }
    entries.push((Fill::Line, "members on the day".to_owned()));
    Drawing { width: WIDTH, height: frame.bottom(), legend: legend(ID, &entries), content }
}

fn bars(frame: &Frame, at: usize, of: usize, one: MeetingPoint) -> Markup {
    let (x, slot) = frame.slot(at, of);
    // Many thin bars with gaps and edges would be noise.
    let width = if of > DENSE { slot } else { (slot * 0.7).min(28.0) };
    let rest = if of > DENSE { Fill::StripedDense } else { Fill::Striped };
    let x = x + (slot - width) / 2.0;
    let (attested, present) = (frame.y(real(one.attested)), frame.y(real(one.present)));
    html! {
        @if one.attested > 0 {
            (bar(ID, Fill::Solid, x, attested, width, frame.y(0.0) - attested))
        }
        @if one.present > one.attested {
            (bar(ID, rest, x, present, width, attested - present))
        }
    }
}

/// The members on each day, as steps.
fn members(frame: &Frame, meetings: &[MeetingPoint]) -> String {
    let mut path = String::new();
    for (at, one) in meetings.iter().enumerate() {
        let (x, width) = frame.slot(at, meetings.len());
        let y = place(frame.y(real(one.members)));
        if path.is_empty() {
            path = format!("M{} {y}", place(x));
        }
        path.push_str(&format!("V{y}H{}", place(x + width)));
    }
    path
}
