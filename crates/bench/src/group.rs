//! The group that is measured: forty people who meet over ten years, the same bytes in every run.
//!
//! Each meeting is recorded by one of them; all forty tap, the next of them attests the taps (and
//! links first those that one envelope cannot name), and some write down what they did. So the log
//! is mostly taps, every envelope builds on what its author would have seen, and after each meeting
//! there is little that nobody has built on.

use copact_core::act::{Act, FirstMember, Found, NewDevice, Role, RoleKind};
use copact_core::day::Day;
use copact_core::entry::{Beneficiary, Contribution, Entry, Minutes, Record};
use copact_core::envelope::{Content, Draft, Verified};
use copact_core::ids::{EnvelopeId, GroupId, Incarnation, Nonce, Salt, TextHash};
use copact_core::keys::{DeviceSecret, Purpose};
use copact_core::limits;
use copact_core::profile::{Profile, Statement};
use copact_core::proposal::Share;
use copact_core::side::SideText;
use copact_core::text::{FreeText, Name, RoleWord};
use copact_sync::box_key::BoxSecret;

use crate::failure::Measured;
use crate::number::spread;

/// How many people, each with one device.
const PEOPLE: usize = 40;
/// Forty quarters.
const DAYS: usize = 3_652;
/// Contributions after each meeting.
const WORK: usize = 5;
/// Envelopes of one meeting: record, taps, link, attestation, contributions.
const MEETING: usize = 1 + PEOPLE + 2 + WORK;

/// One device: its key, and where its chain ends.
pub(crate) struct Writer {
    pub(crate) secret: DeviceSecret,
    pub(crate) incarnation: Incarnation,
    last: Option<(u64, EnvelopeId)>,
    drawn: usize,
}

impl Writer {
    pub(crate) fn new(number: usize) -> Self {
        let mut incarnation = [0; 8];
        for (to, from) in incarnation.iter_mut().zip(spread(number + 1)) {
            *to = from;
        }
        Self {
            secret: DeviceSecret::from_bytes(&spread(number + 1)),
            incarnation: Incarnation::from_bytes(incarnation),
            last: None,
            drawn: number << 40,
        }
    }

    /// The secret that opens what is sealed to it.
    pub(crate) fn box_secret(&self) -> BoxSecret {
        BoxSecret::from_bytes(&self.secret.to_bytes())
    }

    /// Signs what comes next in its chain.
    pub(crate) fn sign(
        &mut self,
        group: Option<GroupId>,
        parents: &[EnvelopeId],
        day: Day,
        content: Content,
    ) -> Measured<Verified> {
        let prev = self.last.map(|(_, id)| id);
        let seq = self.last.map_or(1, |(seq, _)| seq + 1);
        let mut parents = parents.to_vec();
        parents.retain(|id| Some(*id) != prev);
        self.drawn += 1;
        let mut salt = [0; 16];
        for (to, from) in salt
            .iter_mut()
            .zip(copact_core::ids::tagged_hash("copact bench salt", &[&spread(self.drawn)]))
        {
            *to = from;
        }
        let salt = Salt::from_bytes(salt);
        let incarnation = self.incarnation;
        let draft = Draft { group, incarnation, seq, prev, parents, day, salt, content };
        let envelope = draft.sign(&self.secret)?;
        self.last = Some((seq, envelope.id()));
        Ok(envelope)
    }
}

/// A generated group.
pub(crate) struct Generated {
    pub(crate) id: GroupId,
    pub(crate) writers: Vec<Writer>,
    pub(crate) envelopes: Vec<Verified>,
    pub(crate) texts: Vec<SideText>,
    pub(crate) profiles: Vec<Profile>,
    /// What the next to write would have seen last.
    head: EnvelopeId,
}

/// An entry of one's own.
pub(crate) const fn own(record: Record) -> Content {
    Content::Entry(Entry { on_behalf_of: None, record })
}

pub(crate) const fn tap(meeting: EnvelopeId) -> Content {
    own(Record::Tap { meeting, code: None, imported: false })
}

fn text(words: &str) -> Measured<SideText> {
    Ok(SideText { salt: Salt::from_bytes([7; 16]), text: FreeText::new(words)? })
}

/// So many days after the founding.
fn day(number: usize) -> Measured<Day> {
    Ok(Day::parse("2026-03-02")?.plus(i32::try_from(number)?))
}

impl Generated {
    /// A group of about that many entries over forty quarters; the last meeting is open.
    pub(crate) fn new(entries: usize) -> Measured<Self> {
        let mut writers: Vec<Writer> = (0..PEOPLE).map(Writer::new).collect();
        let name = text("Green Lane")?;
        let founding = found(&mut writers, name.hash())?;
        let mut group = Self {
            id: GroupId::of(founding.id()),
            head: founding.id(),
            profiles: names(&writers, founding.id())?,
            envelopes: vec![founding],
            texts: vec![name, text("Meeting")?, text("Bread")?],
            writers,
        };
        let meetings = (entries / MEETING).max(1);
        for number in 0..meetings {
            group.meet(number, day(DAYS * number / meetings)?)?;
        }
        group.open_meeting(meetings)?;
        Ok(group)
    }

    /// Signs something of a writer's; it is kept.
    fn write(
        &mut self,
        by: usize,
        parents: &[EnvelopeId],
        day: Day,
        content: Content,
    ) -> Measured<EnvelopeId> {
        let writer = self.writers.get_mut(by % PEOPLE).ok_or("no such writer")?;
        let envelope = writer.sign(Some(self.id), parents, day, content)?;
        let id = envelope.id();
        self.envelopes.push(envelope);
        Ok(id)
    }

    fn hash(&self, place: usize) -> TextHash {
        self.texts.get(place).map_or(TextHash::from_bytes([0; 32]), SideText::hash)
    }

    fn meet(&mut self, number: usize, day: Day) -> Measured<()> {
        let (title, what) = (self.hash(1), self.hash(2));
        let meeting = Record::Meeting { day, title, headcount: None, imported: false };
        let meeting = self.write(number, &[self.head], day, own(meeting))?;
        let mut taps = Vec::with_capacity(PEOPLE);
        for by in 0..PEOPLE {
            taps.push(self.write(by, &[meeting], day, tap(meeting))?);
        }
        let (first, rest) = taps.split_at(limits::PARENTS.saturating_sub(1).min(taps.len()));
        let link = self.write(number + 1, first, day, Content::Act(Act::Link))?;
        let seen = [&[link], rest].concat();
        self.head = self.write(number + 1, &seen, day, own(Record::Attest(taps.clone())))?;
        for by in 0..WORK {
            let minutes = Minutes::new(90).ok_or("minutes")?;
            let beneficiary = Beneficiary::Group;
            let work = Contribution { what, minutes, day, phase: None, beneficiary, on: None };
            let work = own(Record::Contribution(work));
            self.head = self.write(number + 2 + by, &[self.head], day, work)?;
        }
        Ok(())
    }

    /// A meeting that nobody tapped at yet.
    fn open_meeting(&mut self, number: usize) -> Measured<()> {
        self.head = self.new_meeting(number)?;
        let day = day(DAYS)?;
        self.head = self.write(number, &[self.head], day, own(Record::Open(self.head)))?;
        Ok(())
    }

    fn new_meeting(&mut self, number: usize) -> Measured<EnvelopeId> {
        let (day, title) = (day(DAYS)?, self.hash(1));
        let record = Record::Meeting { day, title, headcount: None, imported: false };
        self.write(number, &[self.head], day, own(record))
    }

    /// Lets people in until there are so many.
    pub(crate) fn admit_up_to(&mut self, people: usize) -> Measured<()> {
        let (role, group) = (role()?, self.id);
        for number in self.writers.len()..people {
            let writer = Writer::new(number);
            let (purpose, to) = (Purpose::Acceptance, Some(*group.as_bytes()));
            let nonce = Nonce::from_bytes([9; 16]);
            let box_key = writer.box_secret().public();
            let device =
                NewDevice::consent(&writer.secret, box_key, purpose, to, Some(&role), nonce);
            let admit = Content::Act(Act::Admit { device, role: role.clone() });
            self.head = self.write(0, &[self.head], day(DAYS)?, admit)?;
            self.writers.push(writer);
        }
        Ok(())
    }

    /// A tap of each of so many people, the first not among them, at a new meeting, which is kept;
    /// the taps are not.
    pub(crate) fn taps_of_all(&mut self, people: usize) -> Measured<Vec<Verified>> {
        let meeting = self.new_meeting(0)?;
        self.head = meeting;
        let (group, day) = (self.id, day(DAYS)?);
        let writers = self.writers.iter_mut().skip(1).take(people);
        writers.map(|one| one.sign(Some(group), &[meeting], day, tap(meeting))).collect()
    }

    /// Taps of all but the first person, who is the one measured, at so many new meetings. They are
    /// returned and not kept; so are the meetings.
    pub(crate) fn more_taps(&mut self, meetings: usize) -> Measured<Vec<Verified>> {
        let kept = self.envelopes.len();
        for number in 0..meetings {
            let day = day(DAYS)?;
            let meeting = self.new_meeting(1 + number % (PEOPLE - 1))?;
            for by in 1..PEOPLE {
                self.write(by, &[meeting], day, tap(meeting))?;
            }
            self.head = meeting;
        }
        Ok(self.envelopes.split_off(kept))
    }
}

fn role() -> Measured<Role> {
    Ok(Role { word: RoleWord::new("neighbour")?, mapped: Some(RoleKind::Citizen) })
}

fn found(writers: &mut [Writer], name: TextHash) -> Measured<Verified> {
    let role = role()?;
    let mut members = Vec::new();
    for writer in writers.iter() {
        let nonce = Nonce::from_bytes([9; 16]);
        let box_key = writer.box_secret().public();
        let founding = Purpose::Founding;
        let device =
            NewDevice::consent(&writer.secret, box_key, founding, None, Some(&role), nonce);
        members.push(FirstMember { device, role: role.clone() });
    }
    let found = Found { policy: Share::DEFAULT, members, name, parent: None, continues: None };
    let first = writers.first_mut().ok_or("no writers")?;
    first.sign(None, &[], day(0)?, Content::Act(Act::Found(found)))
}

fn names(writers: &[Writer], founding: EnvelopeId) -> Measured<Vec<Profile>> {
    let mut profiles = Vec::new();
    for (number, writer) in writers.iter().enumerate() {
        let name = Name::new(&format!("Person {number}"))?;
        let author = writer.secret.public();
        // Who has written nothing yet has no envelope to name.
        let after = (number == 0).then_some(founding);
        let statement =
            Statement { author, about: None, after, name, picture: None, endpoint: None };
        profiles.push(Profile::sign(statement, &writer.secret));
    }
    Ok(profiles)
}
