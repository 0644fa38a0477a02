//! A group made by hand, of which every clause of the minimum passes.

use copact_core::act::RoleKind;
use copact_core::contract::SectionKind;
use copact_core::day::Day;
use copact_core::ids::{EnvelopeId, MemberId, VersionId};
use copact_core::views::Grade;
use copact_evidence::facts::{Facts, Meeting, Person, Signed, Version, Whom, Work};
use copact_evidence::text::Text;

pub const MEMBERS: usize = 6;

pub fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// The last day of a quarter.
pub fn to() -> Day {
    day("2026-12-31")
}

fn bytes(number: usize) -> [u8; 32] {
    [u8::try_from(number).unwrap(); 32]
}

fn person(number: usize) -> Person {
    let since = day("2025-01-01");
    let role = match number {
        0 => Some(RoleKind::Citizen),
        1 => Some(RoleKind::Professional),
        _ => None,
    };
    Person {
        id: MemberId::from_bytes(bytes(number)),
        since,
        until: None,
        roles: vec![(since, role)],
        imported: false,
        voice_since: Some(since),
    }
}

/// Each wrote 50 of 400 characters, the last one has not signed; they met each week, and each
/// helped the next one for an hour after every fourth meeting.
pub fn sustained() -> Facts {
    let adopted = day("2025-02-01");
    let weeks: Vec<Day> = (0..104).map(|week| day("2025-01-04").plus(7 * week)).collect();
    let meetings = weeks.iter().map(|day| Meeting {
        id: EnvelopeId::from_bytes(bytes(1)),
        day: *day,
        headcount_only: false,
        opened_by: Some(0),
        present: (0..MEMBERS).map(|who| (who, Grade::Attested, None)).collect(),
    });
    let work = weeks.iter().step_by(4).flat_map(|day| {
        (0..MEMBERS).map(|who| Work {
            id: EnvelopeId::from_bytes(bytes(2)),
            who,
            date: *day,
            minutes: 60,
            future: false,
            whom: Whom::Person((who + 1) % MEMBERS),
            on: None,
            phase: None,
            confirmed: true,
            disputed: false,
        })
    });
    let version = VersionId::from_bytes(bytes(3));
    let text = Text {
        sections: vec![(SectionKind::Identity, 100), (SectionKind::Purpose, 100)],
        counted: 400,
        written: (0..MEMBERS).map(|who| (who, 50)).collect(),
        ..Text::default()
    };
    let signatures = (0..MEMBERS - 1).map(|who| Signed { who, day: adopted, withdrawn: None });
    let version = Version {
        id: version,
        adopted: Some(adopted),
        contains: Vec::new(),
        signatures: signatures.collect(),
    };
    Facts {
        founded: Some(day("2025-01-01")),
        people: (0..MEMBERS).map(person).collect(),
        meetings: meetings.collect(),
        work: work.collect(),
        decisions: Vec::new(),
        texts: [(version.id, text)].into(),
        versions: vec![version],
        goal_states: Vec::new(),
        policies: Vec::new(),
    }
}

/// A group of which only its founder is known.
pub fn founder() -> Facts {
    Facts {
        people: vec![person(0)],
        meetings: Vec::new(),
        work: Vec::new(),
        versions: Vec::new(),
        texts: std::collections::BTreeMap::new(),
        ..sustained()
    }
}

/// Two who agreed.
pub fn two() -> Facts {
    let mut facts = sustained();
    facts.people.truncate(2);
    facts.texts.values_mut().for_each(|text| text.counted = 100);
    facts
}
