//! Which members signed this very report.

use std::collections::BTreeSet;

use copact_core::act::Act;
use copact_core::day::Day;
use copact_core::envelope::{Content, Wire};
use copact_core::ids::GroupId;
use copact_core::keys::{DeviceKey, Purpose};
use copact_core::proposal::{AnswerWord, Matter};
use copact_core::views::Views;
use copact_evidence::facts::Facts;

use super::{Failed, failed};
use crate::bundle::{Bundle, Claim, Countersign};

/// How many members, of those on the window's last day, signed; those whom the group has removed
/// and devices given up as lost sign nothing. A signature that is not of this report is a failure:
/// it was put there to deceive, or the report was changed.
pub(crate) fn of(
    bundle: &Bundle,
    claim: &Claim,
    views: &Views<'_>,
    facts: &Facts,
    to: Day,
) -> Result<usize, Failed> {
    let mut members = BTreeSet::new();
    for (number, one) in (1..).zip(&bundle.signatures) {
        let place = format!("signature {number} of the report");
        let device = match one {
            Countersign::Answer(wire) => answered(wire.clone(), claim, views.ledger.group())
                .map_err(|found| failed("report_signature", &*place, YES, found))?,
            Countersign::Signed { device, signature } => {
                let hash = claim.hash();
                device.verify(Purpose::Report, hash.as_bytes(), signature).map_err(|error| {
                    failed("report_signature", &*place, "of this report", error.to_string())
                })?;
                *device
            }
        };
        let person = views.standing.of_device(&device).ok_or_else(|| {
            failed("report_signature", &*place, "a device of a member", device.to_string())
        })?;
        // A lost phone signs for its thief, and nobody for a group that removed them.
        let standing = &views.standing;
        let theirs = standing.is_device_brought_in(&device) && !standing.is_ended(&device, person);
        if theirs && !standing.is_removed(person) {
            members.extend(standing.id(standing.goes_by(person)));
        }
    }
    let on_the_day = facts.members(to).into_iter().filter_map(|who| facts.people.get(who));
    Ok(on_the_day.filter(|person| members.contains(&person.id)).count())
}

const YES: &str = "a member's yes to sharing this report";

/// Whose yes to this report an answer is; else what it is.
fn answered(wire: Wire, claim: &Claim, group: GroupId) -> Result<DeviceKey, String> {
    let envelope = wire
        .parse()
        .and_then(copact_core::envelope::Signed::verify)
        .map_err(|error| error.to_string())?;
    if envelope.group() != group {
        return Err("an answer in another group".to_owned());
    }
    let Content::Act(Act::Answer { proposal, answer, on_behalf_of: None }) = envelope.content()
    else {
        return Err("something else".to_owned());
    };
    match (&proposal.matter, answer) {
        (Matter::Share(report), AnswerWord::Yes) if *report == claim.hash() => {
            Ok(envelope.header().chain.device)
        }
        (Matter::Share(_), AnswerWord::Yes) => Err("a yes to another report".to_owned()),
        _ => Err("another answer".to_owned()),
    }
}
