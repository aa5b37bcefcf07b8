//! The source's table, and what may happen to it.

use serde_json::{Value, json};

use crate::case::{Bad, Change, Key, List, Shape, Tree};

/// The first tick of the first run. Rows of the beginning lie a few ticks before it.
pub(crate) const FIRST_TICK: i64 = 6;
/// A tick, in milliseconds: the granularity of the source's clock.
pub(crate) const TICK: i64 = 3_600_000;
/// The source's midnight, in milliseconds since 1970.
pub(crate) const MIDNIGHT: i64 = 1_795_478_400_000;

/// A list of rows: what a partition reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Place {
    Parents,
    Rows(Option<i64>),
}

impl Place {
    /// The stream that reads it.
    pub(crate) fn stream(self) -> &'static str {
        match self {
            Place::Parents => "parents",
            Place::Rows(_) => "rows",
        }
    }
}

/// A row as it is now.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) place: Place,
    pub(crate) id: i64,
    /// Its replication key, in ticks.
    pub(crate) at: i64,
    pub(crate) version: u32,
    /// When it became what it is, in ticks.
    pub(crate) changed: i64,
    pub(crate) bad: Option<Bad>,
}

/// The source.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) shape: Shape,
    pub(crate) rows: Vec<Row>,
    /// Its clock.
    pub(crate) tick: i64,
    next: i64,
    /// A run reads it now.
    pub(crate) is_read: bool,
}

impl World {
    /// A source of this shape with these rows.
    pub(crate) fn new(shape: Shape, rows: &[Change]) -> World {
        let mut world =
            World { shape, rows: Vec::new(), tick: FIRST_TICK, next: 100, is_read: false };
        if let Tree::Children(parents) = shape.tree {
            (0..parents).for_each(|_| world.change(Change::Grow));
        }
        rows.iter().for_each(|row| world.change(*row));
        world
    }

    /// Applies a change, unless the source's shape rules it out.
    pub(crate) fn change(&mut self, change: Change) {
        match change {
            Change::Insert { part, late, bad } => {
                if let Some(place) = self.place(part) {
                    self.insert(place, late, bad);
                }
            }
            Change::Update { row, late } => {
                if let Some(row) = self.choose(row) {
                    let (tick, row) = (self.tick, &mut self.rows[row]);
                    row.version += 1;
                    row.at = row.at.max(tick - late);
                    (row.changed, row.bad) = (tick, None);
                }
            }
            Change::Delete { row } => {
                if let Some(row) = self.choose(row).filter(|_| !self.is_pinned()) {
                    self.delete(row);
                }
            }
            Change::Grow => {
                if matches!(self.shape.tree, Tree::Children(_)) {
                    self.insert(Place::Parents, 0, None);
                }
            }
            Change::Tick => {
                if !(self.is_read && self.stands_still()) {
                    self.tick += 1;
                }
            }
        }
    }

    /// The value of a replication key, comparable with what a STATE holds.
    pub(crate) fn value(&self, tick: i64) -> i64 {
        match self.shape.key {
            Key::Instant => MIDNIGHT + tick * TICK,
            Key::Integer => tick,
        }
    }

    /// A replication key in a query or a STATE, as such a value.
    pub(crate) fn parse(&self, text: &str) -> i64 {
        match self.shape.key {
            Key::Integer => text.parse().expect("a whole number"),
            Key::Instant => chrono::DateTime::parse_from_rfc3339(text)
                .expect("an RFC 3339 instant")
                .timestamp_millis(),
        }
    }

    /// Every list that there is.
    pub(crate) fn places(&self) -> Vec<Place> {
        match self.shape.tree {
            Tree::Flat => vec![Place::Rows(None)],
            Tree::Partitions(count) => (0..count).map(|part| Place::Rows(Some(part))).collect(),
            Tree::Children(_) => {
                let parents = self.of(Place::Parents);
                let lists = parents.map(|parent| Place::Rows(Some(parent.id)));
                [Place::Parents].into_iter().chain(lists).collect()
            }
        }
    }

    /// The rows of a list.
    pub(crate) fn of(&self, place: Place) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.place == place)
    }

    /// How a list is read.
    pub(crate) fn list(&self, place: Place) -> List {
        match place {
            Place::Parents => self.shape.parents,
            Place::Rows(_) => self.shape.list,
        }
    }

    /// Whether the declaration promises that a row is not missed: it came in time, and nobody asked
    /// to leave it out.
    pub(crate) fn is_promised(&self, row: &Row) -> bool {
        let in_time = row.changed - row.at <= self.shape.patience();
        in_time && self.shape.start_date.is_none_or(|start| row.at >= start)
    }

    /// A row as the API shows it.
    pub(crate) fn json(&self, row: &Row) -> Value {
        // A list that goes on from the last id cannot go on from a null.
        let is_nameless = row.bad == Some(Bad::NullKey) && self.list(row.place) != List::Scan;
        let id = if is_nameless { Value::Null } else { json!(row.id) };
        let at = match (row.bad, self.shape.key) {
            (Some(Bad::NullCursor), _) => Value::Null,
            (_, Key::Integer) => json!(row.at),
            (_, Key::Instant) => json!(instant(self.value(row.at))),
        };
        json!({"id": id, "at": at, "ref": format!("{}/{}", row.id, row.version)})
    }

    fn place(&self, part: usize) -> Option<Place> {
        let mut places = self.places();
        places.retain(|place| *place != Place::Parents);
        (!places.is_empty()).then(|| places[part % places.len()])
    }

    fn insert(&mut self, place: Place, late: i64, bad: Option<Bad>) {
        let (id, tick) = (self.next, self.tick);
        self.next += 1;
        self.rows.push(Row { place, id, at: tick - late, version: 1, changed: tick, bad });
    }

    fn delete(&mut self, row: usize) {
        let gone = self.rows.remove(row);
        if gone.place == Place::Parents {
            self.rows.retain(|row| row.place != Place::Rows(Some(gone.id)));
        }
    }

    /// The row of this number, if it may change now.
    fn choose(&self, number: usize) -> Option<usize> {
        let row = number.checked_rem(self.rows.len())?;
        let chosen = &self.rows[row];
        // The link that is followed within a tie larger than a page counts rows.
        let is_tied = self.list(chosen.place) == List::Keyset
            && self.of(chosen.place).filter(|other| other.at == chosen.at).count()
                >= self.shape.page;
        (!(self.is_read && is_tied)).then_some(row)
    }

    /// Rows that vanish while a list is read by number leave a gap that nobody can see.
    fn is_pinned(&self) -> bool {
        self.is_read && self.shape.list == List::NewestNumbered
    }

    /// Without a clock to hold the bookmark back, a scan in no order can be overtaken.
    fn stands_still(&self) -> bool {
        let is_scan = |place| match self.list(place) {
            List::Unordered | List::Scan => true,
            List::Full | List::Reread => false,
            // Parents are scanned, whatever they declare.
            _ => place == Place::Parents,
        };
        let places = [Place::Rows(None), Place::Parents];
        let places = &places[..if matches!(self.shape.tree, Tree::Children(_)) { 2 } else { 1 }];
        self.shape.key == Key::Integer && places.iter().any(|place| is_scan(*place))
    }
}

/// The text of an instant, in milliseconds since 1970.
pub(crate) fn instant(millis: i64) -> String {
    let time = chrono::DateTime::from_timestamp_millis(millis).expect("a time of the model's day");
    time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}
