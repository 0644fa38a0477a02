//! Meetings: `copact meeting …`, `presence`, `tap`, `attest`, `minutes`.

use copact_core::views::{AttendanceRow, MeetingRow};

use super::{Done, Names, Session, nameless, number};
use crate::args::{Attest, MeetingCommand, Minutes, NewMeeting, Tap};
use crate::output::{
    Page, Piece, Table, count, date, faint, good, left, plain, right, short, strong, warn,
};

pub(super) fn run(session: Session, command: MeetingCommand) -> Done {
    match command {
        MeetingCommand::New(new) => record(session, &new),
        MeetingCommand::Open(one) => open(session, &one.meeting, true),
        MeetingCommand::Close(one) => open(session, &one.meeting, false),
        MeetingCommand::List => all(session),
        MeetingCommand::Show(one) => show(session, &one.meeting),
        MeetingCommand::Same(two) => {
            let mut group = session.open()?;
            let written = group.same_meeting(&two.one, &two.other)?;
            session.wrote(&written, written.id, "The two are one meeting from now on.")
        }
    }
}

fn record(session: Session, new: &NewMeeting) -> Done {
    let mut group = session.open()?;
    let written = group.new_meeting(&new.title, new.day.as_deref(), new.headcount)?;
    let id = written.id.to_string();
    session.output.show(&written, |page| {
        page.line([good("The meeting is recorded."), faint(format_args!("  {}", short(&id)))]);
        if new.headcount.is_none() {
            page.line([faint(format_args!(
                "When it begins: copact meeting open {}   then: copact tap",
                short(&id)
            ))]);
        }
    })
}

fn open(session: Session, typed: &str, open: bool) -> Done {
    let mut group = session.open()?;
    let written = group.open_meeting(typed, open)?;
    let id = written.id.to_string();
    session.output.show(&written, |page| {
        let sentence = if open { "The meeting is open." } else { "The meeting is closed." };
        page.line([good(sentence), faint(format_args!("  {}", short(&id)))]);
        if open {
            page.line([faint("Tap in: copact tap   show a code to scan: copact presence MEETING")]);
        }
    })
}

fn all(session: Session) -> Done {
    let group = session.open()?;
    let meetings = group.meetings();
    session.output.show(&meetings, |page| {
        let mut table = Table::new([
            left("day"),
            left("meeting"),
            right("present"),
            right("members"),
            right("witnessed"),
            right("attested"),
            left(""),
            left("id"),
        ]);
        for row in &meetings.meetings {
            let present = row.headcount.map_or(number(row.present), u64::from);
            table.row([
                plain(date(row.day)),
                strong(title(row)),
                plain(present),
                plain(row.members),
                plain(row.grades.witnessed),
                plain(row.grades.attested),
                kind(row),
                faint(short(&row.id.to_string())),
            ]);
        }
        page.table(&table);
        if meetings.meetings.is_empty() {
            page.line(["No meeting is recorded yet."]);
            page.line([faint("  copact meeting new TITLE")]);
            return;
        }
        let totals = &meetings.totals;
        page.line([plain(format_args!(
            "{}, {} by {}",
            count(number(totals.meetings), "meeting", "meetings"),
            count(number(totals.attendances), "attendance", "attendances"),
            count(number(totals.members), "member", "members"),
        ))]);
    })
}

const NO_TITLE: &str = "(title erased or not here yet)";

fn title(row: &MeetingRow) -> &str {
    row.title.as_deref().unwrap_or(NO_TITLE)
}

fn kind(row: &MeetingRow) -> Piece {
    match row {
        row if row.open => good("open"),
        row if row.headcount.is_some() => plain("counted only"),
        row if row.imported => plain("from a list"),
        row if !row.held => plain("nobody tapped in yet"),
        _ => plain(""),
    }
}

/// As in the list, and in words also where the list needs none.
fn state(row: &MeetingRow) -> Piece {
    let plainly = !row.open && row.headcount.is_none() && !row.imported && row.held;
    if plainly { plain("not open now") } else { kind(row) }
}

fn show(session: Session, typed: &str) -> Done {
    let group = session.open()?;
    let row = group.show_meeting(typed)?;
    let names = Names::of(&group);
    session.output.show(&row, |page| one(page, &row, &names))
}

fn one(page: &mut Page, row: &MeetingRow, names: &Names) {
    page.heading(title(row));
    page.fields([
        ("day", plain(date(row.day))),
        ("id", plain(row.id)),
        ("state", state(row)),
        ("members then", plain(row.members)),
    ]);
    if let Some(opener) = row.opened_by {
        page.fields([("opened by", plain(names.name(opener)))]);
    }
    if let Some(people) = row.headcount {
        page.line([plain(count(u64::from(people), "person", "people"))]);
        return;
    }
    let mut table = Table::new([left("who"), left("how sure"), left(""), left("tap")]);
    for one in &row.attendances {
        let tap = one.taps.first().map(ToString::to_string).unwrap_or_default();
        table.row([
            strong(one.name.clone().unwrap_or_else(|| nameless(one.member))),
            grade(one),
            faint(if one.recorded { "recorded by somebody else" } else { "" }),
            faint(short(&tap)),
        ]);
    }
    page.blank();
    page.table(&table);
    if row.attendances.is_empty() {
        page.line(["Nobody has tapped in yet."]);
    } else if row.grades.claimed > 0 {
        let id = row.id.to_string();
        page.line([faint(format_args!(
            "Sign whom you saw there: copact attest {}   or the ids of single taps",
            short(&id)
        ))]);
    }
}

fn grade(one: &AttendanceRow) -> Piece {
    match one.grade {
        "claimed" => warn("claimed"),
        grade => good(grade),
    }
}

pub(super) fn presence(session: Session, typed: &str) -> Done {
    let group = session.open()?;
    let shown = group.show_code(typed)?;
    session.output.show(&shown, |page| {
        page.qr(&shown.code);
        page.line([faint(format_args!(
            "Whoever taps in with it was seen by this device: copact tap --code LINK\n\
             It changes in {}.",
            count(u64::try_from(shown.changes_in).unwrap_or(0), "second", "seconds")
        ))]);
    })
}

pub(super) fn tap(session: Session, tap: &Tap) -> Done {
    let mut group = session.open()?;
    let tapped =
        group.tap(tap.meeting.as_deref(), tap.behalf.member.as_deref(), tap.code.as_deref())?;
    let meeting = tapped.title.as_deref().unwrap_or(NO_TITLE);
    let id = tapped.id.to_string();
    session.output.show(&tapped, |page| {
        let sentence = match (tapped.again, tap.behalf.member.as_deref()) {
            (true, _) => format!("That tap at “{meeting}” is recorded already."),
            (_, None) => format!("You tapped in at “{meeting}”."),
            (_, Some(member)) => format!("{member} is tapped in at “{meeting}”."),
        };
        page.line([good(sentence), faint(format_args!("  {}", short(&id)))]);
        if !tapped.counts {
            page.line([warn(
                "It does not count: whoever it is about was no member on the meeting's day.",
            )]);
        }
        if tapped.attested.is_some() {
            page.line(["This device showed that code, so it attested the tap."]);
        }
    })
}

pub(super) fn attest(session: Session, attest: &Attest) -> Done {
    let mut group = session.open()?;
    let written = group.attest(&attest.entries, attest.behalf.member.as_deref())?;
    session.wrote(&written, written.id, "Attested.")
}

pub(super) fn minutes(session: Session, minutes: &Minutes) -> Done {
    let mut group = session.open()?;
    let shown = match &minutes.file {
        None => group.minutes(&minutes.meeting)?,
        Some(file) => group.write_minutes(&minutes.meeting, file)?,
    };
    let written = minutes.file.is_some();
    session.output.show(&shown, |page| match (written, shown.id) {
        (true, Some(_)) => page.line([good("The minutes are written.")]),
        (true, None) => page.line(["The minutes say that already; nothing was written."]),
        (false, _) if shown.text.is_empty() => {
            page.line(["There are no minutes of this meeting yet."]);
            page.line([faint("  copact minutes MEETING --file FILE   writes them")]);
        }
        (false, _) => page.text(&shown.text),
    })
}
