//! What happens once something is decided, and what happened.

use copact_core::views::ProposedValue;
use copact_node::decisions::Question;

use super::super::number;
use super::Telling;
use crate::output::{Page, count, faint, plain, warn};

impl Telling<'_> {
    /// What happens with enough yeses, or what holds since.
    pub(super) fn then(&self, question: &Question) -> String {
        let who = self.target(question);
        let value = match &question.row.value {
            Some(ProposedValue::Member(member)) => self.name(*member),
            Some(ProposedValue::Trustees { members, need }) => self.any_of(members, *need),
            _ => Self::word(question).to_owned(),
        };
        match question.row.kind {
            "ratify" => {
                "it is an adopted version; the newest that most signed is the contract".into()
            }
            "voice" if question.row.adopted && !question.row.waits => {
                format!("{who}’s yes and no count in common decisions")
            }
            "voice" => format!(
                "{who}’s yes and no count, as soon as more than half of the voices have seen it"
            ),
            "remove" => format!(
                "{who} is no member; what they wrote stays, as far as it was known; the rest does not \
                 count"
            ),
            "restore" => "it counts like anything else".to_owned(),
            "settle" if value == "counts" => "the work counts, whoever disputes it".to_owned(),
            "settle" => "the work stays in the log, and does not count".to_owned(),
            "merge" => format!(
                "they are one: counted once, with one voice, by the name and role of {value}"
            ),
            "helper" => format!("{value} signs for {who}, and nobody else does"),
            "trustees" => {
                format!("if {who}’s phone is lost, {value} are enough to move them to a new one")
            }
            "policy" => format!(
                "a contract, closing a quarter and sharing a report take {value} of the voices"
            ),
            "quarter" => {
                "what was not known when it was proposed comes late: shown, not counted".to_owned()
            }
            "share" => "any member can write the sealed report".to_owned(),
            "recover" if question.row.value.is_some() => format!(
                "{who} goes on with the new device; what the lost ones write from now on does not count"
            ),
            "recover" => {
                format!("what {who}’s devices write from now on does not count")
            }
            _ => "it is the group’s decision".to_owned(),
        }
    }

    /// What a decision changed, and what to do next.
    pub(in crate::run) fn effects(&self, page: &mut Page, question: &Question) {
        let who = self.target(question);
        match question.row.kind {
            "remove" => {
                page.line([plain(format_args!(
                    "{who} is no member any more. What they wrote and the group knew of stays."
                ))]);
                self.set_aside_of(page, question);
                page.line([faint(format_args!(
                    "Tell {who}: copact bundle export FILE --to-removed {}",
                    quoted(&who)
                ))]);
            }
            "recover" => {
                if question.row.value.is_some() {
                    page.line([plain(format_args!(
                        "{who} goes on with the new device; those before are ended as lost."
                    ))]);
                    if self.is_awaited(question) {
                        page.line([faint("Give it a bundle, with which it comes in:")]);
                        page.line([faint("  copact bundle export FILE")]);
                    }
                } else {
                    page.line([plain(format_args!("The devices of {who} are ended as lost."))]);
                }
                self.set_aside_of(page, question);
            }
            "voice" => match self.needed(question) {
                Some(needed) => {
                    page.line([warn(format_args!(
                        "{who}’s voice starts later. Needed: {needed}."
                    ))]);
                    page.line([faint(
                        "Taking in a bundle is enough to have seen it: copact bundle export FILE",
                    )]);
                }
                None => page.line([plain(format_args!(
                    "{who}’s yes and no count in common decisions from now on."
                ))]),
            },
            "text" => {}
            _ => {
                let then = self.then(question);
                let mut letters = then.chars();
                let first: String =
                    letters.next().into_iter().flat_map(char::to_uppercase).collect();
                page.line([plain(format_args!("{first}{}.", letters.as_str()))]);
            }
        }
    }

    /// Whether the new device of a recovery has written nothing yet.
    fn is_awaited(&self, question: &Question) -> bool {
        let Some(ProposedValue::Device(device)) = question.row.value else { return false };
        self.group.ledger().written_by(&device) == 0
    }

    fn set_aside_of(&self, page: &mut Page, question: &Question) {
        let rows = self.group.set_aside();
        let why = if question.row.kind == "remove" { "removed" } else { "lost_device" };
        let theirs = rows.iter().filter(|row| {
            row.why == why && row.author.map(|one| one.to_string()) == question.row.target
        });
        let aside = theirs.count();
        if aside > 0 {
            page.line([warn(format_args!(
                "{} set aside: copact set-aside list",
                count(number(aside), "later record is", "later records are")
            ))]);
        }
    }
}

/// A name as it is typed.
fn quoted(name: &str) -> String {
    if name.contains(' ') { format!("\"{name}\"") } else { name.to_owned() }
}
