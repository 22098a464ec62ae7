//! Access tokens: signed, short-lived, of exactly one kind. And the keys of programs beside them.

use crate::auth::Authenticator;
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::time::Duration;
use ticketing_core::model::User;
use ticketing_core::time::Time;
use ticketing_core::{Actor, ApiKeyId, Desk, Error, SessionId, UserId};

const ISSUER: &str = "ticketing";
const AUDIENCE: &str = "ticketing-api";
const KIND: &str = "access";
/// How far the clocks of two servers may lie apart.
const LEEWAY: i64 = 5;
/// Ours have about 350 bytes; nothing longer is worth a look.
const LONGEST: usize = 2048;

const REFUSED: Error = Error::Unauthenticated("The access token is invalid or has expired.");

/// All are required, and of these types: a token that says `"exp": "9999999999"` is none of ours.
#[derive(Serialize, Deserialize)]
struct Claims<'a> {
    iss: Cow<'a, str>,
    aud: Cow<'a, str>,
    sub: UserId,
    sid: SessionId,
    /// The version of the person's sign-ins.
    ver: i64,
    exp: i64,
    iat: i64,
    typ: Cow<'a, str>,
}

/// A key that access tokens are checked with, and its name.
struct Key {
    name: String,
    decoding: DecodingKey,
}

impl Key {
    /// The name tells tokens of one key from those of another; it says nothing about the key.
    fn new(secret: &[u8]) -> Self {
        let name = Sha256::new_with_prefix(b"ticketing key id\0").chain_update(secret).finalize();
        Self { name: URL_SAFE_NO_PAD.encode(&name[..6]), decoding: DecodingKey::from_secret(secret) }
    }
}

/// Makes access tokens with one key, and checks those of that key and of the ones before it.
pub(crate) struct Tokens {
    encoding: EncodingKey,
    ring: Vec<Key>,
    validation: Validation,
    header: Header,
    lifetime: TimeDelta,
}

impl Tokens {
    pub(crate) fn new(secret: &[u8], older: &[Vec<u8>], lifetime: Duration) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The desk's clock decides, not the library's.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let mut header = Header::new(Algorithm::HS256);
        let newest = Key::new(secret);
        header.kid = Some(newest.name.clone());
        let ring = std::iter::once(newest).chain(older.iter().map(|secret| Key::new(secret))).collect();
        Self {
            encoding: EncodingKey::from_secret(secret),
            ring,
            validation,
            header,
            lifetime: TimeDelta::from_std(lifetime).unwrap_or(TimeDelta::minutes(15)),
        }
    }

    /// How long a new token is good, in seconds.
    pub(crate) fn expires_in(&self) -> i64 {
        self.lifetime.num_seconds()
    }

    /// A token for a person and the sign-in behind it.
    pub(crate) fn issue(&self, user: &User, sid: SessionId, now: Time) -> Result<String, Error> {
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: user.id,
            sid,
            ver: user.rights_version,
            exp: (now + self.lifetime).timestamp(),
            iat: now.timestamp(),
            typ: KIND.into(),
        };
        jsonwebtoken::encode(&self.header, &claims, &self.encoding).map_err(|e| Error::Internal(Box::new(e)))
    }

    /// What a token says, if it is one of ours.
    fn claims(&self, token: &str) -> Result<Claims<'static>, Error> {
        if token.len() > LONGEST {
            return Err(REFUSED);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| REFUSED)?;
        let key = self.ring.iter().find(|key| Some(&key.name) == header.kid.as_ref()).ok_or(REFUSED)?;
        let data =
            jsonwebtoken::decode::<Claims<'static>>(token, &key.decoding, &self.validation).map_err(|_| REFUSED)?;
        let ours = data.header.crit.is_none() && data.claims.typ == KIND;
        if ours { Ok(data.claims) } else { Err(REFUSED) }
    }

    /// Who a token was made for, if it is one of ours and still good.
    fn verify(&self, token: &str, now: Time) -> Result<(UserId, SessionId, i64), Error> {
        let Claims { sub, sid, ver, exp, iat, .. } = self.claims(token)?;
        let now = now.timestamp();
        let timely = exp > now.saturating_sub(LEEWAY) && iat <= now.saturating_add(LEEWAY) && iat <= exp;
        if timely { Ok((sub, sid, ver)) } else { Err(REFUSED) }
    }
}

#[async_trait]
impl Authenticator for Tokens {
    async fn authenticate(&self, desk: &Desk, bearer: &str) -> Result<Actor, Error> {
        if Desk::is_api_key(bearer) {
            let (actor, id) = desk.actor_of_key(bearer).await?;
            note_use(desk, id);
            return Ok(actor);
        }
        let (user_id, session_id, rights_version) = self.verify(bearer, desk.now())?;
        desk.actor_of_token(user_id, session_id, rights_version).await
    }

    fn expires_at(&self, bearer: &str) -> Option<Time> {
        let claims = self.claims(bearer).ok()?;
        Time::from_timestamp(claims.exp, 0)
    }
}

/// Remembers that a key was used, beside the request: its answer does not wait for that.
fn note_use(desk: &Desk, id: ApiKeyId) {
    if desk.key_use_is_due(id) {
        let desk = desk.clone();
        tokio::spawn(async move {
            if let Err(error) = desk.note_key_use(id).await {
                tracing::debug!(%error, "the use of an API key could not be noted");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use ticketing_core::model::{Availability, Role};
    use uuid::Uuid;

    const SECRET: &[u8] = b"a secret of the tests, long enough to be one";

    fn now() -> Time {
        Time::from_timestamp(1_780_000_000, 0).unwrap()
    }

    fn tokens() -> Tokens {
        Tokens::new(SECRET, &[], Duration::from_mins(15))
    }

    fn claims() -> Value {
        json!({
            "iss": ISSUER, "aud": AUDIENCE, "typ": KIND, "sub": Uuid::nil(), "sid": Uuid::nil(), "ver": 1,
            "exp": now().timestamp() + 60, "iat": now().timestamp(),
        })
    }

    fn signed(header: &Header, claims: &Value) -> String {
        jsonwebtoken::encode(header, claims, &EncodingKey::from_secret(SECRET)).unwrap()
    }

    #[test]
    fn a_token_says_whom_it_was_made_for_until_it_expires() {
        let (user, session) = (user(), SessionId(Uuid::from_u128(2)));
        let token = tokens().issue(&user, session, now()).unwrap();
        assert_eq!(tokens().verify(&token, now()).unwrap(), (user.id, session, 3));
        assert!(tokens().verify(&token, now() + TimeDelta::minutes(15)).is_ok(), "within the leeway");
        assert!(tokens().verify(&token, now() + TimeDelta::seconds(15 * 60 + 6)).is_err());
        assert!(tokens().verify(&token, now() - TimeDelta::minutes(1)).is_err(), "made in the future");
        assert!(Tokens::new(b"another secret", &[], Duration::from_mins(15)).verify(&token, now()).is_err());
    }

    fn user() -> User {
        User {
            id: UserId(Uuid::from_u128(1)),
            email: "kim@alba.example".to_owned(),
            name: "Kim".to_owned(),
            role: Role::Customer,
            organization_id: None,
            time_zone: None,
            locale: None,
            availability: Availability::Online,
            availability_since: now(),
            is_active: true,
            version: 7,
            rights_version: 3,
            joins_by_domain: false,
            created_at: now(),
            updated_at: now(),
        }
    }

    #[test]
    fn a_key_can_be_replaced_without_signing_anybody_out() {
        let old = tokens();
        let token = old.issue(&user(), SessionId(Uuid::nil()), now()).unwrap();
        let ring = Tokens::new(b"the next secret of the tests, as long", &[SECRET.to_vec()], Duration::from_mins(15));
        assert!(ring.verify(&token, now()).is_ok(), "a token of the older key is still good");
        let next = ring.issue(&user(), SessionId(Uuid::nil()), now()).unwrap();
        assert!(ring.verify(&next, now()).is_ok());
        assert!(old.verify(&next, now()).is_err(), "new ones are signed with the new key");
        // The name of one key over the signature of another.
        let mixed = signed(&ring.header, &claims());
        assert!(ring.verify(&mixed, now()).is_err());
    }

    #[test]
    fn every_claim_is_required_and_typed() {
        assert!(tokens().verify(&signed(&tokens().header, &claims()), now()).is_ok());
        for name in ["iss", "aud", "sub", "sid", "ver", "exp", "iat", "typ"] {
            let mut claims = claims();
            claims.as_object_mut().unwrap().remove(name);
            assert!(tokens().verify(&signed(&tokens().header, &claims), now()).is_err(), "without {name}");
        }
        let wrong = [
            ("iss", json!("elsewhere")),
            ("aud", json!("other-api")),
            ("aud", json!(["ticketing-api"])),
            ("exp", json!("9999999999")),
            ("exp", json!(9.0e99)),
            ("exp", json!(0)),
            ("iat", json!("0")),
            ("typ", json!("refresh")),
            ("sub", json!("admin")),
            ("sid", json!(null)),
            ("ver", json!("1")),
            ("ver", json!(1.5)),
        ];
        for (name, value) in wrong {
            let mut claims = claims();
            claims[name] = value.clone();
            assert!(tokens().verify(&signed(&tokens().header, &claims), now()).is_err(), "{name}: {value}");
        }
    }

    #[test]
    fn other_algorithms_keys_and_extensions_are_refused() {
        let header = |change: fn(&mut Header)| {
            let mut header = tokens().header;
            change(&mut header);
            header
        };
        for bad in [
            header(|h| h.kid = None),
            header(|h| h.kid = Some("../../dev/null".to_owned())),
            header(|h| h.crit = Some(vec!["exp".to_owned()])),
            header(|h| h.alg = Algorithm::HS512),
        ] {
            assert!(tokens().verify(&signed(&bad, &claims()), now()).is_err(), "{bad:?}");
        }
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        for alg in ["none", "None", "NONE", "RS256", ""] {
            let header = json!({"alg": alg, "typ": "JWT", "kid": tokens().header.kid});
            for tail in ["", "AAAA"] {
                let token = format!("{}.{}.{tail}", part(&header), part(&claims()));
                assert!(tokens().verify(&token, now()).is_err(), "{alg}");
            }
        }
        for text in ["", ".", "..", "a.b.c", "é.é.é"] {
            assert!(tokens().verify(text, now()).is_err());
        }
        assert!(tokens().verify(&"a".repeat(LONGEST + 1), now()).is_err());
    }

    #[test]
    fn a_changed_byte_anywhere_breaks_the_token() {
        let token = signed(&tokens().header, &claims());
        for at in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(bytes).unwrap();
            // The last character of a part may carry unused bits only; decoders refuse those too.
            assert!(tokens().verify(&forged, now()).is_err(), "byte {at}");
        }
    }
}
