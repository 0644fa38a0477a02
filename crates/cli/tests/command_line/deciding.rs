//! What groups decide, with files only: who has voice, who is removed, whose phone was lost, what
//! is disputed, and how they go on.

mod coming_and_going;
mod recovery;
mod removal;
mod rules;
mod settling;
mod voice;
