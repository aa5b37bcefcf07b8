# A tap added to a Meltano project that has a target. `tests/targets/test_meltano.py` runs the commands.
set -eu

# ANCHOR: add
meltano add tap-github --from-ref plugin.yml
# ANCHOR_END: add

# ANCHOR: configure
meltano config set tap-github repositories '["acme/*"]'
echo "TAP_GITHUB_AUTH_TOKEN=$TOKEN" >> .env
meltano select tap-github issues '*'
meltano select tap-github repositories '*'
meltano select tap-github --list
meltano config test tap-github
# ANCHOR_END: configure

# ANCHOR: run
meltano run tap-github target-postgres
# ANCHOR_END: run

# ANCHOR: state
meltano state get dev:tap-github-to-target-postgres
# ANCHOR_END: state
