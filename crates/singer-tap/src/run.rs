//! From the command line to the exit code.

pub(crate) mod inputs;

use std::ffi::OsString;
use std::io::Write;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clap::{CommandFactory as _, FromArgMatches as _};
use serde_json::json;
use singer_http::{Client, Env, Spares, TokenStore};
use singer_protocol::State;

use crate::about::{About, exit_codes};
use crate::board::Board;
use crate::cli::{Args, Command, Test};
use crate::config::{self, Loaded};
use crate::error::Error;
use crate::logging::{self, Entry, Severity};
use crate::metrics::Metrics;
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::redact::Redactor;
use crate::rejects::{RejectsFile, Tally};
use crate::report::{Ending, Report, Took};
use crate::settings::RejectsTo;
use crate::stop::Stop;
use crate::sync::{self, Run};
use crate::tap::Tap;
use crate::text::counted;
use crate::watch::watch;
use crate::{discover, output, recipe, state};

/// The `main` of a tap: reads the process's arguments and ends with the code of [`Outcome`], or the
/// one that the user set for a partial run.
pub fn main<T: Tap>() -> ExitCode {
    logging::start(T::NAME);
    std::panic::set_hook(Box::new(|panic| tell_panic::<T>(panic)));
    // One thread reads and encodes, one writes: APIs are slower than either, and tasks that stay on
    // one thread cost less.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let begin = || match runtime {
        Ok(runtime) => runtime.block_on(async {
            let stop = Stop::on_signals();
            begin::<T>(std::env::args_os(), Env::real(), Box::new(std::io::stdout()), stop).await
        }),
        Err(error) => {
            logging::critical_line("BUG01", &format!("cannot start ({error})"));
            Ending::from(Outcome::Bug)
        }
    };
    ExitCode::from(guarded(begin).code)
}

/// The ending of a run, also of one that panics: the process's own code for that is no other's.
fn guarded(run: impl FnOnce() -> Ending) -> Ending {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        logging::clear_screen();
        let ending = Ending::from(Outcome::Bug);
        tracing::warn!("{}", ending.broken_off());
        ending
    })
}

/// A panic's own words may quote data: its place is enough to find it.
fn tell_panic<T: Tap>(panic: &PanicHookInfo<'_>) {
    logging::clear_screen();
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let message = format!(
        "[BUG01] {} {} failed at {place}; the last STATE is safe. Please report it",
        T::NAME,
        T::VERSION
    );
    let mut entry = Entry::new(Severity::Critical, "singer_tap", message);
    entry.exception = Some(json!({"type": "panic", "module": T::NAME, "message": place}));
    logging::write(&entry);
}

/// Runs a tap with these arguments (the first is its name), in this environment; what belongs on
/// stdout goes to `stdout`.
pub async fn run<T: Tap>(
    arguments: impl IntoIterator<Item = OsString>,
    env: Env,
    stdout: Box<dyn Write + Send>,
    stop: Stop,
) -> Outcome {
    begin::<T>(arguments, env, stdout, stop).await.outcome
}

async fn begin<T: Tap>(
    arguments: impl IntoIterator<Item = OsString>,
    env: Env,
    mut stdout: Box<dyn Write + Send>,
    stop: Stop,
) -> Ending {
    let command =
        Args::command().name(T::NAME).bin_name(T::NAME).about(T::ABOUT).after_help(exit_codes());
    let args = match command
        .try_get_matches_from(arguments)
        .and_then(|found| Args::from_arg_matches(&found))
    {
        Ok(args) => args,
        Err(told) if told.use_stderr() => return tell_usage(&told).into(),
        Err(help) => return print(&mut stdout, &help.to_string()).into(),
    };
    args.log_format.into_iter().for_each(logging::set_format);
    let clock = Arc::clone(&env.clock);
    if let Some(Command::State { command }) = args.command {
        let result = state::run::<T>(&args, command, env, &mut *stdout).await;
        return result
            .unwrap_or_else(|error| {
                logging::critical(&error);
                error.outcome()
            })
            .into();
    }
    let result = execute::<T>(&args, env, stdout, stop).await;
    result.unwrap_or_else(|error| {
        logging::critical(&error);
        let ending = Ending::from(error.outcome());
        tracing::warn!("{}", ending.nothing_read(clock.elapsed()));
        ending
    })
}

/// Arguments that are wrong are told in several lines, with a hint, unless programs read them.
fn tell_usage(error: &clap::Error) -> Outcome {
    if logging::is_json() {
        logging::critical_line("CFG04", error.to_string().trim_start_matches("error: ").trim_end());
    } else {
        let _ = write!(std::io::stderr(), "{error}");
    }
    Outcome::Usage
}

async fn execute<T: Tap>(
    args: &Args,
    env: Env,
    mut stdout: Box<dyn Write + Send>,
    stop: Stop,
) -> Result<Ending, Error> {
    if args.version {
        return Ok(print(&mut stdout, &format!("{} {}\n", T::NAME, T::VERSION)).into());
    }
    if args.about {
        let settings = config::schema_of::<T::Config>();
        let about =
            About { name: T::NAME, version: T::VERSION, about: T::ABOUT, settings: &settings };
        return Ok(print(&mut stdout, &about.render(args.format)).into());
    }
    let Loaded { tap, settings, unknown, ignored } =
        config::load::<T::Config>(T::NAME, &args.origins())?;
    let is_strict = args.test.is_some() || settings.strict_config;
    if is_strict && !unknown.is_empty() {
        return Err(Error::Usage { what: unknown.join("; ") });
    }
    unknown.iter().for_each(|warning| tracing::warn!("[CFG02] {warning}"));
    ignored.iter().for_each(|warning| tracing::warn!("[CFG03] {warning}"));
    let clock = Arc::clone(&env.clock);
    let metrics = Arc::new(Metrics::new(settings.metrics_log_level, Arc::clone(&clock)));
    let spec = inputs::with_settings(T::client(&tap)?, &settings, T::NAME, T::VERSION);
    let (observer, secrets) = (Arc::clone(&metrics) as _, Arc::new(Redactor));
    let tokens = settings.token_store.as_ref().map(TokenStore::at).or(env.tokens);
    let client = Client::new(spec, Env { observer, secrets, tokens, ..env })?.located().await?;
    let streams = T::streams(&tap, &client).await?;
    discover::check(&streams)?;
    recipe::check(&streams, &settings)?;

    let catalog = inputs::catalog(args, &streams)?;
    if args.discover {
        let catalog = catalog.map_or_else(|| discover::catalog(&streams), Ok)?;
        return Ok(print(&mut stdout, &format!("{:#}\n", catalog.to_json())).into());
    }
    let mut state = match &args.state {
        Some(path) => inputs::read_state(path, T::NAME, &streams)?,
        None => State::empty(T::NAME),
    };
    let account = T::account(&tap);
    state::check_account(&mut state, T::NAME, account.as_deref(), args.state.as_deref())?;
    let version = clock.now().timestamp_millis();
    let plan = Plan::new(streams, catalog.as_ref(), &settings)?.versioned(&settings, version);
    if args.test != Some(Test::Schema) {
        plan.check_not_empty()?;
    }
    let probe = matches!(args.test, Some(Test::All | Test::Connection));
    let tallies = plan.streams().iter().map(|_| Tally::default()).collect();
    let board = Board::new(plan.streams().len());
    let run = Arc::new(Run {
        spares: Spares::default(),
        ledgers: Mutex::default(),
        tallies,
        tap: T::NAME,
        plan,
        client,
        clock,
        settings,
        state,
        metrics,
        board,
        stop,
        probe,
    });
    if let RejectsTo::File(path) = &run.settings.rejects {
        // Before anything is asked for: what cannot be written later would be lost.
        RejectsFile::open(path)?;
    }
    if args.test == Some(Test::Schema) {
        return Ok(output::schemas_only(&run, stdout).into());
    }
    if args.test == Some(Test::Connection) {
        stdout = Box::new(std::io::sink());
    }
    if let Err(error) = run.stop.listen() {
        tracing::warn!("[SIG02] signals cannot be handled ({error}); the run ends at once on one");
    }
    tell_begin(T::VERSION, &run, args);
    let watching = tokio::spawn(watch(Arc::clone(&run)));
    let report = sync::run(Arc::clone(&run), stdout).await;
    watching.abort();
    // Its end is awaited for the screen's sake, not for its result.
    let _ = watching.await;
    Ok(finish(&run, &report))
}

/// Tells who reads what, so that a log says it by itself.
fn tell_begin(version: &str, run: &Run, args: &Args) {
    let streams = run.plan.streams().iter().filter(|planned| planned.selected).count();
    let streams = counted(streams as u64, "stream");
    let from = match &args.state {
        Some(path) => format!("from the state in `{}`", path.display()),
        None => "without a state".to_owned(),
    };
    tracing::info!("[RUN02] {} {version} reads {streams}, {from}", run.tap);
}

/// Tells how a run went.
fn finish(run: &Run, report: &Report) -> Ending {
    let outcome = report.outcome(run.stop.reason());
    let ending = Ending::of(outcome, &run.settings);
    if let Some(error) = &report.aborted
        && outcome != Outcome::Pipe
    {
        logging::critical(error);
    }
    run.finish_metrics(report, outcome);
    let lines = if run.probe { report.tests() } else { report.by_stream(outcome) };
    for (is_ok, stream, line) in lines {
        // A reader that went away ends everything, and is no news of a stream.
        if is_ok || outcome == Outcome::Pipe {
            tracing::info!(stream, "{line}");
        } else {
            tracing::warn!(stream, "{line}");
        }
    }
    let stats = run.client.stats();
    let time: Duration = run.clock.elapsed();
    let took = Took { requests: stats.requests, retries: stats.retries, time };
    let summary = report.summary(ending, took);
    match outcome {
        Outcome::Ok | Outcome::Pipe => tracing::info!("{summary}"),
        _ => tracing::warn!("{summary}"),
    }
    ending
}

/// Prints to stdout; a closed pipe is a quiet end.
pub(crate) fn print(stdout: &mut dyn Write, text: &str) -> Outcome {
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => Outcome::Ok,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Outcome::Pipe,
        Err(error) => {
            logging::critical_line("OUT02", &format!("cannot write to stdout ({error})"));
            Outcome::LocalIo
        }
    }
}

#[cfg(test)]
mod tests;
