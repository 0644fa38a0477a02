//! What the people of the demo do: each deed once, so that a test can leave out one at a time and
//! see which clauses of the minimum depended on it.

use copact_core::entry::Phase;

/// What somebody does.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "who, and what is named, as in the sentence of each")]
pub enum Deed {
    /// Something is told that nobody does.
    Tell(&'static str),
    /// All devices exchange until they are even.
    Sync,
    /// Brings in somebody without a phone.
    Assist { who: &'static str, name: &'static str },
    /// Types in what the group had on paper.
    Paper { who: &'static str },
    /// Puts `new` in the place of `old` in the contract; for somebody, and under a name to confirm
    /// it by, if `behalf` is given.
    Edit {
        who: &'static str,
        old: &'static str,
        new: &'static str,
        behalf: Option<(&'static str, &'static str)>,
    },
    /// Shows what became of the edits.
    ReadOut,
    /// Signs the contract as it is; for somebody, as with an edit.
    Sign { who: &'static str, behalf: Option<(&'static str, &'static str)> },
    /// Confirms what is written under a name.
    Confirm { who: &'static str, what: &'static str },
    /// Invites somebody over the network.
    Invite { who: &'static str, name: &'static str },
    /// Invites somebody by files only.
    InviteByFile { who: &'static str, name: &'static str },
    /// Says yes to somebody's voice.
    Voice { who: &'static str, name: &'static str },
    /// Opens a meeting.
    Open { who: &'static str, title: &'static str },
    /// Taps in with the code on the opener's phone, or for somebody without a phone.
    Tap { who: &'static str, title: &'static str, behalf: Option<&'static str> },
    /// Touches “I saw you” for all who were there.
    Attest { who: &'static str, title: &'static str },
    /// Closes a meeting.
    Close { who: &'static str, title: &'static str },
    /// Logs work.
    Work(Logged),
    /// Corrects the hours of logged work.
    Hours { who: &'static str, of: &'static str, name: &'static str, hours: &'static str },
    /// Says that a goal is reached.
    Done { who: &'static str, goal: &'static str },
}

/// Work that is logged.
#[derive(Clone, Copy, Debug)]
pub struct Logged {
    /// Who logs it.
    pub who: &'static str,
    /// The name to confirm it by.
    pub name: &'static str,
    /// What was done.
    pub what: &'static str,
    /// How long.
    pub hours: &'static str,
    /// For whom.
    pub whom: &'static str,
    /// Whose work it is, if not the logger's own.
    pub by: Option<&'static str>,
    /// The meeting it was done on.
    pub on: Option<&'static str>,
    /// Which part of the work.
    pub phase: Phase,
}

/// What they had on paper.
pub(super) const PAPER: &str = "\
# Mill Creek Neighbours

## Who we are {#identity}
We live or work around Mill Creek. Anyone who shares our purpose can join.

## Purpose {#purpose}
No one goes without company.

## Rules {#rules}
- We meet on Tuesdays.

## Goals {#goals}
- [ ] A shared meal every month (measure: meetings attested)
";

const fn edit(who: &'static str, old: &'static str, new: &'static str) -> Deed {
    Deed::Edit { who, old, new, behalf: None }
}

const fn sign(who: &'static str) -> Deed {
    Deed::Sign { who, behalf: None }
}

const fn tap(who: &'static str, title: &'static str) -> Deed {
    Deed::Tap { who, title, behalf: None }
}

const fn confirm(who: &'static str, what: &'static str) -> Deed {
    Deed::Confirm { who, what }
}

const MEAL: &str = "Shared meal";
const EVENING: &str = "Planning evening";

const RIDE: Logged = Logged {
    who: "Eva",
    name: "ride",
    what: "Drove Ben to the clinic",
    hours: "1.5",
    whom: "Ben",
    by: None,
    on: None,
    phase: Phase::Deliver,
};

const SHELF: Logged =
    Logged { who: "Ben", name: "shelf", what: "Put up a shelf", hours: "0.5", whom: "Eva", ..RIDE };

const SOUP: Logged = Logged {
    who: "Ann",
    name: "soup",
    what: "Cooked soup",
    hours: "2",
    whom: "group",
    by: Some("Dora"),
    on: Some(MEAL),
    ..RIDE
};

const BENCHES: Logged = Logged {
    who: "Finn",
    name: "benches (20 h)",
    what: "Mended the benches",
    hours: "20",
    whom: "group",
    on: Some(MEAL),
    ..RIDE
};

/// Everything after the founding, each with how many days ago it was.
pub const SCRIPT: &[(i32, Deed)] = &[
    (28, Deed::Assist { who: "Ann", name: "Dora" }),
    (28, Deed::Paper { who: "Ann" }),
    (28, Deed::Sync),
    (28, Deed::Tell("All three now edit at the same time, without hearing of each other:")),
    (
        28,
        edit(
            "Ann",
            "without company.",
            "without company, or a warm meal, because nobody asked: we knock, we listen, and we \
             come back.",
        ),
    ),
    (
        28,
        edit(
            "Ben",
            "No one",
            "Around our creek we share time, tools and a table, so that old and young learn from \
             each other. No one",
        ),
    ),
    (
        28,
        edit(
            "Cem",
            "- We meet",
            "- We decide together; a change to this agreement needs two thirds of us to sign \
             it.\n- We meet",
        ),
    ),
    (
        28,
        Deed::Edit {
            who: "Ann",
            old: "on Tuesdays.",
            new: "on Tuesdays at seven in the school hall, which has no stairs.",
            behalf: Some(("Dora", "Dora's words")),
        },
    ),
    (28, Deed::Sync),
    (28, Deed::ReadOut),
    (27, sign("Ann")),
    (27, sign("Ben")),
    (27, sign("Cem")),
    (27, Deed::Sign { who: "Ann", behalf: Some(("Dora", "Dora's yes")) }),
    (27, Deed::Sync),
    (27, confirm("Ben", "Dora's yes")),
    (27, confirm("Ben", "Dora's words")),
    (27, Deed::Sync),
    (21, Deed::Invite { who: "Cem", name: "Eva" }),
    (21, Deed::InviteByFile { who: "Cem", name: "Finn" }),
    (21, Deed::Sync),
    (21, Deed::Voice { who: "Ann", name: "Eva" }),
    (21, Deed::Voice { who: "Ann", name: "Finn" }),
    (21, Deed::Sync),
    (21, sign("Eva")),
    (14, Deed::Open { who: "Cem", title: MEAL }),
    (14, Deed::Sync),
    (14, tap("Ann", MEAL)),
    (14, tap("Ben", MEAL)),
    (14, tap("Cem", MEAL)),
    (14, tap("Eva", MEAL)),
    (14, tap("Finn", MEAL)),
    (14, Deed::Tap { who: "Ann", title: MEAL, behalf: Some("Dora") }),
    (14, tap("Ben", MEAL)),
    (14, Deed::Sync),
    (14, Deed::Attest { who: "Ben", title: MEAL }),
    (14, Deed::Attest { who: "Eva", title: MEAL }),
    (14, Deed::Close { who: "Cem", title: MEAL }),
    (14, Deed::Sync),
    (0, Deed::Open { who: "Cem", title: EVENING }),
    (0, Deed::Sync),
    (0, tap("Ann", EVENING)),
    (0, tap("Ben", EVENING)),
    (0, tap("Cem", EVENING)),
    (0, tap("Finn", EVENING)),
    (0, Deed::Tap { who: "Ann", title: EVENING, behalf: Some("Dora") }),
    (0, Deed::Sync),
    (0, Deed::Attest { who: "Ben", title: EVENING }),
    (0, Deed::Attest { who: "Finn", title: EVENING }),
    (0, Deed::Close { who: "Cem", title: EVENING }),
    (0, Deed::Work(RIDE)),
    (0, Deed::Work(SHELF)),
    (0, Deed::Work(SOUP)),
    (0, Deed::Work(BENCHES)),
    (0, Deed::Hours { who: "Finn", of: "benches (20 h)", name: "the benches", hours: "2" }),
    (0, Deed::Sync),
    (0, confirm("Ben", "ride")),
    (0, confirm("Eva", "shelf")),
    (0, confirm("Ben", "soup")),
    (0, confirm("Cem", "the benches")),
    (0, Deed::Done { who: "Cem", goal: "A shared meal every month" }),
];
