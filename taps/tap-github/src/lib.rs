//! A Singer tap for GitHub.
