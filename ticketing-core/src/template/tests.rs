#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use super::{Markup, Misuse, ParseError, RenderError, Template, Vocabulary};
use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::{prop_assert, prop_assert_eq};
use serde_json::{Value, json};

fn template(text: &str, markup: Markup) -> Template {
    Template::parse(text, markup).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

fn filled(text: &str, values: &Value) -> String {
    template(text, Markup::Text).render(values).unwrap()
}

fn refusal(text: &str, markup: Markup) -> ParseError {
    Template::parse(text, markup).expect_err(text)
}

#[test]
fn values_parts_and_lists_are_filled_in() {
    let values = json!({
        "name": "Cleo", "none": null, "empty": "", "zero": 0, "count": 2, "yes": true, "tags": ["a", "b"],
        "ticket": {"subject": "Help", "custom_fields": {"order-no": 7}},
        "entries": [{"headline": "One", "notes": ["x", "y"]}, {"headline": "Two", "notes": []}],
    });
    for (text, wanted) in [
        ("Hello {{name}}!", "Hello Cleo!"),
        ("{{ticket.subject}} {{ticket.custom_fields.order-no}}", "Help 7"),
        ("{{none}}{{gone}}{{gone.far}}{{name.far}}{{ticket}}.", "."),
        ("{{yes}} {{count}} {{tags}}", "true 2 a, b"),
        ("{{#if name}}A{{else}}B{{/if}}{{#if empty}}A{{else}}B{{/if}}{{#if zero}}A{{else}}B{{/if}}", "ABB"),
        ("{{#unless none}}A{{else}}B{{/unless}}{{#unless name}}A{{else}}B{{/unless}}", "AB"),
        ("{{#if none}}A{{else if name}}B{{else if yes}}C{{else}}D{{/if}}", "B"),
        ("{{#if none}}A{{else if gone}}B{{else if yes}}C{{else}}D{{/if}}", "C"),
        ("{{#if none}}A{{else if gone}}B{{else}}D{{/if}}", "D"),
        ("{{#each tags}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{/each}}", "0a,1b"),
        ("{{#each tags}}{{#if @first}}first {{/if}}{{../name}} {{/each}}", "first Cleo Cleo "),
        (
            "{{#each entries}}{{headline}}:{{#each notes}}{{this}}{{../headline}}{{../../name}}{{else}}-{{/each}} {{/each}}",
            "One:xOneCleoyOneCleo Two:- ",
        ),
        ("{{#each none}}A{{else}}B{{/each}}", "B"),
        ("{{#with ticket}}{{subject}} {{this.subject}} {{../name}}{{/with}}", "Help Help Cleo"),
        ("{{#with gone}}A{{else}}B{{/with}}", "B"),
        ("a{{! gone }}b{{!-- {{name}} --}}c", "abc"),
        ("a {{~name~}} b", "aCleob"),
        ("{{#if name}}\nA\n{{else}}\nB\n{{/if}}\nC\n", "A\nC\n"),
        ("{{lines name}} {single} }}", "Cleo {single} }}"),
        ("{{@index}}{{@first}}{{../name}}.", "false."),
        ("", ""),
    ] {
        assert_eq!(filled(text, &values), wanted, "{text:?}");
    }
}

#[test]
fn what_is_not_of_the_language_is_refused_with_line_and_reason() {
    for (text, line, reason) in [
        ("{{> header}}", 1, "take in another"),
        ("\n{{#> header}}{{/header}}", 2, "take in another"),
        ("{{* activate}}", 1, "Decorators"),
        ("{{#* inline \"x\"}}{{/inline}}", 1, "Decorators"),
        ("a\nb\n{{{{raw}}}}{{x}}{{{{/raw}}}}", 3, "unescaped"),
        ("{{{subject}}}", 1, "unescaped"),
        ("{{~{subject}~}}", 1, "unescaped"),
        ("{{& subject}}", 1, "unescaped"),
        ("{{^subject}}a{{/subject}}", 1, "unless"),
        ("{{#if a}}b{{^}}c{{/if}}", 1, "unless"),
        ("\n\n{{shout subject}}", 3, "no helper `shout`"),
        ("{{lookup list 1}}", 1, "no helper `lookup`"),
        ("{{log subject}}", 1, "no helper `log`"),
        ("{{len list}}", 1, "no helper `len`"),
        ("{{eq a b}}", 1, "no helper `eq`"),
        ("{{json subject}}", 1, "not for plain text"),
        ("{{lines}}{{lines a b}}", 1, "one value"),
        ("{{lines 7}}", 1, "one value"),
        ("{{#if (eq a b)}}c{{/if}}", 1, "another helper"),
        ("{{#each list as |item|}}{{item}}{{/each}}", 1, "no named values"),
        ("{{lines a b=c}}", 1, "no named values"),
        ("{{lines \"a\"}}", 1, "quotes"),
        ("{{a.[0]}}", 1, "may not contain `[`"),
        ("{{@root.subject}}", 1, "no `@root.subject`"),
        ("{{@key}}", 1, "no `@key`"),
        ("{{constructor}}", 1, "may ask for"),
        ("{{ticket.__proto__.polluted}}", 1, "may ask for"),
        ("{{a/b}}", 1, "no name of a value"),
        ("{{#each a}}{{a.this}}{{/each}}", 1, "may ask for"),
        ("{{#shout a}}b{{/shout}}", 1, "no block `shout`"),
        ("{{#if}}b{{/if}}", 1, "one value"),
        ("{{#if a b}}c{{/if}}", 1, "one value"),
        ("{{7*7}}", 1, "may not contain `*`"),
        ("{{subject", 1, "never ends"),
        ("{{!-- subject }}", 1, "never ends"),
        ("{{}}", 1, "empty"),
        ("a\n{{#if a}}\n\nb", 2, "`if` is not closed"),
        ("a{{/if}}", 1, "was not opened"),
        ("a\n{{else}}", 2, "outside"),
        ("{{#if a}}{{else each b}}{{/if}}", 1, "only `if`"),
        ("{{#if a}}\n{{/each}}", 2, "is closed by"),
        ("\\{{subject}}", 1, "backslash"),
    ] {
        let error = refusal(text, Markup::Text);
        assert_eq!(error.line, line, "{text:?}: {error}");
        assert!(error.message.contains(reason), "{text:?}: {error}");
    }
    assert!(refusal("{{lines a}}", Markup::Json).message.contains("not for JSON"));
    assert!(refusal("{{json a}}", Markup::Html).message.contains("not for HTML"));
}

#[test]
fn templates_have_bounds() {
    let nested = |name: &str, depth: usize| {
        format!("{}x{}", format!("{{{{#{name} a}}}}").repeat(depth), format!("{{{{/{name}}}}}").repeat(depth))
    };
    template(&nested("if", 8), Markup::Text);
    assert!(refusal(&nested("if", 9), Markup::Text).message.contains("at most 8 deep"));
    template(&nested("each", 2), Markup::Text);
    assert!(refusal(&nested("each", 3), Markup::Text).message.contains("at most 2 deep"));
    assert!(refusal(&"{{#if a}}".repeat(7_000), Markup::Text).message.contains("at most 8 deep"));
    let chain = |links: usize| format!("{{{{#if a}}}}{}{{{{/if}}}}", "{{else if a}}b".repeat(links));
    template(&chain(32), Markup::Text);
    assert!(refusal(&chain(33), Markup::Text).message.contains("at most 32"));
    template(&"{{a}}".repeat(1_000), Markup::Text);
    assert!(refusal(&"{{a}}".repeat(1_001), Markup::Text).message.contains("at most 1000 tags"));
    template(&"a".repeat(Template::LONGEST_SOURCE), Markup::Text);
    assert!(refusal(&"a".repeat(Template::LONGEST_SOURCE + 1), Markup::Text).message.contains("64 KiB"));
    assert!(refusal(&format!("{{{{a {}}}}}", "(".repeat(60_000)), Markup::Text).message.contains("another helper"));
}

#[test]
fn what_grows_too_long_is_refused_quickly() {
    let start = std::time::Instant::now();
    let list = vec!["x".repeat(1_000); 10_000];
    let ten_megabytes = template("{{#each list}}{{this}}{{/each}}", Markup::Html);
    assert_eq!(ten_megabytes.render(&json!({ "list": list })), Err(RenderError::TooLong));
    let one_value = template("{{text}}", Markup::Json);
    assert_eq!(one_value.render(&json!({ "text": "\u{1}".repeat(10_000_000) })), Err(RenderError::TooLong));
    assert_eq!(one_value.render(&json!({ "text": "\u{1}".repeat(200_000) })), Err(RenderError::TooLong));
    let squared = template("{{#each list}}{{#each ../list}}{{/each}}{{/each}}", Markup::Text);
    assert_eq!(squared.render(&json!({ "list": vec![1; 1_000] })), Err(RenderError::TooMany));
    assert!(start.elapsed() < std::time::Duration::from_secs(2), "took {:?}", start.elapsed());
}

#[test]
fn a_value_is_never_read_as_a_template() {
    let hostile = "{{7*7}} {{#each}} {{ticket.subject}} {{subject}} {{{x}}} {{/if}}";
    let values = json!({"subject": hostile, "ticket": {"subject": "secret"}});
    assert_eq!(filled("{{subject}}", &values), hostile);
    assert_eq!(filled("{{#with this}}{{subject}}{{/with}}", &values), hostile);
    let html = template("<p>{{subject}}</p>", Markup::Html).render(&values).unwrap();
    assert_eq!(html, format!("<p>{hostile}</p>"));
}

#[test]
fn each_markup_writes_values_in_its_own_way() {
    let values = json!({"v": "<b>\"A\" & 'B'</b>\r\nC\nD", "list": [1, "x"], "none": null});
    let html = |text: &str| template(text, Markup::Html).render(&values).unwrap();
    assert_eq!(html("<i>{{v}}</i>"), "<i>&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;\r\nC\nD</i>");
    assert_eq!(html("{{lines v}}"), "&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;<br>\nC<br>\nD");
    let text = template(r#"{"a":{"v":"{{v}}"},"l":{{json list}},"n":{{json none}}}"#, Markup::Json);
    let written: Value = serde_json::from_str(&text.render(&values).unwrap()).unwrap();
    assert_eq!(written, json!({"a": {"v": values["v"]}, "l": [1, "x"], "n": null}));
}

#[test]
fn what_is_missing_is_named_once() {
    let text = template("{{a}} {{b.c}} {{a}} {{d}} {{#if e}}{{f}}{{/if}}", Markup::Text);
    let rendered = text.render_noting(&json!({"d": "there", "a": null})).unwrap();
    assert_eq!(rendered.text, "   there ");
    assert_eq!(rendered.missing, ["a", "b.c"]);
}

fn vocabulary() -> Vocabulary {
    Vocabulary::new()
        .text("subject", "What it is about.")
        .text("ticket.subject", "What it is about.")
        .text("ticket.agent.name", "Who answers.")
        .texts("tags", "Labels.")
        .open("custom_fields", "The desk's own fields.")
        .list("entries", "What happened.", Vocabulary::new().text("headline", "In short.").texts("notes", "Said."))
}

#[test]
fn unknown_variables_are_found_where_they_stand() {
    use Misuse::{NotAGroup, NotAList, NotAText, Unknown};
    let found = |text: &str| {
        let unknown = template(text, Markup::Text).unknown(&vocabulary());
        unknown.into_iter().map(|u| (u.path, u.line, u.misuse)).collect::<Vec<_>>()
    };
    for known in [
        "{{subject}}{{tags}}{{custom_fields.anything}}{{#if entries}}{{/if}}{{#if ticket}}{{/if}}",
        "{{#each entries}}{{headline}}{{this.headline}}{{../subject}}{{@index}}{{#each notes}}{{this}}{{/each}}{{/each}}",
        "{{#with ticket}}{{subject}}{{#with agent}}{{name}}{{../subject}}{{../../subject}}{{/with}}{{/with}}",
        "{{#each tags}}{{this}}{{/each}}{{#with custom_fields}}{{x}}{{/with}}{{#each custom_fields.x}}{{this}}{{/each}}",
    ] {
        assert_eq!(found(known), [], "{known}");
    }
    for (text, path, line, misuse) in [
        ("a\n{{subjekt}}", "subjekt", 2, Unknown),
        ("{{subject.x}}", "subject.x", 1, Unknown),
        ("\n\n{{#if a}}{{/if}}", "a", 3, Unknown),
        ("{{#each entries}}\n{{subject}}{{/each}}", "subject", 2, Unknown),
        ("{{#each gone}}{{x}}{{/each}}", "gone", 1, Unknown),
        ("{{#each subject}}{{this}}{{/each}}", "subject", 1, NotAList),
        ("{{#with tags}}{{x}}{{/with}}", "tags", 1, NotAGroup),
        ("{{#with ticket}}{{/with}}{{ticket}}", "ticket", 1, NotAText),
        ("{{entries}}", "entries", 1, NotAText),
        ("{{../subject}}", "../subject", 1, Unknown),
        ("{{#each tags}}{{this.x}}{{/each}}", "x", 1, Unknown),
        ("{{@index}}", "@index", 1, Unknown),
        ("{{#if subject}}{{else}}\n{{b}}{{/if}}", "b", 2, Unknown),
        ("{{#each tags}}{{else}}{{this.c}}{{/each}}", "c", 1, Unknown),
    ] {
        assert_eq!(found(text), [(path.to_owned(), line, misuse)], "{text:?}");
    }
    let message = template("{{subjekt}}", Markup::Text).unknown(&vocabulary())[0].to_string();
    assert_eq!(message, "Line 1: there is no value `subjekt`.");
}

#[test]
fn a_vocabulary_documents_itself() {
    let paths: Vec<_> = vocabulary().variables().into_iter().map(|v| (v.path, v.is_list)).collect();
    let wanted = [
        ("custom_fields.KEY", false),
        ("entries", true),
        ("entries.headline", false),
        ("entries.notes", true),
        ("subject", false),
        ("tags", true),
        ("ticket.agent.name", false),
        ("ticket.subject", false),
    ];
    assert_eq!(paths, wanted.map(|(path, is_list)| (path.to_owned(), is_list)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn html_holds_any_text_without_markup_of_it(subject in any::<String>()) {
        let values = json!({ "subject": subject });
        for text in ["{{subject}}", "{{#with this}}{{subject}}{{/with}}"] {
            let html = template(text, Markup::Html).render(&values).unwrap();
            prop_assert!(!html.contains(['<', '>', '"', '\'']));
            let read = html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
            prop_assert_eq!(read.replace("&amp;", "&"), subject.clone());
        }
        let html = template("{{lines subject}}", Markup::Html).render(&values).unwrap();
        prop_assert!(!html.replace("<br>", "").contains(['<', '>', '"', '\'']));
    }

    #[test]
    fn json_holds_any_text(subject in any::<String>()) {
        let text = template(r#"{"text": "About {{subject}}!", "whole": {{json subject}}}"#, Markup::Json);
        let written = text.render(&json!({ "subject": subject })).unwrap();
        let read: Value = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(&read["text"], &json!(format!("About {subject}!")));
        prop_assert_eq!(&read["whole"], &json!(subject));
    }

    /// Whatever is written, it is a template or it is not; nothing breaks and nothing takes long.
    #[test]
    fn any_text_is_read_or_refused(parts in proptest::collection::vec(
        proptest::sample::select(vec!["{{", "}}", "{{{", "}}}", "#", "/", "if", "each", "else", " ", "a", "~", "!--", "--",
            "\n", "\\", "lines", "this", "../", "@index", "{{#if a}}", "{{/if}}", "{{else}}", "{{else if b}}",
            "{{#each a}}", "{{/each}}", "{{a}}", "{{~a~}}", "é", "{", "}", "&", ">", "{{!", "^"]), 0..24)
    ) {
        if let Ok(template) = Template::parse(&parts.concat(), Markup::Html) {
            let rendered = template.render(&json!({"a": [1, 2], "b": "<b>"})).unwrap();
            prop_assert!(!rendered.contains("<b>"));
        }
    }
}
