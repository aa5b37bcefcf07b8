# The commands of the guide's page on tap-salesforce, in their order. `tests/tests/guide` runs them.
set -eu

# ANCHOR: check
export SALESFORCE_CLIENT_SECRET=...
tap-salesforce --config config.json --discover > catalog.json
tap-salesforce --config config.json --test=connection --select Account --select Contact
# ANCHOR_END: check

# ANCHOR: first
tap-salesforce --config config.json --select Account --select Contact \
  | target-jsonl > states.jsonl
tail -1 states.jsonl > state.new
tap-salesforce state show --state state.new && mv state.new state.json
# ANCHOR_END: first

# ANCHOR: second
tap-salesforce --config config.json --select Account --select Contact --state state.json \
  | target-jsonl > states.jsonl
tail -1 states.jsonl > state.new
tap-salesforce state show --state state.new && mv state.new state.json
# ANCHOR_END: second
