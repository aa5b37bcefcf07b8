//! `tap-x state`: what a state says, for people, and in the form of other taps.

mod account;
mod export;
mod inherit;
mod show;

use std::io::{IsTerminal as _, Write};
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use singer_http::{Client, Env};
use singer_protocol::State;

use crate::cli::{Args, StateCommand};
use crate::config::{self, Loaded};
use crate::error::Error;
use crate::input;
use crate::outcome::Outcome;
use crate::redact::Redactor;
use crate::run::{inputs, print};
use crate::tap::Tap;
use crate::wanted::Wanted;

pub(crate) use account::check_account;
pub(crate) use inherit::inherit;

/// The streams that a state names, in whichever form.
fn named(state: &Value) -> Vec<String> {
    let bookmarks = state.get("bookmarks").or_else(|| state.pointer("/value/bookmarks"));
    let bookmarks = bookmarks.and_then(Value::as_object);
    bookmarks.into_iter().flat_map(|streams| streams.keys().cloned()).collect()
}

/// Does what was asked with the state that the arguments name, or that stands on stdin.
pub(crate) async fn run<T: Tap>(
    args: &Args,
    command: StateCommand,
    env: Env,
    stdout: &mut (dyn Write + Send),
) -> Result<Outcome, Error> {
    let path = match &args.state {
        Some(path) => path.as_path(),
        None if std::io::stdin().is_terminal() => {
            let what = "there is no state to look at; name it with `--state FILE`, or pipe it in";
            return Err(Error::Usage { what: what.to_owned() });
        }
        None => Path::new("-"),
    };
    let text = match command {
        StateCommand::Show => {
            // Nothing is asked for that only the API knows: a state can be looked at anywhere.
            let state = State::parse(&input::read(path)?, T::NAME, &|_| None);
            let state = state.map_err(|source| inputs::in_file(path, source))?;
            show::table(&state.to_value(), env.clock.now())
        }
        StateCommand::Export { sdk } => {
            let Loaded { tap, settings, .. } = config::load::<T::Config>(T::NAME, &args.origins())?;
            let spec = inputs::with_settings(T::client(&tap)?, &settings, T::NAME, T::VERSION);
            let client = Client::new(spec, Env { secrets: Arc::new(Redactor), ..env })?;
            let client = client.located().await?;
            let text = input::read(path)?;
            let json = State::json(&text).map_err(|source| inputs::in_file(path, source))?;
            let streams = T::streams_of(&tap, &client, &Wanted::named(named(&json))).await?;
            let state = inputs::state_of::<T>(json, path, &streams)?;
            let value = if sdk {
                let (value, losses) = export::to_sdk(&state, &inputs::layouts(&streams));
                losses.iter().for_each(|loss| tracing::warn!("[STATE05] {loss}"));
                value
            } else {
                state.to_value()
            };
            format!("{value}\n")
        }
    };
    Ok(print(stdout, &text))
}
