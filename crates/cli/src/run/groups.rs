//! `copact group …`

use copact_core::ids::GroupId;
use copact_core::proposal::Share;
use copact_node::founding::{self, Lineage};
use copact_node::group::Group;
use copact_node::status;
use serde_json::json;

use super::{Done, Names, Session, number};
use crate::args::{ContinueGroup, GroupCommand, NewGroup};
use crate::failure::Failure;
use crate::output::{Table, count, date, faint, good, left, list, plain, right, short, strong};

pub(super) fn run(session: Session, command: GroupCommand) -> Done {
    match command {
        GroupCommand::New(new) => found(session, &new),
        GroupCommand::Continue(typed) => go_on(session, &typed),
        GroupCommand::List => all(session),
        GroupCommand::Show(show) => one(session, show.named.as_deref()),
    }
}

fn found(session: Session, new: &NewGroup) -> Done {
    let founded = founding::found(
        &session.home,
        &new.name,
        &new.as_name,
        new.role.as_deref(),
        &new.with,
        new.parent.as_deref(),
    )?;
    session.output.show(&founded, |page| {
        page.line([
            good(format_args!("{} is founded", founded.name)),
            plain(format_args!(" by {}.", list(&founded.first_members))),
            faint(format_args!("  {}", short(&founded.id.to_string()))),
        ]);
        page.blank();
        if founded.first_members.len() > 1 {
            page.line(["Next: give the others the first bundle, which they import:"]);
            page.line([faint("  copact bundle export FILE")]);
        } else {
            page.line(["Next: invite somebody, or bring in who has no device:"]);
            page.line([faint("  copact invite")]);
            page.line([faint("  copact member assist NAME")]);
        }
        page.line(["Then write down what you are about:"]);
        page.line([faint("  copact contract import FILE.md")]);
    })
}

fn go_on(session: Session, typed: &ContinueGroup) -> Done {
    let old = session.open()?;
    let (before, id) = (old.name(), old.ledger().group());
    let me = old.me().ok().and_then(|(_, me)| old.names().remove(&me));
    let as_name = typed.as_name.clone().or(me).ok_or_else(|| {
        Failure::input("no_name", "the group needs a name to call you by").hint("add --as NAME")
    })?;
    let adopted = old.contract_status().adopted.is_some();
    drop(old);
    let founded = founding::found_as(
        &session.home,
        &typed.name,
        &as_name,
        typed.role.as_deref(),
        &typed.with,
        Lineage { parent: None, continues: Some(id) },
    )?;
    session.output.show(&founded, |page| {
        page.line([
            good(format_args!("{} is founded", founded.name)),
            plain(format_args!(
                " by {}, and says that {before} goes on in it.",
                list(&founded.first_members)
            )),
            faint(format_args!("  {}", short(&founded.id.to_string()))),
        ]);
        page.line(["Nothing was taken over: the old group stays on this device as it is."]);
        page.blank();
        page.line(["Next: take the contract over, and invite everybody else:"]);
        let old = short(&id.to_string()).to_owned();
        let new = short(&founded.id.to_string()).to_owned();
        // What the old group never adopted is no contract of it, and its draft is all there is.
        let version = if adopted { " --version adopted" } else { "" };
        page.line([faint(format_args!(
            "  copact contract show{version} --group {old} > contract.md"
        ))]);
        page.line([faint(format_args!("  copact contract import contract.md --group {new}"))]);
        page.line([faint(format_args!("  copact invite --group {new}"))]);
        if founded.first_members.len() > 1 {
            page.line(["Those who founded it with you import its first bundle:"]);
            page.line([faint(format_args!("  copact bundle export FILE --group {new}"))]);
        }
    })
}

fn all(session: Session) -> Done {
    let groups = status::groups(&session.home)?;
    session.output.show(&json!({ "groups": groups }), |page| {
        let mut table = Table::new([left("group"), right("members"), left("contract"), left("id")]);
        for group in &groups {
            let adopted = if group.adopted.is_some() { "adopted" } else { "not adopted yet" };
            table.row([
                strong(&group.name),
                plain(group.members),
                plain(adopted),
                faint(short(&group.id.to_string())),
            ]);
        }
        page.table(&table);
        if groups.is_empty() {
            page.line(["There is no group on this device yet."]);
            page.line([faint("  copact group new NAME --as YOURNAME   founds one")]);
            page.line([faint("  copact join TICKET --as YOURNAME --request FILE   joins one")]);
        }
    })
}

fn one(session: Session, named: Option<&str>) -> Done {
    let group = session.open_named(named.or(session.named.as_deref()))?;
    let status = group.status();
    let members = here(&group);
    let (parent, continues) = (status.parent, status.continues);
    drop(group);
    let called = |id: GroupId| {
        let known = session.home.open(Some(&id.to_string())).ok().map(|group| group.name());
        let id = id.to_string();
        known.map_or_else(
            || format!("group {}, which is not on this device", short(&id)),
            |name| format!("{name} ({})", short(&id)),
        )
    };
    let (parent, continues) = (parent.map(called), continues.map(called));
    session.output.show(&status, |page| {
        page.heading(&status.name);
        let mut fields =
            vec![("id", plain(status.group)), ("founded", plain(date(status.founded)))];
        fields.extend(parent.map(|name| ("team of", plain(name))));
        fields.extend(continues.map(|name| ("continues", plain(name))));
        fields.extend([
            ("members", plain(list(&members))),
            ("voices", plain(status.voices)),
            ("to ratify", plain(share_in_words(&status.policy))),
            ("entries", plain(count(number(status.entries), "entry", "entries"))),
        ]);
        page.fields(fields);
    })
}

/// The names of those who have not left.
fn here(group: &Group) -> Vec<String> {
    let names = Names::of(group);
    let rows = group.members().into_iter();
    let rows = rows.filter(|row| row.until.is_none() && row.merged_into.is_none());
    rows.map(|row| names.name(row.id)).collect()
}

fn share_in_words(policy: &[status::Policy]) -> String {
    let share = policy.last().map_or_else(|| Share::DEFAULT.to_string(), |one| one.share.clone());
    format!("{share} of the voices, and more than half")
}
