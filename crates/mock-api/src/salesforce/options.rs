//! The sizes and habits of the Salesforce room.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// The most rows of an object.
const MAX_ROWS: i64 = 20_000_000;

fn rows() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(..=MAX_ROWS)
}

/// Options of the Salesforce room.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Salesforce")]
pub struct SalesforceOptions {
    /// Seed of the data: the same seed, sizes and `--now` give the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Instant (RFC 3339) at which the data was last changed, and at which the server's clock starts
    /// unless `--date` says otherwise; default: 2026-11-01, or the clock's time if that is earlier
    #[arg(long, value_name = "INSTANT", value_parser = crate::clock::parse_instant)]
    pub now: Option<u32>,
    /// Days over which rows were made and changed
    #[arg(long, value_name = "DAYS", default_value_t = 400,
        value_parser = clap::value_parser!(u32).range(1..10_000))]
    pub history: u32,
    /// Rows of Account
    #[arg(long, default_value_t = 300, value_parser = rows())]
    pub accounts: u32,
    /// Rows of Contact
    #[arg(long, default_value_t = 200, value_parser = rows())]
    pub contacts: u32,
    /// Rows of Opportunity
    #[arg(long, default_value_t = 100, value_parser = rows())]
    pub opportunities: u32,
    /// Rows of Gizmo__c
    #[arg(long, default_value_t = 60, value_parser = rows())]
    pub gizmos: u32,
    /// Rows of Plain__c
    #[arg(long, default_value_t = 40, value_parser = rows())]
    pub plains: u32,
    /// Rows of User
    #[arg(long, default_value_t = 12, value_parser = rows())]
    pub users: u32,
    /// Rows of Task
    #[arg(long, default_value_t = 80, value_parser = rows())]
    pub tasks: u32,
    /// Rows of LoginHistory
    #[arg(long, default_value_t = 50, value_parser = rows())]
    pub logins: u32,
    /// Rows of Attachment
    #[arg(long, default_value_t = 20, value_parser = rows())]
    pub attachments: u32,
    /// Further custom objects, `Extra0001__c` and so on
    #[arg(long, value_name = "N", default_value_t = 0,
        value_parser = clap::value_parser!(u32).range(..=3_000))]
    pub objects: u32,
    /// Rows of each of them
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = rows())]
    pub object_rows: u32,
    /// Further text fields of Gizmo__c, with long names
    #[arg(long, value_name = "N", default_value_t = 0,
        value_parser = clap::value_parser!(u32).range(..=5_000))]
    pub wide: u32,
    /// The most rows that were changed in the same second
    #[arg(long, value_name = "N", default_value_t = 3_000,
        value_parser = clap::value_parser!(u32).range(1..))]
    pub ties: u32,
    /// The most seconds after which queries see a change
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub late: u32,
    /// The client id that is accepted; default: any
    #[arg(long, value_name = "TEXT")]
    pub client_id: Option<String>,
    /// The client secret that is accepted; default: any
    #[arg(long, value_name = "TEXT")]
    pub client_secret: Option<String>,
    /// The user's name that is accepted; default: any
    #[arg(long, value_name = "TEXT")]
    pub username: Option<String>,
    /// The password that is accepted, with the security token at its end; default: any
    #[arg(long, value_name = "TEXT")]
    pub password: Option<String>,
    /// The first refresh token that is accepted; default: any
    #[arg(long, value_name = "TEXT")]
    pub refresh_token: Option<String>,
    /// A private key (PEM) with which the assertions of JWTs must be signed; default: any signature
    #[arg(long, value_name = "FILE")]
    pub jwt_key: Option<PathBuf>,
    /// Each use of a refresh token replaces it
    #[arg(long)]
    pub rotate: bool,
    /// Requests after which a session ends
    #[arg(long, value_name = "N")]
    pub session_requests: Option<u64>,
    /// Seconds after which a session ends
    #[arg(long, value_name = "S")]
    pub session_seconds: Option<u64>,
    /// Tell requests for jobs with 400 that their session has ended; `object`: as Bulk API 1 tells it
    #[arg(long, value_name = "SHAPE", value_enum, num_args = 0..=1, require_equals = true,
        default_missing_value = "list")]
    pub session_400: Option<ErrorShape>,
    /// Requests a day
    #[arg(long, value_name = "M", default_value_t = 10_000_000)]
    pub api_limit: u64,
    /// Requests of the day that others had sent before
    #[arg(long, value_name = "U", default_value_t = 0)]
    pub api_used: u64,
    /// Records a page of a query, at most
    #[arg(long, value_name = "N", default_value_t = 2_000,
        value_parser = clap::value_parser!(u32).range(1..=2_000))]
    pub page: u32,
    /// Requests after which the cursor of a query is lost
    #[arg(long, value_name = "N")]
    pub cursor_requests: Option<u32>,
    /// Rows beyond which a query for a range of time takes too long
    #[arg(long, value_name = "ROWS")]
    pub query_timeout: Option<u32>,
    /// Rows a page of a job's results
    #[arg(long, value_name = "N", default_value_t = 50_000,
        value_parser = clap::value_parser!(u32).range(1..))]
    pub bulk_page: u32,
    /// Times that a job is asked for until it is done
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub job_polls: u32,
    /// The order of a job's rows, of a query that asks for none
    #[arg(long, value_enum, default_value_t = BulkOrder::Mixed)]
    pub bulk_order: BulkOrder,
    /// The order of a job's columns
    #[arg(long, value_enum, default_value_t = BulkColumns::Asked)]
    pub bulk_columns: BulkColumns,
    /// Begin each page of results with a byte order mark
    #[arg(long)]
    pub bulk_bom: bool,
    /// End lines of results with CR LF
    #[arg(long)]
    pub bulk_crlf: bool,
    /// The job that fails, by its number
    #[arg(long, value_name = "N")]
    pub fail_job: Option<u32>,
    /// The job that is aborted, by its number
    #[arg(long, value_name = "N")]
    pub abort_job: Option<u32>,
    /// Times that a locator of a job's results can be used
    #[arg(long, value_name = "N")]
    pub locator_uses: Option<u32>,
}

/// The shape in which jobs tell that a session has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ErrorShape {
    /// A list, with `errorCode`
    List,
    /// An object, with `exceptionCode`
    Object,
}

/// The order of a job's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BulkOrder {
    /// Not that of their changes
    Mixed,
    /// By their change
    Sorted,
    /// By their change, the last first
    Descending,
}

/// The order of a job's columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BulkColumns {
    /// As the query has it
    Asked,
    /// Another one on each page
    Shuffled,
}
