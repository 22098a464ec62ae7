//! Filling in.

use super::path::Path;
use super::{Form, Markup, Node, Template};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashSet;

/// How many items of lists one text may go through.
const MOST_ITEMS: usize = 10_000;

/// How many of its parts one text may fill in, those in lists once for each item.
const MOST_PARTS: usize = 100_000;

/// Why a template could not be filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// It grew too long.
    #[error("the text would have more than {} KiB", Template::LONGEST_OUTPUT / 1024)]
    TooLong,
    /// Its lists have too many items.
    #[error("the lists in it have more than {MOST_ITEMS} items or make more than {MOST_PARTS} parts")]
    TooMany,
}

/// A template filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The text.
    pub text: String,
    /// What was asked for and is not there, each once, in the order of the text.
    pub missing: Vec<String>,
}

impl Template {
    /// The text with its values. What is missing gives nothing.
    pub fn render(&self, values: &Value) -> Result<String, RenderError> {
        Ok(self.render_noting(values)?.text)
    }

    /// The text with its values, and which of them were not there or null.
    pub fn render_noting(&self, values: &Value) -> Result<Rendered, RenderError> {
        let mut writing = Writing::new(self.markup, values, Self::LONGEST_OUTPUT);
        writing.nodes(&self.nodes)?;
        Ok(writing.out)
    }

    /// The same of a plain text, which ends after so many bytes, or where it would be too much work; and whether it had
    /// to. It can't fail.
    pub fn render_cut(&self, values: &Value, most: usize) -> (Rendered, bool) {
        let mut writing = Writing::new(self.markup, values, most.min(Self::LONGEST_OUTPUT));
        writing.is_cut = true;
        let is_whole = writing.nodes(&self.nodes).is_ok();
        (writing.out, !is_whole)
    }

    /// The same, but what is missing stands there as one asks for it.
    pub fn render_marked(&self, values: &Value, most: usize) -> String {
        let mut writing = Writing::new(self.markup, values, most.min(Self::LONGEST_OUTPUT));
        writing.is_cut = true;
        writing.marks_missing = true;
        // What is too long ends, as it does without marks.
        let _ = writing.nodes(&self.nodes);
        writing.out.text
    }
}

/// What names are looked up in, at one depth.
struct Frame<'a> {
    value: &'a Value,
    /// The item's place in its list, and how many there are.
    place: Option<(usize, usize)>,
}

struct Writing<'a> {
    markup: Markup,
    out: Rendered,
    /// How long the text may grow, in bytes.
    most: usize,
    /// Whether the beginning of a part that is too long is written.
    is_cut: bool,
    /// Whether what is missing is written as one asks for it.
    marks_missing: bool,
    frames: Vec<Frame<'a>>,
    items: usize,
    parts: usize,
    is_missing: HashSet<String>,
}

impl<'a> Writing<'a> {
    fn new(markup: Markup, values: &'a Value, most: usize) -> Self {
        Self {
            markup,
            out: Rendered { text: String::new(), missing: Vec::new() },
            most,
            is_cut: false,
            marks_missing: false,
            frames: vec![Frame { value: values, place: None }],
            items: 0,
            parts: 0,
            is_missing: HashSet::new(),
        }
    }

    fn nodes(&mut self, nodes: &[Node]) -> Result<(), RenderError> {
        nodes.iter().try_for_each(|node| self.node(node))
    }

    fn node(&mut self, node: &Node) -> Result<(), RenderError> {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return Err(RenderError::TooMany);
        }
        match node {
            Node::Text(text) => self.push(text),
            Node::Value { path, form, .. } => self.value(path, *form),
            Node::If { path, then, otherwise, .. } => {
                let part = if says_something(&self.look_up(path)) { then } else { otherwise };
                self.nodes(part)
            }
            Node::Each { path, item, otherwise, .. } => match self.find(path) {
                Some(Value::Array(list)) if !list.is_empty() => self.each(list, item),
                _ => self.nodes(otherwise),
            },
            Node::With { path, within, otherwise, .. } => match self.find(path) {
                Some(value) if says_something(value) => self.within(Frame { value, place: None }, within),
                _ => self.nodes(otherwise),
            },
        }
    }

    fn each(&mut self, list: &'a [Value], item: &[Node]) -> Result<(), RenderError> {
        for (place, value) in list.iter().enumerate() {
            self.items += 1;
            if self.items > MOST_ITEMS {
                return Err(RenderError::TooMany);
            }
            self.within(Frame { value, place: Some((place, list.len())) }, item)?;
        }
        Ok(())
    }

    fn within(&mut self, frame: Frame<'a>, nodes: &[Node]) -> Result<(), RenderError> {
        self.frames.push(frame);
        let answer = self.nodes(nodes);
        self.frames.pop();
        answer
    }

    fn value(&mut self, path: &Path, form: Form) -> Result<(), RenderError> {
        let value = self.look_up(path);
        if value.is_null() {
            let name = path.to_string();
            if self.is_missing.insert(name.clone()) {
                self.out.missing.push(name.clone());
            }
            if self.marks_missing {
                return self.push(&format!("{{{{{name}}}}}"));
            }
        }
        if form == Form::Json {
            return self.push(&value.to_string());
        }
        let text = plain(&value);
        // What is too long unescaped need not be escaped first.
        if self.out.text.len() + text.len() > self.most {
            return self.push(&text);
        }
        match (self.markup, form) {
            (Markup::Text, _) => self.push(&text),
            (Markup::Html, Form::Lines) => {
                let escaped = escape_html(&text).replace("\r\n", "\n").replace(['\n', '\r'], "<br>\n");
                self.push(&escaped)
            }
            (Markup::Html, _) => self.push(&escape_html(&text)),
            (Markup::Json, _) => self.push(&escape_json(text)),
        }
    }

    fn push(&mut self, text: &str) -> Result<(), RenderError> {
        let room = self.most - self.out.text.len();
        if text.len() <= room {
            self.out.text.push_str(text);
            return Ok(());
        }
        if self.is_cut {
            self.out.text.push_str(&text[..text.floor_char_boundary(room)]);
        }
        Err(RenderError::TooLong)
    }

    fn look_up(&self, path: &Path) -> Cow<'a, Value> {
        let place = || self.frames.iter().rev().find_map(|frame| frame.place);
        match path {
            Path::Named { .. } => self.find(path).map_or(Cow::Owned(Value::Null), Cow::Borrowed),
            Path::Index => Cow::Owned(place().map_or(Value::Null, |(place, _)| place.into())),
            Path::First => Cow::Owned(place().is_some_and(|(place, _)| place == 0).into()),
            Path::Last => Cow::Owned(place().is_some_and(|(place, count)| place + 1 == count).into()),
        }
    }

    fn find(&self, path: &Path) -> Option<&'a Value> {
        let Path::Named { up, names } = path else { return None };
        let depth = self.frames.len().checked_sub(1 + up)?;
        names.iter().try_fold(self.frames[depth].value, |value, name| value.as_object()?.get(name))
    }
}

/// Whether a value counts as yes: not null, false, zero, an empty text, list or object.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

/// A value as a text. A list of values is told with commas; what has parts has no text of its own.
fn plain(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null | Value::Object(_) => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        Value::Array(list) => {
            let texts = list.iter().filter(|item| !item.is_array()).map(plain).collect::<Vec<_>>();
            Cow::Owned(texts.join(", "))
        }
        Value::Bool(_) | Value::Number(_) => Cow::Owned(value.to_string()),
    }
}

fn escape_html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The inside of a JSON string.
fn escape_json(text: Cow<'_, str>) -> String {
    let quoted = Value::String(text.into_owned()).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}
