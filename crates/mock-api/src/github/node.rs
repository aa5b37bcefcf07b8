//! Global ids, packed as the real API packs them.

use super::base64;

/// What an id is packed with.
const PAIR: [u8; 3] = [0x92, 0x00, 0xce];
const TRIPLE: [u8; 3] = [0x93, 0x00, 0xce];

/// Appends the global id of an account or a repository, with quotes.
pub(crate) fn of(prefix: &str, id: u64, out: &mut String) {
    write(prefix, &PAIR, &(id as u32).to_be_bytes(), out);
}

/// Appends the global id of something in a repository, with quotes.
pub(crate) fn within(prefix: &str, repo: u64, id: u64, out: &mut String) {
    let mut bytes = (repo as u32).to_be_bytes().to_vec();
    match u32::try_from(id) {
        Ok(id) => {
            bytes.push(0xce);
            bytes.extend_from_slice(&id.to_be_bytes());
        }
        Err(_) => {
            bytes.push(0xcf);
            bytes.extend_from_slice(&id.to_be_bytes());
        }
    }
    write(prefix, &TRIPLE, &bytes, out);
}

/// Takes a global id apart: its prefix, the repository that it is within, and the id there.
pub(crate) fn read(text: &str) -> Option<(&str, Option<u64>, u64)> {
    let (prefix, packed) = text.split_once('_')?;
    let bytes = base64::decode(packed)?;
    if let Some(id) = bytes.strip_prefix(&PAIR) {
        return Some((prefix, None, u32::from_be_bytes(id.try_into().ok()?).into()));
    }
    let (repo, rest) = bytes.strip_prefix(&TRIPLE)?.split_first_chunk()?;
    let id = match rest.split_first()? {
        (0xce, id) => u32::from_be_bytes(id.try_into().ok()?).into(),
        (0xcf, id) => u64::from_be_bytes(id.try_into().ok()?),
        _ => return None,
    };
    Some((prefix, Some(u32::from_be_bytes(*repo).into()), id))
}

fn write(prefix: &str, head: &[u8], bytes: &[u8], out: &mut String) {
    out.push('"');
    out.push_str(prefix);
    out.push('_');
    base64::encode(&[head, bytes].concat(), out);
    out.push('"');
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_look_like_those_of_the_real_api() {
        let mut id = String::new();
        super::within("I", 724_712, 2_500_000_007, &mut id);
        assert!(id.starts_with("\"I_kwDO"), "{id}");
        assert_eq!(id.len(), "\"I_kwDOAArpKM6VLvkH\"".len());
    }

    #[test]
    fn an_id_is_read_back() {
        let check = |expected: (&str, Option<u64>, u64)| {
            let mut id = String::new();
            match expected {
                (prefix, None, of) => super::of(prefix, of, &mut id),
                (prefix, Some(repo), of) => super::within(prefix, repo, of, &mut id),
            }
            assert_eq!(super::read(id.trim_matches('"')), Some(expected));
        };
        check(("U", None, 1_000_014));
        check(("I", Some(724_712), 2_500_000_007));
        check(("PRR", Some(724_712), 1_000_000_000_000_000));
        assert_eq!(super::read("I_"), None);
        assert_eq!(super::read("nonsense"), None);
    }
}
