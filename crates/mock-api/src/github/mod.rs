//! The GitHub room: REST v3 as [documented](https://docs.github.com/rest), for the streams of the tap.

mod account;
mod app;
mod apps;
mod base64;
mod change;
mod comment;
mod commit;
mod cursor;
mod discussion;
mod gate;
mod graphql;
mod issue;
mod json;
mod label;
mod link;
mod list;
mod message;
mod milestone;
mod node;
mod options;
mod organization;
mod pull;
mod pull_commit;
mod range;
mod reactions;
mod release;
mod repository;
mod resource;
mod review;
mod room;
mod route;
mod search;
mod small;
mod stargazer;
mod table;
mod template;
mod text;
mod truth;
mod user;
mod world;

use crate::seed;

pub use apps::AppSpec;
pub use options::GithubOptions;
pub use room::Github;
