//! Tests against the running server, through a client that shows every byte.

// Clippy allows `unwrap` in what is marked as a test, helpers of the tests included.
#[cfg(test)]
mod apps;
#[cfg(test)]
mod binary;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod graphql;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod salesforce;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod site;
#[cfg(test)]
mod small;
#[cfg(test)]
mod stripe;
