//! From the command line to the exit code.

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{CommandFactory as _, FromArgMatches as _};
use singer_http::{Client, ClientSpec, Env, Spares};
use singer_protocol::{Catalog, State};

use crate::about::{About, exit_codes};
use crate::cli::{Args, Test};
use crate::config::{self, Loaded};
use crate::error::Error;
use crate::metrics::Metrics;
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::redact::Redactor;
use crate::rejects::Tally;
use crate::settings::Settings;
use crate::stop::Stop;
use crate::stream::Stream;
use crate::sync::{self, Run};
use crate::tap::Tap;
use crate::{discover, input, logging, output, recipe, select};

/// The `main` of a tap: reads the process's arguments and ends with the code of [`Outcome`].
pub fn main<T: Tap>() -> ExitCode {
    logging::start(T::NAME);
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        logging::write_line(&format!(
            "CRITICAL [BUG01] the tap failed at {place}; the last STATE is safe. Please report it"
        ));
    }));
    // One thread reads and encodes, one writes: APIs are slower than either, and tasks that stay on
    // one thread cost less.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(async {
            let stop = Stop::on_signals();
            run::<T>(std::env::args_os(), Env::real(), Box::new(std::io::stdout()), stop).await
        }),
        Err(error) => {
            logging::write_line(&format!("CRITICAL [BUG01] cannot start ({error})"));
            Outcome::Bug
        }
    };
    outcome.into()
}

/// Runs a tap with these arguments (the first is its name), in this environment; what belongs on
/// stdout goes to `stdout`.
pub async fn run<T: Tap>(
    arguments: impl IntoIterator<Item = OsString>,
    env: Env,
    mut stdout: Box<dyn Write + Send>,
    stop: Stop,
) -> Outcome {
    let command =
        Args::command().name(T::NAME).bin_name(T::NAME).about(T::ABOUT).after_help(exit_codes());
    let args = match command
        .try_get_matches_from(arguments)
        .and_then(|found| Args::from_arg_matches(&found))
    {
        Ok(args) => args,
        Err(told) if told.use_stderr() => {
            let _ = write!(std::io::stderr(), "{told}");
            return Outcome::Usage;
        }
        Err(help) => return print(&mut stdout, &help.to_string()),
    };
    let result = execute::<T>(&args, env, stdout, stop).await;
    result.unwrap_or_else(|error| {
        logging::write_line(&format!("CRITICAL [{}] {error}", error.id()));
        error.outcome()
    })
}

async fn execute<T: Tap>(
    args: &Args,
    env: Env,
    mut stdout: Box<dyn Write + Send>,
    stop: Stop,
) -> Result<Outcome, Error> {
    if args.version {
        return Ok(print(&mut stdout, &format!("{} {}\n", T::NAME, T::VERSION)));
    }
    if args.about {
        let settings = config::schema_of::<T::Config>();
        let about =
            About { name: T::NAME, version: T::VERSION, about: T::ABOUT, settings: &settings };
        return Ok(print(&mut stdout, &about.render(args.format)));
    }
    let Loaded { tap, settings, unknown, ignored } =
        config::load::<T::Config>(T::NAME, &args.origins())?;
    let is_strict = args.test.is_some() || settings.strict_config;
    if is_strict && !unknown.is_empty() {
        return Err(Error::Usage { what: unknown.join("; ") });
    }
    unknown.iter().for_each(|warning| tracing::warn!("[CFG02] {warning}"));
    ignored.iter().for_each(|warning| tracing::warn!("[CFG03] {warning}"));
    let metrics = Metrics::new(settings.metrics_log_level);
    let clock = Arc::clone(&env.clock);
    let spec = with_settings(T::client(&tap)?, &settings, T::NAME, T::VERSION);
    let (observer, secrets) = (Arc::new(metrics), Arc::new(Redactor));
    let client = Client::new(spec, Env { observer, secrets, ..env })?;
    let streams = T::streams(&tap, &client).await?;
    discover::check(&streams)?;
    recipe::check(&streams, &settings)?;

    let catalog = catalog(args, &streams)?;
    if args.discover {
        let catalog = catalog.map_or_else(|| discover::catalog(&streams), Ok)?;
        return Ok(print(&mut stdout, &format!("{:#}\n", catalog.to_json())));
    }
    let state = match &args.state {
        Some(path) => read_state(path, T::NAME, &streams)?,
        None => State::empty(T::NAME),
    };
    let plan = Plan::new(streams, catalog.as_ref(), &settings)?;
    if args.test != Some(Test::Schema) {
        plan.check_not_empty()?;
    }
    let probe = matches!(args.test, Some(Test::All | Test::Connection));
    let tallies = plan.streams().iter().map(|_| Tally::default()).collect();
    let run = Arc::new(Run {
        spares: Spares::default(),
        tallies,
        tap: T::NAME,
        plan,
        client,
        clock,
        settings,
        state,
        metrics,
        stop,
        probe,
    });
    if args.test == Some(Test::Schema) {
        return Ok(output::schemas_only(&run, stdout));
    }
    if let Err(error) = run.stop.listen() {
        tracing::warn!("[SIG02] signals cannot be handled ({error}); the run ends at once on one");
    }
    Ok(finish(&run, stdout).await)
}

/// Reads everything, tells how it went.
async fn finish(run: &Arc<Run>, stdout: Box<dyn Write + Send>) -> Outcome {
    let report = sync::run(Arc::clone(run), stdout).await;
    let outcome = report.outcome(run.stop.reason());
    if let Some(error) = &report.aborted
        && outcome != Outcome::Pipe
    {
        logging::write_line(&format!("CRITICAL [{}] {error}", error.id()));
    }
    let stats = run.client.stats();
    let seconds = run.clock.elapsed().as_secs_f64();
    let summary = report.summary(outcome, stats.requests, stats.retries, seconds);
    match outcome {
        Outcome::Ok => tracing::info!("{summary}"),
        Outcome::Pipe => {}
        _ => tracing::warn!("{summary}"),
    }
    outcome
}

/// The catalog that the arguments name, with `--select` applied; `None` for the tap's defaults.
fn catalog(args: &Args, streams: &[Stream]) -> Result<Option<Catalog>, Error> {
    // Discovery tells what there is, not what a catalog says of it.
    let path = args.catalog().filter(|_| !args.discover);
    let given =
        match path {
            Some(path) => {
                let catalog = Catalog::parse(&input::read(path)?);
                Some(catalog.map_err(|source| Error::Document {
                    file: path.display().to_string(),
                    source,
                })?)
            }
            None => None,
        };
    if args.select.is_empty() {
        return Ok(given);
    }
    let catalog = given.map_or_else(|| discover::catalog(streams), Ok)?;
    if let Some(pattern) = select::unmatched(&catalog, &args.select).first() {
        return Err(Error::Usage {
            what: format!(
                "`--select {pattern}` matches no stream or field; `--discover` lists them"
            ),
        });
    }
    Ok(Some(select::apply(&catalog, &args.select)))
}

fn read_state(path: &Path, tap: &str, streams: &[Stream]) -> Result<State, Error> {
    let layout = |name: &str| {
        let stream = streams.iter().find(|stream| stream.name() == name)?;
        discover::layout(stream).ok()
    };
    let state = State::parse(&input::read(path)?, tap, &layout)
        .map_err(|source| Error::Document { file: path.display().to_string(), source })?;
    for note in state.notes() {
        tracing::warn!("[STATE03] {note}");
    }
    Ok(state)
}

fn with_settings(
    mut spec: ClientSpec,
    settings: &Settings,
    name: &str,
    version: &str,
) -> ClientSpec {
    spec.user_agent = match &settings.user_agent {
        Some(agent) => agent.clone(),
        None => format!("{name}/{version}"),
    };
    spec.concurrency = settings.concurrency;
    spec.deadlines.total = settings.request_timeout();
    spec.max_wait = settings.max_wait();
    spec
}

/// Prints to stdout; a closed pipe is a quiet end.
fn print(stdout: &mut dyn Write, text: &str) -> Outcome {
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => Outcome::Ok,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Outcome::Pipe,
        Err(error) => {
            logging::write_line(&format!("CRITICAL [OUT02] cannot write to stdout ({error})"));
            Outcome::LocalIo
        }
    }
}
