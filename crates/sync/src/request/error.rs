//! What a request asks for, and why one is refused.

use std::fmt;

use copact_core::keys::KeyError;
use copact_core::profile::ProfileError;

use super::FORM;
use crate::limits;
use crate::outer::Fault;

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// [`super::JoinRequest::Found`].
    Found,
    /// [`super::JoinRequest::Join`].
    Join,
    /// [`super::JoinRequest::Device`].
    Device,
}

impl fmt::Display for RequestKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Found => "to found a group together",
            Self::Join => "to join a group by invite",
            Self::Device => "to add a device to a member",
        })
    }
}

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Another kind of file.
    #[error("this file is not a copact join request; choose the file that `copact join` wrote")]
    NotARequest,
    /// Made by a later copact.
    #[error(
        "this join request was made by a newer version of copact (request version {found}, this copact reads {}); update copact on this device",
        FORM.version
    )]
    NewerVersion {
        /// The version it says.
        found: u8,
    },
    /// The file ends too early.
    #[error("this join request is cut off: its end is missing; copy the whole file again")]
    Truncated,
    /// Bytes are not those that were written.
    #[error("this join request was damaged or altered on its way; ask the newcomer for it again")]
    Altered,
    /// Longer than a request can be.
    #[error(
        "this join request is larger than {} bytes; make it again with a smaller picture",
        limits::REQUEST_BYTES
    )]
    TooLarge,
    /// Whole, but not what copact writes.
    #[error(
        "this join request has contents that no copact writes; ask the newcomer to make it again"
    )]
    Malformed,
    /// The device's consent is not in order.
    #[error("the device in this join request did not sign exactly this; {0}")]
    Consent(KeyError),
    /// Bundles could not be sealed to the device.
    #[error("the box key in this join request is weak; ask the newcomer to make the request again")]
    WeakBoxKey,
    /// The profile is not in order.
    #[error("the profile in this join request is not in order: {0}")]
    Profile(#[from] ProfileError),
    /// The profile is another device's, or about somebody else.
    #[error(
        "the profile in this join request is not the newcomer's own; ask them to make the request again"
    )]
    ForeignProfile,
    /// A request for something else.
    #[error("this is a request {found}, but one {wanted} is needed here; {}", advice(.found, .wanted))]
    WrongKind {
        /// What it asks for.
        found: RequestKind,
        /// What is needed.
        wanted: RequestKind,
    },
    /// Not an answer to this ticket.
    #[error(
        "this join request was not made from this invite; ask the newcomer to make it again from the ticket that you gave them"
    )]
    OtherInvite,
    /// The ticket is for the other purpose.
    #[error("this ticket is {}", ticket_use(.0))]
    WrongTicket(RequestKind),
}

const fn advice(found: &RequestKind, wanted: &RequestKind) -> &'static str {
    match (found, wanted) {
        (RequestKind::Found, _) => {
            "give the newcomer a ticket, and let them use `copact join TICKET`"
        }
        (_, RequestKind::Found) => "found the group first, or let them use `copact join --found`",
        (RequestKind::Device, _) => "use it on the member's own device, with `copact device add`",
        (_, _) => {
            "use `copact admit`, or make a ticket for a further device with `copact device add`"
        }
    }
}

const fn ticket_use(kind: &RequestKind) -> &'static str {
    match kind {
        RequestKind::Device => {
            "for a further device of a member, not for a newcomer; ask for an invite, or add the device"
        }
        _ => "for a newcomer, not for a further device; make one with `copact device add`",
    }
}

impl From<Fault> for RequestError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Foreign => Self::NotARequest,
            Fault::Newer(found) => Self::NewerVersion { found },
            Fault::Truncated => Self::Truncated,
            Fault::Altered => Self::Altered,
            Fault::TooLarge => Self::TooLarge,
        }
    }
}
