//! Tests against the running server, through a client that shows every byte.

mod faults;
mod limits;
mod lists;
mod site;
