//! Reports that sum up.

use std::collections::BTreeMap;

use super::lines::{Scope, transactions};
use super::{major, read};
use crate::stripe::scene::Scene;

/// Sums in cents.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    count: u64,
    gross: i64,
    fee: i64,
    net: i64,
}

/// A line for each category and currency, and one for each currency.
pub(super) fn categories(
    scene: &Scene<'_>,
    scope: Scope<'_>,
    columns: &[&str],
) -> Vec<Vec<String>> {
    let mut sums: BTreeMap<(String, String), Sum> = BTreeMap::new();
    for ((category, currency), sum) in by_category(scene, scope) {
        let total = sums.entry(("total".to_owned(), currency.clone())).or_default();
        *total = total.and(sum);
        sums.insert((category, currency), sum);
    }
    let line = |((category, currency), sum): (&(String, String), &Sum)| {
        let value = |column: &&str| match *column {
            "reporting_category" => category.clone(),
            "currency" => currency.clone(),
            "count" => sum.count.to_string(),
            "gross" => major(sum.gross),
            "fee" => major(sum.fee),
            "net" => major(sum.net),
            _ => String::new(),
        };
        columns.iter().map(value).collect()
    };
    sums.iter().map(line).collect()
}

/// Lines for each currency: the balance before, what came and went, the balance after.
pub(super) fn balance(scene: &Scene<'_>, scope: Scope<'_>, columns: &[&str]) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    let by_currency = |scope| {
        let mut sums: BTreeMap<String, (Sum, Sum)> = BTreeMap::new();
        for ((category, currency), sum) in by_category(scene, scope) {
            let (activity, payouts) = sums.entry(currency).or_default();
            let part = if category == "payout" { payouts } else { activity };
            *part = part.and(sum);
        }
        sums
    };
    let before = by_currency(Scope { start: 0, end: scope.start, ..scope });
    for (currency, (activity, payouts)) in by_currency(scope) {
        let (earlier, paid) = before.get(&currency).copied().unwrap_or_default();
        let start = earlier.net - paid.net;
        for (category, description, net) in [
            ("starting_balance", "Starting balance", start),
            ("activity_gross", "Account activity before fees", activity.gross),
            ("activity_fee", "Less fees", -activity.fee),
            ("activity", "Net balance change from activity", activity.net),
            ("payouts", "Total payouts", -payouts.net),
            ("ending_balance", "Ending balance", start + activity.net - payouts.net),
        ] {
            let value = |column: &&str| match *column {
                "category" => category.to_owned(),
                "description" => description.to_owned(),
                "net_amount" => major(net),
                "currency" => currency.clone(),
                _ => String::new(),
            };
            lines.push(columns.iter().map(value).collect());
        }
    }
    lines
}

fn by_category(scene: &Scene<'_>, scope: Scope<'_>) -> BTreeMap<(String, String), Sum> {
    let mut sums: BTreeMap<(String, String), Sum> = BTreeMap::new();
    for thing in transactions(scene, scope) {
        let text = |field| read(scene, &thing, field, "");
        let cents = |field| text(field).parse().unwrap_or_default();
        let one = Sum { count: 1, gross: cents("amount"), fee: cents("fee"), net: cents("net") };
        let sum = sums.entry((text("reporting_category"), text("currency"))).or_default();
        *sum = sum.and(one);
    }
    sums
}

impl Sum {
    fn and(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            gross: self.gross + other.gross,
            fee: self.fee + other.fee,
            net: self.net + other.net,
        }
    }
}
