//! The command line: every flag of singer-python and singer-sdk, in any combination.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{CommandFactory as _, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::config::Origin;
use crate::logging::LogFormat;
use crate::outcome::Outcome;
use crate::tap::Tap;

/// The arguments of a tap.
#[derive(Clone, Debug, Parser)]
#[command(disable_version_flag = true, disable_help_subcommand = true, max_term_width = 100)]
pub(crate) struct Args {
    /// Settings: a JSON file (`-` is stdin), or `ENV` for environment variables named
    /// `<TAP_NAME>_<SETTING>`. May be given several times; later ones win.
    #[arg(short, long, value_name = "FILE|ENV", global = true)]
    pub(crate) config: Vec<OsString>,

    /// Resume from this state: the last STATE value that the target printed.
    #[arg(short, long, value_name = "FILE", global = true)]
    pub(crate) state: Option<PathBuf>,

    /// Read the streams and fields that are selected in this catalog.
    #[arg(long, value_name = "FILE")]
    pub(crate) catalog: Option<PathBuf>,

    /// The old name of `--catalog`.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) properties: Option<PathBuf>,

    /// Print the catalog to stdout and end.
    #[arg(short, long)]
    pub(crate) discover: bool,

    /// Print what the tap is, can do, and is set by, and end.
    #[arg(long)]
    pub(crate) about: bool,

    /// The form of `--about`.
    #[arg(long, value_enum, default_value_t, value_name = "FORM", requires = "about")]
    pub(crate) format: Format,

    /// Check without a full run, and take an unknown setting for an error.
    #[arg(long, value_enum, num_args = 0..=1, default_missing_value = "all", value_name = "WHAT")]
    pub(crate) test: Option<Test>,

    /// Write log lines as text, or as JSON objects for programs. Default: as `<TAP_NAME>_LOG_FORMAT`
    /// or Meltano's `SINGER_SDK_LOG_CONFIG` say, else text.
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) log_format: Option<LogFormat>,

    /// Select streams and fields by pattern: `issues`, `issues.*`, `!issues.body`, `*.id`. May be
    /// given several times, later ones win; without a positive pattern all that is selected stays.
    #[arg(long, value_name = "PATTERN")]
    pub(crate) select: Vec<String>,

    /// Accepted for the sake of singer-python's callers; it has no effect.
    #[arg(long, hide = true)]
    pub(crate) dev: bool,

    /// Print name and version, and end.
    #[arg(long)]
    pub(crate) version: bool,

    /// What to do instead of reading.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What a tap can do beside reading.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// Look at a state, or print it in another form.
    State {
        /// What to do with it.
        #[command(subcommand)]
        command: StateCommand,
    },
    /// Print what a shell completes this command by.
    Completions {
        /// Which shell.
        shell: Shell,
    },
    /// Print the manual page, for `man`.
    Man,
}

/// What can be done with a state, which is read from `--state`, or from stdin without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum StateCommand {
    /// Print how far each stream is read, as a table.
    Show,
    /// Print the state, whichever tap wrote it, in the form of this one.
    Export {
        /// Print it in the form of singer-sdk, for a tap that is made with that.
        #[arg(long)]
        sdk: bool,
    },
}

/// The form of `--about`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For a README.
    Markdown,
    /// A plugin definition for Meltano, in YAML: see `meltano add --from-ref`.
    Meltano,
}

/// What `--test` checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Test {
    /// Read one page of each stream that is selected, and write it; what `--test` alone means.
    All,
    /// Write the SCHEMA messages; nothing is requested.
    Schema,
    /// Read one page of each stream that is selected, and write nothing.
    Connection,
}

impl Args {
    /// The command line of a tap.
    pub(crate) fn of_tap<T: Tap>() -> clap::Command {
        Args::command()
            .name(T::NAME)
            .bin_name(T::NAME)
            .version(T::VERSION)
            .about(T::ABOUT)
            .after_help(Outcome::all_codes())
    }

    /// The origins of the configuration, in the order given.
    pub(crate) fn origins(&self) -> Vec<Origin> {
        self.config
            .iter()
            .map(|origin| match origin.to_str() {
                Some("ENV") => Origin::Env,
                _ => Origin::File(PathBuf::from(origin)),
            })
            .collect()
    }

    /// The catalog's path, by whichever name it was given.
    pub(crate) fn catalog(&self) -> Option<&PathBuf> {
        self.catalog.as_ref().or(self.properties.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Args {
        Args::try_parse_from(line.split(' ')).expect("a command line that is accepted")
    }

    #[test]
    fn every_flag_goes_with_every_other() {
        let args = parse(
            "tap -c a.json --config ENV -s s.json --catalog c.json -p p.json -d --about --format json --select !a.b --dev --version --test",
        );
        assert_eq!(args.origins(), [Origin::File("a.json".into()), Origin::Env]);
        assert_eq!(args.catalog(), Some(&PathBuf::from("c.json")));
        assert_eq!((args.test, args.format), (Some(Test::All), Format::Json));
    }

    #[test]
    fn a_state_is_looked_at_beside_the_flags() {
        for line in ["tap state show -s s.json", "tap -s s.json state show"] {
            let args = parse(line);
            let command = args.command.as_ref();
            assert!(
                matches!(command, Some(Command::State { command: StateCommand::Show })),
                "{line}"
            );
            assert_eq!(args.state, Some(PathBuf::from("s.json")), "{line}");
        }
        let args = parse("tap state export --sdk --config c.json --state -");
        assert_eq!(args.origins(), [Origin::File("c.json".into())]);
    }

    #[test]
    fn test_takes_its_scope_after_an_equals_sign_or_a_space() {
        assert_eq!(parse("tap --test=schema").test, Some(Test::Schema));
        assert_eq!(parse("tap --test connection").test, Some(Test::Connection));
        assert_eq!(parse("tap").test, None);
    }

    #[test]
    fn the_old_name_of_the_catalog_still_works() {
        assert_eq!(parse("tap -p p.json").catalog(), Some(&PathBuf::from("p.json")));
    }
}
