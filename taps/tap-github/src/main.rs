//! The `tap-github` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    singer_tap::main::<tap_github::TapGithub>()
}
