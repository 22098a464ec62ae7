//! Secrets at rest: what the desk must be able to say again later, such as the secret of a webhook, is kept
//! encrypted under a key that is not in the database.
//!
//! XChaCha20-Poly1305 with a random nonce. What a secret is for and whose it is are bound to it, so that it
//! can't be moved to where somebody else would be told it.

use crate::port::IdSource;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// What every sealed secret of this form begins with.
const VERSION: &str = "v1.";
/// Bytes of a nonce, which stands before the rest.
const NONCE: usize = 24;
/// Bytes of a code.
pub(crate) const CODE: usize = 10;

/// A secret as it was typed in. There is no way to print it, so that none ends up in a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Plain(String);

impl Plain {
    /// A secret from its text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for who has to use it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// A key that secrets are sealed under, with a name, so that an older one can still be told apart.
#[derive(Clone)]
pub struct SecretsKey {
    name: String,
    cipher: XChaCha20Poly1305,
    /// Makes codes, apart from what encrypts.
    code: Hmac<Sha256>,
}

impl SecretsKey {
    /// A key under a name. Two keys of one desk have different names.
    pub fn new(name: impl Into<String>, key: [u8; 32]) -> Self {
        let mut derived = keyed(&key);
        derived.update(b"ticketing codes");
        let code = keyed(&derived.finalize().into_bytes().into());
        Self { name: name.into(), cipher: XChaCha20Poly1305::new(&Key::from(key)), code }
    }

    fn make_code(&self, purpose: &str, data: &[u8]) -> [u8; CODE] {
        let mut code = self.code.clone();
        code.update(purpose.as_bytes());
        code.update(&[0]);
        code.update(data);
        let whole = code.finalize().into_bytes();
        let mut short = [0; CODE];
        short.copy_from_slice(&whole[..CODE]);
        short
    }

    /// What the key is called.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Why a secret can't be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// There is no key to seal it under, or it is longer than can be sealed.
    #[error("the secret can't be sealed")]
    Unsealable,
    /// It is not of the form of a sealed secret.
    #[error("not a sealed secret")]
    Form,
    /// The key that it was sealed under is not among those that the desk was given.
    #[error("the key that the secret was sealed under is not known")]
    UnknownKey,
    /// It was changed, or sealed for somebody or something else.
    #[error("the secret does not belong here or was changed")]
    Foreign,
}

/// Seals secrets under the newest key and opens what was sealed under any.
#[derive(Clone)]
pub struct Vault {
    keys: Vec<SecretsKey>,
}

impl Vault {
    /// A vault with these keys, the newest first.
    pub fn new(keys: Vec<SecretsKey>) -> Self {
        Self { keys }
    }

    /// The secret as it is kept, good only for this purpose and owner: `v1.`, the key's name, a dot and base64.
    pub fn seal(&self, ids: &dyn IdSource, purpose: &str, owner: Uuid, plain: &Plain) -> Result<String, VaultError> {
        let key = self.keys.first().ok_or(VaultError::Unsealable)?;
        let mut nonce = [0; NONCE];
        ids.fill(&mut nonce);
        let place = place(purpose, owner);
        let payload = Payload { msg: plain.0.as_bytes(), aad: &place };
        let sealed = key.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| VaultError::Unsealable)?;
        let bytes = [&nonce[..], &sealed].concat();
        Ok(format!("{VERSION}{}.{}", key.name, URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// A code that only who has the newest key can make: 80 bits of HMAC-SHA256 over purpose and data. Without
    /// any key it is all zeros, and fits nothing.
    pub fn code(&self, purpose: &str, data: &[u8]) -> [u8; CODE] {
        self.keys.first().map_or([0; CODE], |key| key.make_code(purpose, data))
    }

    /// Whether the code was made for this purpose and data, under any of the keys.
    pub fn fits(&self, purpose: &str, data: &[u8], code: &[u8; CODE]) -> bool {
        self.keys.iter().any(|key| key.make_code(purpose, data).ct_eq(code).into())
    }

    /// The secret that was sealed for this purpose and owner.
    pub fn open(&self, purpose: &str, owner: Uuid, sealed: &str) -> Result<Plain, VaultError> {
        let (name, bytes) =
            sealed.strip_prefix(VERSION).and_then(|rest| rest.rsplit_once('.')).ok_or(VaultError::Form)?;
        let bytes = URL_SAFE_NO_PAD.decode(bytes).map_err(|_| VaultError::Form)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>().ok_or(VaultError::Form)?;
        let key = self.keys.iter().find(|key| key.name == name).ok_or(VaultError::UnknownKey)?;
        let place = place(purpose, owner);
        let payload = Payload { msg: sealed, aad: &place };
        let plain = key.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| VaultError::Foreign)?;
        String::from_utf8(plain).map(Plain).map_err(|_| VaultError::Form)
    }
}

fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    // HMAC fills a key up with zeros to the block of its hash.
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    Hmac::new(&block.into())
}

/// What is bound to a secret beside its text. The owner has a fixed length, so that no two places look alike.
fn place(purpose: &str, owner: Uuid) -> Vec<u8> {
    [&owner.as_bytes()[..], purpose.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::SeededIds;

    const OWNER: Uuid = Uuid::from_u128(7);

    fn key(name: &str, byte: u8) -> SecretsKey {
        SecretsKey::new(name, [byte; 32])
    }

    fn sealed(vault: &Vault) -> String {
        vault.seal(&SeededIds::new(1), "webhook.secret", OWNER, &Plain::new("hunter2 hunter2")).unwrap()
    }

    fn refusal(vault: &Vault, sealed: &str) -> Option<VaultError> {
        vault.open("webhook.secret", OWNER, sealed).err()
    }

    #[test]
    fn what_was_sealed_can_be_opened_and_is_not_readable() {
        let vault = Vault::new(vec![key("a.b", 1)]);
        let text = sealed(&vault);
        assert!(text.starts_with("v1.a.b."));
        assert!(!text.contains("hunter2") && !text.contains(&URL_SAFE_NO_PAD.encode("hunter2")));
        assert_eq!(vault.open("webhook.secret", OWNER, &text).unwrap().expose(), "hunter2 hunter2");
        let again = vault.seal(&SeededIds::new(2), "webhook.secret", OWNER, &Plain::new("hunter2 hunter2")).unwrap();
        assert_ne!(again, text, "the same secret twice does not look the same");
    }

    #[test]
    fn a_flipped_byte_is_found_out_wherever_it_is() {
        let vault = Vault::new(vec![key("a", 1)]);
        let text = sealed(&vault);
        let bytes = URL_SAFE_NO_PAD.decode(text.rsplit_once('.').unwrap().1).unwrap();
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            let changed = format!("v1.a.{}", URL_SAFE_NO_PAD.encode(changed));
            assert_eq!(refusal(&vault, &changed), Some(VaultError::Foreign), "byte {place}");
        }
    }

    #[test]
    fn a_secret_is_good_only_where_it_was_sealed_for() {
        let vault = Vault::new(vec![key("a", 1)]);
        let text = sealed(&vault);
        let other = |purpose, owner| vault.open(purpose, Uuid::from_u128(owner), &text).err();
        assert_eq!(other("webhook.secret", 8), Some(VaultError::Foreign));
        assert_eq!(other("webhook.header", 7), Some(VaultError::Foreign));
        assert_eq!(other("webhook.secret", 7), None);
    }

    #[test]
    fn former_keys_open_and_the_newest_seals() {
        let old = Vault::new(vec![key("old", 1)]);
        let text = sealed(&old);
        let both = Vault::new(vec![key("new", 2), key("old", 1)]);
        assert_eq!(refusal(&both, &text), None);
        assert!(sealed(&both).starts_with("v1.new."));
        assert_eq!(refusal(&Vault::new(vec![key("new", 2)]), &text), Some(VaultError::UnknownKey));
        assert_eq!(refusal(&Vault::new(vec![key("old", 3)]), &text), Some(VaultError::Foreign));
    }

    #[test]
    fn what_is_no_sealed_secret_is_refused() {
        let vault = Vault::new(vec![key("a", 1)]);
        for text in ["", "hunter2", "v1.", "v1.a", "v1.a.", "v1.a.AAAA", "v1.a.!", "v2.a.AAAA"] {
            assert_eq!(refusal(&vault, text), Some(VaultError::Form), "{text:?}");
        }
        let empty = Vault::new(Vec::new()).seal(&SeededIds::new(1), "x", OWNER, &Plain::new("y"));
        assert_eq!(empty.err(), Some(VaultError::Unsealable));
    }
}
