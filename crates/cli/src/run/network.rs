//! What commands of the network have in common: what was typed, and what happened in words.

use std::net::SocketAddr;

use copact_node::peers::{Happened, Options, Progress, Whom};

use crate::args::Listen;
use crate::failure::Failure;
use crate::output::{count, list, short};

/// How to use the network, as it was typed. The LAN is left alone where only this computer is
/// meant.
pub(super) fn options(listen: &Listen, lan: bool) -> Result<Options, Failure> {
    let at: Result<Vec<SocketAddr>, Failure> = listen.at.iter().map(|at| place(at)).collect();
    Ok(Options { listen: at?, lan: lan && !listen.is_loopback(), ..Options::default() })
}

fn place(typed: &str) -> Result<SocketAddr, Failure> {
    typed.trim().parse().map_err(|_| {
        Failure::input("bad_address", format_args!("“{typed}” is no place to listen at")).hint(
            "write IP:PORT, for example 192.168.1.5:4433, [::]:4433, or 192.168.1.5:0 for any port",
        )
    })
}

/// Reads whom `--with` names.
pub(super) fn whom(typed: &[String]) -> Result<Vec<Whom>, Failure> {
    typed.iter().map(|one| Ok(Whom::read(one)?)).collect()
}

/// What happened, as a sentence; `None` for what is told in another way.
pub(super) fn sentence(happened: &Happened) -> Option<String> {
    let whose = |name: &Option<String>, device: &dyn ToString| match name {
        Some(name) => format!("{name}’s device"),
        None => format!("device {}", short(&device.to_string())),
    };
    Some(match happened {
        Happened::Peer { name, device, connected: true, address, .. } => {
            format!("{} is connected ({address})", whose(name, device))
        }
        Happened::Peer { name, device, why, .. } => {
            let why = why.as_ref().map_or_else(String::new, |why| format!(": {why}"));
            format!("{} is not connected any more{why}", whose(name, device))
        }
        Happened::Received { from, envelopes, texts, profiles, .. } => {
            received(from, *envelopes, *texts, *profiles)
        }
        Happened::Asks(asks) => {
            let code = &asks.code;
            let digits: String = code.chars().filter(char::is_ascii_digit).collect();
            let who = match &asks.name {
                Some(name) => format!("{name} wants to join"),
                None => "a further device of yours wants to join".to_owned(),
            };
            format!("{who}; code {code}; let them in: copact admit {digits}")
        }
        Happened::AskedNoMore { code } => {
            format!("whoever asked to join with the code {code} broke off")
        }
        Happened::Entered { name, .. } => format!("this device is in “{name}” now"),
        Happened::Note { line } => line.clone(),
        Happened::Code { .. } | Happened::LetIn | Happened::NotLetIn { .. } => return None,
    })
}

fn received(from: &[String], envelopes: usize, texts: usize, profiles: usize) -> String {
    let parts = [
        (envelopes, "envelope", "envelopes"),
        (texts, "text", "texts"),
        (profiles, "name", "names"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| count(super::number(number), one, many))
        .collect();
    let from = if from.is_empty() { String::new() } else { format!(" from {}", list(from)) };
    format!("came in{from}: {}", list(&parts))
}

/// How far all are.
pub(super) fn progress(progress: Progress) -> String {
    let Progress { found, up_to_date, .. } = progress;
    match found {
        0 => "no other device is found yet".to_owned(),
        1 if up_to_date == 1 => "1 device is found, and up to date".to_owned(),
        found if found == up_to_date => format!("all {found} devices are up to date"),
        found => format!("{up_to_date} of {found} devices are up to date"),
    }
}
