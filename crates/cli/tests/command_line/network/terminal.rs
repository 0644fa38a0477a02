//! Letting somebody in while the person sits at a terminal.

use std::io::{Read, Write};
use std::process::Stdio;

use super::super::held;
use super::super::world::{Answer, World};
use super::{HERE, Running, ticket};

#[test]
fn at_a_terminal_the_person_compares_the_codes_and_may_say_no() {
    let world = World::new();
    let ann = &world.founded(&["Ann"])[0];
    for (typed, name, enters) in [("n\n", "Mallory", false), ("y\n", "Eva", true)] {
        let (device, file) = (world.device(name), format!("{name}.txt"));
        std::thread::scope(|scope| {
            let words = ["invite", "-o", &file, HERE[0], HERE[1]];
            let command = held::terminal(ann, &words);
            let invite = scope.spawn(move || held::typed_at(command, typed));
            let ticket = ticket(&world, &file);
            let join: Answer = device.run(&["join", &ticket, "--as", name, HERE[0], HERE[1]]);
            let (code, shown) = invite.join().unwrap();
            let question = format!("{name} wants to join, as citizen. Do both screens show ");
            assert!(shown.contains(&question), "{shown}");
            let compared = shown.split(&question).nth(1).unwrap().get(..7).unwrap();
            assert!(join.err.contains(&format!("Your code: {compared}")), "{}", join.err);
            assert_eq!((join.code == 0, code == Some(0)), (enters, enters), "{shown}{}", join.err);
        });
    }
    assert_eq!(ann.json(&["status"])["members"], 2, "{}", ann.json(&["member", "list"]));
}

#[test]
fn ctrl_c_instead_of_an_answer_is_a_no() {
    let world = World::new();
    let ann = &world.founded(&["Ann"])[0];
    let eva = world.device("Eva");
    let words = ["invite", "-o", "ticket.txt", HERE[0], HERE[1]];
    let mut command = held::terminal(ann, &words);
    let mut invite = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    ticket(&world, "ticket.txt");
    let mut joining = Running::start(&eva, &["join", "ticket.txt", "--as", "Eva"]);
    let (mut shown, mut some) = (Vec::new(), [0; 256]);
    let mut out = invite.stdout.take().unwrap();
    while !String::from_utf8_lossy(&shown).contains("[y/N]") {
        let read = out.read(&mut some).unwrap();
        assert!(read > 0, "{}", String::from_utf8_lossy(&shown));
        shown.extend(&some[..read]);
    }
    let mut keys = invite.stdin.take().unwrap();
    keys.write_all(b"\x03").unwrap();
    out.read_to_end(&mut shown).unwrap();
    let shown = String::from_utf8_lossy(&shown).into_owned();
    assert_eq!(invite.wait().unwrap().code(), Some(1), "{shown}");
    assert!(shown.contains("the answer was no"), "{shown}");
    assert_eq!(joining.child.wait().unwrap().code(), Some(1));
    let mut said = String::new();
    joining.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(said.contains("whoever invited you said no"), "{said}");
}
