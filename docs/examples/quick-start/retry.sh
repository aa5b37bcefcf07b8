# A run that is tried again where that can help. `tests/tests/guide.rs` runs it.
set -u

# ANCHOR: retry
wait=${WAIT:-60}
touch state.json
for attempt in 1 2 3; do
  state=$(test -s state.json && echo "--state state.json")
  { tap-github --config config.json $state; echo $? > code; } | target-jsonl > states.jsonl
  test -s states.jsonl && tail -1 states.jsonl > state.json
  case $(cat code) in
    4 | 5) sleep $((wait * attempt)) ;;
    *) break ;;
  esac
done
exit "$(cat code)"
# ANCHOR_END: retry
