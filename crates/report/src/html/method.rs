//! Method, sources and limits: what a careful reader would object.

use copact_evidence::report::Report;
use maud::{Markup, html};

/// All of it.
pub(super) fn section(report: &Report) -> Markup {
    html! {
        section aria-labelledby="method" {
            h2 #method { "Method, sources and limits" }
            h3 { "How the figures come about" }
            p {
                "Members record meetings, work and decisions on their own devices, and write their "
                "contract there. Each record is signed. The figures are computed from these "
                "records by published rules, which anybody can run again; no figure is typed in. "
                "This page shows no names of members: they are numbered in the order of their "
                "keys. Breakdowns under five people are left out."
            }
            dl.plain {
                dt { "Attested" }
                dd {
                    "Two or more others who were at the same meeting signed that they saw the "
                    "member there; helpers and whoever recorded it do not count. A meeting is "
                    "attested if that holds for at least three and a third of the members."
                }
                dt { "Confirmed" }
                dd {
                    "Work for a member counts once that member says that it was done; work for the "
                    "group or for others once another member says so. Work for oneself never "
                    "counts."
                }
            }
            (questions())
            h3 { "Limits" }
            ul {
                li {
                    "The thresholds of " (super::words::foreign(&report.ruleset.name))
                    " are proposals, still to be calibrated with groups. They are not validated "
                    "facts, and a group just below one hardly differs from a group just above it."
                }
                li {
                    "Signatures do not prove completeness: a group can leave out what it does not "
                    "like. Quarters that it closed, and outsiders who signed what there was, make "
                    "that harder."
                }
                li {
                    "Without outsiders who met its people, a group in which all collude, or one "
                    "person with many keys, cannot be told from a real group."
                }
                li {
                    "What nobody recorded is not here. Little in a report need not be little done."
                }
                li {
                    "The figures describe; they do not show what support caused. There is no "
                    "group to compare with."
                }
            }
            (sources())
        }
    }
}

/// Budak's questions, on which the sources disagree.
fn questions() -> Markup {
    html! {
        h3 { "Three questions on which the sources disagree" }
        p {
            "Tony Budak, who runs a time bank, asked in 2015 what the least evidence of "
            "co-production would be. These answers are choices, and others would choose otherwise."
        }
        dl.plain {
            dt { "Are two people a group?" }
            dd {
                "Ohio’s law of associations and Williams (2010) let two be enough; Moreland (2010) "
                "holds that two people lack what makes a group. These rules call two a pair: "
                "nobody outside an exchange between them could have witnessed it."
            }
            dt { "Are goals required?" }
            dd {
                "WorkingWithNotTo asks for a goal; nef and the Wales network do without. These "
                "rules ask for a purpose, and leave it to the group whether goals are measured."
            }
            dt { "Must professionals take part?" }
            dd {
                "Some sources only speak of co-production where people who provide a service and "
                "people who use it work together; for others neighbours among themselves are "
                "enough. These rules do not decide it, and label the group instead: "
                "public-service if a citizen and a professional each wrote, signed and worked, "
                "and community otherwise."
            }
        }
    }
}

fn sources() -> Markup {
    html! {
        h3 { "Sources" }
        p {
            "What the indicators are taken from is named beside each. In full where a formula is "
            "meant: Arnstein 1969 (a ladder of citizen participation); Pielou 1966 (evenness); "
            "Ostrom 1990 (rules for what is held in common); Deltas 2003 (the Gini coefficient of "
            "small groups); Garlaschelli and Loffredo 2004 (reciprocity); Squartini and others "
            "2013 (weighted reciprocity); Putnam (bridging); Cahn (time banks, giving and "
            "receiving); Loeffler (commission, design, deliver, assess); nef; the Co-production "
            "Network for Wales; WorkingWithNotTo; Budak 2015. Where no source is named, the "
            "indicator is copact’s own."
        }
        p {
            "Chance alone returns some gifts: with five people and six ties, 26 % of them. "
            "Reciprocity therefore never stands without ρ, which takes chance out, and p, the "
            "chance of as many mutual pairs or more."
        }
    }
}
