//! A group's ledger, and everything that follows from it.
//!
//! A device stores a grow-only set of signed envelopes; membership, contract, log and decisions are
//! pure functions of that set. Bytes become a [`envelope::Verified`] envelope in checked steps,
//! [`ledger::Ledger`] places envelopes in any order and decides what is final about each, and
//! [`views::Views`] shows what the whole set says. Nothing in this crate has a clock, randomness,
//! files, or threads: what it needs of these are arguments.
//!
//! ```
//! use copact_core::act::{Act, FirstMember, Found, NewDevice, Role};
//! use copact_core::day::Day;
//! use copact_core::envelope::{Content, Draft};
//! use copact_core::ids::{Incarnation, Nonce, Salt, TextHash};
//! use copact_core::keys::{BoxKey, DeviceSecret, Purpose};
//! use copact_core::ledger::Ledger;
//! use copact_core::proposal::Share;
//! use copact_core::text::RoleWord;
//! use copact_core::views::Views;
//!
//! let secret = DeviceSecret::from_bytes(&[7; 32]);
//! let role = Role { word: RoleWord::new("neighbour")?, mapped: None };
//! let (box_key, nonce) = (BoxKey::from_bytes([8; 32]), Nonce::from_bytes([9; 16]));
//! let device =
//!     NewDevice::consent(&secret, box_key, Purpose::Founding, None, Some(&role), nonce);
//! let founding = Draft {
//!     group: None,
//!     incarnation: Incarnation::from_bytes([1; 8]),
//!     seq: 1,
//!     prev: None,
//!     parents: vec![],
//!     day: Day::parse("2026-03-01")?,
//!     salt: Salt::from_bytes([2; 16]),
//!     content: Content::Act(Act::Found(Found {
//!         policy: Share::DEFAULT,
//!         members: vec![FirstMember { device, role }],
//!         name: TextHash::from_bytes([3; 32]),
//!         parent: None,
//!         continues: None,
//!     })),
//! }
//! .sign(&secret)?;
//!
//! let ledger = Ledger::found(founding)?;
//! assert_eq!(Views::of(&ledger).counts().voices, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod act;
pub mod anchor;
pub mod change;
pub mod codec;
pub mod contract;
pub mod day;
pub mod document;
pub mod entry;
pub mod envelope;
pub mod frontier;
pub mod ids;
pub mod keys;
pub mod ledger;
pub mod limits;
pub mod minutes;
pub mod presence;
pub mod profile;
pub mod profiles;
pub mod proposal;
pub mod quarter;
pub mod side;
pub mod text;
pub mod views;
