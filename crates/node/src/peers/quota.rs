//! What was taken in of each author today, kept across restarts.
//!
//! Only of those who wrote much: the others could at worst write that much again.

use std::collections::BTreeMap;

use copact_core::keys::DeviceKey;
use copact_sync::exchange::Quota;
use minicbor::{Decode, Encode};

use crate::group::Group;

const NAME: &str = "quota";
/// Who wrote less than this today is not worth remembering.
const ENVELOPES: u32 = 100;
const BYTES: u64 = 512 * 1_024;

#[derive(Encode, Decode)]
#[cbor(array)]
struct Kept {
    #[n(0)]
    day: i64,
    #[n(1)]
    used: BTreeMap<DeviceKey, (u32, u64)>,
}

/// What was counted when the group was last saved.
pub(super) fn kept(group: &Group) -> Quota {
    let bytes = group.setting(NAME).ok().flatten();
    let kept = bytes.and_then(|bytes| minicbor::decode::<Kept>(&bytes).ok());
    kept.map_or_else(Quota::default, |kept| Quota::on(kept.day, kept.used))
}

/// Adds what was counted to what is about to be saved.
pub(super) fn keep(group: &mut Group, quota: &Quota) {
    let (day, used) = quota.used();
    let is_much = |(envelopes, bytes): &(u32, u64)| *envelopes >= ENVELOPES || *bytes >= BYTES;
    let much = used.iter().filter(|(_, used)| is_much(used));
    let kept = Kept { day, used: much.map(|(device, used)| (*device, *used)).collect() };
    if !kept.used.is_empty() {
        group.batch().set_setting(NAME, &minicbor::to_vec(&kept).unwrap_or_default());
    }
}
