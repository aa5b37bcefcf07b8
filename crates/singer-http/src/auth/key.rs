//! Private RSA keys.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;

/// A key that signs as RS256 does. Never shown.
pub(super) struct SigningKey(RsaKeyPair);

impl SigningKey {
    /// Reads PEM, PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`); `\n` in two characters is a
    /// line break, as variables of the environment often have it.
    pub(super) fn parse(label: &str, pem: &SecretString) -> Result<Self, Error> {
        let refuse = |rule| Error::bad_token(label, rule);
        let pem = pem.expose_secret().replace("\\n", "\n");
        let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| refuse(NOT_PEM))?;
        let key = match &key {
            PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()),
            PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()),
            _ => return Err(refuse(NOT_RSA)),
        };
        key.map(Self).map_err(|_| refuse(NOT_RSA))
    }

    /// The signature of `text`, in base64url.
    pub(super) fn sign(&self, text: &str) -> Option<String> {
        let mut signature = vec![0; self.0.public().modulus_len()];
        let random = SystemRandom::new();
        self.0.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature).ok()?;
        Some(URL_SAFE_NO_PAD.encode(signature))
    }
}

const NOT_PEM: &str = "a private key is PEM text that begins with `-----BEGIN PRIVATE KEY` or `-----BEGIN RSA PRIVATE KEY`";
const NOT_RSA: &str = "a private key for RS256 is an unencrypted RSA key of 2048 to 4096 bits";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_cannot_sign_are_refused_without_being_shown() {
        let check = |pem: &str, rule: &str| {
            let error = SigningKey::parse("private_key", &pem.into()).err().unwrap();
            let text = error.to_string();
            assert!(text.contains(rule) && error.id() == "CFG01", "{text}");
            assert!(!text.contains("MII") && !text.contains("c2Vz"), "{text}");
        };
        check("", NOT_PEM);
        check("sesame", NOT_PEM);
        check("-----BEGIN PRIVATE KEY-----\nc2VzYW1l\n", NOT_PEM);
        check("-----BEGIN PRIVATE KEY-----\nc2VzYW1l\n-----END PRIVATE KEY-----\n", NOT_RSA);
        check("-----BEGIN EC PRIVATE KEY-----\nc2VzYW1l\n-----END EC PRIVATE KEY-----\n", NOT_RSA);
    }
}
