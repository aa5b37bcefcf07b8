//! What the source really holds: one JSON line an object.

use serde_json::{Value, json};

use super::account::Account;
use super::kind::Kind;
use super::meter::Windows;
use super::report::Report;
use super::resource::Home;
use super::scene::Scene;
use super::thing::Thing;
use super::version::ApiVersion;
use super::{event, meter, report, single};
use crate::json;
use crate::server::{Answer, Request};

const DAY: u32 = 86_400;

/// Streams that are a part of a list, by the value of `object`.
const PARTS: [(&str, Kind, &str); 3] = [
    ("bank_accounts", Kind::Sources, "bank_account"),
    ("external_account_bank_accounts", Kind::ExternalAccounts, "bank_account"),
    ("external_account_cards", Kind::ExternalAccounts, "card"),
];
/// The balance transactions of payouts, with their payout.
const OF_PAYOUTS: &str = "payout_transactions";

/// The kind of a stream's objects.
pub(super) fn kind(name: &str) -> Option<Kind> {
    let part = PARTS.iter().find(|(part, ..)| *part == name).map(|(_, kind, _)| *kind);
    let of_payouts = (name == OF_PAYOUTS).then_some(Kind::BalanceTransactions);
    part.or(of_payouts).or_else(|| Kind::named(name))
}

/// The answer of `/_mock/truth`.
pub(super) fn answer(account: &Account, request: &Request, now: u32) -> Answer {
    let name = request.param("resource").unwrap_or("charges");
    let origin = request.origin();
    let scene = Scene { account, version: ApiVersion::TRUTH, now, is_whole: true, origin: &origin };
    let fields: Option<Vec<&str>> =
        request.param("fields").map(|fields| fields.split(',').collect());
    if let Some(records) = special(&scene, name, request) {
        let shown = |record: Value| match &fields {
            Some(fields) => fields.iter().map(|field| (*field, record[*field].clone())).collect(),
            None => record,
        };
        return lines_of(
            records.into_iter().map(|record| format!("{}\n", shown(record))).collect(),
        );
    }
    let Some(kind) = kind(name) else {
        return Answer::value(400, &json!({"message": format!("there is no list `{name}`")}));
    };
    let truth = Truth {
        scene,
        name,
        object: PARTS.iter().find(|(part, ..)| *part == name).map(|(.., object)| *object),
        fields,
    };
    let has_deleted = request.param("deleted").is_some_and(|flag| flag != "0");
    let mut lines = String::new();
    for row in account.table(kind.resource().root()).rows() {
        let root = Thing::new(kind.resource().root(), *row);
        let is_told = row.is_shown(now) || (has_deleted && row.gone > 0);
        for thing in truth.things(kind, root).filter(|_| is_told) {
            truth.line(&thing, &mut lines);
        }
    }
    lines_of(lines)
}

fn lines_of(lines: String) -> Answer {
    let mut answer = Answer::json(200, lines);
    answer.set("content-type", "application/x-ndjson");
    answer
}

/// What is no list of objects: the balance, events, usage, lines of reports.
fn special(scene: &Scene<'_>, name: &str, request: &Request) -> Option<Vec<Value>> {
    let number = |name| request.number(name).and_then(|number| u32::try_from(number).ok());
    match name {
        "balance" => Some(vec![single::balance(scene)]),
        "events" => Some(event::records(scene)),
        "billing_meter_event_summaries" => {
            let end = number("end_time").unwrap_or(scene.now / DAY * DAY);
            let start = number("start_time").unwrap_or(end.saturating_sub(30 * DAY));
            Some(meter::records(scene, Windows { start, end, step: Some(DAY) }))
        }
        _ => {
            let interval = [number("interval_start"), number("interval_end")];
            Some(report::objects(scene, Report::of_stream(name)?, interval))
        }
    }
}

struct Truth<'a> {
    scene: Scene<'a>,
    name: &'a str,
    /// The value of `object` that is meant.
    object: Option<&'static str>,
    fields: Option<Vec<&'a str>>,
}

impl Truth<'_> {
    /// The objects of a kind in a row, oldest first.
    fn things(&self, kind: Kind, root: Thing) -> Box<dyn Iterator<Item = Thing> + '_> {
        let account = self.scene.account;
        match kind.resource().home {
            Home::Top | Home::Under(_) => Box::new(std::iter::once(root)),
            Home::Within(_) => Box::new(account.children(kind, &root, self.scene.now).rev()),
            Home::Seeded(parent, _) => {
                let parents = self.things(parent, root);
                Box::new(
                    parents.flat_map(move |parent| {
                        account.children(kind, &parent, self.scene.now).rev()
                    }),
                )
            }
        }
    }

    /// Appends the line of an object, if it is one of those that are meant.
    fn line(&self, thing: &Thing, lines: &mut String) {
        if self.name == OF_PAYOUTS && thing.row.parent == 0 {
            return;
        }
        if let Some(object) = self.object {
            let mut text = String::new();
            self.scene.field(thing, "object", &mut text);
            if text.trim_matches('"') != object {
                return;
            }
        }
        match &self.fields {
            None => lines.push_str(&self.record(thing)),
            Some(fields) => self.part(thing, fields, lines),
        }
        lines.push('\n');
    }

    /// Appends some fields of an object; those that it has not are looked up in its record.
    fn part(&self, thing: &Thing, fields: &[&str], lines: &mut String) {
        let mut record = None;
        lines.push('{');
        for (at, field) in fields.iter().enumerate() {
            lines.push_str(if at > 0 { "," } else { "" });
            json::text(field, lines);
            lines.push(':');
            if !self.scene.field(thing, field, lines) {
                let read =
                    || serde_json::from_str::<Value>(&self.record(thing)).unwrap_or_default();
                let record = record.get_or_insert_with(read);
                lines.push_str(&record[*field].to_string());
            }
        }
        lines.push('}');
    }

    /// The object with the id of its parent, and when it was deleted.
    fn record(&self, thing: &Thing) -> String {
        let (account, row) = (self.scene.account, thing.row);
        let mut record = String::new();
        self.scene.content(thing, None, &mut record);
        record.pop();
        if let Some(parent) = account.parent(thing) {
            let id = account.id_of(&parent);
            let field = match self.name {
                OF_PAYOUTS => "payout_id",
                "balance_transactions" => "",
                "checkout_session_line_items" => "checkout_session",
                _ => parent.kind.resource().object.rsplit('.').next().unwrap_or_default(),
            };
            if !field.is_empty() && !record.contains(&format!(":\"{id}\"")) {
                add(field, &json!(id), &mut record);
            }
            if self.name == "invoice_line_items" {
                add("invoice_created", &json!(parent.row.created), &mut record);
            }
        }
        if row.gone > 0 {
            add("_deleted_at", &json!(row.gone), &mut record);
        }
        record.push('}');
        record
    }
}

/// Appends a field to an object that is still open.
fn add(field: &str, value: &Value, record: &mut String) {
    record.push(',');
    json::text(field, record);
    record.push(':');
    record.push_str(&value.to_string());
}
