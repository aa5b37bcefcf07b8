//! What a shell and `man` know of a tap, made from its command line.

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;

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
    written(|page| Man::new(command).render(page))
}

fn written(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut text = Vec::new();
    write(&mut text).expect("memory takes every write");
    String::from_utf8(text).expect("made of text")
}
