//! What every tap must keep to, whatever it reads: one call in a tap's test.
//!
//! ```no_run
//! # use singer_test::{Subject, conformance};
//! # use serde_json::json;
//! # struct TapShop;
//! # #[derive(serde::Deserialize, schemars::JsonSchema)] struct Config {}
//! # impl singer_tap::Tap for TapShop {
//! #     const NAME: &'static str = "tap-shop";
//! #     const VERSION: &'static str = "1.0.0";
//! #     const ABOUT: &'static str = "";
//! #     type Config = Config;
//! #     fn client(_: &Config) -> Result<singer_http::ClientSpec, singer_tap::Error> { todo!() }
//! #     async fn streams(_: &Config, _: &singer_http::Client)
//! #         -> Result<Vec<singer_tap::Stream>, singer_tap::Error> { todo!() }
//! # }
//! conformance::check::<TapShop>(&Subject::new(json!({"shop": "acme"})).recorded(&["fixtures"]));
//! ```
//!
//! | check | what must hold |
//! |---|---|
//! | `run` | a run of all streams ends well, with a STATE |
//! | `messages` | each line is a message, a SCHEMA before its RECORDs |
//! | `schemas` | each SCHEMA is one that every target takes |
//! | `records` | each RECORD is as its SCHEMA says, formats included, and has no field beyond it |
//! | `keys` | each RECORD has its key, not null |
//! | `unique_keys` | two different RECORDs of a run have different keys |
//! | `bookmarks` | no STATE of a run takes a bookmark back |
//! | `catalog` | discovery says the same twice, and its catalog changes nothing |
//! | `selection` | each stream alone, none, and each field left out: nothing else changes |
//! | `resume` | from STATEs all over a run (at most 40) the next one brings all that is missing |
//! | `replay` | from the last STATE nothing older than it comes, and it stays |
//! | `states` | a state comes back as it was given, unknown keys with it |
//! | `foreign_states` | the state of another tap or a newer release is refused |
//! | `future` | from a bookmark in the far future nothing comes, and it stays |
//! | `secrets` | no secret setting is seen on stdout or in the log, in any form |

mod fields;
mod output;
mod report;
mod resume;
mod secrets;
mod selection;
mod states;
mod trial;

use singer_tap::Tap;

use crate::subject::Subject;

pub use report::{Report, Verdict};

use trial::Trial;

/// A check gives what fails, a line each.
type Check = fn(&Trial<'_>) -> Vec<String>;

/// The checks in their order; those after `run` need the run.
const CHECKS: [(&str, Check); 15] = [
    ("run", output::run),
    ("messages", output::messages),
    ("schemas", output::schemas),
    ("records", output::records),
    ("keys", output::keys),
    ("unique_keys", output::unique_keys),
    ("bookmarks", output::bookmarks),
    ("catalog", selection::catalog),
    ("selection", selection::selection),
    ("resume", resume::resume),
    ("replay", resume::replay),
    ("states", states::round_trip),
    ("foreign_states", states::foreign),
    ("future", states::future),
    // The last, as it looks at what all of them wrote.
    ("secrets", secrets::secrets),
];

/// Checks everything, and prints the report.
///
/// # Panics
/// When a check fails that is not waived; the message tells all that fail.
#[track_caller]
pub fn check<T: Tap>(subject: &Subject) -> Report {
    let report = examine::<T>(subject);
    show(&report);
    assert!(report.is_passed(), "{report}");
    report
}

/// Checks everything; the report tells what fails.
pub fn examine<T: Tap>(subject: &Subject) -> Report {
    let trial = Trial::begin::<T>(subject);
    let mut report = Report::new(T::NAME);
    for (name, check) in CHECKS {
        let mut failures = check(&trial);
        failures.extend(trial.troubles());
        let of_streams = subject.waivers().iter().filter_map(|(waived, reason)| {
            let (check, stream) = waived.split_once('/')?;
            (check == name).then_some((waived, format!("`{stream}`"), reason))
        });
        for (waived, stream, reason) in of_streams {
            let (own, others) = failures.into_iter().partition(|line| line.contains(&stream));
            failures = others;
            report.add(waived, own, Some(reason));
        }
        let waiver = subject.waivers().iter().find(|(waived, _)| waived == name);
        report.add(name, failures, waiver.map(|(_, reason)| reason.as_str()));
        if name == "run" && !report.is_passed() {
            break;
        }
    }
    for (waived, _) in subject.waivers() {
        let name = waived.split('/').next();
        if !CHECKS.iter().any(|(check, _)| Some(*check) == name) {
            report.add("waivers", vec![format!("there is no check `{waived}`")], None);
        }
    }
    report.unseen = fields::unseen(&trial.whole);
    report
}

#[expect(clippy::print_stdout, reason = "cargo shows it when it is asked to, or on failure")]
fn show(report: &Report) {
    println!("{report}");
}

#[cfg(test)]
mod tests;
