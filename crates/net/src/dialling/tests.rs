#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use super::*;

#[test]
fn the_first_of_a_room_is_dialled_at_once_and_the_choice_of_others_waits_for_the_room() {
    let dialling = Dialling::default();
    let begun = Instant::now();
    let show = |number: u8| {
        let at = vec![SocketAddr::from(([10, 0, 0, number], 7))];
        dialling.found(Address { endpoint: [number; 32], at });
    };
    (1..=200).for_each(show);
    let end = Instant::now();
    let next = |number: u8| lock(&dialling.targets)[&[number; 32]].next;
    assert!(next(1) <= end);
    assert!((2..=200).all(|number| next(number) >= begun + GATHER));
    assert!((2..=200).all(|number| next(number) <= end + GATHER_MOST));
    assert!(next(200) > next(2) + GATHER, "in a crowd it is waited longer");
    // Who is seen at another place is not made to wait, and people are not either.
    show(9);
    dialling.by_hand(Address { endpoint: [8; 32], at: Vec::new() });
    assert!(next(9) <= Instant::now() && next(8) <= Instant::now());
}
