//! The first screen of a group: who is in it, which meetings are open, what is being decided, and
//! how much there is.
//!
//! [`FirstScreen`] is a value that can be kept and shown without the ledger. It is a pure function
//! of the ledger ([`FirstScreen::of`]) and names everything by id. [`Screening`] keeps it up to
//! date at the cost of what is new.

use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

use super::{Grade, Labels, Views};
use crate::act::Act;
use crate::codec::{self, CodecError};
use crate::day::Day;
use crate::entry::Record;
use crate::ids::{EnvelopeId, GroupId, MemberId, ProposalId, TextHash, VersionId};
use crate::ledger::Place;
use crate::proposal::Matter;

mod concerns;
mod screening;

pub use screening::Screening;

/// The longest encoding that is read: far beyond any group that a screen could show.
const BYTES: usize = 16 * 1_024 * 1_024;

/// What a group's first screen shows.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct FirstScreen {
    /// The group.
    #[n(0)]
    pub group: GroupId,
    /// The group's name, as a side text.
    #[n(1)]
    pub name: Option<TextHash>,
    /// The day it was founded.
    #[n(2)]
    pub founded: Option<Day>,
    /// Envelopes placed.
    #[n(3)]
    pub envelopes: u64,
    /// Entries of the log that count.
    #[n(4)]
    pub entries: u64,
    /// Envelopes set aside.
    #[n(5)]
    pub set_aside: u64,
    /// Everybody who was ever brought in, in canonical order.
    #[n(6)]
    pub roster: Vec<Seat>,
    /// The adopted version of the contract.
    #[n(7)]
    pub adopted: Option<VersionId>,
    /// Proposals that were not adopted, by the day they were proposed. Those whose last day is over
    /// are among them: what day it is, is not the ledger's to say.
    #[n(8)]
    pub proposals: Vec<OpenProposal>,
    /// The meetings that are open, by day.
    #[n(9)]
    pub meetings: Vec<OpenMeeting>,
}

/// A member on the first screen.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Seat {
    /// The member.
    #[n(0)]
    pub member: MemberId,
    /// What they say they are here.
    #[n(1)]
    pub role: Option<String>,
    /// Whether they are a member still.
    #[n(2)]
    pub present: bool,
    /// Whether their word counts in common decisions.
    #[n(3)]
    pub voice: bool,
    /// Whether they have no device.
    #[n(4)]
    pub assisted: bool,
    /// Member from this day on.
    #[n(5)]
    pub since: Day,
    /// No member any more from this day on.
    #[n(6)]
    pub until: Option<Day>,
}

/// A proposal that is not adopted.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct OpenProposal {
    /// The hash of its content.
    #[n(0)]
    pub id: ProposalId,
    /// Its kind, as in JSON.
    #[n(1)]
    pub kind: String,
    /// The words, as a side text.
    #[n(2)]
    pub text: Option<TextHash>,
    /// The last day to answer.
    #[n(3)]
    pub closes: Option<Day>,
    /// How many yeses of voices it takes.
    #[n(4)]
    pub need: u64,
    /// How many there are.
    #[n(5)]
    pub have: u64,
    /// Who answered, in the order of their first answers.
    #[n(6)]
    pub answered: Vec<MemberId>,
}

/// A meeting that is open.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct OpenMeeting {
    /// The entry.
    #[n(0)]
    pub id: EnvelopeId,
    /// Its title, as a side text.
    #[n(1)]
    pub title: TextHash,
    /// The agreed day.
    #[n(2)]
    pub day: Day,
    /// People present, when no names are taken.
    #[n(3)]
    pub headcount: Option<u32>,
    /// Who is there, in canonical order of their first taps.
    #[n(4)]
    pub present: Vec<Present>,
}

/// A member at a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Present {
    /// The member.
    #[n(0)]
    pub member: MemberId,
    /// How well it is witnessed.
    #[n(1)]
    pub grade: Grade,
}

impl<C> Encode<C> for Grade {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.u8(match self {
            Self::Claimed => 0,
            Self::Witnessed => 1,
            Self::Attested => 2,
        })?;
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for Grade {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        match d.u8()? {
            0 => Ok(Self::Claimed),
            1 => Ok(Self::Witnessed),
            2 => Ok(Self::Attested),
            _ => Err(decode::Error::message("no grade")),
        }
    }
}

impl FirstScreen {
    /// The first screen of a ledger, made anew.
    #[must_use]
    pub fn of(views: &Views) -> Self {
        let (entries, set_aside) = views.counted();
        let founding = views.ledger.get(views.ledger.group().founding());
        let name = founding.and_then(|at| match at.act() {
            Some(Act::Found(found)) => Some(found.name),
            _ => None,
        });
        let meetings = views.journal().entries.iter();
        Self {
            group: views.ledger.group(),
            name,
            founded: founding.map(|at| at.envelope().header().day),
            envelopes: number(views.ledger.len()),
            entries: number(entries),
            set_aside: number(set_aside),
            roster: seats(views),
            adopted: views.adopted().map(crate::proposal::Version::id),
            proposals: open_proposals(views),
            meetings: in_order(meetings.filter_map(|place| open_meeting(views, *place)).collect()),
        }
    }

    /// How many are members.
    #[must_use]
    pub fn members(&self) -> usize {
        self.roster.iter().filter(|seat| seat.present).count()
    }

    /// How many have voice.
    #[must_use]
    pub fn voices(&self) -> usize {
        self.roster.iter().filter(|seat| seat.voice).count()
    }

    /// The side texts that it names.
    pub fn texts(&self) -> impl Iterator<Item = TextHash> + '_ {
        let titles = self.meetings.iter().map(|one| one.title);
        let words = self.proposals.iter().filter_map(|one| one.text);
        self.name.into_iter().chain(titles).chain(words)
    }

    /// The form that is kept.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Reads the form that is kept.
    ///
    /// # Errors
    /// It is none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CodecError> {
        codec::decode(bytes, "the first screen", BYTES)
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn seats(views: &Views) -> Vec<Seat> {
    // Merged members have one seat.
    let rows = views.roster(&Labels::none()).into_iter().filter(|row| row.merged_into.is_none());
    rows.filter_map(|row| {
        let person = views.standing.person(row.id)?;
        let (since, until) = views.membership().span(person)?;
        Some(Seat {
            member: row.id,
            role: row.role,
            present: views.standing.is_member(person),
            voice: views.standing.has_voice(person),
            assisted: row.assisted,
            since,
            until,
        })
    })
    .collect()
}

fn open_proposals(views: &Views) -> Vec<OpenProposal> {
    let rows = views.proposal_rows(&Labels::none()).into_iter().filter(|row| !row.adopted);
    rows.map(|row| {
        let mut answered: Vec<MemberId> = Vec::new();
        for answer in &row.answers {
            if !answered.contains(&answer.member) {
                answered.push(answer.member);
            }
        }
        let text = views.ledger.proposal(row.id).and_then(|proposal| match &proposal.matter {
            Matter::Text(text) => Some(*text),
            _ => None,
        });
        OpenProposal {
            id: row.id,
            kind: row.kind.to_owned(),
            text,
            closes: row.closes,
            need: number(row.need),
            have: number(row.have),
            answered,
        }
    })
    .collect()
}

/// The row of a meeting, if it is one that stands and is open, with its key in the order of rows.
type Row = ((Day, (u32, EnvelopeId)), OpenMeeting);

fn open_meeting(views: &Views, place: Place) -> Option<Row> {
    let journal = views.journal();
    if journal.same_as.contains_key(&place) || journal.is_out(place) {
        return None;
    }
    let Record::Meeting { title, .. } = &views.ledger.at(place)?.entry()?.record else {
        return None;
    };
    let row = views.meeting_row(place, &Labels::none()).filter(|row| row.open)?;
    let here = journal.attendances.get(&place).map(Vec::as_slice).unwrap_or_default();
    let present = here.iter().filter_map(|one| {
        Some(Present { member: views.standing.id(one.person)?, grade: one.grade })
    });
    let meeting = OpenMeeting {
        id: row.id,
        title: journal.effective(views.ledger, place).text.unwrap_or(*title),
        day: row.day,
        headcount: row.headcount,
        present: present.collect(),
    };
    Some(((row.day, views.ledger.canonical(place)), meeting))
}

fn in_order(mut rows: Vec<Row>) -> Vec<OpenMeeting> {
    rows.sort_by_key(|(key, _)| *key);
    rows.into_iter().map(|(_, meeting)| meeting).collect()
}
