# A run that is tried again where that can help. `tests/tests/guide` runs it.
set -u

# ANCHOR: retry
for wait in ${WAITS:-60 120 0}; do
  state=$(test -s state.json && echo "--state state.json")
  { tap-github --config config.json $state; echo $? > code; } | target-jsonl > states.jsonl
  target=$?
  # What the target printed is stored, however both ended. A line that was cut off is no state.
  test -s states.jsonl && tail -1 states.jsonl > state.new &&
    tap-github state show --state state.new > state.txt && mv state.new state.json
  test $target = 0 || exit $target
  case $(cat code) in
    4 | 5) sleep "$wait" ;;
    *) break ;;
  esac
done
exit "$(cat code)"
# ANCHOR_END: retry
