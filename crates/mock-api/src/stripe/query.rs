//! The parameters of a list: page, bounds, filters, and what is to be whole.

use super::error::Problem;
use super::expand::Expand;
use crate::server::Request;

const DEFAULT_LIMIT: usize = 10;
const MAX_LIMIT: usize = 100;

/// The parameters that a list takes beside those of its page.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Allowed<'a> {
    /// `created` and its bounds.
    pub(super) dated: bool,
    pub(super) filters: &'a [&'static str],
    pub(super) ranges: &'a [&'static str],
    /// The one that names the parent.
    pub(super) param: Option<&'static str>,
}

/// Numbers between two, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) low: u64,
    pub(super) high: u64,
}

/// What a list is asked for.
#[derive(Debug)]
pub(super) struct Query<'a> {
    pub(super) limit: usize,
    pub(super) starting_after: Option<&'a str>,
    pub(super) ending_before: Option<&'a str>,
    pub(super) created: Bounds,
    /// Fields with bounds.
    pub(super) ranges: Vec<(&'static str, Bounds)>,
    /// Fields with values, one of which each is to have.
    pub(super) filters: Vec<(&'static str, Vec<&'a str>)>,
    /// The id of the parent.
    pub(super) parent: Option<&'a str>,
    pub(super) expand: Expand,
}

const ALL: Bounds = Bounds { low: 0, high: u64::MAX };

impl Bounds {
    pub(super) fn has(self, value: u64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// Narrows by an operator such as `gte`; without one to a single value.
    fn narrow(&mut self, operator: &str, value: u64) -> Option<()> {
        match operator {
            "" => (self.low, self.high) = (value, value),
            "gt" => self.low = self.low.max(value.saturating_add(1)),
            "gte" => self.low = self.low.max(value),
            "lt" => match value.checked_sub(1) {
                Some(high) => self.high = self.high.min(high),
                None => (self.low, self.high) = (1, 0),
            },
            "lte" => self.high = self.high.min(value),
            _ => return None,
        }
        Some(())
    }
}

impl<'a> Query<'a> {
    /// Reads the parameters of a request.
    ///
    /// # Errors
    /// One is unknown, or has no value of its kind.
    pub(super) fn parse(request: &'a Request, allowed: Allowed<'_>) -> Result<Self, Problem> {
        let mut query = Self {
            limit: DEFAULT_LIMIT,
            starting_after: None,
            ending_before: None,
            created: ALL,
            ranges: Vec::new(),
            filters: Vec::new(),
            parent: None,
            expand: Expand::default(),
        };
        for (key, value) in &request.query {
            query.take(key, value, allowed)?;
        }
        Ok(query)
    }

    fn take(&mut self, key: &str, value: &'a str, allowed: Allowed<'_>) -> Result<(), Problem> {
        let (name, operator) = key.split_once('[').unwrap_or((key, ""));
        let operator = operator.strip_suffix(']').unwrap_or(operator);
        let unknown = || Problem::unknown_parameter(key);
        let integer = || value.parse::<u64>().map_err(|_| no_integer(key, value));
        match name {
            "limit" => self.limit = limit(value)?,
            "starting_after" => self.starting_after = Some(value),
            "ending_before" => self.ending_before = Some(value),
            "expand" => {
                self.expand.add(value).map_err(|text| Problem::new(400, text).param("expand"))?;
            }
            "created" if allowed.dated => {
                self.created.narrow(operator, integer()?).ok_or_else(unknown)?;
            }
            _ if Some(name) == allowed.param => self.parent = Some(value),
            _ => {
                let is_name = |known: &&&str| **known == name;
                if let Some(known) = allowed.ranges.iter().find(is_name) {
                    let mut bounds = ALL;
                    bounds.narrow(operator, integer()?).ok_or_else(unknown)?;
                    self.ranges.push((*known, bounds));
                    return Ok(());
                }
                let known = allowed.filters.iter().find(is_name).ok_or_else(unknown)?;
                match self.filters.iter_mut().find(|(name, _)| name == known) {
                    Some((_, values)) => values.push(value),
                    None => self.filters.push((known, vec![value])),
                }
            }
        }
        Ok(())
    }
}

fn limit(value: &str) -> Result<usize, Problem> {
    let number: i64 = value.parse().map_err(|_| no_integer("limit", value))?;
    let rule = if number < 1 {
        "greater than or equal to 1"
    } else if number > MAX_LIMIT as i64 {
        "less than or equal to 100"
    } else {
        return Ok(number as usize);
    };
    let text = format!("This value must be {rule} (it currently is '{number}').");
    Err(Problem::new(400, text).code("parameter_invalid_integer").param("limit"))
}

fn no_integer(key: &str, value: &str) -> Problem {
    Problem::new(400, format!("Invalid integer: {value}"))
        .code("parameter_invalid_integer")
        .param(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, expected: impl Fn(Result<Query<'_>, Problem>) -> bool) {
        let request = Request::new("GET", &format!("/?{query}"));
        let allowed = Allowed {
            dated: true,
            filters: &["status", "types"],
            ranges: &["due_date"],
            param: Some("payout"),
        };
        assert!(expected(Query::parse(&request, allowed)), "{query}");
    }

    #[test]
    fn parameters_are_read_in_all_their_forms() {
        let bounds = |low, high| Bounds { low, high };
        check("", |query| query.is_ok_and(|query| query.limit == 10 && query.created == ALL));
        check("limit=100&starting_after=ch_1", |query| {
            query.is_ok_and(|query| query.limit == 100 && query.starting_after == Some("ch_1"))
        });
        check("created[gte]=5&created[lt]=9", |query| {
            query.is_ok_and(|query| query.created == bounds(5, 8))
        });
        check("created[gt]=5&created%5Blte%5D=9", |query| {
            query.is_ok_and(|query| query.created == bounds(6, 9))
        });
        check("created=7", |query| query.is_ok_and(|query| query.created == bounds(7, 7)));
        check("created[lt]=0", |query| query.is_ok_and(|query| !query.created.has(0)));
        check("types[]=a&types[1]=b&payout=po_1", |query| {
            query.is_ok_and(|query| {
                query.filters == [("types", vec!["a", "b"])] && query.parent == Some("po_1")
            })
        });
        check("due_date[gte]=3&expand[0]=data.customer", |query| {
            query.is_ok_and(|query| {
                query.ranges == [("due_date", bounds(3, u64::MAX))]
                    && query.expand.within("data").is_some()
            })
        });
    }

    #[test]
    fn what_is_unknown_or_no_number_is_told_with_its_name() {
        for (query, code, param) in [
            ("colour=red", "parameter_unknown", "colour"),
            ("created[near]=5", "parameter_unknown", "created[near]"),
            ("created[gte]=yesterday", "parameter_invalid_integer", "created[gte]"),
            ("limit=0", "parameter_invalid_integer", "limit"),
            ("limit=101", "parameter_invalid_integer", "limit"),
            ("limit=ten", "parameter_invalid_integer", "limit"),
        ] {
            check(query, |result| {
                result.is_err_and(|problem| {
                    (problem.status, problem.code) == (400, Some(code))
                        && problem.param.as_deref() == Some(param)
                })
            });
        }
    }
}
