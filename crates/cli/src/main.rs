//! The program `copact`.

use std::process::ExitCode;

fn main() -> ExitCode {
    copact_cli::program::main()
}
