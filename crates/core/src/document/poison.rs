//! Poison.
