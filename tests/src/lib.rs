//! The built binaries, end to end: helpers.
