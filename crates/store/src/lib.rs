//! One group's ledger on disk.
//!
//! A [`Store`] is a folder with one SQLite database, owned by one process. It keeps envelopes in
//! the order in which they came (parents first), and beside them what may be erased or made again:
//! side texts, profiles, the device's own settings, caches. A [`Batch`] is stored whole or not at
//! all, and what was acknowledged is durable. Bodies and everything beside them are encrypted with
//! a [`StoreKey`]; headers and signatures are in clear.
//!
//! What was stored is what is read: each row is bound to its place and key, and a sealed record of
//! extent counts them, so a changed byte, a lost row or an older page is reported and never a
//! silently smaller ledger. A whole older copy is a legitimate thing to put back; the [`Marker`],
//! kept elsewhere, then keeps the device from signing the same place twice.
//!
//! ```
//! use copact_core::ids::GroupId;
//! use copact_store::{Batch, Store, StoreKey};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let home = tempfile::tempdir()?;
//! let key = StoreKey::load_or_create(&home.path().join("store.key"), [7; 32])?.key;
//! let group = GroupId::from_bytes([1; 32]);
//!
//! let mut first = Batch::new();
//! first.set_setting("device", b"secret");
//! let store = Store::create(&home.path().join("group"), &key, group, &first)?;
//! drop(store);
//!
//! let store = Store::open(&home.path().join("group"), &key)?;
//! assert_eq!(store.setting("device")?.as_deref().map(Vec::as_slice), Some(&b"secret"[..]));
//! assert!(store.check()?.problems.is_empty());
//! # Ok(())
//! # }
//! ```

mod batch;
mod check;
mod database;
mod error;
mod extent;
mod height;
mod key;
mod lock;
mod marker;
mod read;
mod rows;
mod salvage;
mod seal;
mod store;
mod verifying;
mod write;

pub use batch::Batch;
pub use check::Checked;
pub use error::StoreError;
pub use key::{KeyFile, KeyFileError, StoreKey};
pub use marker::{Marker, may_continue};
pub use salvage::Salvage;
pub use store::Store;
