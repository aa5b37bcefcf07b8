//! The answer of a small list: which rows a request gets, and how they stand in it.

use super::filter::{Filter, sorting};
use super::list::Form;
use super::place::{Here, Root};
use super::record::Record;
use super::registry::{List, RootKind};
use crate::github::account::Account;
use crate::github::list::{self, Keyset, select};
use crate::github::message;
use crate::github::table::Row;
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
    let show = |row: &Row, out: &mut String| Record { list, here, row }.object(out);
    let mut rows = select(&table, sorting, holds);
    let total = rows.len();
    rows.truncate(if keep.searches() { small.window.unwrap_or(small.cap) } else { small.cap });
    if small.form == Form::Members {
        let members = list::array(&rows, |row, out| show(row, out));
        return Answer::json(200, format!("{{{}}}", &members[1..members.len() - 1]));
    }
    let mut answer = if small.cursors {
        let keyset = Keyset { table: &table, sorting, path, counted: false };
        keyset.answer(request, |row| Record { list, here, row }.id(), holds, show)
    } else {
        list::numbered(request, &path, &rows, |row, out| show(row, out))
    };
    if let Some((name, value)) = small.header {
        answer.set(name, value);
    }
    if answer.status == 200 {
        answer.body = framed(list, here, &answer.body, total);
    }
    answer
}

/// The rows of a page with what stands around them.
fn framed(list: &'static List, here: &Here<'_>, rows: &[u8], total: usize) -> Vec<u8> {
    let rows = String::from_utf8_lossy(rows);
    match (list.small.form, &list.frame) {
        (Form::Named(name), _) => {
            format!("{{\"total_count\":{total},\"{name}\":{rows}}}").into_bytes()
        }
        (_, Some(frame)) => {
            let row = &Row { number: 1, ..Row::default() };
            let framed = Framed { rows: &rows, total, record: Record { list, here, row } };
            let mut out = String::new();
            frame.render(&framed, &mut out);
            out.into_bytes()
        }
        _ => rows.into_owned().into_bytes(),
    }
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::list::Small;
    use super::*;
    use crate::Options;

    const PATH: &str = "/repos/{owner}/{repo}/wishes";

    fn world() -> World {
        World::new(&Options::parse_from(["mock-api", "--issues", "3"]).github).unwrap()
    }

    /// What a list answers.
    fn ask(small: Small, query: &str, accept: &str) -> Answer {
        ask_in(&world(), small, query, accept)
    }

    fn ask_in(world: &World, small: Small, query: &str, accept: &str) -> Answer {
        let list: &'static List = Box::leak(Box::new(List::new(Box::leak(Box::new(small)))));
        let here = Here::new(world, Root::Repository(&world.repos[0]));
        let mut request = Request::new("GET", &format!("/repos/acme/widgets/wishes?{query}"));
        request.headers.push(("accept".to_owned(), accept.to_owned()));
        answer(list, &here, &["wishes"], &request)
    }

    fn check(small: Small, query: &str, expected: &str) {
        let answer = ask(small, query, "*/*");
        assert_eq!(String::from_utf8_lossy(&answer.body), expected, "{query}");
    }

    const fn numbers(rows: u32) -> Small {
        Small::new("wishes", PATH, "{{number}}", rows)
    }

    #[test]
    fn rows_stand_as_the_form_says() {
        check(numbers(3), "", "[1,2,3]");
        check(numbers(3).named("wishes"), "per_page=1", r#"{"total_count":3,"wishes":[1]}"#);
        let frame = r#"{"of": {{repo}}, "all": {{total_count}}, "days": {{rows}}}"#;
        check(numbers(2).within(frame), "", r#"{"of":"acme/widgets","all":2,"days":[1,2]}"#);
        check(numbers(3).single(), "", "1");
        let members = Small::new("wishes", PATH, r#""{{each:a|b}}": {{number}}"#, 3);
        check(members.members(), "", r#"{"a":1,"b":2,"b-3":3}"#);
    }

    #[test]
    fn rows_are_in_the_order_that_the_list_has_and_the_request_asks_for() {
        check(numbers(3).newest_first(), "direction=asc", "[3,2,1]");
        check(numbers(3).sorted(), "direction=desc", "[3,2,1]");
        check(numbers(3).newest_first().sorted(), "", "[3,2,1]");
        check(numbers(9).cap(2), "", "[1,2]");
        let timed = ask(numbers(1).header("x-poll-interval", "60"), "", "");
        assert_eq!(timed.header("x-poll-interval"), Some("60"));
    }

    #[test]
    fn parameters_are_heard_only_where_the_list_has_them() {
        let count = |small: Small, query: &str| {
            let body = ask(small, query, "").body;
            serde_json::from_slice::<Vec<serde_json::Value>>(&body).unwrap().len()
        };
        let list = || numbers(20);
        assert_eq!(count(list(), "since=2030-01-01&created=>2030-01-01&sort=updated"), 20);
        assert_eq!(count(list().since(), "since=2030-01-01"), 0);
        assert_eq!(count(list().window(7), "created=>2000-01-01"), 7);
        assert_eq!(count(list().keep(|record, _| record.row.number > 15), ""), 5);
        assert_eq!(count(list().count(|here| here.parents.len() as u32 + 4), ""), 4);
        assert_eq!(ask(list().since(), "since=soon", "").status, 422);
    }

    #[test]
    fn a_list_without_rows_answers_as_it_says() {
        check(numbers(0), "", "[]");
        let empty = ask(numbers(0).empty(204, ""), "", "");
        assert_eq!((empty.status, empty.body.len()), (204, 0));
        assert_eq!(ask(numbers(0).empty(409, "Nothing is there."), "", "").status, 409);
        assert_eq!(ask(numbers(1).empty(409, "Nothing is there."), "", "").status, 200);
    }

    #[test]
    fn what_is_still_counted_is_there_when_it_is_asked_for_again() {
        let world = world();
        let ask = || ask_in(&world, numbers(1).first(202), "", "").status;
        assert_eq!([ask(), ask(), ask()], [202, 200, 200]);
    }

    #[test]
    fn another_media_type_gets_another_text() {
        let media = "application/vnd.github.diff";
        let small = || numbers(1).single().media(media, "+ {{number}}\n");
        let diff = ask(small(), "", media);
        assert_eq!(diff.body, b"+ 1\n");
        assert!(diff.header("content-type").unwrap().starts_with(media));
        check(small(), "", "1");
    }

    #[test]
    fn cursors_lead_through_all_rows_without_numbers() {
        let small = || numbers(5).cursors().named("wishes");
        let mut query = "per_page=2".to_owned();
        let mut pages = Vec::new();
        loop {
            let answer = ask(small(), &query, "");
            pages.push(String::from_utf8(answer.body.clone()).unwrap());
            let link = answer.header("link").unwrap_or_default().to_owned();
            assert!(!link.contains("&page="), "{link}");
            let next = link.split(", ").find(|one| one.ends_with("rel=\"next\""));
            let Some(next) = next else { break };
            query = next.split(['?', '>']).nth(1).unwrap().to_owned();
        }
        let page = |rows: &str| format!("{{\"total_count\":5,\"wishes\":[{rows}]}}");
        assert_eq!(pages, [page("1,2"), page("3,4"), page("5")]);
    }
}
