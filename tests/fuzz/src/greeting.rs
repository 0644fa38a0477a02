//! The messages of a greeting.

use copact_core::keys::DeviceSecret;
use copact_sync::greeting::{Acceptor, Channel, Dialer, GreetingError, Membership, Met};

use crate::honest;
use crate::mutation::{first, mutate};

const CHANNEL: Channel = Channel { exporter: [15; 32], stream: 0 };

fn member(seed: u8) -> Membership {
    Membership {
        group: honest::group(),
        discovery: copact_sync::greeting::discovery_key(&honest::ENVELOPES[0]),
        device: DeviceSecret::from_bytes(&[seed; 32]),
        admissions: vec![vec![seed; 20]],
    }
}

/// What both ends have in the end, or the first error.
type Ends = Result<(Result<Met, GreetingError>, Result<Met, GreetingError>), GreetingError>;

/// A greeting between honest devices, whose messages go through `pass`.
fn run(mut pass: impl FnMut(usize, Vec<u8>) -> Vec<u8>) -> Ends {
    let (ana, ben) = ([member(1)], [member(2)]);
    let (dialer, call) = Dialer::call(CHANNEL, &ana, &[16; 32])?;
    let (acceptor, answer) = Acceptor::answer(CHANNEL, &ben, &pass(0, call))?;
    let (dialer, proof) = dialer.prove(&pass(1, answer))?;
    let (last, accepted) = acceptor.prove(&pass(2, proof))?;
    Ok((dialer.met(&pass(3, last)), accepted))
}

/// The four messages of an honest greeting.
#[must_use]
pub fn messages() -> [Vec<u8>; 4] {
    let mut messages = [const { Vec::new() }; 4];
    let ends = run(|place, message| {
        messages[place].clone_from(&message);
        message
    });
    assert!(ends.is_ok_and(|(dialer, acceptor)| dialer.is_ok() && acceptor.is_ok()));
    messages
}

/// Whether the bytes are read at one of the four steps, and lead to honest devices.
#[must_use]
pub fn read(bytes: &[u8]) -> bool {
    let read = |at| {
        let ends = run(|place, message| if place == at { bytes.to_vec() } else { message });
        met(ends)
    };
    (0..4).any(read)
}

/// The target.
///
/// # Panics
/// An altered message led to another device than the honest one.
pub fn target(bytes: &[u8]) {
    let _ = read(bytes);
    let (at, script) = first(bytes);
    let at = usize::from(at) % 4;
    met(run(|place, message| if place == at { mutate(&message, script) } else { message }));
}

fn met(ends: Ends) -> bool {
    let told = |error: &GreetingError| {
        assert!(!error.to_string().is_empty());
        assert_ne!(*error, GreetingError::OwnKey, "nobody has a device's key but itself");
    };
    let (dialer, acceptor) = match ends {
        Ok(ends) => ends,
        Err(error) => {
            told(&error);
            return false;
        }
    };
    for (end, peer) in [(&dialer, 2), (&acceptor, 1)] {
        match end {
            Ok(met) => {
                assert_eq!((met.group, met.peer), (honest::group(), member(peer).device.public()));
            }
            Err(error) => told(error),
        }
    }
    dialer.is_ok()
}
