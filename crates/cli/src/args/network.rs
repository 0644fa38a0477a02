//! Syncing with other devices over the network.

use std::net::SocketAddr;

use clap::Args;

/// With whom to sync, and how long.
#[derive(Debug, Args)]
pub struct SyncDevices {
    /// Go on until Ctrl-C; other commands on this computer act through it
    #[arg(long)]
    pub watch: bool,
    /// Look for devices on the local network also when some are named with --with
    #[arg(long)]
    pub lan: bool,
    /// A device to sync with: its address, as `copact peers` shows it, or a ticket from it
    #[arg(long = "with", value_name = "TICKET|ADDR")]
    pub with: Vec<String>,
    /// Where to be reached over the network
    #[command(flatten)]
    pub listen: Listen,
}

/// Where to be reached.
#[derive(Clone, Debug, Default, Args)]
pub struct Listen {
    /// Listen here only, e.g. 192.168.1.5:4433; else everywhere, on any port
    #[arg(long = "listen", value_name = "IP:PORT")]
    pub at: Vec<String>,
}

impl Listen {
    /// Whether only this computer itself can reach it.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let loopback = |at: &String| at.parse::<SocketAddr>().is_ok_and(|at| at.ip().is_loopback());
        !self.at.is_empty() && self.at.iter().all(loopback)
    }
}
