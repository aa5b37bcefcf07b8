//! Whose data a state speaks of.

use std::path::Path;

use ring::digest::{SHA256, digest};
use singer_protocol::State;

use crate::error::Error;

/// Hexadecimal digits of the hash: enough to tell accounts apart, too few to find one again.
const DIGITS: usize = 16;

/// Takes note in `state` of the account that it is of from now on.
///
/// # Errors
/// The state, which was read from `file`, is of another account: its bookmarks would hide what is
/// new in this one.
pub(crate) fn check_account(
    state: &mut State,
    tap: &str,
    account: Option<&str>,
    file: Option<&Path>,
) -> Result<(), Error> {
    let Some(account) = account else { return Ok(()) };
    let hash = hash(tap, account);
    if state.account().is_some_and(|known| known != hash) {
        let file = file.map_or_else(|| "state".to_owned(), |file| file.display().to_string());
        return Err(Error::OtherAccount { file });
    }
    state.set_account(&hash);
    Ok(())
}

/// An account's name, which is nobody's business, as a state may hold it.
fn hash(tap: &str, account: &str) -> String {
    let digest = digest(&SHA256, format!("{tap}\0{account}").as_bytes());
    let hex: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    hex[..DIGITS].to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(state: &State) -> State {
        State::from_json(state.to_value(), "tap-x", &|_| None).expect("a state")
    }

    #[test]
    fn a_state_is_of_the_account_that_wrote_it() {
        let check = |state: &State, account: Option<&str>, is_fine: bool| {
            let mut state = read(state);
            let checked = check_account(&mut state, "tap-x", account, None);
            assert_eq!(checked.is_ok(), is_fine, "{account:?}");
            state
        };
        let old = State::empty("tap-x");
        check(&old, None, true);
        let state = check(&old, Some("acct_1"), true);
        check(&state, Some("acct_1"), true);
        check(&state, Some("acct_2"), false);
        let kept = check(&state, None, true);
        assert_eq!(kept.to_value(), state.to_value(), "a release that asks for none keeps it");
    }

    #[test]
    fn the_account_itself_is_not_in_the_state() {
        let mut state = State::empty("tap-x");
        check_account(&mut state, "tap-x", Some("acct_1"), None).expect("an account");
        let tap = &state.to_value()["tap"];
        assert_eq!(
            *tap,
            json!({"name": "tap-x", "state_version": 1, "account": hash("tap-x", "acct_1")})
        );
        assert_eq!(tap["account"].as_str().map(str::len), Some(DIGITS));
        assert_ne!(hash("tap-x", "acct_1"), hash("tap-y", "acct_1"), "salted by the tap");
    }
}
