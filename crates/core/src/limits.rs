//! Every limit, in one place.
//!
//! Limits on one envelope are refusals, checked before anything is allocated. They are part of the
//! protocol: two devices with different limits would have different sets.

/// Bytes of an encoded header.
pub const HEADER_BYTES: usize = 2_048;
/// Bytes of an encoded body, salt not counted.
pub const BODY_BYTES: usize = 256 * 1_024;
/// What an envelope may name as its parents.
pub const PARENTS: usize = 32;
/// Bytes of a side text, and of one section's body.
pub const TEXT_BYTES: usize = 16 * 1_024;
/// Bytes of a name of a member, group or meeting title.
pub const NAME_BYTES: usize = 200;
/// Bytes of the group's own word for a role.
pub const ROLE_BYTES: usize = 60;
/// Bytes of the purpose of a permission.
pub const PURPOSE_BYTES: usize = 100;
/// Minutes of one contribution: a day.
pub const CONTRIBUTION_MINUTES: u32 = 24 * 60;
/// Entries that one attestation may name.
pub const ATTESTED: usize = 256;
/// Things that one Erase may name.
pub const ERASED: usize = 256;
/// People present at a headcount-only meeting.
pub const HEADCOUNT: u32 = 100_000;
/// Members that can found a group together.
pub const FIRST_MEMBERS: usize = 64;
/// Heads of a contract version that can be ratified.
pub const VERSION_HEADS: usize = 24;
/// Bytes of a statement that an outsider signs.
pub const ANCHOR_BYTES: usize = 1_024;
/// Days that a proposal stays open when nothing else is said.
pub const PROPOSAL_DAYS: i32 = 30;
/// Bytes of a profile's picture.
pub const PICTURE_BYTES: usize = 64 * 1_024;
/// Bytes of a profile's internet endpoint.
pub const ENDPOINT_BYTES: usize = 256;
/// Bytes of a contract written as Markdown.
pub const CONTRACT_BYTES: usize = 256 * 1_024;
/// Bytes of the minutes of a meeting.
pub const MINUTES_BYTES: usize = 64 * 1_024;
/// Sections of a contract.
pub const SECTIONS: usize = 64;
/// Goals of a contract.
pub const GOALS: usize = 200;
/// Bytes of a goal's text.
pub const GOAL_BYTES: usize = 1_024;
/// Bytes of a goal's measure.
pub const MEASURE_BYTES: usize = 1_024;
/// Bytes of the string that places a section or goal among the others.
pub const ORDER_BYTES: usize = 64;
