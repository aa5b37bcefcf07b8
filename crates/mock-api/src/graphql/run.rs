//! Answering a query.

use serde_json::{Map, Value, json};

use super::ast::{Arguments, Field, Selection};
use super::check::Checked;
use super::page::{Item, Page};
use super::problem::Problem;

/// An object of the data.
pub(crate) trait Object: Sized {
    /// The name of its type.
    fn type_name(&self) -> &'static str;

    /// Whether a fragment on this type is of it.
    fn is(&self, type_name: &str) -> bool;

    /// The value of a field, which the schema knows.
    fn field(&self, name: &str, arguments: &Arguments) -> Result<Resolved<Self>, Problem>;
}

/// The value of a field.
pub(crate) enum Resolved<O> {
    Value(Value),
    One(O),
    /// Each item by itself may not be there.
    Many(Vec<Result<O, Problem>>),
    Page(Page<O>),
}

/// The answer to a query that was checked, asked of `root`.
pub(crate) fn answer<O: Object>(checked: &Checked, root: &O) -> Value {
    let mut run = Run { checked, path: Vec::new(), problems: Vec::new() };
    let data = run.object(root, &[&checked.operation.selections]);
    let mut answer = Map::from_iter([("data".to_owned(), data)]);
    if !run.problems.is_empty() {
        let problems = run.problems.iter().map(Problem::to_value).collect();
        answer.insert("errors".to_owned(), problems);
    }
    answer.into()
}

struct Run<'a> {
    checked: &'a Checked,
    path: Vec<Value>,
    problems: Vec<Problem>,
}

impl<'a> Run<'a> {
    fn object<O: Object>(&mut self, object: &O, selections: &[&'a [Selection]]) -> Value {
        let mut fields = Vec::new();
        for selections in selections {
            self.fields(&|on| object.is(on), selections, &mut fields);
        }
        let mut value = Map::new();
        for (key, same) in fields {
            self.path.push(key.into());
            let field = same[0];
            let found = match field.name.as_str() {
                "__typename" => Ok(Resolved::Value(object.type_name().into())),
                name => object.field(name, &field.arguments(&self.checked.variables)),
            };
            let found = self.resolved(found, field, &same);
            value.insert(key.to_owned(), found);
            self.path.pop();
        }
        value.into()
    }

    fn resolved<O: Object>(
        &mut self,
        found: Result<Resolved<O>, Problem>,
        field: &'a Field,
        same: &[&'a Field],
    ) -> Value {
        let selections: Vec<&'a [Selection]> =
            same.iter().map(|field| &field.selections[..]).collect();
        match found {
            Ok(Resolved::Value(value)) => value,
            Ok(Resolved::One(object)) => self.object(&object, &selections),
            Ok(Resolved::Many(items)) => {
                let each = items.into_iter().enumerate();
                each.map(|(at, item)| self.item(at, item, field, &selections)).collect()
            }
            Ok(Resolved::Page(page)) => self.page(&page, &selections),
            Err(problem) => self.failed(problem, field),
        }
    }

    fn item<O: Object>(
        &mut self,
        at: usize,
        item: Result<O, Problem>,
        field: &Field,
        selections: &[&'a [Selection]],
    ) -> Value {
        self.path.push(at.into());
        let value = match item {
            Ok(object) => self.object(&object, selections),
            Err(problem) => self.failed(problem, field),
        };
        self.path.pop();
        value
    }

    fn failed(&mut self, problem: Problem, field: &Field) -> Value {
        self.problems.push(Problem { path: self.path.clone(), at: Some(field.at), ..problem });
        Value::Null
    }

    fn page<O: Object>(&mut self, page: &Page<O>, selections: &[&'a [Selection]]) -> Value {
        let mut fields = Vec::new();
        // A fragment on another type was refused.
        selections.iter().for_each(|all| self.fields(&|_| true, all, &mut fields));
        let mut value = Map::new();
        for (key, same) in fields {
            let within: Vec<&'a [Selection]> =
                same.iter().map(|field| &field.selections[..]).collect();
            self.path.push(key.into());
            let found = match same[0].name.as_str() {
                "nodes" => self.each(&page.items, |run, item| run.object(&item.object, &within)),
                "edges" => self.each(&page.items, |run, item| run.edge(item, &within)),
                "pageInfo" => self.plain(&within, |name| match name {
                    "hasNextPage" => page.has_next.into(),
                    "hasPreviousPage" => page.has_previous.into(),
                    "startCursor" => json!(page.items.first().map(|item| &item.cursor)),
                    "endCursor" => json!(page.items.last().map(|item| &item.cursor)),
                    _ => "PageInfo".into(),
                }),
                "totalCount" => page.total.into(),
                _ => Value::Null,
            };
            value.insert(key.to_owned(), found);
            self.path.pop();
        }
        value.into()
    }

    fn each<O>(
        &mut self,
        items: &[Item<O>],
        mut write: impl FnMut(&mut Self, &Item<O>) -> Value,
    ) -> Value {
        let mut values = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            self.path.push(at.into());
            values.push(write(self, item));
            self.path.pop();
        }
        values.into()
    }

    fn edge<O: Object>(&mut self, item: &Item<O>, selections: &[&'a [Selection]]) -> Value {
        let mut fields = Vec::new();
        selections.iter().for_each(|all| self.fields(&|_| false, all, &mut fields));
        let mut value = Map::new();
        for (key, same) in fields {
            let within: Vec<&'a [Selection]> =
                same.iter().map(|field| &field.selections[..]).collect();
            self.path.push(key.into());
            let found = match same[0].name.as_str() {
                "cursor" => item.cursor.clone().into(),
                "node" => self.object(&item.object, &within),
                name => {
                    let known = item.edge.iter().find(|(known, _)| *known == name);
                    known.map(|(_, value)| value.clone()).unwrap_or_default()
                }
            };
            value.insert(key.to_owned(), found);
            self.path.pop();
        }
        value.into()
    }

    /// An object of scalars.
    fn plain(&self, selections: &[&'a [Selection]], of: impl Fn(&str) -> Value) -> Value {
        let mut fields = Vec::new();
        selections.iter().for_each(|all| self.fields(&|_| false, all, &mut fields));
        fields.into_iter().map(|(key, same)| (key.to_owned(), of(&same[0].name))).collect()
    }

    /// The fields that are asked for, fragments dissolved, those of one key together.
    fn fields(
        &self,
        is: &dyn Fn(&str) -> bool,
        selections: &'a [Selection],
        found: &mut Vec<(&'a str, Vec<&'a Field>)>,
    ) {
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    match found.iter_mut().find(|(key, _)| *key == field.key()) {
                        Some((_, same)) => same.push(field),
                        None => found.push((field.key(), vec![field])),
                    }
                }
                Selection::Inline { on, selections } => {
                    if on.as_deref().is_none_or(is) {
                        self.fields(is, selections, found);
                    }
                }
                Selection::Spread(name, _) => {
                    let fragments = &self.checked.document.fragments;
                    let fragment = fragments.iter().find(|fragment| fragment.name == *name);
                    if let Some(fragment) = fragment.filter(|fragment| is(&fragment.on)) {
                        self.fields(is, &fragment.selections, found);
                    }
                }
            }
        }
    }
}
