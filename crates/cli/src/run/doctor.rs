//! `copact doctor`.

use copact_node::doctor::{self, Diagnosis};
use copact_node::repair::{Keys, Repaired};

use super::{Done, Session, number};
use crate::failure::Failure;
use crate::output::{Page, bad, count, good, plain, warn};

/// Problems that people are shown; a script gets all.
const EXAMPLES: usize = 3;

pub(super) fn doctor(session: Session, repair: bool) -> Done {
    let (home, named) = (&session.home, session.named.as_deref());
    let found = if repair { doctor::repair(home, named)? } else { doctor::examine(home, named)? };
    session.output.show(&found, |page| show(page, &found))?;
    if found.ok {
        return Ok(());
    }
    let failure = Failure::failed("problems_found", "not all is in order on this device");
    Err(failure.hint(if repair {
        "put a backup of this home back, which is safe, and take in a full bundle of another \
         member: `copact bundle import FILE`"
    } else {
        "put a backup of this home back, which is safe, or save what is in order with `copact \
         doctor --repair`; then take in a full bundle of another member: `copact bundle import FILE`"
    }))
}

fn show(page: &mut Page, found: &Diagnosis) {
    for repaired in &found.repaired {
        show_repaired(page, repaired);
    }
    let checked = &found.checked;
    let sum = format!(
        "{}, {} and {} checked",
        count(checked.envelopes, "envelope", "envelopes"),
        count(checked.signatures, "signature", "signatures"),
        count(checked.caches, "cache", "caches"),
    );
    if found.ok {
        page.line([good("All is in order: "), plain(sum)]);
        return;
    }
    let all = count(number(found.problems.len()), "problem", "problems");
    page.line([bad(format_args!("Not in order: {all}")), plain(format!(" ({sum})."))]);
    for problem in found.problems.iter().take(EXAMPLES) {
        page.line([bad("- "), plain(problem)]);
    }
    if let Some(more) = found.problems.len().checked_sub(EXAMPLES).filter(|more| *more > 0) {
        page.line([plain(format_args!("and {more} more: copact doctor --json"))]);
    }
}

fn show_repaired(page: &mut Page, repaired: &Repaired) {
    let id = repaired.group.to_string();
    let id = id.get(..8).unwrap_or(&id);
    let sum = format!(
        "{}, {} and {}",
        count(repaired.envelopes, "envelope", "envelopes"),
        count(repaired.texts, "text", "texts"),
        count(repaired.profiles, "name", "names"),
    );
    page.line([good(format_args!("Group {id} is repaired: ")), plain(sum), plain(" saved.")]);
    page.line([plain("The damaged files are kept in "), plain(repaired.kept.display())]);
    page.line([warn("Not here any more:")]);
    for lost in &repaired.lost {
        page.line([bad("- "), plain(lost)]);
    }
    match repaired.keys {
        Keys::Saved => {}
        Keys::Lost => page.line([warn(
            "A key of this device is lost, so the group cannot know it as yours any more. Here you \
             can read; to write, join again with a home of its own: copact --home DIR join TICKET",
        )]),
        Keys::Waiting => page.line([warn(
            "Nothing of the ledger could be read. This device's keys are safe and wait for a bundle.",
        )]),
    }
    page.line([plain(
        "What another member has comes back with a full bundle of theirs: copact bundle import FILE",
    )]);
}
