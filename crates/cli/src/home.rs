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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_folder_that_was_asked_for_wins_and_the_default_is_named_after_the_program() {
        assert_eq!(home(Some(Path::new("here"))).unwrap(), Path::new("here"));
        let default = home(None).unwrap();
        assert!(default.is_absolute());
        assert!(default.components().any(|part| part.as_os_str() == "copact"), "{default:?}");
    }
}
