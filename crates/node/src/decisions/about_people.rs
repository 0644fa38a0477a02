//! What the group decides about its members.

use copact_core::ids::{MemberId, ProposalId};
use copact_core::ledger::PersonIx;
use copact_core::limits;
use copact_core::proposal::{Matter, Trustees};

use super::{Answered, Ask};
use crate::error::{NodeError, Result};
use crate::group::Group;
use crate::inviting::Request;

impl Group {
    /// Asks the group to give a member voice.
    ///
    /// # Errors
    /// Nobody of that name, they have parted from the group, or were given voice already.
    pub fn give_voice(&mut self, typed: &str, ask: &Ask) -> Result<Answered> {
        self.must_stand()?;
        let (person, member) = self.newcomer(typed)?;
        let now = self.ledger().now();
        let name = self.called(member);
        if now.is_removed(person) || !now.leaves(person).is_empty() {
            return Err(parted(&name));
        }
        if now.has_voice(person) {
            return Err(NodeError::input("has_voice", format_args!("{name} has voice already"))
                .hint("`copact member list` shows who has not"));
        }
        if now.is_given_voice(person) {
            return Err(NodeError::input(
                "has_voice",
                format_args!(
                    "the group has given {name} voice; it starts once others have seen that"
                ),
            )
            .hint("`copact proposals` shows who has not; hand them a bundle"));
        }
        self.decide(Matter::Voice(member), ask)
    }

    /// Asks the group to remove a member. Of merged members, each that is one still.
    ///
    /// # Errors
    /// Nobody of that name, oneself, they have parted already, or there is no reason.
    pub fn remove(&mut self, typed: &str, ask: &Ask) -> Result<Answered> {
        let (me, _) = self.must_stand()?;
        let (person, member) = self.member(typed)?;
        let now = self.ledger().now();
        if now.goes_by(person) == now.goes_by(me) {
            return Err(NodeError::input("own_removal", "nobody is asked to remove themselves")
                .hint("you can leave: `copact member leave`"));
        }
        let parts: Vec<PersonIx> = now
            .parts(person)
            .into_iter()
            .filter(|part| {
                now.is_brought_in(*part) && !now.is_removed(*part) && now.leaves(*part).is_empty()
            })
            .collect();
        if parts.is_empty() {
            return Err(parted(&self.called(member)));
        }
        let mut last = None;
        for part in parts {
            let Some(member) = self.ledger().now().id(part) else { continue };
            let tips = self.tips_of(part)?;
            let matter = Matter::Remove { member, tips };
            if ask.reason.is_none() && self.open_like(&matter).is_none() {
                return Err(NodeError::input(
                    "no_reason",
                    "whoever is removed is told why, and so are those who are asked",
                )
                .hint("add --reason TEXT"));
            }
            last = Some(self.decide(matter, ask)?);
        }
        last.ok_or_else(|| parted(&self.called(member)))
    }

    /// Asks the group to name who can move a member to a new device: this device's member, unless
    /// told otherwise.
    ///
    /// # Errors
    /// Nobody of a name, the member themselves, too few or too many, or fewer than two needed.
    pub fn set_trustees(
        &mut self,
        of: Option<&str>,
        typed: &[String],
        need: u8,
        ask: &Ask,
    ) -> Result<Answered> {
        let (_, me) = self.must_stand()?;
        let member = match of {
            Some(of) => self.present(of)?.1,
            None => me,
        };
        let mut members = Vec::new();
        for one in typed {
            let (_, trustee) = self.present(one)?;
            if trustee == member {
                return Err(NodeError::input(
                    "own_trustee",
                    format_args!("{} cannot be their own trustee", self.called(member)),
                )
                .hint("name others, who can be asked when the phone is lost"));
            }
            members.push(trustee);
        }
        let count = members.len();
        let trustees = Trustees::new(members, need).ok_or_else(|| {
            NodeError::input(
                "bad_trustees",
                format_args!(
                    "{need} of {count} cannot be: at least 2 of them are needed, and no more than \
                     there are"
                ),
            )
            .hint(format_args!(
                "name 2 to {} different members, and with --need how many of them it takes",
                limits::TRUSTEES
            ))
        })?;
        self.decide(Matter::Trustees { member, trustees }, ask)
    }

    /// Asks the group to let somebody else sign for an assisted member.
    ///
    /// # Errors
    /// Nobody of a name, the member has a device, or the helper has none or helps already.
    pub fn change_helper(&mut self, typed: &str, to: &str, ask: &Ask) -> Result<Answered> {
        self.must_stand()?;
        let ((person, member), (by, helper)) = (self.present(typed)?, self.present(to)?);
        let now = self.ledger().now();
        let (name, helper_name) = (self.called(member), self.called(helper));
        if !now.is_assisted(person) {
            return Err(NodeError::input(
                "not_assisted",
                format_args!("{name} has a device and signs with it, so nobody signs for them"),
            )
            .hint("`copact member list` shows who has no device"));
        }
        if now.is_assisted(by) {
            return Err(NodeError::input(
                "assisted_helper",
                format_args!("{helper_name} has no device to sign with"),
            )
            .hint("name a member who has one"));
        }
        if now.helps(by, person) {
            return Err(NodeError::input(
                "helps_already",
                format_args!("{helper_name} signs for {name} already"),
            )
            .hint("name somebody else with --to"));
        }
        self.decide(Matter::Helper { member, helper }, ask)
    }

    /// Asks the group to count two members as the one person that they are, who goes on as `into`.
    ///
    /// # Errors
    /// Nobody of a name, or they are one already.
    pub fn merge(&mut self, typed: &str, into: &str, ask: &Ask) -> Result<Answered> {
        self.must_stand()?;
        let ((one, member), (other, into)) = (self.member(typed)?, self.member(into)?);
        let now = self.ledger().now();
        if now.goes_by(one) == now.goes_by(other) {
            return Err(NodeError::input(
                "one_already",
                format_args!("{} and {} are one already", self.called(member), self.called(into)),
            )
            .hint("name two different members"));
        }
        self.decide(Matter::Merge { member, into }, ask)
    }

    /// Asks to end a member's devices so far, and, with a request, to let a new one take their
    /// place.
    ///
    /// # Errors
    /// Nobody of that name, or the request is of another member's device.
    pub fn recover(
        &mut self,
        typed: &str,
        request: Option<Request>,
        ask: &Ask,
    ) -> Result<Answered> {
        self.must_stand()?;
        let (person, member) = self.member(typed)?;
        let now = self.ledger().now();
        if now.is_removed(person) || !now.leaves(person).is_empty() {
            return Err(parted(&self.called(member)));
        }
        if now.devices(person).is_empty() && request.is_none() && now.is_assisted(person) {
            return Err(NodeError::input(
                "no_device",
                format_args!("{} has no device that could be lost", self.called(member)),
            )
            .hint("for their first one: `copact invite --recover NAME`, and with the file that comes back `--request FILE`"));
        }
        let Some(request) = request else {
            self.no_move_is_asked(person)?;
            let tips = self.tips_of(person)?;
            return self.decide(Matter::Recover { member, tips, device: None }, ask);
        };
        let (member, device) = self.take_recovery(request)?;
        if self.ledger().person_with_id(member) != Some(person) {
            return Err(NodeError::input(
                "other_member",
                format_args!("this request is for a device of {}", self.called(member)),
            )
            .hint("name that member, or ask for the other file"));
        }
        let tips = self.tips_of(person)?;
        let device = Some(Box::new(device));
        self.decide(Matter::Recover { member, tips, device }, ask)
    }

    /// Refuses to end the lost devices alone while a move to a new one is asked: which device that
    /// is, is for everybody to see before they say yes.
    fn no_move_is_asked(&self, person: PersonIx) -> Result<()> {
        let now = self.ledger().now();
        let moves = self.ledger().proposals().filter(|id| {
            let matter = self.ledger().proposal(*id).map(|one| &one.matter);
            matches!(matter, Some(Matter::Recover { member, device: Some(_), .. })
                if self.ledger().person_with_id(*member) == Some(person))
                && self.no_longer_needed(*id).is_none()
                && self.ledger().decision(*id, &now).is_some_and(|one| {
                    one.adoptions.is_empty()
                        && self.last_day_of(&one).is_some_and(|last| self.clock().day <= last)
                })
        });
        let short = |id: ProposalId| id.to_string().get(..8).map(str::to_owned);
        let moves: Vec<String> = moves.filter_map(short).collect();
        let Some(first) = moves.first() else { return Ok(()) };
        Err(NodeError::input(
            "needs_answer",
            format_args!(
                "it is asked already to move this member to a new device: {}",
                moves.join(", ")
            ),
        )
        .hint(format_args!(
            "`copact proposals` shows which device; if it is the one that they read out to you, say yes: \
             `copact answer {first} yes`"
        )))
    }

    /// A member who is one still.
    pub(crate) fn present(&self, typed: &str) -> Result<(PersonIx, MemberId)> {
        let (person, member) = self.member(typed)?;
        if self.ledger().now().is_member(person) {
            return Ok((person, member));
        }
        Err(parted(&self.called(member)))
    }

    /// How people call a member.
    pub(crate) fn called(&self, member: MemberId) -> String {
        let id = member.to_string();
        let id = id.get(..8).unwrap_or(&id);
        self.names().remove(&member).unwrap_or_else(|| format!("member {id}"))
    }
}

fn parted(name: &str) -> NodeError {
    NodeError::input("parted", format_args!("{name} is no member of the group any more"))
        .hint("`copact member list` shows who is")
}
