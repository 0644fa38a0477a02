//! What people see first: the group's home screen. One place, so that whatever makes it cheaper is
//! measured by changing these functions.

use copact_node::group::Group;

use crate::failure::Measured;
use crate::home::OnDisk;

/// Makes the first screen of an open group: roster, open meeting, counts. Returns how much there is
/// to see, so that nothing is left unmade.
pub(crate) fn first(group: &Group) -> usize {
    group.labelled(|views, labels| {
        let meetings = views.meetings(labels);
        let open = meetings.meetings.iter().filter(|meeting| meeting.open).count();
        views.roster(labels).len() + open + views.counts().entries
    })
}

/// From a folder on disk to the first screen.
pub(crate) fn open(disk: &OnDisk) -> Measured<(Group, usize)> {
    let group = disk.home.open(None)?;
    let seen = first(&group);
    Ok((group, seen))
}
