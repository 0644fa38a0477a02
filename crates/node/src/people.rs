//! Members, devices, profiles, erasing, permissions.

use copact_core::act::{Act, Erased};
use copact_core::entry::Record;
use copact_core::ids::{EnvelopeId, MemberId, Nonce};
use copact_core::limits;
use copact_core::text::{Name, Purpose};
use copact_core::views::{DeviceRow, MemberRow};
use serde::Serialize;

use crate::error::{NodeError, Result};
use crate::founding::role;
use crate::group::Group;
use crate::home::random;

/// Something was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The entry or act.
    pub id: EnvelopeId,
}

/// An assisted member was brought in.
#[derive(Clone, Debug, Serialize)]
pub struct Assisted {
    /// The act.
    pub id: EnvelopeId,
    /// The member.
    pub member: MemberId,
    /// Their name.
    pub name: String,
}

/// A name was set.
#[derive(Clone, Debug, Serialize)]
pub struct Named {
    /// The act that the name builds on.
    pub id: EnvelopeId,
    /// The member.
    pub member: MemberId,
    /// The name.
    pub name: String,
}

/// What a member permits.
#[derive(Clone, Debug, Serialize)]
pub struct PermissionRow {
    /// The entry.
    pub id: EnvelopeId,
    /// The member.
    pub member: MemberId,
    /// Their name.
    pub name: Option<String>,
    /// What for.
    pub purpose: String,
    /// Yes or no.
    pub granted: bool,
}

impl Group {
    /// The roster.
    #[must_use]
    pub fn members(&self) -> Vec<MemberRow> {
        self.labelled(|views, labels| views.roster(labels))
    }

    /// The devices of everybody.
    #[must_use]
    pub fn devices(&self) -> Vec<DeviceRow> {
        self.labelled(|views, labels| views.devices(labels))
    }

    /// Brings in a person without a device, whom this device's member helps.
    ///
    /// # Errors
    /// The name is none, or somebody's already.
    pub fn assist(&mut self, name: &str, role_typed: Option<&str>) -> Result<Assisted> {
        let (_, me) = self.must_stand()?;
        let name = Name::new(name)?;
        if let Some((_, other)) = self.member_called(&name) {
            return Err(NodeError::input(
                "name_taken",
                format_args!("“{name}” is a member already ({})", short(&other.to_string())),
            )
            .hint("add something to the name that tells the two apart"));
        }
        let nonce = Nonce::from_bytes(random()?);
        let act = Act::Assist { helper: me, role: role(role_typed)?, imported: None, nonce };
        let id = self.write_act(act, &[])?;
        let member = MemberId::brought_in_by(id);
        self.put_profile(Some(member), name.clone())?;
        self.save()?;
        Ok(Assisted { id, member, name: name.as_str().to_owned() })
    }

    /// Says what a member is here from now on.
    ///
    /// # Errors
    /// The role is none, or the member is somebody else's to help.
    pub fn say_role(&mut self, typed: &str, behalf: Option<&str>) -> Result<Written> {
        self.must_stand()?;
        let on_behalf_of = self.assisted(behalf)?;
        let id = self.write_act(Act::Role { role: role(Some(typed))?, on_behalf_of }, &[])?;
        self.save()?;
        Ok(Written { id })
    }

    /// Leaves the group.
    ///
    /// # Errors
    /// This device's member has left already.
    pub fn leave(&mut self) -> Result<Written> {
        self.must_stand()?;
        let id = self.write_act(Act::Leave, &[])?;
        self.save()?;
        Ok(Written { id })
    }

    /// Sets the name that others see.
    ///
    /// # Errors
    /// The name is none, or somebody else's to set.
    pub fn set_name(&mut self, name: &str, behalf: Option<&str>) -> Result<Named> {
        let (_, me) = self.me()?;
        let about = self.assisted(behalf)?;
        let name = Name::new(name)?;
        let member = about.unwrap_or(me);
        if self.member_called(&name).is_some_and(|(_, other)| other != member) {
            return Err(NodeError::input(
                "name_taken",
                format_args!("“{name}” is another member's name"),
            )
            .hint("add something to the name that tells the two apart"));
        }
        // A record is ordered by its author's newest envelope: one that changes a name needs a
        // newer.
        let id = self.write_act(Act::Link, &[])?;
        self.put_profile(about, name.clone())?;
        self.save()?;
        Ok(Named { id, member, name: name.as_str().to_owned() })
    }

    /// On a device that took the place of lost ones: signs the member's name with it, so that no
    /// record of a lost device can stand for it any more.
    pub(crate) fn say_name_again(&mut self) -> Result<()> {
        let (me, member) = self.me()?;
        let device = self.secrets().device.public();
        let by = self.ledger().now().devices(me).into_iter().find(|(one, ..)| *one == device);
        let act = by.and_then(|(.., place)| self.ledger().at(place)?.act());
        if !matches!(act, Some(Act::Enact { .. })) {
            return Ok(());
        }
        let Some(name) = self.names().remove(&member) else { return Ok(()) };
        self.write_act(Act::Link, &[])?;
        self.put_profile(None, Name::new(&name)?)
    }

    /// Erases a member's name on every device that syncs.
    ///
    /// # Errors
    /// The member is somebody else's to help.
    pub fn erase_profile(&mut self, behalf: Option<&str>) -> Result<Written> {
        let (_, me) = self.me()?;
        let member = self.assisted(behalf)?.unwrap_or(me);
        let id = self.write_act(Act::Erase { what: Erased::Profile(member) }, &[])?;
        self.save()?;
        Ok(Written { id })
    }

    /// Erases the free texts of an entry or proposal, by its author, subject or the subject's
    /// helper.
    ///
    /// # Errors
    /// It has no text, or is somebody else's.
    pub fn erase_text(&mut self, typed: &str) -> Result<Written> {
        let target = self.with_text(typed)?;
        let (me, _) = self.me()?;
        let now = self.ledger().now();
        let place = self.ledger().place_of(target);
        let (mut texts, about) = match self.ledger().get(target).map(|at| (at.entry(), at.act())) {
            Some((Some(entry), _)) => (entry.texts(), self.ledger().written_about(entry)),
            Some((_, Some(act))) => (act.texts(), act.on_behalf_of()),
            _ => (Vec::new(), None),
        };
        // What replaced the words is shown in their place, and goes with them.
        let views = self.views();
        let corrections = place.and_then(|place| views.journal().corrections.get(&place));
        for correction in corrections.into_iter().flatten() {
            let entry = self.ledger().at(*correction).and_then(|at| at.entry());
            texts.extend(entry.into_iter().flat_map(|entry| entry.texts()));
        }
        drop(views);
        texts.truncate(limits::ERASED);
        if texts.is_empty() {
            return Err(NodeError::input("no_text", "this entry has no free text to erase")
                .hint("`copact log` shows which entries have one; names are erased with `copact profile erase`"));
        }
        let subject = about.and_then(|member| now.person(member));
        let allowed = place.and_then(|place| now.author(place)) == Some(me)
            || subject == Some(me)
            || subject.is_some_and(|subject| now.helps(me, subject));
        if !allowed {
            return Err(NodeError::input(
                "not_yours",
                "only who wrote an entry, or whom it is about, can erase its text",
            )
            .hint("ask them, or say that it is wrong with `copact dispute`"));
        }
        let id = self.write_act(Act::Erase { what: Erased::Texts(texts) }, &[target])?;
        self.save()?;
        Ok(Written { id })
    }

    /// The entry or act whose text is meant: by its id, or by that of the proposal it made.
    ///
    /// # Errors
    /// None, or several.
    pub fn with_text(&self, typed: &str) -> Result<EnvelopeId> {
        self.envelope(typed).or_else(|error| {
            let proposal = self.proposal_id(typed).map_err(|_| error.clone())?;
            let now = self.ledger().now();
            let decision = self.ledger().decision(proposal, &now);
            let first = decision.and_then(|decision| decision.proposes.first().copied());
            first.and_then(|place| self.ledger().at(place)).map(|at| at.id()).ok_or(error)
        })
    }

    /// Records a permission.
    ///
    /// # Errors
    /// The purpose is none, or the member is somebody else's to help.
    pub fn permit(
        &mut self,
        purpose: &str,
        granted: bool,
        behalf: Option<&str>,
    ) -> Result<Written> {
        self.must_stand()?;
        let on_behalf_of = self.assisted(behalf)?;
        let purpose = Purpose::new(purpose)?;
        let id = self.write_entry(on_behalf_of, Record::Permission { purpose, granted })?;
        self.save()?;
        Ok(Written { id })
    }

    /// The last word of each member on each purpose.
    #[must_use]
    pub fn permissions(&self) -> Vec<PermissionRow> {
        let names = self.names();
        let views = self.views();
        let journal = views.journal();
        let mut rows: Vec<PermissionRow> = Vec::new();
        for place in &journal.entries {
            let Some(at) = self.ledger().at(*place) else { continue };
            let Some(Record::Permission { purpose, granted }) = at.entry().map(|one| &one.record)
            else {
                continue;
            };
            let subject = journal.subjects.get(place);
            let Some(member) = subject.and_then(|person| views.standing.id(*person)) else {
                continue;
            };
            let purpose = purpose.as_str().to_owned();
            rows.retain(|row| row.member != member || row.purpose != purpose);
            let name = names.get(&member).cloned();
            rows.push(PermissionRow { id: at.id(), member, name, purpose, granted: *granted });
        }
        rows
    }
}

fn short(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}
