//! The table in the module's docs says what the code does.

use crate::condition::{Field, Kind, Operator, parse_field};
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
            let field = parse_field(&name).unwrap();
            let fitting: BTreeSet<_> = Operator::ALL
                .iter()
                .filter(|operator| operator.fits(field))
                .map(|operator| operator.as_str())
                .collect();
            assert_eq!(operators, fitting, "{name}");
            let value = match field.kind() {
                Kind::Text | Kind::Texts => "text",
                Kind::Word => "word",
                Kind::Id => "id",
                Kind::Number => "whole number",
                Kind::Time => "moment or date",
            };
            assert_eq!(cells[1].trim(), value, "{name}");
            assert!(told.insert(name), "a field stands twice");
        }
    }
    assert_eq!(told, Field::ALL.iter().map(|field| field.as_str().to_owned()).collect());
}

#[test]
fn names_lead_back_to_what_they_name() {
    for field in Field::ALL {
        assert_eq!(parse_field(field.as_str()), Some(*field));
    }
    assert_eq!(parse_field("tag"), Some(Field::Tags));
    assert_eq!(parse_field("number"), Some(Field::TicketNumber));
    assert_eq!(parse_field("Status"), None);
    assert_eq!(parse_field(""), None);
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
