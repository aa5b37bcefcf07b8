//! How the records of a stream are written: what its author and the user's settings make of them.

use std::sync::{Arc, Mutex, PoisonError};

use singer_protocol::{CursorKind, Encoder, Flattening, RecordSpec, Schema, Selection, Transform};

use crate::error::{Error, Problem};
use crate::replication::Incremental;
use crate::settings::Settings;
use crate::stream::Stream;

/// The shape of a stream's records, and the version of the SCHEMA that declares it.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) version: u32,
    pub(crate) encoder: Encoder,
}

/// The shape of a stream as it is now; later versions only add fields.
#[derive(Debug)]
pub(crate) struct Shapes {
    current: Mutex<Arc<Shape>>,
}

impl Shapes {
    /// The shape of a stream for this selection.
    ///
    /// # Errors
    /// [`Error::Config`] for what the settings ask and the stream does not allow; [`Error::Bug`]
    /// for a stream that contradicts itself.
    pub(crate) fn new(
        stream: &Stream,
        selection: Selection,
        incremental: Option<&Incremental>,
        settings: &Settings,
    ) -> Result<Shapes, Error> {
        let recipe = Recipe::new(stream, selection, incremental, settings)?;
        let encoder = recipe.encoder(stream.parsed_schema()?)?;
        Ok(Shapes { current: Mutex::new(Arc::new(Shape { version: 0, encoder })) })
    }

    pub(crate) fn current(&self) -> Arc<Shape> {
        Arc::clone(&self.current.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What a shape is made of, beside the schema.
#[derive(Debug)]
struct Recipe {
    stream: String,
    key: Vec<String>,
    cursor: Option<(String, CursorKind)>,
    transforms: Vec<Transform>,
    selection: Selection,
    context: Vec<String>,
    omit: Vec<String>,
    flattening: Option<Flattening>,
}

impl Recipe {
    fn new(
        stream: &Stream,
        selection: Selection,
        incremental: Option<&Incremental>,
        settings: &Settings,
    ) -> Result<Recipe, Error> {
        Ok(Recipe {
            stream: stream.name().to_owned(),
            key: stream.key_properties().to_vec(),
            cursor: incremental.map(|it| (it.key.clone(), it.kind)),
            transforms: stream.transforms().to_vec(),
            selection,
            context: stream.children_get().iter().map(|(_, field)| field.clone()).collect(),
            omit: stream.omitted().to_vec(),
            flattening: settings.flattening().map_err(refuse)?,
        })
    }

    fn encoder(&self, schema: &Schema) -> Result<Encoder, Error> {
        let spec = RecordSpec {
            stream: &self.stream,
            schema,
            key: &self.key,
            cursor: self.cursor.as_ref().map(|(key, kind)| (key.as_str(), *kind)),
            transforms: &self.transforms,
            selection: &self.selection,
            context: &self.context,
            omit: &self.omit,
            flattening: self.flattening.as_ref(),
        };
        Encoder::compile(&spec).map_err(|error| match error {
            singer_protocol::Error::Settings { pointer, problem } => {
                refuse(Problem { pointer, message: problem })
            }
            error => Error::Bug { what: error.to_string() },
        })
    }
}

fn refuse(problem: Problem) -> Error {
    Error::Config { file: "config".to_owned(), problems: vec![problem] }
}

/// Checks that the settings can be applied to every stream with all its fields.
///
/// # Errors
/// [`Error::Config`] with all problems.
pub(crate) fn check(streams: &[Stream], settings: &Settings) -> Result<(), Error> {
    let mut all: Vec<Problem> = Vec::new();
    for stream in streams {
        match Shapes::new(stream, Selection::all(), None, settings) {
            Err(Error::Config { problems, .. }) => {
                let new = problems.into_iter().filter(|problem| !all.contains(problem));
                all.extend(new.collect::<Vec<_>>());
            }
            other => drop(other?),
        }
    }
    if all.is_empty() {
        return Ok(());
    }
    Err(Error::Config { file: "config".to_owned(), problems: all })
}
