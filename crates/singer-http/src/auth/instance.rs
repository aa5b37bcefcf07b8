//! Where a login says that the API is.

use url::Url;

use crate::origin::{Origins, loopback};

/// The hosts at which an API may be.
#[derive(Clone, Copy)]
pub(super) struct Instances(pub(super) &'static [&'static str]);

impl Instances {
    /// The address in an answer of `endpoint`, or the rule that it breaks.
    pub(super) fn check(self, endpoint: &Url, told: &Url) -> Result<Url, &'static str> {
        const FOREIGN: &str = "it is none of the API's hosts";
        if Origins::new(told, &[]).is_err() {
            return Err("it is no plain `https:` address");
        }
        // A stand-in on this computer has its stand-ins here too.
        if told.origin() == endpoint.origin() || (loopback(told) && loopback(endpoint)) {
            return Ok(told.clone());
        }
        let host = told.domain().ok_or(FOREIGN)?;
        let below = |name: &&str| {
            host.strip_suffix(*name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        if told.port().is_none() && !loopback(told) && self.0.iter().any(below) {
            Ok(told.clone())
        } else {
            Err(FOREIGN)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTS: Instances = Instances(&["crm.example", "localhost"]);

    #[test]
    fn only_the_apis_own_hosts_are_believed() {
        let check = |endpoint: &str, told: &str, believed: bool| {
            let (endpoint, told) = (Url::parse(endpoint).unwrap(), Url::parse(told).unwrap());
            assert_eq!(HOSTS.check(&endpoint, &told).is_ok(), believed, "{told}");
        };
        let login = "https://login.crm.example/token";
        check(login, "https://na1.crm.example", true);
        check(login, "https://CRM.example/", true);
        check(login, "https://a.b.crm.example:443/x", true);
        check("https://proxy.example:8443/t", "https://proxy.example:8443", true);
        check("http://127.0.0.1:80/t", "http://localhost:99", true);
        check(login, "http://na1.crm.example", false);
        check(login, "https://evilcrm.example", false);
        check(login, "https://crm.example.evil.example", false);
        check(login, "https://na1.crm.example.", false);
        check(login, "https://na1.crm.example:8443", false);
        check(login, "https://na1.crm.example@evil.example", false);
        check(login, "https://me:pw@na1.crm.example", false);
        check(login, "https://na1.crm.example?x=1", false);
        check(login, "https://[::1]", false);
        check(login, "https://localhost", false);
        check(login, "http://localhost:99", false);
        check(login, "https://169.254.169.254", false);
    }
}
