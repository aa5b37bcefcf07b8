//! How a request gets its turn: a credential that may send now, and its signature.

use std::sync::Arc;
use std::time::Duration;

use super::Sending;
use crate::auth::{Authenticator, Signature};
use crate::error::Error;
use crate::kind::{Kind, Limit, limited};
use crate::limits::Wish;
use crate::quota::Hold;
use crate::text;
use crate::turns::{NoTurn, Turn};
use crate::wait::Why;

/// A signature that took longer asked a server for it: meanwhile other things may hold the request.
const PROMPT: Duration = Duration::from_millis(100);
/// A credential that is held for less is not worth telling of while others are not.
const WORTH_TELLING: Duration = Duration::from_secs(5);

/// The right to send one request now, and what to send it with.
pub(super) struct Signed<'a> {
    pub(super) turn: Turn<'a>,
    auth: &'a dyn Authenticator,
    pub(super) signature: Option<Signature>,
}

impl Signed<'_> {
    pub(super) fn can_refresh(&self) -> bool {
        self.signature.is_some() && self.auth.can_refresh()
    }
}

impl<'a> Sending<'a> {
    /// The right to send, or none after a wait: then everything is asked for anew.
    pub(super) async fn turn(&mut self) -> Result<Option<Signed<'a>>, Error> {
        let began = self.elapsed();
        let signed = self.next_turn().await;
        self.idle += self.elapsed() - began;
        signed
    }

    async fn next_turn(&mut self) -> Result<Option<Signed<'a>>, Error> {
        let (shared, request) = (self.shared, self.request);
        let (serving, origin) = (self.serving(), self.url.origin().ascii_serialization());
        let wish = Wish { serving: &serving, resource: &request.resource, origin: &origin };
        let turn = match shared.turns.take(&wish, &shared.env.clock).await {
            Ok(turn) => turn,
            Err(no_turn) => {
                self.without_turn(&wish, no_turn).await?;
                return Ok(None);
            }
        };
        self.tell_of_held(&wish);
        let auth = &*shared.spec.auth[turn.credential()];
        self.site.credential = Some(self.label(turn.credential()));
        let began = self.elapsed();
        let signature = match auth.sign(&self.ask()).await {
            Ok(signature) => signature,
            Err(error) => {
                self.go_on_without(turn.credential(), error)?;
                return Ok(None);
            }
        };
        let is_slow = self.elapsed() - began > PROMPT;
        if is_slow && !std::mem::replace(&mut self.signed_slowly, true) {
            return Ok(None);
        }
        self.signed_slowly = false;
        Ok(Some(Signed { turn, auth, signature }))
    }

    /// The credentials that can be used for the request.
    fn serving(&self) -> Vec<usize> {
        let ask = self.ask();
        let credentials = self.shared.spec.auth.iter().enumerate();
        credentials.filter(|(_, auth)| auth.serves(&ask)).map(|(at, _)| at).collect()
    }

    async fn without_turn(&mut self, wish: &Wish<'_>, no_turn: NoTurn) -> Result<(), Error> {
        match no_turn {
            NoTurn::Held(at, hold) => {
                self.site.credential = Some(self.label(at));
                self.hold(wish, hold).await
            }
            NoTurn::Nobody => Err(self.nobody(wish)),
            NoTurn::Dead => Err(self.error(Kind::Limited { limit: Limit::Circuit, free_at: None })),
        }
    }

    async fn hold(&mut self, wish: &Wish<'_>, hold: Hold) -> Result<(), Error> {
        let env = &self.shared.env;
        let exact = hold.until.saturating_sub(self.elapsed());
        let mut wait = exact;
        if hold.limit.is_told() {
            self.charge(exact, hold.limit)?;
            let margin = matches!(hold.limit, Limit::Quota | Limit::Reserve);
            wait += Duration::from_secs(margin.into());
            wait += Duration::from_secs(2).mul_f64(env.random.unit());
        }
        let error = self.error(limited(hold.limit, env.clock.now(), exact));
        let mut reason = error.happened();
        if wish.serving.len() > 1 && hold.limit.is_told() {
            reason += &format!(", none of {} credentials is usable", wish.serving.len());
        }
        let end = match hold.limit {
            // Told once.
            Limit::Pace => Duration::MAX,
            _ if hold.end > hold.until => hold.end,
            _ => self.elapsed() + wait,
        };
        let why = Why { end: Some(end), ..Why::new(error.id(), &reason) };
        self.shared.wait(wait, why).await;
        Ok(())
    }

    /// Tells of credentials that must wait while others go on.
    fn tell_of_held(&self, wish: &Wish<'_>) {
        if wish.serving.len() < 2 {
            return;
        }
        let (env, now) = (&self.shared.env, self.elapsed());
        let (held, (usable, all)) = {
            let limits = self.shared.turns.limits();
            (limits.held(wish, now), limits.usable(wish, now))
        };
        for (at, hold) in held {
            let wait = hold.until - now;
            let mut site = self.site.clone();
            site.credential = Some(self.label(at));
            let error = Error::new(limited(hold.limit, env.clock.now(), wait), site);
            let reason = error.happened();
            if wait > WORTH_TELLING && self.shared.waits.first(&reason, now, hold.until) {
                let (id, span, until) =
                    (error.id(), text::span(wait), text::until(&*env.clock, wait));
                tracing::warn!(
                    "[{id}] {reason} for {span}{until} · going on with {usable} of {all} credentials"
                );
            }
        }
    }

    /// Replaces what was rejected.
    pub(super) async fn refresh(&mut self, signed: Signed<'_>) -> Result<(), Error> {
        let Signed { turn, auth, signature } = signed;
        let at = turn.credential();
        // Whoever waits for the new one holds up nobody.
        drop(turn);
        let Some(stale) = signature else { return Ok(()) };
        match auth.refresh(&stale, &self.ask()).await {
            Ok(()) => Ok(()),
            Err(error) => self.go_on_without(at, error),
        }
    }

    /// Drops a credential that was refused, for the rest of the run, if there are others.
    pub(super) fn go_on_without(&mut self, at: usize, error: Error) -> Result<(), Error> {
        if !matches!(
            error.kind(),
            Kind::Unauthorized | Kind::NoCredential(_) | Kind::GrantRefused { .. }
        ) {
            return Err(error);
        }
        let (is_news, left) = {
            let mut limits = self.shared.turns.limits();
            (limits.drop_credential(at), limits.left_of_pool())
        };
        let all = self.shared.spec.auth.len();
        if left == 0 {
            return Err(error);
        }
        if is_news {
            let (id, what) = (error.id(), error.brief());
            tracing::warn!("[{id}] {what} · going on with {left} of {all} credentials");
        }
        self.tries.refreshed = 0;
        Ok(())
    }

    /// The error of a request that no credential can be used for.
    fn nobody(&mut self, wish: &Wish<'_>) -> Error {
        let is_any_left = self.shared.turns.limits().left_of_pool() > 0;
        match wish.serving.first() {
            Some(refused) if !is_any_left => {
                self.site.credential = Some(self.label(*refused));
                self.error(Kind::Unauthorized)
            }
            _ => {
                let whom = self.request.audience.as_deref().unwrap_or(&self.request.label);
                self.error(Kind::Unserved(text::clean(whom)))
            }
        }
    }

    fn label(&self, at: usize) -> Arc<str> {
        text::clean(&self.shared.spec.auth[at].label()).into()
    }

    fn elapsed(&self) -> Duration {
        self.shared.env.clock.elapsed()
    }
}
