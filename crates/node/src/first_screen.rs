//! A group's first screen with its names and texts, as it is kept beside the ledger: what can be
//! shown before the ledger is read.

use std::collections::BTreeMap;

use copact_core::codec;
use copact_core::ids::{EnvelopeId, GroupId, MemberId, TextHash};
use copact_core::views::{FirstScreen, Labels, MeetingRow, Screening};
use copact_store::Store;
use minicbor::{Decode, Encode};

use crate::error::Result;
use crate::group::Group;
use crate::home::Home;

/// The name of the cache.
const CACHE: &str = "first screen";
/// Far beyond any screen.
const BYTES: usize = 32 * 1_024 * 1_024;

/// What a group's first screen shows, with the names and texts that it names.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct GroupScreen {
    /// The screen.
    #[n(0)]
    pub screen: FirstScreen,
    /// The member whose device this is.
    #[n(1)]
    pub me: Option<MemberId>,
    /// The names of its members.
    #[n(2)]
    pub names: BTreeMap<MemberId, String>,
    /// The texts that it names, as far as they are here.
    #[n(3)]
    pub texts: BTreeMap<TextHash, String>,
}

impl GroupScreen {
    /// The group's name, or what there is of its id when the name has not arrived.
    #[must_use]
    pub fn name(&self) -> String {
        let named = self.screen.name.and_then(|hash| self.texts.get(&hash).cloned());
        named.unwrap_or_else(|| short_id(self.screen.group))
    }

    /// What is kept beside a store's ledger, if it was made from that ledger.
    fn kept(store: &Store) -> Result<Option<Self>> {
        let bytes = store.cache(CACHE)?;
        Ok(bytes.and_then(|bytes| codec::decode(&bytes, "the first screen", BYTES).ok()))
    }
}

/// What a group is called that has no name here.
pub(crate) fn short_id(group: GroupId) -> String {
    let id = group.to_string();
    id.get(..8).unwrap_or(&id).to_owned()
}

/// Whether a person could mean a group by that name or start of an id.
pub(crate) fn is_called(group: GroupId, name: &str, named: &str) -> bool {
    let named = named.trim().to_lowercase();
    name.to_lowercase() == named || (named.len() >= 4 && group.to_string().starts_with(&named))
}

impl Home {
    /// The first screen of the group that is meant, without reading its ledger if it is kept beside
    /// it.
    ///
    /// # Errors
    /// No group, several, or none of that name; or a store cannot be opened.
    pub fn first_screen(&self, named: Option<&str>) -> Result<GroupScreen> {
        if let ([only], None) = (self.group_folders()?.as_slice(), named) {
            return self.screen_in(only);
        }
        if let Some(named) = named {
            let folders = self.group_folders()?;
            // A store that does not open keeps nobody from the other groups.
            let screens = folders.iter().filter_map(|folder| self.screen_in(folder).ok());
            let mut fitting: Vec<GroupScreen> =
                screens.filter(|one| is_called(one.screen.group, &one.name(), named)).collect();
            if fitting.len() == 1
                && let Some(one) = fitting.pop()
            {
                return Ok(one);
            }
        }
        // Whatever is wrong is told as it always is.
        Ok(self.open(named)?.first_screen())
    }

    /// The first screen of the group in a store's folder.
    pub(crate) fn screen_in(&self, folder: &std::path::Path) -> Result<GroupScreen> {
        if self.held().is_some() {
            return Ok(Group::open(self, folder)?.first_screen());
        }
        let store = Store::open(folder, &self.key()?)?;
        if let Some(kept) = GroupScreen::kept(&store)? {
            return Ok(kept);
        }
        drop(store);
        let mut group = Group::open(self, folder)?;
        let screen = group.first_screen();
        // Kept for the next time; where nothing can be written, it is made again then.
        drop(group.keep_first_screen());
        Ok(screen)
    }
}

impl Group {
    /// The first screen as it is now.
    pub fn first_screen(&mut self) -> GroupScreen {
        match &self.shown {
            Some(shown) if self.is_as_stored() => shown.clone(),
            _ => self.first_screen_anew(),
        }
    }

    fn first_screen_anew(&mut self) -> GroupScreen {
        let screening = self.up_to_date();
        let screen = self.labelled_screen(screening.screen().clone());
        self.screening = Some(screening);
        screen
    }

    /// The row of a meeting that stands, at the cost of what concerns it.
    pub(crate) fn meeting_row(&mut self, meeting: EnvelopeId) -> Option<MeetingRow> {
        let mut screening = self.up_to_date();
        let names = self.names();
        let labels =
            Labels { name: &|member| names.get(&member).cloned(), text: &|hash| self.text(hash) };
        let row = screening.meeting(self.ledger(), &labels, meeting);
        self.screening = Some(screening);
        row
    }

    /// The meeting that is open and takes taps, if there is just one.
    pub(crate) fn only_open_meeting(&mut self) -> Option<EnvelopeId> {
        let screening = self.up_to_date();
        let mut open = screening.screen().meetings.iter().filter(|one| one.headcount.is_none());
        let only = open.next().map(|one| one.id).filter(|_| open.next().is_none());
        self.screening = Some(screening);
        only
    }

    fn up_to_date(&mut self) -> Screening {
        match self.screening.take() {
            Some(mut screening) => {
                screening.advance(self.ledger());
                screening
            }
            None => Screening::of(self.ledger()),
        }
    }

    fn labelled_screen(&self, screen: FirstScreen) -> GroupScreen {
        let texts = screen.texts().filter_map(|hash| Some((hash, self.text(hash)?))).collect();
        let me = self.me().ok().map(|(_, id)| id);
        GroupScreen { names: self.names(), me, texts, screen }
    }

    /// Puts the screen into the batch that is about to be saved.
    pub(crate) fn put_first_screen(&mut self) -> GroupScreen {
        let screen = self.first_screen_anew();
        self.batch().set_cache(CACHE, &codec::encode(&screen));
        screen
    }

    fn keep_first_screen(&mut self) -> Result<()> {
        self.put_first_screen();
        self.commit_batch()
    }

    /// Whether the kept screen, if there is one, is the one that is made anew.
    pub(crate) fn kept_screen_is_right(&self) -> Result<bool> {
        let Some(store) = self.store() else { return Ok(true) };
        let anew = self.labelled_screen(FirstScreen::of(&self.views()));
        Ok(GroupScreen::kept(store)?.is_none_or(|kept| kept == anew))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use copact_core::day::Day;

    use super::*;
    use crate::founding;
    use crate::home::Clock;

    fn home(folder: &std::path::Path) -> Home {
        let clock = Clock { seconds: 1_772_366_400, day: Day::parse("2026-03-01").unwrap() };
        Home::new(folder.join("home"), Some(folder.join("state")), clock)
    }

    #[test]
    fn what_is_kept_is_what_the_group_shows_after_every_save() {
        let folder = tempfile::tempdir().unwrap();
        let home = home(folder.path());
        founding::found(&home, "Green Lane", "Ann", None, &[], None).unwrap();
        let look = || {
            let group = home.open(None).unwrap();
            assert!(GroupScreen::kept(group.store().unwrap()).unwrap().is_some(), "it was kept");
            drop(group);
            let kept = home.first_screen(None).unwrap();
            let group = home.open(None).unwrap();
            assert_eq!(kept, group.labelled_screen(FirstScreen::of(&group.views())));
            assert!(group.kept_screen_is_right().unwrap());
            kept
        };
        let first = look();
        assert_eq!((first.name().as_str(), first.screen.members()), ("Green Lane", 1));
        assert_eq!(first.names.values().collect::<Vec<_>>(), ["Ann"]);

        let mut group = home.open(None).unwrap();
        let meeting = group.new_meeting("Spring", None, None).unwrap().id;
        group.open_meeting("Spring", true).unwrap();
        group.tap(None, None, None).unwrap();
        drop(group);
        let then = look();
        let row = then.screen.meetings.first().unwrap();
        assert_eq!((row.id, row.present.len()), (meeting, 1));
        assert_eq!(then.texts.get(&row.title).map(String::as_str), Some("Spring"));

        home.open(None).unwrap().erase_profile(None).unwrap();
        assert!(look().names.is_empty(), "an erased name is not kept anywhere");
    }

    #[test]
    fn an_open_group_shows_what_it_saved_and_what_it_did_not_save_yet() {
        let folder = tempfile::tempdir().unwrap();
        let home = home(folder.path());
        founding::found(&home, "Green Lane", "Ann", None, &[], None).unwrap();
        let mut group = home.open(None).unwrap();
        let is_right = |group: &mut Group| {
            let shown = group.first_screen();
            assert_eq!(shown, group.labelled_screen(FirstScreen::of(&group.views())));
            shown
        };
        let before = is_right(&mut group);
        group.new_meeting("Spring", None, None).unwrap();
        group.open_meeting("Spring", true).unwrap();
        assert_eq!((group.shown.is_some(), is_right(&mut group).screen.meetings.len()), (true, 1));
        group.put_profile(None, copact_core::text::Name::new("Anna").unwrap()).unwrap();
        assert_eq!(is_right(&mut group).names.values().collect::<Vec<_>>(), ["Anna"]);
        group.write_act(copact_core::act::Act::Link, &[]).unwrap();
        let unsaved = is_right(&mut group);
        group.save().unwrap();
        assert_eq!(is_right(&mut group), unsaved);
        assert!(unsaved.screen.envelopes > before.screen.envelopes + 2);
        group.put_text("kept by itself").unwrap();
        group.commit_batch().unwrap();
        assert!(group.shown.is_none(), "what was saved last is not all that is stored");
    }
}
