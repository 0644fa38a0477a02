//! What can only be seen with a document that nobody could make in a test's time.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::document::poison::{Draft, ground};

#[test]
fn operations_are_not_numbered_past_the_limit() {
    let (author, actor) = ([0x11; 16], [0x22; 16]);
    let ground = ground(author);
    for (below, verdict) in [(1_u32, None), (0, Some("op-too-high"))] {
        let mut gate = Gate::new(&DocumentId::Contract);
        for bytes in &ground.changes {
            gate.judge(author, bytes, &|_| true).unwrap();
        }
        // As if somebody had made 2^31 operations.
        let hash = ChangeHash::from_bytes([7; 32]);
        let start = (1 << 31) - below;
        let deps = gate.graph.nodes().iter().map(|node| gate.graph.index(node.hash).unwrap());
        let deps: Vec<u32> = deps.collect();
        let past = gate.graph.past(&deps).unwrap();
        let table = Table::default();
        gate.graph.insert(Fresh { hash, actor: [9; 16], seq: 1, start, deps, past, table });
        let deps = vec![*hash.as_bytes()];
        let draft = Draft { deps, start_op: u64::from(start), ..ground.ok(actor) };
        let judged = gate.judge(actor, &draft.encode(), &|_| true);
        assert_eq!(judged.err().map(|void| void.code()), verdict);
    }
}
