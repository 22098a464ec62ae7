use super::*;

fn safe_of(html: &str) -> String {
    safe(html, &Limits::default()).0
}

fn said(html: &str) -> String {
    text_of(&safe_of(html), 100_000).0
}

#[test]
fn known_tags_are_sorted() {
    assert!(sanitize::TAGS.is_sorted());
}

#[test]
fn nothing_runs_or_loads() {
    for (html, expected) in [
        ("<p onclick=\"x()\" style=\"position:fixed;inset:0\" class=a id=b>Hi", "<p>Hi</p>"),
        ("a<script>x()</script>b<SCRIPT src=//evil.example>x()</ScRiPt >c", "abc"),
        ("a<style>p{}</style>b<svg><script>x()</script></svg>c<math><mi>x</mi></math>d", "abcd"),
        ("a<iframe src=//evil.example></iframe>b<object><p>x</p></object>c<embed src=x>d", "abcd"),
        ("<img src=//evil.example/x><img src=x.png><img src='data:image/png;base64,AAAA'>", "<img><img><img>"),
        (
            "<img src=\"cid:pic@acme\" width=10 height='20' onerror=x()>",
            "<img src=\"cid:pic@acme\" width=\"10\" height=\"20\">",
        ),
        ("<img src=cid:a srcset=https://evil.example/x background=x>", "<img src=\"cid:a\">"),
        ("<img width=100000 height=-1 src=CID:a>", "<img src=\"CID:a\">"),
        (
            "<a href=javascript:x()>a</a><a href='data:text/html,x'>b</a>",
            "<a rel=\"noopener nofollow noreferrer\">a</a><a rel=\"noopener nofollow noreferrer\">b</a>",
        ),
        ("<a href=\" java\nscript:x()\">a</a>", "<a rel=\"noopener nofollow noreferrer\">a</a>"),
        ("<a href=java&#115;cript:x()>a</a>", "<a rel=\"noopener nofollow noreferrer\">a</a>"),
        ("<a href=/relative target=_blank>a</a>", "<a rel=\"noopener nofollow noreferrer\">a</a>"),
        ("<a href=cid:a>a</a>", "<a rel=\"noopener nofollow noreferrer\">a</a>"),
        (
            "<a href='https://acme.example/?a=1&amp;b=2' title=t>a</a>",
            "<a href=\"https://acme.example/?a=1&amp;b=2\" title=\"t\" rel=\"noopener nofollow noreferrer\">a</a>",
        ),
        (
            "<table background=http://evil.example/x><tr><td bgcolor=red colspan=2>x",
            "<table><tbody><tr><td colspan=\"2\">x</td></tr></tbody></table>",
        ),
        (
            "<link rel=stylesheet href=//evil.example><meta http-equiv=refresh content=0><base href=//evil.example>x",
            "x",
        ),
        ("<form action=//evil.example><input name=p><button>Go</button></form>", "Go"),
        ("<video poster=//evil.example><source src=x></video><audio src=x></audio>x", "x"),
        ("a<!-- <b> -->b<!--[if mso]><p>x</p><![endif]-->c<!-->d<!--->e<!doctype html>f<?xml x?>g", "abcdefg"),
        ("1 < 2 && 3 > 2 <3 </ <", "1 &lt; 2 &amp;&amp; 3 &gt; 2 &lt;3 &lt;/ &lt;"),
        ("<noscript><img src=cid:a title='</noscript><script>x()</script>'></noscript>", "<img src=\"cid:a\">"),
        ("<p title='<script>x()</script>'>a</p><xmp><b>x</b></xmp>b<textarea><p>x</textarea>c", "<p>a</p>bc"),
        ("<b x='1' href=https://a>b</b><font color=red>r</font>", "<b>b</b>r"),
        ("<div data-mail=evil>x</div>", "<div>x</div>"),
        ("<div class=\"gmail_signature\">x</div>", "<div data-mail=\"signature\">x</div>"),
        ("<p a=1 a=2 =b \"c\" d='e>x", "<p></p>"),
    ] {
        assert_eq!(safe_of(html), expected, "{html}");
    }
}

#[test]
fn a_picture_of_elsewhere_is_named_and_loaded_by_nobody() {
    for (html, expected) in [
        (
            "<img src=https://acme.example/logo.png alt=Acme width=90 height=30>",
            "<img alt=\"Acme\" width=\"90\" height=\"30\" data-remote-src=\"https://acme.example/logo.png\">",
        ),
        (
            "<img SRC=' HTTPS://acme.example/?a=1&amp;b=\"2\"&c=<3>'>",
            "<img data-remote-src=\" HTTPS://acme.example/?a=1&amp;b=&quot;2&quot;&amp;c=&lt;3&gt;\">",
        ),
        // Only over a line on which nobody else listens, and not where it says nothing of where it is.
        ("<img src=http://acme.example/x><img src=//acme.example/x><img src=https:x>", "<img><img><img>"),
        ("<img src=https:///x><img src=https://><img src=https://&#47;x>", "<img><img><img>"),
        // What the mail itself calls so is nothing that the desk says.
        ("<img data-remote-src=https://acme.example/x data-src=https://acme.example/x>", "<img>"),
        ("<p data-remote-src=https://acme.example/x src=https://acme.example/x>x", "<p>x</p>"),
        // The first counts, as for a browser; one that the mail brings along needs no other.
        ("<img src=https://a.example/1 src=https://b.example/2>", "<img data-remote-src=\"https://a.example/1\">"),
        ("<img src=cid:a src=https://a.example/1>", "<img src=\"cid:a\">"),
        ("<img src=https://a.example/1 src=cid:a>", "<img src=\"cid:a\">"),
        // A dot that nobody sees.
        ("<img width=1 height=1 src=https://a.example/1>", "<img width=\"1\" height=\"1\">"),
        ("<img src=https://a.example/1 height=0>", "<img height=\"0\">"),
        (
            "<img src=https://a.example/1 srcset=https://a.example/2 style='background:url(https://a.example/3)' \
             onerror=x() onload=x() lowsrc=https://a.example/4 dynsrc=https://a.example/5>",
            "<img data-remote-src=\"https://a.example/1\">",
        ),
    ] {
        let safe = safe_of(html);
        assert_eq!(safe, expected, "{html}");
        assert!(!safe.contains(" src=\"http"), "{html}");
    }
    let long = format!("<img src=https://a.example/{}>", "x".repeat(2_000));
    assert_eq!(safe_of(&long), "<img>");
}

#[test]
fn text_looks_as_it_is_read() {
    for (html, expected) in [
        (
            "<html><head><title>No</title></head><body>Hi&nbsp;there,<br>it   hums.</body></html>",
            "Hi there,\nit hums.\n",
        ),
        ("<div>one</div><div>two</div><div><br></div><div>three</div>", "one\ntwo\n\nthree\n"),
        ("<p>one</p><p>two</p>", "one\n\ntwo\n"),
        (
            "<p class=MsoNormal>one</p><p class=\"MsoNormal\">two<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>three</p>",
            "one\ntwo\n\nthree\n",
        ),
        ("<b>a</b><i>b</i> <u>c</u>", "ab c\n"),
        ("<ul><li>a</li><li>b</li></ul><ol start=3><li>c<li>d</ol>", "- a\n- b\n\n3. c\n4. d\n"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>after", "a b\nc\n\nafter\n"),
        ("<pre>a  b\n  c</pre>", "a  b\n  c\n"),
        (
            "<a href=https://acme.example/x>here</a>, <a href=https://acme.example/>acme.example</a>",
            "here <https://acme.example/x>, acme.example\n",
        ),
        ("<a href=mailto:kim@acme.example>kim</a>", "kim\n"),
        ("a <img src=cid:x alt=\"pic.png\"> b<img src=https://e.example/p alt=No>", "a [pic.png] b\n"),
        ("&lt;b&gt; &amp;amp; &quot;", "<b> &amp; \"\n"),
        ("a<hr>b", "a\nb\n"),
        ("", ""),
        (" \n ", ""),
    ] {
        assert_eq!(said(html), expected, "{html}");
    }
}

#[test]
fn what_was_said_before_is_marked() {
    for (html, expected) in [
        (
            "<div dir=ltr>Yes.</div><br><div class=\"gmail_quote gmail_quote_container\"><div dir=ltr class=\"gmail_attr\">On Mon, \
             Help &lt;<a href=mailto:h@d.example>h@d.example</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" \
             style=\"margin:0\"><div>Hello<br>there</div><blockquote class=gmail_quote>Hi</blockquote></blockquote></div>",
            "Yes.\n\n> On Mon, Help <h@d.example> wrote:\n>\n> Hello\n> there\n>\n> > Hi\n",
        ),
        (
            "<div>See.</div><div class=gmail_quote><div class=gmail_attr>---------- Forwarded message ---------<br>From: \
             Lee<br></div>It hums.</div>",
            "See.\n---------- Forwarded message ---------\nFrom: Lee\nIt hums.\n",
        ),
        (
            "<p>Ja.</p><div class=\"moz-cite-prefix\">Am 3.3. schrieb Help:<br></div><blockquote type=cite cite=mid:x><p>Hallo</p></blockquote>",
            "Ja.\n\n> Am 3.3. schrieb Help:\n>\n> Hallo\n",
        ),
        (
            "<div>Ja.</div><hr><div id=\"divRplyFwdMsg\" dir=ltr><b>Von:</b> Help<br><b>Gesendet:</b> Montag<br></div><div>Hallo</div>",
            "Ja.\n________________________________\nVon: Help\nGesendet: Montag\nHallo\n",
        ),
        (
            "<p class=MsoNormal>Ja.</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>\
             <p class=MsoNormal><b>From:</b> Help<br><b>Sent:</b> Monday</p></div></div>",
            "Ja.\n________________________________\nFrom: Help\nSent: Monday\n",
        ),
        (
            "<div>Yes.</div><div class=\"ydp yahoo_quoted\">On Monday, Help wrote:<br>Hello</div>",
            "Yes.\n> On Monday, Help wrote:\n> Hello\n",
        ),
        ("<div>Yes.</div><div class=gmail_signature>Kim</div>", "Yes.\n-- \nKim\n"),
        (
            "<div>Yes.</div><span class=gmail_signature_prefix>-- </span><br><div class=gmail_signature>Kim</div>",
            "Yes.\n--\nKim\n",
        ),
        ("<p>Yes.</p><pre class=\"moz-signature\">-- \nKim</pre>", "Yes.\n\n-- \nKim\n"),
        ("<blockquote>It says no.</blockquote>What now?", "It says no.\n\nWhat now?\n"),
    ] {
        assert_eq!(said(html), expected, "{html}");
    }
}

#[test]
fn html_that_would_grow_does_not() {
    let limits = Limits::default();
    for html in [
        "<b>".repeat(100_000) + &"<p>x".repeat(100_000),
        (0..5_000).flat_map(|n| ["<font id=f".to_owned(), n.to_string(), ">".to_owned()]).collect::<String>()
            + &"<p>x".repeat(5_000),
        format!("<a href=https://acme.example/{}>", "x".repeat(1_900)) + &"<p>x".repeat(9_000),
        "<div>".repeat(200_000),
        "<table>".repeat(100_000),
        "<b><table><tr><td></b></td></tr></table>".repeat(20_000),
        format!("<p {}>x", "a=1 ".repeat(500_000)),
        "<a b=\"".repeat(100_000),
        "<!--".repeat(200_000),
        "<script>".repeat(100_000),
        "</p>".repeat(200_000),
        "<".repeat(1_000_000),
        "<blockquote type=cite>".repeat(9_000) + &"x<br>".repeat(1_000),
        "&amp;".repeat(300_000),
        "<li>".repeat(100_000),
    ] {
        let (safe, _) = safe(&html, &limits);
        assert!(safe.len() <= 4 * limits.html, "{}", &html[..40]);
        let (text, _) = text_of(&safe, limits.text);
        assert!(text.len() <= 3 * limits.text, "{}", &html[..40]);
    }
    assert!(safe(&"x".repeat(limits.html + 1), &limits).1);
    assert!(!safe(&"x".repeat(limits.html), &limits).1);
    assert_eq!(safe("<p>ää", &Limits { html: 4, ..limits }).0, "<p></p>");
}
