//! One of five is removed by the others while away and writing.

use serde_json::Value;

use crate::world::{Device, World, agree, carry, exchange, same_views};

/// Whether an entry is set aside, and why.
fn aside(device: &Device, id: &str) -> (bool, Value) {
    let row = device.entry(id);
    (row["set_aside"].as_bool().unwrap(), row["set_aside_because"].clone())
}

#[test]
fn one_of_five_is_removed_while_away_and_all_agree_on_what_counts() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben", "Cem", "Dora", "Mallory"]);
    let [ann, ben, cem, dora, mallory] = [0, 1, 2, 3, 4].map(|at| &devices[at]);
    let (all, four) = ([ann, ben, cem, dora, mallory], [ann, ben, cem, dora]);
    let known = mallory.wrote(&["contribute", "Swept the hall", "--hours", "2"]);
    exchange(&all);
    ben.json(&["confirm", &known]);
    exchange(&all);

    // Away, Mallory writes on, and takes in nothing of what the others decide.
    let door = mallory.wrote(&["contribute", "Fixed the door", "--hours", "3"]);
    let window = mallory.wrote(&["contribute", "Fixed the window", "--hours", "4"]);
    let (code, error) = ann.error(&["member", "remove", "Mallory"]);
    assert_eq!((code, &error["code"]), (2, &"no_reason".into()));
    let remove = ["member", "remove", "Mallory", "--reason", "Took money from the till"];
    ann.json(&remove);
    let (_, error) = ann.error(&remove);
    assert_eq!(error["code"], "answered_already");
    carry(ann, ben);
    // Ben knows more of Mallory than Ann did, and joins what she proposed all the same.
    carry(mallory, ben);
    let joined = ben.json(&["member", "remove", "Mallory"]);
    assert_eq!(
        (&joined["joined"], &joined["have"], &joined["need"]),
        (&true.into(), &2.into(), &3.into())
    );
    carry(ben, cem);
    let question = cem.proposal("remove");
    assert_eq!(question["reason"], "Took money from the till");
    assert_eq!(question["asked"].as_array().unwrap().len(), 2, "Cem and Dora: {question}");
    let id = question["id"].as_str().unwrap();
    assert_eq!(cem.json(&["answer", id, "yes"])["adopted"], true);

    // Bundles meet. Mallory was a member where this one was written.
    mallory.json(&["bundle", "export", "mallory.copact"]);
    let told = dora.json(&["bundle", "import", "mallory.copact"]);
    assert_eq!(told["news"]["set_aside"], 0, "Dora does not know of the removal yet");
    exchange(&four);
    mallory_is_told(cem, mallory);
    same_views(&all);
    for device in all {
        assert_eq!(aside(device, &known), (false, Value::Null));
        assert_eq!(device.entry(&known)["confirmed"], true);
        for later in [&door, &window] {
            assert_eq!(aside(device, later), (true, "removed".into()));
        }
        let row = device.member("Mallory");
        assert_eq!((&row["removed"], &row["voice"]), (&true.into(), &false.into()));
        assert_eq!(device.json(&["status"])["voices"], 4);
    }

    // The others count one of the two again, which takes more than half of the four.
    agree(&[ann, ben, cem], &["set-aside", "restore", &door[..8], "--reason", "It holds"]);
    let page = ann.page(&["proposals"]);
    assert!(page.contains("Count again what was set aside: Mallory gave 3 h: “Fixed"), "{page}");
    exchange(&four);
    same_views(&four);
    for device in four {
        assert_eq!(aside(device, &door), (false, Value::Null));
        assert_eq!(aside(device, &window), (true, "removed".into()));
    }
    let (_, error) = ann.error(&["set-aside", "restore", &door]);
    assert_eq!(error["code"], "counts_already");
    agree(&[dora, cem, ben], &["set-aside", "restore", "--of", "Mallory"]);
    assert_eq!(aside(ben, &window), (false, Value::Null));
    let (_, error) = ben.error(&["set-aside", "restore", "--of", "Mallory"]);
    assert_eq!(error["code"], "nothing_set_aside");
}

/// By a bundle for nobody else, since all others are closed to whoever was removed.
fn mallory_is_told(cem: &Device, mallory: &Device) {
    cem.json(&["bundle", "export", "closed.copact"]);
    let (code, error) = mallory.error(&["bundle", "import", "closed.copact"]);
    assert_eq!((code, &error["code"]), (2, &"bad_bundle".into()));
    let (_, error) = cem.error(&["bundle", "export", "x.copact", "--to-removed", "Ann"]);
    assert_eq!(error["code"], "not_removed");
    let written = cem.json(&["bundle", "export", "told.copact", "--to-removed", "Mallory"]);
    assert_eq!(written["recipients"], 1);
    let page = mallory.page(&["bundle", "import", "told.copact"]);
    for said in [
        "The group has decided on 1 March 2026 to remove you.",
        "The reason that was given: “Took money from the till”",
        "copact set-aside list",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let status = mallory.json(&["status"]);
    assert_eq!(status["parted"]["why"], "removed");
    assert_eq!(status["parted"]["reason"], "Took money from the till");
    assert!(mallory.page(&["status"]).contains("to remove you."));
    for words in [&["note", "But"][..], &["member", "leave", "--yes"], &["propose", "Stay"]] {
        let (code, error) = mallory.error(words);
        assert_eq!((code, &error["code"]), (1, &"removed".into()), "{words:?}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("2026-03-01") && message.contains("till"), "{message}");
    }
    assert!(mallory.page(&["proposals"]).contains("since then"));
}

#[test]
fn nobody_is_removed_by_less_than_the_need_or_by_their_own_yes() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben", "Cem"]);
    let [ann, ben, cem] = [0, 1, 2].map(|at| &devices[at]);
    let (_, error) = ann.error(&["member", "remove", "Ann", "--reason", "x"]);
    assert_eq!(error["code"], "own_removal");
    let lost = ann.json(&["member", "recover", "Cem", "--reason", "Lost"]);
    let asked = ann.json(&["member", "remove", "Cem", "--reason", "We quarrel"]);
    carry(ann, cem);
    let own = cem.json(&["answer", asked["proposal"].as_str().unwrap(), "yes"]);
    assert_eq!((&own["have"], &own["adopted"]), (&1.into(), &false.into()));
    let page = cem.page(&["answer", asked["proposal"].as_str().unwrap(), "no"]);
    assert!(page.contains("It is about you: your own answer is kept"), "{page}");
    exchange(&[ann, ben, cem]);
    assert_eq!(ben.member("Cem")["removed"], false);
    ben.json(&["member", "remove", "Cem"]);
    assert_eq!(ben.member("Cem")["removed"], true);
    let (_, error) = ben.error(&["member", "remove", "Cem", "--reason", "again"]);
    assert_eq!(error["code"], "parted");
    let (_, error) = ben.error(&["invite", "--recover", "Cem"]);
    assert_eq!(error["code"], "parted");
    let (_, error) = ben.error(&["answer", lost["proposal"].as_str().unwrap(), "yes"]);
    assert_eq!(error["code"], "no_longer_needed");
    assert_eq!(ben.json(&["status"])["to_answer"], 0);
}
