//! How a group begins and grows: founding, inviting, asking to join, letting in.

use std::fs;
use std::path::{Path, PathBuf};

use copact_core::act::{Act, FirstMember, Found, NewDevice, Role, RoleKind};
use copact_core::envelope::{Content, Draft};
use copact_core::ids::{GroupId, Incarnation, MemberId, Nonce, Salt};
use copact_core::keys::{BoxKey, DeviceKey, Purpose};
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

/// Days that an invite is good for.
const INVITE_DAYS: i64 = 7;
const INVITES: &str = "invites";
const SECONDS_A_DAY: i64 = 86_400;

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

/// A ticket.
#[derive(Clone, Debug, Serialize)]
pub struct Invited {
    /// The text to hand over.
    pub ticket: String,
    /// The last day it is good, by this device's clock.
    pub expires: copact_core::day::Day,
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

/// What a request asks, to be shown before it is granted.
#[derive(Clone, Debug, Serialize)]
pub struct Request {
    /// The newcomer's name; `None` for a further device of a member.
    pub name: Option<String>,
    /// What they say they are here.
    pub role: Option<String>,
    /// What both people compare.
    pub phrase: String,
    /// The device.
    pub device: DeviceKey,
    #[serde(skip)]
    request: JoinRequest,
    #[serde(skip)]
    invite: usize,
}

/// Somebody who was let in.
#[derive(Clone, Debug, Serialize)]
pub struct Admitted {
    /// The act.
    pub id: copact_core::ids::EnvelopeId,
    /// The member.
    pub member: MemberId,
    /// Their name.
    pub name: String,
}

/// An invite that this device made.
#[derive(Clone, Debug, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
struct Invite {
    #[n(0)]
    nonce: Nonce,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    secret: [u8; 16],
    #[n(2)]
    expires: i64,
    #[n(3)]
    member: Option<MemberId>,
    #[n(4)]
    used: bool,
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
    let (name, as_name) = (typed_name("the group's name", name)?, own_name(as_name)?);
    let own_role = role(role_typed)?;
    let parent = parent.map(|named| parent_group(home, named)).transpose()?;
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
    let found =
        Found { policy: Share::DEFAULT, members, name: side.hash(), parent, continues: None };
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
    let ticket = Ticket::parse(ticket)?;
    if ticket.expired(home.clock().seconds) {
        return Err(NodeError::input("expired_ticket", "this ticket has expired")
            .hint("ask whoever invited you for a new one"));
    }
    if crate::group::exists(home, ticket.group) {
        return Err(NodeError::input("already_here", "this home is in that group already")
            .hint("`copact status` shows it; another person needs a home of their own (--home)"));
    }
    let secrets = Secrets::fresh()?;
    let (secret, box_key) = (&secrets.device, secrets.sealed.public());
    let request = if ticket.member.is_some() {
        JoinRequest::device(&ticket, secret, box_key)?
    } else {
        let as_name = as_name.ok_or_else(|| {
            NodeError::input("no_name", "the group needs a name to call you by")
                .hint("add --as NAME")
        })?;
        let profile = own_profile(&secrets, own_name(as_name)?);
        let newcomer = Newcomer { secret, box_key, role: role(role_typed)?, profile };
        JoinRequest::join(&ticket, newcomer)?
    };
    let name = ticket.group_name.as_ref().map(|name| name.as_str().to_owned());
    ask(home, &request, Some(ticket.group), secrets, name, to)
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

fn read_request(path: &Path) -> Result<JoinRequest> {
    let bytes = file::read(path, file::REQUEST_BYTES)?;
    JoinRequest::parse(&bytes).map_err(|error| NodeError::from(error).of_file(path))
}

impl Group {
    /// Makes an invite: for a newcomer, or for a further device of this device's member.
    ///
    /// # Errors
    /// This device's member has left.
    pub fn invite(&mut self, further_device: bool) -> Result<Invited> {
        self.invite_by(further_device, |_| Ok(()))
    }

    /// Like [`Group::invite`], and hands the ticket over before it becomes good: if that fails,
    /// there is no invite.
    ///
    /// # Errors
    /// As [`Group::invite`], or what `hand_over` says.
    pub fn invite_by<E: From<NodeError>>(
        &mut self,
        further_device: bool,
        hand_over: impl FnOnce(&Invited) -> std::result::Result<(), E>,
    ) -> std::result::Result<Invited, E> {
        let (invite, invited) = self.draw_invite(further_device)?;
        let mut invites = self.invites()?;
        hand_over(&invited)?;
        invites.push(invite);
        self.keep_invites(&invites);
        self.save()?;
        Ok(invited)
    }

    fn draw_invite(&self, further_device: bool) -> Result<(Invite, Invited)> {
        let (_, me) = self.must_stand()?;
        let expires = self.clock().seconds.saturating_add(INVITE_DAYS * SECONDS_A_DAY);
        let invite = Invite {
            nonce: Nonce::from_bytes(random()?),
            secret: random()?,
            expires,
            member: further_device.then_some(me),
            used: false,
        };
        let ticket = Ticket {
            group: self.ledger().group(),
            nonce: invite.nonce,
            secret: invite.secret,
            inviter: self.secrets().device.public(),
            expires,
            group_name: Name::new(&self.name()).ok(),
            member: invite.member,
            extensions: Vec::new(),
        };
        let invited = Invited { ticket: ticket.text()?, expires: self.clock().day.plus(7) };
        Ok((invite, invited))
    }

    fn invites(&self) -> Result<Vec<Invite>> {
        let bytes = self.setting(INVITES)?.unwrap_or_default();
        if bytes.is_empty() {
            return Ok(Vec::new());
        }
        minicbor::decode(&bytes).map_err(|error| {
            NodeError::failed(
                "bad_invites",
                format_args!("the list of invites cannot be read: {error}"),
            )
            .hint("run `copact doctor`")
        })
    }

    fn keep_invites(&mut self, invites: &[Invite]) {
        let bytes = minicbor::to_vec(invites).unwrap_or_default();
        self.batch().set_setting(INVITES, &bytes);
    }

    /// Reads a request to join, to be shown to a person before [`Group::admit`].
    ///
    /// # Errors
    /// The file is no request, not for an invite of this device, expired, or used already.
    pub fn read_request(&self, path: &Path) -> Result<Request> {
        self.must_stand()?;
        self.check_request(read_request(path)?).map_err(|error| error.of_file(path))
    }

    fn check_request(&self, request: JoinRequest) -> Result<Request> {
        let (group, device, name, role) = match &request {
            JoinRequest::Found { .. } => {
                return Err(request.require(RequestKind::Join).err().map_or_else(
                    || NodeError::input("bad_request", "this request is for founding a group"),
                    NodeError::from,
                ));
            }
            JoinRequest::Join { group, device, role, profile, .. } => {
                let name = profile.statement.name.as_str().to_owned();
                (group, device, Some(name), Some(role.word.as_str().to_owned()))
            }
            JoinRequest::Device { group, device, .. } => (group, device, None, None),
        };
        if *group != self.ledger().group() {
            return Err(NodeError::input("foreign_request", "this request is for another group")
                .hint("choose the group with --group, or ask for a request made with this group's ticket"));
        }
        let invites = self.invites()?;
        let number = invites.iter().position(|one| one.nonce == device.nonce);
        let Some((number, invite)) = number.and_then(|at| Some((at, invites.get(at)?))) else {
            return Err(NodeError::input(
                "unknown_invite",
                "this request answers no invite of this device",
            )
            .hint("whoever made the invite lets the newcomer in, on the same device"));
        };
        if invite.used {
            return Err(NodeError::input(
                "used_ticket",
                "the ticket of this request was used already",
            )
            .hint("`copact invite` makes a new one for this person"));
        }
        if invite.expires <= self.clock().seconds {
            return Err(NodeError::input(
                "expired_ticket",
                "the ticket of this request has expired",
            )
            .hint("`copact invite` makes a new one for this person"));
        }
        if !request.verify_secret(&invite.secret) {
            return Err(NodeError::input(
                "wrong_secret",
                "this request was not made with the ticket's secret",
            )
            .hint("ask the newcomer to make the request again with your ticket"));
        }
        let device = device.device;
        Ok(Request { name, role, phrase: request.phrase(), device, request, invite: number })
    }

    /// Lets a newcomer in, or adds a device to this device's member.
    ///
    /// # Errors
    /// The device is a member's already, or a rule is broken.
    pub fn admit(&mut self, request: Request) -> Result<Admitted> {
        let mut invites = self.invites()?;
        if let Some(invite) = invites.get_mut(request.invite) {
            invite.used = true;
        }
        let (id, member, name) = match request.request {
            JoinRequest::Join { device, role, profile, .. } => {
                let name = profile.statement.name.as_str().to_owned();
                let id = self.write_act(Act::Admit { device, role }, &[])?;
                self.take_in(Vec::new(), Vec::new(), vec![profile])?;
                (id, MemberId::brought_in_by(id), name)
            }
            JoinRequest::Device { device, .. } => {
                let (_, me) = self.me()?;
                let id = self.write_act(Act::AddDevice { device }, &[])?;
                (id, me, self.names().remove(&me).unwrap_or_default())
            }
            JoinRequest::Found { .. } => {
                return Err(NodeError::input(
                    "bad_request",
                    "this request is for founding a group",
                ));
            }
        };
        self.keep_invites(&invites);
        self.save()?;
        Ok(Admitted { id, member, name })
    }

    /// The box keys of every device that may read the group's bundles: members', not the departed's.
    pub(crate) fn recipients(&self) -> Vec<BoxKey> {
        let now = self.ledger().now();
        let mut keys: Vec<BoxKey> = now
            .members()
            .filter(|(ix, ..)| now.is_member(*ix))
            .flat_map(|(_, _, person)| person.devices.iter().map(|(_, _, key)| *key))
            .collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
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
