//! Tickets and requests: mistyped, too old, used before, or somebody else's.

use super::told::Told;
use crate::world::{Device, World};

const LATER: &str = "2026-03-09T18:00:00+01:00";

fn ticket_of(device: &Device) -> String {
    device.json(&["invite"])["ticket"].as_str().unwrap().to_owned()
}

pub fn tickets(told: &mut Told) {
    let world = World::new();
    let (ann, ben) = (world.device("Ann"), world.device("Ben"));
    ann.json(&["group", "new", "Green Lane", "--as", "Ann"]);
    let ticket = ticket_of(&ann);
    let join = |told: &mut Told, case: &str, device: &Device, ticket: &str, code: &str| {
        let words = ["join", ticket, "--as", "Ben", "--request", "ben.req"];
        told.input(case, device, &words, code);
    };
    let with_typo = |at: usize| {
        let typed = if ticket.as_bytes()[at] == b'A' { "B" } else { "A" };
        format!("{}{typed}{}", &ticket[..at], &ticket[at + 1..])
    };
    join(told, "a typo in the middle", &ben, &with_typo(60), "bad_ticket");
    join(told, "a typo at the beginning", &ben, &with_typo(13), "bad_ticket");
    join(told, "a character too many", &ben, &format!("{ticket}A"), "bad_ticket");
    join(told, "the end is missing", &ben, &ticket[..ticket.len() - 5], "bad_ticket");
    join(told, "something else", &ben, "https://example.org/join", "bad_ticket");
    join(told, "nothing", &ben, "", "bad_ticket");
    ben.at(LATER);
    join(told, "expired", &ben, &ticket, "expired_ticket");
    ben.at(crate::world::NOW);
    join(told, "of a group that this home is in", &ann, &ticket, "already_here");
    let nameless = ["join", &ticket, "--request", "ben.req"];
    told.input("without a name", &ben, &nameless, "no_name");
    let nowhere = ["join", &ticket, "--as", "Ben", "--listen", "house"];
    told.input("no place to listen at", &ben, &nowhere, "bad_address");
    let words = ["join", &ticket, "--as", "Ben", "--request", "nowhere/ben.req"];
    told.input("the request cannot be written", &ben, &words, "unwritable_file");
    let words = ["join", &ticket, "--as", "Ben", "--request", "temporary"];
    told.input("the request would replace a folder", &ben, &words, "unwritable_file");
    let words = ["invite", "-o", "nowhere/ticket.txt"];
    told.input("the ticket cannot be written", &ann, &words, "unwritable_file");
    let words = ["device", "add", "--qr", "nowhere/ticket.png"];
    told.input("its picture cannot be written", &ann, &words, "unwritable_file");

    ben.json(&["join", &ticket, "--as", "Ben", "--request", "ben.req"]);
    ann.json(&["admit", "ben.req", "--yes"]);
}

pub fn requests(told: &mut Told) {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben"]);
    let (ann, ben) = (&devices[0], &devices[1]);
    let eve = world.device("Eve");
    eve.json(&["group", "new", "Elsewhere", "--as", "Eve"]);
    let ask = |name: &str, ticket: &str| {
        let request = format!("{name}.req");
        world.device(name).json(&["join", ticket, "--as", name, "--request", &request]);
    };
    let admit = |told: &mut Told, case: &str, device: &Device, file: &str, code: &str| {
        told.input(case, device, &["admit", file, "--yes"], code);
    };
    let ticket = ticket_of(ann);
    ask("Cem", &ticket);
    let whole = std::fs::read(world.path("Cem.req")).unwrap();
    let mut bytes = whole.clone();
    bytes[whole.len() / 2] ^= 1;
    world.write("tampered.req", &bytes);
    admit(told, "tampered with", ann, "tampered.req", "bad_request");
    world.write("half.req", &whole[..whole.len() / 2]);
    admit(told, "cut off", ann, "half.req", "bad_request");
    bytes = whole;
    bytes[15] += 1;
    world.write("newer.req", &bytes);
    admit(told, "a newer copact wrote it", ann, "newer.req", "bad_request");
    world.write("letter.txt", "I would like to join.\n");
    admit(told, "some other file", ann, "letter.txt", "bad_request");
    world.write("large.req", vec![b'x'; 300 * 1_024]);
    admit(told, "a far too large file", ann, "large.req", "too_large");
    admit(told, "no such file", ann, "nowhere.req", "unreadable_file");

    ask("Dora", &ticket_of(&eve));
    admit(told, "for another group", ann, "Dora.req", "foreign_request");
    admit(told, "made from another device’s ticket", ben, "Cem.req", "unknown_invite");
    world.device("Gus").json(&["join", "--found", "Hall", "--as", "Gus", "--request", "Gus.req"]);
    admit(told, "to found a group, given to one that is there", ann, "Gus.req", "bad_request");
    let fay = world.device("Fay");
    let new = |requests: &[&'static str]| {
        [&["group", "new", "Hall", "--as", "Fay", "--with"], requests].concat()
    };
    told.input("to join, given to who founds", &fay, &new(&["Cem.req"]), "bad_request");
    told.input("the same twice", &fay, &new(&["Gus.req", "Gus.req"]), "twice");
    told.input("tampered with, to found", &fay, &new(&["Gus.req", "tampered.req"]), "bad_request");
    told.input("nobody to ask", ann, &["admit", "Cem.req"], "needs_answer");

    ask("Hal", &ticket);
    ann.json(&["admit", "Cem.req", "--yes"]);
    admit(told, "used twice, the same file", ann, "Cem.req", "used_ticket");
    admit(told, "used twice, by somebody else", ann, "Hal.req", "used_ticket");
    ask("Ida", &ticket_of(ann));
    ann.at(LATER);
    admit(told, "expired", ann, "Ida.req", "expired_ticket");
}
