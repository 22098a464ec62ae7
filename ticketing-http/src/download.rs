//! Files that strangers have sent, on their way out: they are saved, never shown, and nothing in them runs.

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use std::fmt::Write;

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// For a file that somebody opens in a browser after all.
const SANDBOX: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");
/// Types that nothing runs in, whatever the bytes are. All others are told as bytes.
const INERT: &[&str] = &["image/png", "image/jpeg", "image/gif", "image/webp", "text/plain", "message/rfc822"];
const BYTES: &str = "application/octet-stream";
/// What a file is called whose name says nothing.
const NAMELESS: &str = "file";

/// A file to be saved under this name.
pub(crate) fn file(bytes: Bytes, content_type: &str, name: &str) -> Response {
    let content_type = content_type.split(';').next().unwrap_or_default().trim();
    let inert = INERT.iter().find(|known| known.eq_ignore_ascii_case(content_type));
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(inert.unwrap_or(&BYTES)));
    // What is left of a name by then is always a header value.
    let disposition = HeaderValue::from_str(&disposition(name));
    headers.insert(header::CONTENT_DISPOSITION, disposition.unwrap_or_else(|_| HeaderValue::from_static("attachment")));
    headers.insert(header::CONTENT_SECURITY_POLICY, SANDBOX);
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    response
}

/// `Content-Disposition` with the name as it is, and in ASCII for clients that know no better (RFC 6266, 4.3).
fn disposition(name: &str) -> String {
    let name = clean(name);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " ._-".contains(c);
    let ascii: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let mut text = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        // RFC 8187, 3.2.1; less what could be missed beside the quotes.
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String can't fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// The name without what hides or leads somewhere: controls, marks that turn the reading direction or take no room, paths,
/// and dots in front.
fn clean(name: &str) -> String {
    let hides = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
    };
    let shown = name.chars().filter(|c| !hides(*c)).map(|c| if "/\\:".contains(c) { '_' } else { c });
    let shown: String = shown.collect();
    let shown = shown.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if shown.is_empty() { NAMELESS.to_owned() } else { shown.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_in_one_line_and_hides_nothing() {
        let cases = [
            ("plan.pdf", "plan.pdf", "plan.pdf"),
            ("Größe 1.txt", "Gr__e 1.txt", "Gr%C3%B6%C3%9Fe%201.txt"),
            ("../../etc/passwd", "_.._etc_passwd", "_.._etc_passwd"),
            ("a\r\nSet-Cookie: x", "aSet-Cookie_ x", "aSet-Cookie_%20x"),
            ("\u{200b}.htaccess", "htaccess", "htaccess"),
            ("x\u{202e}gpj.exe", "xgpj.exe", "xgpj.exe"),
            ("a\"b;c.txt", "a_b_c.txt", "a%22b%3Bc.txt"),
            ("C:\\temp\\x.doc", "C__temp_x.doc", "C__temp_x.doc"),
            ("\0", "file", "file"),
            ("", "file", "file"),
            (" .. ", "file", "file"),
        ];
        for (name, ascii, whole) in cases {
            assert_eq!(disposition(name), format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{whole}"));
        }
    }

    #[test]
    fn only_what_is_inert_keeps_its_type() {
        let told = |kind: &str| {
            let answer = file(Bytes::new(), kind, "x");
            answer.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned()
        };
        assert_eq!(told("image/png"), "image/png");
        assert_eq!(told("IMAGE/JPEG; name=x"), "image/jpeg");
        for active in
            ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/pdf", "", "x\r\ny"]
        {
            assert_eq!(told(active), BYTES, "{active}");
        }
    }
}
