//! Write Singer taps in Rust: streams as values, an engine that loses nothing.
