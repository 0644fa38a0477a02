//! How a group begins and grows: founding, inviting, asking to join, letting in.

use std::fs;
use std::path::{Path, PathBuf};

use copact_core::act::{Act, FirstMember, Found, NewDevice, Role, RoleKind};
use copact_core::envelope::{Content, Draft};
use copact_core::ids::{GroupId, Incarnation, MemberId, Nonce, Salt};
use copact_core::keys::{DeviceKey, Purpose};
use copact_core::profile::{Profile, Statement};
use copact_core::proposal::Share;
use copact_core::side::SideText;
use copact_core::text::{FreeText, Name, RoleWord};
use copact_sync::request::{JoinRequest, Newcomer, RequestKind};
use copact_sync::ticket::Ticket;
use serde::Serialize;

use crate::error::{NodeError, Result};
use crate::file;
use crate::group::{Group, Secrets};
use crate::home::{Home, random};
use crate::waiting::{self, Waiting};

/// A group that was just founded.
#[derive(Clone, Debug, Serialize)]
pub struct Founded {
    /// The group's id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// The founder.
    pub member: MemberId,
    /// The first members' names, the founder's first.
    pub first_members: Vec<String>,
}

/// A request that was written.
#[derive(Clone, Debug, Serialize)]
pub struct Asked {
    /// The new device key for this group.
    pub device: DeviceKey,
    /// What both people compare.
    pub phrase: String,
    /// Where the request is.
    pub request: PathBuf,
    /// The name of the group, as far as is known.
    pub group_name: Option<String>,
}

/// Reads a role: `citizen`, `professional`, or the group's own word, which may say what it is
/// mapped to as in `neighbour=citizen`. Citizen unless told otherwise.
///
/// # Errors
/// Empty, too long, hidden characters, or mapped to something else.
pub fn role(typed: Option<&str>) -> Result<Role> {
    let typed = typed.unwrap_or("citizen");
    let kind = |word: &str| match word.trim().to_lowercase().as_str() {
        "citizen" => Some(RoleKind::Citizen),
        "professional" => Some(RoleKind::Professional),
        _ => None,
    };
    let (word, mapped) = match typed.split_once('=') {
        None => (typed, kind(typed)),
        Some((word, to)) => match kind(to) {
            Some(mapped) => (word, Some(mapped)),
            None => {
                return Err(NodeError::input(
                    "bad_role",
                    format_args!(
                        "a role is mapped to citizen or professional, not to “{}”",
                        to.trim()
                    ),
                )
                .hint("write for example --role neighbour=citizen"));
            }
        },
    };
    Ok(Role { word: RoleWord::new(word)?, mapped })
}

/// A name where several could be meant.
fn typed_name(whose: &str, typed: &str) -> Result<Name> {
    Name::new(typed).map_err(|error| {
        let error = NodeError::from(error);
        NodeError { message: error.message.replacen("the name", whose, 1), ..error }
    })
}

fn own_name(typed: &str) -> Result<Name> {
    typed_name("your name (--as)", typed)
}

fn own_profile(secrets: &Secrets, name: Name) -> Profile {
    let author = secrets.device.public();
    let (about, after, picture, endpoint) = (None, None, None, None);
    let statement = Statement { author, about, after, name, picture, endpoint };
    Profile::sign(statement, &secrets.device)
}

/// How a group hangs together with others.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lineage<'a> {
    /// The group that it is a team of, by name or id.
    pub parent: Option<&'a str>,
    /// The group that goes on in it.
    pub continues: Option<GroupId>,
}

/// Founds a group, alone or together with those who made requests for it.
///
/// # Errors
/// A name or role is none, a request cannot be read, is for something else or is there twice.
pub fn found(
    home: &Home,
    name: &str,
    as_name: &str,
    role_typed: Option<&str>,
    with: &[PathBuf],
    parent: Option<&str>,
) -> Result<Founded> {
    found_as(home, name, as_name, role_typed, with, Lineage { parent, continues: None })
}

/// Like [`found`], for a group that hangs together with others.
///
/// # Errors
/// As [`found`], or there is no such parent.
pub fn found_as(
    home: &Home,
    name: &str,
    as_name: &str,
    role_typed: Option<&str>,
    with: &[PathBuf],
    lineage: Lineage<'_>,
) -> Result<Founded> {
    let (name, as_name) = (typed_name("the group's name", name)?, own_name(as_name)?);
    let own_role = role(role_typed)?;
    let parent = lineage.parent.map(|named| parent_group(home, named)).transpose()?;
    let continues = lineage.continues;
    let secrets = Secrets::fresh()?;
    let box_key = secrets.sealed.public();
    let nonce = Nonce::from_bytes(random()?);
    let own = NewDevice::consent(
        &secrets.device,
        box_key,
        Purpose::Founding,
        None,
        Some(&own_role),
        nonce,
    );
    let mut members = vec![FirstMember { device: own, role: own_role }];
    let mut profiles = vec![own_profile(&secrets, as_name.clone())];
    let mut first_members = vec![as_name.as_str().to_owned()];
    for path in with {
        let request = read_request(path)?;
        request
            .require(RequestKind::Found)
            .map_err(|error| NodeError::from(error).of_file(path))?;
        let JoinRequest::Found { device, role, profile, .. } = request else { continue };
        let taken = profile.statement.name.as_str().to_owned();
        if members.iter().any(|one| one.device.device == device.device)
            || first_members.contains(&taken)
        {
            return Err(NodeError::input(
                "twice",
                format_args!(
                    "{} is from “{taken}”, who is among the first members already",
                    path.display()
                ),
            )
            .hint("name each request once; people of the same name add something to it"));
        }
        first_members.push(taken);
        members.push(FirstMember { device, role });
        profiles.push(profile);
    }
    let side = SideText { salt: Salt::from_bytes(random()?), text: FreeText::new(name.as_str())? };
    let found = Found { policy: Share::DEFAULT, members, name: side.hash(), parent, continues };
    let incarnation = Incarnation::from_bytes(random()?);
    let draft = Draft {
        group: None,
        incarnation,
        seq: 1,
        prev: None,
        parents: Vec::new(),
        day: home.clock().day,
        salt: Salt::from_bytes(random()?),
        content: Content::Act(Act::Found(found)),
    };
    let founding = draft.sign(&secrets.device)?;
    let (id, member) = (founding.group(), MemberId::first(founding.id(), 0));
    let mut group = Group::create(home, vec![founding], secrets, Some(incarnation))?;
    group.take_in(Vec::new(), vec![side], profiles)?;
    group.save()?;
    Ok(Founded { id, name: name.as_str().to_owned(), member, first_members })
}

fn parent_group(home: &Home, named: &str) -> Result<GroupId> {
    match GroupId::from_hex(named.trim()) {
        Some(id) => Ok(id),
        None => Ok(home.open(Some(named))?.ledger().group()),
    }
}

/// Asks to found a group together: a request for whoever runs `group new … --with`.
///
/// # Errors
/// A name or role is none, or the file cannot be written.
pub fn ask_to_found(
    home: &Home,
    group_name: &str,
    as_name: &str,
    role_typed: Option<&str>,
    to: &Path,
) -> Result<Asked> {
    let group_name = typed_name("the group's name", group_name)?;
    let as_name = own_name(as_name)?;
    let secrets = Secrets::fresh()?;
    let newcomer = Newcomer {
        secret: &secrets.device,
        box_key: secrets.sealed.public(),
        role: role(role_typed)?,
        profile: own_profile(&secrets, as_name),
    };
    let nonce = Nonce::from_bytes(random()?);
    let request = JoinRequest::found(group_name.clone(), newcomer, nonce)?;
    ask(home, &request, None, secrets, Some(group_name.as_str().to_owned()), to)
}

/// Asks to join with a ticket, as a newcomer or as a further device of a member.
///
/// # Errors
/// The ticket is none, or expired; a name is missing; this home has the group already.
pub fn ask_to_join(
    home: &Home,
    ticket: &str,
    as_name: Option<&str>,
    role_typed: Option<&str>,
    to: &Path,
) -> Result<Asked> {
    let ticket = usable_ticket(home, ticket)?;
    let secrets = Secrets::fresh()?;
    let request = request_for(&ticket, &secrets, as_name, role_typed)?;
    let name = ticket.group_name.as_ref().map(|name| name.as_str().to_owned());
    ask(home, &request, Some(ticket.group), secrets, name, to)
}

/// The ticket in a file, to be read as one that was typed.
///
/// # Errors
/// The file cannot be read, or is larger than any ticket.
pub fn ticket_in(path: &Path) -> Result<String> {
    file::read_text(path, copact_sync::limits::TICKET_TEXT_BYTES)
}

/// Reads a ticket that this home may join with now.
pub(crate) fn usable_ticket(home: &Home, ticket: &str) -> Result<Ticket> {
    let ticket = Ticket::parse(ticket)?;
    if ticket.expired(home.clock().seconds) {
        return Err(NodeError::input("expired_ticket", "this ticket has expired")
            .hint("ask whoever invited you for a new one"));
    }
    if crate::group::exists(home, ticket.group) {
        return Err(NodeError::input("already_here", "this home is in that group already")
            .hint("`copact status` shows it; another person, or who comes back after leaving, needs a home of their own (--home DIR)"));
    }
    Ok(ticket)
}

/// What a device with these keys asks by a ticket.
pub(crate) fn request_for(
    ticket: &Ticket,
    secrets: &Secrets,
    as_name: Option<&str>,
    role_typed: Option<&str>,
) -> Result<JoinRequest> {
    let (secret, box_key) = (&secrets.device, secrets.sealed.public());
    if ticket.member.is_some() {
        return Ok(JoinRequest::device(ticket, secret, box_key)?);
    }
    let as_name = as_name.ok_or_else(|| {
        NodeError::input("no_name", "the group needs a name to call you by").hint("add --as NAME")
    })?;
    let profile = own_profile(secrets, own_name(as_name)?);
    let newcomer = Newcomer { secret, box_key, role: role(role_typed)?, profile };
    Ok(JoinRequest::join(ticket, newcomer)?)
}

fn ask(
    home: &Home,
    request: &JoinRequest,
    group: Option<GroupId>,
    secrets: Secrets,
    group_name: Option<String>,
    to: &Path,
) -> Result<Asked> {
    let device = secrets.device.public();
    let prepared = file::prepare(to, &request.to_bytes(), false)?;
    // The keys first: a request whose keys were lost could never be answered.
    waiting::keep(home, &Waiting::new(group, &secrets))?;
    prepared.put()?;
    Ok(Asked { device, phrase: request.phrase(), request: to.to_owned(), group_name })
}

pub(crate) fn read_request(path: &Path) -> Result<JoinRequest> {
    let bytes = file::read(path, file::REQUEST_BYTES)?;
    JoinRequest::parse(&bytes).map_err(|error| NodeError::from(error).of_file(path))
}

/// Removes what waited for a group that has come.
pub(crate) fn arrived(home: &Home, device: &DeviceKey) -> Result<()> {
    let path = waiting::path(home, device);
    match fs::remove_file(&path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(NodeError::unwritable(&path, &error)),
    }
}
