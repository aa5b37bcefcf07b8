//! Labels of a repository.

use std::sync::LazyLock;

use super::seed::Dice;
use super::table::Row;
use super::template::{Fill, Template, shape};
use super::world::{Kind, Repo};
use super::{json, node, text};

static LABEL: LazyLock<Template> = shape!("label");

/// The labels that every repository begins with: name, colour, description.
const DEFAULTS: [(&str, &str, &str); 9] = [
    ("bug", "d73a4a", "Something isn't working"),
    ("documentation", "0075ca", "Improvements or additions to documentation"),
    ("duplicate", "cfd3d7", "This issue or pull request already exists"),
    ("enhancement", "a2eeef", "New feature or request"),
    ("good first issue", "7057ff", "Good for newcomers"),
    ("help wanted", "008672", "Extra attention is needed"),
    ("invalid", "e4e669", "This doesn't seem right"),
    ("question", "d876e3", "Further information is requested"),
    ("wontfix", "ffffff", "This will not be worked on"),
];

/// A label.
pub(crate) struct Label<'a> {
    pub(crate) repo: &'a Repo,
    pub(crate) row: &'a Row,
}

impl Label<'_> {
    pub(crate) fn object(&self, out: &mut String) {
        LABEL.render(self, out);
    }

    fn preset(&self) -> Option<(&'static str, &'static str, &'static str)> {
        DEFAULTS.get(self.row.number as usize - 1).copied()
    }

    fn name(&self) -> String {
        match self.preset() {
            Some((name, ..)) => name.to_owned(),
            None => format!("area: {} {}", text::word(self.dice(), 1), self.row.number),
        }
    }

    fn dice(&self) -> Dice {
        self.repo.dice(Kind::Label, self.row.number)
    }

    fn description(&self) -> Option<String> {
        let version = self.row.version;
        let words = match self.preset() {
            Some((.., description)) => description.to_owned(),
            None if version == 0 && self.dice().chance(3, 40) => return None,
            None => text::title(self.dice(), 4),
        };
        Some(if version == 0 { words } else { format!("{words} (edit {version})") })
    }
}

impl Fill for Label<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        let id = || self.repo.id_of(Kind::Label, self.row.number);
        match slot {
            "id" => json::number(id(), out),
            "node_id" => node::within("LA", self.repo.id, id(), out),
            "repo" => self.repo.push_full_name(out),
            "slug" => out.push_str(&self.name().replace(' ', "%20")),
            "name" => json::text(&self.name(), out),
            "color" => match self.preset() {
                Some((_, color, _)) => out.push_str(color),
                None => out.push_str(&format!("{:06x}", self.dice().pick(2, 1 << 24))),
            },
            "default" => json::boolean(self.preset().is_some(), out),
            "description" => match self.description() {
                Some(description) => json::text(&description, out),
                None => out.push_str("null"),
            },
            _ => return false,
        }
        true
    }
}
