//! A member disputes everything and is removed; the others settle each dispute.

use serde_json::Value;

use crate::world::{Device, World, agree, exchange, same_views};

fn stands(device: &Device, work: &str) -> (Value, Value) {
    let row = device.entry(work);
    assert_eq!(row["confirmed"], row["settled"] != false, "{row}");
    (row["disputed"].clone(), row["settled"].clone())
}

#[test]
fn each_dispute_of_a_removed_member_is_settled_and_the_hours_count_again() {
    let world = World::new();
    let devices = world.founded(&["Ann", "Ben", "Cem", "Mallory"]);
    let [ann, ben, cem, mallory] = [0, 1, 2, 3].map(|at| &devices[at]);
    let (all, three) = ([ann, ben, cem, mallory], [ann, ben, cem]);
    let soup = ann.wrote(&["contribute", "Cooked soup", "--hours", "2"]);
    let bread = ben.wrote(&["contribute", "Baked bread", "--hours", "3"]);
    let (_, error) = ann.error(&["settle", &soup, "counts"]);
    assert_eq!(error["code"], "not_disputed");
    exchange(&all);
    cem.json(&["confirm", &soup]);
    cem.json(&["confirm", &bread]);
    for work in [&soup, &bread] {
        mallory.json(&["dispute", work, "--reason", "I did not see it"]);
    }
    exchange(&all);
    assert_eq!(stands(ann, &soup), (true.into(), Value::Null));

    agree(&three, &["member", "remove", "Mallory", "--reason", "Disputes all that we do"]);
    exchange(&three);
    // What stood in the past of the decision stands: a removal settles nothing.
    assert_eq!(stands(ann, &soup), (true.into(), Value::Null));
    let told = agree(&[ann, ben], &["settle", &soup, "counts"]);
    assert_eq!(told["need"], 2, "more than half of three");
    exchange(&three);
    for device in three {
        assert_eq!(stands(device, &soup), (false.into(), true.into()));
        assert_eq!(stands(device, &bread), (true.into(), Value::Null));
    }

    // A decision about the other, and a later one that replaces it.
    agree(&[cem, ben], &["settle", &bread, "does-not", "--reason", "It was cake"]);
    assert_eq!(stands(ben, &bread), (false.into(), false.into()));
    let (_, error) = ben.error(&["settle", &bread, "does-not"]);
    assert_eq!(error["code"], "decided_already");
    exchange(&three);
    let told = cem.page(&["confirm", &bread]);
    assert!(told.contains("It does not count: the group decided that it does not."), "{told}");
    let own = ann.page(&["contribute", "Slept", "--hours", "1", "--for", "Ann"]);
    assert!(own.contains("It does not count: work for oneself is nothing given"), "{own}");
    exchange(&three);
    agree(&[ann, cem], &["settle", &bread, "counts"]);
    exchange(&three);
    same_views(&three);
    for device in three {
        assert_eq!(stands(device, &bread), (false.into(), true.into()));
    }
    let page = ann.page(&["proposals"]);
    assert!(page.contains("Settle the dispute: Ben’s work “Baked bread” counts"), "{page}");
    assert!(page.contains("another decision replaced it"), "{page}");
}
