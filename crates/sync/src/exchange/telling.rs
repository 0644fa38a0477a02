//! Saying what is here: on meeting a peer, when something was written, and when something came.

use std::collections::BTreeSet;

use copact_core::act::Act;
use copact_core::envelope::{Chain, Content};
use copact_core::ids::Incarnation;
use copact_core::keys::SignatureBytes;
use copact_core::ledger::{Ledger, Place};

use super::judging::{Kind, judge};
use super::message::{Data, Hello, Message, Now, VERSION};
use super::serving::{parcel, weight};
use super::session::Session;
use super::summary::{ShortTip, Summary};
use super::{Closing, Effect, Exchange, PeerId, Shelf, Verifier};
use crate::limits;

impl Exchange {
    /// The first message to a peer.
    pub(super) fn greet(&mut self, shelf: Shelf<'_>, id: PeerId, out: &mut Vec<Effect>) {
        let go = (!self.is_pulling()).then(|| self.request(shelf, id, false)).flatten();
        let Some(session) = self.sessions.get(&id) else { return };
        let now = Now { changed: Summary::default(), ..self.now(shelf, session) };
        let told = Some((now.digest, now.profiles));
        // Who is not known to be of the group has no use for them.
        let mut own = Vec::new();
        if let (Kind::Standing, Some(ledger)) = (&session.kind, shelf.ledger) {
            let chains = ledger.frontier().chains().keys().filter(|one| one.device == self.me);
            own.extend(chains.map(|one| one.incarnation).take(limits::OWN_CHAINS));
        }
        let hello = Message::Hello(Hello { version: VERSION, now, go, own });
        out.push(Effect::Send { to: id, message: hello.to_bytes() });
        if let Some(session) = self.sessions.get_mut(&id) {
            session.told = told;
        }
    }

    /// A peer said which chains are its own.
    pub(super) fn announced(&mut self, by: PeerId, own: Vec<Incarnation>) {
        let Some(session) = self.sessions.get_mut(&by) else { return };
        let device = session.peer.device;
        let own: Vec<Chain> =
            own.into_iter().map(|incarnation| Chain { device, incarnation }).collect();
        session.own.clone_from(&own);
        self.sessions.values_mut().for_each(|session| session.announce(by, &own));
    }

    fn now(&self, shelf: Shelf<'_>, session: &Session) -> Now {
        Now {
            digest: session.digest(shelf.ledger, &self.digest),
            profiles: session.key.records(&self.records_digest),
            changed: Summary::default(),
        }
    }

    /// A peer told what it has.
    pub(super) fn told(
        &mut self,
        shelf: Shelf<'_>,
        from: PeerId,
        now: Now,
        out: &mut Vec<Effect>,
    ) -> Result<(), Closing> {
        let Some(session) = self.sessions.get_mut(&from) else { return Ok(()) };
        session.digests(&now);
        if !now.changed.0.is_empty() {
            session.parked = None;
        }
        session.learn(shelf.ledger, now.changed, false)?;
        self.compare(shelf, from, out);
        Ok(())
    }

    /// What follows when both turn out to have the same envelopes.
    fn compare(&mut self, shelf: Shelf<'_>, id: PeerId, out: &mut Vec<Effect>) {
        let equal = self.sessions.get(&id).is_some_and(|session| self.is_equal(session));
        let (Some(ledger), true) = (shelf.ledger, equal) else { return };
        let Some(session) = self.sessions.get(&id) else { return };
        let mine = session.key.records(&self.records_digest);
        let Some(session) = self.sessions.get_mut(&id) else { return };
        session.equalise(ledger, &self.digest);
        session.going = None;
        let tried = session.their_profiles.map(|theirs| (self.digest, mine, theirs));
        if session.their_profiles != Some(mine) && session.records_tried != tried {
            session.records_tried = tried;
            let ids = self.records.iter().map(|one| session.key.profile(one.as_bytes()));
            let ids = ids.take(limits::RECORDS).collect();
            out.push(Effect::Send { to: id, message: Message::Records(ids).to_bytes() });
        }
        let texts = shelf.wanted.iter().filter(|text| !session.texts_asked.contains(*text));
        let texts: Vec<_> = texts.copied().collect();
        session.texts_asked.extend(&texts);
        for some in texts.chunks(limits::WANTED) {
            out.push(Effect::Send { to: id, message: Message::Want(some.to_vec()).to_bytes() });
        }
    }

    /// The ledger, the texts or the profiles grew: people wrote, or what an effect brought was
    /// taken in.
    pub fn grew(
        &mut self,
        shelf: Shelf<'_>,
        verifier: &mut dyn Verifier,
        now: super::Moment,
    ) -> Vec<Effect> {
        let mut out = Vec::new();
        self.begin(shelf, now);
        let seen = self.seen;
        let new: Vec<Place> = shelf
            .ledger
            .into_iter()
            .flat_map(|ledger| ledger.since(seen))
            .map(|(at, _)| at)
            .collect();
        let known = std::mem::take(&mut self.records);
        let wanted = self.wanted;
        self.look(shelf);
        let records: Vec<SignatureBytes> = self.records.difference(&known).copied().collect();
        let judging = new.iter().any(|place| shelf.ledger.is_some_and(|all| decides(all, *place)));
        for id in self.sessions.keys().copied().collect::<Vec<_>>() {
            let done = self.share(shelf, id, &new, &records, judging, verifier, &mut out);
            if let Err(why) = done {
                self.forget(id);
                out.push(Effect::Close { peer: id, why });
            } else if !new.is_empty() || wanted != self.wanted || records.len() != known.len() {
                self.compare(shelf, id, &mut out);
            }
        }
        self.end_pulls(shelf);
        self.go_on(shelf, &mut out);
        out
    }

    /// Shares what is new with one peer.
    #[expect(clippy::too_many_arguments, reason = "what is new, in its three forms")]
    fn share(
        &mut self,
        shelf: Shelf<'_>,
        id: PeerId,
        new: &[Place],
        records: &[SignatureBytes],
        judging: bool,
        verifier: &mut dyn Verifier,
        out: &mut Vec<Effect>,
    ) -> Result<(), Closing> {
        let (Some(ledger), Some(session)) = (shelf.ledger, self.sessions.get_mut(&id)) else {
            return Ok(());
        };
        let unsure = matches!(session.kind, Kind::Source) && !new.is_empty();
        if judging || unsure {
            let kind = judge(shelf, &self.me, &session.peer, verifier)?;
            session.judged(kind, ledger);
            if let Some(listed) = session.records_asked.take() {
                self.send_records(shelf, id, listed, out);
            }
        }
        let Some(session) = self.sessions.get_mut(&id) else { return Ok(()) };
        let mut own = Vec::new();
        for place in new {
            let Some(at) = ledger.at(*place) else { continue };
            let header = at.envelope().header();
            session.name([header.chain]);
            session.untold.insert(header.chain);
            let short = session.key.chain(&header.chain);
            let tip = ShortTip { seq: header.seq, id: session.key.id(at.id()) };
            let from_it = session.unknown.remove(&(short, tip));
            if matches!(session.kind, Kind::Standing) && session.greeted && !from_it {
                match &mut session.sending {
                    Some(sending) => sending.places.push_back(*place),
                    None if header.chain.device == self.me => own.push(*place),
                    None => {}
                }
            }
        }
        // What is more than one parcel is hinted at, and asked for.
        let bytes: usize = own.iter().map(|place| weight(shelf, *place)).sum();
        if !own.is_empty() && session.window > 0 && bytes <= limits::FRAME_BYTES / 2 {
            let last = own.last().and_then(|place| ledger.at(*place));
            session.send(id, Data::pack(None, false, &parcel(shelf, &own)), out);
            if let Some(last) = last {
                let header = last.envelope().header();
                session.has(&header.chain, header.seq, last.id());
            }
        }
        let due = records.iter().filter(|one| !session.records_of_it.contains(*one));
        if matches!(session.kind, Kind::Standing) && session.greeted {
            session.records_due.extend(due);
        }
        if session.news.is_none() {
            session.news = Some(self.clock.after(limits::NEWS));
        }
        if session.asked_go.is_some() {
            self.serve(shelf, id, out)?;
        }
        self.send_texts(shelf, id, out);
        self.pump(shelf, id, out);
        Ok(())
    }

    /// Tells peers what changed, when it has waited long enough.
    pub(super) fn tell(&mut self, shelf: Shelf<'_>, out: &mut Vec<Effect>) {
        let due: Vec<PeerId> = self
            .sessions
            .iter()
            .filter(|(_, session)| session.news.is_some_and(|due| due <= self.clock))
            .map(|(id, _)| *id)
            .collect();
        for id in due {
            let Some(session) = self.sessions.get(&id) else { continue };
            let mut now = self.now(shelf, session);
            let told = Some((now.digest, now.profiles));
            let mut changed = BTreeSet::new();
            if let Some(shown) = shelf.ledger.and_then(|ledger| session.kind.shown(ledger)) {
                // What the peer has as well is only told with the next request.
                changed = session.untold.clone();
                changed.retain(|chain| {
                    let tips = shown.frontier.chains().get(chain);
                    let theirs = session.theirs.get(&session.key.chain(chain));
                    tips.is_some_and(|tips| theirs != Some(&session.key.ends(tips)))
                });
                let mut room = limits::SUMMARY_BYTES;
                now.changed = session.summary(shown.frontier, &changed, &mut room);
                changed.retain(|one| now.changed.0.contains_key(&session.key.chain(one)));
            }
            let news = session.told != told;
            if news {
                out.push(Effect::Send { to: id, message: Message::Now(now).to_bytes() });
            }
            if let Some(session) = self.sessions.get_mut(&id) {
                session.news = None;
                session.told = told;
                session.untold.retain(|chain| !changed.contains(chain));
            }
        }
    }
}

/// Whether an envelope may change who is of the group.
fn decides(ledger: &Ledger, place: Place) -> bool {
    let content = ledger.at(place).map(|at| at.envelope().content());
    let about_people = |act: &Act| !matches!(act, Act::Link | Act::Role { .. } | Act::Erase { .. });
    matches!(content, Some(Content::Act(act)) if about_people(act))
}
