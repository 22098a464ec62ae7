//! Where values come from: flags over environment over file over defaults.

use super::setting::{SETTINGS, Setting, setting};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

/// A value that is missing or can't be accepted. Its text is one line that names the setting and
/// never shows a secret.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {problem}")]
pub struct BadSetting {
    name: String,
    problem: String,
    /// Whether the caller wrote it on the command line.
    pub on_command_line: bool,
}

impl BadSetting {
    /// What is wrong with the setting of this name.
    pub fn new(name: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { name: name.into(), problem: problem.into(), on_command_line: false }
    }
}

/// Where a value was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// On the command line.
    Flag,
    /// In the environment.
    Environment,
    /// In `ticketing.toml` or the file that `--config` names.
    File(PathBuf),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("on the command line"),
            Self::Environment => f.write_str("in the environment"),
            Self::File(path) => write!(f, "in {}", path.display()),
        }
    }
}

struct Found {
    text: String,
    origin: Origin,
}

/// All values that were given, by the name of their setting.
#[derive(Default)]
pub struct Values(BTreeMap<&'static str, Found>);

/// The places to look at.
pub struct Sources<'a> {
    /// Values by the name of their setting.
    pub flags: &'a BTreeMap<&'static str, String>,
    /// The environment.
    pub environment: BTreeMap<OsString, OsString>,
    /// The file that `--config` names; without it `ticketing.toml`, where there is one.
    pub file: Option<&'a Path>,
}

impl Values {
    /// Gathers what is given. An empty value counts as none.
    pub fn gather(sources: &Sources<'_>) -> Result<Self, BadSetting> {
        let file = read_file(sources.file)?;
        let mut values = BTreeMap::new();
        for setting in SETTINGS {
            let found = match sources.flags.get(setting.name) {
                Some(text) => Some(Found { text: text.clone(), origin: Origin::Flag }),
                None => match from_environment(setting, &sources.environment)? {
                    Some(found) => Some(found),
                    None => from_file(setting, file.as_ref())?,
                },
            };
            if let Some(found) = found {
                values.insert(setting.name, found);
            }
        }
        Ok(Self(values))
    }

    /// Whether the value was given, and where.
    pub fn origin(&self, name: &str) -> Option<&Origin> {
        self.0.get(name).map(|found| &found.origin)
    }

    /// The value of a setting, or its default.
    pub fn read<T>(&self, name: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, BadSetting> {
        let row = setting(name).ok_or_else(|| BadSetting::new(name, "is not a setting"))?;
        let found = self.0.get(name);
        let text = found.map_or(row.default, |found| found.text.as_str());
        read(text).ok_or_else(|| {
            let place = match self.origin(name) {
                Some(Origin::File(path)) => format!(" (in {})", path.display()),
                _ => String::new(),
            };
            let problem = if row.secret {
                format!("is not {}{place}", row.wanted)
            } else {
                format!("{:?} is not {}{place}", shortened(text), row.wanted)
            };
            let on_command_line = self.origin(name) == Some(&Origin::Flag);
            BadSetting { name: name.to_owned(), problem, on_command_line }
        })
    }
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 80;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn from_environment(
    setting: &Setting,
    environment: &BTreeMap<OsString, OsString>,
) -> Result<Option<Found>, BadSetting> {
    let variable = |name: &str| -> Result<Option<String>, BadSetting> {
        match environment.get(&OsString::from(name)) {
            None => Ok(None),
            Some(value) => match value.to_str() {
                Some("") => Ok(None),
                Some(text) => Ok(Some(text.to_owned())),
                None => Err(BadSetting::new(name, "is not UTF-8")),
            },
        }
    };
    let text = given(setting, setting.name, variable(setting.name)?, |name| variable(name), &file_name(setting))?;
    Ok(text.map(|text| Found { text, origin: Origin::Environment }))
}

fn file_name(setting: &Setting) -> String {
    format!("{}_FILE", setting.name)
}

/// The value itself, or for a secret the content of the file that the second name names.
fn given(
    setting: &Setting,
    name: &str,
    plain: Option<String>,
    other: impl Fn(&str) -> Result<Option<String>, BadSetting>,
    file_name: &str,
) -> Result<Option<String>, BadSetting> {
    if !setting.secret {
        return Ok(plain);
    }
    match (plain, other(file_name)?) {
        (Some(_), Some(_)) => Err(BadSetting::new(name, format!("is set, and {file_name} too: keep one of them"))),
        (plain, None) => Ok(plain),
        (None, Some(path)) => read_secret(file_name, Path::new(&path)).map(Some),
    }
}

/// The content of a secret's file without the line end that editors leave behind.
fn read_secret(name: &str, path: &Path) -> Result<String, BadSetting> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| BadSetting::new(name, format!("{shown:?} can't be read: {error}")))?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(BadSetting::new(name, format!("{shown:?} is empty")));
    }
    Ok(text.to_owned())
}

struct SettingsFile {
    path: PathBuf,
    table: toml::Table,
}

impl SettingsFile {
    fn text(&self, key: &str) -> Result<Option<String>, BadSetting> {
        let text = match self.table.get(key) {
            None => return Ok(None),
            Some(toml::Value::String(text)) => text.clone(),
            Some(toml::Value::Integer(number)) => number.to_string(),
            Some(toml::Value::Array(items)) => {
                let texts: Option<Vec<_>> = items.iter().map(toml::Value::as_str).collect();
                texts.map(|texts| texts.join(",")).ok_or_else(|| self.wrong_type(key))?
            }
            Some(_) => return Err(self.wrong_type(key)),
        };
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    fn wrong_type(&self, key: &str) -> BadSetting {
        BadSetting::new(key.to_ascii_uppercase(), format!("is not a text or a number (in {})", self.path.display()))
    }
}

fn read_file(named: Option<&Path>) -> Result<Option<SettingsFile>, BadSetting> {
    let path = named.unwrap_or(Path::new("ticketing.toml"));
    let shown = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(BadSetting::new(shown, format!("can't be read: {error}"))),
    };
    let table: toml::Table = toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
        BadSetting::new(shown.as_str(), format!("line {line}: {}", error.message().replace('\n', " ")))
    })?;
    for key in table.keys() {
        if !is_known(key) {
            return Err(BadSetting::new(shown, format!("{key:?} is not a setting")));
        }
    }
    Ok(Some(SettingsFile { path: path.to_owned(), table }))
}

fn is_known(key: &str) -> bool {
    let names = |setting: &Setting| {
        let own = setting.key();
        key == own || (setting.secret && key.strip_suffix("_file") == Some(own.as_str()))
    };
    SETTINGS.iter().any(names)
}

fn from_file(setting: &Setting, file: Option<&SettingsFile>) -> Result<Option<Found>, BadSetting> {
    let Some(file) = file else { return Ok(None) };
    let key = setting.key();
    let text = given(setting, &key, file.text(&key)?, |name| file.text(name), &format!("{key}_file"))?;
    Ok(text.map(|text| Found { text, origin: Origin::File(file.path.clone()) }))
}
