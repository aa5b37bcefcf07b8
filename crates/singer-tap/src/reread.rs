//! An answer that cannot be read is asked for again.

use singer_http::Client;

use crate::error::Error;

/// How often one is asked for.
const ATTEMPTS: u32 = 3;

/// How often an answer was asked for in vain.
#[derive(Debug, Default)]
pub struct Reread {
    failed: u32,
}

impl Reread {
    /// Waits a little, and tells why, before what is called `label` is asked for again.
    ///
    /// # Errors
    /// This one, if it is not [`Error::Body`], or if it came often enough.
    pub async fn after(&mut self, error: Error, client: &Client, label: &str) -> Result<(), Error> {
        if !matches!(error, Error::Body { .. }) || self.failed + 1 >= ATTEMPTS {
            return Err(error);
        }
        tracing::warn!("[BODY02] page of `{label}` cannot be read; asking for it again");
        client.backoff(self.failed).await;
        self.failed += 1;
        Ok(())
    }
}
