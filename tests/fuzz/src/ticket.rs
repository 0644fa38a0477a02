//! Tickets.

use copact_core::codec;
use copact_core::ids::tagged_hash;
use copact_sync::ticket::{PREFIX, Ticket};
use data_encoding::BASE32_NOPAD;

use crate::honest;
use crate::mutation::{first, mutate};

/// The target.
///
/// # Panics
/// A ticket with a typing mistake was read, or one that copact would not write.
pub fn target(bytes: &[u8]) {
    check(&String::from_utf8_lossy(bytes));
    let (what, script) = first(bytes);
    let honest = if what % 4 < 2 { honest::ticket() } else { honest::ticket_with_reach() };
    if what % 2 == 0 {
        let text = honest.text().expect("a ticket");
        let typed = String::from_utf8_lossy(&mutate(text.as_bytes(), script)).into_owned();
        if let Ok(ticket) = Ticket::parse(&typed) {
            assert_eq!(ticket, honest, "a typing mistake was not noticed: {typed}");
        }
    } else {
        check(&with_record(&mutate(&codec::encode(&honest), script)));
    }
}

fn check(text: &str) {
    match Ticket::parse(text) {
        Ok(ticket) => {
            let written = ticket.text().expect("what was read can be written");
            assert_eq!(Ticket::parse(&written).as_ref(), Ok(&ticket));
            assert_eq!(ticket.reach().is_some(), ticket.extensions.iter().any(|f| f.kind == 1));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A text whose checks are right, whatever the record is.
fn with_record(record: &[u8]) -> String {
    let mut bytes = vec![1];
    bytes.extend(u16::try_from(record.len()).expect("a short record").to_be_bytes());
    bytes.extend(&tagged_hash("copact ticket head 1", &[&bytes])[..2]);
    bytes.extend(record);
    bytes.extend(&tagged_hash("copact ticket 1", &[&bytes])[..5]);
    format!("{PREFIX}{}", BASE32_NOPAD.encode(&bytes))
}

#[cfg(test)]
mod tests {
    use super::with_record;
    use crate::honest;
    use copact_core::codec;

    #[test]
    fn without_an_edit_the_ticket_stays_as_it_is() {
        let honest = honest::ticket();
        assert_eq!(with_record(&codec::encode(&honest)), honest.text().unwrap());
    }
}
