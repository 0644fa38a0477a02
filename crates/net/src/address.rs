//! Where an endpoint answers, as people type it.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use data_encoding::{BASE32_NOPAD, HEXLOWER_PERMISSIVE};
use iroh::{EndpointAddr, EndpointId, TransportAddr};

/// Socket addresses that one address may have.
pub const PLACES: usize = 8;
/// Bytes of a typed address.
const TEXT_BYTES: usize = 1_024;

/// Where an endpoint answers: `ID@IP:PORT[,IP:PORT…]` as people type it, or `ID` alone for one that
/// is to be found on the LAN. The id is written in base32, 52 lowercase letters and digits; 64
/// hexadecimal digits are read, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The endpoint's public key.
    pub endpoint: [u8; 32],
    /// Where to look for it; may be empty when it is to be found on the LAN.
    pub at: Vec<SocketAddr>,
}

/// Why a text is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Far too long.
    #[error("this is too long for the address of a device; it is written ID@IP:PORT")]
    TooLong,
    /// The id is none.
    #[error(
        "“{0}” is no id of a device, which has 52 letters and digits; copy the whole address, as \
         `copact peers` shows it"
    )]
    Id(String),
    /// The id has the right form, and is no key.
    #[error("the id of this address has a typing error; copy it again, as `copact peers` shows it")]
    Key,
    /// A place is none.
    #[error("“{0}” is no IP:PORT, as in 192.168.1.5:4433 or [fe80::1]:4433")]
    Place(String),
    /// Nobody can be reached there.
    #[error("nobody can be reached at {0}; write the address of one device, and its port")]
    Unusable(SocketAddr),
    /// Too many places.
    #[error("an address has at most 8 places; leave out those of other networks")]
    TooManyPlaces,
}

impl Address {
    /// How iroh writes it.
    pub(crate) fn for_iroh(&self) -> Option<EndpointAddr> {
        let id = EndpointId::from_bytes(&self.endpoint).ok()?;
        Some(EndpointAddr::from_parts(id, self.at.iter().copied().map(TransportAddr::Ip)))
    }
}

/// An endpoint's id as people see it.
pub(crate) fn id_text(endpoint: &[u8; 32]) -> String {
    BASE32_NOPAD.encode(endpoint).to_ascii_lowercase()
}

/// Enough of an endpoint's id to tell it from others, for the log.
pub(crate) fn short(endpoint: &[u8; 32]) -> String {
    id_text(endpoint).chars().take(8).collect()
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&id_text(&self.endpoint))?;
        for (place, at) in self.at.iter().enumerate() {
            write!(f, "{}{at}", if place == 0 { '@' } else { ',' })?;
        }
        Ok(())
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if text.len() > TEXT_BYTES {
            return Err(AddressError::TooLong);
        }
        let text = text.trim();
        let (id, places) = text.split_once('@').map_or((text, None), |(id, at)| (id, Some(at)));
        let endpoint = parse_id(id)?;
        let mut at = Vec::new();
        for place in places.into_iter().flat_map(|places| places.split(',')) {
            if at.len() == PLACES {
                return Err(AddressError::TooManyPlaces);
            }
            let socket: SocketAddr =
                place.trim().parse().map_err(|_| AddressError::Place(place.trim().to_owned()))?;
            if socket.port() == 0 || socket.ip().is_unspecified() || socket.ip().is_multicast() {
                return Err(AddressError::Unusable(socket));
            }
            if !at.contains(&socket) {
                at.push(socket);
            }
        }
        Ok(Self { endpoint, at })
    }
}

fn parse_id(id: &str) -> Result<[u8; 32], AddressError> {
    let id = id.trim();
    let wrong = || AddressError::Id(id.to_owned());
    let bytes = if id.len() == 64 {
        HEXLOWER_PERMISSIVE.decode(id.as_bytes())
    } else {
        BASE32_NOPAD.decode(id.to_ascii_uppercase().as_bytes())
    };
    let bytes: [u8; 32] = bytes.map_err(|_| wrong())?.try_into().map_err(|_| wrong())?;
    EndpointId::from_bytes(&bytes).map_err(|_| AddressError::Key)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn id() -> [u8; 32] {
        *iroh::SecretKey::from_bytes(&[7; 32]).public().as_bytes()
    }

    fn refused(text: &str) -> AddressError {
        text.parse::<Address>().unwrap_err()
    }

    #[test]
    fn an_address_reads_as_it_was_written() {
        let places = ["192.168.1.5:4433", "[fe80::1]:9"].map(|at| at.parse().unwrap());
        for at in [Vec::new(), places.get(..1).unwrap().to_vec(), places.to_vec()] {
            let address = Address { endpoint: id(), at };
            assert_eq!(address.to_string().parse(), Ok(address));
        }
    }

    #[test]
    fn hexadecimal_capitals_and_spaces_are_read() {
        let expected = Address { endpoint: id(), at: vec!["10.0.0.1:1".parse().unwrap()] };
        let hex = data_encoding::HEXUPPER.encode(&id());
        assert_eq!(format!(" {hex}@10.0.0.1:1 \n").parse(), Ok(expected.clone()));
        let base32 = BASE32_NOPAD.encode(&id());
        assert_eq!(format!("{base32}@10.0.0.1:1, 10.0.0.1:1").parse(), Ok(expected));
    }

    #[test]
    fn what_is_no_address_gets_its_sentence() {
        let good = id_text(&id());
        assert!(matches!(refused(""), AddressError::Id(_)));
        assert!(matches!(refused("ana@10.0.0.1:1"), AddressError::Id(_)));
        assert!(matches!(refused(&format!("{good}a")), AddressError::Id(_)));
        assert!(matches!(refused("10.0.0.1:4433"), AddressError::Id(_)));
        // A y coordinate with which no point of the curve exists.
        let off_the_curve: [u8; 32] = std::array::from_fn(|at| if at == 0 { 2 } else { 0 });
        assert_eq!(refused(&id_text(&off_the_curve)), AddressError::Key);
        for place in ["", "10.0.0.1", "house:1", "10.0.0.1:70000", "10.0.0.1:1,"] {
            let error = refused(&format!("{good}@{place}"));
            assert!(matches!(error, AddressError::Place(_)), "{place}: {error:?}");
        }
        for place in ["0.0.0.0:1", "10.0.0.1:0", "[::]:1", "224.0.0.251:5353"] {
            let error = refused(&format!("{good}@{place}"));
            assert!(matches!(error, AddressError::Unusable(_)), "{place}: {error:?}");
        }
        let many: Vec<String> = (1..=9).map(|last| format!("10.0.0.{last}:1")).collect();
        assert_eq!(refused(&format!("{good}@{}", many.join(","))), AddressError::TooManyPlaces);
        assert_eq!(refused(&"a".repeat(1_025)), AddressError::TooLong);
    }
}
