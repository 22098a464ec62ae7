//! Compression of answers that are worth it.

use axum::body::{Body, HttpBody};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// Below this a packet more or less is not worth the work.
const SMALLEST: u64 = 1400;
/// Above this the work would hold up other requests of the same thread.
const AT_ONCE: u64 = 128 * 1024;

/// Whether the client takes this coding and did not rule it out by `q=0`.
pub(crate) fn takes(headers: &HeaderMap, coding: &str) -> bool {
    headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).any(|text| {
        text.split(',').any(|one| {
            let (name, weight) = one.split_once(';').unwrap_or((one, ""));
            let refused = weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0);
            name.trim().eq_ignore_ascii_case(coding) && !refused
        })
    })
}

/// The answer compressed, where its body is complete, text and large enough.
pub(crate) async fn gzip(response: Response) -> Response {
    let size = response.body().size_hint().exact().unwrap_or_default();
    let headers = response.headers();
    let is_text = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|v| [&b"application/json"[..], b"text/"].iter().any(|p| v.as_bytes().starts_with(p)));
    if size < SMALLEST || !is_text || headers.contains_key(header::CONTENT_ENCODING) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // Our bodies are complete in memory: this gives back the same bytes.
    let Ok(plain) = axum::body::to_bytes(body, usize::MAX).await else {
        return Response::from_parts(parts, Body::empty());
    };
    let packed = if size < AT_ONCE {
        pack(&plain)
    } else {
        let plain = plain.clone();
        tokio::task::spawn_blocking(move || pack(&plain)).await.ok().flatten()
    };
    let Some(packed) = packed else { return Response::from_parts(parts, Body::from(plain)) };
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(packed))
}

fn pack(plain: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::fast());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_used_only_where_it_is_taken() {
        let takes = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(text));
            takes(&headers, "gzip")
        };
        assert!(takes("gzip"));
        assert!(takes("br, GZIP;q=0.5"));
        assert!(!takes("gzip;q=0"));
        assert!(!takes("gzip; q=0.0, br"));
        assert!(!takes("identity"));
        assert!(!takes("x-gzip-not"));
    }
}
