//! The lines of a report, as the data is now.

use super::columns::{Line, Part};
use super::kinds::{Basis, Report};
use super::{read, sums, tax};
use crate::stripe::kind::Kind;
use crate::stripe::scene::Scene;
use crate::stripe::thing::Thing;

/// What a report is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'a> {
    /// Seconds of the epoch, the first one included.
    pub(super) start: u32,
    /// Seconds of the epoch, not included.
    pub(super) end: u32,
    pub(super) currency: Option<&'a str>,
    pub(super) category: Option<&'a str>,
}

/// The values of a report, line by line.
pub(super) fn lines(
    scene: &Scene<'_>,
    report: &Report,
    scope: Scope<'_>,
    columns: &[&str],
) -> Vec<Vec<String>> {
    let values = |line: &Line<'_>| columns.iter().map(|column| line.value(column)).collect();
    match report.basis {
        Basis::Transactions => transactions(scene, scope)
            .map(|thing| values(&Line::new(scene, thing, Part::Whole)))
            .collect(),
        Basis::Parts => transactions(scene, scope)
            .flat_map(|thing| {
                [Part::Gross, Part::Fee].map(|part| values(&Line::new(scene, thing, part)))
            })
            .collect(),
        Basis::Payouts => of_payouts(scene, scope)
            .map(|thing| values(&Line::new(scene, thing, Part::Whole)))
            .collect(),
        Basis::Categories => sums::categories(scene, scope, columns),
        Basis::Balance => sums::balance(scene, scope, columns),
        Basis::Tax => tax::lines(scene, scope, columns),
    }
}

/// The balance transactions of an interval, oldest first.
pub(super) fn transactions<'a>(
    scene: &'a Scene<'_>,
    scope: Scope<'a>,
) -> impl Iterator<Item = Thing> + 'a {
    let rows = scene.account.table(Kind::BalanceTransactions).rows();
    let first = rows.partition_point(|row| row.created < scope.start);
    let rest = rows.partition_point(|row| row.created < scope.end);
    let things = rows[first..rest.max(first)].iter().filter(|row| row.is_shown(scene.now));
    let things = things.map(|row| Thing::new(Kind::BalanceTransactions, *row));
    things.filter(move |thing| fits(scene, thing, scope))
}

fn fits(scene: &Scene<'_>, thing: &Thing, scope: Scope<'_>) -> bool {
    let is =
        |field, wanted: Option<&str>| wanted.is_none_or(|one| read(scene, thing, field, "") == one);
    is("currency", scope.currency) && is("reporting_category", scope.category)
}

/// Those of the automatic payouts that arrived in an interval.
fn of_payouts<'a>(scene: &'a Scene<'_>, scope: Scope<'a>) -> impl Iterator<Item = Thing> + 'a {
    let payouts = scene.account.table(Kind::Payouts).rows().iter();
    let payouts = payouts.map(|row| Thing::new(Kind::Payouts, *row));
    let automatic = payouts.filter(move |payout| {
        let arrival = read(scene, payout, "arrival_date", "").parse().unwrap_or(u32::MAX);
        payout.row.is_shown(scene.now)
            && (scope.start..scope.end).contains(&arrival)
            && read(scene, payout, "automatic", "") == "true"
    });
    automatic.flat_map(move |payout| {
        let things = scene.account.children(Kind::BalanceTransactions, &payout, scene.now);
        things.filter(move |thing| fits(scene, thing, scope))
    })
}
