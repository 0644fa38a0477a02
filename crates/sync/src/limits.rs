//! Every limit of the file forms, in one place; checked before anything is allocated.

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
