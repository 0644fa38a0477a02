//! `copact serve`.

use super::{Done, Session};
use crate::failure::Failure;
use crate::output::{faint, good, strong};
#[cfg(unix)]
use crate::serve::holder::{Holding, Nothing};

#[cfg(unix)]
pub(super) fn run(session: Session) -> Done {
    if !session.output.console().is_own() {
        return Err(Failure::input("already_served", "another `copact serve` holds this home"));
    }
    let folder = session.home.folder().display().to_string();
    let document = serde_json::json!({ "serving": folder });
    let clock = session.clock();
    let Session { home, output, .. } = session;
    let held = Holding::begin(home, clock)?;
    output.show(&document, |page| {
        page.line([good("copact holds "), strong(&folder), good(" open.")]);
        page.line([faint("Other commands act through it, one after another. Ctrl-C ends it.")]);
    })?;
    held.work(&mut Nothing)
}

#[cfg(not(unix))]
pub(super) fn run(_: Session) -> Done {
    Err(Failure::failed("no_socket", "this system has no sockets that copact could serve on"))
}
