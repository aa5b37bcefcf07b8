#!/usr/bin/env bash
# What `make demo` shows: a sync of three repositories into DuckDB, changes at the source, and a
# second sync from the state that brings only those. Everything happens in a temporary folder.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
bin=$(cd "$root" && cd "${TARGET_DIR:-target}/release" && pwd)
venv=$(cd "$root" && cd "${VENV:-.venv}/target-duckdb/bin" && pwd)
export PATH="$bin:$venv:$PATH"
unset "${!GITHUB_@}" "${!TAP_GITHUB_@}"

home=$(mktemp -d)
server=
finish() {
    if [[ -n $server ]]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$home"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$home"

if [[ -t 1 ]]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; else bold='' dim='' plain=''; fi
title() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }
note() { printf '  %s%s%s\n' "$dim" "$1" "$plain"; }
tools() { "$venv/python" "$root/scripts/demo_tools.py" "$@"; }

# Shows a command as it is typed, then runs it; its log is shown only when it fails.
run() {
    printf '  $ %s\n' "$1"
    if ! bash -o pipefail -c "$1" 2>log.txt; then
        cat log.txt >&2
        exit 1
    fi
}

title 'A GitHub to read: mock-api with three repositories and 3,000 issues'
mkfifo listening
mock-api --port 0 --seed 1 --org acme --repos 3 --issues 1000 >listening 2>server.txt &
server=$!
read -r line <listening || { cat server.txt >&2; exit 1; }
url=${line#listening on }
note "$line"

cat >github.json <<JSON
{"api_url_base": "$url", "repositories": ["acme/widgets", "acme/gadgets", "acme/gizmos"]}
JSON
echo '{"path": "warehouse.duckdb", "default_target_schema": "github"}' >duckdb.json
printf '  %s\n' 'github.json' "    $(cat github.json)" 'duckdb.json' "    $(cat duckdb.json)"

title 'First sync: everything'
run 'tap-github --config github.json | target-duckdb --config duckdb.json > states.jsonl'
echo
tools streams warehouse.duckdb
note "$(tools requests "$url") requests were made"

title 'At the source, five issues of acme/widgets and two of acme/gadgets change (pull requests are issues too)'
tools post "$url/_mock/touch?repo=acme/widgets&resource=issues&count=5"
tools post "$url/_mock/touch?repo=acme/gadgets&resource=issues&count=2"

title 'Second sync, from the state that the target gave back: no issue, comment, pull request or commit but those that changed'
run 'tail -n 1 states.jsonl > state.json'
run 'tap-github --config github.json --state state.json | tee second.jsonl | target-duckdb --config duckdb.json > states.jsonl'
echo
tools records second.jsonl state.json
note "$(tools requests "$url") requests were made"
note 'Resuming is inclusive: the newest row of a repository comes once more and is upserted.'
note 'Labels, releases, stars and others are written whole each time: GitHub tells no changes of them.'

title 'In the database now'
tools newest warehouse.duckdb

title 'On the real API'
cat <<TEXT
  config.json
      {"auth_token": "env:GITHUB_TOKEN", "repositories": ["your-org/your-repo"]}
  $ ${bin#"$root"/}/tap-github --config config.json | ${venv#"$root"/}/target-duckdb --config duckdb.json > states.jsonl
  $ ${bin#"$root"/}/tap-github --about    # every setting; the page of the tap has the streams
TEXT
