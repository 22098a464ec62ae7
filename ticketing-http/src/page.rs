//! The page at the root: what runs here, and how to begin.

use crate::App;
use crate::path::Base;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use ticketing_core::setting::DeskProfile;

const STYLE: &str = "\
body{font:1rem/1.6 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem;color:#1c2733;background:#fbfcfd}\
h1{font-size:1.7rem;line-height:1.2}h2{font-size:1.1rem;margin-top:2rem}\
pre{background:#eef2f5;padding:.8rem 1rem;overflow-x:auto;border-radius:.4rem}a{color:#0b5cad}\
@media (prefers-color-scheme:dark){body{color:#dde5ec;background:#12181f}pre{background:#1d2730}a{color:#7db8f2}}";

/// The policy of the page: its one style sheet, known by its digest, and nothing else.
pub(crate) fn policy() -> HeaderValue {
    let digest = STANDARD.encode(Sha256::digest(STYLE));
    let text = format!(
        "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    // Base64 and our own words are always a header value; where they were not, nothing may run.
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}

pub(crate) async fn show(State(app): State<Arc<App>>, Base(base): Base) -> Response {
    // The page is there also while the store is away: it says where to look.
    let name = app.desk.profile().await.unwrap_or_else(|_| DeskProfile::default()).name;
    let mut response = Response::new(Body::from(html(&name, &app.site.origin, &base)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, app.page_policy.clone());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn html(name: &str, origin: &str, base: &str) -> String {
    let (name, base) = (escape(name), escape(base));
    let address = format!("{}{base}", escape(origin));
    let version = env!("CARGO_PKG_VERSION");
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>{name}</h1>
<p>A help desk runs here (ticketing {version}). It speaks JSON over HTTP. This program was built without its web console.</p>
<h2>Sign in</h2>
<pre>curl -s {address}/api/auth/login \
  -H 'Content-Type: application/json' \
  -d '{{"email": "you@company.example", "password": "…"}}'</pre>
<p>The answer holds an access <code>token</code>, good for some minutes, and a <code>refresh_token</code> for the next one.</p>
<h2>List tickets</h2>
<pre>curl -s '{address}/api/tickets?status=open&amp;sort=-priority' \
  -H "Authorization: Bearer $TOKEN"</pre>
<h2>What else is here</h2>
<ul>
<li><code>{base}/api/tickets</code>, <code>{base}/api/users</code>, <code>{base}/api/organizations</code>, <code>{base}/api/teams</code></li>
<li><code>{base}/api/events</code>: what happened, in order; <code>{base}/api/audit</code>: who did what</li>
<li><a href="{base}/healthz">{base}/healthz</a>, <a href="{base}/readyz">{base}/readyz</a>: is it alive, does its store answer</li>
<li><a href="{base}/metrics">{base}/metrics</a>: counts and durations for Prometheus</li>
</ul>
</main>
</body>
</html>
"#
    )
}

pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_text_and_never_markup() {
        let page = html("<script>alert('x')</script> & \"Co\"", "https://a.example", "/support");
        assert!(!page.contains("<script>"));
        assert!(page.contains("<h1>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;Co&quot;</h1>"));
        assert!(page.contains("https://a.example/support/api/auth/login"));
        assert!(page.contains("href=\"/support/healthz\""));
    }
}
