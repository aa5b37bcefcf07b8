//! The public half of a private key.

use std::path::Path;

use ring::rsa::KeyPair;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

use crate::Error;
use crate::base64;

/// A key that tells whether a token was signed with its other half.
#[derive(Debug)]
pub(crate) struct Key(Vec<u8>);

impl Key {
    /// Reads a private key (PEM, PKCS#8 or PKCS#1) from the file that an option names.
    pub(crate) fn read(path: &Path, option: &'static str) -> Result<Self, Error> {
        let refused = |rule| Error::Option { option, rule };
        let text = std::fs::read_to_string(path)
            .map_err(|error| refused(format!("`{}`: {error}", path.display())))?;
        let no_key = || refused(format!("`{}` is no RSA key in PEM", path.display()));
        Self::parse(&text).ok_or_else(no_key)
    }

    fn parse(text: &str) -> Option<Self> {
        let is_inner = |line: &&str| !line.starts_with("-----");
        let packed: String = text.lines().filter(is_inner).map(str::trim).collect();
        let der = base64::decode(&packed.replace('+', "-").replace('/', "_"))?;
        let pair = KeyPair::from_pkcs8(&der).or_else(|_| KeyPair::from_der(&der)).ok()?;
        Some(Self(pair.public().as_ref().to_vec()))
    }

    pub(crate) fn signed(&self, text: &str, signature: &[u8]) -> bool {
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.0);
        key.verify(text.as_bytes(), signature).is_ok()
    }
}
