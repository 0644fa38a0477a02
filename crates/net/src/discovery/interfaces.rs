//! The interfaces of this machine that lead to a LAN, as they come and go.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use n0_watcher::Watcher as _;
use netwatch::interfaces::{IpNet, State};
use netwatch::netmon::Monitor;
use tokio::sync::watch;

use super::limits;

/// How often the interfaces are listed where the system tells of changes, and where it does not.
const LISTED: (Duration, Duration) = (Duration::from_secs(15), Duration::from_secs(2));

/// An interface that is up, with its addresses and the lengths of their prefixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lan {
    /// As the system calls it, for the log.
    pub name: String,
    /// The address that multicasts go out from.
    pub by: Ipv4Addr,
    /// Only addresses that are allowed on a LAN.
    pub nets: Vec<(IpAddr, u8)>,
}

/// Whether an address may be announced, and dialled when others announce it: private, or given by
/// a device to itself. Of IPv6 only unique local ones: a link-local one is of no use without the
/// interface, and a global one says where in the world this device is.
pub(super) fn local(ip: IpAddr, loopback: bool) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local() || loopback && ip.is_loopback(),
        IpAddr::V6(ip) => ip.is_unique_local() || loopback && ip.is_loopback(),
    }
}

impl Lan {
    /// Whether a packet from `ip` came from this LAN and not through a router.
    pub(super) fn holds(&self, ip: Ipv4Addr) -> bool {
        hold(&self.nets, IpAddr::V4(ip))
    }

    /// Which of `at` an endpoint has on this LAN; an unspecified address stands for all that the
    /// interface has.
    pub(super) fn of(&self, at: &[SocketAddr]) -> Vec<SocketAddr> {
        let mut here: Vec<SocketAddr> = Vec::new();
        for address in at {
            let any = address.ip().is_unspecified();
            let ips =
                self.nets.iter().map(|(ip, _)| *ip).filter(|ip| {
                    *ip == address.ip() || any && ip.is_ipv4() == address.ip().is_ipv4()
                });
            here.extend(ips.map(|ip| SocketAddr::new(ip, address.port())));
        }
        here.sort_unstable();
        here.dedup();
        here.truncate(limits::ADDRESSES);
        here
    }
}

/// Whether an address lies in one of these networks.
pub(super) fn hold(nets: &[(IpAddr, u8)], ip: IpAddr) -> bool {
    nets.iter().any(|(net, length)| match (net, ip) {
        (IpAddr::V4(net), IpAddr::V4(ip)) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(*length).min(32)).unwrap_or(0);
            u32::from(*net) & mask == u32::from(ip) & mask
        }
        (IpAddr::V6(net), IpAddr::V6(ip)) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(*length).min(128)).unwrap_or(0);
            u128::from(*net) & mask == u128::from(ip) & mask
        }
        _ => false,
    })
}

fn list(state: &State, loopback: bool) -> Vec<Lan> {
    let mut lans: Vec<Lan> = Vec::new();
    for interface in state.interfaces.values().filter(|interface| interface.is_up()) {
        let mut nets: Vec<(IpAddr, u8)> = interface
            .addrs()
            .map(|net| match net {
                IpNet::V4(net) => (IpAddr::V4(net.addr()), net.prefix_len()),
                IpNet::V6 { net, .. } => (IpAddr::V6(net.addr()), net.prefix_len()),
            })
            .filter(|(ip, _)| local(*ip, loopback))
            .collect();
        nets.sort_unstable();
        nets.truncate(limits::ADDRESSES);
        let by = nets.iter().find_map(|(ip, _)| match ip {
            IpAddr::V4(ip) => Some(*ip),
            IpAddr::V6(_) => None,
        });
        if let Some(by) = by {
            lans.push(Lan { name: interface.name().to_owned(), by, nets });
        }
    }
    lans.sort_by(|a, b| a.name.cmp(&b.name));
    if lans.len() > limits::INTERFACES {
        tracing::warn!(
            "this machine has {} interfaces; only the first {} are searched for devices",
            lans.len(),
            limits::INTERFACES
        );
        lans.truncate(limits::INTERFACES);
    }
    lans
}

/// Tells the interfaces, now and whenever they change, until nobody listens.
pub(super) async fn follow(tell: watch::Sender<Vec<Lan>>, loopback: bool) {
    let monitor = Monitor::new().await;
    if let Err(why) = &monitor {
        tracing::info!("the system does not tell when interfaces change ({why}); they are listed");
    }
    let mut told = monitor.as_ref().ok().map(Monitor::interface_state);
    loop {
        let lans = list(&State::new().await, loopback);
        tell.send_if_modified(|before| {
            let new = *before != lans;
            *before = lans;
            new
        });
        let wait = tokio::time::sleep(if told.is_some() { LISTED.0 } else { LISTED.1 });
        tokio::select! {
            () = wait => {}
            () = tell.closed() => return,
            changed = async {
                match &mut told {
                    Some(told) => told.updated().await.is_ok(),
                    None => std::future::pending().await,
                }
            } => if !changed { told = None },
        }
    }
}
