//! What honest devices make passes, whatever they make; and all who have it see the same.

use proptest::prelude::*;

use super::edits::Edit;
use super::saves_and_loads;
use super::world::{Step, World, seen, step};
use crate::change::DocumentId;
use crate::document::Gate;

/// Where values are in conflict, Automerge makes a deletion of a put of the value that won.
#[test]
fn putting_the_value_that_won_a_conflict_passes() {
    for kind in 0..6 {
        let mut world = World::new();
        world.step(&Step::Edit(0, vec![Edit::AddSection(0)]));
        world.step(&Step::Receive(1, 0));
        world.step(&Step::Edit(0, vec![Edit::PutKind(0, 1)]));
        world.step(&Step::Edit(1, vec![Edit::PutKind(0, 2)]));
        world.step(&Step::Receive(0, 1));
        world.step(&Step::Edit(0, vec![Edit::PutKind(0, kind)]));
        // Each is a change: none of the two values was alone.
        assert_eq!(world.made.len(), 4);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Every change that Automerge makes of people's edits is ok (asserted at every step), and the
    /// document of them all saves and loads.
    #[test]
    fn honest_edits_pass_the_gate(steps in proptest::collection::vec(step(0), 1..40)) {
        let mut world = World::new();
        steps.iter().for_each(|step| world.step(step));
        let selection = world.gate.selection(&world.counted(&world.all()), &[]);
        prop_assert!(selection.left_out.is_empty());
        prop_assert_eq!(selection.kept.len(), world.made.len() + 1);
        saves_and_loads(world.build(&selection).automerge());
    }

    /// With devices restored twice from one backup too: in whatever order changes arrive, the
    /// verdicts, the selection and the document are the same.
    #[test]
    fn in_any_order_it_is_the_same_document(
        steps in proptest::collection::vec(step(1), 1..40),
        seed in 1_u64..u64::MAX,
    ) {
        let mut world = World::new();
        steps.iter().for_each(|step| world.step(step));
        let mut gate = Gate::new(&DocumentId::Contract);
        for made in world.shuffled(seed) {
            let verdict = gate.judge(made.actor, &made.bytes, &|hash| made.past.contains(&hash));
            prop_assert_eq!(verdict, Ok(made.hash));
        }
        let counted = world.counted(&world.all());
        let selection = world.gate.selection(&counted, &[]);
        prop_assert_eq!(&gate.selection(&counted, &[]), &selection);
        for hash in world.all() {
            let closure = gate.closure(&[hash]).unwrap();
            prop_assert_eq!(&world.gate.closure(&[hash]).unwrap(), &closure);
            for other in world.all() {
                prop_assert_eq!(gate.contains(&[hash], &[other]), closure.contains(&other));
            }
            // What people ratified stays in the document.
            let adopted = gate.selection(&counted, &[hash]);
            prop_assert!(closure.iter().all(|change| adopted.kept.contains(change)));
        }
        // What is kept is closed, and has no fork in it; the rest is left out.
        prop_assert_eq!(&gate.closure(&selection.heads).unwrap(), &selection.kept);
        prop_assert_eq!(selection.kept.len() + selection.left_out.len(), world.made.len() + 1);
        let doc = world.build(&selection).into_automerge();
        saves_and_loads(&doc);
        // The kept changes in another order make the same document.
        let mut mixed = selection.clone();
        let order: Vec<_> = world.shuffled(seed).into_iter().map(|made| made.hash).collect();
        mixed.kept.sort_by_key(|hash| order.iter().position(|other| other == hash));
        prop_assert_eq!(seen(world.build(&mixed).automerge()), seen(&doc));
        prop_assert_eq!(doc.get_heads().len(), selection.heads.len());
    }
}
