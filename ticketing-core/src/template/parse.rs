//! From the text to its parts. Handlebars reads the text; only what this language knows comes out.

use super::path::Path;
use super::{Form, Markup, Node, ParseError};
use handlebars::Template as Source;
use handlebars::template::{HelperTemplate, Parameter, TemplateElement};

/// The parts of a text that passed the first look.
pub(super) fn nodes(text: &str, markup: Markup) -> Result<Vec<Node>, ParseError> {
    let source = Source::compile(text).map_err(|error| {
        let line = error.pos().map_or(1, |(line, _)| line);
        ParseError::new(line, reason(error.reason()))
    })?;
    Reading { markup }.template(&source, 1)
}

fn reason(reason: &handlebars::TemplateErrorReason) -> String {
    use handlebars::TemplateErrorReason::{InvalidSyntax, MismatchingClosedHelper};
    match reason {
        MismatchingClosedHelper(open, closed) => format!("`{{{{#{open}}}}}` is closed by `{{{{/{closed}}}}}`."),
        InvalidSyntax(_) => "This can't be read; is a tag written wrongly or a block not closed?".to_owned(),
        other => format!("This can't be read: {other}."),
    }
}

struct Reading {
    markup: Markup,
}

impl Reading {
    /// `line` is where the part begins, for what has no line of its own.
    fn template(&self, source: &Source, line: usize) -> Result<Vec<Node>, ParseError> {
        let mut nodes = Vec::with_capacity(source.elements.len());
        for (place, element) in source.elements.iter().enumerate() {
            let line = source.mapping.get(place).map_or(line, |mapping| mapping.0);
            match element {
                TemplateElement::RawString(text) if text.is_empty() => {}
                TemplateElement::RawString(text) => nodes.push(Node::Text(text.clone())),
                TemplateElement::Expression(tag) => nodes.push(self.value(tag, line)?),
                TemplateElement::HelperBlock(block) => nodes.push(self.block(block, line)?),
                TemplateElement::Comment(_) => {}
                // The first look names each of these; this holds whatever it may have missed.
                _ => return Err(ParseError::new(line, "This kind of tag is not supported.")),
            }
        }
        Ok(nodes)
    }

    fn value(&self, tag: &HelperTemplate, line: usize) -> Result<Node, ParseError> {
        let name = name(tag, line)?;
        if tag.params.is_empty() && tag.hash.is_empty() {
            return Ok(Node::Value { path: path(name, line)?, form: Form::Plain, line });
        }
        let form = match (name, self.markup) {
            ("lines", Markup::Html | Markup::Text) => Form::Lines,
            ("json", Markup::Json) => Form::Json,
            ("lines" | "json", markup) => {
                return Err(ParseError::new(line, format!("`{name}` is not for {markup}.")));
            }
            _ => return Err(ParseError::new(line, format!("There is no helper `{name}`."))),
        };
        Ok(Node::Value { path: only_path(tag, name, line)?, form, line })
    }

    fn block(&self, block: &HelperTemplate, line: usize) -> Result<Node, ParseError> {
        let name = name(block, line)?;
        let part = |source: &Option<Source>| {
            source.as_ref().map_or_else(|| Ok(Vec::new()), |source| self.template(source, line))
        };
        if !matches!(name, "if" | "unless" | "each" | "with") {
            return Err(ParseError::new(
                line,
                format!("There is no block `{name}`; there are if, unless, each, with."),
            ));
        }
        let path = only_path(block, name, line)?;
        let (first, otherwise) = (part(&block.template)?, part(&block.inverse)?);
        Ok(match name {
            "each" => Node::Each { path, line, item: first, otherwise },
            "with" => Node::With { path, line, within: first, otherwise },
            "unless" => Node::If { path, line, then: otherwise, otherwise: first },
            _ => Node::If { path, line, then: first, otherwise },
        })
    }
}

fn name(tag: &HelperTemplate, line: usize) -> Result<&str, ParseError> {
    tag.name.as_name().ok_or_else(|| ParseError::new(line, "A tag begins with a name."))
}

fn path(text: &str, line: usize) -> Result<Path, ParseError> {
    Path::parse(text).map_err(|message| ParseError::new(line, message))
}

/// The one value that a block or helper takes.
fn only_path(tag: &HelperTemplate, name: &str, line: usize) -> Result<Path, ParseError> {
    match tag.params.as_slice() {
        [param @ (Parameter::Path(_) | Parameter::Name(_))] if tag.hash.is_empty() && tag.block_param.is_none() => {
            path(param.as_name().unwrap_or_default(), line)
        }
        _ => Err(ParseError::new(line, format!("`{name}` takes the name of one value."))),
    }
}
