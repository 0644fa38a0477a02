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
/// Envelopes that a proposal can name: tips, what to restore, the frontier of a quarter.
pub const NAMED: usize = 256;
/// Trustees of one member.
pub const TRUSTEES: usize = 32;
/// Envelopes that an outsider's statement names.
pub const ANCHOR_HEADS: usize = 24;
/// Bytes of a statement that an outsider signs.
pub const ANCHOR_BYTES: usize = 1_024;
/// Days that a proposal stays open when nothing else is said.
pub const PROPOSAL_DAYS: i32 = 30;
/// Bytes of a profile's picture.
pub const PICTURE_BYTES: usize = 64 * 1_024;
/// Bytes of a profile's internet endpoint.
pub const ENDPOINT_BYTES: usize = 256;
/// Members without voice whom one sponsor may have brought in, attendance lists included; judged in
/// the past of each Admit or Assist.
pub const SPONSORED: usize = 256;
/// Operations of one Automerge change. A few bytes can claim 2^60 of them, so they are counted
/// before anything iterates over them; selecting all of a section and deleting it is 16 Ki of them.
pub const CHANGE_OPS: usize = 65_536;
/// Operations that the operations of one change overwrite or delete.
pub const CHANGE_PREDS: usize = 65_536;
/// Operation counters of a document stay below this, far from where Automerge's 32 bits end.
pub const OP_COUNTER: u64 = 1 << 31;
/// Steps up the text's tree that checking the marks of one change may take.
pub const MARK_STEPS: u32 = 1 << 20;
/// Bytes of a mark's name.
pub const MARK_NAME_BYTES: usize = 40;
/// Bytes of a mark's text value.
pub const MARK_VALUE_BYTES: usize = 200;
/// Bytes of a section's or goal's place in the order.
pub const ORDER_BYTES: usize = 64;
/// Bytes of how a goal is measured.
pub const MEASURE_BYTES: usize = 1_024;
/// Bytes of when a goal is due.
pub const DUE_BYTES: usize = 32;
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
