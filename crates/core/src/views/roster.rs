//! The roster: who is and was a member.

use std::collections::BTreeSet;

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
    /// The member they were merged into. Merging is not part of these rules yet.
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
    /// The day a person became a member, and the day they ceased to be one.
    #[must_use]
    pub fn membership(&self, person: PersonIx) -> Option<(Day, Option<Day>)> {
        let who = self.ledger.person(person)?;
        let imported = who.assisted.and_then(|assisted| assisted.imported);
        // The earliest of all: admitting somebody again takes no day of theirs away.
        let admitted = || who.introductions.iter().filter_map(|(at, ..)| self.signed(*at)).min();
        let since = imported.or_else(admitted)?;
        let until = self.standing.leaves(person).first().and_then(|leave| self.signed(*leave));
        Some((since, until))
    }

    /// Whether a person was a member on a day.
    #[must_use]
    pub fn was_member(&self, person: PersonIx, day: Day) -> bool {
        self.membership(person)
            .is_some_and(|(since, until)| since <= day && until.is_none_or(|until| day < until))
    }

    /// How many were members on a day.
    #[must_use]
    pub fn members_on(&self, day: Day) -> usize {
        self.standing.members().filter(|(ix, ..)| self.was_member(*ix, day)).count()
    }

    /// Everybody who was ever brought in, in canonical order.
    #[must_use]
    pub fn roster(&self, labels: &Labels) -> Vec<MemberRow> {
        let mut rows: Vec<_> = self
            .standing
            .members()
            .filter_map(|(ix, id, person)| {
                let (since, until) = self.membership(ix)?;
                let first = person.introductions.first().map(|(place, ..)| *place)?;
                let roles = self.role_rows(ix, since);
                let voice = self.standing.has_voice(ix);
                let row = MemberRow {
                    id,
                    name: (labels.name)(id),
                    role: roles.last().map(|row| row.role.clone()),
                    roles,
                    voice,
                    voice_since: voice.then_some(since),
                    assisted: person.assisted.is_some(),
                    helper: person.assisted.and_then(|one| self.standing.id(one.helper)),
                    imported: person.assisted.is_some_and(|one| one.imported.is_some()),
                    since,
                    until,
                    merged_into: None,
                    devices: self.devices_of(ix).len(),
                };
                Some(((self.ledger.canonical(first), id), row))
            })
            .collect();
        rows.sort_by_key(|(key, _)| *key);
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// A person's devices, each once, as often as it was brought in.
    fn devices_of(&self, person: PersonIx) -> BTreeSet<DeviceKey> {
        let devices = self.ledger.person(person).map(|one| one.devices.as_slice());
        let devices = devices.unwrap_or_default().iter().map(|(_, device, _)| *device);
        devices.filter(|device| self.standing.of_device(device) == Some(person)).collect()
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

    /// Every device that was ever brought in, in canonical order.
    #[must_use]
    pub fn devices(&self, labels: &Labels) -> Vec<DeviceRow> {
        let mut rows = Vec::new();
        for (ix, member, person) in self.standing.members() {
            for (place, device, _) in &person.devices {
                if self.standing.of_device(device) != Some(ix) {
                    continue;
                }
                let Some(at) = self.ledger.at(*place) else { continue };
                let chains = self.ledger.frontier().chains();
                let mine = || chains.iter().filter(|(chain, _)| chain.device == *device);
                let row = DeviceRow {
                    device: *device,
                    member,
                    name: (labels.name)(member),
                    brought_in_by: at.id(),
                    since: self.signed(*place).unwrap_or(at.envelope().header().day),
                    envelopes: self.ledger.written_by(device),
                    chains: mine().count(),
                    forked: mine().any(|(_, tips)| tips.len() > 1),
                };
                rows.push(((self.ledger.canonical(*place), *device), row));
            }
        }
        rows.sort_by_key(|(key, _)| *key);
        let mut seen = BTreeSet::new();
        rows.retain(|(key, _)| seen.insert(key.1));
        rows.into_iter().map(|(_, row)| row).collect()
    }
}
