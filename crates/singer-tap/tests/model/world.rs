//! The source's table, and what may happen to it.

use serde_json::{Value, json};

use crate::case::{Bad, Change, Key, List, Run, Shape, Tree};

/// The first tick of the first run. Rows of the beginning lie a few ticks before it.
const FIRST_TICK: i64 = 6;
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

/// The source, and what its user asks for.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) shape: Shape,
    pub(crate) rows: Vec<Row>,
    /// Its clock.
    pub(crate) tick: i64,
    next: i64,
    /// A run reads it now.
    is_read: bool,
    pub(crate) start_date: Option<i64>,
    /// The latest of all start dates so far.
    pub(crate) latest_start: Option<i64>,
    pub(crate) end_date: Option<i64>,
}

impl World {
    /// A source of this shape with these rows.
    pub(crate) fn new(shape: Shape, rows: &[Change]) -> World {
        let mut world = World {
            shape,
            rows: Vec::new(),
            tick: FIRST_TICK,
            next: 100,
            is_read: false,
            start_date: shape.start_date,
            latest_start: None,
            end_date: None,
        };
        (0..shape.tree.parents().unwrap_or(0)).for_each(|_| world.change(Change::Grow));
        rows.iter().for_each(|row| world.change(*row));
        world
    }

    /// What comes before a run, and what its user asks for.
    pub(crate) fn begin(&mut self, run: &Run) {
        run.before.iter().for_each(|change| self.change(*change));
        self.start_date = run.start_date.or(self.start_date);
        self.latest_start = self.latest_start.max(self.start_date);
        self.end_date = run.end_date;
        self.is_read = true;
    }

    /// The run is over.
    pub(crate) fn end(&mut self) {
        self.is_read = false;
    }

    /// Applies a change, unless the source's shape rules it out.
    pub(crate) fn change(&mut self, change: Change) {
        match change {
            Change::Insert { part, late, bad } => {
                if let Some(place) = self.place(part).filter(|place| !self.is_held(*place)) {
                    self.insert(place, late, bad);
                    self.touch(place, late);
                }
            }
            Change::Update { row, late } => {
                if let Some(row) = self.choose(row) {
                    self.update(row, late);
                    self.touch(self.rows[row].place, late);
                }
            }
            Change::Delete { row } => {
                if let Some(row) = self.choose(row).filter(|row| !self.is_pinned(*row)) {
                    let place = self.rows[row].place;
                    self.delete(row);
                    self.touch(place, 0);
                }
            }
            Change::Grow if self.shape.tree.parents().is_some() => {
                self.insert(Place::Parents, 0, None);
            }
            Change::Tick if !(self.is_read && self.stands_still()) => self.tick += 1,
            Change::Grow | Change::Tick => {}
        }
    }

    fn insert(&mut self, place: Place, late: i64, bad: Option<Bad>) {
        let (id, tick) = (self.next, self.tick);
        self.next += 1;
        self.rows.push(Row { place, id, at: tick - late, version: 1, changed: tick, bad });
    }

    fn update(&mut self, row: usize, late: i64) {
        let (tick, row) = (self.tick, &mut self.rows[row]);
        row.version += 1;
        row.at = row.at.max(tick - late);
        (row.changed, row.bad) = (tick, None);
    }

    fn delete(&mut self, row: usize) {
        let gone = self.rows.remove(row);
        if gone.place == Place::Parents {
            self.rows.retain(|row| row.place != Place::Rows(Some(gone.id)));
        }
    }

    /// A change of rows that follow their parent changes it too.
    fn touch(&mut self, place: Place, late: i64) {
        let Some(parent) = self.parent(place).map(|parent| parent.id) else { return };
        if self.follows() {
            let parent = self.rows.iter().position(|row| row.id == parent);
            self.update(parent.expect("it was just found"), late);
        }
    }

    fn place(&self, part: usize) -> Option<Place> {
        let mut places = self.places();
        places.retain(|place| *place != Place::Parents);
        (!places.is_empty()).then(|| places[part % places.len()])
    }

    /// The row of this number, if it may change now.
    fn choose(&self, number: usize) -> Option<usize> {
        let row = number.checked_rem(self.rows.len())?;
        let chosen = &self.rows[row];
        let stays = self.is_read && self.is_tied(chosen) || self.is_held(chosen.place);
        (!stays).then_some(row)
    }

    /// Whether rows of a list must not change now, since their parent, which they move, must not.
    fn is_held(&self, place: Place) -> bool {
        self.is_read && self.parent(place).is_some_and(|parent| self.is_tied(parent))
    }

    /// The link that is followed within a tie larger than a page counts rows.
    fn is_tied(&self, row: &Row) -> bool {
        let tie = self.of(row.place).filter(|other| other.at == row.at);
        self.list(row.place) == List::Keyset && tie.count() >= self.shape.page
    }

    /// Rows that vanish while a list is read by number leave a gap that nobody can see, except
    /// by looking at the first page again.
    fn is_pinned(&self, row: usize) -> bool {
        let row = &self.rows[row];
        let first_page = self.of(row.place).take(self.shape.page).map(|row| row.id);
        self.is_read
            && match self.list(row.place) {
                List::NewestNumbered => true,
                List::FullNumbered | List::Reread if self.shape.versions => {
                    !first_page.into_iter().any(|id| id == row.id)
                }
                _ => false,
            }
    }

    /// Without a clock to hold the bookmark back, a scan in no order can be overtaken.
    fn stands_still(&self) -> bool {
        let is_scan = |place| match (self.list(place), self.shape.tree, place) {
            (List::Window | List::Full | List::FullNumbered, ..) => false,
            (List::Unordered | List::Scan, ..) => true,
            // Parents of children that live by bookmarks of their own are scanned.
            (list, Tree::Children(_), Place::Parents) => list != List::Reread,
            _ => false,
        };
        self.shape.key == Key::Integer && (is_scan(Place::Parents) || is_scan(Place::Rows(None)))
    }
}

/// What is known of it.
impl World {
    /// Every list that there is.
    pub(crate) fn places(&self) -> Vec<Place> {
        match self.shape.tree {
            Tree::Flat => vec![Place::Rows(None)],
            Tree::Partitions(count) => (0..count).map(|part| Place::Rows(Some(part))).collect(),
            Tree::Children(_) | Tree::Followers(_) => {
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

    /// The parent whose list it is.
    pub(crate) fn parent(&self, place: Place) -> Option<&Row> {
        let Place::Rows(Some(id)) = place else { return None };
        self.of(Place::Parents).find(|parent| parent.id == id)
    }

    /// How a list is read.
    pub(crate) fn list(&self, place: Place) -> List {
        match place {
            Place::Parents => self.shape.parents,
            Place::Rows(_) => self.shape.list,
        }
    }

    /// The value of a replication key, comparable with what a STATE holds.
    pub(crate) fn value(&self, tick: i64) -> i64 {
        let has_windows = [self.shape.list, self.shape.parents].contains(&List::Window);
        match self.shape.key {
            Key::Instant => MIDNIGHT + tick * TICK,
            // A window is a time, so its key counts seconds.
            Key::Integer if has_windows => (MIDNIGHT + tick * TICK) / 1_000,
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

    /// A row as the API shows it.
    pub(crate) fn json(&self, row: &Row) -> Value {
        // A list that goes on from the last id cannot go on from a null.
        let is_nameless = row.bad == Some(Bad::NullKey) && self.list(row.place) != List::Scan;
        let id = if is_nameless { Value::Null } else { json!(row.id) };
        let at = match (row.bad, self.shape.key) {
            (Some(Bad::NullCursor), _) => Value::Null,
            (_, Key::Integer) => json!(self.value(row.at)),
            (_, Key::Instant) => json!(instant(self.value(row.at))),
        };
        json!({"id": id, "at": at, "ref": format!("{}/{}", row.id, row.version)})
    }
}

/// The text of an instant, in milliseconds since 1970.
pub(crate) fn instant(millis: i64) -> String {
    let time = chrono::DateTime::from_timestamp_millis(millis).expect("a time of the model's day");
    time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}
