//! What people do with their devices, by the words of product.md.

use copact_core::act::{Act, Erased, NewDevice, Role};
use copact_core::ids::{EnvelopeId, Nonce};
use copact_core::keys::{DeviceSecret, Purpose};
use copact_core::ledger::{Ledger, Placed};
use copact_core::text::RoleWord;

use crate::chance::Chance;
use crate::phone::{Phone, Refused};

mod contract;
mod decisions;
mod log;

pub use decisions::remove;

/// Something that somebody did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deed {
    /// What.
    pub what: &'static str,
    /// The newcomer whom it let in, by number.
    pub newcomer: Option<usize>,
}

/// Somebody does something, or the first of a few things that they can do. Nothing is saved yet.
///
/// # Errors
/// Nothing can be done here, or it would not count; memory has to be read from the disk again.
pub fn act(
    phone: &mut Phone,
    newcomers: &[(usize, DeviceSecret)],
    now: u64,
    chance: &mut Chance,
) -> Result<Deed, Refused> {
    if !phone.stands() {
        return Err(Refused::Nothing);
    }
    let what = match chance.between(0, 99) {
        0..=5 => return let_in(phone, newcomers, now, chance),
        6..=13 => contract::edit(phone, now, chance)?,
        14..=31 => decisions::take_part(phone, now, chance)?,
        32..=36 => rename(phone, now, chance)?,
        37..=41 => erase(phone, now, chance)?,
        42 if chance.happens(300) => {
            phone.write_act(Act::Leave, &[], now, chance)?;
            "leaves"
        }
        _ => log::record(phone, now, chance)?,
    };
    Ok(Deed { what, newcomer: None })
}

/// What newcomers say they are.
#[must_use]
pub fn neighbour() -> Role {
    let word = RoleWord::new("neighbour").unwrap_or_else(|_| unreachable!("a plain word"));
    Role { word, mapped: None }
}

fn let_in(
    phone: &mut Phone,
    newcomers: &[(usize, DeviceSecret)],
    now: u64,
    chance: &mut Chance,
) -> Result<Deed, Refused> {
    let Some((number, secret)) = chance.pick(newcomers) else {
        return Ok(Deed { what: log::record(phone, now, chance)?, newcomer: None });
    };
    let nonce = Nonce::from_bytes(chance.bytes());
    let box_key = copact_core::keys::BoxKey::from_bytes(*secret.public().as_bytes());
    let consent = |purpose, to, role: Option<&Role>| {
        NewDevice::consent(secret, box_key, purpose, Some(to), role, nonce)
    };
    let (act, what) = if chance.happens(250) {
        let (_, me) = phone.me().ok_or(Refused::Nothing)?;
        let device = consent(Purpose::Device, *me.as_bytes(), None);
        (Act::AddDevice { device }, "adds a device of their own")
    } else {
        let role = neighbour();
        let device = consent(Purpose::Acceptance, *phone.group.as_bytes(), Some(&role));
        (Act::Admit { device, role }, "admits somebody")
    };
    phone.write_act(act, &[], now, chance)?;
    Ok(Deed { what, newcomer: Some(*number) })
}

fn rename(phone: &mut Phone, now: u64, chance: &mut Chance) -> Result<&'static str, Refused> {
    if chance.happens(200) {
        let (_, me) = phone.me().ok_or(Refused::Nothing)?;
        let what = Erased::Profile(me);
        phone.write_act(Act::Erase { what }, &[], now, chance)?;
        return Ok("erases their name");
    }
    phone.write_act(Act::Link, &[], now, chance)?;
    phone.put_profile(None);
    Ok("changes their name")
}

/// Erases the text of an entry of one's own.
fn erase(phone: &mut Phone, now: u64, chance: &mut Chance) -> Result<&'static str, Refused> {
    let ledger = phone.ledger()?;
    let own = |at: &&Placed| at.envelope().header().chain.device == phone.key;
    let with_text =
        entries(ledger, |at| own(&at) && at.entry().is_some_and(|entry| !entry.texts().is_empty()));
    let Some(target) = chance.pick(&with_text).copied() else {
        return log::record(phone, now, chance);
    };
    let entry = ledger.get(target).and_then(Placed::entry);
    let texts = entry.map(copact_core::entry::Entry::texts).unwrap_or_default();
    phone.write_act(Act::Erase { what: Erased::Texts(texts) }, &[target], now, chance)?;
    Ok("erases a text")
}

/// The entries that fit, in canonical order, so that a draw means the same however they arrived.
fn entries(ledger: &Ledger, fits: impl Fn(&Placed) -> bool) -> Vec<EnvelopeId> {
    let places = ledger.in_order().into_iter().filter_map(|place| ledger.at(place));
    let sound = |at: &&Placed| at.entry().is_some() && at.void().is_none() && fits(at);
    places.filter(sound).map(Placed::id).collect()
}
