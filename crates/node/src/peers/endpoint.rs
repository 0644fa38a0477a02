//! The secret of this device's endpoint key: drawn for a day, so that nobody who listens on a LAN
//! can follow a person from one day to the next, and kept for that day, so that who met this
//! device finds it again after a restart.

use copact_core::day::Day;
use minicbor::{Decode, Encode};

use crate::error::Result;
use crate::file;
use crate::home::{Home, random};

const FILE: &str = "endpoint";
const BYTES: usize = 1_024;

#[derive(Encode, Decode)]
#[cbor(array)]
struct Drawn {
    #[n(0)]
    day: i32,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    secret: [u8; 32],
}

/// The secret for the day that the home's clock says. What was kept for another day is replaced.
///
/// # Errors
/// It cannot be kept, or the platform gives no random bytes.
pub(super) fn of_the_day(home: &Home) -> Result<[u8; 32]> {
    let (path, key, today) = (home.folder().join(FILE), home.key()?, home.clock().day);
    let kept = file::read(&path, BYTES).ok().and_then(|sealed| key.open(FILE, &sealed));
    let kept = kept.and_then(|plain| minicbor::decode::<Drawn>(&plain).ok());
    if let Some(drawn) = kept.filter(|drawn| is_day(drawn.day, today)) {
        return Ok(drawn.secret);
    }
    let drawn = Drawn { day: today.number(), secret: random()? };
    let plain = minicbor::to_vec(&drawn).unwrap_or_default();
    file::write_private(&path, &key.seal(FILE, &plain))?;
    Ok(drawn.secret)
}

fn is_day(number: i32, day: Day) -> bool {
    number == day.number()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::home::Clock;

    #[test]
    fn a_day_has_one_key_also_after_a_restart_and_the_next_day_another() {
        let folder = tempfile::tempdir().unwrap();
        let day = Day::parse("2026-03-01").unwrap();
        let on = |day| {
            let home = folder.path().join("home");
            of_the_day(&Home::new(home, None, Clock { seconds: 0, day })).unwrap()
        };
        let first = on(day);
        assert_eq!(on(day), first);
        let second = on(day.plus(1));
        assert_ne!(second, first);
        assert_ne!(on(day), first, "what was, is not kept");
        let path = folder.path().join("home").join(FILE);
        let kept = std::fs::read(&path).unwrap();
        assert!(!kept.windows(8).any(|part| second.windows(8).any(|one| one == part)), "sealed");
        std::fs::write(&path, b"damaged").unwrap();
        assert_eq!(on(day), on(day), "a damaged file is replaced");
    }
}
