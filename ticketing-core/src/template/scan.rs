//! The first look at a template: tags outside the language are refused by name, and what is left can't take the
//! parser deep or long.

use super::{ParseError, Template};

/// How many `{{else if}}` one block may have.
const LONGEST_CHAIN: usize = 32;

/// An open block.
struct Block {
    name: String,
    line: usize,
    chained: usize,
}

/// Refuses what is not of the language, as far as that shows tag by tag.
pub(super) fn check(text: &str) -> Result<(), ParseError> {
    if text.len() > Template::LONGEST_SOURCE {
        let message = format!("A template has at most {} KiB.", Template::LONGEST_SOURCE / 1024);
        return Err(ParseError::new(1, message));
    }
    let (mut rest, mut line, mut tags) = (text, 1, 0);
    let mut blocks: Vec<Block> = Vec::new();
    while let Some(start) = rest.find("{{") {
        let (before, tag) = rest.split_at(start);
        line += lines(before);
        if before.ends_with('\\') {
            return Err(ParseError::new(line, "A backslash before `{{` is not supported."));
        }
        tags += 1;
        if tags > Template::MOST_TAGS {
            return Err(ParseError::new(line, format!("A template has at most {} tags.", Template::MOST_TAGS)));
        }
        let end = end_of(tag).ok_or_else(|| ParseError::new(line, "A tag begins with `{{` and never ends."))?;
        check_tag(&tag[2..end - 2], line, &mut blocks).map_err(|message| ParseError::new(line, message))?;
        line += lines(&tag[..end]);
        rest = &tag[end..];
    }
    match blocks.pop() {
        None => Ok(()),
        Some(Block { name, line, .. }) => Err(ParseError::new(line, format!("The block `{name}` is not closed."))),
    }
}

fn lines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// Where the tag that the text begins with ends, if it does.
fn end_of(tag: &str) -> Option<usize> {
    let close = if tag.starts_with("{{!--") { "--}}" } else { "}}" };
    tag[2..].find(close).map(|at| 2 + at + close.len())
}

fn check_tag(inside: &str, line: usize, blocks: &mut Vec<Block>) -> Result<(), String> {
    if inside.starts_with('!') {
        return Ok(());
    }
    let inside = inside.strip_prefix('~').unwrap_or(inside);
    let inside = inside.strip_suffix('~').unwrap_or(inside).trim();
    let words: Vec<&str> = inside.split_whitespace().collect();
    refuse(inside)?;
    if let Some(name) = inside.strip_prefix('#') {
        let name = name.split_whitespace().next().unwrap_or_default().to_owned();
        blocks.push(Block { name, line, chained: 0 });
        if blocks.len() > Template::DEEPEST {
            return Err(format!("Blocks stand at most {} deep in one another.", Template::DEEPEST));
        }
        if blocks.iter().filter(|block| block.name == "each").count() > Template::DEEPEST_LISTS {
            return Err(format!("Lists stand at most {} deep in one another.", Template::DEEPEST_LISTS));
        }
    } else if inside.starts_with('/') {
        blocks.pop().ok_or("This closes a block that was not opened.")?;
    } else if words.first() == Some(&"else") {
        let block = blocks.last_mut().ok_or("`{{else}}` stands outside of any block.")?;
        match words.get(1) {
            None => {}
            Some(&"if") => block.chained += 1,
            Some(_) => return Err("After `else` only `if` may follow.".to_owned()),
        }
        if block.chained > LONGEST_CHAIN {
            return Err(format!("A block has at most {LONGEST_CHAIN} `{{{{else if}}}}`."));
        }
    }
    Ok(())
}

/// Tags that Handlebars knows and this language does not.
fn refuse(inside: &str) -> Result<(), String> {
    let says = |message: &str| Err(message.to_owned());
    let named = inside.strip_prefix('#').unwrap_or(inside).trim_start();
    match named.chars().next() {
        None => return says("A tag is empty."),
        Some('{') => return says("`{{{` would fill in a value unescaped; write `{{` instead."),
        Some('&') => return says("`{{&` would fill in a value unescaped; write `{{` instead."),
        Some('>') => return says("A template can't take in another one (`{{>`)."),
        Some('*') => return says("Decorators (`{{*`) are not supported."),
        Some('^') => return says("Write `{{else}}` or `{{#unless}}` instead of `{{^`."),
        _ => {}
    }
    let known = |c: char| c.is_ascii_alphanumeric() || c.is_whitespace() || matches!(c, '_' | '-' | '.' | '/' | '@');
    match named.chars().find(|c| !known(*c)) {
        None => Ok(()),
        Some('(') => says("A helper's answer can't be given to another helper (`(`)."),
        Some('=' | '|') => says("Helpers and blocks take no named values (`=`, `as |x|`)."),
        Some('"' | '\'') => says("Helpers and blocks take names of values, not texts in quotes."),
        Some(c) => Err(format!("A tag may not contain `{c}`.")),
    }
}
