//! What is said on the LAN, as multicast DNS (RFC 6762, 6763): a question for the service, and the
//! answer of one endpoint.
//!
//! An answer has the endpoint's id, its ports and its addresses on that LAN, and nothing else: no
//! group, no member, no name of the device (threats 24, 47). Bonjour asks and answers the same.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use data_encoding::BASE32_NOPAD;
use iroh::EndpointId;
use simple_dns::rdata::{A, AAAA, PTR, RData, SRV, TXT};
use simple_dns::{CLASS, Name, Packet, PacketFlag, Question, ResourceRecord, TYPE};

use super::limits;

/// The service, as DNS labels.
const SERVICE: [&str; 3] = ["_irohv1", "_udp", "local"];

/// Seconds that others keep an answer; Bonjour's usual figure.
pub(super) const KEPT: u32 = 120;

/// What somebody said about one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    pub endpoint: EndpointId,
    /// Not yet judged: any address at all. Empty when the endpoint says goodbye, or gave none.
    pub at: Vec<SocketAddr>,
    /// The endpoint goes away.
    pub goodbye: bool,
}

/// A packet as far as it concerns this service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// Somebody asks who is there.
    Question,
    /// Endpoints that answer, at most [`limits::OFFERS`].
    Offers(Vec<Offer>),
}

/// An endpoint id as the instance's label: 52 of the 63 bytes that a label may have.
pub(super) fn label(endpoint: &EndpointId) -> String {
    BASE32_NOPAD.encode(endpoint.as_bytes()).to_lowercase()
}

fn endpoint(label: &[u8]) -> Option<EndpointId> {
    if label.len() != 52 {
        return None;
    }
    let bytes = BASE32_NOPAD.decode(&label.to_ascii_uppercase()).ok()?;
    EndpointId::from_bytes(&bytes.try_into().ok()?).ok()
}

/// The question for the service.
pub(super) fn question() -> Option<Vec<u8>> {
    let service = SERVICE.join(".");
    let mut packet = Packet::new_query(0);
    let name = Name::new(&service).ok()?;
    packet.questions.push(Question::new(name, TYPE::PTR.into(), CLASS::IN.into(), false));
    packet.build_bytes_vec_compressed().ok()
}

/// The answer of one endpoint, kept by others for `seconds`; 0 takes it back.
pub(super) fn answer(endpoint: &EndpointId, at: &[SocketAddr], seconds: u32) -> Option<Vec<u8>> {
    let id = label(endpoint);
    let service = SERVICE.join(".");
    let instance = format!("{id}.{service}");
    // A host for each port, because an SRV record has one port for all addresses of its host.
    let mut ports: Vec<u16> = at.iter().map(SocketAddr::port).collect();
    ports.sort_unstable();
    ports.dedup();
    let hosts: Vec<(u16, String)> =
        ports.into_iter().map(|port| (port, format!("{id}-{port}.local"))).collect();

    let record = |name, data| ResourceRecord::new(name, CLASS::IN, seconds, data);
    let mut packet = Packet::new_reply(0);
    packet.set_flags(PacketFlag::AUTHORITATIVE_ANSWER);
    let instance = Name::new(&instance).ok()?;
    let pointer = RData::PTR(PTR(instance.clone()));
    packet.answers.push(record(Name::new(&service).ok()?, pointer));
    for (port, host) in &hosts {
        let target = Name::new(host).ok()?;
        let place = SRV { priority: 0, weight: 0, port: *port, target: target.clone() };
        packet.answers.push(record(instance.clone(), RData::SRV(place)));
        for address in at.iter().filter(|address| address.port() == *port) {
            let data = match address.ip() {
                IpAddr::V4(ip) => RData::A(A { address: ip.into() }),
                IpAddr::V6(ip) => RData::AAAA(AAAA { address: ip.into() }),
            };
            packet.additional_records.push(record(target.clone(), data));
        }
    }
    // DNS-SD wants a TXT record of every instance; there is nothing to say in it.
    let nothing = TXT::new().with_string("").ok()?;
    packet.answers.push(record(instance.clone(), RData::TXT(nothing)));
    packet.build_bytes_vec_compressed().ok()
}

/// Whether a name is the service, and the label before it if there is one.
fn in_service<'n>(name: &'n Name<'_>) -> Option<Option<&'n [u8]>> {
    let labels: Vec<&[u8]> = name.as_bytes().take(5).collect();
    let is = |labels: &[&[u8]]| {
        labels.len() == SERVICE.len()
            && labels.iter().zip(SERVICE).all(|(a, b)| a.eq_ignore_ascii_case(b.as_bytes()))
    };
    match labels.split_first() {
        _ if is(&labels) => Some(None),
        Some((first, rest)) if is(rest) => Some(Some(first)),
        _ => None,
    }
}

/// Whether a question's name is about one of this process's endpoints: an instance, or a host.
fn concerns(name: &Name<'_>, own: &[String]) -> bool {
    let Some(first) = name.as_bytes().next() else { return false };
    let first = first.to_ascii_lowercase();
    own.iter().any(|id| first.starts_with(id.as_bytes()))
}

fn be16(bytes: &[u8]) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.try_into().ok()?))
}

/// Reads a packet that came over the network; nothing if it is damaged or about something else.
/// `own` are the labels of this process's endpoints.
pub(super) fn read(bytes: &[u8], own: &[String]) -> Option<Heard> {
    // The counts first: room is made for as many records as a packet says it has.
    let counts = bytes.get(4..12)?.chunks_exact(2);
    let records: u32 = counts.filter_map(|two| Some(u32::from(be16(two)?))).sum();
    if bytes.len() > limits::PACKET || records > limits::RECORDS_SAID {
        return None;
    }
    let packet = Packet::parse(bytes).ok()?;
    if packet.has_flags(PacketFlag::RESPONSE) {
        return offers(&packet);
    }
    let asked = packet.questions.iter().take(limits::RECORDS).any(|question| {
        in_service(&question.qname) == Some(None) || concerns(&question.qname, own)
    });
    asked.then_some(Heard::Question)
}

fn offers(packet: &Packet<'_>) -> Option<Heard> {
    let records = || packet.answers.iter().chain(&packet.additional_records).take(limits::RECORDS);
    let mut offers: Vec<Offer> = Vec::new();
    for record in records() {
        let (endpoint, place) = match &record.rdata {
            RData::SRV(place) => {
                let id = in_service(&record.name).flatten().and_then(endpoint);
                (id, Some(place))
            }
            RData::PTR(PTR(instance)) if in_service(&record.name) == Some(None) => {
                (in_service(instance).flatten().and_then(endpoint), None)
            }
            _ => continue,
        };
        let Some(endpoint) = endpoint else { continue };
        let known = offers.iter().position(|offer| offer.endpoint == endpoint);
        let at = known.unwrap_or(offers.len());
        if known.is_none() {
            if at == limits::OFFERS {
                continue;
            }
            offers.push(Offer { endpoint, at: Vec::new(), goodbye: false });
        }
        let Some(offer) = offers.get_mut(at) else { continue };
        offer.goodbye |= record.ttl == 0;
        if let Some(place) = place {
            offer.at.extend(addresses(records(), place));
            offer.at.truncate(limits::ADDRESSES);
        }
    }
    (!offers.is_empty()).then_some(Heard::Offers(offers))
}

fn addresses<'r, 'p: 'r>(
    records: impl Iterator<Item = &'r ResourceRecord<'p>>,
    place: &SRV<'_>,
) -> Vec<SocketAddr> {
    let host: Vec<&[u8]> = place.target.as_bytes().collect();
    let at_host = records.filter(|record| {
        let mut labels = record.name.as_bytes();
        host.iter().all(|a| labels.next().is_some_and(|b| a.eq_ignore_ascii_case(b)))
            && labels.next().is_none()
    });
    let ips = at_host.filter_map(|record| match &record.rdata {
        RData::A(A { address }) => Some(IpAddr::from(Ipv4Addr::from(*address))),
        RData::AAAA(AAAA { address }) => Some(IpAddr::from(Ipv6Addr::from(*address))),
        _ => None,
    });
    ips.map(|ip| SocketAddr::new(ip, place.port)).take(limits::ADDRESSES).collect()
}
