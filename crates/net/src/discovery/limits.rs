//! What a stranger on the LAN can make this device remember, read or say.

use std::time::Duration;

/// Bytes of a packet that is read at all.
pub(super) const PACKET: usize = 4096;
/// Records that a packet may say it has.
pub(super) const RECORDS_SAID: u32 = 256;
/// Records of a packet that are looked at.
pub(super) const RECORDS: usize = 64;
/// Endpoints that one packet may speak of.
pub(super) const OFFERS: usize = 16;
/// Addresses remembered of an endpoint, from each of the LAN and injection.
pub(super) const ADDRESSES: usize = 8;
/// Endpoints remembered from the LAN.
pub(super) const DEVICES: usize = 1024;
/// Endpoints remembered that one address of the LAN announced.
pub(super) const DEVICES_OF_ONE: usize = 32;
/// Endpoints remembered from platforms, invites and people.
pub(super) const INJECTED: usize = 256;
/// Packets read a second, and of these from one address.
pub(super) const READ: u32 = 1000;
pub(super) const READ_OF_ONE: u32 = 64;
/// Addresses of strangers that are counted in a second.
pub(super) const SOURCES: usize = 1024;
/// New endpoints taken in a second.
pub(super) const NEW: u32 = 256;
/// Endpoints that this process announces at once.
pub(super) const OWN: usize = 16;
/// Interfaces used at once.
pub(super) const INTERFACES: usize = 32;
/// How long an endpoint is remembered that is not heard of again; it says so every
/// [`super::cadence::PERIOD`], and packets are lost.
pub(super) const HEARD_LASTS: Duration = Duration::from_secs(25);
/// How long an injected address is remembered.
pub(super) const INJECTED_LASTS: Duration = Duration::from_secs(3600);
