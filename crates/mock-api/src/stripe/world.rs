//! All accounts, and how they came to be.

use super::account::Account;
use super::kind::Kind;
use super::life::{Plan, Span};
use super::options::{MAX_ROWS, StripeOptions};
use super::resource::Home;
use crate::Error;
use crate::seed::{Dice, mix};

/// Days of which events are told.
const MONTH: u32 = 30;
const DAY: u32 = 86_400;
/// A connected account has that part of what the platform has.
const SHARE: u32 = 10;

/// Everything that the room answers from.
#[derive(Debug)]
pub(super) struct World {
    /// The platform, and the accounts that are connected to it.
    pub(super) accounts: Vec<Account>,
}

impl World {
    /// The data of these options, as it is at an instant.
    ///
    /// # Errors
    /// An option cannot be used.
    pub(super) fn new(options: &StripeOptions, now: u32) -> Result<Self, Error> {
        let sizes = options.sizes()?;
        let platform = mix(&[options.seed]);
        let accounts = (0..=options.accounts).map(|index| {
            let mut account = Account::new(platform, index, options.api_version);
            let sizes = Kind::ALL.iter().map(|kind| match (index, kind) {
                (0, Kind::Accounts) => options.accounts,
                (_, Kind::Accounts) => 0,
                (0, kind) => sizes[*kind as usize],
                (_, kind) => sizes[*kind as usize].div_ceil(SHARE),
            });
            account.sizes = sizes.collect();
            account.grow(now, options.history);
            account
        });
        Ok(Self { accounts: accounts.collect() })
    }

    /// The account with an id.
    pub(super) fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    pub(super) fn account_mut(&mut self, id: &str) -> Option<&mut Account> {
        self.accounts.iter_mut().find(|account| account.id == id)
    }

    pub(super) fn platform(&self) -> &Account {
        &self.accounts[0]
    }
}

impl Account {
    /// Fills the tables with what was made in some days before an instant.
    fn grow(&mut self, now: u32, days: u32) {
        let month = now.saturating_sub(MONTH * DAY);
        let span = Span { first: month, days: MONTH };
        let sizes = self.sizes.clone();
        let mut plans = self.plan(span, |kind| sizes[kind as usize], false);
        let mut counts = sizes;
        plans.iter().filter_map(Plan::removes).for_each(|kind| counts[kind as usize] += 1);
        let first = now.saturating_sub(days.max(1) * DAY);
        for kind in Kind::ALL.iter().copied() {
            let is_row = matches!(kind.resource().home, Home::Top | Home::Under(_));
            let count = if is_row { counts[kind as usize].min(MAX_ROWS) } else { 0 };
            // The first one of what it belongs to is made before it.
            let parents = kind.resource().parent().map_or(0, |parent| counts[parent as usize]);
            let first = first + (now - first).checked_div(parents).unwrap_or(0);
            let mut last = first;
            for at in 0..count {
                let dice = Dice::new(&[self.seed, kind as u64, at.into(), 4]);
                let step = (now - first) / count;
                // Some are made in the second of the one before.
                if at == 0 || !dice.chance(1, 25) {
                    let share = u64::from(now - first) * u64::from(at) / u64::from(count);
                    last = first + share as u32 + dice.pick(2, step.into()) as u32;
                }
                plans.push(Plan::make(kind, last));
            }
        }
        self.play(plans, month);
    }
}
