//! What this device keeps to itself in one group.

use copact_core::keys::DeviceSecret;
use copact_store::Store;
use copact_sync::box_key::BoxSecret;

use crate::error::{NodeError, Result};
use crate::home::random;

pub(crate) const DEVICE: &str = "device";
pub(crate) const BOX: &str = "box";
pub(crate) const PRESENCE: &str = "presence";

/// The secrets of this device in one group.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// Signs.
    pub device: DeviceSecret,
    /// Opens what is sealed to this device.
    pub sealed: BoxSecret,
    /// Makes presence codes.
    pub presence: [u8; 32],
}

impl Secrets {
    /// Fresh ones, for one group only.
    ///
    /// # Errors
    /// The platform gives no random bytes.
    pub fn fresh() -> Result<Self> {
        Ok(Self {
            device: DeviceSecret::from_bytes(&random()?),
            sealed: BoxSecret::from_bytes(&random()?),
            presence: random()?,
        })
    }

    pub(super) fn read(store: &Store) -> Result<Self> {
        let read = |name: &'static str| -> Result<[u8; 32]> {
            let bytes = store.setting(name)?;
            bytes.and_then(|bytes| bytes.as_slice().try_into().ok()).ok_or_else(|| {
                NodeError::failed(
                    "no_keys",
                    format_args!("the store has lost this device's {name} key"),
                )
                .hint("restore the home from a backup; the group's envelopes are still there")
            })
        };
        Ok(Self::of(&read(DEVICE)?, &read(BOX)?, read(PRESENCE)?))
    }

    /// Those that a store or a request kept.
    pub(crate) fn of(device: &[u8; 32], sealed: &[u8; 32], presence: [u8; 32]) -> Self {
        let (device, sealed) = (DeviceSecret::from_bytes(device), BoxSecret::from_bytes(sealed));
        Self { device, sealed, presence }
    }
}
