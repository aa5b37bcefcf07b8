//! Versions of the API: a day, and since 2024 the name of the release.

use std::str::FromStr;

/// The versions that are known (<https://docs.stripe.com/changelog>).
const KNOWN: &str = "
2017-12-14 2018-01-23 2018-02-05 2018-02-06 2018-02-28 2018-05-21 2018-07-27 2018-08-23 2018-09-06
2018-09-24 2018-10-31 2018-11-08 2019-02-11 2019-02-19 2019-03-14 2019-05-16 2019-08-14 2019-09-09
2019-10-08 2019-10-17 2019-11-05 2019-12-03 2020-03-02 2020-08-27 2022-08-01 2022-11-15 2023-08-16
2023-10-16 2024-04-10 2024-06-20 2024-09-30.acacia 2024-10-28.acacia 2024-11-20.acacia
2024-12-18.acacia 2025-01-27.acacia 2025-02-24.acacia 2025-03-31.basil 2025-04-30.basil
2025-05-28.basil 2025-06-30.basil 2025-07-30.basil 2025-08-27.basil 2025-09-30.clover
2025-10-29.clover 2025-11-17.clover 2025-12-15.clover 2026-01-28.clover 2026-02-25.clover
2026-03-25.dahlia 2026-04-22.dahlia 2026-05-27.dahlia 2026-06-24.dahlia 2026-07-29.dahlia
2026-08-26.dahlia 2026-09-30.endive 2026-10-28.endive
";

/// A version that is known. Later ones are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApiVersion(&'static str);

impl ApiVersion {
    /// The version of the rows that `/_mock/truth` tells.
    pub(super) const TRUTH: Self = Self("2022-11-15");

    /// As headers and events tell it.
    pub fn name(self) -> &'static str {
        self.0
    }

    /// Whether it is of a day (such as `2025-03-31`) or later.
    pub(super) fn is_since(self, day: &str) -> bool {
        &self.0[..day.len()] >= day
    }
}

impl FromStr for ApiVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = KNOWN.split_whitespace().find(|known| *known == text);
        known.map(Self).ok_or_else(|| format!("Invalid Stripe API version: {text}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_known_by_its_whole_name_and_compared_by_its_day() {
        let version: ApiVersion = "2025-03-31.basil".parse().unwrap();
        assert!(version.is_since("2025-03-31") && !version.is_since("2025-04-30"));
        assert!(ApiVersion::TRUTH < version);
        for unknown in ["", "2025-03-31", "2025-03-31.clover", "latest"] {
            assert!(unknown.parse::<ApiVersion>().is_err(), "{unknown}");
        }
    }
}
