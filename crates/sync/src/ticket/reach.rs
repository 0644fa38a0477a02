//! Where an invite is answered on the network: an extension field, so that a copact that does not
//! know it reads the ticket all the same.
//!
//! ```text
//! salt of the founding envelope (16) | endpoint key (32) | which are IPv6, one bit each (1)
//! then per address: IP (4 or 16) | port (2)
//! ```
//! The salt stands for the discovery key, which is twice as long and follows from it: a ticket is a
//! QR code, so every byte counts.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use copact_core::ids::Salt;

use super::{Extension, Ticket, TicketError};
use crate::greeting::discovery_from_salt;
use crate::limits;

/// The kind of extension field.
const KIND: u16 = 1;

/// Where the invite that a ticket stands for is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The founding envelope's salt: with the group's id it gives the discovery key.
    pub salt: Salt,
    /// The public key of the endpoint that answers for this invite, and for no other.
    pub endpoint: [u8; 32],
    /// Where to look for it, the best first; at most 8. What IPv6 addresses have beside IP and port
    /// means nothing on another device and is not kept.
    pub at: Vec<SocketAddr>,
}

impl Ticket {
    /// Adds where the invite is answered, or replaces it.
    ///
    /// # Errors
    /// [`TicketError::Addresses`]: too many, or one that nobody can dial.
    pub fn with_reach(mut self, reach: &Reach) -> Result<Self, TicketError> {
        let bytes = reach.write().ok_or(TicketError::Addresses)?;
        self.extensions.retain(|field| field.kind != KIND);
        self.extensions.push(Extension { kind: KIND, bytes });
        Ok(self)
    }

    /// Where the invite is answered on the network; `None` when joining goes by files only.
    #[must_use]
    pub fn reach(&self) -> Option<Reach> {
        self.read_reach().ok().flatten()
    }

    /// The group's [discovery key](crate::greeting::discovery_key), if the ticket carries it.
    #[must_use]
    pub fn discovery_key(&self) -> Option<[u8; 32]> {
        Some(discovery_from_salt(self.group, self.reach()?.salt))
    }

    /// As [`Ticket::reach`], telling what is absent from what is malformed.
    pub(super) fn read_reach(&self) -> Result<Option<Reach>, TicketError> {
        let mut fields = self.extensions.iter().filter(|field| field.kind == KIND);
        match (fields.next(), fields.next()) {
            (None, _) => Ok(None),
            (Some(field), None) => Reach::read(&field.bytes).map(Some).ok_or(TicketError::Reach),
            (Some(_), Some(_)) => Err(TicketError::Reach),
        }
    }
}

impl Reach {
    fn write(&self) -> Option<Vec<u8>> {
        if self.at.len() > limits::TICKET_ADDRESSES || !self.at.iter().all(can_be_dialled) {
            return None;
        }
        let mut bytes = [self.salt.as_bytes().as_slice(), &self.endpoint].concat();
        bytes.push(
            (0..).zip(&self.at).fold(0, |six, (place, at)| six | u8::from(at.is_ipv6()) << place),
        );
        for at in &self.at {
            match at.ip() {
                IpAddr::V4(ip) => bytes.extend(ip.octets()),
                IpAddr::V6(ip) => bytes.extend(ip.octets()),
            }
            bytes.extend(at.port().to_be_bytes());
        }
        Some(bytes)
    }

    /// `None` for what [`Reach::write`] does not write.
    fn read(bytes: &[u8]) -> Option<Self> {
        let (&salt, rest) = bytes.split_first_chunk::<16>()?;
        let (&endpoint, rest) = rest.split_first_chunk::<32>()?;
        let (&[mut six], mut rest) = rest.split_first_chunk::<1>()?;
        let mut at = Vec::new();
        while !rest.is_empty() {
            let ip = if six & 1 == 1 {
                let (&octets, after) = rest.split_first_chunk::<16>()?;
                rest = after;
                IpAddr::V6(Ipv6Addr::from(octets))
            } else {
                let (&octets, after) = rest.split_first_chunk::<4>()?;
                rest = after;
                IpAddr::V4(Ipv4Addr::from(octets))
            };
            let (&port, after) = rest.split_first_chunk::<2>()?;
            (rest, six) = (after, six >> 1);
            at.push(SocketAddr::new(ip, u16::from_be_bytes(port)));
        }
        let fits = at.len() <= limits::TICKET_ADDRESSES && at.iter().all(can_be_dialled);
        // A bit for an address that is not there would be a second encoding of the same.
        (six == 0 && fits).then_some(Self { salt: Salt::from_bytes(salt), endpoint, at })
    }
}

/// Whether the address leads to one device.
fn can_be_dialled(at: &SocketAddr) -> bool {
    at.port() != 0 && !at.ip().is_unspecified() && !at.ip().is_multicast()
}
