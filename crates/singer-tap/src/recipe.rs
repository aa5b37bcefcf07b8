//! What the shape of a stream is made of: its description, the selection, and the settings.

use singer_protocol::{
    CursorKind, Encoder, Filter, Flattening, News, RecordSpec, Schema, Selection, StreamMap,
    Transform, lint,
};

use crate::error::{Error, Problem};
use crate::maps::{self, Choice};
use crate::replication::Incremental;
use crate::settings::Settings;
use crate::shape::Shapes;
use crate::stream::Stream;

/// What is longer is cut by some targets.
const LONGEST_NAME: usize = 63;

/// What a shape is made of, beside the schema.
#[derive(Debug)]
pub(crate) struct Recipe {
    pub(crate) stream: String,
    key: Vec<String>,
    cursor: Option<(String, CursorKind)>,
    pub(crate) transforms: Vec<Transform>,
    filters: Vec<Filter>,
    pub(crate) selection: Selection,
    context: Vec<String>,
    omit: Vec<String>,
    map: Option<StreamMap>,
    flattening: Option<Flattening>,
}

impl Recipe {
    pub(crate) fn new(
        stream: &Stream,
        selection: Selection,
        cursor: Option<&Incremental>,
        handed: &[String],
        settings: &Settings,
    ) -> Result<Recipe, Error> {
        Ok(Recipe {
            stream: stream.name().to_owned(),
            key: stream.key_properties().to_vec(),
            cursor: cursor.map(|it| (it.key.clone(), it.kind)),
            transforms: stream.transforms(),
            filters: stream.filters().to_vec(),
            selection,
            context: handed.to_vec(),
            omit: stream.omitted().to_vec(),
            map: match maps::choose(settings, stream.name())? {
                Choice::Mapped(map) => Some(*map),
                Choice::Whole | Choice::Dropped => None,
            },
            flattening: settings.flattening().map_err(|problem| Error::settings(vec![problem]))?,
        })
    }

    /// The schema with a new field, and what writes it; none where it may not have the field.
    pub(crate) fn wider(&self, schema: &Schema, news: &News) -> Option<(Schema, Encoder)> {
        let place: Vec<&str> =
            news.place.iter().map(String::as_str).filter(|step| *step != "*").collect();
        let is_taken = news.name.len() > LONGEST_NAME || news.name.starts_with("_sdc_");
        // A user who takes fields away has not asked for those that nobody knew.
        if is_taken || self.selection.deselects_around(&place) {
            return None;
        }
        let wider = schema.with_field(&news.place, &news.name, &news.kind)?;
        let is_clean = lint(wider.json(), &self.key).is_empty();
        let encoder = self.encoder(&wider).ok()?;
        is_clean.then_some((wider, encoder))
    }

    pub(crate) fn encoder(&self, schema: &Schema) -> Result<Encoder, Error> {
        let spec = RecordSpec {
            stream: &self.stream,
            schema,
            key: &self.key,
            cursor: self.cursor.as_ref().map(|(key, kind)| (key.as_str(), *kind)),
            transforms: &self.transforms,
            filters: &self.filters,
            selection: &self.selection,
            context: &self.context,
            omit: &self.omit,
            map: self.map.as_ref(),
            flattening: self.flattening.as_ref(),
        };
        Encoder::compile(&spec).map_err(|error| match error {
            singer_protocol::Error::Settings { pointer, problem } => {
                Error::setting(pointer, problem)
            }
            error => Error::Bug { what: error.to_string() },
        })
    }
}

/// Checks that the settings can be applied to every stream with all its fields.
///
/// # Errors
/// [`Error::Config`] with all problems.
pub(crate) fn check(streams: &[Stream], settings: &Settings) -> Result<(), Error> {
    if settings.stream_maps.is_empty() && !settings.flattening_enabled {
        return Ok(());
    }
    let mut all: Vec<Problem> = Vec::new();
    let mut emitted = Vec::new();
    for stream in streams {
        let found = Shapes::new(stream, Selection::all(), None, &[], settings);
        let name = match found {
            Err(Error::Config { problems, .. }) => {
                let new = problems.into_iter().filter(|problem| !all.contains(problem));
                all.extend(new.collect::<Vec<_>>());
                stream.name().to_owned()
            }
            found => found?.first().encoder.emitted().stream.clone(),
        };
        emitted.push((stream.name(), name));
    }
    all.extend(maps::problems(settings, &emitted));
    if all.is_empty() {
        return Ok(());
    }
    Err(Error::settings(all))
}
