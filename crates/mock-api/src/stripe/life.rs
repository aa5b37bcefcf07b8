//! The life of an account: what is made, changed and deleted, day by day.

use super::account::Account;
use super::change::{Stamp, Wish};
use super::event::UPCOMING;
use super::kind::Kind;
use super::resource::Home;
use super::row::Row;
use super::scene::SHOWN;
use super::thing::Thing;
use crate::seed::Dice;

const DAY: u32 = 86_400;
/// The most seconds until lists show what was made.
const LATEST: u16 = 240;

/// Something that is to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Make,
    /// A making that lists show as late as they may.
    MakeLate,
    /// So many changes of one object within a second.
    Touch(u8),
    Remove,
}

/// When something is to happen, and to what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    at: u32,
    kind: Kind,
    deed: Deed,
}

/// The days that are played.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) first: u32,
    pub(super) days: u32,
}

impl Account {
    /// What happens on these days to the objects that there are, beside new ones if they are wanted.
    pub(super) fn plan(
        &self,
        span: Span,
        size: impl Fn(Kind) -> u32,
        is_growing: bool,
    ) -> Vec<Plan> {
        let mut plans = Vec::new();
        for kind in Kind::ALL.iter().copied().filter(|kind| kind.is_alive()) {
            for day in 0..span.days {
                let first = span.first + day * DAY;
                let dice = Dice::new(&[self.seed, kind as u64, first.into(), 5]);
                plan_day(kind, first, size(kind), is_growing, dice, &mut plans);
            }
        }
        plans
    }

    /// Lets everything happen, in the order of time.
    pub(super) fn play(&mut self, mut plans: Vec<Plan>, told_from: u32) -> Played {
        plans.sort_by_key(|plan| plan.at);
        let mut played = Played::default();
        for (at, plan) in plans.into_iter().enumerate() {
            let dice = Dice::new(&[self.seed, plan.at.into(), at as u64, 6]);
            let delay = match plan.deed {
                Deed::MakeLate => LATEST,
                _ if dice.chance(1, 50) => 0,
                _ => dice.pick(2, u64::from(LATEST) + 1) as u16,
            };
            let stamp = Stamp { at: plan.at, delay, is_told: plan.at >= told_from };
            let chosen = match plan.deed {
                // A client that goes on with a list that an event has cut must not find nothing.
                Deed::Remove => self.chosen(plan.kind, dice, |row| {
                    plan.kind.resource().is_mortal(row) && row.next - row.first <= SHOWN as u16
                }),
                _ => self.chosen(plan.kind, dice, |_| true),
            };
            let count = match (plan.deed, chosen) {
                (Deed::Make | Deed::MakeLate, _) => {
                    let made = self.make(plan.kind, Wish::default(), stamp);
                    match made {
                        Some(made) if stamp.is_told => self.adopt(&made, stamp),
                        Some(made) => self.age(plan.kind, made.row.number, plan.at, told_from),
                        None => {}
                    }
                    &mut played.made
                }
                (Deed::Touch(times), Some(number)) => {
                    for _ in 0..times {
                        self.touch(plan.kind, number, stamp);
                    }
                    if plan.kind == Kind::Subscriptions && dice.chance(5, 25) {
                        self.announce(dice, stamp);
                    }
                    &mut played.touched
                }
                (Deed::Remove, Some(number)) => {
                    self.remove(plan.kind, number, stamp);
                    &mut played.deleted
                }
                (_, None) => continue,
            };
            *count += 1;
        }
        played
    }

    /// Tells of an invoice that is still to come, which has no id.
    fn announce(&mut self, dice: Dice, stamp: Stamp) {
        let invoice = self.chosen(Kind::Invoices, dice, |_| true);
        let row = invoice.and_then(|number| self.table(Kind::Invoices).get(number)).copied();
        if let Some(row) = row {
            self.tell(UPCOMING, Thing::new(Kind::Invoices, row), None, stamp);
        }
    }

    /// Brings an object of long ago to where it is by now.
    fn age(&mut self, kind: Kind, number: u32, made: u32, until: u32) {
        let dice = Dice::new(&[self.seed, kind as u64, number.into(), 9]);
        let mut at = made;
        for step in 0..3 {
            let phases = &kind.resource().life.phases;
            let Some(row) = self.table(kind).get(number).copied() else { return };
            let then = phases.get(usize::from(row.phase)).map_or(&[][..], |phase| &phase.then);
            at += dice.pick(step, u64::from(3 * DAY)) as u32;
            if then.is_empty() || at >= until || dice.chance(10 + step, 15) {
                return;
            }
            let name = dice.of(20 + step, then);
            let phase = phases.iter().position(|phase| phase.name == name).unwrap_or(0) as u8;
            self.tables[kind as usize].put(Row { phase, since: at, ..row });
        }
    }

    /// One that is not deleted; new ones more often than old ones.
    fn chosen(&self, kind: Kind, dice: Dice, will_do: impl Fn(&Row) -> bool) -> Option<u32> {
        let table = self.table(kind);
        let count = table.rows().len() as u64;
        let among = if dice.chance(3, 30) { count.min(20) } else { count };
        let position = count.checked_sub(1 + dice.pick(4, among))?;
        table.near(position as usize, will_do).map(|row| row.number)
    }
}

/// How often what happened.
#[derive(Debug, Default)]
pub(super) struct Played {
    pub(super) made: u32,
    pub(super) touched: u32,
    pub(super) deleted: u32,
}

impl Plan {
    /// The making of an object.
    pub(super) fn make(kind: Kind, at: u32) -> Self {
        Self { at, kind, deed: Deed::Make }
    }

    /// The kind, if there will be an object of it less.
    pub(super) fn removes(&self) -> Option<Kind> {
        let is_less = self.deed == Deed::Remove && self.kind.resource().grave.is_some();
        is_less.then_some(self.kind)
    }
}

impl Kind {
    /// Whether objects of this kind come and go by themselves.
    fn is_alive(self) -> bool {
        let has_rows = matches!(self.resource().home, Home::Top | Home::Under(_));
        has_rows && !matches!(self, Kind::ExchangeRates | Kind::ReportRuns)
    }
}

fn plan_day(
    kind: Kind,
    first: u32,
    size: u32,
    is_growing: bool,
    dice: Dice,
    plans: &mut Vec<Plan>,
) {
    let some = |purpose: u64, most: u32| dice.pick(purpose, u64::from(most) + 1) as u32;
    let is_made = is_growing && kind != Kind::Accounts;
    let makes = if is_made { some(1, 2 + size / 60) } else { 0 };
    let touches = if kind.is_silent() { 0 } else { some(2, 2 + size / 40) };
    let is_deletable = kind.resource().grave.is_some() || kind.resource().end.is_some();
    let removes = if is_deletable && !kind.is_silent() { some(3, 1 + size / 300) } else { 0 };
    // Some are made just before a day ends, and shown after it.
    if is_made && dice.chance(4, 20) {
        let at = first + DAY - 1 - dice.pick(5, u64::from(LATEST) - 10) as u32;
        plans.push(Plan { at, kind, deed: Deed::MakeLate });
    }
    let mut last = first;
    for at in 0..makes + touches + removes {
        let purpose = 100 + 4 * u64::from(at);
        // Many things happen in the second of the one before.
        if !dice.chance(purpose, 35) {
            last = first + dice.pick(purpose + 1, DAY.into()) as u32;
        }
        let times =
            if dice.chance(purpose + 2, 20) { 2 + dice.pick(purpose + 3, 2) as u8 } else { 1 };
        let deed = match at {
            at if at < makes => Deed::Make,
            at if at < makes + touches => Deed::Touch(times),
            _ => Deed::Remove,
        };
        plans.push(Plan { at: last, kind, deed });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::world::World;
    use crate::{Options, Room};

    #[test]
    fn life_is_told_in_the_order_of_time_and_a_part_of_it_late() {
        let Some(Room::Stripe(command)) = Options::of("stripe --accounts 0").room else { panic!() };
        let world = World::new(&command.stripe, 1_793_534_400).unwrap();
        let events = &world.platform().events;
        assert!(events.is_sorted_by_key(|event| event.created));
        let late = events.iter().filter(|event| event.delay > 0).count();
        assert!(late > events.len() / 3 && late < events.len() * 2 / 3);
        assert!(events.iter().all(|event| event.delay <= 240));
        let mut by_second: BTreeMap<u32, usize> = BTreeMap::new();
        events.iter().for_each(|event| *by_second.entry(event.created).or_default() += 1);
        assert!(by_second.len() < events.len() * 2 / 3, "many share a second");
    }
}
