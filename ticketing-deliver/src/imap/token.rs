//! Tokens of OAuth 2.0 servers, fetched with a refresh token (RFC 6749, 6).

use super::ImapOptions;
use super::trouble::Trouble;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, redirect, retry};
use rustls::ClientConfig;
use serde::Deserialize;
use std::time::{Duration, Instant};

/// The longest answer.
const LONGEST: usize = 64 * 1024;
/// How long before its end a token is not used any more.
const MARGIN: Duration = Duration::from_mins(1);

/// The account's secrets.
pub(super) struct Secrets<'a> {
    pub token_url: &'a str,
    pub client_id: &'a str,
    pub client_secret: Option<&'a str>,
    pub refresh_token: &'a str,
}

/// A token, as long as it is good.
#[derive(Default)]
pub(super) struct Tokens {
    known: Option<(String, Instant)>,
    /// What the server gave in place of the refresh token. It is known here only: the one in the settings has to stay good.
    refresh_token: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    access_token: String,
    expires_in: Option<u64>,
    refresh_token: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
    error_description: Option<String>,
}

/// The client that fetches tokens: it goes where the settings say, and nowhere else.
pub(super) fn client(tls: ClientConfig, options: &ImapOptions) -> Result<Client, reqwest::Error> {
    Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .retry(retry::never())
        .https_only(true)
        .connect_timeout(options.connect_timeout)
        .timeout(options.command_timeout)
        .build()
}

impl Tokens {
    /// A token that is good for a minute at least.
    pub async fn token(&mut self, http: &Client, secrets: &Secrets<'_>) -> Result<String, Trouble> {
        if let Some((token, until)) = &self.known
            && Instant::now() + MARGIN < *until
        {
            return Ok(token.clone());
        }
        let asked = Instant::now();
        let answer = self.ask(http, secrets).await?;
        if let Some(expires_in) = answer.expires_in
            && let Some(until) = asked.checked_add(Duration::from_secs(expires_in))
        {
            self.known = Some((answer.access_token.clone(), until));
        }
        self.refresh_token = answer.refresh_token.or(self.refresh_token.take());
        Ok(answer.access_token)
    }

    /// Forgets the token: the server does not take it.
    pub fn forget(&mut self) {
        self.known = None;
    }

    async fn ask(&self, http: &Client, secrets: &Secrets<'_>) -> Result<Answer, Trouble> {
        let refresh_token = self.refresh_token.as_deref().unwrap_or(secrets.refresh_token);
        let call = http
            .post(secrets.token_url)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json")
            .body(form(secrets, refresh_token));
        let mut response = call.send().await.map_err(|error| said(&error))?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| said(&error))? {
            body.extend_from_slice(&piece);
            if body.len() > LONGEST {
                return Err(Trouble::Token("the answer is too long".to_owned()));
            }
        }
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|_| Trouble::Token("the answer holds no token".to_owned()));
        }
        Err(Trouble::Token(match serde_json::from_slice::<Refusal>(&body) {
            Ok(Refusal { error, error_description: Some(why) }) => format!("{status}, {error}: {why}"),
            Ok(Refusal { error, .. }) => format!("{status}, {error}"),
            Err(_) => status.to_string(),
        }))
    }
}

fn form(secrets: &Secrets<'_>, refresh_token: &str) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "refresh_token");
    form.append_pair("refresh_token", refresh_token);
    form.append_pair("client_id", secrets.client_id);
    if let Some(secret) = secrets.client_secret {
        form.append_pair("client_secret", secret);
    }
    form.finish()
}

/// What went wrong with its first cause, and without the address, in which secrets may stand.
fn said(error: &reqwest::Error) -> Trouble {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    Trouble::Token(cause.to_string())
}
