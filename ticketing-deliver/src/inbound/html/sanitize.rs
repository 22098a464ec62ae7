//! What of HTML is let through.

use super::Mark;
use ammonia::{Builder, UrlRelative};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Tags that are kept, sorted; of all others the content is.
pub(super) const TAGS: [&str; 56] = [
    "a",
    "abbr",
    "b",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Where a picture of elsewhere is said to be: nothing loads it by itself, in whatever page the HTML is shown.
pub(super) const REMOTE: &str = "data-remote-src";

static BUILDER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    let attributes = [
        ("a", &["href", "title"][..]),
        ("img", &["src", REMOTE, "alt", "width", "height"]),
        ("td", &["colspan", "rowspan", "align"]),
        ("th", &["colspan", "rowspan", "align"]),
        ("ol", &["start"]),
    ];
    let attributes = attributes.map(|(tag, names)| (tag, names.iter().copied().collect()));
    builder
        .tags(TAGS.into_iter().collect())
        .clean_content_tags(HashSet::from(["script", "style", "title"]))
        .tag_attributes(HashMap::from(attributes))
        .generic_attributes(HashSet::from([Mark::NAME]))
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener nofollow noreferrer"))
        .attribute_filter(keep);
    builder
});

/// The value with which an attribute is kept. A picture of elsewhere would tell its owner when and where it is looked at, so
/// that its `src` is none.
fn keep<'v>(tag: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let is_kept = match (tag, attribute) {
        ("img", "src") => is_carried(value),
        ("img", REMOTE) => is_remote(value),
        ("a", "href") => !is_carried(value),
        (_, name) if name == Mark::NAME => Mark::from_word(value).is_some(),
        (_, "width" | "height" | "colspan" | "rowspan" | "start") => {
            value.len() <= 4 && !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit())
        }
        (_, "align") => matches!(value, "left" | "right" | "center"),
        _ => true,
    };
    is_kept.then_some(Cow::Borrowed(value))
}

fn is_carried(url: &str) -> bool {
    url.trim_start().get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("cid:"))
}

/// Whether it is the whole address of something elsewhere, which only who is asked for it hears of.
pub(super) fn is_remote(url: &str) -> bool {
    let url = url.trim_start();
    url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
        && url[8..].starts_with(|c: char| c.is_alphanumeric() || c == '[')
}

pub(super) fn sanitize(tamed: &str) -> String {
    BUILDER.clean(tamed).to_string()
}
