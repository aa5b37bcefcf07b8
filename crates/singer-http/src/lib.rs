//! A polite HTTP client: auth, retries, backoff, quotas, origin guard, deadlines and caps.
