//! A server that behaves like the APIs of the taps.
