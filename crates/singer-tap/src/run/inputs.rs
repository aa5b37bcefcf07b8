//! What a run is given beside its configuration: catalog and state.

use std::path::Path;

use serde_json::Value;
use singer_http::{ClientSpec, Reserve};
use singer_protocol::{Catalog, CatalogEntry, Layout, State};

use crate::cli::Args;
use crate::error::Error;
use crate::select::Selector;
use crate::settings::Settings;
use crate::stream::Stream;
use crate::tap::Tap;
use crate::{discover, input, state, text};

/// The catalog that the arguments name. Discovery tells what there is, not what a catalog says of it.
pub(super) fn given(args: &Args) -> Result<Option<Catalog>, Error> {
    let path = args.catalog().filter(|_| !args.discover);
    path.map(|path| read_catalog(path, args.select.is_empty())).transpose()
}

/// The catalog that was `given`, with `--select` applied; `None` for the tap's defaults.
pub(super) fn catalog(
    args: &Args,
    given: Option<Catalog>,
    streams: &[Stream],
) -> Result<Option<Catalog>, Error> {
    if args.select.is_empty() {
        return Ok(given);
    }
    let mut selector = Selector::new(&args.select);
    let mut select = |entry: &CatalogEntry| {
        let entry = selector.apply(entry);
        if args.discover { entry } else { entry.brief() }
    };
    let entries = match given {
        Some(given) => given.streams().iter().map(&mut select).collect(),
        // One after the other: all of them with all their fields may be large.
        None => streams
            .iter()
            .map(|stream| discover::entry(stream).map(|entry| select(&entry)))
            .collect::<Result<_, _>>()?,
    };
    if let Some(pattern) = selector.unmatched().next() {
        let names = streams.iter().map(Stream::name);
        let way_out = match text::nearest(pattern.trim_start_matches('!'), names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`--discover` lists them".to_owned(),
        };
        let what = format!("`--select {pattern}` matches no stream or field; {way_out}");
        return Err(Error::Usage { what });
    }
    Ok(Some(Catalog::new(entries)))
}

/// The catalog in a file, or of it what a run needs.
fn read_catalog(path: &Path, is_brief: bool) -> Result<Catalog, Error> {
    let text = input::read(path)?;
    let catalog = if is_brief { Catalog::parse_brief(&text) } else { Catalog::parse(&text) };
    catalog.map_err(|source| in_file(path, source))
}

/// What a reader of states must know of these streams, by their names.
pub(crate) fn layouts(streams: &[Stream]) -> impl Fn(&str) -> Option<Layout> {
    |name| discover::layout(streams, name)
}

/// What is wrong with a document, and where that stands.
pub(crate) fn in_file(path: &Path, source: singer_protocol::Error) -> Error {
    Error::Document { file: path.display().to_string(), source }
}

/// The state in a file, as these streams read it.
pub(crate) fn read_state<T: Tap>(path: &Path, streams: &[Stream]) -> Result<State, Error> {
    let text = input::read(path)?;
    let json = State::json(&text).map_err(|source| in_file(path, source))?;
    state_of::<T>(json, path, streams)
}

/// The state that stood in a file.
pub(crate) fn state_of<T: Tap>(
    json: Value,
    path: &Path,
    streams: &[Stream],
) -> Result<State, Error> {
    let mut state = State::from_json(T::adopt(json), T::NAME, &layouts(streams))
        .map_err(|source| in_file(path, source))?;
    for note in state.notes() {
        tracing::warn!("[STATE03] {note}");
    }
    state::inherit(&mut state, streams);
    Ok(state)
}

/// A client as the tap describes it and the user's settings bend it.
pub(crate) fn with_settings(
    mut spec: ClientSpec,
    settings: &Settings,
    name: &str,
    version: &str,
) -> ClientSpec {
    spec.user_agent = match &settings.user_agent {
        Some(agent) => agent.clone(),
        None => format!("{name}/{version}"),
    };
    spec.concurrency = settings.concurrency;
    spec.deadlines.total = settings.request_timeout();
    spec.max_wait = settings.max_wait();
    match settings.max_requests_per_second.and_then(|most| spec.pace.at_most(most)) {
        Some(pace) => spec.pace = pace,
        None => spec.most_per_second = settings.max_requests_per_second,
    }
    if let Some(percent) = settings.quota_reserve {
        spec.reserve = Reserve::Percent(percent);
    }
    spec
}
