//! Why a change is void.

/// Why the gate does not let a change into its document. Which reason is given follows from the
/// envelope and its past alone, so that it is the same on every device.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VoidChange {
    /// Larger than an envelope's body.
    #[error("this change is {0} bytes long, more than an envelope holds; split it")]
    TooLarge(usize),
    /// No magic bytes, or a chunk of another type.
    #[error("this is not an Automerge change chunk; send one change as Automerge encodes it")]
    NotAChange,
    /// A compressed chunk.
    #[error("this change is compressed; send it as it is, uncompressed")]
    Compressed,
    /// Bytes after the chunk.
    #[error("bytes follow the change; send exactly one change in an envelope")]
    TrailingBytes,
    /// The first bytes of its hash are wrong.
    #[error("the change's checksum is wrong, so its bytes were damaged or forged; send it again")]
    Checksum,
    /// The bytes do not decode.
    #[error("the change's {0} cannot be decoded; make it with a current version of copact")]
    Malformed(&'static str),
    /// It decodes, but Automerge would encode it otherwise: a saved document would not load again.
    #[error("the change is not encoded as Automerge does it; make it with a current version")]
    NotCanonical,
    /// More operations or overwritten operations than the limits.
    #[error("the change claims too many operations; split it into smaller changes")]
    TooManyOps,
    /// Nothing in it.
    #[error("the change does nothing; only changes with content belong in a document")]
    Empty,
    /// A wall-clock time.
    #[error("the change carries a time; copact keeps days in envelopes, so leave it at zero")]
    Time,
    /// A commit message.
    #[error("the change carries a message; write messages as entries of the log")]
    Message,
    /// Bytes after the columns, an author among them.
    #[error("the change carries extra bytes or an author; the envelope says who wrote it")]
    ExtraBytes,
    /// Somebody else's actor id.
    #[error("the change's actor is not that of the chain which signed it; write it on that chain")]
    WrongActor,
    /// An actor in the table that nothing refers to, or twice.
    #[error("the change lists an actor that it does not use; make it with a current version")]
    UnusedActor,
    /// An actor that wrote nothing in the closure.
    #[error("the change names an actor that its own past does not know; sync first, then edit")]
    UnknownActor,
    /// No dependencies at all.
    #[error("the change does not build on the document's first change; start from that")]
    NoDeps,
    /// One dependency twice.
    #[error("the change names one dependency twice; make it with a current version")]
    RepeatedDep,
    /// A dependency that no ok envelope in the past carries.
    #[error("the change builds on one that is void or not in its envelope's past; link that first")]
    UnseenDep,
    /// Two changes of one actor with one number in the closure.
    #[error("the change builds on both sides of a fork of one device; choose one of them")]
    ForkedPast,
    /// Not one more than the actor's changes in the closure.
    #[error("the change has number {found} on its chain where {expected} is next; sync, then edit")]
    Seq {
        /// What it claims.
        found: u64,
        /// What its closure makes it.
        expected: u64,
    },
    /// Not one more than the highest operation of the closure.
    #[error("the change's operations start at {found} where {expected} is next; sync, then edit")]
    StartOp {
        /// What it claims.
        found: u64,
        /// What its closure makes it.
        expected: u64,
    },
    /// Beyond 2^31.
    #[error("the change's operations are numbered too high; start a new document")]
    OpTooHigh,
    /// An operation that its place in the document does not allow.
    #[error("operation {0} of the change does not fit the document's plan; edit it with copact")]
    NotInSchema(usize),
    /// A value that its place does not allow.
    #[error("operation {0} of the change writes a value that does not belong there; correct it")]
    BadValue(usize),
    /// A control or text-reordering character.
    #[error("operation {0} of the change writes a hidden or reordering character; remove it")]
    HiddenCharacter(usize),
    /// No such object in the closure or earlier in the change.
    #[error("operation {0} of the change edits an object that its past does not know; sync first")]
    UnknownObject(usize),
    /// No such element of that text in the closure or earlier in the change.
    #[error("operation {0} of the change is placed after something its past does not know")]
    UnknownElement(usize),
    /// An insertion that overwrites.
    #[error("operation {0} of the change inserts and overwrites at once; make two of it")]
    InsertWithPred(usize),
    /// A deletion of nothing.
    #[error("operation {0} of the change deletes nothing; leave it out")]
    DeleteWithoutPred(usize),
    /// Overwrites what the closure does not have.
    #[error("operation {0} of the change overwrites what its past does not know; sync first")]
    UnknownPred(usize),
    /// Overwrites a deletion or a mark.
    #[error("operation {0} of the change overwrites a deletion or a mark, which is no value")]
    PredNotAValue(usize),
    /// Overwrites a value of another object, key or element.
    #[error("operation {0} of the change overwrites a value somewhere else; name one of its own")]
    PredElsewhere(usize),
    /// Overwrites one value twice, or in another order than Automerge's.
    #[error("operation {0} of the change overwrites one value twice or out of order; name it once")]
    RepeatedPred(usize),
    /// A mark begins without ending right after, or ends without having begun.
    #[error("operation {0} of the change is half a mark; a mark begins and ends in one change")]
    HalfMark(usize),
    /// The end comes before the beginning in the text.
    #[error("operation {0} of the change ends a mark before it begins; exchange the two")]
    MarkBackwards(usize),
    /// Finding out where the marks are takes too long.
    #[error("the change has too many marks too deep in a text; mark less at a time")]
    MarksTooDeep,
}

impl VoidChange {
    /// One word for the reason, for logs and tests.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "too-large",
            Self::NotAChange => "not-a-change",
            Self::Compressed => "compressed",
            Self::TrailingBytes => "trailing-bytes",
            Self::Checksum => "checksum",
            Self::Malformed(_) => "malformed",
            Self::NotCanonical => "not-canonical",
            Self::TooManyOps => "too-many-ops",
            Self::Empty => "empty",
            Self::Time => "time",
            Self::Message => "message",
            Self::ExtraBytes => "extra-bytes",
            Self::WrongActor => "wrong-actor",
            Self::UnusedActor => "unused-actor",
            Self::UnknownActor => "unknown-actor",
            Self::NoDeps => "no-deps",
            Self::RepeatedDep => "repeated-dep",
            Self::UnseenDep => "unseen-dep",
            Self::ForkedPast => "forked-past",
            Self::Seq { .. } => "seq",
            Self::StartOp { .. } => "start-op",
            Self::OpTooHigh => "op-too-high",
            Self::NotInSchema(_) => "not-in-schema",
            Self::BadValue(_) => "bad-value",
            Self::HiddenCharacter(_) => "hidden-character",
            Self::UnknownObject(_) => "unknown-object",
            Self::UnknownElement(_) => "unknown-element",
            Self::InsertWithPred(_) => "insert-with-pred",
            Self::DeleteWithoutPred(_) => "delete-without-pred",
            Self::UnknownPred(_) => "unknown-pred",
            Self::PredNotAValue(_) => "pred-not-a-value",
            Self::PredElsewhere(_) => "pred-elsewhere",
            Self::RepeatedPred(_) => "repeated-pred",
            Self::HalfMark(_) => "half-mark",
            Self::MarkBackwards(_) => "mark-backwards",
            Self::MarksTooDeep => "marks-too-deep",
        }
    }
}
