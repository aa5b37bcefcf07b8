//! Cursors: what is left of a query after its first page.

use std::collections::VecDeque;

use super::error::Problem;
use super::id::Id;

/// How many cursors are kept; the oldest are lost.
const KEPT: usize = 64;

/// The rows that a query found, as they were when it was asked; their values are those of each page.
#[derive(Debug, Clone)]
pub(super) struct Cursor {
    pub(super) id: Id,
    pub(super) object: usize,
    pub(super) fields: Vec<usize>,
    pub(super) numbers: std::sync::Arc<Vec<u32>>,
    uses: u32,
}

/// All cursors that are not lost.
#[derive(Debug)]
pub(super) struct Cursors {
    open: VecDeque<Cursor>,
    serial: u32,
    most_uses: u32,
}

impl Cursors {
    pub(super) fn new(most_uses: Option<u32>) -> Self {
        Self { open: VecDeque::new(), serial: 0, most_uses: most_uses.unwrap_or(u32::MAX) }
    }

    /// Keeps the rows of a query.
    pub(super) fn keep(&mut self, object: usize, fields: Vec<usize>, numbers: Vec<u32>) -> Cursor {
        self.serial += 1;
        let id = Id { prefix: *b"01g", number: self.serial };
        let cursor = Cursor { id, object, fields, numbers: numbers.into(), uses: 0 };
        if self.open.len() >= KEPT {
            self.open.pop_front();
        }
        self.open.push_back(cursor.clone());
        cursor
    }

    /// The cursor and the position that the end of a path names, such as `01g…-2000`.
    ///
    /// # Errors
    /// It is lost, or never was.
    pub(super) fn find(&mut self, locator: &str) -> Result<(Cursor, usize), Problem> {
        let lost = || Problem::new(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
        let (id, position) = locator.split_once('-').ok_or_else(lost)?;
        let id = Id::parse(id).ok_or_else(lost)?;
        let position: usize = position.parse().map_err(|_| lost())?;
        let most_uses = self.most_uses;
        let cursor = self.open.iter_mut().find(|cursor| cursor.id == id).ok_or_else(lost)?;
        if cursor.uses >= most_uses || position > cursor.numbers.len() {
            return Err(lost());
        }
        cursor.uses += 1;
        Ok((cursor.clone(), position))
    }

    /// Loses all of them.
    pub(super) fn expire(&mut self) {
        self.open.clear();
    }
}
