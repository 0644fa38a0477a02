//! What people see first: the group's home screen. One place, so that whatever makes it cheaper is
//! measured by changing these functions.

use copact_node::group::Group;

use crate::failure::Measured;
use crate::home::OnDisk;

/// The first screen of an open group, which it keeps up to date: roster, open meetings, counts.
/// Returns how much there is to see, so that nothing is left unmade.
pub(crate) fn first(group: &mut Group) -> usize {
    let shown = group.first_screen();
    shown.screen.roster.len() + shown.screen.meetings.len() + shown.names.len()
}

/// From a folder on disk to the first screen.
pub(crate) fn open(disk: &OnDisk) -> Measured<usize> {
    let shown = disk.home.first_screen(None)?;
    Ok(shown.screen.roster.len() + shown.screen.meetings.len() + shown.names.len())
}
