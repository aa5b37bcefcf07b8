//! Test Singer taps: replay fixtures and snapshot the messages of a stream.
