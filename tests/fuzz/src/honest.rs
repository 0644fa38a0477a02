//! What an honest device writes, the same in every run.

use std::net::SocketAddr;
use std::sync::LazyLock;

use automerge::marks::{ExpandMark, Mark};
use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, Change, ObjType, ROOT, ReadDoc};
use copact_core::act::{Act, FirstMember, Found, NewDevice, Role, RoleKind};
use copact_core::change::{self, DocumentId, Origin};
use copact_core::contract::{Markdown, apply_markdown, make_change};
use copact_core::day::Day;
use copact_core::document::Document;
use copact_core::entry::{Entry, Record};
use copact_core::envelope::{Chain, Content, Draft, Verified};
use copact_core::frontier::{Frontier, Tip};
use copact_core::ids::{EnvelopeId, GroupId, Incarnation, MemberId, Nonce, PartId, Salt};
use copact_core::keys::{DeviceSecret, Purpose};
use copact_core::presence::{PresenceCode, PresenceNonce};
use copact_core::profile::{Profile, Statement};
use copact_core::proposal::Share;
use copact_core::side::SideText;
use copact_core::text::{FreeText, Name, RoleWord};
use copact_sync::box_key::BoxSecret;
use copact_sync::bundle::{self, Parcel, Sealing};
use copact_sync::request::{JoinRequest, Newcomer};
use copact_sync::ticket::{Reach, Ticket};

/// A contract file with every kind of section and goal.
pub const CONTRACT: &str = "\
# Green Lane

## Who we are {#identity}
We live along the lane. \u{1F33F}

## Why {#purpose}
To know each other,
and to keep the lane green.

## Rules
\\# One: listen.

## Goals {#goals}
- [ ] A shared meal (measure: five of us there) (due: 2026-06-30)
- [x] A bench
";

/// An attendance list.
pub const LIST: &str = "date,meeting,member\n2026-03-01,Spring meeting,Ann\n\
2026-03-01,Spring meeting,\"Ben, Bakery\"\n";

/// The actor of the changes in [`CHANGES`].
pub const ACTOR: [u8; 16] = [0x22; 16];

/// The device whose key the targets sign with.
#[must_use]
pub fn device() -> DeviceSecret {
    DeviceSecret::from_bytes(&[1; 32])
}

/// The box key that bundles are sealed to.
#[must_use]
pub fn box_secret() -> BoxSecret {
    BoxSecret::from_bytes(&[2; 32])
}

fn name(text: &str) -> Name {
    Name::new(text).expect("a name")
}

fn role() -> Role {
    let word = RoleWord::new("neighbour").expect("a role");
    Role { word, mapped: Some(RoleKind::Citizen) }
}

fn text() -> SideText {
    let text = FreeText::new("Green Lane").expect("a text");
    SideText { salt: Salt::from_bytes([4; 16]), text }
}

fn profile(secret: &DeviceSecret) -> Profile {
    let statement = Statement {
        author: secret.public(),
        about: None,
        after: None,
        name: name("Ann"),
        picture: None,
        endpoint: Some("ann".into()),
    };
    Profile::sign(statement, secret)
}

/// One chain: a group is founded, a meeting recorded, the contract changed.
pub static ENVELOPES: LazyLock<Vec<Verified>> = LazyLock::new(|| {
    let nonce = Nonce::from_bytes([5; 16]);
    let box_key = box_secret().public();
    let consent =
        NewDevice::consent(&device(), box_key, Purpose::Founding, None, Some(&role()), nonce);
    let found = Found {
        policy: Share::DEFAULT,
        members: vec![FirstMember { device: consent, role: role() }],
        name: text().hash(),
        parent: None,
        continues: None,
    };
    let day = Day::parse("2026-03-01").expect("a day");
    let meeting =
        Record::Meeting { day, title: text().hash(), headcount: Some(7), imported: false };
    let change = change::Change {
        document: DocumentId::Contract,
        origin: Origin::Own,
        bytes: CHANGES[0].clone(),
    };
    let contents = [
        Content::Act(Act::Found(found)),
        Content::Entry(Entry { on_behalf_of: None, record: meeting }),
        Content::Change(change),
    ];
    let mut chain: Vec<Verified> = Vec::new();
    for (seq, content) in (1..).zip(contents) {
        let draft = Draft {
            group: chain.first().map(Verified::group),
            incarnation: Incarnation::from_bytes([3; 8]),
            seq,
            prev: chain.last().map(Verified::id),
            parents: Vec::new(),
            day,
            salt: Salt::from_bytes([6; 16]),
            content,
        };
        chain.push(draft.sign(&device()).expect("an honest envelope"));
    }
    chain
});

/// The group of [`ENVELOPES`].
#[must_use]
pub fn group() -> GroupId {
    ENVELOPES[0].group()
}

/// What the honest bundle carries.
#[must_use]
pub fn parcel() -> Parcel {
    Parcel {
        envelopes: ENVELOPES.iter().map(|envelope| envelope.wire()).collect(),
        texts: vec![text()],
        profiles: vec![profile(&device())],
    }
}

/// A bundle of [`parcel`], sealed to [`box_secret`].
pub static BUNDLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let recipients = [box_secret().public()];
    let sealing = Sealing { group: group(), recipients: &recipients, random: &[7; 32] };
    bundle::seal(&parcel(), &sealing).expect("a bundle")
});

/// An invite.
#[must_use]
pub fn ticket() -> Ticket {
    Ticket {
        group: group(),
        nonce: Nonce::from_bytes([8; 16]),
        secret: [9; 16],
        inviter: device().public(),
        expires: 1_775_000_000,
        group_name: Some(name("Green Lane")),
        member: None,
        extensions: Vec::new(),
    }
}

/// An invite that is answered on the network, too.
///
/// # Panics
/// Never: the addresses are in order.
#[must_use]
pub fn ticket_with_reach() -> Ticket {
    let at = [SocketAddr::from(([192, 168, 1, 2], 49_152)), SocketAddr::from(([1; 8], 4_915))];
    let reach = Reach { salt: ENVELOPES[0].wire().salt, endpoint: [15; 32], at: at.to_vec() };
    ticket().with_reach(&reach).expect("a ticket")
}

/// Requests of each kind.
pub static REQUESTS: LazyLock<Vec<JoinRequest>> = LazyLock::new(|| {
    let secret = DeviceSecret::from_bytes(&[10; 32]);
    let box_key = BoxSecret::from_bytes(&[11; 32]).public();
    let newcomer =
        || Newcomer { secret: &secret, box_key, role: role(), profile: profile(&secret) };
    let mine = Ticket { member: Some(MemberId::from_bytes([12; 32])), ..ticket() };
    let nonce = Nonce::from_bytes([13; 16]);
    vec![
        JoinRequest::found(name("Green Lane"), newcomer(), nonce).expect("a request"),
        JoinRequest::join(&ticket(), newcomer()).expect("a request"),
        JoinRequest::device(&mine, &secret, box_key).expect("a request"),
    ]
});

/// Changes to the contract by [`ACTOR`], in order: a file, edits and deletions, a mark.
pub static CHANGES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let first = Document::new(&DocumentId::Contract).expect("the first change");
    let mut doc = first.into_automerge();
    let mut changes = Vec::new();
    for (start, text) in [(0, CONTRACT.to_owned()), (50, CONTRACT.replace("green", "tidy"))] {
        let parsed = Markdown::parse(&text).expect("a contract");
        changes.extend(written(&doc, &parsed, start).expect("an edit"));
        apply(&mut doc, &changes);
    }
    let mut doc = doc.with_actor(ActorId::from(ACTOR));
    let mut tx = doc.transaction();
    let (_, title) = tx.get(ROOT, "title").expect("read").expect("a title");
    let mark = Mark::new("strong".into(), true, 0, 5);
    tx.mark(&title, mark, ExpandMark::After).expect("a mark");
    let (_, goals) = tx.get(ROOT, "goals").expect("read").expect("goals");
    let goal = tx.put_object(&goals, "00000000000000aa", ObjType::Map).expect("a goal");
    tx.put(&goal, "state", "open").expect("a state");
    tx.delete(&goals, "00000000000000aa").expect("a deletion");
    tx.commit();
    changes.push(doc.get_last_local_change().expect("a change").raw_bytes().to_vec());
    changes
});

/// The changes that make a document equal to a file; ids count up from `start`.
///
/// # Errors
/// The edit was refused.
pub fn written(
    doc: &Automerge,
    parsed: &Markdown,
    start: u64,
) -> Result<Vec<Vec<u8>>, copact_core::contract::EditError> {
    let mut next = start;
    let mut ids = || {
        next += 1;
        PartId::from_bytes(next.to_be_bytes())
    };
    make_change(doc, ACTOR, |editor| apply_markdown(editor, parsed, &mut ids).map(|_| ()))
}

/// Applies changes to a document; those that it has already change nothing.
///
/// # Panics
/// Automerge refuses them.
pub fn apply(doc: &mut Automerge, changes: &[Vec<u8>]) {
    let read = |bytes: &Vec<u8>| Change::from_bytes(bytes.clone()).expect("a change");
    doc.apply_changes(changes.iter().map(read).collect::<Vec<_>>()).expect("honest changes");
}

/// A presence code.
#[must_use]
pub fn presence() -> PresenceCode {
    let meeting = ENVELOPES[1].id();
    let nonce = PresenceNonce::of_slot(&[14; 32], meeting, 60);
    PresenceCode { meeting, device: device().public(), nonce }
}

/// A frontier of two chains, one of them forked.
#[must_use]
pub fn frontier() -> Frontier {
    let mut frontier = Frontier::default();
    let device = device().public();
    for (chain, seq, id) in [(1, 7, 1), (1, 7, 2), (2, 300, 3)] {
        let chain = Chain { device, incarnation: Incarnation::from_bytes([chain; 8]) };
        frontier.advance(chain, None, Tip { seq, id: EnvelopeId::from_bytes([id; 32]) });
    }
    frontier
}
