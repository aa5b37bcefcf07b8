//! The lists of a repository: which rows a request gets, and how they are shown.

use super::comment::Comment;
use super::commit::Commit;
use super::issue::Issue;
use super::label::Label;
use super::list::{self, Keyset, Sorting, is_descending, select};
use super::message;
use super::milestone::Milestone;
use super::pull::Pull;
use super::pull_commit::PullCommit;
use super::release::Release;
use super::repository::Repository;
use super::review::Review;
use super::route::Part;
use super::stargazer::Stargazer;
use super::table::{Order, Row};
use super::world::Repo;
use crate::clock::parse_instant;
use crate::server::{Answer, Request};

/// The API gives no page of stars after that one.
const STAR_PAGES: usize = 400;
/// The API gives no release after that many.
const RELEASES: usize = 10_000;
/// The API lists no more commits of a pull request.
const PULL_COMMITS: usize = 250;
const NEWEST_FIRST: Sorting = Sorting { order: Order::Created, descending: true };
const OLDEST_FIRST: Sorting = Sorting { order: Order::Created, descending: false };

/// A request for a part of a repository.
pub(crate) struct Asked<'a> {
    pub(crate) repo: &'a Repo,
    pub(crate) request: &'a Request,
}

impl Asked<'_> {
    /// The answer.
    pub(crate) fn answer(&self, part: Part) -> Answer {
        let answer = match part {
            Part::Itself => {
                let mut out = String::new();
                Repository(self.repo).full(&mut out);
                Ok(Answer::json(200, out))
            }
            Part::Issues => self.issues(),
            Part::Comments => self.comments(),
            Part::CommentsOf(number) => self.comments_of(number),
            Part::Pulls => Ok(self.pulls()),
            Part::ReviewsOf(number) => Ok(self.reviews_of(number)),
            Part::CommitsOf(number) => Ok(self.commits_of(number)),
            Part::Commits => self.commits(),
            Part::Labels => Ok(self.labels()),
            Part::Milestones => Ok(self.milestones()),
            Part::Releases => Ok(self.releases()),
            Part::Stargazers => Ok(self.stargazers()),
        };
        answer.unwrap_or_else(|error| message::invalid(&error))
    }

    /// The path under which the pages after the first are found.
    fn path(&self, list: &str) -> String {
        format!("/repositories/{}/{list}", self.repo.id)
    }

    /// An instant of the query, or the given one if there is none; nothing is later than the last.
    fn instant(&self, name: &str, default: u32) -> Result<u32, String> {
        match self.request.param(name) {
            Some(text) if text.starts_with("9999-") => Ok(u32::MAX),
            Some(text) => parse_instant(text),
            None => Ok(default),
        }
    }

    /// Whether a row has the state that is asked for.
    fn has_state(&self, row: &Row) -> bool {
        match self.request.param("state") {
            Some("all") => true,
            Some("closed") => row.closed != 0,
            _ => row.closed == 0,
        }
    }

    fn issues(&self) -> Result<Answer, String> {
        let since = self.instant("since", 0)?;
        let order = match self.request.param("sort") {
            Some("updated") => Order::Updated,
            Some("comments") => Order::Comments,
            None | Some("created") => Order::Created,
            Some(other) => return Err(format!("`{other}` is no sort")),
        };
        let list = Keyset {
            table: &self.repo.issues,
            sorting: Sorting { order, descending: is_descending(self.request, true) },
            path: self.path("issues"),
            counted: true,
        };
        let repo = self.repo;
        Ok(list.answer(
            self.request,
            |row| repo.id_of(super::world::Kind::Issue, row.number),
            |row| row.updated >= since && self.has_state(row),
            |row, out| Issue { repo, row }.object(out),
        ))
    }

    fn comments(&self) -> Result<Answer, String> {
        let since = self.instant("since", 0)?;
        let updated = self.request.param("sort") == Some("updated");
        let sorted = self.request.param("sort").is_some();
        let sorting = Sorting {
            order: if updated { Order::Updated } else { Order::Created },
            // The direction is ignored without a sort.
            descending: sorted && is_descending(self.request, false),
        };
        let rows = select(&self.repo.comments, sorting, |row| row.updated >= since);
        Ok(self.numbered("issues/comments", &rows, |row, out| self.comment(row, out)))
    }

    fn comments_of(&self, number: u32) -> Result<Answer, String> {
        let since = self.instant("since", 0)?;
        if self.repo.issues.find(number).is_none() {
            return Ok(message::not_found());
        }
        let rows = self.repo.comments.rows();
        let view = self.repo.comments.view(Order::Parent);
        let parent = |at: &u32| rows[*at as usize].parent;
        let from = view.partition_point(|at| parent(at) < number);
        let to = view.partition_point(|at| parent(at) <= number);
        let rows: Vec<&Row> = view[from..to]
            .iter()
            .map(|&at| &rows[at as usize])
            .filter(|row| row.updated >= since)
            .collect();
        let list = format!("issues/{number}/comments");
        Ok(self.numbered(&list, &rows, |row, out| self.comment(row, out)))
    }

    fn comment(&self, row: &Row, out: &mut String) {
        Comment { repo: self.repo, row }.object(out);
    }

    fn pulls(&self) -> Answer {
        let order = match self.request.param("sort") {
            Some("updated") => Order::Updated,
            Some("popularity") => Order::Comments,
            _ => Order::Created,
        };
        let newest = matches!(self.request.param("sort"), None | Some("created"));
        let sorting = Sorting { order, descending: is_descending(self.request, newest) };
        let rows = select(&self.repo.issues, sorting, |row| row.pull && self.has_state(row));
        let repo = self.repo;
        self.numbered("pulls", &rows, |row, out| Pull(Issue { repo, row }).object(out))
    }

    fn reviews_of(&self, number: u32) -> Answer {
        let Some(pull) = self.pull(number) else { return message::not_found() };
        let path = self.path(&format!("pulls/{number}/reviews"));
        let rows = Review::all(self.repo, pull);
        list::numbered(self.request, &path, &rows, |review, out| review.object(out))
    }

    fn commits_of(&self, number: u32) -> Answer {
        let Some(pull) = self.pull(number) else { return message::not_found() };
        let path = self.path(&format!("pulls/{number}/commits"));
        let mut rows = PullCommit::all(self.repo, pull);
        rows.truncate(PULL_COMMITS);
        list::numbered(self.request, &path, &rows, |commit, out| commit.object(out))
    }

    fn pull(&self, number: u32) -> Option<&Row> {
        self.repo.issues.find(number).filter(|issue| issue.pull)
    }

    fn commits(&self) -> Result<Answer, String> {
        if self.repo.commits.len() == 0 {
            return Ok(message::error(409, "Git Repository is empty."));
        }
        let since = self.instant("since", 0)?;
        let until = self.instant("until", u32::MAX)?;
        let within = since..=until;
        let rows = select(&self.repo.commits, NEWEST_FIRST, |row| within.contains(&row.created));
        let repo = self.repo;
        Ok(self.numbered("commits", &rows, |row, out| Commit { repo, row }.object(out)))
    }

    fn labels(&self) -> Answer {
        let rows = select(&self.repo.labels, OLDEST_FIRST, |_| true);
        let repo = self.repo;
        self.numbered("labels", &rows, |row, out| Label { repo, row }.object(out))
    }

    fn milestones(&self) -> Answer {
        let repo = self.repo;
        let mut rows = select(&repo.milestones, OLDEST_FIRST, |row| self.has_state(row));
        let by_completeness = self.request.param("sort") == Some("completeness");
        rows.sort_by_key(|&row| {
            let milestone = Milestone { repo, row };
            if by_completeness { milestone.completeness() } else { milestone.due().into() }
        });
        if is_descending(self.request, false) {
            rows.reverse();
        }
        self.numbered("milestones", &rows, |row, out| Milestone { repo, row }.object(out))
    }

    fn releases(&self) -> Answer {
        let mut rows = select(&self.repo.releases, NEWEST_FIRST, |_| true);
        rows.truncate(RELEASES);
        let repo = self.repo;
        self.numbered("releases", &rows, |row, out| Release { repo, row }.object(out))
    }

    fn stargazers(&self) -> Answer {
        let page = list::Page::of(self.request);
        if page.number > STAR_PAGES {
            return message::invalid(
                "In order to keep the API fast for everyone, pagination is limited for this \
                 resource. Check the rel=last link relation in the Link response header to see \
                 how far back you can traverse.",
            );
        }
        let mut rows = select(&self.repo.stars, OLDEST_FIRST, |_| true);
        rows.truncate(STAR_PAGES * page.size);
        let accept = self.request.header("accept").unwrap_or_default();
        let timed = accept.contains("star+json");
        let mut answer = self.numbered("stargazers", &rows, |row, out| {
            let star = Stargazer(row);
            if timed { star.object(out) } else { star.user().object(out) }
        });
        if timed {
            answer.set("x-github-media-type", "github.v3; param=star; format=json");
        }
        answer
    }

    fn numbered(&self, list: &str, rows: &[&Row], render: impl Fn(&Row, &mut String)) -> Answer {
        list::numbered(self.request, &self.path(list), rows, |row, out| render(row, out))
    }
}
