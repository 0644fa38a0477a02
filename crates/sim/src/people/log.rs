//! Entries of the log.

use copact_core::entry::{
    Beneficiary, Contribution, Corrected, Correction, Minutes, Occasion, Record,
};
use copact_core::text::Purpose;

use super::entries;
use crate::chance::Chance;
use crate::phone::{Phone, Refused};

/// Somebody writes something into the log.
pub(super) fn record(
    phone: &mut Phone,
    now: u64,
    chance: &mut Chance,
) -> Result<&'static str, Refused> {
    let (record, what) = draw(phone, now, chance)?;
    phone.write_entry(record, now, chance)?;
    Ok(what)
}

fn draw(
    phone: &mut Phone,
    now: u64,
    chance: &mut Chance,
) -> Result<(Record, &'static str), Refused> {
    let ledger = phone.ledger()?;
    let of_kind =
        |kind: &str| entries(ledger, |at| at.entry().is_some_and(|entry| entry.kind() == kind));
    let what = chance.between(0, 99);
    let kind = match what {
        0..=39 => "meeting",
        40..=49 => "tap",
        50..=59 => "contribution",
        _ => "",
    };
    let about = if kind.is_empty() { None } else { chance.pick(&of_kind(kind)).copied() };
    let day = phone.day(now);
    Ok(match (what, about) {
        (0..=33, Some(meeting)) => (Record::Tap { meeting, code: None, imported: false }, "taps"),
        (34..=36, Some(meeting)) => (Record::Open(meeting), "opens a meeting"),
        (37..=39, Some(meeting)) => (Record::Close(meeting), "closes a meeting"),
        (40..=49, Some(tap)) => (Record::Attest(vec![tap]), "attests"),
        (50..=53, Some(entry)) => (Record::Confirm(entry), "confirms"),
        (54..=55, Some(entry)) => {
            (Record::Dispute { entry, reason: text(phone, chance) }, "disputes")
        }
        (56..=59, Some(entry)) => {
            let minutes = Minutes::new(60);
            let fields = Corrected { minutes, ..Corrected::default() };
            let (correction, reason) = (Correction::Fields(fields), text(phone, chance));
            (Record::Correct { entry, correction, reason }, "corrects")
        }
        (0..=39, None) => {
            let title = text(phone, chance);
            (Record::Meeting { day, title, headcount: None, imported: false }, "calls a meeting")
        }
        (60..=79, _) => {
            let meeting = chance.pick(&of_kind("meeting")).copied();
            let minutes = Minutes::new(u32::try_from(chance.between(5, 300)).unwrap_or(5));
            let minutes = minutes.ok_or(Refused::Rule)?;
            let on = meeting.map(Occasion::Meeting);
            let (beneficiary, what) = (Beneficiary::Group, text(phone, chance));
            let record = Contribution { what, minutes, day, phase: None, beneficiary, on };
            (Record::Contribution(record), "contributes")
        }
        (80..=83, _) => (Record::Task(text(phone, chance)), "names a task"),
        (84..=86, _) => {
            let purpose = Purpose::new("photos").map_err(|_| Refused::Rule)?;
            (Record::Permission { purpose, granted: chance.happens(500) }, "permits")
        }
        _ => (Record::Note(text(phone, chance)), "notes"),
    })
}

/// A text of a few words, and now and then a long one.
fn text(phone: &mut Phone, chance: &mut Chance) -> copact_core::ids::TextHash {
    let words = if chance.happens(20) { chance.count(100, 1_500) } else { chance.count(1, 12) };
    let mut text = String::new();
    for _ in 0..words {
        text.push_str(chance.pick(&WORDS).copied().unwrap_or("word"));
        text.push(' ');
    }
    phone.put_text(text.trim_end(), chance)
}

pub(super) const WORDS: [&str; 12] = [
    "garden",
    "kitchen",
    "we",
    "carried",
    "chairs",
    "and",
    "soup",
    "for",
    "everybody",
    "until",
    "evening",
    "came",
];
