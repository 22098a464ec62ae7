//! Texts with places to fill in: mails, canned responses, what rules write.
//!
//! The language is a small part of Handlebars: `{{path}}`, `{{#if}}`, `{{#unless}}`, `{{#each}}`, `{{#with}}`,
//! comments, and two helpers of our own. A template holds no code, reaches nothing but the values it is given, and
//! fills in each value once: what a stranger wrote is never read as a template.

mod parse;
mod path;
mod render;
mod scan;
#[cfg(all(test, feature = "conformance"))]
mod tests;
mod vocabulary;

pub use render::{RenderError, Rendered};
pub use vocabulary::{Misuse, UnknownVariable, Variable, Vocabulary};

use path::Path;
use std::fmt;

/// What a template's text is, and with it how values are written into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// Markup: values are escaped.
    Html,
    /// Plain text: values stand as they are.
    Text,
    /// JSON: values are escaped as the inside of a string.
    Json,
}

/// A text with places to fill in, parsed and found to keep to the language.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    markup: Markup,
    nodes: Vec<Node>,
}

/// Why a text is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ParseError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong, for people.
    pub message: String,
}

impl ParseError {
    fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

impl Template {
    /// The longest text that is parsed, in bytes.
    pub const LONGEST_SOURCE: usize = 64 * 1024;
    /// The longest text that is rendered, in bytes.
    pub const LONGEST_OUTPUT: usize = 256 * 1024;
    /// How many tags a text may have.
    pub const MOST_TAGS: usize = 1_000;
    /// How deep blocks may stand in one another.
    pub const DEEPEST: usize = 8;
    /// How deep lists may stand in one another.
    pub const DEEPEST_LISTS: usize = 2;

    /// Reads a text; what is not of the language is an error that says where and why.
    pub fn parse(text: &str, markup: Markup) -> Result<Self, ParseError> {
        scan::check(text)?;
        Ok(Self { markup, nodes: parse::nodes(text, markup)? })
    }

    /// The text itself, where nothing is filled in.
    pub fn plain(&self) -> Option<&str> {
        match self.nodes.as_slice() {
            [] => Some(""),
            [Node::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// What kind of text it is.
    pub fn markup(&self) -> Markup {
        self.markup
    }
}

/// One part of a template. There is nothing else that a template could do.
#[derive(Clone, Debug, PartialEq)]
enum Node {
    /// Stands as it is.
    Text(String),
    /// A value is filled in.
    Value { path: Path, form: Form, line: usize },
    /// One of two parts, by whether a value says something.
    If { path: Path, line: usize, then: Vec<Node>, otherwise: Vec<Node> },
    /// A part for each item of a list, or another where there is none.
    Each { path: Path, line: usize, item: Vec<Node>, otherwise: Vec<Node> },
    /// A part that looks from within a value, or another where there is none.
    With { path: Path, line: usize, within: Vec<Node>, otherwise: Vec<Node> },
}

/// How a value is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Escaped as the markup asks.
    Plain,
    /// `{{lines value}}`: as plain, with line ends that show.
    Lines,
    /// `{{json value}}`: the value as JSON.
    Json,
}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Html => "HTML",
            Self::Text => "plain text",
            Self::Json => "JSON",
        })
    }
}
