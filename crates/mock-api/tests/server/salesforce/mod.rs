//! The Salesforce room.

mod bulk;
mod changes;
mod describes;
mod logins;
mod queries;
mod quotas;

use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::site::{Reply, Site};

const DATA: &str = "/services/data/v60.0";
/// The server's time.
const NOW: &str = "2026-11-01T12:00:00Z";

/// A server and somebody who is logged in.
struct Desk {
    site: Site,
    session: String,
}

/// A server whose clock stands still.
fn desk(arguments: &str) -> Desk {
    let site = site(arguments);
    let session = login(&site);
    Desk { site, session }
}

fn site(arguments: &str) -> Site {
    Site::new(&format!("salesforce --date {NOW} --still {arguments}"))
}

fn login(site: &Site) -> String {
    let body = "grant_type=client_credentials&client_id=a&client_secret=b";
    let reply = site.post("/services/oauth2/token", body);
    reply["access_token"].as_str().unwrap_or_else(|| panic!("{reply}")).to_owned()
}

impl Desk {
    fn send(&self, method: &str, path: &str, more: &[(&str, &str)], body: &str) -> Reply {
        let bearer = format!("Bearer {}", self.session);
        let mut headers = vec![("authorization", bearer.as_str())];
        headers.extend_from_slice(more);
        let target =
            if path.starts_with("/services") { path.to_owned() } else { format!("{DATA}{path}") };
        self.site.send(method, &target, &headers, body)
    }

    fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], "")
    }

    /// The first page of a query.
    fn ask(&self, resource: &str, soql: &str) -> Reply {
        self.get(&format!("/{resource}?q={}", encoded(soql)))
    }

    /// All records of a query, page after page, and the number of pages.
    fn walk(&self, resource: &str, soql: &str) -> (Vec<Value>, usize) {
        let (mut records, mut pages) = (Vec::new(), 0);
        let mut reply = self.ask(resource, soql);
        loop {
            let page = json(&reply);
            assert_eq!(reply.status, 200, "{soql}: {page}");
            records.extend(page["records"].as_array().unwrap().iter().cloned());
            pages += 1;
            match page["nextRecordsUrl"].as_str() {
                Some(next) => reply = self.get(next),
                None => {
                    assert_eq!(page["done"], true);
                    return (records, pages);
                }
            }
        }
    }

    fn query(&self, soql: &str) -> Vec<Value> {
        self.walk("query", soql).0
    }

    /// The ids that an admin request has changed.
    fn change(&self, target: &str) -> Vec<String> {
        let done = self.site.post(&format!("/_mock/{target}"), "");
        let ids = done["ids"].as_array().unwrap_or_else(|| panic!("{target}: {done}"));
        ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect()
    }

    /// A job of a query, as it was made.
    fn job(&self, soql: &str) -> Value {
        let body = serde_json::json!({"operation": "queryAll", "query": soql}).to_string();
        let reply = self.send("POST", "/jobs/query", &[], &body);
        assert_eq!(reply.status, 200, "{soql}: {}", text(&reply));
        json(&reply)
    }

    /// The id of a job of a query after it was done.
    fn done(&self, soql: &str) -> String {
        let job = self.job(soql);
        let id = job["id"].as_str().unwrap().to_owned();
        for _ in 0..5 {
            if json(&self.get(&format!("/jobs/query/{id}")))["state"] == "JobComplete" {
                return id;
            }
        }
        panic!("job {id} is not done");
    }
}

fn json(reply: &Reply) -> Value {
    serde_json::from_slice(&bytes(reply)).unwrap_or_else(|error| panic!("{error}: {reply:?}"))
}

/// The body without its compression.
fn bytes(reply: &Reply) -> Vec<u8> {
    let mut bytes = Vec::new();
    if reply.header("content-encoding") == Some("gzip") {
        GzDecoder::new(&reply.body[..]).read_to_end(&mut bytes).unwrap();
        return bytes;
    }
    reply.body.clone()
}

fn text(reply: &Reply) -> String {
    String::from_utf8(bytes(reply)).unwrap()
}

/// The code of an error in the API's shape.
fn code(reply: &Reply) -> (u16, String) {
    let errors = json(reply);
    assert!(errors[0]["message"].is_string(), "{errors}");
    (reply.status, errors[0]["errorCode"].as_str().unwrap().to_owned())
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn ids(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["Id"].as_str().unwrap()).collect()
}

/// The lines of a CSV, each value with quotes.
fn table(csv: &str) -> Vec<Vec<String>> {
    let (mut lines, mut line, mut rest) = (Vec::new(), Vec::new(), csv);
    while let Some(quoted) = rest.strip_prefix('"') {
        let mut end = quoted.find('"').unwrap();
        while quoted[end + 1..].starts_with('"') {
            end += 2 + quoted[end + 2..].find('"').unwrap();
        }
        line.push(quoted[..end].replace("\"\"", "\""));
        rest = &quoted[end + 1..];
        rest = match rest.strip_prefix(',') {
            Some(rest) => rest,
            None => {
                lines.push(std::mem::take(&mut line));
                rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')).unwrap()
            }
        };
    }
    assert_eq!(rest, "");
    lines
}
