# What the page on installing adds to a shell. `tests/tests/guide` runs it.
set -eu

# ANCHOR: look
tap-github --version
tap-github --about
# ANCHOR_END: look

# ANCHOR: bash
mkdir -p ~/.local/share/bash-completion/completions
tap-github completions bash > ~/.local/share/bash-completion/completions/tap-github
# ANCHOR_END: bash

# ANCHOR: zsh
mkdir -p ~/.zfunc
tap-github completions zsh > ~/.zfunc/_tap-github
# ANCHOR_END: zsh

# ANCHOR: fish
mkdir -p ~/.config/fish/completions
tap-github completions fish > ~/.config/fish/completions/tap-github.fish
# ANCHOR_END: fish

# ANCHOR: man
mkdir -p ~/.local/share/man/man1
tap-github man > ~/.local/share/man/man1/tap-github.1
# ANCHOR_END: man
