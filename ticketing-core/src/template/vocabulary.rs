//! Which values a template may ask for.

use super::path::Path;
use super::{Node, Template};
use std::collections::BTreeMap;
use std::fmt;

/// The values that there are for one kind of text, each with a sentence of documentation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary(BTreeMap<String, Entry>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    about: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// A text, a number, a yes or no.
    Text,
    /// A list of texts.
    Texts,
    /// A list of things with values of their own.
    List(Vocabulary),
    /// Values under a common name.
    Group(Vocabulary),
    /// Any name may stand below it.
    Open,
}

/// One value as it is documented.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Variable {
    /// How a template names it; values of a list's items have the list before them, as in `entries.headline`.
    pub path: String,
    /// What it is.
    pub about: String,
    /// Whether it is a list.
    pub is_list: bool,
}

/// A value that a template asks for and that there is not, or not so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownVariable {
    /// How the template names it.
    pub path: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub misuse: Misuse,
}

/// What is wrong with a value in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misuse {
    /// There is none of this name.
    Unknown,
    /// It is there, but has no text to fill in.
    NotAText,
    /// It is there, but `each` needs a list.
    NotAList,
    /// It is there, but `with` needs something that has values of its own.
    NotAGroup,
}

impl fmt::Display for UnknownVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, misuse } = self;
        match misuse {
            Misuse::Unknown => write!(f, "Line {line}: there is no value `{path}`."),
            Misuse::NotAText => write!(f, "Line {line}: `{path}` has no text of its own."),
            Misuse::NotAList => write!(f, "Line {line}: `{path}` is no list, which `each` needs."),
            Misuse::NotAGroup => write!(f, "Line {line}: `{path}` has no values of its own, which `with` needs."),
        }
    }
}

impl Vocabulary {
    /// No values yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text, number, yes or no. A dot puts it under a common name, as in `ticket.subject`.
    #[must_use]
    pub fn text(self, path: &str, about: impl Into<String>) -> Self {
        self.with(path, about.into(), Kind::Text)
    }

    /// Adds a list of texts.
    #[must_use]
    pub fn texts(self, path: &str, about: impl Into<String>) -> Self {
        self.with(path, about.into(), Kind::Texts)
    }

    /// Adds a list of things that have these values.
    #[must_use]
    pub fn list(self, path: &str, about: impl Into<String>, item: Self) -> Self {
        self.with(path, about.into(), Kind::List(item))
    }

    /// Adds a name below which any name may stand.
    #[must_use]
    pub fn open(self, path: &str, about: impl Into<String>) -> Self {
        self.with(path, about.into(), Kind::Open)
    }

    fn with(mut self, path: &str, about: String, kind: Kind) -> Self {
        self.insert(path, about, kind);
        self
    }

    fn insert(&mut self, path: &str, about: String, kind: Kind) {
        let Some((group, rest)) = path.split_once('.') else {
            self.0.insert(path.to_owned(), Entry { about, kind });
            return;
        };
        let new = || Entry { about: String::new(), kind: Kind::Group(Self::default()) };
        let entry = self.0.entry(group.to_owned()).or_insert_with(new);
        if let Kind::Group(inner) = &mut entry.kind {
            inner.insert(rest, about, kind);
        }
    }

    /// All values, by name, for documentation.
    pub fn variables(&self) -> Vec<Variable> {
        let mut all = Vec::new();
        self.document("", &mut all);
        all
    }

    fn document(&self, before: &str, all: &mut Vec<Variable>) {
        for (name, Entry { about, kind }) in &self.0 {
            let path = format!("{before}{name}");
            if !matches!(kind, Kind::Group(_)) {
                let is_list = matches!(kind, Kind::List(_) | Kind::Texts);
                let shown = if *kind == Kind::Open { format!("{path}.KEY") } else { path.clone() };
                all.push(Variable { path: shown, about: about.clone(), is_list });
            }
            if let Kind::Group(inner) | Kind::List(inner) = kind {
                inner.document(&format!("{path}."), all);
            }
        }
    }
}

impl Template {
    /// What the template asks for and the vocabulary does not have, in the order of the text.
    pub fn unknown(&self, vocabulary: &Vocabulary) -> Vec<UnknownVariable> {
        let mut checking = Checking { frames: vec![Place::Group(vocabulary)], lists: 0, found: Vec::new() };
        checking.nodes(&self.nodes);
        checking.found
    }
}

/// What is known of the value that a part of the template looks from.
#[derive(Clone, Copy)]
enum Place<'a> {
    Text,
    Texts,
    List(&'a Vocabulary),
    Group(&'a Vocabulary),
    /// Any name may stand below it, or it was complained about already.
    Open,
}

struct Checking<'a> {
    frames: Vec<Place<'a>>,
    lists: usize,
    found: Vec<UnknownVariable>,
}

impl<'a> Checking<'a> {
    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Text(_) => {}
                Node::Value { path, line, .. } => {
                    let place = self.place(path, *line);
                    if matches!(place, Place::List(_) | Place::Group(_)) {
                        self.complain(path, *line, Misuse::NotAText);
                    }
                }
                Node::If { path, line, then, otherwise } => {
                    self.place(path, *line);
                    self.nodes(then);
                    self.nodes(otherwise);
                }
                Node::Each { path, line, item, otherwise } => {
                    let inner = match self.place(path, *line) {
                        Place::List(item) => Place::Group(item),
                        Place::Texts => Place::Text,
                        Place::Open => Place::Open,
                        Place::Text | Place::Group(_) => self.complain(path, *line, Misuse::NotAList),
                    };
                    self.lists += 1;
                    self.within(inner, item);
                    self.lists -= 1;
                    self.nodes(otherwise);
                }
                Node::With { path, line, within, otherwise } => {
                    let inner = match self.place(path, *line) {
                        place @ (Place::Group(_) | Place::Open) => place,
                        Place::Text | Place::Texts | Place::List(_) => self.complain(path, *line, Misuse::NotAGroup),
                    };
                    self.within(inner, within);
                    self.nodes(otherwise);
                }
            }
        }
    }

    fn within(&mut self, place: Place<'a>, nodes: &[Node]) {
        self.frames.push(place);
        self.nodes(nodes);
        self.frames.pop();
    }

    fn complain(&mut self, path: &Path, line: usize, misuse: Misuse) -> Place<'a> {
        self.found.push(UnknownVariable { path: path.to_string(), line, misuse });
        Place::Open
    }

    fn place(&mut self, path: &Path, line: usize) -> Place<'a> {
        let Path::Named { up, names } = path else {
            // The place in a list, where there is one.
            return if self.lists > 0 { Place::Text } else { self.complain(path, line, Misuse::Unknown) };
        };
        let Some(depth) = self.frames.len().checked_sub(1 + up) else {
            return self.complain(path, line, Misuse::Unknown);
        };
        let mut place = self.frames[depth];
        for name in names {
            let entry = match place {
                Place::Open => return Place::Open,
                Place::Group(vocabulary) => vocabulary.0.get(name),
                Place::Text | Place::Texts | Place::List(_) => None,
            };
            place = match entry.map(|entry| &entry.kind) {
                None => return self.complain(path, line, Misuse::Unknown),
                Some(Kind::Text) => Place::Text,
                Some(Kind::Texts) => Place::Texts,
                Some(Kind::List(item)) => Place::List(item),
                Some(Kind::Group(inner)) => Place::Group(inner),
                Some(Kind::Open) => Place::Open,
            };
        }
        place
    }
}
