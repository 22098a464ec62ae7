//! What is kept of the request that a socket was opened by, for as long as it is open.

use crate::client::FORWARDED_FOR;
use crate::middleware::RequestId;
use axum::extract::{OriginalUri, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};

/// What the transport reads when a socket is opened, and what says where it was opened from.
const KEPT: [HeaderName; 3] = [header::SEC_WEBSOCKET_KEY, header::USER_AGENT, FORWARDED_FOR];

/// The request with nothing but that, and with copies of it. All that a server reads from a connection is one piece of memory,
/// usually 8 KiB, that each header and the address keep alive.
pub(super) fn lean(request: Request) -> Request {
    if request.method() != Method::GET {
        // It belongs to a socket that is open, and is gone when it is answered.
        return request;
    }
    let (mut parts, body) = request.into_parts();
    let mut headers = HeaderMap::with_capacity(KEPT.len());
    for name in KEPT {
        for value in parts.headers.get_all(&name) {
            // What was a header's value is one.
            if let Ok(copy) = HeaderValue::from_bytes(value.as_bytes()) {
                headers.append(name.clone(), copy);
            }
        }
    }
    parts.headers = headers;
    // What could be read once can be read again.
    if let Ok(uri) = parts.uri.to_string().parse::<Uri>() {
        parts.uri = uri;
    }
    parts.extensions.remove::<OriginalUri>();
    parts.extensions.remove::<RequestId>();
    Request::from_parts(parts, body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, Bytes};

    #[test]
    fn nothing_that_was_read_from_the_connection_is_kept_alive() {
        let read = Bytes::from(b"/socket.io/?EIO=4&transport=websocket Firefox a=b 203.0.113.9 AAAA==".to_vec());
        let uri = Uri::from_maybe_shared(read.slice(..37)).expect("an address");
        let value = |from, to| HeaderValue::from_maybe_shared(read.slice(from..to)).expect("a value");
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = uri.clone();
        request.extensions_mut().insert(OriginalUri(uri));
        for (name, from, to) in [
            (header::USER_AGENT, 38, 45),
            (header::COOKIE, 46, 49),
            (FORWARDED_FOR, 50, 61),
            (header::SEC_WEBSOCKET_KEY, 62, 68),
        ] {
            request.headers_mut().insert(name, value(from, to));
        }
        assert!(!read.is_unique(), "the request holds it");
        let request = lean(request);
        assert!(read.is_unique());
        assert_eq!(request.uri(), "/socket.io/?EIO=4&transport=websocket");
        assert_eq!(request.headers()[header::USER_AGENT], "Firefox");
        assert_eq!(request.headers()[FORWARDED_FOR], "203.0.113.9");
        assert_eq!(request.headers()[header::SEC_WEBSOCKET_KEY], "AAAA==");
        assert_eq!(request.headers().len(), 3);
    }
}
