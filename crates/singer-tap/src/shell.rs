//! What a shell and `man` know of a tap, made from its command line.

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::outcome::Outcome;

/// The script by which a shell completes the command.
pub(crate) fn completions(mut command: Command, shell: Shell) -> String {
    let name = command.get_name().to_owned();
    let script = written(|script| {
        clap_complete::generate(shell, &mut command, &name, script);
        Ok(())
    });
    // clap_complete 4.6.12 spells a name with a hyphen in two ways, and bash then completes no subcommand.
    script.replace(&name.replace('-', "__subcmd__"), &name.replace('-', "__"))
}

/// The manual page, as `man` reads it.
pub(crate) fn manual(command: Command) -> String {
    let mut rest = Roff::new();
    rest.control("SH", ["COMMANDS"]);
    commands(&mut rest, &command, command.get_name());
    rest.control("SH", ["EXIT STATUS"]);
    for outcome in Outcome::by_code() {
        entry(&mut rest, &outcome.code().to_string(), outcome.meaning());
    }
    let page = Man::new(command);
    written(|text| {
        page.render_title(text)?;
        page.render_name_section(text)?;
        page.render_synopsis_section(text)?;
        page.render_description_section(text)?;
        page.render_options_section(text)?;
        rest.to_writer(text)?;
        page.render_version_section(text)
    })
}

/// What there is below a command, each with the arguments of its own: clap would refer to a page for each.
fn commands(page: &mut Roff, above: &Command, path: &str) {
    for command in above.get_subcommands() {
        let path = format!("{path} {}", command.get_name());
        if command.has_subcommands() {
            commands(page, command, &path);
            continue;
        }
        entry(page, &path, &command.get_about().map(ToString::to_string).unwrap_or_default());
        for argument in command.get_arguments() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            let id = || format!("<{}>", argument.get_id());
            let name = argument.get_long().map_or_else(id, |long| format!("--{long}"));
            page.control("RS", []);
            entry(page, &name, &help);
            page.control("RE", []);
        }
    }
}

fn entry(page: &mut Roff, name: &str, text: &str) {
    page.control("TP", []);
    page.text([bold(name)]);
    page.text([roman(text)]);
}

fn written(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut text = Vec::new();
    write(&mut text).expect("memory takes every write");
    String::from_utf8(text).expect("made of text")
}
