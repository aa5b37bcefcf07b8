//! The installations of a GitHub App, and the tokens that it is given for them.
//!
//! <https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app>

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use serde_json::Value;
use singer_http::{
    Ask, Authenticator, BoxFuture, Client, ClientSpec, Error, Fields, Grant, Kind, Lifetime, OAuth,
    Request, Signature, Url,
};
use tokio::sync::OnceCell;

use super::app_key::AppKey;

/// Where the answer has the token.
const FIELDS: Fields =
    Fields { token: "/token", lifetime: Lifetime::Until("/expires_at"), ..Fields::OAUTH };

/// An App, as the API sees it.
pub(super) struct App {
    pub(super) key: AppKey,
    pub(super) base: Url,
    /// How long before its end a token is renewed.
    pub(super) early: Duration,
    /// The owners whose installations are asked for one by one.
    pub(super) owners: Vec<String>,
    /// Those of them that have none, as far as is known; in lower case.
    pub(super) absent: Mutex<BTreeSet<String>>,
    /// Asks as the App.
    pub(super) client: OnceLock<Client>,
}

/// Which installation of an App.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// The one of this number.
    Given(u64),
    /// That of an organisation or a user.
    Of(String),
    /// Any, for what everybody may read.
    Any,
}

/// A credential by one installation, which is looked for when it is first needed.
pub(super) struct Installation {
    label: Arc<str>,
    app: Arc<App>,
    whose: Whose,
    found: OnceCell<OAuth>,
}

impl App {
    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }

    fn client(&self, ask: &Ask<'_>) -> Result<&Client, Error> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let mut spec = ClientSpec::new(self.base.clone(), self.key.jwt.clone(), super::RULES);
        spec.headers = super::headers();
        spec.deadlines = ask.deadlines.clone();
        ask.user_agent.clone_into(&mut spec.user_agent);
        let client = Client::new(spec, ask.env.clone())?;
        Ok(self.client.get_or_init(|| client))
    }

    /// What the API answers to the App itself.
    async fn get(&self, url: Url, ask: &Ask<'_>) -> Result<Value, Error> {
        let response = self.client(ask)?.send(&Request::get(url)).await?;
        serde_json::from_slice(&response.body).map_err(|_| self.without("the answer is not JSON"))
    }

    /// The installation of an owner. Source:
    /// <https://docs.github.com/en/rest/apps/apps#get-an-organization-installation-for-the-authenticated-app>.
    async fn of(&self, owner: &str, ask: &Ask<'_>) -> Result<u64, Error> {
        for kind in ["orgs", "users"] {
            match self.get(self.url(&[kind, owner, "installation"]), ask).await {
                Ok(found) => return id(&found).ok_or_else(|| self.without("it has no `id`")),
                Err(error) if matches!(error.kind(), Kind::Missing) => {}
                Err(error) => {
                    // The others know why there is no installation at all.
                    if matches!(error.kind(), Kind::Unauthorized) {
                        self.note_absent(owner);
                    }
                    return Err(error);
                }
            }
        }
        self.note_absent(owner);
        Err(self.without(&format!("the App is not installed for `{owner}`")))
    }

    /// The first installation that is not suspended.
    async fn any(&self, ask: &Ask<'_>) -> Result<u64, Error> {
        let mut url = self.url(&["app", "installations"]);
        url.set_query(Some("per_page=100"));
        let all = self.get(url, ask).await?;
        let mut usable =
            all.as_array().into_iter().flatten().filter(|it| it["suspended_at"].is_null());
        usable.find_map(id).ok_or_else(|| self.without("the App is not installed anywhere"))
    }

    fn without(&self, cause: &str) -> Error {
        Error::no_credential(&self.key.label, cause)
    }

    fn note_absent(&self, owner: &str) {
        let mut absent = self.absent.lock().unwrap_or_else(PoisonError::into_inner);
        absent.insert(owner.to_ascii_lowercase());
    }

    fn lacks(&self, owner: &str) -> bool {
        let absent = self.absent.lock().unwrap_or_else(PoisonError::into_inner);
        absent.contains(&owner.to_ascii_lowercase())
    }
}

fn id(installation: &Value) -> Option<u64> {
    installation["id"].as_u64()
}

impl Installation {
    pub(super) fn new(app: Arc<App>, whose: Whose) -> Installation {
        let label = match &whose {
            Whose::Of(owner) => format!("{} ({owner})", app.key.label).into(),
            Whose::Given(_) | Whose::Any => app.key.label.as_str().into(),
        };
        Installation { label, app, whose, found: OnceCell::new() }
    }

    async fn login(&self, ask: &Ask<'_>) -> Result<&OAuth, Error> {
        self.found.get_or_try_init(|| self.find(ask)).await
    }

    /// The same question, at the time that GitHub told the App: it takes a signature only of its own
    /// present, and the first request of a run is the one for a token.
    fn timed<'a>(&self, ask: &Ask<'a>) -> Result<Ask<'a>, Error> {
        let mut timed = *ask;
        timed.now = self.app.client(ask)?.now();
        Ok(timed)
    }

    async fn find(&self, ask: &Ask<'_>) -> Result<OAuth, Error> {
        let id = match &self.whose {
            Whose::Given(id) => {
                // Tells whether the key is right, and the time.
                self.app.get(self.app.url(&["app"]), ask).await?;
                *id
            }
            Whose::Of(owner) => self.app.of(owner, ask).await?,
            Whose::Any => self.app.any(ask).await?,
        };
        let url = self.app.url(&["app", "installations", &id.to_string(), "access_tokens"]);
        let grant = Grant::signed_by(url, self.app.key.jwt.clone())?;
        OAuth::new(&self.label, grant.fields(FIELDS).renewed_before_end(self.app.early))
    }
}

impl Authenticator for Installation {
    fn label(&self) -> Arc<str> {
        self.label.clone()
    }

    fn serves(&self, ask: &Ask<'_>) -> bool {
        match (&self.whose, ask.audience) {
            (Whose::Any, Some(owner)) => {
                let mut own = self.app.owners.iter();
                !own.any(|own| own.eq_ignore_ascii_case(owner)) || self.app.lacks(owner)
            }
            _ => true,
        }
    }

    fn sign<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Signature>, Error>> {
        Box::pin(async {
            let login = self.login(ask).await?;
            login.sign(&self.timed(ask)?).await
        })
    }

    fn can_refresh(&self) -> bool {
        true
    }

    fn refresh<'a>(
        &'a self,
        stale: &'a Signature,
        ask: &'a Ask<'a>,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async {
            let login = self.login(ask).await?;
            login.refresh(stale, &self.timed(ask)?).await
        })
    }

    fn settled(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            if let Some(login) = self.found.get() {
                login.settled().await;
            }
        })
    }
}
