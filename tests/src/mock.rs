//! A running `mock-api`.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::{binary, http};

/// The server's clock at its start: a little after the data's.
const DATE: &str = "--date 2026-11-02T00:00:00Z";

/// Runs a program until stdin ends, which it does when this process does, however that ends. Nothing else
/// holds stdout, so that the end of the program is the end of what it says.
const UNTIL_ORPHANED: &str =
    r#""$0" "$@" & program=$!; exec > /dev/null; cat; kill -s KILL $program; wait"#;

/// A server of its own, on a free port; ended when it is dropped.
#[derive(Debug)]
pub struct Mock {
    child: Child,
    url: String,
    /// Held open: the server may have more to say.
    _stdout: BufReader<ChildStdout>,
}

impl Mock {
    /// Starts one with these arguments, separated by spaces.
    pub fn start(arguments: &str) -> Mock {
        let date = if arguments.contains("--date ") { "" } else { DATE };
        let mut child = Command::new("sh")
            .args(["-c", UNTIL_ORPHANED])
            .arg(binary::path("mock-api"))
            .args(date.split_whitespace())
            .args(arguments.split_whitespace())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server can be started");
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("the server's stdout can be read");
        let url = line.trim().strip_prefix("listening on ").map(str::to_owned);
        let url = url.unwrap_or_else(|| panic!("`mock-api {arguments}` said `{line}`"));
        Mock { child, url, _stdout: stdout }
    }

    /// Its address, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Host and port.
    pub fn authority(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// Makes it misbehave by a script.
    pub fn faults(&self, script: &Value) {
        self.admin("POST", "faults", &script.to_string());
    }

    /// Makes it honest again.
    pub fn heal(&self) {
        self.admin("DELETE", "faults", "");
    }

    /// Changes its data or its clock: `touch?repo=acme/widgets&count=3`.
    pub fn post(&self, action: &str) -> Value {
        serde_json::from_str(&self.admin("POST", action, "")).expect("a change is told in JSON")
    }

    /// What was asked so far: `total`, `patterns`, `statuses`, `last`.
    pub fn requests(&self) -> Value {
        serde_json::from_str(&self.admin("GET", "requests", "")).expect("the journal is JSON")
    }

    /// The number of requests so far.
    pub fn request_count(&self) -> u64 {
        self.requests()["total"].as_u64().expect("the journal has a total")
    }

    /// What it holds of a list; `None` if there is no such repository.
    pub(crate) fn truth(&self, repo: &str, resource: &str, fields: &str) -> Option<Vec<Value>> {
        let target = format!("/_mock/truth?repo={repo}&resource={resource}&fields={fields}");
        match http::send("GET", &self.url, &target, "") {
            (404, _) => None,
            (200, body) => {
                let row = |line| serde_json::from_str(line).expect("a row of the truth is JSON");
                Some(body.lines().map(row).collect())
            }
            (status, body) => panic!("{target}: {status} {body}"),
        }
    }

    fn admin(&self, method: &str, action: &str, body: &str) -> String {
        let (status, answer) = http::send(method, &self.url, &format!("/_mock/{action}"), body);
        assert_eq!(status, 200, "{method} {action}: {answer}");
        answer
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // A server that has ended already needs no more.
        let _ = self.child.wait();
    }
}
