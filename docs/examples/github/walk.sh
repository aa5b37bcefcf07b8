# The commands of the guide's page on tap-github, in their order. `tests/tests/guide` runs them.
set -eu

# ANCHOR: check
export GITHUB_TOKEN=github_pat_...
tap-github --config config.json --test=connection --select issues --select pull_requests
# ANCHOR_END: check

# ANCHOR: first
tap-github --config config.json --select issues --select pull_requests \
  | target-jsonl > states.jsonl
tail -1 states.jsonl > state.new
tap-github state show --state state.new && mv state.new state.json
# ANCHOR_END: first

# ANCHOR: second
tap-github --config config.json --select issues --select pull_requests --state state.json \
  | target-jsonl > states.jsonl
tail -1 states.jsonl > state.new
tap-github state show --state state.new && mv state.new state.json
# ANCHOR_END: second
