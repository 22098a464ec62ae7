//! The mails of `shapes/`, and what they are to be read as.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// By what a desk finds the ticket of a mail.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Thread {
    Token,
    MessageId,
    Number,
    StrangerNumber,
    Report,
    New,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    pub thread: Thread,
    pub from: String,
    pub fresh: String,
    #[serde(default)]
    pub signature: String,
    pub quoted: bool,
    pub automatic: Option<String>,
    /// What stands in the HTML.
    #[serde(default)]
    pub html: Vec<String>,
    #[serde(default)]
    pub files: Vec<ExpectedFile>,
    pub invitation: Option<BTreeMap<String, String>>,
    pub report: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ExpectedFile {
    pub name: Option<String>,
    #[serde(rename = "type")]
    pub content_type: String,
    pub size: usize,
    pub cid: Option<String>,
    pub inline: bool,
}

pub fn table() -> BTreeMap<String, Expected> {
    let text = std::fs::read_to_string(folder().join("shapes.toml")).expect("the table");
    toml::from_str(&text).expect("a table")
}

/// A mail as it is kept, with the ids and addresses of a desk filled in.
pub fn mail(name: &str, filling: &[(&str, &str)]) -> Vec<u8> {
    let path = folder().join("shapes").join(format!("{name}.eml"));
    let raw = std::fs::read(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    // Some have bytes that are no UTF-8, so they are taken for one character each while they are filled.
    let text: String = raw.iter().map(|byte| char::from(*byte)).collect();
    fill(&text, filling).chars().map(|c| u8::try_from(u32::from(c)).expect("a byte")).collect()
}

pub fn fill(text: &str, filling: &[(&str, &str)]) -> String {
    filling.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value))
}

/// The names of all mails that are kept.
pub fn names() -> Vec<String> {
    let files = std::fs::read_dir(folder().join("shapes")).expect("the mails");
    let names =
        files.map(|file| file.expect("a file").path().file_stem().expect("a name").to_string_lossy().into_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail")
}
