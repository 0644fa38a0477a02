//! What the other implementation is given: the rows of the views, as the command line prints them.

use copact_core::views::{Labels, Views};
use serde_json::{Map, Value, json};

/// All but the window.
pub fn of(views: &Views<'_>) -> Value {
    let labels = Labels::none();
    let founding = views.ledger.place_of(views.ledger.group().founding()).unwrap();
    let members: Vec<Value> = views
        .roster(&labels)
        .iter()
        .map(|row| {
            let mut value = serde_json::to_value(row).unwrap();
            let who = views.standing.person(row.id).unwrap();
            let helpers = views.standing.ever_helped(who);
            let brought_in = views.ledger.person(who).unwrap();
            value["assisted"] = json!(brought_in.assisted.is_some());
            value["helpers"] = helpers
                .iter()
                .filter_map(|one| views.standing.id(*one))
                .map(|id| json!(id))
                .collect();
            value
        })
        .collect();
    let rows = views.log(&labels);
    let disputes: Vec<_> = rows.iter().filter(|row| row.kind == "dispute").collect();
    let in_past = |before, after| {
        let places = views.ledger.place_of(before).zip(views.ledger.place_of(after));
        places.is_some_and(|(before, after)| views.ledger.in_past(before, after))
    };
    let log = rows.iter().map(|row| {
        let mut value = entry(serde_json::to_value(row).unwrap());
        if row.kind == "correction" {
            let known = disputes.iter().filter(|one| in_past(one.id, row.id));
            value["after"] = known.map(|one| json!(one.id)).collect();
        }
        value
    });
    let log: Vec<Value> = log.collect();
    let status = views.contract_status();
    let mut texts = Map::new();
    for one in status.versions.iter().filter(|one| one.adopted.is_some()) {
        let version = views.version_named(&one.version.to_string());
        let version = version.first().unwrap();
        let content = views.contract_content(Some(version));
        let spans = views.blame(Some(version)).spans;
        texts.insert(
            one.version.to_string(),
            json!({
                "sections": content.sections, "goals": content.goals, "spans": spans,
            }),
        );
    }
    json!({
        "founded": views.signed(founding).unwrap(),
        "members": members,
        "meetings": views.meetings(&labels).meetings,
        "log": log,
        "proposals": views.proposal_rows(&labels),
        "policy": policy(views),
        "contract": { "versions": status.versions, "texts": texts },
        "closed_quarters": [],
    })
}

/// The other implementation's words for what a row says.
fn entry(mut row: Value) -> Value {
    if row["kind"] == "goal" {
        row["kind"] = json!("goal_state");
    }
    flat(&mut row);
    if let Some(fields) = row.get_mut("fields").filter(|fields| fields.is_object()) {
        flat(fields);
    }
    if let Some(same) = row.get("same_as").cloned() {
        row["fields"] = json!({ "same_as": same });
    }
    row
}

/// `on` is an id here, with its kind outside.
fn flat(row: &mut Value) {
    if let Some(on) = row.get_mut("on").filter(|on| on.is_object()) {
        let id = on.as_object().unwrap().values().next().unwrap().clone();
        *on = id;
    }
}

/// What share ratifying needed, as `status` tells it.
fn policy(views: &Views<'_>) -> Vec<Value> {
    let founding = views.ledger.place_of(views.ledger.group().founding()).unwrap();
    let all = views.policies(views.signed(founding).unwrap()).into_iter();
    all.map(|(from, share)| json!({ "from": from, "share": share.to_string() })).collect()
}
