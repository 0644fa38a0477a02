//! Many groups: `copact evidence --all`.

use super::{Done, Session};
use crate::args::Evidence;
use crate::failure::Failure;

pub(super) fn run(_: Session, _: &Evidence) -> Done {
    Err(Failure::failed("todo", "todo"))
}
