//! A connection: the greetings on its streams, and the links that come of them.
//!
//! Each end may open streams and offer groups on them, one greeting a stream. The end that dialled
//! offers first; later whichever end is in a group more offers that one.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use copact_core::ids::GroupId;
use copact_sync::greeting::{GreetingError, Membership, Met};
use copact_sync::limits;
use iroh::endpoint::{Connection, RecvStream, SendStream, VarInt};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::address::short;
use crate::event::Link;
use crate::frame;
use crate::greet::{self, Refused};
use crate::link::{self, CLOSED, Opened, remote_address};
use crate::links::Candidate;
use crate::running::{Instance, Running};

/// The code of what is ended without a word.
pub(crate) const SILENT: VarInt = VarInt::from_u32(0);
/// How often a connection without links is looked at, and is closed the third time.
const LOOK: Duration = Duration::from_secs(2);
/// Streams on which a stranger may offer groups, 64 on each.
const OFFERS: usize = 4;
/// How long the last message of a greeting may take to arrive.
const LAST: Duration = Duration::from_secs(2);
/// The verdict about a greeted stream.
const OPEN: u8 = 1;
const KEEP_OTHER: u8 = 0;

/// Tells when this device joins or leaves a group.
type Groups = watch::Receiver<Arc<[Membership]>>;

/// What came of a greeting.
pub(crate) enum Outcome {
    /// A link.
    Opened,
    /// There is one already to that device.
    Have(Option<Link>),
}

/// Offers groups on a connection until the other side knows no more of them. Gives the outcomes;
/// an error only if there are none.
pub(crate) async fn offer(
    shared: &Arc<Running>,
    connection: &Connection,
    dialled: bool,
    agreed: &mut BTreeSet<GroupId>,
) -> Result<Vec<Outcome>, Refused> {
    let groups = shared.groups();
    let mut outcomes = Vec::new();
    let mut refused = None;
    for some in groups.chunks(limits::GROUPS_OFFERED) {
        loop {
            let left = some.iter().filter(|mine| !agreed.contains(&mine.group));
            let left: Vec<Membership> = left.cloned().collect();
            if left.is_empty() {
                break;
            }
            match offer_once(shared, connection, dialled, &left).await {
                Ok((group, outcome)) => {
                    agreed.insert(group);
                    outcomes.push(outcome);
                }
                Err(error) => {
                    refused.get_or_insert(error);
                    break;
                }
            }
        }
    }
    match refused {
        Some(refused) if outcomes.is_empty() => Err(refused),
        _ => Ok(outcomes),
    }
}

async fn offer_once(
    shared: &Arc<Running>,
    connection: &Connection,
    dialled: bool,
    groups: &[Membership],
) -> Result<(GroupId, Outcome), Refused> {
    let bounds = &shared.settings.bounds;
    let greeting = async {
        let (mut send, mut recv) =
            connection.open_bi().await.map_err(|error| from_lost(error.into()))?;
        let met = greet::call(connection, (&mut send, &mut recv), groups, bounds.pace).await?;
        let group = met.group;
        Ok((group, settle(shared, connection, dialled, met, (send, recv)).await?))
    };
    timeout(bounds.greeting, greeting).await.map_err(|_| Refused::Late)?
}

fn from_lost(error: iroh::endpoint::ReadError) -> Refused {
    frame::FrameError::Read(error).into()
}

/// Answers a greeting on a stream that the other side opened.
async fn answer(
    shared: &Arc<Running>,
    connection: &Connection,
    dialled: bool,
    (mut send, mut recv): (SendStream, RecvStream),
) -> Result<(GroupId, Outcome), Refused> {
    let groups = shared.groups();
    let pace = shared.settings.bounds.pace;
    let met = greet::answer(connection, (&mut send, &mut recv), &groups, pace).await;
    let met = match met {
        Ok(met) => met,
        Err(Refused::Greeting(GreetingError::OwnKey)) => {
            // The last message tells the other copy the same; it has to arrive.
            let _ = send.finish();
            let _ = timeout(LAST, send.stopped()).await;
            return Err(GreetingError::OwnKey.into());
        }
        Err(refused) => {
            let _ = send.reset(SILENT);
            let _ = recv.stop(SILENT);
            return Err(refused);
        }
    };
    let group = met.group;
    Ok((group, settle(shared, connection, dialled, met, (send, recv)).await?))
}

/// Both greeted: agrees with the other side whether this stream becomes the link of the two.
async fn settle(
    shared: &Arc<Running>,
    connection: &Connection,
    dialled: bool,
    met: Met,
    (mut send, mut recv): (SendStream, RecvStream),
) -> Result<Outcome, Refused> {
    let pace = shared.settings.bounds.pace;
    let groups = shared.groups();
    let Some(mine) = groups.iter().find(|mine| mine.group == met.group) else {
        return Err(GreetingError::NoCommonGroup.into());
    };
    let candidate = |instance: Instance| Candidate {
        group: met.group,
        device: met.peer,
        instance,
        connection: connection.clone(),
        dialled,
    };
    let decides = mine.device.public() < met.peer;
    let ends = if decides {
        let theirs = instance(&frame::read(&mut recv, 16, pace).await?)?;
        let ends = shared.links.enter(candidate(theirs), true);
        let verdict = if ends.is_ok() { OPEN } else { KEEP_OTHER };
        let message = [&[verdict], shared.instance.as_slice()].concat();
        if let Err(error) = frame::write(&mut send, &message, pace).await {
            if let Ok(ends) = ends {
                shared.links.leave(ends.link);
            }
            return Err(error.into());
        }
        ends
    } else {
        frame::write(&mut send, &shared.instance, pace).await?;
        let message = frame::read(&mut recv, 17, pace).await?;
        let (verdict, theirs) = message.split_first().ok_or_else(wrong)?;
        let theirs = instance(theirs)?;
        if *verdict == OPEN {
            shared.links.enter(candidate(theirs), false)
        } else {
            return Ok(Outcome::Have(shared.links.to(met.group, met.peer)));
        }
    };
    match ends {
        Err(other) => {
            let _ = send.finish();
            Ok(Outcome::Have(Some(other)))
        }
        Ok(ends) => {
            let connection = connection.clone();
            let opened = Opened { ends, met, connection, dialled, send, recv };
            tokio::spawn(link::run(Arc::clone(shared), opened));
            Ok(Outcome::Opened)
        }
    }
}

fn instance(bytes: &[u8]) -> Result<Instance, Refused> {
    bytes.try_into().map_err(|_| wrong())
}

fn wrong() -> Refused {
    Refused::Told("it speaks another version of copact; update both".into())
}

/// Greets on a connection that this device dialled, and holds it if anything came of it.
pub(crate) async fn dialled(
    shared: &Arc<Running>,
    connection: Connection,
) -> Result<Vec<Outcome>, Refused> {
    let mut agreed = BTreeSet::new();
    let groups = shared.groups.subscribe();
    let outcomes = offer(shared, &connection, true, &mut agreed).await;
    if matches!(&outcomes, Ok(o) if o.iter().any(|o| matches!(o, Outcome::Opened))) {
        tokio::spawn(hold(Arc::clone(shared), connection, true, groups));
    } else {
        connection.close(SILENT, b"");
    }
    outcomes
}

/// Greets on a connection that came in, within the time that strangers have. Who is in many groups
/// offers them on several streams.
pub(crate) async fn greeted(shared: &Arc<Running>, connection: &Connection) -> Result<(), Refused> {
    let mut refused = Refused::Stranger;
    for _ in 0..OFFERS {
        let stream = connection.accept_bi().await.map_err(|error| from_lost(error.into()))?;
        if shared.links.accepted() >= shared.settings.bounds.accepted {
            // Said to those only who show that they know a group.
            return full(shared, connection, stream).await;
        }
        match answer(shared, connection, false, stream).await {
            Ok(_) => return Ok(()),
            Err(error @ Refused::Greeting(GreetingError::NoCommonGroup)) => refused = error,
            Err(other) => return Err(other),
        }
    }
    Err(refused)
}

async fn full(
    shared: &Arc<Running>,
    connection: &Connection,
    (mut send, mut recv): (SendStream, RecvStream),
) -> Result<(), Refused> {
    let pace = shared.settings.bounds.pace;
    greet::answer(connection, (&mut send, &mut recv), &shared.groups(), pace).await?;
    connection
        .close(CLOSED, b"it has as many connections as it takes; others will pass on what it has");
    Err(Refused::Told("this device has as many connections as it takes".into()))
}

/// Holds a greeted connection: takes further streams, offers what this device joins meanwhile, and
/// closes it when nothing is left on it. Both ends may offer at once, so neither waits for the
/// other before it answers. `groups` has told of no change since before the greeting: else what is
/// joined between that and this would be offered by nobody.
pub(crate) async fn hold(
    shared: Arc<Running>,
    connection: Connection,
    dialled: bool,
    groups: Groups,
) {
    tokio::spawn(offer_what_is_new(Arc::clone(&shared), connection.clone(), dialled, groups));
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut empty = 0;
    loop {
        tokio::select! {
            stream = connection.accept_bi() => {
                let Ok(stream) = stream else { return };
                let (shared, connection) = (Arc::clone(&shared), connection.clone());
                tokio::spawn(async move {
                    let greeting = answer(&shared, &connection, dialled, stream);
                    let outcome = timeout(shared.settings.bounds.greeting, greeting).await;
                    if let Err(refused) = outcome.unwrap_or(Err(Refused::Late)) {
                        log(&connection, &refused);
                    }
                });
            }
            _ = looks.tick() => {
                empty = if shared.links.on(&connection).is_empty() { empty + 1 } else { 0 };
                if empty == 3 {
                    connection.close(SILENT, b"");
                    return;
                }
            }
        }
    }
}

async fn offer_what_is_new(
    shared: Arc<Running>,
    connection: Connection,
    dialled: bool,
    mut groups: Groups,
) {
    loop {
        tokio::select! {
            changed = groups.changed() => {
                if changed.is_err() {
                    return;
                }
            }
            _ = connection.closed() => return,
        }
        let mut agreed = shared.links.on(&connection);
        if let Err(refused) = offer(&shared, &connection, dialled, &mut agreed).await {
            log(&connection, &refused);
        }
    }
}

fn log(connection: &Connection, refused: &Refused) {
    let (id, at) = (short(connection.remote_id().as_bytes()), remote_address(connection));
    tracing::debug!(%id, %at, %refused, "a further greeting");
}
