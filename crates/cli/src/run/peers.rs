//! `copact peers`.

use copact_node::peers::State;
use serde_json::json;

use super::{Done, Session, nameless};
use crate::failure::Failure;
use crate::output::{Table, count, duration, faint, good, left, plain, right, short, strong, warn};

pub(super) fn peers(session: Session) -> Done {
    let Some(live) = &session.live else {
        return Err(Failure::failed("not_watching", "`copact sync --watch` is not running here")
            .hint("start it in another terminal, and leave it there: copact sync --watch"));
    };
    let rows = live.borrow().rows(&session.home);
    let progress = live.borrow().progress();
    let address = live.borrow().address();
    let document = json!({ "address": address, "progress": progress, "peers": rows });
    session.output.show(&document, |page| {
        if rows.is_empty() {
            page.line([plain(super::network::progress(progress))]);
        } else {
            let mut table = Table::new([
                left("whose"),
                left("device"),
                left("how far"),
                left("since"),
                right("came in"),
                left("address"),
                left(""),
            ]);
            for row in &rows {
                let name = row.name.clone().or_else(|| row.member.map(nameless));
                table.row([
                    strong(name.unwrap_or_else(|| "somebody".to_owned())),
                    plain(short(&row.device.to_string())),
                    match (row.state, row.connected) {
                        (State::UpToDate, true) => good("up to date"),
                        (State::UpToDate, false) => plain("gone, up to date"),
                        (State::Syncing, true) => warn("syncing"),
                        (State::Syncing, false) => warn("gone"),
                        (State::Parted, _) => warn("of the group no more"),
                        (State::Delayed, _) => warn("the rest comes tomorrow"),
                    },
                    plain(since(row.seconds)),
                    plain(row.received),
                    faint(&row.address),
                    faint(row.error.as_deref().filter(|_| !row.connected).unwrap_or_default()),
                ]);
            }
            page.table(&table);
            let met = count(super::number(progress.found), "device was met", "devices were met");
            page.line([plain(format_args!("{met}; {}.", super::network::progress(progress)))]);
        }
        if let Some(address) = &address {
            page.line([plain("This device answers at: "), strong(address)]);
        }
    })
}

/// How long ago, in seconds up to a minute.
fn since(seconds: u64) -> String {
    if seconds < 60 { format!("{seconds} s") } else { duration(seconds / 60) }
}

#[cfg(test)]
mod tests {
    use super::since;

    #[test]
    fn seconds_are_seconds_and_minutes_minutes() {
        assert_eq!(since(20), "20 s");
        assert_eq!(since(146), "2 min");
        assert_eq!(since(2 * 3_600 + 60), "2 h 1 min");
    }
}
