//! Checking a report or a credential: `copact verify`.

use std::path::Path;

use copact_node::error::NodeError;
use copact_node::file;
use copact_report::bundle::BUNDLE_BYTES;
use copact_report::credential;
use copact_report::verify::{Verdict, verify as check};
use serde_json::json;

use super::{Done, Session, number};
use crate::failure::Failure;
use crate::output::{Page, Progress, bad, faint, good, plain, strong, warn};

/// Exit 0 PASS, 1 FAIL, 2 no report bundle.
pub(super) fn verify(session: Session, path: &Path) -> Done {
    let bytes = file::read(path, BUNDLE_BYTES)?;
    if bytes.trim_ascii_start().starts_with(b"{") {
        return credential(session, path, &bytes);
    }
    let mut progress = Progress::new("rows", None, &session.output);
    let verdict = check(&bytes, &mut |done, _| progress.reach(number(done)));
    drop(progress);
    let verdict = verdict.map_err(|error| {
        let sentence = error.to_string();
        let (what, next) = sentence.split_once("; ").unwrap_or((&sentence, "ask for it again"));
        Failure::input("not_a_report", format_args!("{}: {what}", path.display())).hint(next)
    })?;
    let document = json!({
        "result": verdict.result,
        "first_failure": verdict.first_failure,
        "unproven": verdict.unproven,
        "signed_by": verdict.signed_by,
        "of": verdict.of,
        "report": verdict.report,
    });
    session.output.show(&document, |page| shown(page, &verdict))?;
    match &verdict.first_failure {
        None => Ok(()),
        Some(first) => Err(Failure::failed(
            "does_not_verify",
            format_args!("{}: {} is not in order", path.display(), first.r#where),
        )
        .hint("do not rely on this file; ask the group for the report again")),
    }
}

/// A credential says of one member what they did.
fn credential(session: Session, path: &Path, bytes: &[u8]) -> Done {
    let read = credential::verify(bytes).map_err(|error| {
        let told = NodeError::told("does_not_verify", error);
        Failure { exit: Failure::FAILED, ..Failure::from(told.of_file(path)) }
    });
    let (result, failed) = match read {
        Ok(_) => ("PASS", None),
        Err(failed) => ("FAIL", Some(failed)),
    };
    let why = failed.as_ref().map(|failed| {
        json!({ "code": failed.code, "where": "the credential", "expected": failed.hint,
                "found": failed.message })
    });
    let document = json!({ "result": result, "first_failure": why, "unproven": ONE_VOICE });
    session.output.show(&document, |page| {
        if failed.is_none() {
            page.line([good("PASS"), plain("  the signature holds")]);
            for sentence in ONE_VOICE {
                page.text(&format!("- {sentence}"));
            }
        } else {
            page.line([bad("FAIL"), plain("  this is not what was signed")]);
        }
    })?;
    failed.map_or(Ok(()), Err)
}

/// What a credential cannot show.
const ONE_VOICE: [&str; 2] = [
    "It is the word of the member\u{2019}s own device about itself; a report of the group shows what \
     others confirmed.",
    "Nothing in it says that the key is that person\u{2019}s.",
];

fn shown(page: &mut Page, verdict: &Verdict) {
    if let Some(first) = &verdict.first_failure {
        page.line([bad("FAIL"), plain("  this is not what a group\u{2019}s members signed")]);
        page.fields([
            ("first", strong(&first.r#where)),
            ("expected", plain(&first.expected)),
            ("found", warn(&first.found)),
            ("code", faint(first.code)),
        ]);
        return;
    }
    page.line([good("PASS"), plain("  every signature holds, and every figure follows")]);
    if let Some(report) = &verdict.report {
        page.blank();
        super::evidence::answer(page, report);
        page.blank();
        page.line([plain(format_args!(
            "Signed by {} of {} members.",
            verdict.signed_by, verdict.of
        ))]);
    }
    page.heading("What stays unproven");
    for one in &verdict.unproven {
        page.text(&format!("- {}", one.text));
    }
}
