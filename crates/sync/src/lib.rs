//! What leaves a device and comes in again, as files and over the network, sans-IO.
//!
//! A [`bundle`] carries envelopes, texts and profiles from hand to hand, sealed to the devices of
//! a group. A [`ticket`] is an invite as text, and a [`request`] what a newcomer hands back as a
//! file. Over the network a [`greeting`] proves who is who, an [`exchange`] makes two devices
//! equal, and a [`pairing`] lets a newcomer ask. All of them are bytes in and bytes out: clocks,
//! files and randomness are the caller's. Whatever the bytes are, reading them ends in a value or
//! in a sentence for a person, never in a panic, and nothing larger than [`limits`] allows is ever
//! allocated. What is inside is signed by itself; the ledger verifies it.
//!
//! ```
//! use copact_core::ids::GroupId;
//! use copact_sync::box_key::BoxSecret;
//! use copact_sync::bundle::{self, BundleError, Parcel, Recipient, Sealing};
//!
//! let group = GroupId::from_bytes([7; 32]);
//! let (ana, ben) = (BoxSecret::from_bytes(&[1; 32]), BoxSecret::from_bytes(&[2; 32]));
//!
//! // Ana's device writes a bundle for Ben's. The random bytes come from the platform, never twice.
//! let parcel = Parcel::default();
//! let sealing = Sealing { group, recipients: &[ben.public()], random: &[42; 32] };
//! let file = bundle::seal(&parcel, &sealing)?;
//!
//! // Ben's opens it; it was not sealed to Ana's.
//! let opened = bundle::open(&file, &[Recipient { group: Some(group), secret: &ben }])?;
//! assert_eq!(opened.parcel, parcel);
//! let refused = bundle::open(&file, &[Recipient { group: Some(group), secret: &ana }]);
//! assert_eq!(refused, Err(BundleError::NotSealedToMe));
//! # Ok::<(), BundleError>(())
//! ```

pub mod box_key;
pub mod bundle;
mod drawn;
pub mod exchange;
#[cfg(test)]
mod fixtures;
pub mod greeting;
pub mod limits;
mod outer;
pub mod pairing;
pub mod request;
pub mod ticket;
