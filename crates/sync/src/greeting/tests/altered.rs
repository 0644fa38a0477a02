//! Messages that were cut, altered, replayed or sent in another place.

use super::*;

#[test]
fn every_cut_of_every_message_is_refused() {
    let whole = honest();
    for place in 0..4 {
        for len in 0..whole.messages[place].len() {
            let cut = |at, mut message: Vec<u8>| {
                message.truncate(if at == place { len } else { usize::MAX });
                message
            };
            let run = run_altered(CHANNEL, &[member(1, 1)], &[member(1, 2)], cut);
            let refused = run.and_then(|run| run.dialer).unwrap_err();
            assert!(matches!(refused, GreetingError::Codec(_)), "{place} {len}: {refused}");
        }
    }
}

/// Fails when an altered message leads to another peer, or to another group.
#[test]
fn every_flipped_bit_is_refused_or_changes_nothing_that_was_proven() {
    let whole = honest();
    let mut survived = [0; 4];
    for (place, survived) in survived.iter_mut().enumerate() {
        for bit in 0..whole.messages[place].len() * 8 {
            let flip = |at, mut message: Vec<u8>| {
                if at == place {
                    message[bit / 8] ^= 1 << (bit % 8);
                }
                message
            };
            let run = run_altered(CHANNEL, &[member(1, 1)], &[member(1, 2)], flip);
            let Ok(Run { dialer, acceptor, .. }) = run else { continue };
            let (group, key) = (member(1, 1).group, whole.dialer.as_ref().unwrap().key);
            for (met, peer) in [(dialer, super::key(2)), (acceptor, super::key(1))] {
                match met {
                    Ok(met) => {
                        *survived += 1;
                        assert_eq!((met.group, met.peer, met.key), (group, peer, key));
                    }
                    Err(error) => assert_ne!(error, GreetingError::OwnKey),
                }
            }
        }
    }
    // Seven of eight MACs are random; admissions are not proven here; the answer is, whole.
    assert_eq!(survived[0], 2 * 7 * 256);
    assert_eq!(survived[1], 0);
    assert!(survived[2] >= 2 * 50 * 8 && survived[3] >= 2 * 50 * 8);
}

#[test]
fn messages_of_another_step_are_told() {
    let messages = honest().messages;
    let steps = ["call", "answer", "proof", "proof"];
    for (place, wanted) in steps.into_iter().enumerate() {
        for (came, found) in steps.into_iter().enumerate().filter(|(_, found)| *found != wanted) {
            let swap = |at, message: Vec<u8>| {
                if at == place { messages[came].clone() } else { message }
            };
            let run = run_altered(CHANNEL, &[member(1, 1)], &[member(1, 2)], swap);
            match run.and_then(|run| run.dialer).unwrap_err() {
                // Too long to be the one that belongs there.
                GreetingError::Codec(CodecError::TooLong { .. }) => assert_eq!(wanted, "answer"),
                refused => assert_eq!(refused, GreetingError::OutOfPlace { found, wanted }),
            }
        }
    }
}

/// Fails when a message is not bound to its connection and stream: a recording, or a relay between
/// two connections, would be worth something.
#[test]
fn a_message_is_worth_nothing_on_another_connection_or_stream() {
    let (ana, ben) = ([member(1, 1)], [member(1, 2)]);
    let recorded = honest().messages;
    let others = [Channel { exporter: [0xE2; 32], ..CHANNEL }, Channel { stream: 4, ..CHANNEL }];
    for channel in others {
        for place in 0..4 {
            let replay = |at: usize, message: Vec<u8>| {
                if at == place { recorded[at].clone() } else { message }
            };
            let run = run_altered(channel, &ana, &ben, replay);
            match (place, run.and_then(|run| run.dialer).unwrap_err()) {
                (0, GreetingError::NoCommonGroup)
                | (1, GreetingError::Unknown | GreetingError::NotOffered)
                | (2 | 3, GreetingError::Unproven(_)) => {}
                (_, refused) => panic!("{place} on {channel:?}: {refused}"),
            }
        }
    }
}
