//! How a group decides, which quarters it closes, who signs for whom.

use crate::world::{World, agree, carry, exchange, same_views};

#[test]
fn a_policy_is_changed_by_the_share_that_holds_and_its_history_is_kept() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben", "Cem", "Dora"]);
    let [ann, ben, cem, dora] = [0, 1, 2, 3].map(|at| &devices[at]);
    for (share, code) in [("2/3", "policy_already"), ("9/10", "bad_share"), ("half", "bad_share")] {
        let (exit, error) = ann.error(&["policy", "set", "--share", share]);
        assert_eq!((exit, &error["code"]), (2, &code.into()));
    }
    for device in &devices {
        device.at("2026-03-05T18:00:00+01:00");
    }
    let told = agree(&[ann, ben, cem], &["policy", "set", "--share", "4/5"]);
    assert_eq!(told["need"], 3, "two thirds of four");
    for device in &devices {
        device.at("2026-03-09T18:00:00+01:00");
    }
    carry(cem, dora);
    agree(&[dora, cem, ben, ann], &["policy", "set", "--share", "1/2"]);
    exchange(&[ann, ben, cem, dora]);
    same_views(&[ann, ben, cem, dora]);
    let policy = dora.json(&["status"])["policy"].clone();
    let history = [("2026-03-01", "2/3"), ("2026-03-05", "4/5"), ("2026-03-09", "1/2")];
    let expected = history.map(|(from, share)| serde_json::json!({"from": from, "share": share}));
    assert_eq!(policy, serde_json::json!(expected));
    assert!(dora.page(&["group", "show"]).contains("1/2 of the voices, and more than half"));
}

#[test]
fn what_comes_after_a_quarter_was_closed_is_shown_as_late_until_it_is_closed_again() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben", "Cem"]);
    let [ann, ben, cem] = [0, 1, 2].map(|at| &devices[at]);
    let known = ann.wrote(&["contribute", "Swept", "--hours", "1"]);
    let late = cem.wrote(&["contribute", "Mopped", "--hours", "2"]);
    for (quarter, code) in [("2026-Q1", "quarter_not_over"), ("2026-5", "bad_quarter")] {
        let (exit, error) = ann.error(&["quarter", "close", quarter]);
        assert_eq!((exit, &error["code"]), (2, &code.into()));
    }
    for device in &devices {
        device.at("2026-04-02T18:00:00+02:00");
    }
    agree(&[ann, ben], &["quarter", "close", "2026-Q1"]);
    exchange(&[ann, ben, cem]);
    same_views(&[ann, ben, cem]);
    let row =
        |device: &crate::world::Device| device.json(&["quarter", "list"])["quarters"][0].clone();
    for device in [ann, ben, cem] {
        assert_eq!(
            (&device.entry(&known)["late"], &device.entry(&late)["late"]),
            (&false.into(), &true.into())
        );
        let row = row(device);
        assert_eq!((&row["quarter"], &row["closed"]), (&"2026-Q1".into(), &true.into()));
        assert_eq!((&row["entries"], &row["late"]), (&2.into(), &1.into()));
        assert_eq!(row["closed_on"], "2026-04-02");
    }
    assert!(cem.page(&["quarter", "list"]).contains("1 entry came late"));
    assert!(cem.page(&["log"]).contains("came after its quarter was closed"));
    agree(&[cem, ann], &["quarter", "close", "2026-Q1"]);
    assert_eq!(row(ann)["proposals"].as_array().unwrap().len(), 1, "the later one replaced it");
    assert_eq!((&ann.entry(&late)["late"], &row(ann)["late"]), (&false.into(), &0.into()));
    let (_, error) = ann.error(&["quarter", "close", "2026-Q1"]);
    assert_eq!(error["code"], "closed_already");
}

#[test]
fn another_helper_signs_and_the_one_before_does_not_any_more() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben", "Cem"]);
    let [ann, ben, cem] = [0, 1, 2].map(|at| &devices[at]);
    ann.json(&["member", "assist", "Dora"]);
    for (words, code) in [
        (["member", "helper", "Ben", "--to", "Cem"], "not_assisted"),
        (["member", "helper", "Dora", "--to", "Dora"], "assisted_helper"),
        (["member", "helper", "Dora", "--to", "Ann"], "helps_already"),
    ] {
        assert_eq!(ann.error(&words).1["code"], code, "{words:?}");
    }
    exchange(&[ann, ben, cem]);
    agree(&[ann, ben], &["member", "helper", "Dora", "--to", "Cem"]);
    exchange(&[ann, ben, cem]);
    same_views(&[ann, ben, cem]);
    assert_eq!(ben.member("Dora")["helper"], cem.me().as_str());
    cem.json(&["permission", "photos", "no", "--for", "Dora"]);
    let (_, error) = ann.error(&["permission", "photos", "yes", "--for", "Dora"]);
    assert_eq!(error["code"], "not_the_helper");
    let said = "Dora has nobody who signs for them: copact member helper ";
    assert!(!cem.page(&["status"]).contains(said));
    cem.json(&["member", "leave", "--yes"]);
    carry(cem, ann);
    let page = ann.page(&["status"]);
    assert!(page.contains(said), "{page}");
}

#[test]
fn trustees_are_two_or_more_others_and_the_group_agrees_to_them() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben", "Cem"]);
    let ann = &devices[0];
    for (words, code) in [
        (&["member", "trustees", "Ben", "--need", "2"][..], "bad_trustees"),
        (&["member", "trustees", "Ben", "Cem", "--need", "1"], "bad_trustees"),
        (&["member", "trustees", "Ann", "Cem", "--need", "2"], "own_trustee"),
        (&["member", "trustees", "Ben", "Zoe", "--need", "2"], "unknown_member"),
    ] {
        assert_eq!(ann.error(words).1["code"], code, "{words:?}");
    }
    let page = ann.page(&["member", "trustees", "Ben", "Cem", "--need", "2"]);
    let either = ["Let Ben and Cem together move Ann", "Let Cem and Ben together move Ann"];
    assert!(either.iter().any(|said| page.contains(said)), "{page}");
}

#[test]
fn after_its_last_day_a_question_is_not_answered_but_asked_again() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben", "Cem", "Dora"]);
    let [ann, ben, cem, dora] = [0, 1, 2, 3].map(|at| &devices[at]);
    let text = ann.json(&["propose", "We paint the shed", "--closes", "2026-03-03"]);
    let trustees = ["member", "trustees", "Ben", "Cem", "--need", "2", "--of", "Dora"];
    let before = ann.json(&trustees);
    for device in &devices {
        device.at("2026-04-15T18:00:00+02:00");
    }
    ann.json(&["bundle", "export", "late.copact"]);
    assert_eq!(
        ben.json(&["bundle", "import", "late.copact"])["news"]["asked"],
        serde_json::json!([])
    );
    let (code, error) = ben.error(&["answer", text["proposal"].as_str().unwrap(), "yes"]);
    assert_eq!((code, &error["code"]), (2, &"closed".into()));
    assert!(!ben.page(&["proposals"]).contains("needed  "), "nothing expired needs a yes");
    let again = agree(&[ben, cem, ann], &trustees);
    assert_ne!(again["proposal"], before["proposal"]);
    carry(ann, dora);
    let page = dora.page(&["answer", again["proposal"].as_str().unwrap(), "no"]);
    assert!(page.contains("your answer is kept, and changes nothing"), "{page}");
    assert!(!page.contains("With that"), "{page}");
}
