//! LANs of this machine's own: hosts in Linux network namespaces, joined by bridges.
//!
//! ```no_run
//! use copact_tests::lan::World;
//!
//! let Some(world) = World::new() else { return }; // the kernel forbids it, and that was said
//! let room = world.bridge();
//! let (anna, bela) = (world.host(), world.host());
//! anna.join(room); // an interface that is up, with an address of its own: 10.BRIDGE.0.HOST/24
//! bela.join(room);
//! let mut copact = anna.start(anna.command("copact").args(["sync", "--watch"]));
//! bela.cut(room); // the cable is pulled; the interface and its address stay
//! bela.mend(room);
//! bela.leave(room); // the interface is gone
//! copact.kill(); // as kill -9 does; dropping it does so, too
//! ```
//!
//! No host has a default route unless [`Host::route`] gives it one, and nothing of a world is seen
//! by this machine's own interfaces. A world that is dropped, also by a panic, kills what runs in
//! it and removes its namespaces; one that was killed is removed by the next. Names hold the
//! process's number, so that worlds side by side do not meet.
//!
//! Only std is used, so that another package's tests may take this file in by its path.

use std::net::Ipv4Addr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

/// What this world's namespaces are called, before the process's number.
const NAME: &str = "copact-lan-";

/// What the kernel, or the container that tests run in, says when it forbids namespaces.
const FORBIDS: [&str; 5] = [
    "Operation not permitted",
    "Permission denied",
    "Operation not supported",
    "Unknown device type",
    "Read-only file system",
];

static WORLDS: AtomicU32 = AtomicU32::new(0);

/// A network that hosts join: a bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bridge(u8);

/// Hosts and bridges that only this process knows.
#[derive(Debug)]
pub struct World {
    name: String,
    bridges: Mutex<u8>,
    hosts: Mutex<u8>,
}

/// A machine of its own, as far as the network can tell.
#[derive(Debug)]
pub struct Host<'w> {
    world: &'w World,
    number: u8,
}

/// A process that is killed when this is dropped.
#[derive(Debug)]
pub struct Process(Child);

impl Process {
    /// The process, for its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    /// Kills it at once and waits until it is gone.
    pub fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }

    /// Waits until it ends.
    pub fn wait(&mut self) -> ExitStatus {
        self.0.wait().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs `ip`; what it complains of if it fails.
fn ip(words: &[&str]) -> Result<String, String> {
    let out = Command::new("ip").args(words).stdin(Stdio::null()).output();
    let out = out.expect("`ip` cannot be run: install iproute2");
    if out.status.success() {
        return Ok(String::from_utf8_lossy(&out.stdout).into_owned());
    }
    Err(format!("ip {}: {}", words.join(" "), String::from_utf8_lossy(&out.stderr).trim()))
}

/// Removes the worlds of processes that are no more.
fn sweep() {
    let Ok(list) = ip(&["netns", "list"]) else { return };
    for name in list.lines().filter_map(|line| line.split_whitespace().next()) {
        let process = name.strip_prefix(NAME).and_then(|rest| rest.split('-').next());
        let Some(process) = process.and_then(|number| number.parse::<u32>().ok()) else { continue };
        if !std::path::Path::new(&format!("/proc/{process}")).exists() {
            remove(name);
        }
    }
}

/// Kills what runs in a namespace of a world, and removes it.
fn remove(namespace: &str) {
    for process in ip(&["netns", "pids", namespace]).unwrap_or_default().split_whitespace() {
        let _ = Command::new("kill").args(["-9", process]).status();
    }
    let _ = ip(&["netns", "del", namespace]);
}

impl World {
    /// An empty world; none, and a line on standard error, where the kernel forbids namespaces.
    ///
    /// # Panics
    /// It fails for another reason.
    pub fn new() -> Option<Self> {
        sweep();
        let number = WORLDS.fetch_add(1, Ordering::Relaxed);
        let name = format!("{NAME}{}-{number}", std::process::id());
        let world = Self { name, bridges: Mutex::new(0), hosts: Mutex::new(0) };
        let switch = world.switch();
        let tried = ip(&["netns", "add", &switch])
            .and_then(|_| ip(&["-n", &switch, "link", "add", "probe", "type", "bridge"]))
            .and_then(|_| ip(&["-n", &switch, "link", "del", "probe"]))
            .and_then(|_| ip(&["-n", &switch, "link", "add", "probe", "type", "veth"]))
            .and_then(|_| ip(&["-n", &switch, "link", "del", "probe"]))
            .and_then(|_| ip(&["netns", "exec", &switch, "true"]));
        match tried {
            Ok(_) => Some(world),
            Err(why) if FORBIDS.iter().any(|forbids| why.contains(forbids)) => {
                eprintln!("skipped: the kernel forbids network namespaces here ({why})");
                None
            }
            Err(why) => panic!("no network namespaces can be made: {why}"),
        }
    }

    /// The namespace with all the bridges.
    fn switch(&self) -> String {
        format!("{}-switch", self.name)
    }

    fn namespace(&self, host: u8) -> String {
        format!("{}-h{host}", self.name)
    }

    /// A new network.
    pub fn bridge(&self) -> Bridge {
        let mut bridges = self.bridges.lock().unwrap();
        *bridges += 1;
        let name = format!("br{bridges}");
        let switch = self.switch();
        // Without a spanning tree, ports forward at once. No snooping: multicasts go to all.
        let kind = ["type", "bridge", "stp_state", "0", "mcast_snooping", "0"];
        let words = [&["-n", &switch, "link", "add", &name][..], &kind].concat();
        ip(&words).unwrap();
        ip(&["-n", &switch, "link", "set", &name, "up"]).unwrap();
        Bridge(*bridges)
    }

    /// A new host without any network but loopback.
    pub fn host(&self) -> Host<'_> {
        let mut hosts = self.hosts.lock().unwrap();
        *hosts += 1;
        let host = Host { world: self, number: *hosts };
        ip(&["netns", "add", &host.namespace()]).unwrap();
        ip(&["-n", &host.namespace(), "link", "set", "lo", "up"]).unwrap();
        host
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let hosts = *self.hosts.lock().unwrap();
        for host in 1..=hosts {
            remove(&self.namespace(host));
        }
        remove(&self.switch());
    }
}

impl Host<'_> {
    fn namespace(&self) -> String {
        self.world.namespace(self.number)
    }

    fn port(&self, bridge: Bridge) -> String {
        format!("p{}x{}", bridge.0, self.number)
    }

    fn interface(bridge: Bridge) -> String {
        format!("eth{}", bridge.0)
    }

    /// Its address on a network.
    pub fn address(&self, bridge: Bridge) -> Ipv4Addr {
        Ipv4Addr::new(10, bridge.0, 0, self.number)
    }

    /// Joins a network: an interface comes up.
    pub fn join(&self, bridge: Bridge) {
        let (switch, own) = (self.world.switch(), self.namespace());
        let (port, interface) = (self.port(bridge), Self::interface(bridge));
        let pair = ["type", "veth", "peer", "name", &interface, "netns", &own];
        ip(&[&["-n", &switch, "link", "add", &port][..], &pair].concat()).unwrap();
        ip(&["-n", &switch, "link", "set", &port, "master", &format!("br{}", bridge.0)]).unwrap();
        ip(&["-n", &switch, "link", "set", &port, "up"]).unwrap();
        let address = format!("{}/24", self.address(bridge));
        ip(&["-n", &own, "addr", "add", &address, "dev", &interface]).unwrap();
        ip(&["-n", &own, "link", "set", &interface, "up"]).unwrap();
    }

    /// Leaves a network: the interface is gone.
    pub fn leave(&self, bridge: Bridge) {
        ip(&["-n", &self.world.switch(), "link", "del", &self.port(bridge)]).unwrap();
    }

    /// Cuts it off a network: nothing comes through, and the interface stays.
    pub fn cut(&self, bridge: Bridge) {
        ip(&["-n", &self.world.switch(), "link", "set", &self.port(bridge), "down"]).unwrap();
    }

    /// Undoes [`Host::cut`].
    pub fn mend(&self, bridge: Bridge) {
        ip(&["-n", &self.world.switch(), "link", "set", &self.port(bridge), "up"]).unwrap();
    }

    /// Makes a network the way to everywhere else, though nobody there forwards anything.
    pub fn route(&self, bridge: Bridge) {
        let via = Ipv4Addr::new(10, bridge.0, 0, 254).to_string();
        ip(&["-n", &self.namespace(), "route", "add", "default", "via", &via]).unwrap();
    }

    /// A command that runs in this host.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.namespace()]).arg(program);
        command
    }

    /// Starts a command made by [`Host::command`].
    pub fn start(&self, command: &mut Command) -> Process {
        Process(command.spawn().unwrap())
    }
}
