//! The log as rows: every entry, also what is set aside, with what became of it.

use serde::Serialize;

use super::{Labels, Views};
use crate::day::Day;
use crate::entry::{
    Beneficiary, Contribution, Corrected, Correction, Entry, GoalState, Minutes, Occasion, Phase,
    Record,
};
use crate::ids::{EnvelopeId, MemberId, PartId};
use crate::keys::DeviceKey;
use crate::ledger::{PersonIx, Place, SetAside};

/// Days that an event may lie before the day it was signed without being flagged.
const LATE_DAYS: i32 = 30;
/// Minutes of one member on one day above which contributions are flagged.
const LONG_DAY_MINUTES: u32 = 960;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntryRow {
    /// The entry.
    pub id: EnvelopeId,
    /// Its kind.
    pub kind: &'static str,
    /// Who wrote it; the device's owner, if it has one.
    pub author: Option<MemberId>,
    /// The author's name.
    pub author_name: Option<String>,
    /// Whom it is about, when somebody else recorded it.
    pub on_behalf_of: Option<MemberId>,
    /// That member's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of_name: Option<String>,
    /// The day its author claims.
    pub day: Day,
    /// The signed day.
    pub signed: Day,
    /// The day of the event.
    pub date: Day,
    /// The fields of its kind.
    #[serde(flatten)]
    pub fields: Fields,
    /// A tap's grade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade: Option<&'static str>,
    /// Whether a contribution is confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<bool>,
    /// Whether a dispute of it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disputed: Option<bool>,
    /// For attest and confirm: whether the author had voice in its past.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voice: Option<bool>,
    /// Whether a contribution counts, when the group decided about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled: Option<bool>,
    /// Came after its quarter was closed.
    pub late: bool,
    /// Kept and shown, not counted.
    pub set_aside: bool,
    /// Why it is set aside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_aside_because: Option<String>,
    /// Refused by the member it is about.
    pub refused: bool,
    /// What is remarkable about it.
    pub flags: Vec<&'static str>,
}

/// Whom a contribution is for: a member's id, `group` or `outside`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ForWhom {
    /// A member.
    Member(MemberId),
    /// `group` or `outside`.
    Word(&'static str),
}

impl From<&Beneficiary> for ForWhom {
    fn from(beneficiary: &Beneficiary) -> Self {
        match beneficiary {
            Beneficiary::Member(member) => Self::Member(*member),
            Beneficiary::Group => Self::Word("group"),
            Beneficiary::Outside => Self::Word("outside"),
        }
    }
}

/// What a contribution was done on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OnWhat {
    /// A meeting.
    Meeting(EnvelopeId),
    /// A goal.
    Goal(PartId),
    /// A task.
    Task(EnvelopeId),
}

impl From<&Occasion> for OnWhat {
    fn from(on: &Occasion) -> Self {
        match on {
            Occasion::Meeting(id) => Self::Meeting(*id),
            Occasion::Goal(id) => Self::Goal(*id),
            Occasion::Task(id) => Self::Task(*id),
        }
    }
}

/// The fields that a correction gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the same fields as the entry's, documented there")]
pub struct CorrectedRow {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<&'static str>,
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub beneficiary: Option<ForWhom>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<OnWhat>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headcount: Option<u32>,
}

/// The fields of one kind of entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "the fields of crate::entry::Record, documented there")]
pub enum Fields {
    Meeting {
        title: Option<String>,
        headcount: Option<u32>,
        imported: bool,
    },
    OfMeeting {
        meeting: EnvelopeId,
    },
    Tap {
        meeting: EnvelopeId,
        code: Option<DeviceKey>,
        imported: bool,
    },
    Attest {
        entries: Vec<EnvelopeId>,
    },
    Contribution {
        what: Option<String>,
        minutes: u16,
        phase: Option<&'static str>,
        #[serde(rename = "for")]
        beneficiary: ForWhom,
        #[serde(skip_serializing_if = "Option::is_none")]
        for_name: Option<String>,
        on: Option<OnWhat>,
    },
    OfEntry {
        entry: EnvelopeId,
    },
    Dispute {
        entry: EnvelopeId,
        reason: Option<String>,
    },
    Correction {
        entry: EnvelopeId,
        #[serde(skip_serializing_if = "Option::is_none")]
        fields: Option<CorrectedRow>,
        #[serde(skip_serializing_if = "Option::is_none")]
        same_as: Option<EnvelopeId>,
        reason: Option<String>,
    },
    Goal {
        goal: PartId,
        state: &'static str,
    },
    Text {
        text: Option<String>,
    },
    Anchor {
        key: DeviceKey,
    },
    Permission {
        purpose: String,
        granted: bool,
    },
}

fn fields_of(entry: &Entry, labels: &Labels) -> Fields {
    let text = |hash| (labels.text)(hash);
    match &entry.record {
        Record::Meeting { title, headcount, imported, .. } => {
            Fields::Meeting { title: text(*title), headcount: *headcount, imported: *imported }
        }
        Record::Open(meeting) | Record::Close(meeting) => Fields::OfMeeting { meeting: *meeting },
        Record::Tap { meeting, code, imported } => Fields::Tap {
            meeting: *meeting,
            code: code.map(|code| code.device),
            imported: *imported,
        },
        Record::Attest(entries) => Fields::Attest { entries: entries.clone() },
        Record::Contribution(one) => contribution_fields(one, labels),
        Record::Confirm(entry) | Record::Refuse(entry) => Fields::OfEntry { entry: *entry },
        Record::Dispute { entry, reason } => {
            Fields::Dispute { entry: *entry, reason: text(*reason) }
        }
        Record::Correct { entry, correction, reason } => {
            let (fields, same_as) = match correction {
                Correction::Fields(fields) => (Some(corrected_row(fields, labels)), None),
                Correction::SameAs(other) => (None, Some(*other)),
            };
            Fields::Correction { entry: *entry, fields, same_as, reason: text(*reason) }
        }
        Record::Goal { goal, state } => {
            Fields::Goal { goal: *goal, state: GoalState::word(*state) }
        }
        Record::Task(hash) | Record::Note(hash) => Fields::Text { text: text(*hash) },
        Record::Anchor(anchor) => Fields::Anchor { key: anchor.key },
        Record::Permission { purpose, granted } => {
            Fields::Permission { purpose: purpose.as_str().to_owned(), granted: *granted }
        }
    }
}

fn contribution_fields(one: &Contribution, labels: &Labels) -> Fields {
    let name = match &one.beneficiary {
        Beneficiary::Member(member) => (labels.name)(*member),
        _ => None,
    };
    Fields::Contribution {
        what: (labels.text)(one.what),
        minutes: one.minutes.get(),
        phase: one.phase.map(Phase::word),
        beneficiary: (&one.beneficiary).into(),
        for_name: name,
        on: one.on.as_ref().map(Into::into),
    }
}

fn corrected_row(fields: &Corrected, labels: &Labels) -> CorrectedRow {
    CorrectedRow {
        day: fields.day,
        text: fields.text.and_then(|text| (labels.text)(text)),
        minutes: fields.minutes.map(Minutes::get),
        phase: fields.phase.map(Phase::word),
        beneficiary: fields.beneficiary.as_ref().map(Into::into),
        on: fields.on.as_ref().map(Into::into),
        headcount: fields.headcount,
    }
}

impl Views<'_> {
    /// Every entry in canonical order, set aside ones too.
    #[must_use]
    pub fn log(&self, labels: &Labels) -> Vec<EntryRow> {
        let long_days = self.long_days();
        let places = self.ledger.in_order().into_iter();
        places.filter_map(|place| self.entry_row(place, labels, &long_days)).collect()
    }

    fn entry_row(
        &self,
        place: Place,
        labels: &Labels,
        long_days: &std::collections::BTreeSet<(PersonIx, Day)>,
    ) -> Option<EntryRow> {
        let at = self.ledger.at(place)?;
        let entry = at.entry()?;
        let journal = self.journal();
        let author = self.standing.author(place).and_then(|ix| self.standing.id(ix));
        let verdict = self.standing.verdict(place);
        let day = at.envelope().header().day;
        let signed = self.signed(place).unwrap_or(day);
        let date = self.date(place).unwrap_or(signed);
        let contribution = matches!(entry.record, Record::Contribution(_));
        let word = matches!(entry.record, Record::Attest(_) | Record::Confirm(_));
        Some(EntryRow {
            id: at.id(),
            kind: entry.kind(),
            author,
            author_name: author.and_then(|id| (labels.name)(id)),
            on_behalf_of: entry.on_behalf_of,
            on_behalf_of_name: entry.on_behalf_of.and_then(|id| (labels.name)(id)),
            day,
            signed,
            date,
            fields: fields_of(entry, labels),
            grade: journal.grade(place).map(super::Grade::word),
            confirmed: contribution.then(|| journal.confirmed(self.ledger, &self.standing, place)),
            disputed: contribution.then(|| journal.disputes.contains_key(&place)),
            voice: word.then(|| at.voice()),
            settled: journal.settled.get(&place).copied(),
            late: journal.late.contains(&place),
            set_aside: verdict.is_err(),
            set_aside_because: verdict.err().map(|why| match (why, at.void()) {
                (SetAside::Void, Some(void)) => void.code().to_owned(),
                (why, _) => why.word().to_owned(),
            }),
            refused: journal.refused.contains(&place),
            flags: self.flags(place, long_days),
        })
    }

    /// The event's day (evidence.md, Date): what a meeting or contribution gives, also for what is
    /// about one; else the signed day of what it is about.
    #[must_use]
    pub fn date(&self, place: Place) -> Option<Day> {
        let about = self.journal().about(place);
        self.journal().event_day(self.ledger, about).or_else(|| self.signed(about))
    }

    /// Members and days with more work claimed than a long day has.
    fn long_days(&self) -> std::collections::BTreeSet<(PersonIx, Day)> {
        let journal = self.journal();
        let mut minutes = std::collections::BTreeMap::new();
        for place in &journal.entries {
            if journal.is_out(*place) || journal.same_as.contains_key(place) {
                continue;
            }
            let Some(Record::Contribution(one)) =
                self.ledger.at(*place).and_then(|at| at.entry()).map(|entry| &entry.record)
            else {
                continue;
            };
            let now = journal.effective(self.ledger, *place);
            let day = now.day.unwrap_or(one.day);
            if let Some(person) = journal.subjects.get(place) {
                let sum: &mut u32 = minutes.entry((*person, day)).or_default();
                *sum += u32::from(now.minutes.unwrap_or(one.minutes).get());
            }
        }
        let long = minutes.into_iter().filter(|(_, sum)| *sum > LONG_DAY_MINUTES);
        long.map(|(key, _)| key).collect()
    }

    fn flags(
        &self,
        place: Place,
        long_days: &std::collections::BTreeSet<(PersonIx, Day)>,
    ) -> Vec<&'static str> {
        let mut flags = Vec::new();
        let Some(at) = self.ledger.at(place) else { return flags };
        let day = at.envelope().header().day;
        let before = self.ledger.before(place).iter();
        let days = before.filter_map(|place| self.ledger.at(*place));
        if days.into_iter().any(|before| before.latest_day() > day) {
            flags.push("earlier_than_its_past");
        }
        let event = self.journal().event_day(self.ledger, place);
        let dated_by = self.journal().dated_by(place);
        if let (Some(event), Some(signed)) = (event, self.signed(dated_by)) {
            let imported = matches!(
                at.entry().map(|entry| &entry.record),
                Some(Record::Meeting { imported: true, .. })
            );
            if !imported && signed.since(event) > LATE_DAYS {
                flags.push("recorded_late");
            }
            if event.since(signed) > 1
                && matches!(at.entry().map(|e| &e.record), Some(Record::Contribution(_)))
            {
                flags.push("dated_in_the_future");
            }
            let person = self.journal().subjects.get(&place);
            if person.is_some_and(|person| long_days.contains(&(*person, event)))
                && matches!(at.entry().map(|e| &e.record), Some(Record::Contribution(_)))
            {
                flags.push("long_day");
            }
        }
        flags
    }
}
