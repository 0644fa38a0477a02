//! What people with modified apps do. They know everything and obey nothing but the form of an
//! envelope.

use std::collections::BTreeSet;

use copact_core::act::{Act, Erased, NewDevice};
use copact_core::change::{Change, DocumentId, Origin};
use copact_core::contract::{self, EditError, Markdown};
use copact_core::entry::{Beneficiary, Corrected, Entry, Minutes, Record};
use copact_core::envelope::{Chain, Content};
use copact_core::ids::{EnvelopeId, Nonce, PartId};
use copact_core::keys::{BoxKey, Purpose};
use copact_core::views::Views;

use super::honest::{WORDS, entries, members};
use super::{Step, World, pick};
use crate::device::Device;
use crate::group::{correct, dispute, first_day, found, meeting, role, same_as, tap, text, work};

impl World {
    pub(super) fn malicious_step(&mut self, step: &Step, outsider: bool) {
        let fresh = self.draw();
        let content = self.hostile_content(step, outsider, fresh);
        let day = first_day().plus(i32::from(step.days) * 10);
        let group = Some(self.eye.group());
        let parents = self.hostile_parents(step);
        let known: Vec<_> = self.eye.envelopes().map(|(_, at)| at.id()).collect();
        let device = if outsider { &mut self.eve } else { &mut self.mallory };
        if step.b.is_multiple_of(11) {
            device.begin_again(fresh << 30);
        }
        let own: Vec<(u64, EnvelopeId)> = self
            .eye
            .envelopes()
            .map(|(_, at)| (at.envelope().header(), at.id()))
            .filter(|(header, _)| header.chain.device == device.key())
            .filter(|(header, _)| header.chain.incarnation == device.incarnation)
            .map(|(header, id)| (header.seq, id))
            .collect();
        let envelope = match step.b % 8 {
            // A twin of something old.
            0..=2 if !own.is_empty() => {
                let (seq, prev) = pick(&own, step.a / 3).unwrap();
                device.sign_at(group, seq + 1, Some(prev), &parents, day, content)
            }
            // A number or a predecessor that is not the chain's.
            3 if step.a.is_multiple_of(3) => {
                let prev = pick(&known, step.a);
                device.sign_at(group, 2 + u64::from(step.a % 4), prev, &parents, day, content)
            }
            // Something before it that nobody has.
            4 if step.a.is_multiple_of(5) => {
                let unknown = EnvelopeId::from_bytes([step.a as u8; 32]);
                device.sign(group, &[parents[0], unknown], day, content)
            }
            _ => device.sign(group, &parents, day, content),
        };
        self.release(envelope, true);
    }

    /// One to three of anything that there is, or all heads.
    fn hostile_parents(&self, step: &Step) -> Vec<EnvelopeId> {
        let known: Vec<_> = self.eye.envelopes().map(|(_, at)| at.id()).collect();
        let mut parents = BTreeSet::new();
        if step.days % 3 == 0 {
            let heads = self.eye.heads().filter_map(|place| self.eye.at(place));
            parents.extend(heads.map(copact_core::ledger::Placed::id).take(20));
        } else {
            for number in 0..=step.a % 3 {
                parents.extend(pick(
                    &known,
                    step.a.wrapping_mul(31).wrapping_add(step.b.wrapping_mul(number)),
                ));
            }
        }
        parents.into_iter().collect()
    }

    fn hostile_content(&mut self, step: &Step, outsider: bool, fresh: u64) -> Content {
        match step.what % 4 {
            0 | 1 => {
                Content::Entry(self.hostile_entry(step).unwrap_or_else(|| Entry {
                    on_behalf_of: None,
                    record: Record::Note(text(21)),
                }))
            }
            2 => Content::Act(self.hostile_act(step, outsider, fresh)),
            _ => Content::Change(self.hostile_change(step, outsider)),
        }
    }

    fn hostile_entry(&self, step: &Step) -> Option<Entry> {
        let any = |kind: &str| pick(&entries(&self.eye, kind), step.a);
        let other = pick(&entries(&self.eye, ""), step.b);
        let member = pick(&members(&self.eye), step.b)?;
        let day = first_day().plus(i32::from(step.days));
        let record = match step.what / 4 % 12 {
            0 => meeting(day),
            1 | 2 => tap(any("meeting")?),
            3 => work(1 + u32::from(step.a % 1440), Beneficiary::Member(member), day),
            4 => Record::Attest(vec![any("")?]),
            5 => Record::Confirm(any("")?),
            6 => dispute(any("")?),
            7 => Record::Refuse(any("")?),
            8 => {
                let minutes = Minutes::new(1440);
                let beneficiary = Some(Beneficiary::Member(member));
                let day = Some(day);
                correct(any("")?, Corrected { day, minutes, beneficiary, ..Corrected::default() })
            }
            9 | 10 => {
                let kind = if step.a.is_multiple_of(3) { "contribution" } else { "meeting" };
                let others = entries(&self.eye, kind);
                let (one, two) = (pick(&others, step.a)?, pick(&others, step.b)?);
                if one == two {
                    return None;
                }
                same_as(one, two)
            }
            // What it is about may be of a kind that it can never be about.
            _ => tap(other?),
        };
        let on_behalf_of = step.b.is_multiple_of(3).then_some(member);
        Some(Entry { on_behalf_of, record })
    }

    fn hostile_act(&mut self, step: &Step, outsider: bool, fresh: u64) -> Act {
        let group = self.eye.group();
        let member = pick(&members(&self.eye), step.b).unwrap();
        let proposal = self.proposal(&self.eye, step.b);
        let device = if outsider { &self.eve } else { &self.mallory };
        match step.what / 4 % 12 {
            // Everybody may let Eve in but Eve.
            0 => {
                let newcomer = role("newcomer");
                Act::Admit { device: self.eve.accepts(group, &newcomer), role: newcomer }
            }
            // An acceptance that was used before.
            1 => match pick(&self.accepted, step.a) {
                Some((device, role)) => Act::Admit { device, role },
                None => Act::Link,
            },
            2 => Act::AddDevice { device: theft(device, &self.honest[0].device, fresh) },
            3 => Act::AddDevice { device: self.eve.joins(member) },
            4 if step.a.is_multiple_of(4) => Act::Leave,
            4 | 5 => Act::Answer {
                proposal,
                answer: WORDS[usize::from(step.a) % WORDS.len()],
                on_behalf_of: Some(member),
            },
            6 => Act::Enact { proposal },
            7 => Act::Answer {
                proposal,
                answer: WORDS[usize::from(step.a) % WORDS.len()],
                on_behalf_of: None,
            },
            8 => Act::Erase { what: Erased::Profile(member) },
            9 => Act::Assist {
                helper: member,
                role: role("puppet"),
                imported: step.a.is_multiple_of(2).then_some(first_day().plus(-3_000)),
                nonce: Nonce::from_bytes([fresh as u8; 16]),
            },
            10 => {
                let acts = self.eye.envelopes().filter(|(_, at)| at.act().is_some());
                let acts: Vec<_> = acts.map(|(_, at)| at.id()).collect();
                Act::Confirm { act: pick(&acts, step.a).unwrap() }
            }
            _ => {
                // A second founding, which is another group's.
                let mut devices = [Device::new(20)];
                let founding = found(&mut devices);
                self.foreign.push(founding);
                Act::Role { role: role("chair"), on_behalf_of: Some(member) }
            }
        }
    }

    fn hostile_change(&self, step: &Step, outsider: bool) -> Change {
        let changes = self.eye.envelopes().filter_map(|(_, at)| match at.envelope().content() {
            Content::Change(change) => Some(change.clone()),
            _ => None,
        });
        let others: Vec<Change> = changes.collect();
        let document = match pick(&entries(&self.eye, ""), step.b) {
            Some(entry) if step.b.is_multiple_of(5) => DocumentId::Minutes(entry),
            _ => DocumentId::Contract,
        };
        let origin = match pick(&members(&self.eye), step.a) {
            Some(member) if step.a.is_multiple_of(5) => Origin::For(member),
            _ => Origin::Own,
        };
        let bytes = match (step.what / 4 % 5, pick(&others, step.a)) {
            (0, _) => vec![step.a as u8; 40],
            // Somebody else's change as one's own, and one with a flipped bit.
            (1, Some(other)) => other.bytes,
            (2, Some(mut other)) => {
                let at = usize::from(step.b) % other.bytes.len();
                other.bytes[at] ^= 1 << (step.a % 8);
                other.bytes
            }
            _ => self.own_change(step, outsider),
        };
        Change { document, origin, bytes }
    }

    /// A change as an honest device makes one, which a twin of it contradicts.
    fn own_change(&self, step: &Step, outsider: bool) -> Vec<u8> {
        let device = if outsider { &self.eve } else { &self.mallory };
        let chain = Chain { device: device.key(), incarnation: device.incarnation };
        let markdown = format!("# M{}\n\n## Who {{#identity}}\n\nWe are {}.\n", step.a, step.b);
        let parsed = Markdown::parse(&markdown).unwrap();
        let mut number = step.a;
        let mut ids = || {
            number = number.wrapping_add(1);
            PartId::from_bytes([number as u8; 8])
        };
        let actor = chain.actor(self.eye.group());
        // From what some honest device knows, or from everything.
        let honest = &self.honest[usize::from(step.b) % self.honest.len()].ledger;
        let from = if step.b.is_multiple_of(2) { &self.eye } else { honest };
        let document = Views::of(from).contract_document(None);
        let made = contract::make_change::<EditError>(&document, actor, |editor| {
            contract::apply_markdown(editor, &parsed, &mut ids).map(drop)
        });
        made.unwrap_or_default().into_iter().next().unwrap_or_else(|| vec![0; 9])
    }
}

/// A consent that the device never gave: signed by the thief's key.
fn theft(thief: &Device, victim: &Device, fresh: u64) -> NewDevice {
    let nonce = Nonce::from_bytes([fresh as u8; 16]);
    let box_key = BoxKey::from_bytes([1; 32]);
    let mut device =
        NewDevice::consent(&thief.secret, box_key, Purpose::Device, Some([0; 32]), None, nonce);
    device.device = victim.key();
    device
}
