//! A group as funders get reports of: people who wrote a contract together and adopted it, met for
//! two years, saw each other there, and worked for each other. No two of them have a byte of a
//! signature in common.

use copact_core::act::{Act, FirstMember, Found, NewDevice, Role, RoleKind};
use copact_core::change::{Change, DocumentId, Origin};
use copact_core::contract::{self, EditError, Editor, Markdown, SectionKind};
use copact_core::day::Day;
use copact_core::entry::{Beneficiary, Contribution, Minutes, Record};
use copact_core::envelope::{Chain, Content};
use copact_core::ids::{EnvelopeId, MemberId, Nonce, PartId, TextHash};
use copact_core::keys::Purpose;
use copact_core::ledger::{Ledger, Placed};
use copact_core::limits;
use copact_core::proposal::{AnswerWord, Matter, Proposal, Share};
use copact_core::text::RoleWord;
use copact_core::views::Views;

use crate::failure::Measured;
use crate::group::{Writer, own, tap};

/// No group has more people.
const MOST: usize = 32;
/// From the first meeting to the last.
const DAYS: usize = 740;
/// Contributions after each meeting, each confirmed.
const WORK: usize = 4;
const CONTRACT: &str = "# Mill Creek\n\n## Who we are {#identity}\n\nNeighbours around the creek.\n\n\
                        ## What for {#purpose}\n\nTo cook, mend and walk together.\n\n\
                        ## Rules {#rules}\n\n- We listen.\n";

/// A group that is being lived.
pub(super) struct Village {
    pub(super) ledger: Ledger,
    writers: Vec<Writer>,
    number: usize,
}

fn day(number: usize) -> Measured<Day> {
    Ok(Day::parse("2026-03-02")?.plus(i32::try_from(number)?))
}

fn role(person: usize) -> Measured<Role> {
    let (word, mapped) = match person % 4 {
        0 => ("nurse", RoleKind::Professional),
        _ => ("neighbour", RoleKind::Citizen),
    };
    Ok(Role { word: RoleWord::new(word)?, mapped: Some(mapped) })
}

const fn hash(number: u8) -> TextHash {
    TextHash::from_bytes([number; 32])
}

impl Village {
    /// The group of that number, of about so many entries.
    pub(super) fn lived(number: usize, entries: usize) -> Measured<Self> {
        let mut village = Self::found(number)?;
        let people = village.writers.len();
        village.agree(people, 1)?;
        let a_meeting = 3 + people + 2 * WORK;
        let meetings = entries.saturating_sub(village.ledger.len() + people + 6) / a_meeting;
        for meeting in 0..meetings {
            if meeting == meetings / 2 {
                village.agree(4, DAYS / 2)?;
            }
            village.meet(meeting, day(8 + DAYS * meeting / meetings)?)?;
        }
        Ok(village)
    }

    fn found(number: usize) -> Measured<Self> {
        let people = 8 + number % 9;
        let mut writers: Vec<Writer> =
            (0..people).map(|one| Writer::new((number + 1) * MOST + one)).collect();
        let mut members = Vec::new();
        for (person, writer) in writers.iter().enumerate() {
            let role = role(person)?;
            let (nonce, founding) = (Nonce::from_bytes([9; 16]), Purpose::Founding);
            let box_key = writer.box_secret().public();
            let device =
                NewDevice::consent(&writer.secret, box_key, founding, None, Some(&role), nonce);
            members.push(FirstMember { device, role });
        }
        let name = hash(1);
        let found = Found { policy: Share::DEFAULT, members, name, parent: None, continues: None };
        let first = writers.first_mut().ok_or("no writers")?;
        let founding = first.sign(None, &[], day(0)?, Content::Act(Act::Found(found)))?;
        Ok(Self { ledger: Ledger::found(founding)?, writers, number })
    }

    /// Writes on these and on what nobody has built on yet.
    fn write(
        &mut self,
        by: usize,
        about: &[EnvelopeId],
        day: Day,
        content: Content,
    ) -> Measured<EnvelopeId> {
        let heads = self.ledger.heads().filter_map(|at| self.ledger.at(at)).map(Placed::id);
        let mut parents = about.to_vec();
        parents.extend(heads.filter(|id| !about.contains(id)));
        parents.truncate(limits::PARENTS);
        self.write_on(by, &parents, day, content)
    }

    fn write_on(
        &mut self,
        by: usize,
        parents: &[EnvelopeId],
        day: Day,
        content: Content,
    ) -> Measured<EnvelopeId> {
        let (group, people) = (self.ledger.group(), self.writers.len());
        let writer = self.writers.get_mut(by % people).ok_or("no such writer")?;
        let envelope = writer.sign(Some(group), parents, day, content)?;
        let id = envelope.id();
        self.ledger.insert(envelope)?;
        Ok(id)
    }

    /// So many write, all sign, and one enacts it.
    fn agree(&mut self, writing: usize, at: usize) -> Measured<()> {
        let day = day(at)?;
        for by in 0..writing {
            self.edit(by, at, day)?;
        }
        let draft = Views::of(&self.ledger).draft().ok_or("nothing was written")?;
        let proposal = Proposal::new(Matter::Ratify(draft));
        for by in 0..self.writers.len() {
            let proposal = proposal.clone();
            let answer = Act::Answer { proposal, answer: AnswerWord::Yes, on_behalf_of: None };
            self.write(by, &[], day, Content::Act(answer))?;
        }
        let about = self.ledger.consent_for(&proposal);
        self.write(0, &about, day, Content::Act(Act::Enact { proposal }))?;
        Ok(())
    }

    fn edit(&mut self, by: usize, at: usize, day: Day) -> Measured<()> {
        let (parsed, number) = (Markdown::parse(CONTRACT)?, self.number);
        let mut part = 0_u8;
        let mut ids = || {
            part += 1;
            PartId::from_bytes([part; 8])
        };
        let views = Views::of(&self.ledger);
        let content = views.contract_content(None);
        let rules = content.sections.iter().find(|one| one.kind == SectionKind::Rules);
        let writer = self.writers.get(by).ok_or("no such writer")?;
        let chain = Chain { device: writer.secret.public(), incarnation: writer.incarnation };
        let actor = chain.actor(self.ledger.group());
        let edit = |editor: &mut Editor| -> Result<(), EditError> {
            match rules {
                None => contract::apply_markdown(editor, &parsed, &mut ids).map(drop),
                Some(rules) => {
                    let line = format!("- Of {number}, {at}: person {by} brings tools back clean.");
                    let body = format!("{}\n{line}", rules.body);
                    contract::edit_section(editor, rules.id, &body).map(drop)
                }
            }
        };
        let changes = contract::make_change(&views.contract_document(None), actor, edit)?;
        drop(views);
        let (document, origin) = (DocumentId::Contract, Origin::Own);
        for bytes in changes {
            self.write(by, &[], day, Content::Change(Change { document, origin, bytes }))?;
        }
        Ok(())
    }

    /// All but one come; two attest whom they saw; some worked, which others confirm.
    fn meet(&mut self, number: usize, day: Day) -> Measured<()> {
        let people = self.writers.len();
        let title = hash(2);
        let meeting = Record::Meeting { day, title, headcount: None, imported: false };
        let meeting = self.write(number, &[], day, own(meeting))?;
        let mut taps = Vec::with_capacity(people);
        for by in 0..people {
            // Each from a phone of their own, that has seen the meeting and no tap yet.
            if by != number % 7 {
                taps.push((by, self.write_on(by, &[meeting], day, tap(meeting))?));
            }
        }
        for by in [number + 1, number + 2] {
            let seen = taps.iter().filter(|(of, _)| *of != by % people);
            let seen: Vec<EnvelopeId> = seen.map(|(_, tap)| *tap).collect();
            self.write(by, &[], day, own(Record::Attest(seen)))?;
        }
        let group = self.ledger.group().founding();
        for work in 0..WORK {
            let (by, whom) = ((number + work) % people, (number + 2 * work + 1) % people);
            let beneficiary = match work {
                0 => Beneficiary::Group,
                _ => Beneficiary::Member(MemberId::first(group, u8::try_from(whom)?)),
            };
            let minutes = u32::try_from(30 + (number * 7 + self.number * 13 + work * 11) % 90)?;
            let minutes = Minutes::new(minutes).ok_or("minutes")?;
            let what = hash(3);
            let work = Contribution { what, minutes, day, phase: None, beneficiary, on: None };
            let work = self.write(by, &[], day, own(Record::Contribution(work)))?;
            self.write(by + 1, &[], day, own(Record::Confirm(work)))?;
        }
        Ok(())
    }
}
