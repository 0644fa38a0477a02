//! The roster: who is and was a member.

use serde::Serialize;

use super::{Labels, Views};
use crate::act::RoleKind;
use crate::day::Day;
use crate::ids::{EnvelopeId, MemberId};
use crate::keys::DeviceKey;
use crate::ledger::{PersonIx, Place};

/// One member, the departed too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemberRow {
    /// The member.
    pub id: MemberId,
    /// The name, if any profile tells it.
    pub name: Option<String>,
    /// What they say they are here now.
    pub role: Option<String>,
    /// That and what they said before.
    pub roles: Vec<RoleRow>,
    /// Whether their word counts in common decisions.
    pub voice: bool,
    /// Since when it does.
    pub voice_since: Option<Day>,
    /// Whether they have no device.
    pub assisted: bool,
    /// Who signs for them.
    pub helper: Option<MemberId>,
    /// Whether they were taken over from an attendance list.
    pub imported: bool,
    /// Member from this day on.
    pub since: Day,
    /// No member any more from this day on.
    pub until: Option<Day>,
    /// Whether the group removed them.
    pub removed: bool,
    /// The member they go by since they were merged.
    pub merged_into: Option<MemberId>,
    /// How many devices they have.
    pub devices: usize,
}

/// A role, from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoleRow {
    /// The first day.
    pub from: Day,
    /// The word.
    pub role: String,
    /// The kind it is mapped to.
    #[serde(rename = "as")]
    pub mapped: Option<RoleKindWord>,
}

/// `citizen` or `professional`.
pub type RoleKindWord = &'static str;

/// One device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeviceRow {
    /// Its key.
    pub device: DeviceKey,
    /// Whose it is.
    pub member: MemberId,
    /// The owner's name.
    pub name: Option<String>,
    /// The act that brought it in.
    pub brought_in_by: EnvelopeId,
    /// Since when.
    pub since: Day,
    /// How many envelopes it has written.
    pub envelopes: usize,
    /// How many chains it has; more than one after a restored backup.
    pub chains: usize,
    /// Whether a chain of it was continued twice.
    pub forked: bool,
}

impl Views<'_> {
    /// Everybody who was ever brought in, in canonical order.
    #[must_use]
    pub fn roster(&self, labels: &Labels) -> Vec<MemberRow> {
        let standing = &self.standing;
        let members = standing.members();
        let mut rows: Vec<_> = members
            .filter_map(|(ix, id, person)| {
                let (since, until) = self.membership.part(ix)?;
                let roles = self.role_rows(ix, since);
                let voice = standing.has_voice(ix);
                let helper = standing.helpers(ix).into_iter().min_by_key(|by| standing.order(*by));
                let one = standing.goes_by(ix);
                let row = MemberRow {
                    id,
                    name: (labels.name)(id),
                    role: roles.last().map(|row| row.role.clone()),
                    roles,
                    voice,
                    voice_since: if voice { self.voice_since(ix) } else { None },
                    assisted: standing.is_assisted(ix),
                    helper: helper.and_then(|by| standing.id(by)),
                    imported: person.assisted.is_some_and(|one| one.imported.is_some()),
                    since,
                    until,
                    removed: standing.is_removed(ix),
                    merged_into: (one != ix).then(|| standing.id(one)).flatten(),
                    devices: standing.devices(ix).len(),
                };
                Some((standing.order(ix), row))
            })
            .collect();
        rows.sort_by_key(|(key, _)| *key);
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// First members have voice from the start, others from the decision that gives it; merged
    /// ones from when the first part of them has it that has it still.
    fn voice_since(&self, person: PersonIx) -> Option<Day> {
        let parts = self.standing.parts(person).into_iter();
        let since = parts.filter(|part| self.standing.has_part_voice(*part)).filter_map(|part| {
            if self.standing.is_first_member(part) {
                return self.membership.part(part).map(|(since, _)| since);
            }
            let given = self.standing.given_voice(part).into_iter();
            let enacts = given.flat_map(|id| self.ledger.enacted_by(id));
            enacts.filter_map(|at| self.signed(at)).min()
        });
        since.min()
    }

    fn role_rows(&self, person: PersonIx, since: Day) -> Vec<RoleRow> {
        let roles = self.standing.roles(person);
        let from = |number: usize, place: Place| {
            if number == 0 { since } else { self.signed(place).unwrap_or(since) }
        };
        let rows = roles.into_iter().enumerate().map(|(number, (place, role))| RoleRow {
            from: from(number, place),
            role: role.word.as_str().to_owned(),
            mapped: role.mapped.map(RoleKind::word),
        });
        rows.collect()
    }

    /// Every device that writes for somebody, lost ones not, in canonical order.
    #[must_use]
    pub fn devices(&self, labels: &Labels) -> Vec<DeviceRow> {
        let mut rows = Vec::new();
        for (ix, member, _) in self.standing.members() {
            for (device, _, place) in self.standing.devices(ix) {
                let Some(at) = self.ledger.at(place) else { continue };
                let chains = self.ledger.frontier().chains();
                let mine = || chains.iter().filter(|(chain, _)| chain.device == device);
                let row = DeviceRow {
                    device,
                    member,
                    name: (labels.name)(member),
                    brought_in_by: at.id(),
                    since: self.signed(place).unwrap_or(at.envelope().header().day),
                    envelopes: self.ledger.written_by(&device),
                    chains: mine().count(),
                    forked: mine().any(|(_, tips)| tips.len() > 1),
                };
                rows.push(((self.ledger.canonical(place), device), row));
            }
        }
        rows.sort_by_key(|(key, _)| *key);
        rows.into_iter().map(|(_, row)| row).collect()
    }
}
