//! The table in the module's docs says what the code does.

use crate::condition::{Asked, Field, Kind, Operator, parse_field};
use crate::conformance::arbitrary::custom_fields;
use crate::model::FieldType;
use std::collections::BTreeSet;

/// What stands between backticks.
fn names(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_table_of_fields_and_operators_is_true() {
    let mut told = BTreeSet::new();
    for row in include_str!("../mod.rs").lines().filter_map(|line| line.strip_prefix("//! | `")) {
        let cells: Vec<_> = row.split('|').collect();
        let fields = names(&format!("`{}", cells[0])).into_iter().map(str::to_owned).collect::<Vec<_>>();
        let operators: BTreeSet<_> = names(cells[2]).into_iter().collect();
        for name in fields {
            let field = parse_field(&name, &custom_fields()).unwrap();
            let fitting: BTreeSet<_> = Operator::ALL
                .iter()
                .filter(|operator| operator.fits(&field))
                .map(|operator| operator.as_str())
                .collect();
            assert_eq!(operators, fitting, "{name}");
            let value = match field.kind() {
                Kind::Text | Kind::Texts => "text",
                Kind::Word => "word",
                Kind::Id => "id",
                Kind::Number => "whole number",
                Kind::Time => "moment or date",
                Kind::Flag => "true or false",
                Kind::Decimal | Kind::Date => unreachable!("only custom fields hold such"),
            };
            assert_eq!(cells[1].trim(), value, "{name}");
            assert!(told.insert(name), "a field stands twice");
        }
    }
    assert_eq!(told, Field::ALL.iter().map(|field| field.name().into_owned()).collect());
}

#[test]
fn the_table_of_custom_fields_is_true() {
    let rows = include_str!("../mod.rs").lines().filter_map(|line| line.strip_prefix("//! | "));
    let mut told = BTreeSet::new();
    for row in rows.filter(|row| row.contains("| as `")) {
        let cells: Vec<_> = row.split('|').collect();
        for word in cells[0].trim().split(", ") {
            let field_type: FieldType = word.parse().unwrap();
            let field = Field::Custom(word.parse().unwrap(), field_type);
            let like = parse_field(names(cells[2])[0], &custom_fields()).unwrap();
            for operator in Operator::ALL {
                assert_eq!(operator.fits(&field), operator.fits(&like), "{word} {}", operator.as_str());
            }
            let value = match field.kind() {
                Kind::Text | Kind::Texts => "text",
                Kind::Decimal => "number of at most four decimals",
                Kind::Date => "date",
                Kind::Flag => "true or false",
                Kind::Word | Kind::Id | Kind::Number | Kind::Time => unreachable!("no custom field holds such"),
            };
            assert_eq!(cells[1].trim(), value, "{word}");
            assert_eq!(parse_field(&field.name(), &custom_fields()), Some(field));
            assert!(told.insert(field_type.rank()), "a type stands twice");
        }
    }
    assert_eq!(told.len(), FieldType::ALL.len());
}

#[test]
fn names_lead_back_to_what_they_name() {
    for field in Field::ALL {
        assert_eq!(parse_field(&field.name(), &custom_fields()), Some(*field));
    }
    assert_eq!(parse_field("tag", &custom_fields()), Some(Field::Tags));
    assert_eq!(parse_field("number", &custom_fields()), Some(Field::TicketNumber));
    assert_eq!(parse_field("Status", &custom_fields()), None);
    assert_eq!(parse_field("", &custom_fields()), None);
    for operator in Operator::ALL {
        assert_eq!(Operator::from_name(operator.as_str()), Some(*operator));
    }
}

#[test]
fn words_and_ranks_agree() {
    for field in [Field::Status, Field::Priority, Field::Channel] {
        for (rank, word) in field.words().into_iter().enumerate() {
            let rank = i16::try_from(rank).unwrap();
            assert_eq!(field.rank_of(word), Some(rank));
            assert_eq!(field.word_of(rank), Some(word));
        }
    }
    assert_eq!(Field::Subject.rank_of("open"), None);
}
