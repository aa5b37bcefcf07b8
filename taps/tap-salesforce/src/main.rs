//! The `tap-salesforce` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    singer_tap::main::<tap_salesforce::TapSalesforce>()
}
