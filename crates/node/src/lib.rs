//! A copact device: one home folder, its groups, and everything a person can do with them.
//!
//! This crate joins the pure crates to the world. [`home::Home`] is a folder; [`group::Group`] is
//! one group of it, open for a command: a method for each thing people do, which checks what was
//! typed, writes signed envelopes into the ledger, and saves them in one transaction or not at all.
//! What the methods return is what the command line prints, as a page or as JSON. The clock is an
//! argument; randomness comes from the platform.
//!
//! ```
//! use copact_core::day::Day;
//! use copact_node::founding;
//! use copact_node::home::{Clock, Home};
//!
//! let folder = tempfile::tempdir()?;
//! let clock = Clock { seconds: 1_772_366_400, day: Day::parse("2026-03-01")? };
//! let home = Home::new(folder.path().join("home"), Some(folder.path().join("state")), clock);
//!
//! founding::found(&home, "Green Lane", "Ann", None, &[], None)?;
//! let mut group = home.open(None)?;
//! group.new_meeting("Spring meeting", None, None)?;
//! group.tap(Some("Spring meeting"), None, None)?;
//! assert_eq!(group.meetings().totals.attendances, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod anchors;
pub mod attendance;
pub mod bundle;
pub mod checkpoints;
pub mod contract;
pub mod counting;
pub mod decisions;
pub mod demo;
pub mod doctor;
pub mod error;
pub mod evidence;
pub mod file;
mod find;
pub mod first_screen;
pub mod founding;
pub mod goals;
pub mod group;
pub mod home;
pub mod inviting;
pub mod meetings;

pub mod peers;
pub mod people;
pub mod quarters;
pub mod repair;
pub mod status;
pub mod versions;
mod waiting;
pub mod work;
