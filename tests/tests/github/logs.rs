//! What a run tells while it goes on and at its end, for people and for programs.

use std::process::{Command, Stdio};

use serde_json::{Value, json};
use singer_tap_tests::{Mock, Run, Tap, binary, terminal};

const REPOS: [&str; 2] = ["acme/widgets", "acme/gadgets"];
const MELTANO: &str = r#"{"version": 1, "root": {"handlers": ["console"], "level": "DEBUG"},
    "formatters": {"singer_formatter": {"()": "singer_sdk.logging.StructuredFormatter"}}}"#;

/// Every line is an object as singer-sdk's schema of logs has it.
fn lines(run: &Run) -> Vec<Value> {
    let line = |text: &str| -> Value {
        let line: Value = serde_json::from_str(text).unwrap_or_else(|_| panic!("no JSON: {text}"));
        for field in ["level", "logger_name", "app_name", "message", "thread_name"] {
            assert!(line[field].is_string(), "{field}: {text}");
        }
        assert!(line["pid"].is_u64() && line["ts"].is_f64() && line["extra"].is_object(), "{text}");
        let stream = line.get("stream_name").unwrap_or_else(|| panic!("no stream_name: {text}"));
        assert!(stream.is_null() || stream.is_string(), "{text}");
        let is_metric = line["message"] == "METRIC";
        assert_eq!(is_metric, line.get("metric_info").is_some(), "{text}");
        if is_metric {
            let metric = &line["metric_info"];
            assert!(metric["type"].is_string() && metric["metric"].is_string(), "{text}");
            assert!(metric["value"].is_number() && metric["tags"].is_object(), "{text}");
        }
        line
    };
    run.stderr.lines().map(line).collect()
}

fn tap(mock: &Mock) -> Tap<'_> {
    Tap::of(mock, &REPOS).args("--select issues")
}

#[test]
fn a_log_in_json_has_the_fields_of_singer_sdk_whoever_asks_for_it() {
    let mock = Mock::start("--repos 2 --issues 150");
    mock.faults(&json!([{"match": {"path": "/repositories/*/issues"}, "nth": 1,
        "fault": {"kind": "status", "status": 503}}]));
    let config = singer_tap_tests::Folder::new();
    let mut retries = 0;
    let meltano = config.write("logging.json", MELTANO);
    for tap in [
        tap(&mock).args("--log-format json"),
        tap(&mock).env("TAP_GITHUB_LOG_FORMAT", "json"),
        tap(&mock).env("SINGER_SDK_LOG_CONFIG", meltano.to_str().unwrap()),
    ] {
        let run = tap.run().ends_with(0);
        let lines = lines(&run);
        let last = lines.last().unwrap();
        assert_eq!((&last["extra"]["id"], &last["level"]), (&json!("END01"), &json!("info")));
        let is_retry =
            |line: &&Value| line["extra"]["id"] == "API02" && line["stream_name"] == "issues";
        retries += lines.iter().filter(is_retry).count();
        let names_issues = |line: &&Value| line["stream_name"] == "issues";
        let of_stream = lines.iter().filter(names_issues).count();
        assert!(of_stream > 0, "{}", run.stderr);
        let counted = |line: &&Value| line["metric_info"]["metric"] == "record_count";
        let issues =
            |line: &&Value| line["metric_info"]["tags"]["stream"] == "issues" && counted(line);
        let counts = lines.iter().filter(issues).map(|line| &line["metric_info"]["value"]);
        assert_eq!(counts.collect::<Vec<_>>(), [300], "{}", run.stderr);
    }
    assert_eq!(retries, 1, "a message from below the streams names the stream that it is about");
}

#[test]
fn whatever_goes_wrong_is_told_in_json_too() {
    for (arguments, id) in [("--nope", "CFG04"), ("--config nowhere.json", "CFG04")] {
        let tap = Tap::bare().env("TAP_GITHUB_LOG_FORMAT", "json").args(arguments);
        let run = tap.run().ends_with(2);
        let lines = lines(&run);
        assert_eq!(lines[0]["level"], "critical", "{}", run.stderr);
        assert_eq!(lines[0]["extra"]["id"], id, "{}", run.stderr);
    }
}

#[test]
fn a_wish_for_logs_that_cannot_be_read_is_told_and_harms_nothing() {
    let tap = Tap::bare().env("SINGER_SDK_LOG_CONFIG", "nowhere.json").args("--version");
    let run = tap.run().ends_with(0);
    assert_eq!(run.told("WARNING [LOG01] cannot read `nowhere.json`").len(), 1, "{}", run.log());
}

#[test]
fn each_stream_has_a_line_at_the_end_and_the_run_the_last_one() {
    let mock = Mock::start("--repos 2 --issues 150");
    let run = tap(&mock).run().ends_with(0);
    let told = run.told("[END02] issues: ok · 300 records · 2 of 2 partitions complete");
    assert_eq!(told.len(), 1, "{}", run.log());
    let last = run.stderr.lines().last().unwrap_or_default();
    assert!(last.starts_with("INFO [END01] done in ") && last.ends_with("exit 0"), "{last}");
}

#[test]
fn every_end_but_that_of_wrong_arguments_has_its_last_line() {
    let mock = Mock::start("--repos 2 --issues 150");
    let ends = |run: Run, code: i32| {
        let run = run.ends_with(code);
        let last = run.stderr.lines().last().unwrap_or_default();
        let end = last.split_once("exit ").map(|(_, end)| end.split(' ').next());
        assert!(last.contains("[END01]"), "{}", run.log());
        assert_eq!(end.flatten(), Some(code.to_string().as_str()), "{last}");
    };
    ends(Tap::bare().args("--config nowhere.json").run(), 2);
    ends(Tap::of(&mock, &REPOS).args("--select nonsense").run(), 2);
    let mut running = tap(&mock).start();
    running.read(500);
    running.close();
    ends(running.wait(), 141);
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    ends(tap(&mock).start_into(Stdio::from(full())).finish(), 8);
    let gone = Tap::of(&mock, &["acme/widgets", "acme/nowhere"]).args("--select issues");
    ends(gone.run(), 6);
    let fine = Tap::of(&mock, &["acme/widgets", "acme/nowhere"]).args("--select issues");
    let run = fine.with("partial_exit_code", 0).run();
    assert_eq!(run.told("exit 0 (partial, by `partial_exit_code`)").len(), 1, "{}", run.log());
    ends(run, 0);
}

#[test]
fn a_test_of_connections_tells_of_each_stream_and_writes_nothing() {
    let mock = Mock::start("--repos 2 --issues 150 --pulls 3");
    let streams = "--select issues --select pull_requests";
    let run = Tap::of(&mock, &REPOS).args("--test=connection").args(streams).run().ends_with(0);
    assert_eq!(run.text(), "");
    for told in ["issues: works (100 records on its first page)", "pull_requests: works (3 records"]
    {
        assert_eq!(run.told(&format!("INFO [TEST01] {told}")).len(), 1, "{}", run.log());
    }
    mock.faults(&json!([{"match": {"path": "/repos/*/*/pulls"},
        "fault": {"kind": "status", "status": 403}}]));
    let run = Tap::of(&mock, &REPOS).args("--test").args(streams).run().ends_with(6);
    let told = run.told("WARNING [TEST01] pull_requests: does not work (PERM01)");
    assert_eq!(told.len(), 1, "{}", run.log());
    let output = run.output();
    assert_eq!((output.records("issues").len(), output.states().count()), (100, 0));
}

#[test]
fn a_test_with_a_credential_that_is_refused_says_that_nothing_works() {
    let mock = Mock::start("--repos 1 --token another-token");
    let tap = Tap::of(&mock, &["acme/*"]).args("--test=connection --select issues");
    let run = tap.run().ends_with(3);
    let told = run.told("[TEST01] ");
    assert_eq!(told.len(), 2, "{}", run.log());
    assert!(told[0].ends_with("repositories: does not work (AUTH01)"), "{}", run.log());
    assert!(told[1].ends_with("issues: not tried (AUTH01 came first)"), "{}", run.log());
}

/// Runs a tap whose stderr is a terminal, by way of Python, and gives what the terminal got.
fn on_a_terminal(mock: &Mock, environment: &[(&str, &str)]) -> String {
    const PTY: &str = "import fcntl, os, pty, struct, subprocess, sys, termios\n\
        mine, its = pty.openpty()\n\
        size = struct.pack('HHHH', 50, int(os.environ['COLUMNS']), 0, 0)\n\
        fcntl.ioctl(its, termios.TIOCSWINSZ, size)\n\
        tap = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=its)\n\
        os.close(its)\n\
        try:\n\
        \x20   while data := os.read(mine, 4096): sys.stdout.buffer.write(data)\n\
        except OSError: pass\n\
        sys.exit(tap.wait())";
    let folder = singer_tap_tests::Folder::new();
    let config = json!({"api_url_base": mock.url(), "repositories": REPOS, "concurrency": 1});
    let output = Command::new("python3")
        .args(["-c", PTY])
        .arg(binary::path("tap-github"))
        .arg("--config")
        .arg(folder.write_json("config.json", &config))
        .args(["--select", "issues"])
        .env_remove("NO_COLOR")
        .env("TERM", "xterm")
        .env("COLUMNS", terminal::WIDTH.to_string())
        .envs(environment.iter().copied())
        .output()
        .expect("python3 can be started");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_terminal_shows_progress_that_is_gone_at_the_end() {
    let mock = Mock::start("--repos 2 --issues 450 --latency-ms 100");
    mock.faults(&json!([{"match": {"path": "/repositories/*/issues"}, "nth": 2,
        "fault": {"kind": "status", "status": 503}}]));
    let seen = on_a_terminal(&mock, &[]);
    assert!(seen.contains("issues: ") && seen.contains(" of 2 partitions"), "{seen}");
    assert!(!seen.contains("METRIC"), "{seen}");
    let (_, last) = seen.rsplit_once("[END02]").unwrap();
    assert!(!last.contains('\u{1b}') && last.contains("[END01] done"), "{seen}");
    assert!(seen.contains("trying again"), "a line comes between: {seen}");
    for line in terminal::screen(&seen) {
        assert!(line.starts_with("INFO [") || line.starts_with("WARNING ["), "{line}: {seen:?}");
    }
    for quiet in [("TERM", "dumb"), ("TAP_GITHUB_LOGLEVEL", "warning"), ("NO_COLOR", "1")] {
        let seen = on_a_terminal(&mock, &[quiet]);
        assert!(!seen.contains('\u{1b}') && !seen.contains("partitions,"), "{quiet:?}: {seen}");
    }
}
