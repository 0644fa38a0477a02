//! Every limit of files and messages, in one place; checked before anything is allocated.

/// Bytes of a bundle's file.
pub const BUNDLE_BYTES: usize = 256 * 1_024 * 1_024;
/// Devices that one bundle can be sealed to.
pub const RECIPIENTS: usize = 4_096;
/// Bytes of a bundle's header: 4 096 sealed keys of 96 bytes, and what stands before them.
pub const BUNDLE_HEADER_BYTES: usize = 400 * 1_024;
/// Frames of one bundle.
pub const FRAMES: usize = 1_024;
/// Bytes of a frame, inflated.
pub const FRAME_BYTES: usize = 1_024 * 1_024;
/// Bytes of a frame in the file: what does not compress grows a little, and the tag is added.
pub const SEALED_FRAME_BYTES: usize = FRAME_BYTES + 2_048;
/// Bytes of all frames of a bundle together, inflated.
pub const PARCEL_BYTES: usize = 256 * 1_024 * 1_024;
/// Envelopes, texts and profiles of one bundle together.
pub const PARCEL_PARTS: usize = 1_024 * 1_024;

/// Bytes of a ticket's record, before it is written as text.
pub const TICKET_BYTES: usize = 1_024;
/// Bytes of a pasted ticket, white space included.
pub const TICKET_TEXT_BYTES: usize = 16 * 1_024;
/// Extension fields of one ticket.
pub const EXTENSIONS: usize = 16;
/// Bytes of one extension field.
pub const EXTENSION_BYTES: usize = 256;

/// Bytes of a join request's record: mostly the picture in its profile.
pub const REQUEST_BYTES: usize = 80 * 1_024;

/// Groups that one greeting can offer; a device in more offers the rest on a further stream.
pub const GROUPS_OFFERED: usize = 64;
/// The number of offered groups is hidden up to a multiple of this.
pub const GROUPS_PADDED_TO: usize = 8;
/// Admissions that a device brings to show that it was let in: those that lead from a member to it.
pub const ADMISSIONS: usize = 8;
/// Bytes of one admission: a founding with all its first members has half of that.
pub const ADMISSION_BYTES: usize = 32 * 1_024;
/// Bytes of a greeting's first message, with 64 MACs.
pub const CALL_BYTES: usize = GROUPS_OFFERED * 34 + 8;
/// Bytes of a greeting's second message.
pub const ANSWER_BYTES: usize = 96;
/// Bytes of a greeting's third and fourth message.
pub const PROOF_BYTES: usize = ADMISSIONS * (ADMISSION_BYTES + 4) + 128;

/// Bytes of a join request's file: the record and its outer form.
pub const REQUEST_FILE_BYTES: usize = REQUEST_BYTES + 64;
/// Bytes of pairing's first message.
pub const COMMIT_BYTES: usize = 96;
/// Bytes of pairing's second message.
pub const NONCE_BYTES: usize = 64;
/// Bytes of pairing's third message.
pub const OPEN_BYTES: usize = REQUEST_FILE_BYTES + 64;
/// Bytes of why a newcomer is refused.
pub const REFUSAL_BYTES: usize = 300;
/// Bytes of pairing's last message.
pub const VERDICT_BYTES: usize = REFUSAL_BYTES + 16;

/// Addresses in one ticket.
pub const TICKET_ADDRESSES: usize = 8;

/// Bytes of one message of an exchange.
pub const MESSAGE_BYTES: usize = FRAME_BYTES + 64 * 1_024;
/// Bytes that a summary, ladders and a list take of a message at most.
pub const SUMMARY_BYTES: usize = MESSAGE_BYTES - 32 * 1_024;
/// Tips of one chain that a summary names; with more it gives their digest.
pub const TIPS: usize = 64;
/// Chains that one message names.
pub const CHAINS: usize = 16 * 1_024;
/// Rungs of one ladder: enough for 2^16 envelopes on each of some branches.
pub const RUNGS: usize = 1_024;
/// Ids in a list of everything.
pub const LISTED: usize = 100 * 1_024;
/// Profile records that one message names.
pub const RECORDS: usize = 4_096;
/// Texts that one message asks for.
pub const WANTED: usize = 256;
/// Data shorter than this is not deflated.
pub const DEFLATE_FROM: usize = 400;
/// Bytes of a parcel, inflated, that a sender puts into one message.
pub const PARCEL_TARGET: usize = 64 * 1_024;
/// Bytes of data that may be sent before the receiver opens the window again.
pub const WINDOW: usize = 512 * 1_024;
/// Envelopes of one author that are taken in on one day of the receiver's.
pub const DAY_ENVELOPES: u32 = 2_000;
/// Bytes of them.
pub const DAY_BYTES: u64 = 8 * 1_024 * 1_024;
/// Envelopes whose ancestors are missing that are kept for one peer.
pub const ORPHANS: usize = 256;
/// Bytes of them.
pub const ORPHAN_BYTES: usize = 1_024 * 1_024;
/// Requests to one peer, one after the other, that bring nothing new.
pub const FRUITLESS: u32 = 8;
/// How many of them are made before everything is listed.
pub const BEFORE_LIST: u32 = 4;
/// Steps along chains that the messages of one peer may cost at once, and in each second.
pub const STEPS: u64 = 4_000_000;
/// Ends of chains that a peer has and this device lacks, up to which others are asked at the same
/// time. How much lies behind an end does not matter: each chain is asked of one only, and what is
/// under way of each peer is bounded by its window.
pub const FEW_LACKING: usize = 64;
/// Chains of its own that a device names when it meets another.
pub const OWN_CHAINS: usize = 8;
/// Milliseconds in which an answer must begin, and after which it must keep to its rate.
pub const PATIENCE: u64 = 10_000;
/// Bytes of new envelopes a second that an answer must bring.
pub const RATE: u64 = 4 * 1_024;
/// Milliseconds that news may wait, so that several go in one message.
pub const NEWS: u64 = 40;
/// Tips that a peer may name and this device not have.
pub const UNKNOWN: usize = 64 * 1_024;
/// Texts that a peer may wait for.
pub const TEXTS_DUE: usize = 1_024;
/// Milliseconds after which sets that should be equal by now are compared again.
pub const RECHECK: u64 = 3_000;
/// How often all that there is may be sent on one connection, and how many envelopes besides.
pub const SERVED_TIMES: usize = 3;
/// Envelopes that may be sent on one connection besides.
pub const SERVED_BESIDES: usize = 64;
/// Texts that may be asked for on one connection, besides all that there are twice.
pub const TEXTS_BESIDES: usize = 16;
/// Milliseconds after which it is looked whether another day has begun.
pub const DAY_LOOK: u64 = 10 * 60 * 1_000;
