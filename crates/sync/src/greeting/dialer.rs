//! The end that dialled.

use super::message::{Answer, Mac, Message, proof, read_answer, read_proof};
use super::{Channel, GreetingError, Membership, Met, Role};
use crate::drawn::Drawn;
use crate::limits;
use copact_core::keys::DeviceKey;

/// A dialer that called, and waits for the answer.
#[derive(Debug)]
pub struct Dialer<'m> {
    channel: Channel,
    /// For each MAC of the call its group, if it was not a random one.
    offered: Vec<(Mac, Option<&'m Membership>)>,
}

/// A dialer that proved itself, and waits for the acceptor's proof.
#[derive(Debug)]
pub struct Called<'m> {
    channel: Channel,
    mine: &'m Membership,
    peer: DeviceKey,
}

impl<'m> Dialer<'m> {
    /// Offers groups; gives the first message. `random`: 32 fresh random bytes.
    ///
    /// # Errors
    /// More than 64 groups.
    pub fn call(
        channel: Channel,
        groups: &'m [Membership],
        random: &[u8; 32],
    ) -> Result<(Self, Vec<u8>), GreetingError> {
        if groups.len() > limits::GROUPS_OFFERED {
            return Err(GreetingError::TooManyGroups);
        }
        let mut offered: Vec<_> =
            groups.iter().map(|mine| (Mac::from(mine.call_mac(&channel)), Some(mine))).collect();
        let stream = *blake3::hash(&channel.stream.to_le_bytes()).as_bytes();
        let content = [channel.exporter, stream];
        let mut drawn = Drawn::new(random, "copact greeting padding 1", &content);
        let padded = groups.len().max(1).next_multiple_of(limits::GROUPS_PADDED_TO);
        offered.resize_with(padded, || (Mac(drawn.array()), None));
        // Sorted, the order says nothing about which are real or which groups come first here.
        offered.sort_unstable_by_key(|(mac, _)| *mac);
        let call = Message::Call(offered.iter().map(|(mac, _)| *mac).collect()).write();
        Ok((Self { channel, offered }, call))
    }

    /// Takes the answer; gives this device's proof, for an acceptor that showed that it knows the
    /// group.
    ///
    /// # Errors
    /// It does not know the group that it chose, or the message is no answer.
    pub fn prove(self, answer: &[u8]) -> Result<(Called<'m>, Vec<u8>), GreetingError> {
        let Answer { index, mac, device } = read_answer(answer)?;
        let Some((_, Some(mine))) = self.offered.get(usize::from(index)) else {
            return Err(GreetingError::NotOffered);
        };
        if !mac.is(mine.answer_mac(&self.channel, index, device)) {
            return Err(GreetingError::Unknown);
        }
        let signature = self.channel.sign(Role::Dialer, mine, device);
        let proof = proof(mine, signature)?.write();
        Ok((Called { channel: self.channel, mine, peer: device }, proof))
    }
}

impl Called<'_> {
    /// Takes the acceptor's proof, the last message.
    ///
    /// # Errors
    /// It does not prove the key that the acceptor showed, or proves this device's own
    /// ([`GreetingError::OwnKey`]).
    pub fn met(self, proof: &[u8]) -> Result<Met, GreetingError> {
        let proof = read_proof(proof)?;
        if proof.device != self.peer {
            return Err(GreetingError::TwoKeys);
        }
        self.channel.verify(Role::Acceptor, self.mine, self.peer, &proof.signature)?;
        if self.peer == self.mine.device.public() {
            return Err(GreetingError::OwnKey);
        }
        Ok(self.mine.met(&self.channel, self.peer, proof.into_admissions()))
    }
}
