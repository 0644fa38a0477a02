//! Whatever is wrong in what is typed or handed over is told in a sentence, and changes nothing.
//!
//! All sentences stand in one snapshot, to be read in one place.

mod bundles;
mod contracts;
mod damage;
mod decisions;
mod evidence;
mod joining;
mod lists;
mod stores;
mod told;
mod words;

use told::Told;

/// Goes through one kind of bad input.
type Family = fn(&mut Told);

#[test]
fn every_bad_input_is_told_in_a_sentence_and_changes_nothing() {
    let families: [(&str, Family); 12] = [
        ("Bundles", bundles::files),
        ("Bundles that do not fit here", bundles::misfits),
        ("Tickets", joining::tickets),
        ("Requests", joining::requests),
        ("Attendance lists", lists::lists),
        ("Who and what is meant", words::names),
        ("Numbers, days and words", words::values),
        ("Contracts", contracts::contracts),
        ("Common decisions", decisions::decisions),
        ("Windows and rules", evidence::evidence),
        ("Reports and anchors", evidence::reports),
        ("What is stored", stores::stores),
    ];
    let told: Vec<String> = std::thread::scope(|scope| {
        let running: Vec<_> = families
            .into_iter()
            .map(|(title, family)| {
                scope.spawn(move || {
                    let mut told = Told::new(title);
                    family(&mut told);
                    told.page()
                })
            })
            .collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    });
    insta::assert_snapshot!("sentences", told.join("\n"));
}
