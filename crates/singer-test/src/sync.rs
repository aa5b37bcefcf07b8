//! Runs the real tap over recorded exchanges, in this process and in no time.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use singer_tap::Tap;

use crate::breaches;
use crate::exchange;
use crate::messages::Messages;
use crate::replay::Replay;
use crate::run::{Invocation, env};
use crate::subject::Subject;

/// Reads one stream with nothing read before. `fixtures` are files and folders of exchanges, all of
/// which must be asked for, and nothing else.
///
/// # Panics
/// When the output breaks a rule of [`breaches`](crate::breaches()), when what was asked is not
/// what was recorded, or when fixtures cannot be used.
#[track_caller]
pub fn stream<T: Tap>(stream: &str, fixtures: &[impl AsRef<Path>], config: &Value) -> Messages {
    sync::<T>(&["--select", stream], fixtures, config, None)
}

/// Reads one stream from a state, as the next run would; else as [`stream`](fn@stream).
///
/// # Panics
/// As [`stream`](fn@stream).
#[track_caller]
pub fn resume<T: Tap>(
    stream: &str,
    fixtures: &[impl AsRef<Path>],
    config: &Value,
    state: &Value,
) -> Messages {
    sync::<T>(&["--select", stream], fixtures, config, Some(state))
}

/// Reads one stream from a source of whole answers, such as a fake server, and from a state if there
/// is one.
///
/// # Panics
/// When the output breaks a rule of [`breaches`](crate::breaches()).
#[track_caller]
pub fn read<T: Tap>(stream: &str, subject: &Subject, state: Option<&Value>) -> Messages {
    select::<T>(&[stream], subject, state)
}

/// The same of several streams, or fields of streams, as `--select` takes them.
///
/// # Panics
/// As [`read`].
#[track_caller]
pub fn select<T: Tap>(patterns: &[&str], subject: &Subject, state: Option<&Value>) -> Messages {
    let arguments: Vec<&str> = patterns.iter().flat_map(|pattern| ["--select", *pattern]).collect();
    let call = Invocation::of(subject.config()).with(&arguments).resumed_from(state);
    let messages = call.run::<T>(env(subject.transport()));
    let problems = end_of(&messages).into_iter().collect();
    assert_sound(&messages, problems);
    messages
}

/// Runs the tap with these arguments, such as `--discover`, whatever comes of it.
pub fn run<T: Tap>(arguments: &[&str], subject: &Subject) -> Messages {
    Invocation::of(subject.config()).with(arguments).run::<T>(env(subject.transport()))
}

/// The SCHEMA messages of all streams that these settings give; nothing is requested.
///
/// # Panics
/// When the output breaks a rule of [`breaches`](crate::breaches()), or something is requested.
#[track_caller]
pub fn schemas<T: Tap>(config: &Value) -> Messages {
    let replay = Arc::new(Replay::new(Vec::new()));
    let messages = Invocation::of(config).with(&["--test=schema"]).run::<T>(env(replay.clone()));
    assert_sound(&messages, replay.problems());
    messages
}

#[track_caller]
fn sync<T: Tap>(
    arguments: &[&str],
    fixtures: &[impl AsRef<Path>],
    config: &Value,
    state: Option<&Value>,
) -> Messages {
    let exchanges = exchange::load(fixtures).unwrap_or_else(|error| panic!("{error}"));
    let replay = Arc::new(Replay::new(exchanges));
    let invocation = Invocation::of(config).with(arguments).resumed_from(state);
    let messages = invocation.run::<T>(env(replay.clone()));
    let mut problems = replay.problems();
    problems.extend(end_of(&messages));
    assert_sound(&messages, problems);
    messages
}

fn end_of(messages: &Messages) -> Option<String> {
    let ends = breaches::ends_with_state(messages.stdout());
    (!ends).then(|| "the last line is no STATE".to_owned())
}

#[track_caller]
fn assert_sound(messages: &Messages, mut problems: Vec<String>) {
    problems.extend(breaches::breaches(messages.stdout()));
    assert!(
        problems.is_empty(),
        "the run ended as {:?}, and:\n- {}\n{}",
        messages.outcome(),
        problems.join("\n- "),
        messages.complaints()
    );
}

#[cfg(test)]
pub(crate) mod tests;
