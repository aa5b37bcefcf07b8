//! How a tap is run: its config, its files, its arguments.

use std::ffi::OsString;
use std::process::{Command, Stdio};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::process::Running;
use crate::run::{Run, Terms};
use crate::{Folder, Mock, TOKEN, binary};

/// Arguments with which a tap writes no messages, or no STATE.
const NO_SYNC: [&str; 8] =
    ["--discover", "--about", "--version", "--help", "--test", "state", "completions", "man"];

/// A run to be made, of `tap-github` with an environment of its own.
#[derive(Debug)]
pub struct Tap<'a> {
    mock: Option<&'a Mock>,
    folder: Arc<Folder>,
    config: Map<String, Value>,
    state: Option<Value>,
    catalog: Option<Value>,
    arguments: Vec<OsString>,
    environment: Vec<(String, String)>,
    input: Option<String>,
}

impl<'a> Tap<'a> {
    /// A run without any config.
    pub fn bare() -> Tap<'static> {
        Tap {
            mock: None,
            folder: Arc::new(Folder::new()),
            config: Map::new(),
            state: None,
            catalog: None,
            arguments: Vec::new(),
            environment: Vec::new(),
            input: None,
        }
    }

    /// A run that reads these repositories from a server.
    pub fn of(mock: &'a Mock, repositories: &[&str]) -> Tap<'a> {
        let tap = Tap { mock: Some(mock), ..Tap::bare() };
        tap.with("api_url_base", mock.url())
            .with("auth_token", TOKEN)
            .with("repositories", json!(repositories))
    }

    /// Sets a setting.
    #[must_use]
    pub fn with(mut self, setting: &str, value: impl Into<Value>) -> Tap<'a> {
        self.config.insert(setting.to_owned(), value.into());
        self
    }

    /// The source's answers are bent on purpose, so that nothing is compared with what it holds.
    #[must_use]
    pub fn bent(mut self) -> Tap<'a> {
        self.mock = None;
        self
    }

    /// Resumes from a state.
    #[must_use]
    pub fn state(mut self, state: Option<&Value>) -> Tap<'a> {
        self.state = state.cloned();
        self
    }

    /// Reads what a catalog says.
    #[must_use]
    pub fn catalog(mut self, catalog: &Value) -> Tap<'a> {
        self.catalog = Some(catalog.clone());
        self
    }

    /// Adds arguments, separated by spaces.
    #[must_use]
    pub fn args(mut self, arguments: &str) -> Tap<'a> {
        self.arguments.extend(arguments.split_whitespace().map(OsString::from));
        self
    }

    /// Adds an argument and a file that it names.
    #[must_use]
    pub fn file(mut self, argument: &str, name: &str, content: &str) -> Tap<'a> {
        let path = self.folder.write(name, content);
        self.arguments.extend([argument.into(), path.into_os_string()]);
        self
    }

    /// Sets a variable of the environment, which has no other.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Tap<'a> {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What stands on stdin.
    #[must_use]
    pub fn input(mut self, text: &str) -> Tap<'a> {
        self.input = Some(text.to_owned());
        self
    }

    /// Runs it to its end.
    pub fn run(&self) -> Run {
        self.start().finish()
    }

    /// Starts it.
    pub fn start(&self) -> Running<'a> {
        self.start_into(Stdio::piped())
    }

    /// Starts it with a stdout of another kind.
    pub fn start_into(&self, stdout: Stdio) -> Running<'a> {
        let mut command = Command::new(binary::path("tap-github"));
        command.current_dir(self.folder.path()).env_clear();
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        if !self.config.is_empty() {
            let config = Value::Object(self.config.clone());
            command.arg("--config").arg(self.folder.write_json("config.json", &config));
        }
        for (argument, value) in [("--state", &self.state), ("--catalog", &self.catalog)] {
            if let Some(value) = value {
                let name = format!("{}.json", argument.trim_start_matches('-'));
                command.arg(argument).arg(self.folder.write_json(&name, value));
            }
        }
        let stdin = match &self.input {
            Some(text) => {
                let path = self.folder.write("stdin", text);
                Stdio::from(std::fs::File::open(path).expect("a file just written can be read"))
            }
            None => Stdio::null(),
        };
        command.args(&self.arguments).stdin(stdin).stdout(stdout).stderr(Stdio::piped());
        let child = command.spawn().expect("the tap can be started");
        let start_date = self.config.get("start_date").and_then(Value::as_str);
        let is_sync = !self.arguments.iter().any(|argument| {
            argument.to_str().is_some_and(|text| NO_SYNC.iter().any(|no| text.starts_with(no)))
        });
        let terms = Terms { mock: self.mock, start_date: start_date.map(str::to_owned), is_sync };
        Running::new(child, terms, Arc::clone(&self.folder))
    }
}
