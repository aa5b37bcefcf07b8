//! How the records of a stream are written: what its author and the user's settings make of them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use singer_protocol::{Encoder, Format, Kind, Misfit, News, Output, Schema, Selection, transform};

use crate::error::Error;
use crate::recipe::Recipe;
use crate::replication::Incremental;
use crate::settings::{NewField, Settings};
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
    recipe: Recipe,
    new_field: NewField,
    first: Arc<Shape>,
    now: Mutex<Now>,
}

#[derive(Debug)]
struct Now {
    shape: Arc<Shape>,
    schema: Schema,
    /// Whether a STATE was written since the last change.
    is_stated: bool,
    is_limit_told: bool,
}

/// A new SCHEMA makes some targets flush, or alter a table: so many a run are borne.
const MOST_VERSIONS: u32 = 8;
/// The column of fields that nobody declares.
const EXTRA: &str = "_sdc_extra";

impl Shapes {
    /// The shape of a stream for this selection, which is scanned by `cursor` and hands these fields
    /// down to its children.
    ///
    /// # Errors
    /// [`Error::Config`] for what the settings ask and the stream does not allow; [`Error::Bug`]
    /// for a stream that contradicts itself.
    pub(crate) fn new(
        stream: &Stream,
        selection: Selection,
        cursor: Option<&Incremental>,
        handed: &[String],
        settings: &Settings,
    ) -> Result<Shapes, Error> {
        let mut schema = stream.parsed_schema()?.clone();
        let mut recipe = Recipe::new(stream, selection, cursor, handed, settings)?;
        // Of a parent that is read for its children only, nothing is written.
        let is_selected = recipe.selection.stream_selected();
        let new_field = if is_selected { settings.new_field } else { NewField::Ignore };
        if new_field == NewField::Extra {
            schema =
                schema.with_field(&[], EXTRA, &Kind::String(Format::Plain)).ok_or_else(|| {
                    Error::Bug { what: format!("stream `{}` declares `{EXTRA}`", stream.name()) }
                })?;
            recipe.transforms.push(transform::extra(EXTRA));
        }
        let encoder = recipe.encoder(&schema)?;
        let first = Arc::new(Shape { version: 0, encoder });
        let shape = Arc::clone(&first);
        let now = Now { shape, schema, is_stated: true, is_limit_told: false };
        Ok(Shapes { recipe, new_field, first, now: Mutex::new(now) })
    }

    /// The shape at the start of the run.
    pub(crate) fn first(&self) -> &Shape {
        &self.first
    }

    pub(crate) fn current(&self) -> Arc<Shape> {
        Arc::clone(&self.now().shape)
    }

    /// Books that a STATE was written after the SCHEMA of this version.
    pub(crate) fn stated(&self, version: u32) {
        let mut now = self.now();
        now.is_stated |= now.shape.version == version;
    }

    /// Decides what becomes of the undeclared fields of a page that was written in a shape: the
    /// shape in which it is to be written anew, if there is a better one.
    ///
    /// # Errors
    /// [`Error::NewField`] when none is allowed.
    pub(crate) fn after(
        &self,
        shape: &Shape,
        output: &Output,
    ) -> Result<Option<Arc<Shape>>, Error> {
        let undeclared = |(pointer, misfit, _): (&str, Misfit, u64)| {
            (misfit == Misfit::Undeclared).then(|| pointer.to_owned())
        };
        match self.new_field {
            NewField::Fail => output
                .misfits
                .iter()
                .find_map(undeclared)
                .map_or(Ok(None), |pointer| Err(Error::NewField { pointer })),
            NewField::Evolve if !output.news.is_empty() => Ok(self.evolve(shape, &output.news)),
            _ => Ok(None),
        }
    }

    fn evolve(&self, shape: &Shape, news: &[News]) -> Option<Arc<Shape>> {
        let mut now = self.now();
        if now.shape.version > shape.version {
            return Some(Arc::clone(&now.shape));
        }
        if now.shape.version == MOST_VERSIONS && !now.is_limit_told {
            now.is_limit_told = true;
            tracing::warn!(
                "[DRIFT03] the SCHEMA of `{}` was changed {MOST_VERSIONS} times (the most a run may); further new fields are left out until the next run",
                self.recipe.stream
            );
        }
        if !now.is_stated || now.shape.version == MOST_VERSIONS {
            return None;
        }
        let (mut schema, mut encoder, mut added) = (now.schema.clone(), None, Vec::new());
        for news in news {
            if let Some((wider, better)) = self.recipe.wider(&schema, news) {
                schema = wider;
                encoder = Some(better);
                added.push(format!(
                    "`{}`",
                    [&news.place[..], std::slice::from_ref(&news.name)].concat().join(".")
                ));
            }
        }
        // What a map drops is no change.
        let encoder = encoder.filter(|encoder| encoder.emitted() != now.shape.encoder.emitted())?;
        tracing::info!(
            "[DRIFT03] `{}` has new fields, which are added to its SCHEMA: {}",
            self.recipe.stream,
            added.join(", ")
        );
        now.schema = schema;
        now.shape = Arc::new(Shape { version: now.shape.version + 1, encoder });
        now.is_stated = false;
        Some(Arc::clone(&now.shape))
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
