//! Bundles: carrying a group by hand.

use std::collections::BTreeSet;
use std::path::Path;

use copact_core::envelope::Verified;
use copact_core::frontier::Frontier;
use copact_core::ids::{GroupId, TextHash};
use copact_core::keys::BoxKey;
use copact_core::ledger::Placed;
use copact_sync::box_key::BoxSecret;
use copact_sync::bundle::{self, BundleError, Opened, Parcel, Recipient, Sealing};
use serde::Serialize;

use crate::decisions::News;
use crate::error::{NodeError, Result};
use crate::file;
use crate::founding;
use crate::group::{Group, OpenGroup, Secrets, TakenIn, texts_of};
use crate::home::{Home, random};
use crate::waiting;

/// A bundle that was written.
#[derive(Clone, Debug, Serialize)]
pub struct Exported {
    /// Envelopes in it.
    pub envelopes: usize,
    /// Devices that can open it.
    pub recipients: usize,
    /// Its size.
    pub bytes: usize,
    /// What it goes up to: pass it to `--since` next time.
    pub frontier: String,
}

/// A bundle that was taken in.
#[derive(Clone, Debug, Serialize)]
pub struct Imported {
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// Whether this home entered the group with it.
    pub joined: bool,
    /// Envelopes in the bundle.
    pub envelopes: usize,
    /// What was new.
    pub new: TakenIn,
    /// What changed in the group's decisions.
    pub news: News,
    /// What this device had lost before: see [`Group::lost_commits`].
    #[serde(skip)]
    pub lost_commits: u64,
}

impl Group {
    /// Writes all envelopes, or those after a frontier, into a file sealed to every member's
    /// devices.
    ///
    /// # Errors
    /// The frontier is none, or the file cannot be written.
    pub fn export(&self, to: &Path, since: Option<&str>) -> Result<Exported> {
        let since = since.map(Frontier::from_text).transpose();
        let since = since.map_err(|error| {
            let error = NodeError::from(error);
            NodeError { message: format!("--since: {}", error.message), ..error }
        })?;
        let envelopes = self.after(since.as_ref())?;
        let texts = self.texts().values().cloned().collect();
        let parcel = Parcel { envelopes, texts, profiles: self.profiles().to_vec() };
        self.seal(to, &parcel, &self.recipients())
    }

    /// Writes what a removed member has to know, into a file sealed to their devices alone: what
    /// led to the removal, and nothing that the group wrote apart from it or since.
    ///
    /// # Errors
    /// Nobody of that name, they were not removed, or the file cannot be written.
    pub fn export_to_removed(&self, to: &Path, typed: &str) -> Result<Exported> {
        let (person, member) = self.member(typed)?;
        let ledger = self.ledger();
        let now = ledger.now();
        let enacts: Vec<_> =
            now.removals(person).into_iter().flat_map(|id| ledger.enacted_by(id)).collect();
        if enacts.is_empty() {
            return Err(NodeError::input(
                "not_removed",
                format_args!("the group has not removed {}", self.called(member)),
            )
            .hint("members read the bundles of `copact bundle export FILE`"));
        }
        let told = ledger
            .envelopes()
            .filter(|(place, _)| enacts.iter().any(|enact| ledger.at_or_before(*place, *enact)));
        let told: Vec<&Placed> = told.map(|(_, at)| at).collect();
        let named: BTreeSet<TextHash> = told.iter().flat_map(|at| texts_of(at)).collect();
        let texts = self.texts().iter().filter(|(hash, _)| named.contains(*hash));
        let parcel = Parcel {
            envelopes: told.iter().map(|at| at.envelope().wire().clone()).collect(),
            texts: texts.map(|(_, side)| side.clone()).collect(),
            profiles: Vec::new(),
        };
        let keys: Vec<_> = now.devices(person).into_iter().map(|(_, key, _)| key).collect();
        self.seal(to, &parcel, &keys)
    }

    fn seal(&self, to: &Path, parcel: &Parcel, recipients: &[BoxKey]) -> Result<Exported> {
        let sealing = Sealing { group: self.ledger().group(), recipients, random: &random()? };
        let bytes = bundle::seal(parcel, &sealing)?;
        file::write(to, &bytes)?;
        Ok(Exported {
            envelopes: parcel.envelopes.len(),
            recipients: recipients.len(),
            bytes: bytes.len(),
            frontier: self.ledger().frontier().to_text(),
        })
    }

    /// The envelopes that whoever has `since` lacks, ancestors first.
    fn after(&self, since: Option<&Frontier>) -> Result<Vec<copact_core::envelope::Wire>> {
        let ledger = self.ledger();
        let mut theirs = std::collections::HashSet::new();
        for (_, tips) in since.into_iter().flat_map(Frontier::chains) {
            // A tip that is not here says nothing about what is; the chain is then sent whole.
            for tip in tips {
                let mut next: Vec<_> = ledger.place_of(tip.id).into_iter().collect();
                while let Some(place) = next.pop() {
                    if theirs.insert(place) {
                        next.extend(ledger.before(place));
                    }
                }
            }
        }
        let all = ledger.envelopes().filter(|(place, _)| !theirs.contains(place));
        Ok(all.map(|(_, placed)| placed.envelope().wire()).collect())
    }
}

/// Takes a bundle in: into the group it belongs to, or as the first one after asking to join.
///
/// # Errors
/// Not a bundle, damaged, for another group or device, from a newer version, or it builds on what
/// is not here. Nothing is changed then.
pub fn import(home: &Home, path: &Path) -> Result<Imported> {
    let bytes = file::read(path, file::BUNDLE_BYTES)?;
    take(home, path, &bytes)
}

fn take(home: &Home, path: &Path, bytes: &[u8]) -> Result<Imported> {
    let mut groups = Vec::new();
    let mut broken = None;
    for folder in home.group_folders()? {
        match Group::open(home, &folder) {
            Ok(group) => groups.push(group),
            Err(error) => broken = Some(error),
        }
    }
    let waiting: Vec<(Option<GroupId>, Secrets)> =
        waiting::all(home)?.iter().map(|one| (one.group, one.secrets())).collect();
    let here: Vec<Recipient> = groups
        .iter()
        .map(|group| recipient(Some(group.ledger().group()), &group.secrets().sealed))
        .chain(waiting.iter().map(|(group, secrets)| recipient(*group, &secrets.sealed)))
        .collect();
    let opened = match (bundle::open(bytes, &here), broken) {
        // It may be for the group whose store does not open.
        (Err(BundleError::OtherGroup | BundleError::NotSealedToMe), Some(broken)) => {
            return Err(broken);
        }
        (opened, _) => opened.map_err(|error| NodeError::from(error).of_file(path))?,
    };
    let (number, count) = (opened.recipient, groups.len());
    drop(here);
    let taken = match groups.into_iter().nth(number) {
        Some(group) => merge(group, opened),
        None => {
            let secrets = waiting.into_iter().nth(number.saturating_sub(count));
            let (_, secrets) = secrets.ok_or(BundleError::NotSealedToMe)?;
            enter(home, secrets, opened)
        }
    };
    taken.map_err(|error| error.of_file(path))
}

const fn recipient(group: Option<GroupId>, secret: &BoxSecret) -> Recipient<'_> {
    Recipient { group, secret }
}

fn verified(parcel: &Parcel) -> Result<Vec<Verified>> {
    let all = parcel.envelopes.iter().cloned();
    let all: std::result::Result<Vec<_>, _> =
        all.map(|wire| wire.parse().and_then(|signed| signed.verify())).collect();
    Ok(all?)
}

fn merge(mut group: OpenGroup, opened: Opened) -> Result<Imported> {
    let Opened { parcel, group: id, .. } = opened;
    let (count, lost_commits) = (parcel.envelopes.len(), group.lost_commits());
    // What is here was verified before; only what is new costs a verification.
    let mut fresh = Vec::new();
    for wire in parcel.envelopes {
        if group.ledger().get(wire.id()).is_none() {
            fresh.push(wire.parse()?.verify()?);
        }
    }
    let before = group.moment();
    let new = group.take_in(fresh, parcel.texts, parcel.profiles)?;
    group.save()?;
    Ok(Imported {
        group: id,
        name: group.name(),
        joined: false,
        envelopes: count,
        new,
        news: group.news_since(&before),
        lost_commits,
    })
}

fn enter(home: &Home, secrets: Secrets, opened: Opened) -> Result<Imported> {
    let Opened { parcel, group: id, .. } = opened;
    let device = secrets.device.public();
    if !parcel.envelopes.iter().any(|wire| GroupId::of(wire.id()) == id) {
        return Err(BundleError::NoFounding.into());
    }
    let envelopes = verified(&parcel)?;
    let count = envelopes.len();
    let mut group = Group::create(home, envelopes, secrets, None)?;
    if group.me().is_err() {
        return Err(NodeError::input("not_admitted", "nobody has let this device into the group yet")
            .hint("ask whoever invited you to run `copact admit` on your request and to export a new bundle"));
    }
    let mut new = group.take_in(Vec::new(), parcel.texts, parcel.profiles)?;
    new.envelopes = count;
    group.say_name_again()?;
    group.save()?;
    founding::arrived(home, &device)?;
    Ok(Imported {
        group: id,
        name: group.name(),
        joined: true,
        envelopes: count,
        new,
        news: News::default(),
        lost_commits: 0,
    })
}
