//! Connections that come in: through the gate, then to the greeting or to pairing.

use std::sync::Arc;
use std::time::Instant;

use copact_core::ids::Nonce;
use copact_sync::greeting::GreetingError;
use iroh::Endpoint;
use iroh::endpoint::{Connection, Incoming};
use tokio::time::timeout;

use crate::address::short;
use crate::connection::{self, SILENT};
use crate::endpoint::PAIR;
use crate::gate::{Answer, Source, Stranger};
use crate::greet::Refused;
use crate::link::remote_address;
use crate::pairing;
use crate::running::Running;

/// Takes connections until the endpoint is closed. `invite`: whose endpoint it is, if not the
/// day's.
pub(crate) async fn run(shared: Arc<Running>, endpoint: Endpoint, invite: Option<Nonce>) {
    while let Some(incoming) = endpoint.accept().await {
        let from = incoming.remote_addr();
        let proved = incoming.remote_addr_validated();
        match shared.gate.knock(Source::of(&from), proved, Instant::now()) {
            Answer::Come(stranger) => {
                tokio::spawn(greet(Arc::clone(&shared), incoming, stranger, invite));
            }
            Answer::Prove => {
                if let Err(error) = incoming.retry() {
                    error.into_incoming().ignore();
                }
            }
            Answer::Ignore(why) => {
                incoming.ignore();
                shared.note(&format!("refused a connection from {}: {why}", place(&from)));
            }
        }
    }
}

fn place(from: &iroh::endpoint::IncomingAddr) -> String {
    match from {
        iroh::endpoint::IncomingAddr::Ip(at) => at.ip().to_canonical().to_string(),
        iroh::endpoint::IncomingAddr::Relay { url, .. } => format!("relay {url}"),
        _ => "an unknown address".into(),
    }
}

/// What a connection came to.
enum Came {
    Greeted(Connection),
    Refused(Option<Connection>, Refused),
    /// A newcomer's.
    ToPair(Connection),
}

async fn greet(
    shared: Arc<Running>,
    incoming: Incoming,
    mut stranger: Stranger,
    invite: Option<Nonce>,
) {
    let from = place(&incoming.remote_addr());
    // From before the greeting: what is joined meanwhile is offered afterwards.
    let groups = shared.groups.subscribe();
    let came = tokio::select! {
        came = timeout(shared.settings.bounds.greeting, arrive(&shared, incoming)) => came.ok(),
        _ = &mut stranger.evicted => None,
    };
    match came {
        Some(Came::Greeted(connection)) => {
            drop(stranger);
            connection::hold(shared, connection, false, groups).await;
        }
        Some(Came::ToPair(connection)) => match invite {
            Some(nonce) => pairing::serve(shared, connection, stranger, nonce).await,
            None => connection.close(SILENT, b""),
        },
        Some(Came::Refused(connection, refused)) => {
            stranger.failed();
            if let Some(connection) = &connection {
                connection.close(SILENT, b"");
            }
            report(&shared, &from, connection.as_ref(), &refused);
        }
        None => {
            stranger.failed();
            report(&shared, &from, None, &Refused::Late);
        }
    }
}

async fn arrive(shared: &Arc<Running>, incoming: Incoming) -> Came {
    let connection = match incoming.accept() {
        Ok(accepting) => accepting.await,
        Err(error) => return Came::Refused(None, Refused::System(error.to_string())),
    };
    let connection = match connection {
        Ok(connection) => connection,
        Err(error) => return Came::Refused(None, Refused::System(error.to_string())),
    };
    if connection.alpn() == PAIR {
        return Came::ToPair(connection);
    }
    match connection::greeted(shared, &connection).await {
        Ok(()) => Came::Greeted(connection),
        Err(refused) => Came::Refused(Some(connection), refused),
    }
}

fn report(shared: &Running, from: &str, connection: Option<&Connection>, refused: &Refused) {
    let who = connection.map_or_else(
        || from.to_owned(),
        |it| format!("{} ({})", remote_address(it), short(it.remote_id().as_bytes())),
    );
    let why = match refused {
        Refused::Greeting(GreetingError::NoCommonGroup) | Refused::Stranger => {
            "it is in no group of this device".to_owned()
        }
        other => other.to_string(),
    };
    shared.note(&format!("refused a connection from {who}: {why}"));
}
