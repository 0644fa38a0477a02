//! Evidence of co-production: indicators, and the rules that say what they amount to, computed from
//! a group's views.
//!
//! Pure functions of [`Facts`](facts::Facts), which are read off the views of a ledger: no files,
//! no clock, no randomness. The definitions are those of the design page on evidence; an
//! implementation of that page in another language, made apart, is held against this one.

pub mod case;
pub mod community;
pub mod facts;
pub mod figure;
pub mod indicators;
pub mod report;
pub mod rules;
pub mod text;
pub mod trends;
pub mod window;
