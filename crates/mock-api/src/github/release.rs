//! Releases of a repository, and their files.

use std::sync::LazyLock;

use super::account::Account;
use super::commit::digest;
use super::reactions::Reactions;
use super::seed::{Dice, mix};
use super::table::Row;
use super::template::{Fill, Template, shape};
use super::world::{Kind, Repo};
use super::{json, node, text};

static RELEASE: LazyLock<Template> = shape!("release");
static ASSET: LazyLock<Template> = shape!("asset");

/// The most files of a release.
const ASSETS: u64 = 4;

/// A release.
pub(crate) struct Release<'a> {
    pub(crate) repo: &'a Repo,
    pub(crate) row: &'a Row,
}

impl Release<'_> {
    pub(crate) fn object(&self, out: &mut String) {
        RELEASE.render(self, out);
    }

    fn dice(&self) -> Dice {
        self.repo.dice(Kind::Release, self.row.number)
    }

    fn tag(&self) -> String {
        let number = self.row.number;
        format!("v{}.{}.0{}", number / 10, number % 10, if self.is_early() { "-rc.1" } else { "" })
    }

    fn is_early(&self) -> bool {
        self.dice().chance(1, 20)
    }

    fn author(&self) -> Account {
        Account::user(1 + self.dice().pick(2, 12) as u32)
    }

    fn name(&self) -> String {
        match self.row.version {
            0 => self.tag(),
            version => format!("{} (edit {version})", self.tag()),
        }
    }

    fn assets(&self, out: &mut String) {
        out.push('[');
        for at in 0..self.dice().pick(3, ASSETS) {
            if at > 0 {
                out.push(',');
            }
            ASSET.render(&Asset { release: self, at: at as u32 }, out);
        }
        out.push(']');
    }
}

impl Fill for Release<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        let (repo, row, dice) = (self.repo, self.row, self.dice());
        let id = repo.id_of(Kind::Release, row.number);
        match slot {
            "repo" => repo.push_full_name(out),
            "id" => json::number(id, out),
            "node_id" => node::within("RE", repo.id, id, out),
            "author" => self.author().object(out),
            "tag" => out.push_str(&self.tag()),
            "tag_name" => json::text(&self.tag(), out),
            "name" => json::text(&self.name(), out),
            "immutable" => json::boolean(dice.chance(4, 30), out),
            "prerelease" => json::boolean(self.is_early(), out),
            "created_at" => json::instant(row.created, out),
            "updated_at" => json::instant(row.updated.max(row.created + 60), out),
            "published_at" => json::instant(row.created + 60, out),
            "assets" => self.assets(out),
            "body" => json::text(&text::body(dice, 300, 9), out),
            "mentions_count" => json::number(dice.pick(5, 6), out),
            "reactions" => {
                let name = repo.full_name();
                let url = format!("https://api.github.com/repos/{name}/releases/{id}");
                Reactions { url: &url, dice }.object(out);
            }
            _ => return false,
        }
        true
    }
}

/// A file of a release.
struct Asset<'a> {
    release: &'a Release<'a>,
    at: u32,
}

impl Asset<'_> {
    fn file(&self) -> String {
        let system = ["linux", "macos", "windows", "source"][self.at as usize];
        format!("{}-{}-{system}.zip", self.release.repo.name, self.release.tag())
    }
}

impl Fill for Asset<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        let Release { repo, row } = self.release;
        let number = row.number * ASSETS as u32 + self.at;
        let id = repo.id_of(Kind::Asset, number);
        let dice = repo.dice(Kind::Asset, number);
        match slot {
            "repo" => repo.push_full_name(out),
            "id" => json::number(id, out),
            "node_id" => node::within("RA", repo.id, id, out),
            "name" => json::text(&self.file(), out),
            "file" => out.push_str(&self.file()),
            "label" if dice.chance(1, 50) => out.push_str("null"),
            "label" => json::text("Binaries", out),
            "uploader" => self.release.author().object(out),
            "size" => json::number(10_000 + dice.pick(2, 90_000_000), out),
            "digest" => {
                let word = mix(&[id]);
                out.push_str(&digest(&[word, 1]));
                out.push_str(&digest(&[word, 2])[..24]);
            }
            "download_count" => json::number(dice.pick(3, 50_000), out),
            "created_at" => json::instant(row.created, out),
            "tag" => out.push_str(&self.release.tag()),
            _ => return false,
        }
        true
    }
}
