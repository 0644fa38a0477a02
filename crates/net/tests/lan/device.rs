//! A device in a host: this test's own program, run again in a network namespace.
//!
//! It binds a real endpoint, announces it, and dials everybody whom it finds. What happens it says
//! in lines on standard output.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{ChildStdin, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use copact_net::discovery::{Discovery, Reach, Sighting};
use iroh::endpoint::presets;
use iroh::{Endpoint, EndpointId, SecretKey};

use crate::lan::{Bridge, Host, Process};
use crate::log::Log;

const ROLE: &str = "COPACT_LAN_ROLE";
const NUMBER: &str = "COPACT_LAN_NUMBER";
/// The address of the one network that a role uses.
pub const BY: &str = "COPACT_LAN_BY";
/// The one word in front of each line that is meant for the test.
const SAYS: &str = "LAN";
const ALPN: &[u8] = b"copact-tests/lan";
/// Longer than anything takes, also on a machine that is busy with something else.
const PATIENCE: Duration = Duration::from_secs(60);

/// The endpoint key of a number.
pub fn key(number: u8) -> SecretKey {
    SecretKey::from_bytes(&[number; 32])
}

/// The id that the endpoint of a number has.
pub fn id(number: u8) -> EndpointId {
    key(number).public()
}

/// What this process was started as, with its number.
pub fn role() -> Option<(String, u8)> {
    let role = std::env::var(ROLE).ok()?;
    Some((role, std::env::var(NUMBER).unwrap().parse().unwrap()))
}

/// Says a line to the test that started this process.
pub fn say(line: &str) {
    println!("\n{SAYS} {line}");
    std::io::stdout().flush().unwrap();
}

/// A process that plays a role, and the lines that it says.
pub struct Running {
    process: Process,
    lines: mpsc::Receiver<String>,
    said: Vec<String>,
    input: Option<ChildStdin>,
}

/// Runs `test` of this program again in a host, in a role.
pub fn start(host: &Host<'_>, test: &str, role: &str, number: u8) -> Running {
    start_on(host, None, test, role, number)
}

/// The same, for a role that uses one network only.
pub fn start_on(
    host: &Host<'_>,
    bridge: Option<Bridge>,
    test: &str,
    role: &str,
    number: u8,
) -> Running {
    let mut command = host.command(std::env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture", "--test-threads=1"]);
    command.env(ROLE, role).env(NUMBER, number.to_string());
    if let Some(bridge) = bridge {
        command.env(BY, host.address(bridge).to_string());
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut process = host.start(&mut command);
    let (tell, lines) = mpsc::channel();
    let out = BufReader::new(process.child().stdout.take().unwrap());
    std::thread::spawn(move || {
        for line in out.lines().map_while(Result::ok) {
            if let Some(line) = line.strip_prefix(SAYS)
                && tell.send(line.trim().to_owned()).is_err()
            {
                return;
            }
        }
    });
    let input = process.child().stdin.take();
    Running { process, lines, said: Vec::new(), input }
}

impl Running {
    /// Waits for a line that begins with these words, from the beginning or since `forget`.
    /// Returns its rest.
    pub fn until(&mut self, words: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let found = self.said.iter().find_map(|line| line.strip_prefix(words));
            if let Some(rest) = found {
                return rest.trim().to_owned();
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => self.said.push(line),
                Err(why) => panic!("it never said “{words}” ({why}), but {:#?}", self.said),
            }
        }
    }

    /// Tells it a line on standard input.
    pub fn tell(&mut self, line: &str) {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
    }

    /// All it has said until now.
    pub fn said(&mut self) -> &[String] {
        self.said.extend(self.lines.try_iter());
        &self.said
    }

    /// Forgets what was said.
    pub fn forget(&mut self) {
        self.said();
        self.said.clear();
    }

    /// Ends it as a person ends it; it says goodbye.
    pub fn end(&mut self) {
        drop(self.input.take());
        assert!(self.process.wait().success(), "{:#?}", self.said());
    }

    /// Bytes of memory that it has in use.
    pub fn memory(&mut self) -> u64 {
        let status = format!("/proc/{}/status", self.process.child().id());
        let status = std::fs::read_to_string(status).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    pub fn kill(&mut self) {
        self.process.kill();
    }
}

/// Plays the device until standard input is closed.
pub fn play(number: u8) {
    tracing::subscriber::set_global_default(Log).unwrap();
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(2).enable_all().build().unwrap().block_on(device(number));
}

async fn device(number: u8) {
    let begun = Instant::now();
    let discovery = Discovery::start(Reach { lan: true, loopback: false });
    let mut sightings = discovery.subscribe();
    let endpoint = Endpoint::builder(presets::Minimal)
        .secret_key(key(number))
        .alpns(vec![ALPN.to_vec()])
        .address_lookup(discovery.lookup())
        .bind()
        .await
        .unwrap();
    say(&format!("listens {}", begun.elapsed().as_millis()));
    let accepting = endpoint.clone();
    tokio::spawn(async move {
        while let Some(incoming) = accepting.accept().await {
            let connection = incoming.await;
            tokio::spawn(async move { Some(connection.ok()?.closed().await) });
        }
    });
    let (ended, mut end) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::stdin().lines().count();
        let _ = ended.send(());
    });
    let mut dialled = BTreeSet::new();
    loop {
        let sighting = tokio::select! {
            sighting = sightings.next() => sighting.unwrap(),
            _ = &mut end => break,
        };
        let after = begun.elapsed().as_millis();
        match sighting {
            Sighting::LeftLan(_) => {}
            Sighting::Gone { endpoint: id } | Sighting::Left { endpoint: id } => {
                dialled.remove(&id);
                say(&format!("gone {id} {after}"));
            }
            Sighting::Found { endpoint: id, at } => {
                let at: Vec<String> = at.iter().map(ToString::to_string).collect();
                say(&format!("found {id} {after} {}", at.join(",")));
                if dialled.insert(id) {
                    tokio::spawn(dial(endpoint.clone(), id, begun));
                }
            }
        }
    }
    discovery.stop().await;
    endpoint.close().await;
}

/// Dials by the id alone, so that the addresses come from discovery.
async fn dial(endpoint: Endpoint, id: EndpointId, begun: Instant) {
    match endpoint.connect(id, ALPN).await {
        Ok(connection) => {
            say(&format!("connected {id} {}", begun.elapsed().as_millis()));
            connection.closed().await;
        }
        Err(why) => say(&format!("refused {id} {why}")),
    }
}
