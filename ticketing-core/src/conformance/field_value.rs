//! What a custom field of each type takes, and what it does not: twenty of both, for every door that values come in by.

use crate::model::FieldType;
use serde_json::{Value, json};

/// The options of the two types that have some.
pub const OPTIONS: &[&str] = &["Red", "Grün", "Blue", "Off white", "ΣΊΣΥΦΟΣ", "Straße", "10", "true", "😀"];

/// A value of one type's field, which is named like its type.
#[derive(Clone, Debug)]
pub struct FieldValue {
    /// The type.
    pub field_type: FieldType,
    /// As it is given.
    pub given: Value,
    /// As tickets keep it, null where it says nothing; or the code of what is wrong with it.
    pub wanted: Result<Value, &'static str>,
}

/// A field of each type, as administrators add it.
pub fn new_fields() -> Vec<Value> {
    let field = |field_type: &FieldType| {
        let options = if field_type.has_options() { OPTIONS } else { &[] };
        let name = field_type.as_str();
        json!({"key": name, "label": name, "field_type": name, "options": options})
    };
    FieldType::ALL.iter().map(field).collect()
}

/// All values: of each type twenty that are taken and twenty that are not.
pub fn values() -> Vec<FieldValue> {
    FieldType::ALL.iter().flat_map(|field_type| taken(*field_type).into_iter().chain(refused(*field_type))).collect()
}

/// Taken as they are.
fn same(field_type: FieldType, values: Value) -> Vec<FieldValue> {
    let Value::Array(values) = values else { return Vec::new() };
    values.into_iter().map(|given| FieldValue { field_type, wanted: Ok(given.clone()), given }).collect()
}

/// Taken as something else.
fn kept(field_type: FieldType, pairs: Value) -> Vec<FieldValue> {
    let Value::Array(pairs) = pairs else { return Vec::new() };
    let pair = |pair: Value| FieldValue { field_type, given: pair[0].clone(), wanted: Ok(pair[1].clone()) };
    pairs.into_iter().map(pair).collect()
}

fn wrong(field_type: FieldType, code: &'static str, values: Value) -> Vec<FieldValue> {
    let Value::Array(values) = values else { return Vec::new() };
    values.into_iter().map(|given| FieldValue { field_type, given, wanted: Err(code) }).collect()
}

fn taken(field_type: FieldType) -> Vec<FieldValue> {
    let (as_they_are, otherwise) = match field_type {
        FieldType::Text => (
            json!([
                "a",
                "0",
                "One line",
                "Straße",
                "naïve café",
                "日本語",
                "العربية",
                "👩‍👩‍👧",
                "e\u{301}",
                "İstanbul",
                " framed ",
                "\"quoted\" and 'so'",
                "<b>&amp;</b>",
                "{curly}",
                "null",
                "2026-01-15",
                "-1.5",
                "a,b;c|d",
                "x".repeat(1_000)
            ]),
            json!([["   ", null]]),
        ),
        FieldType::Textarea => (
            json!([
                "a",
                "Two\nlines",
                "Three\r\nlines\r\nhere",
                "\tindented",
                "\n\nlate",
                "trailing\n\n",
                "Straße",
                "日本語\n中文",
                "👩‍👩‍👧\n👍",
                "e\u{301}\n",
                "# heading",
                "| a | b |",
                "<script>",
                "{curly}",
                "null",
                "0",
                "- list\n- list",
                "x".repeat(10_000)
            ]),
            json!([["", null], [" \n\t ", null]]),
        ),
        FieldType::Number => (
            json!([
                0,
                1,
                -1,
                7,
                42,
                1_000_000,
                0.5,
                -0.5,
                0.1,
                0.3,
                12.5,
                1.0001,
                -1.0001,
                0.0001,
                99_999_999_999_i64,
                99_999_999_999.5,
                99_999_999_999_999_i64,
                -99_999_999_999_999_i64,
                2026
            ]),
            json!([[null, null]]),
        ),
        FieldType::Date => (
            json!([
                "2026-01-15",
                "2026-12-31",
                "2026-01-01",
                "2028-02-29",
                "2000-02-29",
                "2024-02-29",
                "1999-12-31",
                "1970-01-01",
                "1969-12-31",
                "1900-01-01",
                "2038-01-19",
                "2038-01-20",
                "2099-12-31",
                "2100-02-28",
                "2026-03-29",
                "2026-10-25",
                "2026-04-30",
                "2026-06-30"
            ]),
            json!([["", null], [null, null]]),
        ),
        FieldType::Select => (
            json!(["Red", "Grün", "Blue", "Off white", "ΣΊΣΥΦΟΣ", "Straße", "10", "true", "😀"]),
            json!([
                ["red", "Red"],
                ["RED", "Red"],
                ["GRÜN", "Grün"],
                ["gru\u{308}n", "Grün"],
                ["bLUE", "Blue"],
                ["OFF WHITE", "Off white"],
                ["σίσυφος", "ΣΊΣΥΦΟΣ"],
                ["STRASSE", "Straße"],
                ["ＲＥＤ", "Red"],
                ["", null],
                [null, null]
            ]),
        ),
        FieldType::Multiselect => (
            json!([["Red"], ["Red", "Blue"], ["Grün", "Straße"], ["10"], ["true"], ["😀"], OPTIONS]),
            json!([
                [[], null],
                [null, null],
                [["red"], ["Red"]],
                [["RED", "red"], ["Red"]],
                [["Blue", "Red"], ["Red", "Blue"]],
                [["blue", "Red", "BLUE"], ["Red", "Blue"]],
                [["gru\u{308}n"], ["Grün"]],
                [["STRASSE"], ["Straße"]],
                [["😀", "Red"], ["Red", "😀"]],
                [["10", "Red"], ["Red", "10"]],
                [["TRUE"], ["true"]],
                [["σίσυφος"], ["ΣΊΣΥΦΟΣ"]],
                [["off WHITE", "OFF white"], ["Off white"]]
            ]),
        ),
        // There are but three: the same ones in turn.
        FieldType::Checkbox => {
            let three = [json!([true, true]), json!([false, false]), json!([null, null])];
            (json!([]), three.into_iter().cycle().take(20).collect())
        }
    };
    let mut all = same(field_type, as_they_are);
    all.extend(kept(field_type, otherwise));
    all
}

fn refused(field_type: FieldType) -> Vec<FieldValue> {
    let (of_type, rest) = match field_type {
        FieldType::Text => (
            json!([0, 7, -1, 1.5, true, false, ["a"], [""], ["a", "b"], []]),
            vec![
                (
                    "control_character",
                    json!(["Two\nlines", "a\tb", "a\r", "\u{0}", "a\u{7}b", "a\u{1b}[0m", "\u{7f}x"]),
                ),
                ("too_long", json!(["x".repeat(1_001), "ß".repeat(1_001), "x".repeat(20_000)])),
            ],
        ),
        FieldType::Textarea => (
            json!([0, 7, -1, 1.5, true, false, ["a"], [""], ["a", "b"], []]),
            vec![
                (
                    "control_character",
                    json!(["\u{0}", "a\u{7}b", "a\u{1b}[0m", "\u{7f}x", "a\u{85}b", "a\u{b}b", "a\u{c}b"]),
                ),
                ("too_long", json!(["x".repeat(10_001), "ß".repeat(10_001), "\n".repeat(9_999) + "abc"])),
            ],
        ),
        FieldType::Number => (
            json!(["7", "", "1.5", "abc", "NaN", "1e3", true, false, [], ["7"], ["1", "2"]]),
            vec![
                ("too_precise", json!([0.00001, 1.23456, -0.00005, 12.123_456])),
                ("out_of_range", json!([1e15, -1e15, 1e300, 100_000_000_000_000_i64, -100_000_000_000_000_i64])),
            ],
        ),
        FieldType::Date => (
            json!([2026, 20_260_115, 1.5, true, false, [], ["2026-01-15"]]),
            vec![(
                "invalid_value",
                json!([
                    "2026-02-30",
                    "2027-02-29",
                    "1900-02-29",
                    "2026-13-01",
                    "2026-00-10",
                    "2026-01-00",
                    "2026-01-32",
                    "15.01.2026",
                    "2026-1-5",
                    "2026-01-15T10:00:00Z",
                    " 2026-01-15",
                    "+2026-01-15",
                    "tomorrow"
                ]),
            )],
        ),
        FieldType::Select => (
            json!([0, 10, 1.5, true, false, [], ["Red"], ["Red", "Blue"]]),
            vec![(
                "unknown_value",
                json!([
                    "Yellow",
                    "Redd",
                    "Re",
                    "Red ",
                    " Red",
                    "Red,Blue",
                    "Grun",
                    "null",
                    "1",
                    "10.0",
                    "x".repeat(200),
                    "🙂"
                ]),
            )],
        ),
        FieldType::Multiselect => (
            json!([0, 10, 1.5, true, false, "", "Red", "Red,Blue", "[\"Red\"]"]),
            vec![
                (
                    "unknown_value",
                    json!([
                        ["Yellow"],
                        ["Red", "Yellow"],
                        ["Redd"],
                        ["Red "],
                        ["Red,Blue"],
                        [""],
                        ["Grun"],
                        ["1"],
                        ["null"],
                        ["🙂"]
                    ]),
                ),
                ("too_many", json!([vec!["Red"; 10]])),
            ],
        ),
        FieldType::Checkbox => (
            json!([
                "true",
                "false",
                "yes",
                "no",
                "on",
                "",
                "1",
                "0",
                "x",
                0,
                1,
                -1,
                2,
                1.0,
                0.5,
                [],
                ["true"],
                ["yes"],
                ["a", "b"],
                "TRUE"
            ]),
            vec![],
        ),
    };
    let mut all = wrong(field_type, "type", of_type);
    all.extend(rest.into_iter().flat_map(|(code, values)| wrong(field_type, code, values)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_twenty_of_both() {
        for field_type in FieldType::ALL {
            let (taken, refused) = (taken(*field_type).len(), refused(*field_type).len());
            assert_eq!((taken, refused), (20, 20), "{field_type}");
        }
    }
}
