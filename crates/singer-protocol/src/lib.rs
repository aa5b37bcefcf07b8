//! The Singer protocol: messages, catalog, selection, state, target-safe schemas and the record encoder.
