//! `copact demo`.

use super::{Done, Session};
use crate::failure::Failure;

pub(super) fn run(_session: Session) -> Done {
    Err(Failure::failed("not_built", "this command is not part of this build of copact"))
}
