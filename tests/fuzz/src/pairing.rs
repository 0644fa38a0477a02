//! The messages of a pairing.

use copact_core::ids::EnvelopeId;
use copact_sync::pairing::{Inviter, Newcomer, PairingError, Refusal, ShortCode, Verdict};

use crate::honest;
use crate::mutation::{first, mutate};

const EXPORTER: [u8; 32] = [15; 32];
const NONCES: [[u8; 32]; 2] = [[16; 32], [17; 32]];

/// What both have in the end.
struct Ends {
    codes: [ShortCode; 2],
    request: Vec<u8>,
    verdict: Result<Verdict, PairingError>,
}

/// A pairing between honest devices, whose messages go through `pass`.
fn run(
    request: &[u8],
    verdict: &Verdict,
    mut pass: impl FnMut(usize, Vec<u8>) -> Vec<u8>,
) -> Result<Ends, PairingError> {
    let ticket = honest::ticket().pairing_key();
    let (newcomer, commit) = Newcomer::commit(EXPORTER, &ticket, NONCES[0], request.to_vec())?;
    let inviter = Inviter::new(EXPORTER, &ticket);
    let (inviter, nonce) = inviter.tried(&pass(0, commit), NONCES[1])?;
    let (newcomer, open) = newcomer.open(&pass(1, nonce))?;
    let asked = inviter.opened(&pass(2, open))?;
    let (codes, request) = ([newcomer.code(), asked.code()], asked.request().to_vec());
    let verdict = newcomer.verdict(&pass(3, asked.answer(verdict)));
    Ok(Ends { codes, request, verdict })
}

fn request() -> Vec<u8> {
    honest::REQUESTS[1].to_bytes()
}

fn admitted() -> Verdict {
    Verdict::Admitted(EnvelopeId::from_bytes([18; 32]))
}

/// The four messages of an honest pairing.
///
/// # Panics
/// It failed.
#[must_use]
pub fn messages() -> [Vec<u8>; 4] {
    let mut messages = [const { Vec::new() }; 4];
    let ends = run(&request(), &admitted(), |place, message| {
        messages[place].clone_from(&message);
        message
    });
    assert!(ends.is_ok_and(|ends| ends.codes[0] == ends.codes[1] && ends.verdict.is_ok()));
    messages
}

/// Whether the bytes are read at one of the four steps.
#[must_use]
pub fn read(bytes: &[u8]) -> bool {
    let read = |at| {
        run(
            &request(),
            &admitted(),
            |place, message| {
                if place == at { bytes.to_vec() } else { message }
            },
        )
    };
    (0..4).any(|at| checked(read(at)))
}

/// The target.
///
/// # Panics
/// Both saw one code although something was altered, or a sentence deceives.
pub fn target(bytes: &[u8]) {
    let _ = read(bytes);
    let (at, script) = first(bytes);
    let at = usize::from(at) % 4;
    // Also of somebody who asks with anything, and of an inviter who refuses with anything.
    let refused = Verdict::Refused(Refusal::new(&String::from_utf8_lossy(bytes)));
    for (request, verdict) in [(request(), admitted()), (bytes.to_vec(), refused)] {
        let passed = run(&request, &verdict, |_, message| message).expect("a pairing");
        assert_eq!((passed.codes[0], passed.verdict), (passed.codes[1], Ok(verdict.clone())));
        assert_eq!(passed.request, request);
        checked(run(&request, &verdict, |place, message| {
            if place == at { mutate(&message, script) } else { message }
        }));
    }
}

fn checked(ends: Result<Ends, PairingError>) -> bool {
    let told = |error: &PairingError| assert!(!error.to_string().is_empty());
    match ends {
        Ok(Ends { verdict: Ok(verdict), .. }) => {
            if let Verdict::Refused(refusal) = verdict {
                assert!(!refusal.as_str().is_empty() && refusal.as_str().len() <= 300);
                assert!(!refusal.as_str().contains(|c: char| c.is_control()));
            }
            true
        }
        Ok(Ends { verdict: Err(error), .. }) | Err(error) => {
            told(&error);
            false
        }
    }
}
