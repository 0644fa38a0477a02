//! `copact status`: how the group stands, and what to do next.

use copact_core::ids::MemberId;
use copact_core::views::{ContractStatus, MeetingRow, MemberRow};
use copact_node::group::Group;
use copact_node::status::Status;

use super::decisions::{self, Telling};
use super::{Done, Names, Session, number};
use crate::output::{Page, Piece, count, date, faint, good, list, plain, short, warn};

/// What the page is made of.
struct Present {
    status: Status,
    contract: ContractStatus,
    digest: Option<String>,
    meetings: Vec<MeetingRow>,
    members: Vec<MemberRow>,
    /// What waits for this member's answer, in words, and how to answer it.
    waiting: Vec<(String, String)>,
    /// Assisted members whose helper is gone, and how to name another.
    alone: Vec<(String, String)>,
    names: Names,
}

pub(super) fn status(session: Session) -> Done {
    let group = session.open()?;
    let present = Present::of(&group);
    session.output.show(&present.status, |page| present.page(page))
}

/// What waits for this member's answer; signing the contract has a step of its own.
fn waiting(group: &Group) -> Vec<(String, String)> {
    let telling = Telling::of(group);
    let open = group.to_answer().into_iter().filter(|row| row.kind != "ratify");
    let questions = open.filter_map(|row| group.question(row.id));
    questions
        .map(|one| {
            let command = format!("copact answer {} yes", short(&one.row.id.to_string()));
            (telling.what(&one), command)
        })
        .collect()
}

/// Assisted members whose helper was removed or left.
fn alone(group: &Group) -> Vec<(String, String)> {
    let (rows, names) = (group.members(), Names::of(group));
    let gone = |helper| rows.iter().any(|row| row.id == helper && row.until.is_some());
    let alone = rows.iter().filter(|row| {
        row.assisted
            && row.until.is_none()
            && row.merged_into.is_none()
            && row.helper.is_none_or(gone)
    });
    alone
        .map(|row| {
            let command = format!("copact member helper {} --to NAME", short(&row.id.to_string()));
            (format!("{} has nobody who signs for them", names.name(row.id)), command)
        })
        .collect()
}

impl Present {
    fn of(group: &Group) -> Self {
        let status = group.status();
        let adopted = status.adopted.is_some();
        Self {
            contract: group.contract_status(),
            digest: adopted
                .then(|| group.show_contract("adopted").ok())
                .flatten()
                .map(|c| c.digest),
            meetings: group.meetings().meetings,
            members: group.members(),
            waiting: waiting(group),
            alone: alone(group),
            names: Names::of(group),
            status,
        }
    }

    fn page(&self, page: &mut Page) {
        let status = &self.status;
        page.heading(&status.name);
        if let Some(parted) = &status.parted {
            decisions::parted(page, parted);
            page.blank();
        }
        let mut fields = vec![
            ("you", plain(self.me())),
            ("founded", plain(date(status.founded))),
            ("members", plain(self.people())),
            ("contract", self.contract()),
            ("decisions", self.decisions()),
            ("meetings", self.met()),
            ("log", plain(count(number(status.entries), "entry", "entries"))),
        ];
        if status.flags > 0 {
            fields.push(("flags", warn(format_args!("{} to look at in the log", status.flags))));
        }
        if status.set_aside > 0 {
            let aside = count(number(status.set_aside), "envelope is", "envelopes are");
            fields.push(("set aside", warn(format_args!("{aside} kept and not counted"))));
        }
        fields.push(("digest", faint(short(&status.view_digest))));
        page.fields(fields);
        self.next(page);
    }

    fn me(&self) -> String {
        match self.status.me {
            Some(me) => self.names.name(me),
            None => "not a member yet".to_owned(),
        }
    }

    fn people(&self) -> String {
        let status = &self.status;
        let assisted = self.here().filter(|row| row.assisted).count();
        let mut text = format!("{}, {} with voice", status.members, status.voices);
        if assisted > 0 {
            text.push_str(&format!(", {assisted} without a device"));
        }
        text
    }

    fn decisions(&self) -> Piece {
        match self.waiting.len() {
            0 => plain("none waits for your answer"),
            several => warn(format_args!(
                "{} for your answer: copact proposals",
                count(number(several), "waits", "wait")
            )),
        }
    }

    fn here(&self) -> impl Iterator<Item = &MemberRow> {
        self.members.iter().filter(|row| row.until.is_none() && row.merged_into.is_none())
    }

    fn contract(&self) -> Piece {
        let contract = &self.contract;
        let missing = self.missing();
        match (contract.draft, contract.adopted) {
            (None, None) => plain("nothing written yet"),
            (_, Some(_)) if !contract.differs => {
                good(format_args!("adopted, {}", self.digest.as_deref().unwrap_or_default()))
            }
            (_, Some(_)) => warn(format_args!(
                "adopted, {}; the draft differs, signed by {} of {} needed",
                self.digest.as_deref().unwrap_or_default(),
                contract.have,
                contract.need
            )),
            (_, None) => warn(format_args!(
                "a draft, signed by {} of {} needed; not signed by {}",
                contract.have,
                contract.need,
                list(&missing)
            )),
        }
    }

    /// Those with voice who have not signed the draft.
    fn missing(&self) -> Vec<String> {
        let rows = self.here().filter(|row| row.voice && !self.has_signed(row.id));
        rows.map(|row| self.names.name(row.id)).collect()
    }

    /// Whether that member's yes to the draft stands.
    fn has_signed(&self, member: MemberId) -> bool {
        let draft = self.contract.versions.iter();
        let draft = draft.filter(|one| Some(one.version) == self.contract.draft);
        draft.flat_map(|one| &one.signatures).any(|one| {
            one.member == member
                && one.withdrawn.is_none()
                && (one.recorder.is_none() || one.confirmed_by.is_some())
        })
    }

    fn met(&self) -> Piece {
        match self.status.open_meetings.as_slice() {
            [] => plain(self.meetings.len()),
            open => good(format_args!("{}, open now: {}", self.meetings.len(), list(open))),
        }
    }

    fn next(&self, page: &mut Page) {
        let mut steps: Vec<(String, &str)> = Vec::new();
        let status = &self.status;
        if status.parted.is_some() {
            return;
        }
        if status.me.is_none() {
            steps.push(("Take in a newer bundle".to_owned(), "copact bundle import FILE"));
        }
        for (what, command) in &self.waiting {
            steps.push((format!("Answer “{what}”"), command));
        }
        for (sentence, command) in &self.alone {
            steps.push((sentence.clone(), command));
        }
        let (draft, me) = (self.contract.draft, status.me);
        match draft {
            None => steps.push((
                "Write down what you are about".to_owned(),
                "copact contract import FILE.md",
            )),
            Some(_) if self.contract.differs && me.is_some_and(|me| !self.has_signed(me)) => {
                steps.push((
                    "Read the draft of the contract, and sign it".to_owned(),
                    "copact contract diff; copact contract ratify",
                ));
            }
            Some(_) => {}
        }
        if let Some(open) = status.open_meetings.first()
            && !self.at_open_meeting()
        {
            steps.push((format!("Tap in at “{open}”"), "copact tap"));
        }
        if status.members == 1 {
            steps.push(("Bring others in".to_owned(), "copact invite"));
        }
        if self.meetings.is_empty() {
            steps.push(("Record your first meeting".to_owned(), "copact meeting new TITLE"));
        }
        if steps.is_empty() {
            return;
        }
        page.heading("What to do next");
        for (sentence, command) in steps {
            page.line([plain(format_args!("{sentence}: ")), faint(command)]);
        }
    }

    fn at_open_meeting(&self) -> bool {
        let open = self.meetings.iter().filter(|row| row.open);
        open.flat_map(|row| &row.attendances).any(|one| Some(one.member) == self.status.me)
    }
}
