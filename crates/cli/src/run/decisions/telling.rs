//! A proposal in words: what is asked, who is missing, what happens then.

use copact_core::day::Day;
use copact_core::ids::{EnvelopeId, MemberId};
use copact_core::views::{MemberRow, ProposedValue};
use copact_node::decisions::{Question, TrusteesAsked};
use copact_node::group::Group;

use super::super::sentence::Teller;
use super::super::{Names, number};
use crate::output::{Piece, bad, count, good, list, short, warn, when};

/// What is needed to speak of proposals.
pub(in crate::run) struct Telling<'a> {
    pub(in crate::run) group: &'a Group,
    pub(in crate::run) names: Names,
    pub(super) members: Vec<MemberRow>,
    pub(super) teller: Teller,
    me: Option<MemberId>,
}

impl<'a> Telling<'a> {
    pub(in crate::run) fn of(group: &'a Group) -> Self {
        Self {
            group,
            names: Names::of(group),
            members: group.members(),
            teller: Teller::of(group, &group.log()),
            me: group.me().ok().map(|(_, id)| id),
        }
    }

    pub(in crate::run) fn name(&self, member: MemberId) -> String {
        self.names.name(member)
    }

    pub(super) fn all(&self, members: &[MemberId]) -> Vec<String> {
        members.iter().map(|one| self.name(*one)).collect()
    }

    /// Whether this device's member is one without voice.
    pub(super) fn is_voiceless(&self) -> bool {
        self.members.iter().any(|row| Some(row.id) == self.me && !row.voice)
    }

    /// Whether this device's member is whom it would remove.
    pub(super) fn is_own_removal(&self, question: &Question) -> bool {
        let me = self.me.map(|me| me.to_string());
        question.row.kind == "remove" && me.is_some() && question.row.target == me
    }

    /// The member that a proposal is about.
    pub(super) fn target(&self, question: &Question) -> String {
        let member = question.row.target.as_deref().and_then(MemberId::from_hex);
        self.names.or_nobody(member)
    }

    fn value_member(&self, question: &Question) -> String {
        match &question.row.value {
            Some(ProposedValue::Member(member)) => self.name(*member),
            _ => "somebody".to_owned(),
        }
    }

    pub(super) fn word(question: &Question) -> &str {
        match &question.row.value {
            Some(ProposedValue::Word(word)) => word,
            _ => "",
        }
    }

    /// What is asked, as a heading.
    pub(in crate::run) fn what(&self, question: &Question) -> String {
        let who = || self.target(question);
        let row = &question.row;
        match (row.kind, &row.value) {
            ("ratify", Some(ProposedValue::Version(version))) => {
                format!("Adopt version {} of the contract", short(&version.to_string()))
            }
            ("voice", _) => format!("Give {} voice", who()),
            ("remove", _) => format!("Remove {} from the group", who()),
            ("restore", Some(ProposedValue::Envelopes(ids))) => {
                format!("Count again what was set aside: {}", self.records(ids))
            }
            ("settle", _) => {
                let entry = row.target.as_deref().and_then(EnvelopeId::from_hex);
                let what = entry.map_or_else(|| "work".to_owned(), |id| self.teller.named(id));
                match Self::word(question) {
                    "counts" => format!("Settle the dispute: {what} counts"),
                    _ => format!("Settle the dispute: {what} does not count"),
                }
            }
            ("merge", Some(ProposedValue::Member(into)))
                if row.target == Some(into.to_string()) =>
            {
                format!("Count {} as a person of their own again", who())
            }
            ("merge", _) => format!(
                "Count {} and {} as one person, who goes on as {1}",
                who(),
                self.value_member(question)
            ),
            ("helper", _) => format!("Let {} sign for {}", self.value_member(question), who()),
            ("trustees", Some(ProposedValue::Trustees { members, need })) => {
                let any = self.any_of(members, *need);
                format!("Let {any} move {} to a new device", who())
            }
            ("policy", _) => format!("Decide with {} of the voices", Self::word(question)),
            ("quarter", _) => {
                format!("Close the quarter {}", row.target.clone().unwrap_or_default())
            }
            ("share", Some(ProposedValue::Report(report))) => {
                format!("Give report {} to outsiders", short(&report.to_string()))
            }
            ("recover", Some(ProposedValue::Device(device))) => format!(
                "Move {} to the new device {}, and end the lost ones",
                who(),
                in_fours(&device.to_string())
            ),
            ("recover", None) => format!("End the devices of {} as lost", who()),
            _ => row.text.clone().unwrap_or_else(|| "(the text was erased)".to_owned()),
        }
    }

    /// A number of envelopes, and whose they are.
    fn records(&self, ids: &[EnvelopeId]) -> String {
        let ledger = self.group.ledger();
        let now = ledger.now();
        let authors = ids.iter().filter_map(|id| now.id(now.author(ledger.place_of(*id)?)?));
        let authors: std::collections::BTreeSet<MemberId> = authors.collect();
        let authors = self.all(&authors.into_iter().collect::<Vec<_>>());
        let records = count(number(ids.len()), "record", "records");
        // A single one is told in full.
        let log = self.group.log();
        if let [id] = ids
            && let Some(entry) = log.iter().find(|one| one.id == *id)
        {
            return self.teller.tell(entry);
        }
        if authors.is_empty() { records } else { format!("{records} of {}", list(&authors)) }
    }

    pub(in crate::run) fn by(&self, question: &Question) -> String {
        self.names.or_nobody(question.row.by)
    }

    pub(super) fn proposed(&self, question: &Question, today: Day) -> String {
        let by = self.by(question);
        match question.row.proposed {
            Some(day) => format!("{by}, {}", when(day, today)),
            None => by,
        }
    }

    /// How many say yes, and how many have to.
    pub(super) fn tally(&self, question: &Question) -> String {
        let row = &question.row;
        let voices = count(number(row.voices), "voice", "voices");
        format!("{} of {} needed say yes, of {voices}", row.have, row.need)
    }

    pub(super) fn stands(&self, question: &Question, today: Day) -> Piece {
        let row = &question.row;
        let votes = self.tally(question);
        match (row.enacted, row.closes) {
            (Some(day), _) if row.waits => {
                warn(format_args!("decided {}; it has not started yet", when(day, today)))
            }
            (Some(day), _) if !row.in_effect => {
                warn(format_args!("decided {}; another decision replaced it", when(day, today)))
            }
            (Some(day), _) => good(format_args!("decided {}", when(day, today))),
            (None, Some(last)) if today > last => {
                bad(format_args!("not decided by its last day, {}; {votes}", when(last, today)))
            }
            (None, Some(last)) => warn(format_args!("open until {}; {votes}", when(last, today))),
            (None, None) => warn(format_args!("open; {votes}")),
        }
    }

    /// Whose yes is still needed, or who has to see what was decided.
    pub(in crate::run) fn needed(&self, question: &Question) -> Option<String> {
        if let Some(unseen) = &question.unseen {
            let who = self.all(&unseen.of);
            return Some(match (unseen.more, unseen.of.len()) {
                (1, 1) => format!("{} has to see it", list(&who)),
                (1, _) => format!("1 more of {} has to see it", either(&who)),
                (more, several) if more == several => format!("{} have to see it", list(&who)),
                (more, _) => format!("{more} more of {} have to see it", list(&who)),
            });
        }
        let row = &question.row;
        if row.adopted {
            return None;
        }
        let more = row.need.saturating_sub(row.have);
        let yeses = count(number(more), "more yes", "more yeses");
        let asked = self.all(&question.asked);
        let mut needed = match asked.len() {
            0 if row.answers.iter().any(|one| one.answer != "yes" && !one.changed) => {
                format!("{yeses}; everybody has answered, so somebody has to change their answer")
            }
            0 => format!("{yeses}, and nobody else has a voice to give it"),
            several if several < more => {
                format!(
                    "{yeses}; only {} {} not answered",
                    list(&asked),
                    if several == 1 { "has" } else { "have" }
                )
            }
            1 => format!("{yeses}, from {}", list(&asked)),
            several if several == more => format!("{yeses}, from {}", list(&asked)),
            _ => format!("{yeses}, from {}", either(&asked)),
        };
        if row.kind == "merge" {
            needed.push_str(&format!(
                "; or the yes of both, {} and {}",
                self.target(question),
                self.value_member(question)
            ));
        }
        for trustees in &question.trustees {
            needed.push_str(&format!("; or {}", self.of_trustees(trustees)));
        }
        Some(needed)
    }

    fn of_trustees(&self, trustees: &TrusteesAsked) -> String {
        let missing: Vec<MemberId> =
            trustees.members.iter().copied().filter(|one| !trustees.yes.contains(one)).collect();
        let more = usize::from(trustees.need).saturating_sub(trustees.yes.len());
        format!(
            "{} from {}, who {}",
            count(number(more), "more yes", "more yeses"),
            either(&self.all(&missing)),
            if missing.len() == 1 { "is a trustee" } else { "are trustees" }
        )
    }

    /// Trustees: `any 2 of Ann, Ben and Cem`, or `Ann and Ben together`.
    pub(super) fn any_of(&self, members: &[MemberId], need: u8) -> String {
        let names = list(&self.all(members));
        if usize::from(need) == members.len() {
            format!("{names} together")
        } else {
            format!("any {need} of {names}")
        }
    }

    /// Whether this device's member has voice or not, and has not answered.
    pub(super) fn awaits_me(&self, question: &Question) -> bool {
        let answered = question.row.answers.iter().any(|one| Some(one.member) == self.me);
        self.me.is_some() && !answered
    }
}

/// A choice in a sentence: `Ann, Ben or Cem`.
fn either(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [firsts @ .., last] => format!("{} or {last}", firsts.join(", ")),
    }
}

/// The beginning of a device's key, as its owner reads it out: enough that nobody makes another key
/// that begins like it.
pub(in crate::run) fn in_fours(key: &str) -> String {
    let fours = key.as_bytes().chunks(4).take(4).map(String::from_utf8_lossy);
    fours.collect::<Vec<_>>().join(" ")
}
