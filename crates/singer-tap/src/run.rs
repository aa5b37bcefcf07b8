//! From the command line to the exit code.

pub(crate) mod inputs;

use std::ffi::OsString;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clap::FromArgMatches as _;
use singer_http::{Client, Clock, Env, Spares, TokenStore};
use singer_protocol::State;

use crate::about::About;
use crate::board::Board;
use crate::cli::{Args, Command, Test};
use crate::config::{self, Loaded};
use crate::error::{Error, Problem};
use crate::logging;
use crate::metrics::Metrics;
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::redact::Redactor;
use crate::rejects::{RejectsFile, Tally};
use crate::report::{Ending, Report, Took};
use crate::settings::{RejectsTo, Settings};
use crate::stop::Stop;
use crate::sync::{self, Run};
use crate::tap::Tap;
use crate::text::counted;
use crate::wanted::Wanted;
use crate::watch::watch;
use crate::{discover, output, recipe, shell, state};

/// How long a run that ended waits for a token that is being renewed.
const LONGEST_RENEWAL: Duration = Duration::from_secs(5);

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

/// The same; how it ended is for the process.
pub(crate) async fn begin<T: Tap>(
    arguments: impl IntoIterator<Item = OsString>,
    env: Env,
    mut stdout: Box<dyn Write + Send>,
    stop: Stop,
) -> Ending {
    let line = Args::of_tap::<T>();
    let args = match line
        .clone()
        .try_get_matches_from(arguments)
        .and_then(|found| Args::from_arg_matches(&found))
    {
        Ok(args) => args,
        Err(told) if told.use_stderr() => return tell_usage(&told).into(),
        Err(help) => return print(&mut stdout, &help.to_string()).into(),
    };
    args.log_format.into_iter().for_each(logging::set_format);
    let clock = Arc::clone(&env.clock);
    let named = |error: Error| error.in_config(&config::label(&args.origins()));
    match args.command {
        Some(Command::State { command }) => {
            let result = state::run::<T>(&args, command, env, &mut *stdout).await;
            return result
                .unwrap_or_else(|error| {
                    let error = named(error);
                    logging::critical(&error);
                    error.outcome()
                })
                .into();
        }
        Some(Command::Completions { shell }) => {
            return print(&mut stdout, &shell::completions(line, shell)).into();
        }
        Some(Command::Man) => return print(&mut stdout, &shell::manual(line)).into(),
        None => {}
    }
    let result = execute::<T>(&args, env, stdout, stop.clone()).await;
    result.unwrap_or_else(|error| {
        let error = named(error);
        // Who stopped the run has been told so.
        let is_stopped = matches!(error, Error::Stopped);
        if !is_stopped {
            logging::critical(&error);
        }
        let reason = stop.reason().filter(|_| is_stopped);
        let ending = Ending::from(reason.unwrap_or(error.outcome()));
        tracing::warn!("{}", ending.nothing_read(clock.elapsed(), error.id()));
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
        let about = About::of::<T>(&settings).render(args.format);
        return Ok(print(&mut stdout, &about).into());
    }
    let Loaded { tap, settings, unknown, ignored } =
        config::load::<T::Config>(T::NAME, &args.origins())?;
    let is_strict = args.test.is_some() || settings.strict_config;
    if is_strict && !unknown.is_empty() {
        let problem = |(name, way_out)| Problem {
            pointer: format!("/{name}"),
            message: format!("unknown setting ({way_out})"),
        };
        return Err(Error::settings(unknown.into_iter().map(problem).collect()));
    }
    for (name, way_out) in unknown {
        tracing::warn!("[CFG02] unknown setting `{name}` is ignored; {way_out}");
    }
    settings.tell_empty_span(env.clock.now());
    ignored.iter().for_each(|warning| tracing::warn!("[CFG03] {warning}"));
    let clock = Arc::clone(&env.clock);
    let metrics = Arc::new(Metrics::new(settings.metrics_log_level, Arc::clone(&clock)));
    let spec = inputs::with_settings(T::client(&tap)?, &settings, T::NAME, T::VERSION);
    let (observer, secrets) = (Arc::clone(&metrics) as _, Arc::new(Redactor));
    let tokens = settings.token_store.as_ref().map(TokenStore::at).or(env.tokens);
    let client = Client::new(spec, Env { observer, secrets, tokens, ..env })?;
    if let Err(error) = stop.listen() {
        tracing::warn!("[SIG02] signals cannot be handled ({error}); the run ends at once on one");
    }
    let world = World { client: client.clone(), clock: Arc::clone(&clock), metrics, stop };
    let ending = read::<T>(args, &tap, settings, world, stdout).await;
    tokio::select! {
        () = client.settled() => {}
        () = clock.until(clock.elapsed() + LONGEST_RENEWAL) => {}
    }
    ending
}

/// What a run has from outside.
struct World {
    client: Client,
    clock: Arc<dyn Clock>,
    metrics: Arc<Metrics>,
    stop: Stop,
}

/// Does what is left to do once there is a client.
async fn read<T: Tap>(
    args: &Args,
    tap: &T::Config,
    settings: Settings,
    world: World,
    mut stdout: Box<dyn Write + Send>,
) -> Result<Ending, Error> {
    let World { client, clock, metrics, stop } = world;
    let client = stop.or(async { Ok(client.located().await?) }).await?;
    let given = inputs::given(args)?;
    let wanted = match args.discover {
        true => Wanted::all(),
        false => Wanted::of(given.as_ref(), &args.select),
    };
    let streams = stop.or(T::streams_of(tap, &client, &wanted)).await?;
    discover::check(&streams)?;
    recipe::check(&streams, &settings)?;

    let catalog = inputs::catalog(args, given, &streams)?;
    if args.discover {
        let catalog = catalog.map_or_else(|| discover::catalog(&streams), Ok)?;
        return Ok(print(&mut stdout, &format!("{:#}\n", catalog.to_json())).into());
    }
    let mut state = match &args.state {
        Some(path) => inputs::read_state::<T>(path, &streams)?,
        None => State::empty(T::NAME),
    };
    let account = T::account(tap);
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
        greeting: T::greeting(tap),
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
    match &report.aborted {
        // As `head` does.
        Some(error) if outcome == Outcome::Pipe => tracing::info!("[{}] {error}", error.id()),
        Some(error) => logging::critical(error),
        None => {}
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
