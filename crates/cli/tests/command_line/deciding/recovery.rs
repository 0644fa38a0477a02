//! A phone is lost, or comes for the first time: its owner is moved to a new device, by files only.

use crate::world::{Device, World, agree, carry, exchange, same_views};

/// A new device asks with a ticket that names a member; what it was told.
fn ask(helper: &Device, member: &str, device: &Device, request: &str) -> String {
    helper.json(&["invite", "--recover", member, "-o", "ticket.txt"]);
    let ticket = std::fs::read_to_string(helper.world().join("ticket.txt")).unwrap();
    let asked = device.json(&["join", ticket.trim(), "--request", request]);
    asked["phrase"].as_str().unwrap().to_owned()
}

#[test]
fn two_trustees_move_the_owner_of_a_lost_phone_and_the_thief_counts_nowhere() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben", "Cem", "Mia"]);
    let [ann, ben, cem, lost] = [0, 1, 2, 3].map(|at| &devices[at]);
    let owner = lost.me();
    agree(&[lost, ann, cem], &["member", "trustees", "Ann", "Ben", "--need", "2", "--of", "Mia"]);
    exchange(&[ann, ben, cem, lost]);
    let work = lost.wrote(&["contribute", "Baked for all", "--hours", "2"]);
    exchange(&[ann, ben, cem, lost]);
    ann.json(&["confirm", &work]);

    // The thief writes on, in the owner's name.
    let theft = lost.wrote(&["contribute", "Baked again", "--hours", "9"]);
    let phone = world.device("new phone");
    let phrase = ask(ann, "Mia", &phone, "mia.req");
    let (_, error) = ann.error(&["admit", "mia.req", "--yes"]);
    assert_eq!(error["code"], "recovery_request");
    let recover = ["member", "recover", "Mia", "--request", "mia.req"];
    let (_, error) = ann.error(&recover);
    assert_eq!(error["code"], "needs_answer");
    assert!(error["message"].as_str().unwrap().contains(&phrase), "{error}");
    let asked = ann.json(&[&recover[..], &["--yes"]].concat());
    assert_eq!((&asked["have"], &asked["need"]), (&1.into(), &3.into()));
    let (_, error) = ann.error(&[&recover[..], &["--yes"]].concat());
    assert_eq!(error["code"], "used_ticket");
    carry(ann, ben);
    let trustees = ben.proposal("recover")["trustees"].clone();
    assert_eq!(
        (&trustees[0]["need"], trustees[0]["yes"].as_array().unwrap().len()),
        (&2.into(), 1)
    );
    assert!(ben.page(&["proposals"]).contains("or 1 more yes from Ben, who is a trustee"));
    // Nobody says yes to a device that they were not shown.
    let (_, error) = ben.error(&["member", "recover", "Mia"]);
    assert_eq!(error["code"], "needs_answer");
    let question = ben.proposal("recover");
    let key = question["value"].as_str().unwrap().to_owned();
    let shown = format!("Move Mia to the new device {} {}", &key[..4], &key[4..8]);
    assert!(ben.page(&["proposals"]).contains(&shown));
    let second = ben.json(&["answer", question["id"].as_str().unwrap(), "yes"]);
    assert_eq!(second["adopted"], true);

    ben.json(&["bundle", "export", "back.copact"]);
    let entered = phone.json(&["bundle", "import", "back.copact"]);
    assert_eq!(entered["joined"], true);
    assert_eq!(phone.me(), owner);
    let own = phone.json(&["status"])["envelopes"].as_u64().unwrap()
        - entered["envelopes"].as_u64().unwrap();
    assert_eq!(own, 1, "the new device says the name again");
    let note = phone.wrote(&["note", "I am back"]);
    // What the thief hands around is kept, and counts nowhere.
    lost.json(&["bundle", "export", "theft.copact"]);
    cem.json(&["bundle", "import", "theft.copact"]);
    let members = [ann, ben, cem, &phone];
    exchange(&members);
    same_views(&members);
    for device in members {
        let thiefs = device.entry(&theft);
        assert_eq!(thiefs["set_aside_because"], "lost_device", "{thiefs}");
        assert_eq!(device.entry(&note)["set_aside"], false);
        let mia = device.member("Mia");
        assert_eq!((&mia["devices"], &mia["voice"]), (&1.into(), &true.into()));
        assert_eq!(device.json(&["status"])["members"], 4);
        assert_eq!(hours_of(device, &owner), 120, "once, and none of the thief’s");
    }
    ben.json(&["bundle", "export", "later.copact"]);
    let (_, error) = lost.error(&["bundle", "import", "later.copact"]);
    assert_eq!(error["code"], "bad_bundle");
}

/// Minutes of a member's confirmed work that counts.
fn hours_of(device: &Device, member: &str) -> u64 {
    let log = device.json(&["log"]);
    let rows = log["entries"].as_array().unwrap().iter();
    let counted = rows.filter(|row| {
        row["kind"] == "contribution"
            && row["author"] == member
            && row["set_aside"] == false
            && row["confirmed"] == true
    });
    counted.map(|row| row["minutes"].as_u64().unwrap()).sum()
}

#[test]
fn a_lost_device_can_be_ended_before_there_is_another_and_its_holder_is_told() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben", "Mia"]);
    let [ann, ben, lost] = [0, 1, 2].map(|at| &devices[at]);
    // Both ask apart from each other. Whoever knows the same of the phone asks the same.
    for device in [ann, ben] {
        let asked = device.json(&["member", "recover", "Mia", "--reason", "Her phone was stolen"]);
        assert_eq!((&asked["have"], &asked["adopted"]), (&1.into(), &false.into()));
    }
    assert!(ann.page(&["proposals"]).contains("End the devices of Mia as lost"));
    carry(ann, lost);
    assert!(lost.json(&["status"])["parted"].is_null());
    ben.json(&["bundle", "export", "ben.copact"]);
    let page = lost.page(&["bundle", "import", "ben.copact"]);
    assert!(page.contains("The group gave this device up as lost on 1 March 2026."), "{page}");
    assert_eq!(lost.json(&["status"])["parted"]["why"], "lost_device");
    let (code, error) = lost.error(&["note", "But I found it"]);
    assert_eq!((code, &error["code"]), (1, &"lost_device".into()));
    exchange(&[ann, ben]);
    assert_eq!(ben.member("Mia")["devices"], 0);

    let phone = world.device("new phone");
    ask(ann, "Mia", &phone, "mia.req");
    let recover = ["member", "recover", "Mia", "--request", "mia.req", "--yes"];
    ann.json(&recover);
    carry(ann, ben);
    let moves = ben.json(&["proposals"])["proposals"].as_array().unwrap().clone();
    let moves = moves.iter().find(|row| row["kind"] == "recover" && !row["value"].is_null());
    let id = moves.unwrap()["id"].as_str().unwrap();
    assert_eq!(ben.json(&["answer", id, "yes"])["adopted"], true);
    ben.json(&["bundle", "export", "back.copact"]);
    assert_eq!(phone.json(&["bundle", "import", "back.copact"])["joined"], true);
    assert_eq!(phone.me(), lost.me());
}

#[test]
fn an_assisted_member_gets_a_phone_by_the_helper_and_a_second_person() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben", "Cem"]);
    let [ann, ben, cem] = [0, 1, 2].map(|at| &devices[at]);
    let dora = ann.json(&["member", "assist", "Dora"])["member"].as_str().unwrap().to_owned();
    let (_, error) = ann.error(&["member", "recover", "Dora"]);
    assert_eq!(error["code"], "no_device");
    let phone = world.device("Dora");
    ask(ann, "Dora", &phone, "dora.req");
    let recover = ["member", "recover", "Dora", "--request", "dora.req", "--for", "Dora", "--yes"];
    let asked = ann.json(&recover);
    assert_eq!(asked["adopted"], false);
    carry(ann, ben);
    let page = ben.page(&["confirm", asked["id"].as_str().unwrap()]);
    assert!(
        page.contains("With that the group has decided: Move Dora to the new device"),
        "{page}"
    );
    ben.json(&["bundle", "export", "back.copact"]);
    phone.json(&["bundle", "import", "back.copact"]);
    assert_eq!(phone.me(), dora);
    phone.json(&["note", "My own words"]);
    exchange(&[ann, ben, cem, &phone]);
    let row = ann.member("Dora");
    assert_eq!((&row["assisted"], &row["devices"]), (&false.into(), &1.into()));
    let (_, error) = ann.error(&["permission", "photos", "yes", "--for", "Dora"]);
    assert_eq!(error["code"], "not_the_helper");
}
