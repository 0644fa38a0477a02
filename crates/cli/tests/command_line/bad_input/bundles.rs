//! Bundles that are no longer what was written, and those that belong elsewhere.

use super::told::Told;
use crate::world::{Device, World};

fn import(told: &mut Told, case: &str, device: &Device, file: &str, code: &str) {
    told.input(case, device, &["bundle", "import", file], code);
}

/// Lets a newcomer ask with a ticket of a member's: the file with the request.
fn ask(world: &World, member: &Device, name: &str) -> (Device, String) {
    let newcomer = world.device(name);
    let ticket = member.json(&["invite"])["ticket"].as_str().unwrap().to_owned();
    let request = format!("{name}.req");
    newcomer.json(&["join", &ticket, "--as", name, "--request", &request]);
    (newcomer, request)
}

pub fn files(told: &mut Told) {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben"]);
    let (ann, ben) = (&devices[0], &devices[1]);
    ann.json(&["note", "It rained"]);
    ann.json(&["bundle", "export", "whole.copact"]);
    let whole = std::fs::read(world.path("whole.copact")).unwrap();
    let altered = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };

    world.write("half.copact", &whole[..whole.len() / 2]);
    import(told, "half of it is missing", ben, "half.copact", "bad_bundle");
    world.write("short.copact", &whole[..whole.len() - 1]);
    import(told, "the last byte is missing", ben, "short.copact", "bad_bundle");
    world.write("header.copact", altered(60));
    import(told, "a byte of its header is another", ben, "header.copact", "bad_bundle");
    world.write("frame.copact", altered(whole.len() - 40));
    import(told, "a byte of its content is another", ben, "frame.copact", "bad_bundle");
    world.write("longer.copact", [&whole[..], b"x"].concat());
    import(told, "there is more behind its end", ben, "longer.copact", "bad_bundle");
    let mut newer = whole.clone();
    newer[15] += 1;
    world.write("newer.copact", &newer);
    import(told, "a newer copact wrote it", ben, "newer.copact", "bad_bundle");
    world.write("letter.txt", "Dear all,\nwe meet on Monday.\n");
    import(told, "some other file", ben, "letter.txt", "bad_bundle");
    world.write("empty.copact", "");
    import(told, "an empty file", ben, "empty.copact", "bad_bundle");
    import(told, "no such file", ben, "nowhere.copact", "unreadable_file");
    import(told, "a folder", ben, "temporary", "unreadable_file");
    let into = ["bundle", "export", "nowhere/new.copact"];
    told.input("written into a folder that is not there", ann, &into, "unwritable_file");
    let over = ["bundle", "export", "temporary"];
    told.input("written over a folder", ann, &over, "unwritable_file");
    let since = ["bundle", "export", "new.copact", "--since", "last Tuesday"];
    told.input("since something that is no frontier", ann, &since, "bad_frontier");

    // All of these failed for what was wrong in them: the whole one is taken in.
    assert_eq!(ben.json(&["bundle", "import", "whole.copact"])["new"]["envelopes"], 1);
}

pub fn misfits(told: &mut Told) {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben"]);
    let (ann, ben) = (&devices[0], &devices[1]);
    let eve = world.device("Eve");
    eve.json(&["group", "new", "Elsewhere", "--as", "Eve"]);
    eve.json(&["bundle", "export", "foreign.copact"]);
    import(told, "another group’s", ben, "foreign.copact", "bad_bundle");
    let nobody = world.device("nobody");
    import(told, "a device without any group", &nobody, "foreign.copact", "bad_bundle");

    let (cem, request) = ask(&world, ann, "Cem");
    ann.json(&["bundle", "export", "before.copact"]);
    import(told, "who asked is not admitted yet", &cem, "before.copact", "bad_bundle");
    ann.json(&["admit", &request, "--yes"]);
    let frontier = ann.json(&["status"])["frontier"].as_str().unwrap().to_owned();
    ann.json(&["note", "Soup was made"]);
    ann.json(&["bundle", "export", "part.copact", "--since", &frontier]);
    import(told, "a part, for a newcomer", &cem, "part.copact", "bad_bundle");
    import(told, "a part that does not connect", ben, "part.copact", "missing_ancestors");
    ann.json(&["bundle", "export", "after.copact"]);
    cem.json(&["bundle", "import", "after.copact"]);
    // Ben has not seen that Cem was admitted, so his bundles are not sealed to Cem.
    ben.json(&["bundle", "export", "ben.copact"]);
    import(told, "not sealed to this device", &cem, "ben.copact", "bad_bundle");

    let gus = world.device("Gus");
    gus.json(&["join", "--found", "Green Lane", "--as", "Gus", "--request", "gus.req"]);
    import(told, "founded without who asked to found", &gus, "after.copact", "bad_bundle");
}
