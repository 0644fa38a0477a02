//! Many groups: `copact evidence --all`.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use copact_core::quarter::Quarter;
use copact_evidence::community::{Community, Total};
use copact_evidence::trends::Claim;
use copact_evidence::window::Window;
use copact_node::checkpoints::Checkpoints;
use copact_node::file;
use copact_node::home::{Clock, Home};
use copact_report::bundle::BUNDLE_BYTES;
use copact_report::gathering::{Asked, Gathered, Given, Source, gather};
use serde_json::json;

use super::written::{PROGRAM, whole_quarters, write_rows};
use super::{Days, Done, Session, rules, window};
use crate::args::Evidence;
use crate::failure::Failure;
use crate::output::{Page, Progress, Table, count, faint, good, left, plain, right, strong, warn};
use crate::run::number;

/// Quarters of the table unless told otherwise.
const QUARTERS: usize = 4;

pub(super) fn run(session: Session, typed: &Evidence) -> Done {
    let (from, to) = quarters(&session, typed)?;
    let rules = rules(typed.rules.as_deref())?;
    let given = given(&typed.all, session.home.clock())?;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let asked = Asked { from, to, rules: &rules, program: PROGRAM, threads };
    let all = number(given.len());
    let mut progress = Progress::new("groups", Some(all), &session.output);
    let kept = Checkpoints::of(&session.home);
    let gathered = gather(&given, &asked, &kept, &mut |done, _| progress.reach(number(done)));
    drop(progress);
    if gathered.taken.is_empty() {
        let first = gathered.left_out.first();
        let why = first.map(|one| format!("; {}: {}", one.name, one.sentence));
        return Err(Failure::input(
            "no_groups",
            format_args!("no group is there to report on{}", why.unwrap_or_default()),
        )
        .hint("name homes, or folders with reports that `copact evidence --sealed` wrote"));
    }
    if let Some(to) = &typed.parquet {
        write_rows(to, &gathered.rows)?;
    }
    let community = Community::of(&gathered.rows, from, to)
        .map_err(|error| Failure::failed("no_community", error))?;
    let mut document = json!(community);
    if let Some(fields) = document.as_object_mut() {
        fields.insert("ruleset".to_owned(), json!({ "name": rules.name(), "hash": rules.hash() }));
        fields.insert("taken".to_owned(), json!(gathered.taken));
        fields.insert("left_out".to_owned(), json!(gathered.left_out));
    }
    session.output.show(&document, |page| shown(page, &community, &gathered, typed))
}

/// The quarters that were asked for, or the last that ended.
fn quarters(session: &Session, typed: &Evidence) -> Result<(Quarter, Quarter), Failure> {
    if typed.from.is_some() || typed.window.is_some() {
        return whole_quarters(window(&Days::of(typed), session.today())?);
    }
    let today = session.today();
    let year_and_more = Window::up_to(today, 460).quarters();
    let last = year_and_more.iter().rev().take(QUARTERS).map(|one| Quarter::of(one.from));
    let last: Vec<Quarter> = last.collect();
    last.last().copied().zip(last.first().copied()).ok_or_else(|| {
        Failure::failed("no_quarter", format_args!("no quarter ended before {today}"))
    })
}

/// The groups of homes, and the files of other folders.
fn given(folders: &[PathBuf], clock: Clock) -> Result<Vec<Given<'static>>, Failure> {
    let mut all = Vec::new();
    for folder in folders {
        if folder.join("groups").is_dir() {
            let home = Home::new(folder.clone(), None, clock);
            for group in home.group_folders()? {
                all.push(of_home(folder, &group, clock));
            }
            continue;
        }
        let unreadable = |error: &std::io::Error| {
            Failure::input(
                "unreadable_file",
                format_args!("the folder {} cannot be read: {error}", folder.display()),
            )
            .hint("check its name, and that you may read it")
        };
        let entries = std::fs::read_dir(folder).map_err(|error| unreadable(&error))?;
        for entry in entries {
            let path = entry.map_err(|error| unreadable(&error))?.path();
            if path.is_file() {
                all.push(of_file(path));
            }
        }
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}

fn of_file(path: PathBuf) -> Given<'static> {
    Given {
        name: path.display().to_string(),
        source: Source::Bundle(Box::new(move || {
            let read = file::read(&path, BUNDLE_BYTES);
            read.map(Cow::Owned).map_err(|error| error.message)
        })),
    }
}

fn of_home(folder: &Path, group: &Path, clock: Clock) -> Given<'static> {
    let id = group.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = folder.to_owned();
    Given {
        name: group.display().to_string(),
        source: Source::Home {
            frontier: None,
            open: Box::new(move |see| {
                let home = Home::new(folder.clone(), None, clock);
                let group = home.open(Some(&id)).map_err(|error| error.message)?;
                see(&group.views());
                Ok(())
            }),
        },
    }
}

fn shown(page: &mut Page, community: &Community, gathered: &Gathered, typed: &Evidence) {
    page.line([
        strong(count(community.groups, "group", "groups")),
        plain(format_args!(", {} to {}; ", community.from, community.to)),
        plain(format_args!(
            "{} {} of another, {} there all along",
            community.teams,
            if community.teams == 1 { "is a team" } else { "are teams" },
            community.panel
        )),
    ]);
    totals(page, "All groups", &community.totals);
    if community.panel > 0 {
        totals(page, "Groups that were there all along", &community.panel_totals);
    }
    trends(page, community);
    medians(page, community);
    page.heading("Read with this");
    for sentence in community.says {
        page.text(&format!("- {sentence}"));
    }
    if !gathered.left_out.is_empty() {
        page.heading("Not counted");
        for one in &gathered.left_out {
            page.line([warn(&one.name), plain(": "), plain(&one.sentence)]);
        }
    }
    if let Some(file) = &typed.parquet {
        page.blank();
        page.line([good(format_args!(
            "{} are in {}.",
            count(number(gathered.rows.len()), "row", "rows"),
            file.display()
        ))]);
    }
}

fn totals(page: &mut Page, title: &str, all: &[Total]) {
    page.heading(title);
    let mut columns = vec![left("")];
    columns.extend(all.iter().map(|one| right(one.quarter.to_string())));
    let mut table = Table::new(columns);
    let mut levels: Vec<&String> = all.iter().flat_map(|one| one.levels.keys()).collect();
    levels.sort_unstable();
    levels.dedup();
    for level in levels {
        let at = |one: &Total| one.levels.get(level).copied().unwrap_or_default().to_string();
        table.row(line(&format!("groups at \u{201c}{level}\u{201d}"), all, at));
    }
    let share =
        |num: u64, den: u64| if den == 0 { "\u{2013}".to_owned() } else { format!("{num}/{den}") };
    table.row(line("memberships", all, |one| one.memberships.to_string()));
    table.row(line("joined", all, |one| one.joined.to_string()));
    table.row(line("left", all, |one| one.left.to_string()));
    table.row(line("net", all, |one| one.net.to_string()));
    table.row(line("newcomers who signed or worked", all, |one| share(one.j2.num, one.j2.den)));
    table.row(line("confirmed hours", all, |one| {
        format!("{}.{}", one.minutes / 60, one.minutes % 60 * 10 / 60)
    }));
    table.row(line("attendances", all, |one| one.attendances.to_string()));
    table.row(line("goals met", all, |one| share(one.goals_met, one.goals_due)));
    page.table(&table);
}

fn line(name: &str, all: &[Total], at: impl Fn(&Total) -> String) -> Vec<crate::output::Piece> {
    std::iter::once(plain(name)).chain(all.iter().map(|one| plain(at(one)))).collect()
}

fn trends(page: &mut Page, community: &Community) {
    page.heading("Rising or falling, of those there all along");
    for trend in &community.trends {
        let claim = match trend.claim {
            Claim::Rise => good("a rise is shown"),
            Claim::Fall => warn("a fall is shown"),
            Claim::NotShown => plain("neither is shown"),
        };
        page.line([plain(format_args!("{}: ", trend.id)), claim]);
    }
    let minutes = community.minutes;
    page.line([faint(format_args!(
        "Minutes of single groups: a rise shown in {}, a fall in {}, neither in {}.",
        minutes.rise, minutes.fall, minutes.not_shown
    ))]);
}

fn medians(page: &mut Page, community: &Community) {
    page.heading("Medians over groups, with quartiles, in the last quarter");
    let mut table =
        Table::new([left(""), right("groups"), right("lower"), right("median"), right("upper")]);
    let share = |value: Option<f64>| {
        value.map_or_else(|| "\u{2013}".to_owned(), |value| format!("{value:.2}"))
    };
    for one in community.spreads.iter().filter(|one| one.quarter == community.to) {
        table.row([
            strong(one.id),
            plain(one.groups),
            plain(share(one.lower)),
            plain(share(one.median)),
            plain(share(one.upper)),
        ]);
    }
    page.table(&table);
}
