//! Common decisions: about nobody, about oneself, of what is decided or cannot be.

use super::told::Told;
use crate::world::{World, agree, exchange};

pub fn decisions(told: &mut Told) {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben", "Cem"]);
    let [ann, ben, cem] = [0, 1, 2].map(|at| &devices[at]);
    ann.json(&["member", "assist", "Dora"]);
    let work = cem.wrote(&["contribute", "Swept", "--hours", "1"]);
    exchange(&[ann, ben, cem]);
    let mut input = |case: &str, words: &[&str], code: &str| told.input(case, ann, words, code);

    input("voice for nobody", &["member", "voice", "Zoe"], "unknown_member");
    input("voice for who has it", &["member", "voice", "Ben"], "has_voice");
    input("removing oneself", &["member", "remove", "Ann", "--reason", "x"], "own_removal");
    input("removing without a reason", &["member", "remove", "Cem"], "no_reason");
    let past = ["member", "remove", "Cem", "--reason", "x", "--closes", "2026-02-01"];
    input("a last day that is past", &past, "past_day");
    input("one trustee", &["member", "trustees", "Ben", "--need", "2"], "bad_trustees");
    let own = ["member", "trustees", "Ann", "Ben", "--need", "2"];
    input("one’s own trustee", &own, "own_trustee");
    input(
        "a helper for who has a device",
        &["member", "helper", "Ben", "--to", "Cem"],
        "not_assisted",
    );
    input(
        "a helper without a device",
        &["member", "helper", "Dora", "--to", "Dora"],
        "assisted_helper",
    );
    input("the helper they have", &["member", "helper", "Dora", "--to", "Ann"], "helps_already");
    input("merging one with themselves", &["member", "merge", "Ben", "Ben"], "one_already");
    input("a lost phone of who has none", &["member", "recover", "Dora"], "no_device");
    let letter = ["member", "recover", "Ben", "--request", "nowhere.req"];
    input("a request that is not there", &letter, "unreadable_file");
    input("settling what nobody disputes", &["settle", &work, "counts"], "not_disputed");
    input("settling what is no work", &["settle", "12345678", "counts"], "unknown_entry");
    input("restoring what counts", &["set-aside", "restore", &work], "counts_already");
    input(
        "restoring all of nothing",
        &["set-aside", "restore", "--of", "Ben"],
        "nothing_set_aside",
    );
    input("the policy that holds", &["policy", "set", "--share", "2/3"], "policy_already");
    input("no share", &["policy", "set", "--share", "most"], "bad_share");
    input("a quarter that is not over", &["quarter", "close", "2026-Q1"], "quarter_not_over");
    input("no quarter", &["quarter", "close", "spring"], "bad_quarter");
    input("a recovery of nobody", &["invite", "--recover", "Zoe"], "unknown_member");
    let told_who = ["bundle", "export", "x.copact", "--to-removed", "Ben"];
    input("telling who was not removed", &told_who, "not_removed");

    ann.json(&["policy", "set", "--share", "3/4"]);
    input("asking twice", &["policy", "set", "--share", "3/4"], "answered_already");
    ann.json(&["invite", "--recover", "Ben", "-o", "ticket.txt"]);
    let ticket = std::fs::read_to_string(world.path("ticket.txt")).unwrap();
    let phone = world.device("phone");
    phone.json(&["join", ticket.trim(), "--request", "phone.req"]);
    input("letting somebody’s new device in", &["admit", "phone.req", "--yes"], "recovery_request");
    let other = ["member", "recover", "Cem", "--request", "phone.req", "--yes"];
    input("another member’s new device", &other, "other_member");

    agree(&[ann, ben], &["member", "remove", "Cem", "--reason", "We quarrel"]);
    exchange(&[ann, ben]);
    let mut input = |case: &str, words: &[&str], code: &str| told.input(case, ann, words, code);
    input("removing who is removed", &["member", "remove", "Cem", "--reason", "x"], "parted");
    input("a new phone for who is removed", &["member", "recover", "Cem"], "parted");
    let trustees = ["member", "trustees", "Ben", "Cem", "--need", "2"];
    input("a trustee who is removed", &trustees, "parted");
    ben.json(&["bundle", "export", "told.copact", "--to-removed", "Cem"]);
    cem.json(&["bundle", "import", "told.copact"]);
    let removed = |words: &'static [&str]| move || cem.command(words);
    told.refused("writing once removed", cem.world(), (1, "removed"), removed(&["note", "But"]));
    let leave = removed(&["member", "leave", "--yes"]);
    told.refused("leaving once removed", cem.world(), (1, "removed"), leave);
}
