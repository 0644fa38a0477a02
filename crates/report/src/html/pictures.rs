//! The pictures, each with a sentence that says the same and the table that it was drawn from.
//!
//! Baselines are zero, and what differs by colour differs by pattern or form as well.

use copact_evidence::report::Report;
use maud::{Markup, html};

mod attendance;
mod authorship;
mod frame;
mod giving;
mod hours;
mod lorenz;

/// What stands in the place of a breakdown by person of a small group.
const SUPPRESSED: &str = "Left out: breakdowns by person under five people are suppressed, as \
                          they would tell about persons.";

/// One picture, before it stands on the page.
struct Picture {
    /// The id that its parts' ids begin with.
    id: &'static str,
    /// What it shows.
    title: &'static str,
    /// The same in a sentence.
    sentence: String,
    /// What its forms mean, and the drawing; none where there is nothing to draw.
    drawing: Option<Drawing>,
    /// The numbers it was drawn from.
    table: Markup,
}

/// A drawing, in units of the picture.
struct Drawing {
    width: f64,
    height: f64,
    legend: Markup,
    content: Markup,
}

/// All pictures.
pub(super) fn section(report: &Report) -> Markup {
    let pictures = &report.pictures;
    html! {
        section aria-labelledby="pictures" {
            h2 #pictures { "Pictures" }
            p {
                "Each says the same in a sentence, and has the numbers that it was drawn from "
                "below it."
                @if !pictures.suppressed {
                    " Members are numbered in the order of their keys; people who know the group "
                    "may still recognise somebody."
                }
            }
            div.pictures {
                (place(attendance::picture(pictures)))
                (place(hours::picture(pictures, report.founded)))
                (place(giving::picture(pictures)))
                (place(authorship::shares(pictures)))
                @if let Some(people) = authorship::people(pictures) { (place(people)) }
                (place(lorenz::picture(pictures)))
            }
        }
    }
}

fn place(picture: Picture) -> Markup {
    let Picture { id, title, sentence, drawing, table } = picture;
    let (heading, named, told) =
        (format!("{id}-heading"), format!("{id}-title"), format!("{id}-told"));
    html! {
        section.picture aria-labelledby=(heading) {
            h3 id=(heading) { (title) }
            p { (sentence) }
            @if let Some(Drawing { width, height, legend, content }) = drawing {
                (legend)
                svg.drawing role="img" viewBox=(format!("0 0 {width:.0} {height:.0}"))
                    aria-labelledby=(format!("{named} {told}"))
                {
                    title id=(named) { (title) }
                    desc id=(told) { (sentence) }
                    (content)
                }
                details {
                    summary { "The numbers: " (title) }
                    (table)
                }
            }
        }
    }
}
