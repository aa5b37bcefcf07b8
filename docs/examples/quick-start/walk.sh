# The commands of the quick start, in their order. `tests/tests/guide` runs them.
set -eu

# ANCHOR: look
tap-github --about
tap-github --config config.json --test=connection --select issues --select labels
# ANCHOR_END: look

# ANCHOR: first
tap-github --config config.json --select issues --select labels > first.jsonl
tail -1 first.jsonl > state.json
# ANCHOR_END: first

# ANCHOR: second
tap-github --config config.json --select issues --select labels --state state.json > second.jsonl
# ANCHOR_END: second

# ANCHOR: target
tap-github --config config.json --select issues --select labels | target-jsonl > states.jsonl
tail -1 states.jsonl > state.new
tap-github state show --state state.new && mv state.new state.json
# ANCHOR_END: target

# ANCHOR: catalog
tap-github --config config.json --discover > catalog.json
tap-github --config config.json --catalog catalog.json > chosen.jsonl
# ANCHOR_END: catalog

# ANCHOR: state
tap-github state show --state state.json
tap-github state export --sdk --config config.json --state state.json > theirs.json
# ANCHOR_END: state
