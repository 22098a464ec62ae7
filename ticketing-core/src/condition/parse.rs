//! From JSON to the checked form.
use super::*;
use crate::error::FieldError;
/// stub
pub fn parse(_v: &Value, _path: &str) -> Result<Condition, Vec<FieldError>> {
    Err(vec![])
}
/// stub
pub fn parse_field(_s: &str) -> Option<Field> {
    None
}
