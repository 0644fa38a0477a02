//! `copact demo`.

use std::io;

use copact_node::demo::{Played, Step, play};

use super::{Done, Session};
use crate::args::Demo;
use crate::failure::Failure;
use crate::output::{Page, Screen, faint, plain, strong, write_out};

pub(super) fn run(session: Session, demo: &Demo) -> Done {
    let folder = match &demo.folder {
        Some(folder) => folder.clone(),
        None => tempfile::Builder::new()
            .prefix("copact-demo-")
            .tempdir()
            .map(tempfile::TempDir::keep)
            .map_err(|error| {
                Failure::failed("no_folder", format_args!("no temporary folder: {error}"))
                    .hint("name a new folder: `copact demo FOLDER`")
            })?,
    };
    let json = session.output.is_json();
    let mut closed = Ok(());
    let played = play(&folder, session.home.clock(), &mut |step| {
        if !json && closed.is_ok() {
            closed = tell(step);
        }
    })?;
    closed?;
    session.output.show(&played, |page| ending(page, &played))
}

/// Shows a step at once, so that people see it happen.
fn tell(step: &Step) -> Done {
    let mut page = Page::new(Screen::detect());
    match step.who {
        Some(who) => page.line([strong(format_args!("  {who:<5}")), plain(&step.what)]),
        None => {
            page.blank();
            page.line([plain(&step.what)]);
        }
    }
    write_out(anstream::AutoStream::auto(io::stdout().lock()), page.as_str())
}

fn ending(page: &mut Page, played: &Played) {
    page.blank();
    page.line([
        plain("Everything is in "),
        strong(played.folder.display()),
        plain(": five homes, and the "),
        plain(played.bundles),
        plain(" bundles that were carried."),
    ]);
    page.blank();
    super::evidence::answer(page, &played.report);
    super::evidence::clauses(page, &played.report);
    page.blank();
    page.line([plain("The report to read and print: "), strong(played.html.display())]);
    page.blank();
    page.line(["Look around in it, as Ann:"]);
    let home = played.homes.first().map(|home| home.display().to_string()).unwrap_or_default();
    for command in ["status", "evidence", "contract blame", "meeting list", "log"] {
        page.line([faint(format_args!("  copact --home {home} {command}"))]);
    }
}
