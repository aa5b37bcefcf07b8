//! The answer of a small list: which rows a request gets, and how they stand in it.

use super::list::Form;
use super::place::{Here, Root};
use super::record::Record;
use super::registry::{List, RootKind};
use crate::clock::parse_instant;
use crate::github::account::Account;
use crate::github::list::{self, Keyset, Sorting, is_descending, select};
use crate::github::message;
use crate::github::range::Range;
use crate::github::table::{Order, Row};
use crate::github::template::Fill;
use crate::github::world::{Repo, World};
use crate::server::{Answer, Request};

/// What a path leads to.
pub(crate) enum Found<'a> {
    /// A list, and the segments behind its root.
    List(&'static List, Here<'a>, Vec<&'a str>),
    /// A repository under a name that it has no more.
    Moved(&'a Repo),
    /// A path of a list, of something that is not there.
    Nothing,
}

/// What a path leads to; `None` if no small list has such a path.
pub(crate) fn find<'a>(world: &'a World, path: &'a str) -> Option<Found<'a>> {
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let (kind, length, _) = RootKind::of(segments.first()?)?;
    let (named, rest) = segments.split_at_checked(length)?;
    let list = List::find(kind, rest)?;
    let root = match root(world, named) {
        Ok(root) => root,
        Err(found) => return Some(found),
    };
    let mut here = Here::new(world, root);
    for (list, (at, variable)) in list.descent().into_iter().zip(list.variables()) {
        let Some(held) = here.find(list, variable, &decode(rest[at])) else {
            return Some(Found::Nothing);
        };
        here = here.under(held);
    }
    Some(Found::List(list, here, rest.to_vec()))
}

fn decode(segment: &str) -> String {
    let pairs = format!("x={}", segment.replace('+', "%2B"));
    let mut pairs = url::form_urlencoded::parse(pairs.as_bytes());
    pairs.next().map_or_else(String::new, |(_, value)| value.into_owned())
}

fn root<'a>(world: &'a World, named: &[&str]) -> Result<Root<'a>, Found<'a>> {
    let id = || named[1].parse::<u64>().ok();
    let user = |account: Option<Account>| account.map(Root::User).ok_or(Found::Nothing);
    match named[0] {
        "repos" => match world.repo(named[1], named[2]) {
            Some(repo) => Ok(Root::Repository(repo)),
            None => Err(world.moved(named[1], named[2]).map_or(Found::Nothing, Found::Moved)),
        },
        "repositories" => {
            let repo = world.repos.iter().find(|repo| Some(repo.id) == id());
            repo.map(Root::Repository).ok_or(Found::Nothing)
        }
        "orgs" => world.owner(named[1]).map(Root::Organization).ok_or(Found::Nothing),
        "organizations" => {
            let owner = world.owners.iter().find(|owner| Some(owner.id) == id());
            owner.map(Root::Organization).ok_or(Found::Nothing)
        }
        "users" => user(Account::find(named[1])),
        _ => user(id().and_then(Account::by_id)),
    }
}

/// The answer of a list at a place.
pub(crate) fn answer(
    list: &'static List,
    here: &Here<'_>,
    rest: &[&str],
    request: &Request,
) -> Answer {
    let small = list.small;
    if let Some(status) = small.first.filter(|_| here.world.small.is_first(&request.path)) {
        return Answer::json(status, "{}");
    }
    let table = here.world.small.rows(list, here);
    if let Some((status, text)) = small.empty.filter(|_| table.len() == 0) {
        if status == 204 {
            return Answer { status, ..Answer::default() };
        }
        return message::error(status, text);
    }
    if small.form == Form::Single {
        let Some(row) = table.rows().first() else { return message::not_found() };
        return single(&Record { list, here, row }, request);
    }
    let keep = match Filter::of(list, request) {
        Ok(filter) => filter,
        Err(text) => return message::invalid(&text),
    };
    let sorting = sorting(list, request);
    let holds = |row: &Row| {
        keep.holds(row) && small.keep.is_none_or(|keep| keep(&Record { list, here, row }, request))
    };
    let path = format!("{}/{}", here.path(), rest.join("/"));
    if small.cursors {
        let keyset = Keyset { table: &table, sorting, path };
        let id = |row: &Row| Record { list, here, row }.id();
        return keyset
            .answer(request, id, holds, |row, out| Record { list, here, row }.object(out));
    }
    let mut rows = select(&table, sorting, holds);
    let total = rows.len();
    rows.truncate(if keep.searches() { small.window.unwrap_or(small.cap) } else { small.cap });
    if small.form == Form::Members {
        let members = list::array(&rows, |row, out| Record { list, here, row }.object(out));
        return Answer::json(200, format!("{{{}}}", &members[1..members.len() - 1]));
    }
    let mut answer =
        list::numbered(request, &path, &rows, |row, out| Record { list, here, row }.object(out));
    let array = String::from_utf8_lossy(&answer.body).into_owned();
    match (small.form, &list.frame) {
        (Form::Named(name), _) => {
            answer.body = format!("{{\"total_count\":{total},\"{name}\":{array}}}").into_bytes();
        }
        (_, Some(frame)) => {
            let nothing = Row { number: 1, ..Row::default() };
            let framed =
                Framed { rows: &array, total, record: Record { list, here, row: &nothing } };
            let mut out = String::new();
            frame.render(&framed, &mut out);
            answer.body = out.into_bytes();
        }
        _ => {}
    }
    answer
}

fn single(record: &Record<'_>, request: &Request) -> Answer {
    let mut out = String::new();
    // The version of old may stand in a media type.
    let accept = request.header("accept").unwrap_or_default().replace(".v3", "");
    if let (Some((kind, _)), Some(text)) = (record.list.small.media, &record.list.media)
        && accept.contains(kind)
    {
        text.render(record, &mut out);
        let mut answer = Answer { status: 200, headers: Vec::new(), body: out.into_bytes() };
        answer.set("content-type", format!("{kind}; charset=utf-8"));
        return answer;
    }
    record.object(&mut out);
    Answer::json(200, out)
}

fn sorting(list: &List, request: &Request) -> Sorting {
    let small = list.small;
    if !small.sorted {
        return Sorting { order: Order::Created, descending: small.newest_first };
    }
    let updated = request.param("sort") == Some("updated");
    Sorting {
        order: if updated { Order::Updated } else { Order::Created },
        descending: is_descending(request, small.newest_first),
    }
}

/// Which rows the parameters of a request leave.
struct Filter<'a> {
    since: u32,
    created: Option<Range>,
    state: &'a str,
}

impl<'a> Filter<'a> {
    fn of(list: &List, request: &'a Request) -> Result<Self, String> {
        let small = list.small;
        let since = request.param("since").filter(|_| small.since);
        let created = request.param("created").filter(|_| small.window.is_some());
        let state = small.state.map(|default| request.param("state").unwrap_or(default));
        Ok(Self {
            since: since.map_or(Ok(0), parse_instant)?,
            created: created.map(Range::parse).transpose()?,
            state: state.unwrap_or("all"),
        })
    }

    fn searches(&self) -> bool {
        self.created.is_some()
    }

    fn holds(&self, row: &Row) -> bool {
        let in_state = match self.state {
            "open" => row.closed == 0,
            "closed" => row.closed != 0,
            _ => true,
        };
        let in_range = self.created.is_none_or(|range| range.holds(row.created));
        in_state && in_range && row.updated >= self.since
    }
}

/// What stands around the rows.
struct Framed<'a> {
    rows: &'a str,
    total: usize,
    record: Record<'a>,
}

impl Fill for Framed<'_> {
    fn fill(&self, slot: &str, out: &mut String) -> bool {
        match slot {
            "rows" => out.push_str(self.rows),
            "total_count" => out.push_str(&self.total.to_string()),
            _ => return self.record.fill(slot, out),
        }
        true
    }
}
