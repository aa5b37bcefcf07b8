# The commands of the guide for tap authors, in their order. `tests/walk.rs` runs them.
set -eu

# ANCHOR: check
export SHOP_KEY=shop-key
tap-shop --about
tap-shop --config config.json --test=connection
# ANCHOR_END: check

# ANCHOR: first
tap-shop --config config.json > first.jsonl
tail -1 first.jsonl > state.json
# ANCHOR_END: first

# ANCHOR: second
curl --silent -X POST 'http://127.0.0.1:8090/_mock/touch?resource=orders&count=2'
tap-shop --config config.json --state state.json > second.jsonl
# ANCHOR_END: second

# ANCHOR: select
tap-shop --config config.json --discover > catalog.json
tap-shop --config config.json --catalog catalog.json --select orders --select '!orders.note' > orders.jsonl
# ANCHOR_END: select

# ANCHOR: gone
curl --silent -X POST 'http://127.0.0.1:8090/_mock/delete?resource=products&count=1'
export TAP_SHOP_EMIT_ACTIVATE_VERSION_MESSAGES=true
tap-shop --config config.json --config ENV --select products > products.jsonl
# ANCHOR_END: gone

# ANCHOR: faults
curl --silent -X POST 'http://127.0.0.1:8090/_mock/faults' --data '[
  {"match": {"path": "/v1/orders"}, "nth": 1, "fault": {"kind": "status", "status": 502}},
  {"match": {"path": "/v1/orders"}, "nth": 2, "fault": {"kind": "cut", "at": 500}}]'
tap-shop --config config.json --select orders > despite.jsonl
# ANCHOR_END: faults
