//! The outer layer of the command line `copact`: what a person or a script types, and what comes
//! back. The work itself is done by `copact-node`.
//!
//! - [`args`]: every command and flag. They are a contract with scripts outside the repository.
//! - [`output`]: one JSON document for scripts or a page for people; questions, progress, QR codes.
//! - [`failure`]: everything that can go wrong, as a sentence, with its exit code.
//! - [`clock`]: the moment and the civil day that this device claims.
//! - [`serve`]: a process that holds a home, and commands that act through it.
//! - `run`: one function a command, a subject a file.
//! - [`program`]: from the arguments to the exit code.
//!
//! ```
//! use clap::FromArgMatches;
//! use copact_cli::args::{Cli, Command, command};
//!
//! let typed = ["copact", "--json", "tap", "--for", "Dora"];
//! let cli = Cli::from_arg_matches(&command().try_get_matches_from(typed)?)?;
//! assert!(cli.global.json);
//! let Command::Tap(tap) = cli.command else { unreachable!() };
//! assert_eq!(tap.behalf.member.as_deref(), Some("Dora"));
//! # Ok::<(), clap::Error>(())
//! ```

pub mod args;
pub mod clock;
pub mod failure;
pub mod home;
pub mod output;
pub mod program;
mod run;
#[cfg(unix)]
pub mod serve;
