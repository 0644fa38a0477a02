//! What pictures share: scales from zero, axes, labels, patterns and legends.

use maud::{Markup, html};
use num_traits::ToPrimitive;

use crate::html::words::decimal;

/// How wide pictures are, in their units: about those of a phone, so that text stays readable.
pub(super) const WIDTH: f64 = 360.0;
/// About how wide a letter is.
const LETTER: f64 = 6.6;
/// Lines of a scale at most.
const LINES: f64 = 4.0;

/// The field that a picture is drawn in, with a scale from zero upwards.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    /// What the top line stands for.
    pub(super) max: f64,
    step: f64,
}

impl Frame {
    /// For values up to `most`; steps are whole numbers.
    pub(super) fn bars(most: f64) -> Self {
        let step = step(most);
        let max = (most / step).ceil().max(1.0) * step;
        Self { left: 40.0, top: 26.0, width: WIDTH - 46.0, height: 150.0, max, step }
    }

    /// The height of the whole picture.
    pub(super) fn bottom(&self) -> f64 {
        self.top + self.height + 26.0
    }

    /// Where a value is.
    pub(super) fn y(&self, value: f64) -> f64 {
        self.top + self.height * (1.0 - value / self.max)
    }

    /// The left end and the width of one of several places.
    pub(super) fn slot(&self, at: usize, of: usize) -> (f64, f64) {
        let width = self.width / number(of.max(1));
        (self.left + width * number(at), width)
    }

    /// The lines of the scale with their values, and what they count.
    pub(super) fn scale(&self, unit: &str) -> Markup {
        let lines = (self.max / self.step).round().to_usize().unwrap_or_default();
        html! {
            text.unit x="0" y="13" { (unit) }
            @for line in 0..=lines {
                @let value = self.step * number(line);
                @let y = place(self.y(value));
                line.(if line == 0 { "base" } else { "rule" })
                    x1=(place(self.left)) x2=(place(self.left + self.width)) y1=(y) y2=(y) {}
                text x=(place(self.left - 6.0)) y=(place(self.y(value) + 4.0)) text-anchor="end" {
                    (decimal(value, 0))
                }
            }
        }
    }

    /// Names below the places: all of them if they fit, else every second, third and so on.
    pub(super) fn names(&self, names: &[String]) -> Markup {
        let widest = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
        let needed = number(widest) * LETTER + 8.0;
        let (_, slot) = self.slot(0, names.len());
        let every = (needed / slot).ceil().to_usize().unwrap_or(1).max(1);
        let y = place(self.top + self.height + 18.0);
        html! {
            @for (at, name) in names.iter().enumerate().step_by(every) {
                @let x = self.slot(at, names.len()).0 + slot / 2.0;
                @let (x, anchor) = if x + needed / 2.0 > WIDTH { (WIDTH, "end") }
                    else { (x, "middle") };
                text x=(place(x)) y=(y) text-anchor=(anchor) { (name) }
            }
        }
    }
}

/// The least of 1, 2, 5, 10, 20 … with which few lines reach so far.
fn step(most: f64) -> f64 {
    let mut step = 1.0;
    for times in [2.0, 2.5, 2.0].into_iter().cycle().take(60) {
        if step * LINES >= most {
            break;
        }
        step *= times;
    }
    step
}

/// A count as a number.
pub(super) fn number(count: usize) -> f64 {
    count.to_f64().unwrap_or(f64::NAN)
}

/// A place in a picture.
pub(super) fn place(at: f64) -> String {
    format!("{at:.1}")
}

/// How something is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    /// In full.
    Solid,
    /// With stripes.
    Striped,
    /// With stripes and without an edge, for many side by side.
    StripedDense,
    /// Not at all, with an edge.
    Empty,
    /// It is a line.
    Line,
    /// It is a broken line.
    Broken,
}

/// A rectangle.
pub(super) fn bar(id: &str, fill: Fill, x: f64, y: f64, width: f64, height: f64) -> Markup {
    let (class, paint) = match fill {
        Fill::Striped => ("striped", Some(format!("url(#{id}-stripes)"))),
        Fill::StripedDense => ("dense", Some(format!("url(#{id}-stripes)"))),
        Fill::Empty => ("empty", None),
        _ => ("solid", None),
    };
    html! {
        rect.(class) x=(place(x)) y=(place(y)) width=(place(width.max(0.0)))
            height=(place(height.max(0.0))) fill=[paint] {}
    }
}

/// The stripes of a picture.
pub(super) fn stripes(id: &str) -> Markup {
    html! {
        defs {
            pattern id=(format!("{id}-stripes")) width="5" height="5"
                patternUnits="userSpaceOnUse" patternTransform="rotate(45)"
            {
                rect.paper width="5" height="5" {}
                rect.ink width="1.8" height="5" {}
            }
        }
    }
}

/// What the forms of a picture mean.
pub(super) fn legend(id: &str, entries: &[(Fill, String)]) -> Markup {
    html! {
        ul.legend {
            @for (fill, words) in entries {
                li {
                    svg.swatch viewBox="0 0 22 14" aria-hidden="true" {
                        @match fill {
                            Fill::Line => line.curve x1="1" x2="21" y1="7" y2="7" {},
                            Fill::Broken => line.broken x1="1" x2="21" y1="7" y2="7" {},
                            _ => (bar(id, *fill, 1.0, 1.0, 20.0, 12.0)),
                        }
                    }
                    span { (words) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Breaks when: a scale has lines at odd values, or does not reach the highest bar.
    #[test]
    fn scales_have_few_lines_at_round_values_and_reach_the_top() {
        for (most, expected) in [(0.0, 1.0), (4.0, 1.0), (5.0, 2.0), (9.0, 5.0), (33.0, 10.0)] {
            let frame = Frame::bars(most);
            assert!((frame.step - expected).abs() < 1e-9, "{most}: {}", frame.step);
            assert!(frame.max >= most);
            assert!((frame.y(0.0) - frame.top - frame.height).abs() < 1e-9);
        }
    }
}
