//! The projects of an organization: their fields, items, and the values that items have.

use serde_json::{Value, json};

use super::account::Account;
use super::graphql::made::{actor, page};
use super::review::instant;
use super::seed::Dice;
use super::table::Row;
use super::world::{Kind, Owner, Repo, World};
use super::{node, text};

/// Issues that are an item of each project, at most.
const ISSUES: usize = 12;
const DAY: u32 = 86_400;
const TITLES: [&str; 2] = ["Roadmap", "Everything we know"];
/// The second project has so many fields of its own.
const NOTES: u32 = 55;
const STATES: [(&str, &str); 3] =
    [("Todo", "GREEN"), ("In Progress", "YELLOW"), ("Done", "PURPLE")];
const FIELDS: [(&str, &str); 7] = [
    ("Title", "TITLE"),
    ("Status", "SINGLE_SELECT"),
    ("Labels", "LABELS"),
    ("Estimate", "NUMBER"),
    ("Due", "DATE"),
    ("Sprint", "ITERATION"),
    ("Notes", "TEXT"),
];

/// The projects of an organization, without their items.
pub(crate) fn all(world: &World, login: &str) -> Vec<Value> {
    of(world, login).map(|project| project.value()).collect()
}

/// The items of a project.
pub(crate) fn items(world: &World, project: &Value) -> Vec<Value> {
    let found = every(world).find(|known| known.global_id() == *project);
    found.map(|project| project.items()).unwrap_or_default()
}

/// The project or item of a global id.
pub(crate) fn by_id(world: &World, id: &str) -> Option<Value> {
    match node::read(id)? {
        ("PVT", None, id) => every(world).find(|known| known.id() == id).map(|it| it.value()),
        (_, Some(project), _) => {
            let project = every(world).find(|known| known.id() == project)?;
            project.items().into_iter().find(|item| item["id"] == id)
        }
        _ => None,
    }
}

fn every(world: &World) -> impl Iterator<Item = Project<'_>> {
    world.owners.iter().flat_map(|owner| of(world, &owner.login))
}

fn of<'a>(world: &'a World, login: &str) -> impl Iterator<Item = Project<'a>> {
    let owner = world.owner(login);
    owner.into_iter().flat_map(|owner| {
        let repo = world.repos.iter().find(|repo| repo.owner_id == owner.id);
        (1..=TITLES.len() as u32).map(move |number| Project { owner, repo, number })
    })
}

struct Project<'a> {
    owner: &'a Owner,
    /// Where the issues are that are its items.
    repo: Option<&'a Repo>,
    number: u32,
}

impl Project<'_> {
    fn id(&self) -> u64 {
        self.owner.id * 10 + u64::from(self.number)
    }

    fn global_id(&self) -> Value {
        let mut id = String::new();
        node::of("PVT", self.id(), &mut id);
        serde_json::from_str(&id).unwrap_or_default()
    }

    fn value(&self) -> Value {
        let path = format!("/orgs/{}/projects/{}", self.owner.login, self.number);
        let (created, updated) = (self.owner.created + DAY, self.owner.updated);
        json!({
            "__typename": "ProjectV2",
            "id": self.global_id(),
            "fullDatabaseId": self.id().to_string(),
            "number": self.number,
            "title": TITLES[self.number as usize - 1],
            "url": format!("https://github.com{path}"),
            "resourcePath": path,
            "createdAt": instant(created),
            "updatedAt": instant(updated),
            "closed": false,
            "closedAt": null,
            "public": self.number == 1,
            "readme": "# What we plan",
            "shortDescription": if self.number == 1 { json!("What comes next") } else { Value::Null },
            "template": false,
            "viewerCanClose": false,
            "viewerCanReopen": false,
            "viewerCanUpdate": false,
            "owner": actor(&Account::from(self.owner)),
            "creator": actor(&Account::user(7)),
            "fields": page(self.fields().iter().map(|(at, name, kind)| self.field(*at, name, kind)).collect()),
        })
    }

    fn within(&self, prefix: &str, id: u64) -> Value {
        let mut text = String::new();
        node::within(prefix, self.id(), id, &mut text);
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Number, name and kind of each field.
    fn fields(&self) -> Vec<(u32, String, &'static str)> {
        let known = FIELDS.iter().map(|(name, kind)| ((*name).to_owned(), *kind));
        let own = (1..=NOTES).map(|note| (format!("Note {note}"), "TEXT"));
        let fields = known.chain(own.filter(|_| self.number == 2));
        (1..).zip(fields).map(|(at, (name, kind))| (at, name, kind)).collect()
    }

    fn field(&self, at: u32, name: &str, kind: &str) -> Value {
        let created = instant(self.owner.created + DAY);
        let mut field = json!({
            "__typename": match kind {
                "SINGLE_SELECT" => "ProjectV2SingleSelectField",
                "ITERATION" => "ProjectV2IterationField",
                _ => "ProjectV2Field",
            },
            "id": self.within("PVTF", at.into()),
            "databaseId": self.id() * 100 + u64::from(at),
            "name": name,
            "dataType": kind,
            "createdAt": created,
            "updatedAt": created,
        });
        let iteration = |number: u32| {
            json!({
                "__typename": "ProjectV2IterationFieldIteration",
                "id": format!("{:08x}", number * 7_919),
                "title": format!("Sprint {number}"),
                "startDate": date(self.owner.created + DAY * 14 * number),
                "duration": 14,
            })
        };
        let option = |(at, (name, color)): (usize, &(&str, &str))| {
            json!({
                "__typename": "ProjectV2SingleSelectFieldOption",
                "id": format!("{:08x}", 0xf75a_d846_u32.wrapping_add(at as u32)),
                "name": name,
                "color": color,
                "description": "",
            })
        };
        match kind {
            "SINGLE_SELECT" => {
                field["options"] = STATES.iter().enumerate().map(option).collect();
            }
            "ITERATION" => {
                field["configuration"] = json!({
                    "__typename": "ProjectV2IterationFieldConfiguration",
                    "duration": 14,
                    "startDay": 1,
                    "iterations": [iteration(3)],
                    "completedIterations": [iteration(1), iteration(2)],
                });
            }
            _ => {}
        }
        field
    }

    fn items(&self) -> Vec<Value> {
        let rows = self.repo.map_or(&[][..], |repo| repo.issues.rows());
        let of_repo = rows.iter().take(ISSUES).map(Some);
        (1..).zip(of_repo.chain([None])).map(|(at, row)| self.item(at, row)).collect()
    }

    fn item(&self, at: u32, row: Option<&Row>) -> Value {
        let id = self.id() * 1_000 + u64::from(at);
        let dice = Dice::new(&[id]);
        let (kind, content, title, created) = match (row, self.repo) {
            (Some(row), Some(repo)) => {
                let (kind, kind_of_id, prefix, name) = match row.pull {
                    true => ("PULL_REQUEST", Kind::Pull, "PR", "PullRequest"),
                    false => ("ISSUE", Kind::Issue, "I", "Issue"),
                };
                let id = repo.id_of(kind_of_id, row.number);
                let content =
                    json!({"__typename": name, "id": super::review::node_id(prefix, repo, id)});
                (kind, content, text::title(dice, 1), row.created)
            }
            _ => {
                let content = json!({"__typename": "DraftIssue", "id": self.within("DI", id)});
                ("DRAFT_ISSUE", content, "Think about it".to_owned(), self.owner.created + DAY)
            }
        };
        let values = self.fields().into_iter();
        let values = values.filter_map(|(number, name, kind)| {
            let is_there = number <= 2 || at == 1 || dice.chance(40 + u64::from(number), 50);
            let mut value = self.value_of(kind, dice, &title).filter(|_| is_there)?;
            let id = id * 100 + u64::from(number);
            value["id"] = self.within("PVTFV", id);
            value["databaseId"] = (id % (1 << 31)).into();
            value["createdAt"] = instant(created);
            value["updatedAt"] = instant(created + DAY);
            value["creator"] = actor(&Account::user(7));
            value["field"] = self.field(number, &name, kind);
            Some(value)
        });
        json!({
            "__typename": "ProjectV2Item",
            "id": self.within("PVTI", id),
            "fullDatabaseId": id.to_string(),
            "createdAt": instant(created),
            "updatedAt": instant(created + DAY),
            "isArchived": dice.chance(9, 10),
            "type": kind,
            "creator": if dice.chance(8, 90) { actor(&Account::user(7)) } else { Value::Null },
            "content": content,
            "fieldValues": page(values.collect()),
        })
    }

    /// The value of a field of a kind.
    fn value_of(&self, kind: &str, dice: Dice, title: &str) -> Option<Value> {
        let of = |name: &str| format!("ProjectV2ItemField{name}Value");
        Some(match kind {
            "TITLE" => json!({"__typename": of("Text"), "text": title}),
            "TEXT" => json!({"__typename": of("Text"), "text": text::title(dice, 6)}),
            "LABELS" => json!({"__typename": of("Label"), "labels": page(Vec::new())}),
            "NUMBER" => {
                let halves = dice.pick(3, 16) as f64;
                json!({"__typename": of("Number"), "number": halves / 2.0})
            }
            "DATE" => {
                let day = DAY * dice.pick(4, 300) as u32;
                json!({"__typename": of("Date"), "date": date(self.owner.created + day)})
            }
            "SINGLE_SELECT" => {
                let at = dice.pick(5, STATES.len() as u64) as u32;
                let (name, color) = STATES[at as usize];
                let id = format!("{:08x}", 0xf75a_d846_u32.wrapping_add(at));
                json!({"__typename": of("SingleSelect"), "name": name, "color": color,
                    "description": "", "optionId": id})
            }
            "ITERATION" => json!({"__typename": of("Iteration"), "title": "Sprint 3",
                "duration": 14, "iterationId": format!("{:08x}", 3 * 7_919),
                "startDate": date(self.owner.created + DAY * 14 * 3)}),
            _ => return None,
        })
    }
}

fn date(seconds: u32) -> Value {
    let instant = instant(seconds);
    instant.as_str().and_then(|text| text.get(..10)).into()
}
