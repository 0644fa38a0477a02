//! Discovery as iroh asks for it.

use std::time::Duration;

use iroh::address_lookup::{
    AddressLookup, AddressLookupBuilder, AddressLookupBuilderError, EndpointData, EndpointInfo,
    Error, Item,
};
use iroh::{Endpoint, EndpointId, TransportAddr};
use n0_future::boxed::BoxStream;
use n0_future::stream;

use super::{Announced, Discovery, Sighting};

/// How long a dial waits for an endpoint that is not known yet.
const WAITS: Duration = Duration::from_secs(10);

/// What [`Discovery::lookup`] gives to `Endpoint::builder(…).address_lookup(…)`: the endpoint is
/// announced where it listens, as long as it lives, and dials whom discovery knows.
#[derive(Clone, Debug)]
pub struct Lookup {
    pub(super) discovery: Discovery,
}

#[derive(Debug)]
struct Looking {
    discovery: Discovery,
    _announced: Announced,
}

impl AddressLookupBuilder for Lookup {
    fn into_address_lookup(
        self,
        endpoint: &Endpoint,
    ) -> Result<impl AddressLookup, AddressLookupBuilderError> {
        let announced = self.discovery.announce(endpoint.id(), endpoint.bound_sockets());
        Ok(Looking { discovery: self.discovery, _announced: announced })
    }
}

impl AddressLookup for Looking {
    fn resolve(&self, endpoint: EndpointId) -> Option<BoxStream<Result<Item, Error>>> {
        let sightings = self.discovery.subscribe();
        let until = tokio::time::Instant::now() + WAITS;
        let found = stream::unfold(Some(sightings), move |sightings| async move {
            let mut sightings = sightings?;
            loop {
                match tokio::time::timeout_at(until, sightings.next()).await.ok()?? {
                    Sighting::Found { endpoint: id, at } if id == endpoint => {
                        let at = at.into_iter().map(TransportAddr::Ip).collect();
                        let info = EndpointInfo::from_parts(id, EndpointData::new(at));
                        return Some((Ok(Item::new(info, "lan", None)), None));
                    }
                    _ => {}
                }
            }
        });
        Some(Box::pin(found))
    }
}
