//! A mail in its parts (RFC 2046), in one pass over its lines and without recursion: whatever the nesting, it takes what its
//! bytes take.

use super::field::{Field, Kind, fields};
use super::limit::Limits;
use std::ops::Range;

/// Bytes of the headers of a part inside a mail.
const PART_HEADER_BYTES: usize = 32 * 1024;
/// Bytes of a boundary. The standard allows 70.
const BOUNDARY: usize = 250;

/// A part, and where it lies in its mail.
pub(super) struct Part<'a> {
    pub(super) fields: Vec<Field<'a>>,
    pub(super) kind: Kind,
    /// Where what it holds lies, as it is encoded.
    pub(super) body: Range<usize>,
    /// The parts that it is made of, in their order.
    pub(super) children: Vec<usize>,
}

/// All the parts of a mail, the whole one first.
pub(super) struct Parts<'a> {
    pub(super) parts: Vec<Part<'a>>,
    /// Whether there were more, or deeper ones.
    pub(super) is_cut: bool,
}

/// A part of several whose end is not reached.
struct Open {
    at: usize,
    boundary: Vec<u8>,
}

/// Where a pass over the lines is.
enum Place {
    /// In the headers of a part, which begin here.
    Headers { start: usize, of: usize },
    /// In a part that holds no others.
    Leaf(usize),
    /// Before the first or behind the last part of several.
    Between,
}

/// Takes a mail apart whose headers end at `head_end`.
pub(super) fn split<'a>(raw: &'a [u8], head_end: usize, limits: &Limits) -> Parts<'a> {
    let mut pass = Pass { raw, limits, parts: Vec::new(), open: Vec::new(), place: Place::Between, is_cut: false };
    let body = after_line(raw, head_end);
    pass.place = pass.enter(fields(&raw[..head_end]), None, body);
    let mut at = body;
    while at < raw.len() && !pass.is_full() {
        let end = after_line(raw, at);
        pass.line(at, end);
        at = end;
    }
    let end = if pass.is_full() { at } else { raw.len() };
    pass.finish(end)
}

/// Where the line ends that begins here.
pub(super) fn after_line(raw: &[u8], at: usize) -> usize {
    raw.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'\n')).map_or(raw.len(), |end| at + end + 1)
}

struct Pass<'a, 'l> {
    raw: &'a [u8],
    limits: &'l Limits,
    parts: Vec<Part<'a>>,
    open: Vec<Open>,
    place: Place,
    is_cut: bool,
}

impl<'a> Pass<'a, '_> {
    fn is_full(&self) -> bool {
        self.is_cut && self.parts.len() >= self.limits.parts
    }

    fn line(&mut self, at: usize, end: usize) {
        let line = &self.raw[at..end];
        if let Some((level, is_last)) = self.boundary(line) {
            self.leave(self.before_break(at));
            for inner in self.open.drain(level + 1..) {
                self.parts[inner.at].body.end = at;
            }
            if is_last {
                if let Some(ended) = self.open.pop() {
                    self.parts[ended.at].body.end = at;
                }
                self.place = Place::Between;
            } else if self.parts.len() >= self.limits.parts {
                self.is_cut = true;
                self.place = Place::Between;
            } else if let Some(of) = self.open.last().map(|open| open.at) {
                self.place = Place::Headers { start: end, of };
            }
            return;
        }
        if let Place::Headers { start, of } = self.place
            && is_blank(line)
        {
            self.place = self.enter_part(start, at, of, end);
        }
    }

    /// Which open part of several a line divides, and whether it ends it.
    fn boundary(&self, line: &[u8]) -> Option<(usize, bool)> {
        let rest = line.strip_prefix(b"--")?;
        self.open.iter().enumerate().rev().find_map(|(level, open)| {
            let rest = rest.strip_prefix(open.boundary.as_slice())?;
            match rest.strip_prefix(b"--") {
                Some(behind) if is_blank(behind) => Some((level, true)),
                _ => is_blank(rest).then_some((level, false)),
            }
        })
    }

    /// The break before a boundary belongs to the boundary.
    fn before_break(&self, at: usize) -> usize {
        let without = |end: usize, byte: u8| {
            if end > 0 && self.raw.get(end - 1) == Some(&byte) { end - 1 } else { end }
        };
        let end = without(at, b'\n');
        if end < at { without(end, b'\r') } else { end }
    }

    /// Ends what a line with a boundary ends.
    fn leave(&mut self, end: usize) {
        match self.place {
            Place::Leaf(leaf) => {
                let body = &mut self.parts[leaf].body;
                body.end = end.max(body.start);
            }
            // Headers and nothing else are a part that is empty.
            Place::Headers { start, of } => {
                if let Place::Leaf(leaf) = self.enter_part(start, end.max(start), of, end.max(start)) {
                    self.parts[leaf].body.end = end.max(start);
                }
            }
            Place::Between => {}
        }
    }

    fn enter_part(&mut self, start: usize, end: usize, of: usize, body: usize) -> Place {
        let head = &self.raw[start..end];
        if head.len() > PART_HEADER_BYTES {
            self.is_cut = true;
        }
        self.enter(fields(&head[..head.len().min(PART_HEADER_BYTES)]), Some(of), body)
    }

    fn enter(&mut self, fields: Vec<Field<'a>>, of: Option<usize>, body: usize) -> Place {
        let in_digest = of.is_some_and(|of| self.parts[of].kind.is("multipart", "digest"));
        let kind = Kind::of(&fields, in_digest);
        let at = self.parts.len();
        if let Some(of) = of {
            self.parts[of].children.push(at);
        }
        let boundary = kind.boundary.as_ref().filter(|boundary| kind.main == "multipart" && boundary.len() <= BOUNDARY);
        let boundary = boundary.map(|boundary| boundary.clone().into_bytes());
        let is_too_deep = boundary.is_some() && self.open.len() >= self.limits.depth;
        let end = if is_too_deep { body } else { self.raw.len() };
        self.parts.push(Part { fields, kind, body: body..end, children: Vec::new() });
        match boundary {
            Some(_) if is_too_deep => {
                self.is_cut = true;
                Place::Between
            }
            Some(boundary) => {
                self.open.push(Open { at, boundary });
                Place::Between
            }
            None => Place::Leaf(at),
        }
    }

    fn finish(mut self, end: usize) -> Parts<'a> {
        self.leave(end);
        for open in self.open.drain(..) {
            self.parts[open.at].body.end = end;
        }
        Parts { parts: self.parts, is_cut: self.is_cut }
    }
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}
