//! The script: which request gets which fault.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use serde::Deserialize;

use super::glob;
use super::kind::{Fault, Target};
use crate::Error;
use crate::server::{Answer, Delivery, Request};

/// How many addresses a rule remembers for `repeat_cursor`.
const REMEMBERED: usize = 1_000;

/// One line of the script.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    #[serde(default, rename = "match")]
    matcher: Matcher,
    /// Only that matching request, counted from 1.
    nth: Option<u64>,
    /// From that matching request on.
    from: Option<u64>,
    /// That many matching requests.
    times: Option<u64>,
    fault: Fault,
}

/// What a request must be like.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Matcher {
    path: Option<String>,
    #[serde(default)]
    query: BTreeMap<String, String>,
    page: Option<u64>,
    method: Option<String>,
    /// The token that came with it.
    token: Option<String>,
}

impl Matcher {
    fn matches(&self, request: &Request) -> bool {
        let path = self.path.as_deref().is_none_or(|path| glob::matches(path, &request.path));
        let page = self.page.is_none_or(|page| request.number("page").unwrap_or(1) == page);
        let method = self.method.as_deref().is_none_or(|method| method == request.method);
        let token = self.token.as_deref().is_none_or(|token| token == request.credential());
        let query =
            self.query.iter().all(|(key, value)| request.param(key) == Some(value.as_str()));
        path && page && method && token && query
    }
}

impl Rule {
    fn is_due(&self, count: u64) -> bool {
        if let Some(nth) = self.nth {
            return count == nth;
        }
        let from = self.from.unwrap_or(1);
        count >= from && self.times.is_none_or(|times| count < from + times)
    }
}

/// A rule, and what it has seen.
#[derive(Debug, Clone)]
struct Watched {
    rule: Rule,
    count: u64,
    addresses: Vec<String>,
    /// The honest answer to the last request that matched.
    earlier: Option<Answer>,
}

/// The rules that hold now.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Mutex<Vec<Watched>>,
}

/// A fault that a request is to get.
#[derive(Debug)]
pub(crate) struct Due {
    fault: Fault,
    /// Addresses of the matching requests, this one last.
    addresses: Vec<String>,
    earlier: Option<Answer>,
}

impl Due {
    /// The fault's name in the script.
    pub(crate) fn name(&self) -> &'static str {
        self.fault.name()
    }

    /// The admin request that is to follow.
    pub(crate) fn change(&self) -> Option<(&str, Request)> {
        let Fault::Change { action, query } = &self.fault else { return None };
        Some((action, Request::new("POST", &format!("/_mock/{action}?{query}"))))
    }

    /// Turns the honest answer into the faulty one.
    pub(crate) fn apply(&self, request: &Request, answer: Answer) -> (Answer, Delivery) {
        let earlier = self.earlier.as_ref();
        let target = Target { request, addresses: &self.addresses, earlier };
        self.fault.apply(&target, answer)
    }
}

impl Faults {
    /// Reads a script from a file.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let script = std::fs::read(path)
            .map_err(|source| Error::FaultFile { path: path.to_owned(), source })?;
        let faults = Self::default();
        faults.replace(&script)?;
        Ok(faults)
    }

    /// Puts a script in place of the one before; gives the number of its rules.
    pub(crate) fn replace(&self, script: &[u8]) -> Result<usize, Error> {
        let rules: Vec<Rule> = serde_json::from_slice(script)?;
        let watched = |rule| Watched { rule, count: 0, addresses: Vec::new(), earlier: None };
        let mut current = self.rules.lock().expect("no holder of this lock panics");
        *current = rules.into_iter().map(watched).collect();
        Ok(current.len())
    }

    pub(crate) fn clear(&self) {
        self.rules.lock().expect("no holder of this lock panics").clear();
    }

    /// Counts a request, and gives the first fault that is due for it.
    pub(crate) fn due(&self, request: &Request, honest: &Answer) -> Option<Due> {
        let mut rules = self.rules.lock().expect("no holder of this lock panics");
        let mut due = None;
        for watched in rules.iter_mut().filter(|one| one.rule.matcher.matches(request)) {
            watched.count += 1;
            watched.addresses.push(format!("{}{}", request.origin(), request.target));
            if watched.addresses.len() > REMEMBERED {
                watched.addresses.remove(0);
            }
            if due.is_none() && watched.rule.is_due(watched.count) {
                let (fault, addresses) = (watched.rule.fault.clone(), watched.addresses.clone());
                due = Some(Due { fault, addresses, earlier: watched.earlier.clone() });
            }
            if matches!(watched.rule.fault, Fault::Earlier {}) {
                watched.earlier = Some(honest.clone());
            }
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(script: &str, targets: &[&str], faulty: &[usize]) {
        let faults = Faults::default();
        faults.replace(script.as_bytes()).unwrap();
        let hit: Vec<usize> = (0..targets.len())
            .filter(|&at| {
                faults.due(&Request::new("GET", targets[at]), &Answer::default()).is_some()
            })
            .collect();
        assert_eq!(hit, faulty, "{script}");
    }

    #[test]
    fn a_rule_fires_on_the_requests_that_it_names() {
        let fault = r#""fault": {"kind": "empty"}"#;
        let pages = ["/a?page=1", "/a?page=2", "/b", "/a?page=2"];
        check(&format!("[{{{fault}}}]"), &pages, &[0, 1, 2, 3]);
        check(&format!(r#"[{{"match": {{"path": "/a"}}, "nth": 2, {fault}}}]"#), &pages, &[1]);
        check(&format!(r#"[{{"match": {{"page": 2}}, {fault}}}]"#), &pages, &[1, 3]);
        check(&format!(r#"[{{"match": {{"page": 1}}, {fault}}}]"#), &pages, &[0, 2]);
        check(&format!(r#"[{{"from": 2, "times": 2, {fault}}}]"#), &pages, &[1, 2]);
        check(&format!(r#"[{{"match": {{"query": {{"page": "2"}}}}, {fault}}}]"#), &pages, &[1, 3]);
    }

    #[test]
    fn a_misspelt_rule_is_refused() {
        assert!(Faults::default().replace(br#"[{"fault": {"kind": "explode"}}]"#).is_err());
        assert!(Faults::default().replace(br#"[{"nht": 1, "fault": {"kind": "html"}}]"#).is_err());
    }
}
