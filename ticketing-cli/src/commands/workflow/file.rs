//! Rules and scenarios in files.

use anyhow::{Context, anyhow, bail};
use serde_json::{Value, json};
use std::io::Read;
use std::path::Path;
use ticketing_core::desk::{WorkflowExport, WorkflowImport};
use ticketing_core::input::Input;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 8 * 1024 * 1024;

/// The rules of a file.
pub(super) fn rules(path: &Path) -> anyhow::Result<WorkflowImport> {
    WorkflowImport::from_json(whole(value(path)?)).with_context(|| path.display().to_string())
}

/// What a file says.
pub(super) fn value(path: &Path) -> anyhow::Result<Value> {
    let text = read(path)?;
    let value = if is_json(path) {
        serde_json::from_str(&text).map_err(|error| error.to_string())
    } else {
        serde_saphyr::from_str(&text).map_err(|error| error.to_string())
    };
    value.map_err(|error| anyhow!("{}: {error}", path.display()))
}

/// One rule, a list, and a list under its name come to the same.
fn whole(value: Value) -> Value {
    match value {
        Value::Array(rules) => json!({ "workflows": rules }),
        Value::Object(map) if !map.contains_key("workflows") => json!({ "workflows": [map] }),
        other => other,
    }
}

fn read(path: &Path) -> anyhow::Result<String> {
    let name = path.display();
    let file = std::fs::File::open(path).with_context(|| format!("{name} can't be opened"))?;
    let mut text = String::new();
    file.take(LARGEST + 1).read_to_string(&mut text).with_context(|| format!("{name} can't be read as text"))?;
    if text.len() as u64 > LARGEST {
        bail!("{name} has more than {LARGEST} bytes");
    }
    Ok(text)
}

/// Rules as a file has them.
pub(super) fn written(rules: &WorkflowExport, as_json: bool) -> anyhow::Result<String> {
    if as_json {
        return serde_json::to_string_pretty(rules).context("the rules can't be written");
    }
    serde_saphyr::to_string(rules).context("the rules can't be written")
}

/// Whether the file's name says that it is JSON.
pub(super) fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    fn names(text: &str, ending: &str) -> anyhow::Result<Vec<String>> {
        let file = tempfile::Builder::new().suffix(ending).tempfile()?;
        std::fs::write(file.path(), text)?;
        let rules = rules(file.path())?;
        Ok(rules.workflows.iter().filter_map(|rule| rule.0.name.as_ref().cloned()).collect())
    }

    #[test]
    fn rules_are_one_or_a_list_or_under_their_name() {
        let one =
            "name: One\ntrigger_type: ticket_created\nactions:\n  - type: add_tags\n    params: { tags: [new] }\n";
        assert_eq!(names(one, ".yaml").unwrap(), ["One"]);
        let indented = one.replace('\n', "\n  ");
        assert_eq!(names(&format!("- {indented}"), ".yml").unwrap(), ["One"]);
        assert_eq!(names(&format!("workflows:\n- {indented}"), ".yaml").unwrap(), ["One"]);
        let json = r#"[{"name": "One", "trigger_type": "ticket_created", "actions": [{"type": "x"}]}]"#;
        assert_eq!(names(json, ".json").unwrap(), ["One"]);
        assert_eq!(names(json, ".yaml").unwrap(), ["One"]);
    }

    #[test]
    fn what_is_wrong_is_said_by_its_place() {
        let error = format!("{:#}", names("name: One\nsurprise: 1\n", ".yaml").unwrap_err());
        assert!(error.contains("workflows[0].surprise") && error.contains("workflows[0].actions"), "{error}");
        assert!(names("name: [", ".yaml").is_err());
        assert!(names("{", ".json").is_err());
        // An anchor that stands for more and more.
        let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for pair in "abcdefghij".as_bytes().windows(2) {
            let (old, new) = (char::from(pair[0]), char::from(pair[1]));
            let names = vec![format!("*{old}"); 9].join(", ");
            writeln!(bomb, "{new}: &{new} [{names}]").unwrap();
        }
        assert!(names(&bomb, ".yaml").is_err());
    }

    #[test]
    fn what_is_written_is_read_again() {
        let source = json!([{"name": "One: \"two\"", "trigger_type": "ticket_created", "trigger_conditions": [
            {"field": "subject", "operator": "contains", "value": "yes"}], "match": "all", "mode": "always", "stop": true,
            "position": 10, "is_active": false, "actions": [{"type": "add_tags", "params": {"tags": ["on", "1"]}}]}]);
        let export: WorkflowExport = serde_json::from_value(whole(source)).unwrap();
        for ending in [".yaml", ".json"] {
            let text = written(&export, ending == ".json").unwrap();
            let file = tempfile::Builder::new().suffix(ending).tempfile().unwrap();
            std::fs::write(file.path(), &text).unwrap();
            let read = rules(file.path()).unwrap_or_else(|error| panic!("{error:#}: {text}"));
            assert_eq!(read.workflows[0].0.name.as_ref().unwrap(), "One: \"two\"");
            assert_eq!(read.workflows[0].0.actions.as_ref().unwrap(), &export.workflows[0].actions, "{text}");
        }
    }
}
