//! How the demo's devices meet: by files at first, then over real endpoints.

use std::net::Ipv4Addr;

use super::Play;
use crate::bundle;
use crate::error::{NodeError, Result};
use crate::group::OpenGroup;
use crate::inviting::Invitee;
use crate::peers::{Entry, Happened, Options};

impl Play<'_> {
    /// Where somebody's device is in the room.
    fn seat(&self, who: &str) -> Option<usize> {
        self.here.iter().position(|one| *one == who)
    }

    /// The group on somebody's device.
    pub(super) fn open(&mut self, who: &'static str) -> Result<OpenGroup> {
        match self.seat(who) {
            Some(seat) => self.meet().and_then(|()| self.room.device(seat)?.0.open(None)),
            None => self.home(who).open(None),
        }
    }

    /// One device's bundle, taken in by another that is not in the room yet.
    pub(super) fn carry(&mut self, from: &'static str, to: &'static str) -> Result<()> {
        self.bundles += 1;
        let name = format!("{:02}-{from}-to-{to}.copact", self.bundles).to_lowercase();
        let path = self.folder.join("bundles").join(name);
        self.open(from)?.export(&path, None)?;
        bundle::import(&self.home(to), &path)?;
        Ok(())
    }

    /// One more device comes into the room, next to the one that came before.
    pub(super) fn comes(&mut self, who: &'static str) -> Result<usize> {
        let options =
            Options { listen: vec![(Ipv4Addr::LOCALHOST, 0).into()], ..Options::default() };
        let seat = self.room.enter(&self.home(who), options)?;
        self.here.push(who);
        if let Some(before) = seat.checked_sub(1) {
            self.room.introduce(seat, before)?;
        }
        Ok(seat)
    }

    /// On another day the devices meet anew: each answers at another key.
    pub(super) fn meet(&mut self) -> Result<()> {
        if self.met != self.ago {
            self.met = self.ago;
            drop(std::mem::take(&mut self.room));
            for who in std::mem::take(&mut self.here) {
                self.comes(who)?;
            }
        }
        Ok(())
    }

    /// The devices exchange until every one has what every other has.
    pub(super) fn sync(&mut self) -> Result<()> {
        self.meet()?;
        self.room.even()
    }

    /// Somebody joins with a ticket, by comparing the code that both screens show.
    pub(super) fn joins_over_the_network(
        &mut self,
        by: &'static str,
        who: &'static str,
    ) -> Result<()> {
        self.meet()?;
        let inviter = self.seat(by).unwrap_or_default();
        let (home, peers) = self.room.device(inviter)?;
        let mut group = home.open(None)?;
        let invited =
            group.invite_by(Invitee::Newcomer, Some(peers), |_| Ok::<_, NodeError>(()))?;
        drop(group);
        let entry = Entry::begin(&self.home(who), &invited.ticket, Some(who), None)?;
        let newcomer = self.comes(who)?;
        self.room.device(newcomer)?.1.ask(&entry)?;
        let (mut shown, mut asked) = (None, None);
        self.room.until(|room| {
            let told = room.device(newcomer).map(|(_, peers)| peers.happened());
            for one in told.into_iter().flatten() {
                if let Happened::Code { code } = one {
                    shown = Some(code);
                }
            }
            let asks = room.device(inviter).ok().and_then(|(_, peers)| peers.asking().pop());
            asked = asks.map(|asks| asks.code);
            shown.is_some() && asked.is_some()
        })?;
        let code = asked.filter(|asked| shown.as_ref() == Some(asked));
        let code = code.ok_or_else(|| NodeError::failed("demo", "the two codes differ"))?;
        let (home, peers) = self.room.device(inviter)?;
        peers.admit(home, &code)?;
        self.room
            .until(|room| room.device(newcomer).is_ok_and(|(home, _)| home.open(None).is_ok()))?;
        self.say(
            Some(by),
            format!("invites {who} over the network; both read out {code}, and {who} is in"),
        );
        Ok(())
    }
}
