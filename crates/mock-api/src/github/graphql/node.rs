//! The objects of the data, and their fields.

use serde_json::Value;

use super::super::account::Account;
use super::super::comment::Comment;
use super::super::discussion::{Discussion, categories};
use super::super::issue::Issue;
use super::super::node as ids;
use super::super::pull::Pull;
use super::super::pull_commit::{PullCommit, Role};
use super::super::repository::Repository;
use super::super::review::Review;
use super::super::table::Row;
use super::super::world::{Kind, Repo, World};
use super::super::{dependency, discussion_comment, project, refusal};
use super::made::{Made, page, resolved};
use super::repository::{commits, reviews, rows, short, star, state_of};
use super::{rate_limit, value};
use crate::graphql::{Arguments, Object, Page, Problem, Resolved, Weight};
use crate::quota::Standing;

/// What a query knows beside the data.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) standing: Standing,
    pub(super) weight: Weight,
}

/// An object, with what its fields are found by.
#[derive(Debug, Clone)]
pub(super) struct Located<'w> {
    pub(super) world: &'w World,
    pub(super) desk: &'w Desk,
    pub(super) node: Node<'w>,
}

#[derive(Debug, Clone)]
pub(super) enum Node<'w> {
    Query,
    RateLimit,
    Repository(&'w Repo),
    Issue(&'w Repo, &'w Row),
    Pull(&'w Repo, &'w Row),
    Comment(&'w Repo, &'w Row),
    Review(Review<'w>),
    PullCommit(PullCommit<'w>),
    Commit(PullCommit<'w>),
    GitActor(PullCommit<'w>, Role),
    Tree(PullCommit<'w>),
    Signature(PullCommit<'w>),
    Discussion(&'w Repo, &'w Row),
    Made(Made),
    Account(Account),
}

type Found<'w> = Result<Resolved<Located<'w>>, Problem>;

impl<'w> Located<'w> {
    pub(super) fn with(&self, node: Node<'w>) -> Located<'w> {
        Located { node, world: self.world, desk: self.desk }
    }

    fn one(&self, node: Node<'w>) -> Found<'w> {
        Ok(Resolved::One(self.with(node)))
    }

    fn one_or_null(&self, node: Option<Node<'w>>) -> Found<'w> {
        node.map_or(Ok(Resolved::Value(Value::Null)), |node| self.one(node))
    }

    fn query(&self, name: &str, arguments: &Arguments) -> Found<'w> {
        let text = |name: &str| arguments.get(name).and_then(Value::as_str).unwrap_or_default();
        match name {
            "repository" => {
                let (owner, short) = (text("owner"), text("name"));
                match self.world.repo(owner, short).or_else(|| self.renamed(owner, short)) {
                    Some(repo) => match refusal::problem(self.world, &repo.full_name()) {
                        Some(problem) => Err(problem),
                        None => self.one(Node::Repository(repo)),
                    },
                    None => Err(missing("Repository", &format!("the name '{owner}/{short}'"))),
                }
            }
            "node" => match self.by_id(text("id")) {
                Ok(node) => self.one(node),
                Err(problem) => Err(problem),
            },
            "nodes" => {
                let ids = arguments.get("ids").and_then(Value::as_array);
                let ids = ids.into_iter().flatten().map(|id| id.as_str().unwrap_or_default());
                Ok(Resolved::Many(
                    ids.map(|id| self.by_id(id).map(|node| self.with(node))).collect(),
                ))
            }
            "user" => {
                let login = text("login");
                let user = Account::find(login);
                let none = || missing("User", &format!("the login of '{login}'"));
                user.map_or_else(|| Err(none()), |user| self.one(Node::Account(user)))
            }
            "organization" => {
                let login = text("login");
                let owner = self.world.owner(login).map(Account::from);
                let none = || missing("Organization", &format!("the login of '{login}'"));
                owner.map_or_else(|| Err(none()), |owner| self.one(Node::Account(owner)))
            }
            "repositoryOwner" => {
                let login = text("login");
                let organization = || self.world.owner(login).map(Account::from);
                self.one_or_null(Account::find(login).or_else(organization).map(Node::Account))
            }
            _ => self.one(Node::RateLimit),
        }
    }

    fn renamed(&self, owner: &str, name: &str) -> Option<&'w Repo> {
        let full_name = format!("{owner}/{name}");
        let is_former = |old: &String| old.eq_ignore_ascii_case(&full_name);
        self.world.repos.iter().find(|repo| repo.former.iter().any(is_former))
    }

    /// What a global id stands for.
    fn by_id(&self, text: &str) -> Result<Node<'w>, Problem> {
        let found = ids::read(text).and_then(|(prefix, within, id)| match (prefix, within) {
            ("R", None) => self.world.repos.iter().find(|repo| repo.id == id).map(Node::Repository),
            ("U", None) => Account::by_id(id).map(Node::Account),
            ("O", None) => {
                let owner = self.world.owners.iter().find(|owner| owner.id == id)?;
                Some(Node::Account(Account::from(owner)))
            }
            ("PVT", None) | ("PVTI", Some(_)) => {
                Some(Node::Made(Made(project::by_id(self.world, text)?)))
            }
            (_, Some(repo)) => {
                let repo = self.world.repos.iter().find(|known| known.id == repo)?;
                let row = |kind| repo.number_of(kind, id);
                match prefix {
                    "I" => Some(Node::Issue(repo, repo.issues.find(row(Kind::Issue)?)?)),
                    "PR" => {
                        let number = row(Kind::Pull).or_else(|| row(Kind::Issue))?;
                        let pull = repo.issues.find(number).filter(|row| row.pull)?;
                        Some(Node::Pull(repo, pull))
                    }
                    "IC" => Some(Node::Comment(repo, repo.comments.find(row(Kind::Comment)?)?)),
                    "DC" => Some(Node::Made(Made(discussion_comment::by_id(repo, id)?))),
                    "DGM" => {
                        let found = dependency::manifests(repo).into_iter().nth(id as usize)?;
                        Some(Node::Made(Made(found)))
                    }
                    "D" => {
                        let found = repo.discussions.find(row(Kind::Discussion)?)?;
                        Some(Node::Discussion(repo, found))
                    }
                    _ => None,
                }
            }
            _ => None,
        });
        found.ok_or_else(|| {
            let message = format!("Could not resolve to a node with the global id of '{text}'");
            Problem::kind("NOT_FOUND", message)
        })
    }

    fn repository(&self, repo: &'w Repo, name: &str, arguments: &Arguments) -> Found<'w> {
        let at = self.clone();
        let number = || arguments.get("number").and_then(Value::as_u64).unwrap_or_default() as u32;
        let none = |what: &str| missing(what, &format!("the number of {}", number()));
        let page = match name {
            "issues" => rows(
                at,
                repo,
                &repo.issues,
                arguments,
                |row| !row.pull,
                |row| (Node::Issue(repo, row), Vec::new()),
            ),
            "pullRequests" => rows(
                at,
                repo,
                &repo.issues,
                arguments,
                |row| row.pull,
                |row| (Node::Pull(repo, row), Vec::new()),
            ),
            "discussions" => rows(
                at,
                repo,
                &repo.discussions,
                arguments,
                |_| true,
                |row| (Node::Discussion(repo, row), Vec::new()),
            ),
            "stargazers" => rows(at, repo, &repo.stars, arguments, |_| true, star),
            "issue" => {
                let found = repo.issues.find(number()).filter(|row| !row.pull);
                let found = found.map(|row| Node::Issue(repo, row)).ok_or_else(|| none("Issue"))?;
                return self.one(found);
            }
            "pullRequest" => {
                let found = repo.issues.find(number()).filter(|row| row.pull);
                let found = found.map(|row| Node::Pull(repo, row));
                return self.one(found.ok_or_else(|| none("PullRequest"))?);
            }
            "discussion" => {
                let found = repo.discussions.find(number());
                let found = found.map(|row| Node::Discussion(repo, row));
                return self.one(found.ok_or_else(|| none("Discussion"))?);
            }
            "owner" => return self.one(Node::Account(Account::owner(&repo.owner, repo.owner_id))),
            "discussionCategories" => {
                return resolved(&at, &page(categories(repo)), arguments);
            }
            "dependencyGraphManifests" => {
                return resolved(&at, &page(dependency::manifests(repo)), arguments);
            }
            _ => {
                return Ok(Resolved::Value(match name {
                    "nameWithOwner" => repo.full_name().into(),
                    "url" => format!("https://github.com/{}", repo.full_name()).into(),
                    "stargazerCount" => repo.stars.len().into(),
                    "openGraphImageUrl" => format!(
                        "https://opengraph.githubassets.com/{:x}/{}",
                        repo.seed,
                        repo.full_name()
                    )
                    .into(),
                    name => value::of(&Repository(repo), name),
                }));
            }
        };
        page.map(Resolved::Page)
    }

    fn issue(&self, repo: &'w Repo, row: &'w Row, name: &str, arguments: &Arguments) -> Found<'w> {
        let issue = Issue { repo, row };
        Ok(Resolved::Value(match name {
            "comments" => {
                let mine = |comment: &&&Row| comment.parent == row.number;
                let comments: Vec<&Row> =
                    repo.comments.rows().iter().filter(|comment| mine(&comment)).collect();
                let page = short(self.clone(), &comments, arguments, |comment| {
                    Node::Comment(repo, comment)
                });
                return page.map(Resolved::Page);
            }
            "author" => return self.one(account_of(&value::of(&issue, "user"))),
            "repository" => return self.one(Node::Repository(repo)),
            "state" => state_of(repo, row).replace("MERGED", "CLOSED").into(),
            "fullDatabaseId" => value::of(&issue, "databaseId").to_string().into(),
            "url" => {
                format!("https://github.com/{}/issues/{}", repo.full_name(), row.number).into()
            }
            name => value::of(&issue, name),
        }))
    }

    fn pull(&self, repo: &'w Repo, row: &'w Row, name: &str, arguments: &Arguments) -> Found<'w> {
        let pull = Pull(Issue { repo, row });
        Ok(Resolved::Value(match name {
            "reviews" => return reviews(self.clone(), repo, row, arguments).map(Resolved::Page),
            "commits" => return commits(self.clone(), repo, row, arguments).map(Resolved::Page),
            "author" => return self.one(account_of(&value::of(&pull, "user"))),
            "repository" => return self.one(Node::Repository(repo)),
            "state" => state_of(repo, row).into(),
            "comments" => {
                let mine = |comment: &&Row| comment.parent == row.number;
                let comments: Vec<&Row> = repo.comments.rows().iter().filter(mine).collect();
                let page = short(self.clone(), &comments, arguments, |comment| {
                    Node::Comment(repo, comment)
                });
                return page.map(Resolved::Page);
            }
            "reviewThreads" => {
                return short(self.clone(), &[], arguments, |()| Node::Query).map(Resolved::Page);
            }
            "mergedBy" => {
                let merger = (Issue { repo, row }.merged() != 0).then(|| Account::user(2));
                return self.one_or_null(merger.map(Node::Account));
            }
            "isDraft" => Issue { repo, row }.is_draft().into(),
            "merged" => (Issue { repo, row }.merged() != 0).into(),
            "mergeable" => "MERGEABLE".into(),
            "mergeStateStatus" => "CLEAN".into(),
            "canBeRebased" | "maintainerCanModify" => (row.closed == 0).into(),
            "additions" => Issue { repo, row }.dice().pick(70, 400).into(),
            "deletions" => Issue { repo, row }.dice().pick(71, 300).into(),
            "changedFiles" => (1 + Issue { repo, row }.dice().pick(72, 20)).into(),
            "totalCommentsCount" => row.comments.into(),
            "mergedAt" => value::instant_or_null(Issue { repo, row }.merged()),
            "fullDatabaseId" => value::of(&pull, "databaseId").to_string().into(),
            "url" => format!("https://github.com/{}/pull/{}", repo.full_name(), row.number).into(),
            name => value::of(&pull, name),
        }))
    }
}

impl<'w> Object for Located<'w> {
    fn type_name(&self) -> &'static str {
        match &self.node {
            Node::Query => "Query",
            Node::RateLimit => "RateLimit",
            Node::Repository(_) => "Repository",
            Node::Issue(..) => "Issue",
            Node::Pull(..) => "PullRequest",
            Node::Comment(..) => "IssueComment",
            Node::Review(_) => "PullRequestReview",
            Node::PullCommit(_) => "PullRequestCommit",
            Node::Commit(_) => "Commit",
            Node::GitActor(..) => "GitActor",
            Node::Tree(_) => "Tree",
            Node::Signature(_) => "GpgSignature",
            Node::Discussion(..) => "Discussion",
            Node::Made(made) => made.type_name(),
            Node::Account(account) => account.kind(),
        }
    }

    fn is(&self, type_name: &str) -> bool {
        if let Node::Made(made) = &self.node {
            return made.is(type_name);
        }
        let own = self.type_name();
        let is_account = matches!(self.node, Node::Account(_));
        match type_name {
            "Node" => !matches!(own, "Query" | "RateLimit" | "GitActor" | "GpgSignature"),
            "Actor" | "RepositoryOwner" => is_account,
            "GitSignature" => own == "GpgSignature",
            "Comment" => matches!(
                own,
                "Issue" | "PullRequest" | "IssueComment" | "PullRequestReview" | "Discussion"
            ),
            "Reactable" | "Labelable" => own == "Discussion",
            name => name == own,
        }
    }

    fn field(&self, name: &str, arguments: &Arguments) -> Found<'w> {
        let value = match &self.node {
            Node::Query => return self.query(name, arguments),
            Node::Repository(repo) => return self.repository(repo, name, arguments),
            Node::Issue(repo, row) => return self.issue(repo, row, name, arguments),
            Node::Pull(repo, row) => return self.pull(repo, row, name, arguments),
            Node::RateLimit => rate_limit(&self.desk.standing, self.desk.weight, name),
            Node::Comment(repo, row) => {
                let comment = Comment { repo, row };
                match name {
                    "author" => return self.one(account_of(&value::of(&comment, "user"))),
                    "url" => {
                        format!("https://github.com/{}#comment-{}", repo.full_name(), row.number)
                            .into()
                    }
                    name => value::of(&comment, name),
                }
            }
            Node::Review(review) => match name {
                "author" => return self.one(Node::Account(review.author())),
                "commit" => {
                    return self.one_or_null(
                        PullCommit::all(review.repo, review.pull).pop().map(Node::Commit),
                    );
                }
                "pullRequest" => return self.one(Node::Pull(review.repo, review.pull)),
                name => review.value(name),
            },
            Node::PullCommit(commit) => match name {
                "commit" => return self.one(Node::Commit(commit.clone())),
                name => commit.value(name),
            },
            Node::Commit(commit) => match name {
                "author" => return self.one(Node::GitActor(commit.clone(), Role::Author)),
                "committer" => return self.one(Node::GitActor(commit.clone(), Role::Committer)),
                "tree" => return self.one(Node::Tree(commit.clone())),
                "signature" => {
                    let signature = commit.has_signature().then(|| Node::Signature(commit.clone()));
                    return self.one_or_null(signature);
                }
                "comments" => {
                    return short(self.clone(), &[], arguments, |()| Node::Query)
                        .map(Resolved::Page);
                }
                "parents" => {
                    let parents = commit.parents();
                    return short(self.clone(), &parents, arguments, Node::Commit)
                        .map(Resolved::Page);
                }
                name => commit.value_of_commit(name),
            },
            Node::GitActor(commit, role) => match name {
                "user" => return self.one_or_null(commit.account(*role).map(Node::Account)),
                name => commit.value_of_actor(*role, name),
            },
            Node::Tree(commit) => commit.value_of_tree(name),
            Node::Signature(commit) => commit.value_of_signature(name),
            Node::Discussion(repo, row) => {
                let discussion = Discussion { repo, row };
                match name {
                    "comments" => {
                        let comments = discussion_comment::all(repo, row);
                        let comments: Vec<&Value> = comments.iter().collect();
                        let node = |comment: &Value| Node::Made(Made(comment.clone()));
                        return short(self.clone(), &comments, arguments, node).map(Resolved::Page);
                    }
                    "author" => return self.one(Node::Account(discussion.author())),
                    "category" => return self.one(Node::Made(Made(discussion.category()))),
                    "repository" => return self.one(Node::Repository(repo)),
                    name => match discussion.value(name) {
                        Some(value) => return resolved(self, &value, arguments),
                        None => value::of(&discussion, name),
                    },
                }
            }
            Node::Made(made) => return made.field(self, name, arguments),
            Node::Account(account) => match name {
                // Of an app, GraphQL gives the name, REST the login of its account.
                "login" => account.login.trim_end_matches("[bot]").into(),
                "url" => format!("https://github.com/{}", account.login).into(),
                // The avatar of a user has a mark that REST does not show.
                "avatarUrl" => {
                    let id = account.id;
                    format!("https://avatars.githubusercontent.com/u/{id}?u={id:x}&v=4").into()
                }
                "isSiteAdmin" => value::of(account, "site_admin"),
                "resourcePath" => format!("/{}", account.login).into(),
                "repositoriesContributedTo" => {
                    return contributed(self, account, arguments).map(Resolved::Page);
                }
                "projectsV2" => {
                    let projects = project::all(self.world, &account.login);
                    return resolved(self, &page(projects), arguments);
                }
                "projectV2" => {
                    let number = arguments.get("number");
                    let projects = project::all(self.world, &account.login).into_iter();
                    let found = projects.into_iter().find(|one| Some(&one["number"]) == number);
                    let found = found.ok_or_else(|| missing("ProjectV2", "the number"))?;
                    return self.one(Node::Made(Made(found)));
                }
                "name" => account.login.replace('-', " ").into(),
                "email" => "".into(),
                name => value::of(account, name),
            },
        };
        Ok(Resolved::Value(value))
    }
}

/// The repositories that a user contributed to.
fn contributed<'w>(
    at: &Located<'w>,
    account: &Account,
    arguments: &Arguments,
) -> Result<Page<Located<'w>>, Problem> {
    let repos = at.world.repos.iter();
    let repos: Vec<&'w Repo> =
        repos.filter(|repo| !(repo.id + account.id).is_multiple_of(3)).collect();
    short(at.clone(), &repos, arguments, Node::Repository)
}

/// The user of a record's account.
fn account_of<'w>(account: &Value) -> Node<'w> {
    let login = account["login"].as_str().unwrap_or_default();
    let id = account["id"].as_u64().unwrap_or_default();
    Node::Account(Account::find(login).unwrap_or_else(|| Account::owner(login, id)))
}

fn missing(what: &str, by: &str) -> Problem {
    Problem::kind("NOT_FOUND", format!("Could not resolve to a {what} with {by}."))
}
