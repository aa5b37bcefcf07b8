//! Which partition the running task reads: for logs and metrics of the layers that know no streams.

use std::sync::Arc;

tokio::task_local! {
    static PLACE: Place;
}

/// A stream, and the partition of it that is read.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The stream's name.
    pub(crate) stream: Arc<str>,
    /// The partition's name, if it has one.
    pub(crate) partition: Option<Arc<str>>,
}

/// Runs a future that reads `place`.
pub(crate) async fn within<F: Future>(place: Place, reading: F) -> F::Output {
    PLACE.scope(place, reading).await
}

/// What the running task reads, if it reads anything.
pub(crate) fn place() -> Option<Place> {
    PLACE.try_with(Place::clone).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_knows_what_it_reads_and_others_do_not() {
        let place_of = |stream: &str| Place { stream: stream.into(), partition: None };
        let name = || place().map(|place| place.stream.to_string());
        let reading = within(place_of("issues"), async {
            tokio::task::yield_now().await;
            name()
        });
        assert_eq!(reading.await.as_deref(), Some("issues"));
        assert_eq!(name(), None);
    }
}
