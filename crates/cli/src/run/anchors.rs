//! Outsiders' signatures: `copact anchor …`.

use copact_node::anchors::sign_anchor;

use super::{Done, Session, number};
use crate::args::{AnchorCommand, SignAnchor};
use crate::output::{count, faint, good, plain, short, strong, when};

pub(super) fn run(session: Session, command: AnchorCommand) -> Done {
    match command {
        AnchorCommand::Request(typed) => {
            let requested = session.open()?.request_anchor(&typed.file)?;
            session.output.show(&requested, |page| {
                page.line([good(format_args!("The request is in {}.", typed.file.display()))]);
                page.line([plain(format_args!(
                    "It stands for {}, and shows none of them.",
                    count(number(requested.envelopes), "envelope", "envelopes")
                ))]);
                page.line(["Give it to a library, a funder or another group. They run"]);
                page.line([faint("  copact anchor sign FILE -o signed.txt --people COUNT")]);
            })
        }
        AnchorCommand::Sign(typed) => sign(session, &typed),
        AnchorCommand::Add(typed) => {
            let mut group = session.open()?;
            let recorded = group.add_anchor(&typed.file)?;
            session.output.show(&recorded, |page| {
                page.line([
                    good("Recorded: signed "),
                    strong(when(recorded.day, group.clock().day)),
                    plain(format_args!(" with the key {}", short(&recorded.key))),
                    faint(format_args!("  {}", short(&recorded.id.to_string()))),
                ]);
            })
        }
    }
}

fn sign(session: Session, typed: &SignAnchor) -> Done {
    let signed = sign_anchor(&session.home, typed.request.as_deref(), typed.people, &typed.output)?;
    session.output.show(&signed, |page| {
        page.line([good(format_args!("Signed, in {}.", typed.output.display()))]);
        page.line([plain("Your key is "), strong(&signed.key)]);
        page.line(["Say it where people can look it up: reports name outsiders by their keys."]);
    })
}
