# The commands of the guide's page on tap-stripe, in their order. `tests/tests/guide` runs them.
set -eu

# ANCHOR: check
export STRIPE_KEY=rk_live_...
tap-stripe --config config.json --test=connection --select charges --select customers
# ANCHOR_END: check

# ANCHOR: first
tap-stripe --config config.json --select charges --select customers \
  | target-jsonl > states.jsonl
tail -1 states.jsonl > state.new
tap-stripe state show --state state.new && mv state.new state.json
# ANCHOR_END: first

# ANCHOR: second
tap-stripe --config config.json --select charges --select customers --state state.json \
  | target-jsonl > states.jsonl
tail -1 states.jsonl > state.new
tap-stripe state show --state state.new && mv state.new state.json
# ANCHOR_END: second
