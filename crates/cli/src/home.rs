//! Where copact keeps its data on this device.

use std::path::{Path, PathBuf};

use etcetera::app_strategy::{AppStrategy, AppStrategyArgs, choose_native_strategy};

use crate::failure::Failure;

/// The folder that was asked for, or else the platform's own place for a program's data.
///
/// # Errors
/// None was asked for, and the platform does not say where the user's folder is.
pub fn home(asked: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(folder) = asked {
        return Ok(folder.to_owned());
    }
    let program = AppStrategyArgs { app_name: "copact".to_owned(), ..AppStrategyArgs::default() };
    let strategy = choose_native_strategy(program).map_err(|_| {
        Failure::failed("no_home", "this computer does not say where your own folder is")
            .hint("name a folder for copact with `--home DIR`, or set COPACT_HOME")
    })?;
    Ok(strategy.data_dir())
}

/// The folder where this device remembers how far it wrote, so that it notices when an older copy
/// of its data comes back: COPACT_STATE, or where programs keep such things. `None` if there is no
/// such place outside of `home`: inside it, a copy would take the memory along.
#[must_use]
pub fn state(home: &Path) -> Option<PathBuf> {
    let asked = std::env::var_os("COPACT_STATE").filter(|folder| !folder.is_empty());
    let folder = asked.map(PathBuf::from).or_else(|| {
        let program =
            AppStrategyArgs { app_name: "copact".to_owned(), ..AppStrategyArgs::default() };
        choose_native_strategy(program).ok()?.state_dir()
    })?;
    outside(&folder, home).then_some(folder)
}

/// Whether `folder` is not `home` or below it, whatever links lead there.
fn outside(folder: &Path, home: &Path) -> bool {
    !resolved(folder).starts_with(resolved(home))
}

/// The path with links resolved, as far as it exists.
fn resolved(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for ancestor in path.ancestors() {
        if let Ok(found) = ancestor.canonicalize() {
            return path.strip_prefix(ancestor).map_or(found.clone(), |rest| found.join(rest));
        }
    }
    path
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_state_is_never_inside_the_home_not_even_by_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (home, link) = (folder.path().join("home"), folder.path().join("link"));
        std::fs::create_dir(&home).unwrap();
        std::os::unix::fs::symlink(&home, &link).unwrap();
        assert!(outside(&folder.path().join("state"), &home));
        assert!(outside(&folder.path().join("home2"), &home));
        assert!(!outside(&home, &home));
        assert!(!outside(&home.join("state").join("deep"), &home));
        assert!(!outside(&link.join("state"), &home));
    }

    #[test]
    fn the_folder_that_was_asked_for_wins_and_the_default_is_named_after_the_program() {
        assert_eq!(home(Some(Path::new("here"))).unwrap(), Path::new("here"));
        let default = home(None).unwrap();
        assert!(default.is_absolute());
        assert!(default.components().any(|part| part.as_os_str() == "copact"), "{default:?}");
    }
}
