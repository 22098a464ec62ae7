//! Where a value is found.

use std::fmt;

/// The name of a value, as seen from where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Path {
    /// `a.b`, `this`, `this.a`, `../a`: up some blocks, then down by names.
    Named { up: usize, names: Vec<String> },
    /// `@index`: the place in the list, from 0.
    Index,
    /// `@first`: whether it is the list's first item.
    First,
    /// `@last`: whether it is the list's last item.
    Last,
}

/// Names that mean something to template engines elsewhere. Nothing is behind them here; who writes them wants
/// to be told.
const REFUSED: [&str; 3] = ["constructor", "prototype", "this"];

impl Path {
    /// Reads a path, or says why it is none.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "@index" => return Ok(Self::Index),
            "@first" => return Ok(Self::First),
            "@last" => return Ok(Self::Last),
            _ => {}
        }
        if text.contains('@') {
            return Err(format!("There is no `{text}`; of such there are @index, @first and @last."));
        }
        let (mut up, mut rest) = (0, text);
        while let Some(outer) = rest.strip_prefix("../") {
            (up, rest) = (up + 1, outer);
        }
        if rest == "this" {
            return Ok(Self::Named { up, names: Vec::new() });
        }
        let rest = rest.strip_prefix("this.").unwrap_or(rest);
        let names: Vec<String> = rest.split('.').map(str::to_owned).collect();
        let is_name = |name: &String| {
            let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
            !name.is_empty() && name.chars().all(fits)
        };
        if !names.iter().all(is_name) {
            return Err(format!("`{text}` is no name of a value; write it such as `ticket.subject`."));
        }
        if names.iter().any(|name| name.starts_with("__") || REFUSED.contains(&name.as_str())) {
            return Err(format!("`{text}` is no value that a template may ask for."));
        }
        Ok(Self::Named { up, names })
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index => f.write_str("@index"),
            Self::First => f.write_str("@first"),
            Self::Last => f.write_str("@last"),
            Self::Named { up, names } => {
                f.write_str(&"../".repeat(*up))?;
                if names.is_empty() { f.write_str("this") } else { f.write_str(&names.join(".")) }
            }
        }
    }
}
