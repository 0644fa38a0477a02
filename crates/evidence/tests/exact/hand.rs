//! Facts written by hand.

use copact_core::act::RoleKind;
use copact_core::day::Day;
use copact_core::ids::{EnvelopeId, MemberId, VersionId};
use copact_core::views::Grade;
use copact_evidence::case::Case;
use copact_evidence::facts::{Decision, Facts, Meeting, Person, Signed, Version, Who, Whom, Work};
use copact_evidence::figure::{Figure, Value};
use copact_evidence::indicators;
use copact_evidence::text::Text;
use copact_evidence::window::Window;
use copact_tests::group::first_day;

pub const CITIZEN: Option<RoleKind> = Some(RoleKind::Citizen);
pub const PROFESSIONAL: Option<RoleKind> = Some(RoleKind::Professional);

/// A day, counted from the founding.
pub fn day(number: i32) -> Day {
    first_day().plus(number)
}

/// From one of those days to another.
pub fn window(from: i32, to: i32) -> Window {
    Window::new(day(from), day(to)).unwrap()
}

/// A group of so many who founded it, with voice and without roles.
pub fn group(people: u8) -> Facts {
    Facts {
        founded: Some(day(0)),
        people: (0..people).map(|number| person(number, 0)).collect(),
        meetings: Vec::new(),
        work: Vec::new(),
        decisions: Vec::new(),
        versions: Vec::new(),
        texts: std::collections::BTreeMap::new(),
        goal_states: Vec::new(),
        policies: Vec::new(),
    }
}

pub fn person(number: u8, since: i32) -> Person {
    Person {
        id: MemberId::first(EnvelopeId::from_bytes([1; 32]), number),
        since: day(since),
        until: None,
        roles: Vec::new(),
        imported: false,
        voice_since: Some(day(since)),
    }
}

/// The same group with these roles since the founding.
pub fn with_roles(mut facts: Facts, roles: &[Option<RoleKind>]) -> Facts {
    for (person, role) in facts.people.iter_mut().zip(roles) {
        person.roles = vec![(day(0), *role)];
    }
    facts
}

/// A meeting of these.
pub fn meeting(at: i32, here: &[(Who, Grade)]) -> Meeting {
    Meeting {
        id: EnvelopeId::from_bytes([u8::try_from(at.rem_euclid(256)).unwrap(); 32]),
        day: day(at),
        headcount_only: false,
        opened_by: None,
        present: here.iter().map(|(who, grade)| (*who, *grade, None)).collect(),
    }
}

/// A meeting of these, all witnessed by nobody.
pub fn met(at: i32, here: &[Who]) -> Meeting {
    let here: Vec<(Who, Grade)> = here.iter().map(|who| (*who, Grade::Claimed)).collect();
    meeting(at, &here)
}

/// Confirmed work.
pub fn work(who: Who, minutes: u64, whom: Whom, at: i32) -> Work {
    Work {
        id: EnvelopeId::from_bytes([2; 32]),
        who,
        date: day(at),
        minutes,
        future: false,
        whom,
        on: None,
        phase: None,
        confirmed: true,
        disputed: false,
    }
}

/// Work of one for another, on day 5.
pub fn gave(who: Who, whom: Who, minutes: u64) -> Work {
    work(who, minutes, Whom::Person(whom), 5)
}

/// A decision adopted or not, with these voters.
pub fn decision(proposed: i32, closed: i32, adopted: bool, voters: &[Who]) -> Decision {
    Decision {
        proposer: Some(0),
        role: None,
        proposed: day(proposed),
        closed: day(closed),
        adopted,
        voters: voters.to_vec(),
    }
}

pub fn version(number: u8) -> VersionId {
    VersionId::from_bytes([number; 32])
}

/// A version adopted on a day, signed by these on that day, with so much written by each.
pub fn adopt(mut facts: Facts, number: u8, at: i32, signers: &[Who], written: &[u64]) -> Facts {
    let signed = |who: &Who| Signed { who: *who, day: day(at), withdrawn: None };
    facts.versions.push(Version {
        id: version(number),
        adopted: Some(day(at)),
        contains: Vec::new(),
        signatures: signers.iter().map(signed).collect(),
    });
    let text = Text {
        counted: written.iter().sum(),
        written: written.iter().copied().enumerate().collect(),
        ..Text::default()
    };
    facts.texts.insert(version(number), text);
    facts
}

/// One indicator.
pub fn figure(id: &str, facts: &Facts, window: Window) -> Figure {
    let one = indicators::ALL.iter().find(|one| one.id == id).unwrap();
    (one.compute)(&Case::new(facts, window))
}

/// An indicator that is a quotient of counts.
pub fn share(id: &str, facts: &Facts, window: Window) -> (u64, u64) {
    let figure = figure(id, facts, window);
    assert_eq!(figure.status, "ok", "{id}: {:?}", figure.reason);
    let (num, den) = figure.num.zip(figure.den).unwrap();
    if let Some(Value::One(value)) = figure.value {
        assert!((value - num as f64 / den as f64).abs() < 1e-15, "{id}: {value}");
    }
    (num, den)
}

/// An indicator that is one number.
pub fn number(id: &str, facts: &Facts, window: Window) -> f64 {
    let figure = figure(id, facts, window);
    figure.number().unwrap_or_else(|| panic!("{id}: {figure:?}"))
}

/// Why an indicator cannot be computed; it has no number then.
pub fn why(id: &str, facts: &Facts, window: Window) -> &'static str {
    let figure = figure(id, facts, window);
    assert_eq!((figure.status, &figure.value), ("not_computable", &None), "{id}");
    assert_eq!((figure.num, figure.den, &figure.exact), (None, None, &None), "{id}");
    figure.reason.unwrap()
}

pub fn assert_near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-12, "{a} and {b}");
}
