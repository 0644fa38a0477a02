//! What people type for members, meetings and entries: an id, a unique start of one, or a unique
//! name.

use copact_core::day::Day;
use copact_core::entry::{Beneficiary, Record};
use copact_core::ids::{EnvelopeId, MemberId, ProposalId};
use copact_core::ledger::PersonIx;
use copact_core::text::Name;
use copact_core::views::MeetingRow;

use crate::error::{NodeError, Result};
use crate::group::Group;

/// Characters of an id that are enough to try it as a prefix.
const PREFIX: usize = 3;

/// Things that are listed in a sentence; more are not read.
const SHOWN: usize = 6;

/// One thing that could be meant.
pub(crate) struct Choice<T> {
    pub(crate) value: T,
    pub(crate) id: String,
    pub(crate) name: Option<String>,
}

/// Picks the one that is meant: the full id, else the only one of that name, else the only one
/// whose id starts so.
pub(crate) fn pick<T>(
    what: &'static str,
    codes: [&'static str; 2],
    typed: &str,
    all: Vec<Choice<T>>,
) -> Result<T> {
    let typed = typed.trim();
    let lower = typed.to_lowercase();
    let named =
        |one: &Choice<T>| one.name.as_ref().is_some_and(|name| name.to_lowercase() == lower);
    let starts = |one: &Choice<T>| lower.len() >= PREFIX && one.id.starts_with(&lower);
    let mut fitting: Vec<Choice<T>> = Vec::new();
    let mut known = Vec::new();
    let any_named = all.iter().any(named);
    for one in all {
        let label = label(&one.id, one.name.as_deref());
        if one.id == lower {
            return Ok(one.value);
        }
        if if any_named { named(&one) } else { starts(&one) } {
            fitting.push(one);
        }
        known.push(label);
    }
    let [unknown, ambiguous] = codes;
    if fitting.len() > 1 {
        let labels: Vec<String> =
            fitting.iter().map(|one| label(&one.id, one.name.as_deref())).collect();
        return Err(NodeError::input(
            ambiguous,
            format_args!("“{}” fits more than one {what}: {}", short(typed), some(&labels)),
        )
        .hint("write the id of the one that you mean"));
    }
    fitting.pop().map(|one| one.value).ok_or_else(|| {
        let error =
            NodeError::input(unknown, format_args!("there is no {what} “{}”", short(typed)));
        match known.is_empty() {
            true => error.hint(format_args!("there is none at all yet; {}", begin(what))),
            false => {
                let all = if known.len() > SHOWN { whole_list(what) } else { "" };
                error.hint(format_args!("choose one of {}{all}", some(&known)))
            }
        }
    })
}

/// How there comes to be a first one.
fn begin(what: &str) -> &'static str {
    match what {
        "meeting" => "record one with `copact meeting new TITLE`",
        "proposal" => "make one with `copact propose TEXT`",
        "goal" => "goals stand in the contract: `copact contract edit`",
        "meeting, task or goal" => "leave --on out, or begin one with `copact task new TEXT`",
        _ => "import a bundle first: `copact bundle import FILE`",
    }
}

/// Where all are listed.
fn whole_list(what: &str) -> &'static str {
    match what {
        "member" => "; `copact member list` lists all",
        "meeting" => "; `copact meeting list` lists all",
        "proposal" => "; `copact proposals` lists all",
        "goal" => "; `copact goal list` lists all",
        _ => "",
    }
}

fn label(id: &str, name: Option<&str>) -> String {
    let id = id.get(..8).unwrap_or(id);
    name.map_or_else(|| id.to_owned(), |name| format!("{name} ({id})"))
}

fn short(typed: &str) -> String {
    if typed.chars().count() > 60 {
        typed.chars().take(60).chain("…".chars()).collect()
    } else {
        typed.to_owned()
    }
}

fn some(labels: &[String]) -> String {
    let shown = labels.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if labels.len() > SHOWN { format!("{shown} and {} more", labels.len() - SHOWN) } else { shown }
}

impl Group {
    /// The member that is meant; one who has left too.
    ///
    /// # Errors
    /// Nobody, or several.
    pub fn member(&self, typed: &str) -> Result<(PersonIx, MemberId)> {
        let names = self.names();
        let now = self.ledger().now();
        let lower = typed.trim().to_lowercase();
        // Of several of one name, the one who is here is meant; ids reach everybody.
        let called =
            |member: &MemberId| names.get(member).is_some_and(|name| name.to_lowercase() == lower);
        let mut present = now.members().filter(|(ix, id, _)| called(id) && now.is_member(*ix));
        let only = present.next().filter(|_| present.next().is_none()).map(|(_, id, _)| id);
        // Every id a member was ever given names them.
        let all = now.members().flat_map(|(ix, id, person)| {
            let name = names.get(&id).cloned();
            person.introductions.iter().map(move |one| Choice {
                value: (ix, id),
                id: one.member.to_string(),
                name: name.clone().filter(|_| {
                    one.member == id && (!called(&id) || only.is_none_or(|it| it == id))
                }),
            })
        });
        pick("member", ["unknown_member", "ambiguous_member"], typed, all.collect())
    }

    /// Whom the group can give voice: a member, or somebody who was let in by a member without
    /// voice, and so is none before the group says so.
    ///
    /// # Errors
    /// Nobody, or several.
    pub(crate) fn newcomer(&self, typed: &str) -> Result<(PersonIx, MemberId)> {
        let lower = typed.trim().to_lowercase();
        self.member(typed).or_else(|error| {
            let all = self.ledger().everybody();
            let ids =
                all.flat_map(|(ix, who)| who.introductions.iter().map(move |one| (ix, one.member)));
            let mut fitting = ids.filter(|(_, member)| {
                lower.len() >= PREFIX && member.to_string().starts_with(&lower)
            });
            fitting.next().filter(|_| fitting.next().is_none()).ok_or(error)
        })
    }

    /// The member for whom something is recorded: `--for`.
    ///
    /// # Errors
    /// Nobody, or several, of that name.
    pub fn on_behalf_of(&self, typed: Option<&str>) -> Result<Option<MemberId>> {
        let Some(typed) = typed else { return Ok(None) };
        let (person, member) = self.member(typed)?;
        let (me, _) = self.me()?;
        Ok((person != me).then_some(member))
    }

    /// An assisted member whose helper this device's member is.
    ///
    /// # Errors
    /// Nobody of that name, or somebody else's to help.
    pub fn assisted(&self, typed: Option<&str>) -> Result<Option<MemberId>> {
        let Some(typed) = typed else { return Ok(None) };
        let (person, member) = self.member(typed)?;
        let (me, _) = self.me()?;
        if person == me {
            return Ok(None);
        }
        if self.ledger().now().helps(me, person) {
            return Ok(Some(member));
        }
        Err(NodeError::input(
            "not_the_helper",
            format_args!(
                "you are not the helper of “{}”, so you cannot sign for them",
                short(typed)
            ),
        )
        .hint("they sign on their own device, or their helper does"))
    }

    /// The meeting that is meant: by title, id, or start of an id; without a word, the one that is
    /// open, or else today's.
    ///
    /// # Errors
    /// None, or several.
    pub fn meeting(&self, typed: Option<&str>) -> Result<EnvelopeId> {
        let rows = self.labelled(|views, labels| views.meetings(labels)).meetings;
        let Some(typed) = typed else { return self.present_meeting(rows) };
        // A record that lapsed still names the meeting that stands for it.
        let lapsed: Vec<Choice<EnvelopeId>> = self.lapsed_meetings();
        let all = rows
            .into_iter()
            .map(|row| Choice { value: row.id, id: row.id.to_string(), name: row.title })
            .chain(lapsed);
        pick("meeting", ["unknown_meeting", "ambiguous_meeting"], typed, all.collect())
    }

    fn lapsed_meetings(&self) -> Vec<Choice<EnvelopeId>> {
        let views = self.views();
        let journal = views.journal();
        let at = |place| self.ledger().at(place).map(|at| at.id());
        let lapsed = journal.same_as.keys().filter_map(|place| {
            let (id, stands) = (at(*place)?, at(journal.stands_for(*place))?);
            let entry = self.ledger().at(*place)?.entry()?;
            matches!(entry.record, Record::Meeting { .. }).then(|| Choice {
                value: stands,
                id: id.to_string(),
                name: None,
            })
        });
        lapsed.collect()
    }

    fn present_meeting(&self, rows: Vec<MeetingRow>) -> Result<EnvelopeId> {
        let today: Day = self.clock().day;
        let open: Vec<&MeetingRow> =
            rows.iter().filter(|row| row.open && row.headcount.is_none()).collect();
        let todays: Vec<&MeetingRow> =
            rows.iter().filter(|row| row.day == today && row.headcount.is_none()).collect();
        let fitting = if open.is_empty() { todays } else { open };
        match fitting.as_slice() {
            [one] => Ok(one.id),
            [] => Err(NodeError::input("no_open_meeting", "no meeting is open, and none is today")
                .hint("open one with `copact meeting open MEETING`, or name the meeting")),
            several => {
                let labels: Vec<String> = several
                    .iter()
                    .map(|row| label(&row.id.to_string(), row.title.as_deref()))
                    .collect();
                Err(NodeError::input(
                    "ambiguous_meeting",
                    format_args!("more than one meeting could be meant: {}", some(&labels)),
                )
                .hint("name the meeting"))
            }
        }
    }

    /// The entry or change that is meant, by id or start of one.
    ///
    /// # Errors
    /// None, or several.
    pub fn entry(&self, typed: &str) -> Result<EnvelopeId> {
        let all = self.ledger().envelopes().filter(|(_, placed)| placed.act().is_none()).map(
            |(_, placed)| Choice { value: placed.id(), id: placed.id().to_string(), name: None },
        );
        pick_quietly("entry", ["unknown_entry", "ambiguous_entry"], typed, all.collect())
    }

    /// Any envelope, by id or start of one.
    ///
    /// # Errors
    /// None, or several.
    pub fn envelope(&self, typed: &str) -> Result<EnvelopeId> {
        let all = self.ledger().envelopes().map(|(_, placed)| Choice {
            value: placed.id(),
            id: placed.id().to_string(),
            name: None,
        });
        pick_quietly("entry or act", ["unknown_entry", "ambiguous_entry"], typed, all.collect())
    }

    /// The proposal that is meant: by id, start of one, or its words.
    ///
    /// # Errors
    /// None, or several.
    pub fn proposal_id(&self, typed: &str) -> Result<ProposalId> {
        let rows = self.labelled(|views, labels| views.proposal_rows(labels));
        let all = rows.into_iter().map(|row| Choice {
            value: row.id,
            id: row.id.to_string(),
            name: row.text,
        });
        pick("proposal", ["unknown_proposal", "ambiguous_proposal"], typed, all.collect())
    }

    /// Whom work is for: `group`, `outside`, or a member.
    ///
    /// # Errors
    /// Nobody, or several, of that name.
    pub fn beneficiary(&self, typed: &str) -> Result<Beneficiary> {
        match typed.trim().to_lowercase().as_str() {
            "group" => Ok(Beneficiary::Group),
            "outside" => Ok(Beneficiary::Outside),
            _ => Ok(Beneficiary::Member(self.member(typed)?.1)),
        }
    }

    /// The member with exactly that name, if there is one.
    pub(crate) fn member_called(&self, name: &Name) -> Option<(PersonIx, MemberId)> {
        let names = self.names();
        let mut fitting = names.iter().filter(|(_, other)| other.as_str() == name.as_str());
        let (member, _) = fitting.next()?;
        Some((self.ledger().person_with_id(*member)?, *member))
    }
}

/// Like [`pick`], without a list of all there is: entries are many.
fn pick_quietly<T>(
    what: &'static str,
    codes: [&'static str; 2],
    typed: &str,
    all: Vec<Choice<T>>,
) -> Result<T> {
    pick(what, codes, typed, all).map_err(|mut error| {
        if error.code == codes[0] {
            let hint = "`copact log` lists the entries; write an id, or its first characters (3 \
                        at least)";
            error.hint = Some(hint.to_owned());
        }
        error
    })
}
