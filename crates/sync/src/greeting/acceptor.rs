//! The end that was dialled.

use super::message::{Answer, Message, proof, read_call, read_proof};
use super::{Channel, GreetingError, Membership, Met, Role};

/// An acceptor that answered, and waits for the dialer's proof.
#[derive(Debug)]
pub struct Acceptor<'m> {
    channel: Channel,
    mine: &'m Membership,
}

impl<'m> Acceptor<'m> {
    /// Takes a call; gives the answer for the first of `groups` that the dialer offered.
    ///
    /// # Errors
    /// The message is no call, or [`GreetingError::NoCommonGroup`]. Nothing may be answered then.
    pub fn answer(
        channel: Channel,
        groups: &'m [Membership],
        call: &[u8],
    ) -> Result<(Self, Vec<u8>), GreetingError> {
        let macs = read_call(call)?;
        let mut common = None;
        // All are compared, so that the time taken does not say which group is common.
        for mine in groups {
            let known = mine.call_mac(&channel);
            for (index, mac) in (0_u8..).zip(&macs) {
                if mac.is(known) && common.is_none() {
                    common = Some((mine, index));
                }
            }
        }
        let (mine, index) = common.ok_or(GreetingError::NoCommonGroup)?;
        let device = mine.device.public();
        let mac = mine.answer_mac(&channel, index, device).into();
        let answer = Message::Answer(Answer { index, mac, device }).write();
        Ok((Self { channel, mine }, answer))
    }

    /// Takes the dialer's proof; gives this device's, the last message, and whom it met. The
    /// message is to be sent even to a device with this one's own key ([`GreetingError::OwnKey`]):
    /// so both copies learn of each other, and nobody raises that alarm without having the key.
    ///
    /// # Errors
    /// The proof is wrong: nothing is to be sent.
    pub fn prove(
        self,
        proof_of_dialer: &[u8],
    ) -> Result<(Vec<u8>, Result<Met, GreetingError>), GreetingError> {
        let theirs = read_proof(proof_of_dialer)?;
        let peer = theirs.device;
        self.channel.verify(Role::Dialer, self.mine, peer, &theirs.signature)?;
        let signature = self.channel.sign(Role::Acceptor, self.mine, peer);
        let last = proof(self.mine, signature)?.write();
        let met = if peer == self.mine.device.public() {
            Err(GreetingError::OwnKey)
        } else {
            Ok(self.mine.met(&self.channel, peer, theirs.into_admissions()))
        };
        Ok((last, met))
    }
}
