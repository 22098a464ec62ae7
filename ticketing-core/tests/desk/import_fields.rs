//! Values of the desk's own fields out of tables: what the API takes is taken, and what it refuses is refused for the same.

use crate::house::House;
use csv::Writer;
use serde_json::{Map, Number, Value};
use std::io::{BufRead, Cursor};
use ticketing_core::access::Scope;
use ticketing_core::condition::Condition;
use ticketing_core::conformance::field_value::{FieldValue, new_fields, values};
use ticketing_core::desk::NewCustomField;
use ticketing_core::desk::import::{CsvImport, CsvReport};
use ticketing_core::input::Input;
use ticketing_core::model::{FieldType, Ticket};
use ticketing_core::query::{Sort, TicketQuery};

/// What a value is in a table; nothing for what only JSON tells apart.
fn cell(value: &FieldValue) -> Option<String> {
    // A flag is written in many ways, and a list is parted where one of its texts may have a comma.
    let parts = |text: &str| text.is_empty() || text.trim() != text || text.contains([',', ';']);
    match (&value.given, value.field_type) {
        (Value::Null, _) => Some(String::new()),
        (Value::String(text), FieldType::Text | FieldType::Textarea | FieldType::Date | FieldType::Select) => {
            Some(text.clone())
        }
        (Value::String(text), FieldType::Number) => {
            (!text.is_empty() && text.parse::<Number>().is_err()).then(|| text.clone())
        }
        (Value::String(text), FieldType::Checkbox) => (text == "on").then(|| text.clone()),
        (Value::Number(number), FieldType::Number) => Some(number.to_string()),
        (Value::Number(number), FieldType::Checkbox) => {
            (![0.0, 1.0].map(Some).contains(&number.as_f64())).then(|| number.to_string())
        }
        (Value::Bool(flag), FieldType::Checkbox) => Some(flag.to_string()),
        (Value::Array(items), FieldType::Multiselect) => {
            let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            texts.filter(|texts| !texts.iter().any(|text| parts(text))).map(|texts| texts.join(";"))
        }
        _ => None,
    }
}

async fn import(house: &House, name: &str, field: FieldType, cell: &str) -> CsvReport {
    let mut table = Writer::from_writer(Vec::new());
    table.write_record(["subject", "description", "customer_email", &format!("custom_fields.{field}")]).unwrap();
    table.write_record([name, "Text", "c@mail.example", cell]).unwrap();
    let table = table.into_inner().unwrap();
    let open = || Ok(Box::new(Cursor::new(table.clone())) as Box<dyn BufRead + Send>);
    let options = CsvImport { name: name.to_owned(), ..CsvImport::default() };
    house.desk.import_csv(&house.admin, &options, &open, None, &mut |_| ()).await.unwrap()
}

async fn tickets(house: &House) -> Vec<Ticket> {
    let (filter, now) = (Condition::always(), house.desk.now());
    let query = TicketQuery { filter, sort: Sort::default(), after: None, limit: 1_000, now };
    house.desk.store().tickets(&Scope::UPKEEP, &query).await.unwrap()
}

#[tokio::test]
async fn what_the_api_takes_is_taken_and_what_it_refuses_is_not() {
    let house = House::new().await;
    for field in new_fields() {
        let new = NewCustomField::from_json(field).unwrap();
        house.desk.create_custom_field(&house.admin, new).await.unwrap();
    }
    let all = values();
    let (mut taken, mut refused) = (Map::new(), 0);
    for (place, value) in all.iter().enumerate() {
        let Some(cell) = cell(value) else { continue };
        let (name, key) = (format!("Value {place}"), value.field_type.as_str());
        let report = import(&house, &name, value.field_type, &cell).await;
        match &value.wanted {
            Ok(wanted) => {
                assert_eq!(report.made, 1, "{key} {cell:?}: {:?}", report.wrong);
                taken.insert(name, wanted.clone());
            }
            Err(code) => {
                let field = |field: &str| field.split('[').next().unwrap().to_owned();
                let found: Vec<_> =
                    report.wrong.iter().map(|w| (w.line, field(&w.error.field), w.error.code)).take(1).collect();
                assert_eq!(found, [(2, format!("custom_fields.{key}"), *code)], "{key} {cell:?}");
                refused += 1;
            }
        }
    }
    for ticket in tickets(&house).await {
        let place: usize = ticket.subject.rsplit(' ').next().unwrap().parse().unwrap();
        let kept = ticket.custom_fields.get(all[place].field_type.as_str()).unwrap_or(&Value::Null);
        assert_eq!(Some(kept), taken.get(&ticket.subject), "{:?}", all[place]);
    }
    // Of seven times twenty each, what JSON alone can say is left out.
    assert!(taken.len() > 130 && refused > 50, "{} were taken and {refused} refused", taken.len());
}
