//! What this device has of a group while peers are answered: the group itself, or on a newcomer's
//! device what has come so far.

use std::collections::{BTreeMap, BTreeSet};

use copact_core::envelope::Verified;
use copact_core::ids::{GroupId, TextHash};
use copact_core::keys::DeviceKey;
use copact_core::ledger::Ledger;
use copact_core::profile::Profile;
use copact_core::side::SideText;
use copact_sync::exchange::{Quota, Shelf};
use copact_sync::limits::PARCEL_BYTES;

use super::quota;

use crate::error::{NodeError, Result};
use crate::founding;
use crate::group::{Group, OpenGroup, TakenIn, texts_of};
use crate::home::Home;
use crate::waiting::Waiting;

/// Profile records that a newcomer keeps before it is in: no group has as many members.
const PROFILES: usize = 65_536;

/// Where a group is kept.
pub(super) enum Keeps {
    /// In the home's store of that group.
    Stored(GroupId),
    /// In memory, until this device's own admission has come.
    Coming(Box<Coming>),
}

/// What a newcomer's device has, before it is in.
pub(super) struct Coming {
    waiting: Waiting,
    group: GroupId,
    ledger: Option<Ledger>,
    texts: BTreeMap<TextHash, SideText>,
    wanted: BTreeSet<TextHash>,
    profiles: Vec<Profile>,
    /// About how many bytes all of it is.
    pub(super) bytes: usize,
}

/// How much is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) envelopes: usize,
    texts: usize,
    profiles: usize,
}

impl Extent {
    pub(super) const NOTHING: Self = Self { envelopes: 0, texts: 0, profiles: 0 };
}

/// A group during one turn.
pub(super) enum Here<'k> {
    Group {
        group: OpenGroup,
        /// Envelopes at the last save.
        saved: usize,
        /// Something came in since.
        changed: bool,
    },
    Coming(&'k mut Coming),
}

impl Coming {
    pub(super) const fn new(group: GroupId, waiting: Waiting) -> Self {
        Self {
            waiting,
            group,
            ledger: None,
            texts: BTreeMap::new(),
            wanted: BTreeSet::new(),
            profiles: Vec::new(),
            bytes: 0,
        }
    }

    pub(super) fn take(
        &mut self,
        envelopes: Vec<Verified>,
        texts: Vec<SideText>,
        profiles: Vec<Profile>,
    ) -> Result<TakenIn> {
        let before = self.ledger.as_ref().map_or(0, Ledger::len);
        for envelope in envelopes {
            self.count(256 + usize::try_from(envelope.header().body_len).unwrap_or(usize::MAX))?;
            match &mut self.ledger {
                None => {
                    let ledger = Ledger::found(envelope)?;
                    if ledger.group() != self.group {
                        return Err(NodeError::input(
                            "other_group",
                            "what came is the beginning of another group",
                        ));
                    }
                    self.ledger = Some(ledger);
                }
                Some(ledger) => drop(ledger.insert(envelope)),
            }
        }
        let Some(ledger) = &self.ledger else { return Ok(TakenIn::default()) };
        let named = ledger.since(before).flat_map(|(_, placed)| texts_of(placed));
        self.wanted.extend(named.filter(|text| !self.texts.contains_key(text)));
        let mut taken = TakenIn { envelopes: ledger.len() - before, ..TakenIn::default() };
        for side in texts {
            if self.wanted.remove(&side.hash()) {
                self.count(side.text.as_str().len())?;
                self.texts.insert(side.hash(), side);
                taken.texts += 1;
            }
        }
        for profile in profiles {
            let fits = self.profiles.len() < PROFILES && !self.profiles.contains(&profile);
            if fits && profile.check().is_ok() {
                self.profiles.push(profile);
                taken.profiles += 1;
            }
        }
        Ok(taken)
    }

    /// Of a group that it is not in yet this device takes as much as a bundle may have: whoever
    /// brings more brings it to one who cannot tell yet what it is worth.
    fn count(&mut self, bytes: usize) -> Result<()> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes <= PARCEL_BYTES {
            return Ok(());
        }
        Err(NodeError::failed("too_much", "more came of this group than can be taken in at once")
            .hint("no group has that much after many years; ask somebody else of it to invite you"))
    }

    fn is_in(&self) -> bool {
        let me = self.waiting.secrets().device.public();
        self.ledger.as_ref().is_some_and(|ledger| ledger.now().of_device(&me).is_some())
    }

    /// Makes the group's store with all that has come, and gives it.
    fn enter(&self, home: &Home) -> Result<OpenGroup> {
        let secrets = self.waiting.secrets();
        let device = secrets.device.public();
        let placed = self.ledger.iter().flat_map(Ledger::envelopes);
        let envelopes: Vec<Verified> = placed.map(|(_, at)| at.envelope().clone()).collect();
        let mut group = Group::create(home, envelopes, secrets, None)?;
        let texts = self.texts.values().cloned().collect();
        group.take_in(Vec::new(), texts, self.profiles.clone())?;
        group.say_name_again()?;
        group.save()?;
        founding::arrived(home, &device)?;
        group.look_for_texts();
        Ok(OpenGroup::new(home, &home.group_folder(self.group), group))
    }
}

impl Keeps {
    pub(super) fn here(&mut self, home: &Home) -> Result<Here<'_>> {
        match self {
            Self::Stored(group) => {
                let mut group = Group::open(home, &home.group_folder(*group))?;
                group.look_for_texts();
                let saved = group.ledger().len();
                Ok(Here::Group { group, saved, changed: false })
            }
            Self::Coming(coming) => Ok(Here::Coming(coming)),
        }
    }

    /// If this device's own admission is among what came, makes the store of the group: its name.
    pub(super) fn enter(&mut self, home: &Home) -> Result<Option<String>> {
        let Self::Coming(coming) = self else { return Ok(None) };
        if !coming.is_in() {
            return Ok(None);
        }
        let group = coming.enter(home)?;
        let name = group.name();
        *self = Self::Stored(coming.group);
        Ok(Some(name))
    }

    pub(super) const fn is_stored(&self) -> bool {
        matches!(self, Self::Stored(_))
    }
}

impl Here<'_> {
    pub(super) fn shelf(&self, day: i64) -> Shelf<'_> {
        match self {
            Self::Group { group, .. } => Shelf {
                group: group.ledger().group(),
                ledger: Some(group.ledger()),
                texts: group.texts(),
                wanted: group.wanted_texts(),
                profiles: group.profiles(),
                day,
            },
            Self::Coming(coming) => Shelf {
                group: coming.group,
                ledger: coming.ledger.as_ref(),
                texts: &coming.texts,
                wanted: &coming.wanted,
                profiles: &coming.profiles,
                day,
            },
        }
    }

    pub(super) fn extent(&self) -> Extent {
        let shelf = self.shelf(0);
        Extent {
            envelopes: shelf.ledger.map_or(0, Ledger::len),
            texts: shelf.texts.len(),
            profiles: shelf.profiles.len(),
        }
    }

    /// Takes in what a peer brought; [`Here::settle`] makes it last.
    pub(super) fn take(
        &mut self,
        envelopes: Vec<Verified>,
        texts: Vec<SideText>,
        profiles: Vec<Profile>,
    ) -> Result<TakenIn> {
        match self {
            Self::Group { group, changed, .. } => {
                let taken = group.take_in(envelopes, texts, profiles)?;
                group.look_for_texts();
                *changed |= taken.envelopes + taken.texts + taken.profiles > 0;
                Ok(taken)
            }
            Self::Coming(coming) => coming.take(envelopes, texts, profiles),
        }
    }

    /// Makes what was taken in last, and with it what this device has to say to it.
    pub(super) fn settle(&mut self, quota: &Quota) -> Result<()> {
        let Self::Group { group, saved, changed } = self else { return Ok(()) };
        if *changed {
            group.attest_shown_since(*saved)?;
            quota::keep(group, quota);
            group.save()?;
            group.look_for_texts();
            (*saved, *changed) = (group.ledger().len(), false);
        }
        Ok(())
    }

    /// Whether people know the device: those who ask to come in, and strangers, are not worth a
    /// word. A newcomer knows nobody yet, and is told of all.
    pub(super) fn knows(&self, device: &DeviceKey) -> bool {
        let ledger = self.shelf(0).ledger;
        ledger.is_none_or(|ledger| ledger.now().of_device(device).is_some())
    }

    /// The name of the member whose device it is.
    pub(super) fn name_of(&self, device: &DeviceKey) -> Option<String> {
        let Self::Group { group, .. } = self else { return None };
        let now = group.ledger().now();
        let member = now.id(now.goes_by(now.of_device(device)?))?;
        group.names().remove(&member)
    }
}
