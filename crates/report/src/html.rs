//! The report as one page: a file that needs nothing else, runs nothing and asks for nothing.
//!
//! The first screen is for a reader without statistics: what was asked, the answer, which clause is
//! weakest, what is unproven, and what would change the answer. Pictures, indicators, method and
//! limits follow. A policy inside the page forbids everything but its own style sheet, which it
//! names by its hash; every text is escaped by the templates, when the crate is compiled.

use copact_core::day::Day;
use copact_evidence::report::Report;
use data_encoding::BASE64;
use maud::{DOCTYPE, Markup, PreEscaped, html as page};
use sha2::{Digest, Sha256};

mod answer;
mod beside;
mod clause;
mod indicators;
mod level;
mod method;
mod pictures;
mod table;
mod trends;
mod value;
mod words;

use words::day;

/// The style sheet, which the page's policy names by its hash.
const STYLE: &str = include_str!("html/page.css");

/// What the page says of itself beside the report. Nothing here is looked up: no clock is read.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The group's name, if it is to be told; without it the page says “this group”.
    pub name: Option<&'a str>,
    /// The day the report was made.
    pub made: Day,
    /// The program that made it, with its version.
    pub program: &'a str,
}

/// The report as one HTML file.
///
/// The same report and the same `about` give the same bytes.
#[must_use]
pub fn html(report: &Report, about: &About<'_>) -> String {
    let told = clause::all(report);
    let who = about.name.map(str::trim).filter(|name| !name.is_empty());
    let document = page! {
        (DOCTYPE)
        html lang="en" {
            (head(who))
            body {
                header.top {
                    p.kicker { "A report on co-production, for people who decide about support" }
                    h1 {
                        "Is "
                        @if let Some(name) = who { bdi { (name) } } @else { "this group" }
                        " " span.whole { "co-producing?" }
                    }
                }
                main {
                    (answer::section(report, &told))
                    (clause::section(report, &told))
                    (pictures::section(report))
                    (indicators::section(report))
                    (trends::section(report))
                    (beside::section(report))
                    (method::section(report))
                }
                (foot(report, about))
            }
        }
    };
    document.into_string()
}

fn head(who: Option<&str>) -> Markup {
    let hash = BASE64.encode(&Sha256::digest(STYLE.as_bytes()));
    // Of what `default-src` does not cover, bases and forms are the ones that a page could set.
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"
    );
    page! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="referrer" content="no-referrer";
            meta name="color-scheme" content="light dark";
            title { "Is " (who.unwrap_or("this group")) " co-producing? A report" }
            style { (PreEscaped(STYLE)) }
        }
    }
}

fn foot(report: &Report, about: &About<'_>) -> Markup {
    page! {
        footer {
            h2 { "Which report this is" }
            dl.plain {
                dt { "Made on" }
                dd { (day(about.made)) ", by " (about.program) }
                dt { "Period" }
                dd { (day(report.window.from)) " to " (day(report.window.to)) ", both included" }
                dt { "Rules" }
                dd {
                    (words::foreign(&report.ruleset.name)) ", BLAKE3 "
                    code { (report.ruleset.hash) }
                }
                dt { "Group" }
                dd { code { (report.group) } }
                dt { "Records" }
                dd { "up to the state with the digest " code { (report.frontier_digest) } }
            }
            p {
                "This page is a summary and cannot be checked by itself; the report’s bundle can: "
                code { "copact verify" } " checks its signatures and computes the figures again."
            }
        }
    }
}
