//! Endpoints: how they are bound, and where others reach them.

use std::net::{IpAddr, SocketAddr};

use iroh::endpoint::{BindOpts, Connection, IdleTimeout, QuicTransportConfig, VarInt, presets};
use iroh::{Endpoint, RelayMode, RelayUrl, SecretKey};

use crate::address::{Address, PLACES};
use crate::discovery::Discovery;
use crate::settings::{Bounds, NetError, Settings};

/// The protocol between members' devices.
pub(crate) const SYNC: &[u8] = b"copact/sync/1";
/// The protocol between a newcomer and who invited them.
pub(crate) const PAIR: &[u8] = b"copact/pair/1";

/// Streams that a peer may have open at once: one a common group, and those that end. A stranger
/// needs one, and one more if they are in very many groups.
const STREAMS: u32 = 64;
const STREAMS_OF_STRANGER: u32 = 4;
/// Bytes on their way that a stream, and a connection, may hold in memory; and a stranger's.
const STREAM_WINDOW: u32 = 1_250_000;
const CONNECTION_WINDOW: u32 = 2 * STREAM_WINDOW;
const STRANGERS_WINDOW: u32 = 64 * 1_024;

/// Binds an endpoint: no relay but the group's own, no directory, nothing published. An address
/// with a port is taken by the day's endpoint; those of invites take any port there.
pub(crate) async fn bind(
    settings: &Settings,
    secret: &[u8; 32],
    alpns: &[&[u8]],
    any_port: bool,
    discovery: &Discovery,
) -> Result<Endpoint, NetError> {
    let mut builder = Endpoint::builder(presets::Minimal)
        .secret_key(SecretKey::from_bytes(secret))
        .alpns(alpns.iter().map(|alpn| alpn.to_vec()).collect())
        .relay_mode(relay(settings)?)
        .address_lookup(discovery.lookup())
        .transport_config(transport(settings.bounds));
    let failed = |at: String, why: String| NetError::Bind { at, why };
    if !settings.listen.is_empty() {
        builder = builder.clear_ip_transports();
    }
    for (place, listen) in settings.listen.iter().enumerate() {
        let mut at = *listen;
        if any_port {
            at.set_port(0);
        }
        // One socket of each kind takes what goes anywhere; the others answer, and serve their net.
        let first = !settings.listen.iter().take(place).any(|e| e.is_ipv4() == at.is_ipv4());
        let prefix = if first {
            0
        } else if at.is_ipv4() {
            24
        } else {
            64
        };
        builder = builder
            .bind_addr_with_opts(at, BindOpts::default().set_prefix_len(prefix))
            .map_err(|error| failed(listen.to_string(), error.to_string()))?;
    }
    let everywhere = settings.listen.iter().map(ToString::to_string).collect::<Vec<_>>();
    builder.bind().await.map_err(|error| {
        let at = if everywhere.is_empty() { "any address".into() } else { everywhere.join(", ") };
        failed(at, root(&error))
    })
}

/// The innermost cause: the part of a chain of errors that says what to do about it.
fn root(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

fn relay(settings: &Settings) -> Result<RelayMode, NetError> {
    let Some(url) = &settings.relay else { return Ok(RelayMode::Disabled) };
    let parsed: RelayUrl = url.parse().map_err(|_| NetError::Relay(url.clone()))?;
    Ok(RelayMode::custom([parsed]))
}

fn transport(bounds: Bounds) -> QuicTransportConfig {
    let idle = IdleTimeout::try_from(bounds.idle).ok();
    QuicTransportConfig::builder()
        .max_concurrent_bidi_streams(VarInt::from_u32(STREAMS_OF_STRANGER))
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .stream_receive_window(VarInt::from_u32(STREAM_WINDOW))
        .receive_window(VarInt::from_u32(STRANGERS_WINDOW))
        .send_window(u64::from(CONNECTION_WINDOW))
        .datagram_receive_buffer_size(None)
        .max_idle_timeout(idle)
        .keep_alive_interval(bounds.idle / 3)
        .build()
}

/// The other side was greeted: it may send more at once than strangers.
pub(crate) fn trust(connection: &Connection) {
    connection.set_receive_window(VarInt::from_u32(CONNECTION_WINDOW));
    connection.set_max_concurrent_bi_streams(VarInt::from_u32(STREAMS));
}

/// Where others reach an endpoint, those that most likely work first.
pub(crate) fn address(endpoint: &Endpoint) -> Address {
    let mut at: Vec<SocketAddr> = endpoint.addr().ip_addrs().copied().collect();
    at.retain(|at| !at.ip().is_unspecified() && at.port() != 0);
    at.sort_by_key(|at| (rank(at.ip()), *at));
    at.dedup();
    at.truncate(PLACES);
    Address { endpoint: *endpoint.id().as_bytes(), at }
}

/// The order in which people and programs should try: home networks and hotspots, what may be
/// reached from elsewhere, and what needs the right interface.
fn rank(ip: IpAddr) -> u8 {
    match ip {
        IpAddr::V4(ip) if ip.is_private() => 0,
        IpAddr::V4(ip) if ip.is_link_local() => 3,
        IpAddr::V4(ip) if ip.is_loopback() => 5,
        IpAddr::V4(_) => 1,
        IpAddr::V6(ip) if ip.is_loopback() => 5,
        IpAddr::V6(ip) if ip.is_unicast_link_local() => 4,
        IpAddr::V6(_) => 2,
    }
}
