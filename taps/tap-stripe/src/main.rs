//! The `tap-stripe` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    singer_tap::main::<tap_stripe::TapStripe>()
}
