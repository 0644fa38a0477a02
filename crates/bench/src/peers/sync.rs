//! Plain Automerge's own sync of a log of taps, and samod's beside it.

use std::time::Duration;

use automerge::sync::{State, SyncDoc};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, ROOT, ReadDoc};

use super::{log, samod};
use crate::failure::Measured;
use crate::number::{real, wide};
use crate::row::Peer;
use crate::time::{millis, timed};

/// What a sync took.
pub(crate) struct Synced {
    pub(crate) cpu: Vec<Peer>,
    /// Bytes of the side that has news, and of the other.
    pub(crate) sent: [Vec<Peer>; 2],
    pub(crate) round_trips: Vec<Peer>,
}

impl Synced {
    fn beside(mut self, other: Self) -> Self {
        self.cpu.extend(other.cpu);
        for (mine, more) in self.sent.iter_mut().zip(other.sent) {
            mine.extend(more);
        }
        self.round_trips.extend(other.round_trips);
        self
    }
}

/// One end of a sync.
struct End {
    document: AutoCommit,
    state: State,
    cpu: Duration,
    sent: usize,
}

impl End {
    fn new(document: AutoCommit) -> Self {
        Self { document, state: State::new(), cpu: Duration::ZERO, sent: 0 }
    }

    fn say(&mut self) -> Option<automerge::sync::Message> {
        let (message, time) = timed(|| self.document.sync().generate_sync_message(&mut self.state));
        self.cpu += time;
        let message = message?;
        self.sent += message.clone().encode().len();
        Some(message)
    }

    fn hear(&mut self, message: automerge::sync::Message) -> Measured<()> {
        let (heard, time) =
            timed(|| self.document.sync().receive_sync_message(&mut self.state, message));
        self.cpu += time;
        Ok(heard?)
    }
}

/// Lets two talk until neither has anything to say: how often each spoke.
fn talk(a: &mut End, b: &mut End) -> Measured<usize> {
    for spoken in 0..100 {
        let (from_a, from_b) = (a.say(), b.say());
        if from_a.is_none() && from_b.is_none() {
            return Ok(spoken);
        }
        if let Some(message) = from_a {
            b.hear(message)?;
        }
        if let Some(message) = from_b {
            a.hear(message)?;
        }
    }
    Err("plain sync does not end".into())
}

fn tap(document: &mut AutoCommit, actor: usize, number: usize) -> Measured<()> {
    let list = document.get(ROOT, "log")?.ok_or("no log")?.1;
    document.set_actor(ActorId::from((wide(actor) + 1_000_000).to_le_bytes()));
    document.insert(&list, document.length(&list), log::tap(number))?;
    document.commit_with(CommitOptions::default().with_time(0));
    Ok(())
}

/// Two documents of `n` taps, one of which has `new` more.
pub(crate) fn run(n: usize, new: usize) -> Measured<Synced> {
    let saved = log::automerge(n)?;
    let (mut ahead, behind) = (AutoCommit::load(&saved)?, AutoCommit::load(&saved)?);
    for number in 0..new {
        tap(&mut ahead, number % 40, n + number)?;
    }
    let (mut a, mut b) = (End::new(ahead), End::new(behind));
    let spoken = talk(&mut a, &mut b)?;
    let peer = |figure| vec![Peer { name: "automerge", figure }];
    let plain = Synced {
        cpu: peer(millis(a.cpu.max(b.cpu))),
        sent: [&a, &b].map(|end| peer(real(end.sent))),
        round_trips: peer(real(spoken) / 2.0),
    };
    // Only one side had news, so what that side has is what it had before.
    Ok(plain.beside(samod::run(&saved, &a.document.save())?))
}

/// A hub and so many phones, one after the other and then once more: seconds that the hub takes.
pub(crate) fn hub(n: usize, phones: usize) -> Measured<Vec<Peer>> {
    let saved = log::automerge(n)?;
    let mut hub = End::new(AutoCommit::load(&saved)?);
    let base = AutoCommit::load(&saved)?;
    let mut states = Vec::new();
    for phone in 0..phones {
        let mut document = base.clone();
        tap(&mut document, phone, n + phone)?;
        let mut end = End::new(document);
        hub.state = State::new();
        talk(&mut hub, &mut end)?;
        states.push((std::mem::take(&mut hub.state), phone));
    }
    // Every phone but the last lacks what came after it; the hub remembers what each has.
    for (state, _) in states {
        hub.state = state;
        std::hint::black_box(hub.say());
    }
    Ok(vec![Peer { name: "automerge", figure: hub.cpu.as_secs_f64() }])
}
