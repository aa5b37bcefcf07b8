//! What another tap's state means for streams that follow their parent here.

use singer_protocol::{Bookmark, PartitionKey, State};

use crate::stream::Stream;

/// Gives the parent's bookmark to streams that follow it and that the state names without one: a tap
/// that reads such a stream with its parent, and keeps no bookmark for it, has read it as far.
pub(crate) fn inherit(state: &mut State, streams: &[Stream]) {
    for (stream, parent) in streams.iter().filter_map(|it| it.parent_name().map(|up| (it, up))) {
        if !stream.follows() {
            continue;
        }
        let partitions: Vec<PartitionKey> = state.partitions(stream.name()).cloned().collect();
        let mut has_inherited = false;
        for partition in partitions.iter().map(Some).chain([None]) {
            let (Some(own), Some(above)) =
                (state.bookmark(stream.name(), partition), state.bookmark(parent, partition))
            else {
                continue;
            };
            // What this engine wrote names the key, or what is pending.
            if own.replication_key.is_none() && own.pending.is_none() && above.value.is_some() {
                let (replication_key, value) = (above.replication_key.clone(), above.value.clone());
                let inherited = Bookmark { replication_key, value, ..own.clone() };
                state.set(stream.name(), partition, inherited);
                has_inherited = true;
            }
        }
        if has_inherited {
            tracing::info!(
                "[STATE09] `{}` was read with `{parent}` by another tap, and goes on from the bookmark of that; to read it whole, remove it from the state",
                stream.name()
            );
        }
    }
}
