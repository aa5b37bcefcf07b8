//! Whether a query can be answered, and how much it asks for.

use serde_json::{Map, Value, json};

use super::ast::{Document, Field, Operation, Selection};
use super::parser::parse;
use super::problem::Problem;
use super::schema::{Of, Schema, Type};

/// The most rows of a connection that may be asked for.
const MOST_ROWS: u64 = 100;
/// The most nodes that a query may ask for.
const MOST_NODES: u64 = 500_000;

/// A query that can be answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Checked {
    pub(crate) document: Document,
    pub(crate) operation: Operation,
    pub(crate) variables: Map<String, Value>,
    pub(crate) weight: Weight,
}

/// How much a query asks for, if every list is as long as it may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Weight {
    /// Pages of connections.
    pub(crate) requests: u64,
    pub(crate) nodes: u64,
}

impl Weight {
    /// The points that it costs.
    ///
    /// Source: <https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#predicting-the-point-value-of-a-query>.
    pub(crate) fn cost(self) -> u64 {
        ((self.requests + 50) / 100).max(1)
    }
}

impl Checked {
    /// Reads the body of a request.
    pub(crate) fn read(body: &[u8], schema: &dyn Schema) -> Result<Checked, Vec<Problem>> {
        let one = |problem| vec![problem];
        let body: Value = serde_json::from_slice(body)
            .map_err(|_| one(Problem::plain("Problems parsing JSON")))?;
        let text = body["query"].as_str().ok_or_else(|| {
            one(Problem::plain("A query attribute must be specified and must be a string."))
        })?;
        let document = parse(text).map_err(one)?;
        let operation = chosen(&document, body["operationName"].as_str()).map_err(one)?.clone();
        let given = body["variables"].as_object().cloned().unwrap_or_default();
        let variables = bind(&operation, &given)?;
        let mut check = Check {
            document: &document,
            schema,
            variables: &variables,
            path: vec![title(&operation).into()],
            spreads: Vec::new(),
            used: Vec::new(),
            problems: Vec::new(),
            weight: Weight::default(),
        };
        check.selections(&operation.selections, Type::Named("Query"), 1);
        check.unused(&operation);
        let (problems, weight) = (check.problems, check.weight);
        if !problems.is_empty() {
            return Err(problems);
        }
        if weight.nodes > MOST_NODES {
            let message = format!(
                "This query requests up to {} possible nodes which exceeds the maximum limit of 500,000.",
                weight.nodes
            );
            return Err(vec![Problem::kind("MAX_NODE_LIMIT_EXCEEDED", message)]);
        }
        Ok(Checked { document, operation, variables, weight })
    }
}

fn is_count(selection: &Selection) -> bool {
    matches!(selection, Selection::Field(field) if field.name == "totalCount")
}

fn title(operation: &Operation) -> String {
    operation.name.as_ref().map_or("query".to_owned(), |name| format!("query {name}"))
}

fn chosen<'a>(document: &'a Document, name: Option<&str>) -> Result<&'a Operation, Problem> {
    match (name, document.operations.as_slice()) {
        (None, [only]) => Ok(only),
        (None, _) => Err(Problem::plain("An operation name is required")),
        (Some(name), all) => all
            .iter()
            .find(|operation| operation.name.as_deref() == Some(name))
            .ok_or_else(|| Problem::plain(format!("No operation named {name:?}"))),
    }
}

/// The values of the variables that an operation declares.
fn bind(
    operation: &Operation,
    given: &Map<String, Value>,
) -> Result<Map<String, Value>, Vec<Problem>> {
    let mut variables = Map::new();
    let mut problems = Vec::new();
    for variable in &operation.variables {
        let default = || variable.default.as_ref().map(|default| default.value(&Map::new()));
        let value = given.get(&variable.name).cloned().or_else(default).unwrap_or_default();
        if let Err(why) = fits(&variable.kind, &value) {
            let (name, kind) = (&variable.name, &variable.kind);
            let message = format!("Variable ${name} of type {kind} was provided invalid value");
            let problem = Problem::at(message, variable.at);
            let reasons = json!([{"path": [], "explanation": why}]);
            problems.push(problem.with(json!({"value": value, "problems": reasons})));
        }
        variables.insert(variable.name.clone(), value);
    }
    if problems.is_empty() { Ok(variables) } else { Err(problems) }
}

/// Whether a value is of a type; what is no scalar of the language is taken as it is.
fn fits(kind: &str, value: &Value) -> Result<(), &'static str> {
    let inner = kind.strip_suffix('!');
    match (inner, value) {
        (Some(_), Value::Null) => return Err("Expected value to not be null"),
        (None, Value::Null) => return Ok(()),
        _ => {}
    }
    let kind = inner.unwrap_or(kind);
    if let Some(item) = kind.strip_prefix('[').and_then(|kind| kind.strip_suffix(']')) {
        return match value {
            Value::Array(items) => items.iter().try_for_each(|value| fits(item, value)),
            value => fits(item, value),
        };
    }
    let is = match kind {
        "Int" => value.is_i64() || value.is_u64(),
        "String" => value.is_string(),
        "Boolean" => value.is_boolean(),
        "ID" => value.is_string() || value.is_u64(),
        _ => true,
    };
    if is { Ok(()) } else { Err("Could not coerce value") }
}

struct Check<'a> {
    document: &'a Document,
    schema: &'a dyn Schema,
    variables: &'a Map<String, Value>,
    path: Vec<Value>,
    /// The fragments that are being spread.
    spreads: Vec<&'a str>,
    used: Vec<&'a str>,
    problems: Vec<Problem>,
    weight: Weight,
}

impl<'a> Check<'a> {
    /// Checks what is asked of a type, of which there are `times` objects at most.
    fn selections(&mut self, selections: &'a [Selection], of: Type, times: u64) {
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    self.path.push(field.key().into());
                    self.field(field, of, times);
                    self.path.pop();
                }
                Selection::Inline { on: None, selections } => {
                    self.selections(selections, of, times)
                }
                Selection::Inline { on: Some(on), selections } => match self.condition(on, of) {
                    Some(on) => self.selections(selections, on, times),
                    None => self.problem(
                        Problem::plain(format!(
                            "No such type {on}, so it can't be a fragment condition"
                        ))
                        .code("undefinedType"),
                    ),
                },
                Selection::Spread(name, at) => {
                    let found = self.document.fragments.iter().find(|it| it.name == *name);
                    let on = found.and_then(|fragment| self.condition(&fragment.on, of));
                    match (found, on) {
                        _ if self.spreads.contains(&name.as_str()) => {
                            self.problem(
                                Problem::at(
                                    format!("Fragment {name} contains an infinite loop"),
                                    *at,
                                )
                                .code("infiniteLoop"),
                            );
                        }
                        (Some(fragment), Some(on)) => {
                            self.spreads.push(name);
                            self.selections(&fragment.selections, on, times);
                            self.spreads.pop();
                        }
                        _ => self.problem(
                            Problem::at(format!("Fragment {name} was used, but not defined"), *at)
                                .code("useAndDefineFragment"),
                        ),
                    }
                }
            }
        }
    }

    /// The type of a fragment among the fields of another.
    fn condition(&self, name: &str, of: Type) -> Option<Type> {
        if of.name() == name { Some(of) } else { self.schema.named(name).map(Type::Named) }
    }

    fn field(&mut self, field: &'a Field, of: Type, times: u64) {
        let (name, type_name) = (&field.name, of.name());
        let Some((gives, arguments)) = of.field(name, self.schema) else {
            let message = format!("Field '{name}' doesn't exist on type '{type_name}'");
            let code = json!({"code": "undefinedField", "typeName": type_name, "fieldName": name});
            self.problem(Problem::at(message, field.at).with(code));
            return;
        };
        for (argument, input) in &field.arguments {
            if !arguments.contains(&argument.as_str()) {
                let message = format!("Field '{name}' doesn't accept argument '{argument}'");
                self.problem(Problem::at(message, field.at).code("argumentNotAccepted"));
            }
            input.used(&mut self.used);
        }
        let given = field.arguments(self.variables);
        match (gives, field.selections.is_empty()) {
            (Of::Leaf, true) => {}
            (Of::Leaf, false) => {
                let message = format!("Selections can't be made on scalars (field '{name}')");
                self.problem(Problem::at(message, field.at).code("selectionMismatch"));
            }
            (_, true) => {
                let message =
                    format!("Field must have selections (field '{name}' has no selections)");
                self.problem(Problem::at(message, field.at).code("selectionMismatch"));
            }
            (Of::One(of @ Type::Connection(_)), false) => {
                let rows = self.rows(field, &given);
                self.weight.requests += times;
                self.weight.nodes = self.weight.nodes.saturating_add(times.saturating_mul(rows));
                self.selections(&field.selections, of, times.saturating_mul(rows));
            }
            (Of::One(of) | Of::Many(of, None), false) => {
                self.selections(&field.selections, of, times)
            }
            (Of::Many(of, Some(argument)), false) => {
                let count =
                    given.get(argument).and_then(Value::as_array).map_or(1, Vec::len) as u64;
                if count > MOST_ROWS {
                    let message = format!(
                        "You may not provide more than {MOST_ROWS} node ids; you provided {count}."
                    );
                    self.problem(Problem {
                        at: Some(field.at),
                        ..Problem::kind("ARGUMENT_LIMIT", message)
                    });
                }
                self.weight.nodes += count;
                self.selections(&field.selections, of, times * count);
            }
        }
    }

    /// How many rows of a connection are asked for.
    fn rows(&mut self, field: &Field, given: &Map<String, Value>) -> u64 {
        let name = &field.name;
        let asked = ["first", "last"]
            .into_iter()
            .find_map(|bound| Some((bound, given.get(bound)?.as_i64()?)));
        let problem = match asked {
            // What is only counted has no page.
            None if field.selections.iter().all(is_count) => return 0,
            Some((_, rows)) if (1..=MOST_ROWS as i64).contains(&rows) => {
                return rows.unsigned_abs();
            }
            Some((bound, rows)) => Problem::kind(
                "EXCESSIVE_PAGINATION",
                format!(
                    "Requesting {rows} records on the `{name}` connection exceeds the `{bound}` limit of {MOST_ROWS} records."
                ),
            ),
            None => Problem::kind(
                "MISSING_PAGINATION_BOUNDARIES",
                format!(
                    "You must provide a `first` or `last` value to properly paginate the `{name}` connection."
                ),
            ),
        };
        self.problem(Problem { at: Some(field.at), ..problem });
        0
    }

    fn unused(&mut self, operation: &Operation) {
        for variable in &operation.variables {
            if !self.used.contains(&variable.name.as_str()) {
                let name = &variable.name;
                let by = operation.name.as_deref().unwrap_or("anonymous query");
                let message = format!("Variable ${name} is declared by {by} but not used");
                self.problem(Problem::at(message, variable.at).code("variableNotUsed"));
            }
        }
        for name in self.used.clone() {
            if !operation.variables.iter().any(|variable| variable.name == name) {
                let message = format!("Variable ${name} is used but not declared");
                self.problem(Problem::at(message, operation.at).code("variableNotDefined"));
            }
        }
    }

    fn problem(&mut self, problem: Problem) {
        self.problems.push(Problem { path: self.path.clone(), ..problem });
    }
}
