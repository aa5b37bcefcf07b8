//! The command line: what can be asked for without a run, and in which combinations.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use serde_json::Value;
use singer_tap_tests::{Run, Tap};

/// Every way to give files that are not there: what is only printed needs none of them.
const UNUSED: [&str; 5] = [
    "",
    "--config nowhere.json",
    "--config ENV --catalog nowhere.json",
    "--discover --state nowhere.json",
    "--config a.json --config b.json --state s.json --catalog c.json --discover --select issues",
];

fn printed(question: &str, check: impl Fn(&Run)) {
    for others in UNUSED {
        for arguments in [format!("{question} {others}"), format!("{others} {question}")] {
            let run = Tap::bare().args(&arguments).run().ends_with(0);
            assert_eq!(run.stderr, "", "{arguments}");
            check(&run);
        }
    }
}

#[test]
fn the_version_is_told_whatever_else_is_said() {
    let expected = format!("tap-github {}\n", env!("CARGO_PKG_VERSION"));
    printed("--version", |run| assert_eq!(run.text(), expected));
}

#[test]
fn help_names_every_flag_and_every_exit_code() {
    printed("--help", |run| {
        for flag in [
            "config",
            "state",
            "catalog",
            "properties",
            "discover",
            "about",
            "format",
            "test",
            "select",
            "version",
        ] {
            assert!(run.text().contains(&format!("--{flag}")), "{flag}");
        }
        for code in [0, 1, 2, 3, 4, 5, 6, 7, 8, 130, 141, 143] {
            assert!(run.text().contains(&format!("\n  {code:>3}  ")), "{code}");
        }
    });
}

#[test]
fn about_tells_the_settings_in_each_of_its_forms() {
    printed("--about", |run| assert!(run.text().starts_with("tap-github "), "{}", run.text()));
    printed("--about --format text", |run| {
        assert!(run.text().contains("  auth_token (string, secret"))
    });
    printed("--about --format=markdown", |run| {
        assert!(run.text().contains("| `repositories` | array"))
    });
    printed("--about --format meltano", |run| {
        assert!(run.text().contains("\n- name: \"auth_token\"\n"), "{}", run.text());
    });
    printed("--about --format json", |run| {
        let about: Value = serde_json::from_slice(&run.stdout).unwrap();
        assert_eq!(about["name"], "tap-github");
        assert_eq!(about["settings"]["properties"]["auth_token"]["secret"], true);
        let capabilities = about["capabilities"].as_array().unwrap();
        for capability in ["about", "catalog", "discover", "state"] {
            assert!(capabilities.contains(&Value::from(capability)), "{capability}");
        }
    });
}

#[test]
fn a_shell_completes_subcommands_flags_and_choices() {
    let script = Tap::bare().args("completions bash").run().ends_with(0);
    let complete = |words: &str| {
        let ask = format!(
            "{}\nCOMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n\
             $(complete -p tap-github | grep -o '_[a-z_]*') tap-github \"${{COMP_WORDS[-1]}}\" \"${{COMP_WORDS[-2]}}\"\n\
             echo \"${{COMPREPLY[@]}}\"",
            script.text()
        );
        let bash = Command::new("bash").args(["-euc", &ask]).output().unwrap();
        assert!(bash.status.success(), "{}", String::from_utf8_lossy(&bash.stderr));
        String::from_utf8(bash.stdout).unwrap()
    };
    assert_eq!(complete("tap-github --disc").trim(), "--discover");
    assert_eq!(complete("tap-github --format mel").trim(), "meltano");
    assert_eq!(complete("tap-github state sh").trim(), "show");

    for shell in ["elvish", "fish", "powershell", "zsh"] {
        let run = Tap::bare().args(&format!("completions {shell}")).run().ends_with(0);
        assert!(run.text().contains("discover"), "{shell}");
    }
    let run = Tap::bare().args("completions cmd").run().ends_with(2);
    assert_eq!(run.told("powershell").len(), 1, "{}", run.log());
}

#[test]
fn the_manual_page_has_every_flag_and_exit_code() {
    let run = Tap::bare().args("man").run().ends_with(0);
    assert!(run.text().contains(".TH tap-github 1"), "{}", run.text());
    for told in [
        "\\-\\-discover",
        "\\-\\-select",
        "\\fBtap\\-github state show\\fR",
        "\\fB\\-\\-sdk\\fR",
        "\\fBtap\\-github completions\\fR",
        ".SH \"EXIT STATUS\"",
        "\\fB130\\fR",
    ] {
        assert!(run.text().contains(told), "{told}: {}", run.text());
    }
    // It refers to no page that there is not.
    assert!(!run.text().contains("(1)"), "{}", run.text());
}

#[test]
fn a_wrong_use_is_told_and_ends_with_2() {
    for (arguments, told) in [
        ("--nope", "--nope"),
        ("--config", "--config"),
        ("--about --format yaml", "yaml"),
        ("--test=everything", "everything"),
        ("surplus", "surplus"),
        ("", "the settings name nothing to read"),
        ("--config nowhere.json", "`nowhere.json`"),
        ("--select nonsense", "`--select nonsense`"),
        ("--select !isues", "did you mean `issues`?"),
    ] {
        let run = Tap::bare().args(arguments).run().ends_with(2);
        assert_eq!(run.told(told).len(), 1, "{arguments}: {}", run.log());
    }
}

#[test]
fn a_form_of_about_reads_nothing() {
    let run = Tap::bare().args("--format json").run().ends_with(2);
    assert!(run.log().contains("were not provided:\n  --about"), "{}", run.log());
}

#[test]
fn without_a_config_discovery_lists_every_stream() {
    let run = Tap::bare().args("--discover").run().ends_with(0);
    let catalog: Value = serde_json::from_slice(&run.stdout).unwrap();
    let streams = catalog["streams"].as_array().unwrap();
    let listed: BTreeSet<&str> =
        streams.iter().map(|one| one["tap_stream_id"].as_str().unwrap()).collect();
    // Each stream has a schema, and each schema a stream.
    let schemas = concat!(env!("CARGO_MANIFEST_DIR"), "/../taps/tap-github/schemas");
    let schemas: BTreeSet<String> = std::fs::read_dir(schemas)
        .unwrap()
        .map(|file| file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(listed, schemas.iter().map(String::as_str).collect());
    assert_eq!(listed.len(), streams.len());
}

#[test]
fn printing_to_a_reader_that_is_gone_is_a_quiet_end() {
    for arguments in
        ["--version", "--help", "--about", "--discover", "--select issues --test=schema"]
    {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let tap = Tap::bare().with("repositories", vec!["acme/widgets"]).args(arguments);
        let run = tap.start_into(writer.into()).finish().ends_with(141);
        assert_eq!(run.stderr, "", "{arguments}");
    }
}

#[test]
fn printing_to_a_full_disk_is_told_and_ends_with_8() {
    for arguments in ["--version", "--help", "--about", "--discover", "--test=schema"] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let tap = Tap::bare().with("repositories", vec!["acme/widgets"]).args(arguments);
        let run = tap.start_into(Stdio::from(full)).finish().ends_with(8);
        assert_eq!(run.told("cannot write to stdout").len(), 1, "{arguments}: {}", run.log());
    }
}
