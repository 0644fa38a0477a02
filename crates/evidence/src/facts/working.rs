//! Meetings and work.

use copact_core::entry::{Beneficiary, Contribution, Occasion, Record};
use copact_core::ids::EnvelopeId;
use copact_core::ledger::{Place, Placed};
use copact_core::views::{Grade, Labels, MeetingRow, Views};

use super::people::People;
use super::{Meeting, Who, Whom, Work};

/// Days after its signed day from which on a contribution's date is not believed.
const FUTURE: i32 = 1;

pub(super) fn meetings(views: &Views<'_>, people: &People) -> Vec<Meeting> {
    let rows = views.meetings(&Labels::none()).meetings;
    rows.iter().map(|row| meeting(views, people, row)).collect()
}

fn meeting(views: &Views<'_>, people: &People, row: &MeetingRow) -> Meeting {
    let at = views.ledger.place_of(row.id);
    let here = at.and_then(|at| views.journal().attendances.get(&at));
    let present = here.into_iter().flatten().filter_map(|one| {
        let who = people.of_person(views, one.person)?;
        let recorders = one.taps.iter().filter_map(|tap| views.journal().authors.get(tap));
        let mut recorders = recorders.filter_map(|by| people.of_person(views, *by));
        let first = recorders.next().filter(|first| *first != who);
        // Who tapped once for themselves was recorded by nobody.
        let by = first.filter(|_| recorders.all(|by| by != who));
        Some((who, one.grade, by))
    });
    let mut present: Vec<(Who, Grade, Option<Who>)> = present.collect();
    present.sort_unstable_by_key(|(who, ..)| *who);
    Meeting {
        id: row.id,
        day: row.day,
        headcount_only: row.headcount.is_some(),
        opened_by: row.opened_by.and_then(|by| people.number(by)),
        present,
    }
}

pub(super) fn work(views: &Views<'_>, people: &People) -> Vec<Work> {
    let journal = views.journal();
    let stands = |place: &&Place| !journal.is_out(**place) && !journal.same_as.contains_key(*place);
    let places = journal.entries.iter().filter(stands);
    places.filter_map(|place| one(views, people, *place)).collect()
}

fn one(views: &Views<'_>, people: &People, place: Place) -> Option<Work> {
    let at = views.ledger.at(place)?;
    let Record::Contribution(given) = &at.entry()?.record else { return None };
    let journal = views.journal();
    let who = people.of_person(views, *journal.subjects.get(&place)?)?;
    let now = journal.effective(views.ledger, place);
    let date = journal.event_day(views.ledger, place)?;
    let signed = views.signed(journal.dated_by(place))?;
    Some(Work {
        id: at.id(),
        who,
        date,
        minutes: u64::from(now.minutes.unwrap_or(given.minutes).get()),
        future: date.since(signed) > FUTURE,
        whom: whom(views, people, now.beneficiary.as_ref().unwrap_or(&given.beneficiary)),
        on: occasion(views, now.on.as_ref(), given),
        phase: now.phase.or(given.phase),
        confirmed: journal.confirmed(views.ledger, &views.standing, place),
        disputed: journal.disputes.contains_key(&place),
    })
}

fn whom(views: &Views<'_>, people: &People, beneficiary: &Beneficiary) -> Whom {
    match beneficiary {
        Beneficiary::Group => Whom::Group,
        Beneficiary::Outside => Whom::Outside,
        // Somebody whom nobody brought in is nobody of the group.
        Beneficiary::Member(member) => views
            .standing
            .person(*member)
            .and_then(|person| people.of_person(views, person))
            .map_or(Whom::Outside, Whom::Person),
    }
}

/// What work was on; a meeting or task that is the same as another is that one.
fn occasion(
    views: &Views<'_>,
    corrected: Option<&Occasion>,
    given: &Contribution,
) -> Option<Occasion> {
    let on = corrected.or(given.on.as_ref())?;
    let stands = |id: EnvelopeId| {
        let place = views.ledger.place_of(id).map(|place| views.journal().stands_for(place));
        place.and_then(|place| views.ledger.at(place)).map_or(id, Placed::id)
    };
    Some(match on {
        Occasion::Meeting(id) => Occasion::Meeting(stands(*id)),
        Occasion::Task(id) => Occasion::Task(stands(*id)),
        Occasion::Goal(_) => on.clone(),
    })
}
