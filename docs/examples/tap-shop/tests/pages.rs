//! A paginator of one's own: the example of the guide's page on paging.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use singer_http::Request;
use singer_tap::{BaseUrl, Client, ClientSpec, Error, Next, Outcome, Page, Paginator};
use singer_tap::{Rules, Secret, Stream, Tap, schema};

// ANCHOR: paginator
/// The body tells which page it is, and how many there are: `{"page": 1, "pages": 9, "products": […]}`.
struct Pages;

impl Paginator for Pages {
    fn needs(&self) -> Vec<String> {
        vec!["/page".to_owned(), "/pages".to_owned()]
    }

    fn next(&self, _: &Request, page: &Page<'_>) -> Result<Next, Error> {
        // In the order of `needs`.
        let number = |at: usize| page.needed[at].as_ref().and_then(Value::as_u64);
        let (Some(here), Some(last)) = (number(0), number(1)) else {
            let what = "the page must hold numbers at `/page` and `/pages`".to_owned();
            return Err(Error::Page { what });
        };
        if here >= last {
            return Ok(Next::Done);
        }
        let mut next = page.first.clone();
        next.url.query_pairs_mut().append_pair("page", &(here + 1).to_string());
        Ok(Next::Request(Box::new(next)))
    }
}
// ANCHOR_END: paginator

#[derive(Deserialize, JsonSchema)]
struct Config {
    api_key: Secret,
    api_url_base: BaseUrl,
}

struct TapPages;

impl Tap for TapPages {
    const NAME: &'static str = "tap-pages";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const ABOUT: &'static str = "Reads products page by page.";
    type Config = Config;

    fn client(config: &Config) -> Result<ClientSpec, Error> {
        let key = config.api_key.bearer("api_key")?;
        Ok(ClientSpec::new(config.api_url_base.to_url(), key, Rules::PLAIN))
    }

    async fn streams(_: &Config, _: &Client) -> Result<Vec<Stream>, Error> {
        Ok(vec![
            Stream::new("products")
                .about("What is on sale now.")
                .schema(schema!("products"))
                .key(["id"])
                .get("/products")
                .records_at("/products")
                .paginate(Pages),
        ])
    }
}

/// How a run over these fixtures ends, and the ids of its records.
fn read(fixtures: &str) -> (Outcome, Vec<u64>) {
    let config = json!({"api_key": "a-key", "api_url_base": "https://shop.example/v1"});
    let messages = singer_test::stream::<TapPages>("products", &[fixtures], &config);
    let records = messages.records("products");
    let ids = records.iter().filter_map(|record| record["id"].as_u64()).collect();
    (messages.outcome(), ids)
}

#[test]
fn pages_are_read_until_the_last_one() {
    assert_eq!(read("tests/pages/two"), (Outcome::Ok, vec![1, 2, 3]));
}

#[test]
fn a_page_that_does_not_tell_how_many_there_are_is_no_end() {
    // What the page had is written; that it was the last one is not believed.
    assert_eq!(read("tests/pages/cut"), (Outcome::Refused, vec![1]));
}
