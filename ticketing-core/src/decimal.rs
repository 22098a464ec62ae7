//! Numbers as people write them: exact, with at most four decimals.

use serde_json::{Number, Value};
use std::fmt;

/// A number scaled by 10⁴, so that 0.1 + 0.2 is 0.3 and both databases compare as memory does.
///
/// At most 14 digits, and 11 before the point where there are decimals: what a JSON number of double
/// precision says exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(i64);

const SCALE: i64 = 10_000;
const MOST_WHOLE: i64 = 100_000_000_000_000;
const MOST_BEFORE_POINT: i64 = 100_000_000_000;

/// Why a number can't be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotADecimal {
    /// It is no number.
    #[error("not a number such as -12.5")]
    Form,
    /// More than four digits behind the point.
    #[error("more than four digits behind the point")]
    TooPrecise,
    /// Too many digits.
    #[error("too many digits")]
    TooLarge,
}

impl Decimal {
    /// The lowest number that can be kept.
    pub(crate) const LOWEST: Self = Self(-Self::HIGHEST.0);
    /// The highest number that can be kept.
    pub(crate) const HIGHEST: Self = Self((MOST_WHOLE - 1) * SCALE);

    /// From the scaled number; none where it has too many digits.
    pub fn from_scaled(scaled: i64) -> Option<Self> {
        let (whole, part) = (scaled / SCALE, scaled % SCALE);
        let most = if part == 0 { MOST_WHOLE } else { MOST_BEFORE_POINT };
        (whole.unsigned_abs() < most.unsigned_abs()).then_some(Self(scaled))
    }

    /// The number times 10⁴.
    pub const fn scaled(self) -> i64 {
        self.0
    }

    /// The next number up or down that can be kept, if there is one.
    pub(crate) fn next(self, up: bool) -> Option<Self> {
        let by = |step: i64| self.0.checked_add(if up { step } else { -step }).and_then(Self::from_scaled);
        by(1).or_else(|| by(SCALE))
    }

    /// The number of a text such as `-12.5`.
    pub fn parse(text: &str) -> Result<Self, NotADecimal> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        if !is_number(whole) || !(is_number(part) || whole == digits) {
            return Err(NotADecimal::Form);
        }
        let part = part.trim_end_matches('0');
        if part.len() > 4 {
            return Err(NotADecimal::TooPrecise);
        }
        let scaled = || {
            let part: i64 = format!("{part:0<4}").parse().ok()?;
            let whole: i64 = whole.parse().ok()?;
            Self::from_scaled(sign * whole.checked_mul(SCALE)?.checked_add(part)?)
        };
        scaled().ok_or(NotADecimal::TooLarge)
    }
}

impl TryFrom<&Number> for Decimal {
    type Error = NotADecimal;

    fn try_from(number: &Number) -> Result<Self, Self::Error> {
        match number.as_i64() {
            Some(whole) => whole.checked_mul(SCALE).and_then(Self::from_scaled).ok_or(NotADecimal::TooLarge),
            // The shortest text that leads back to the same number is what was sent, without an exponent.
            None => Self::parse(&number.as_f64().ok_or(NotADecimal::TooLarge)?.to_string()),
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) =
            (self.0.unsigned_abs() / SCALE.unsigned_abs(), self.0.unsigned_abs() % SCALE.unsigned_abs());
        let sign = if self.0 < 0 { "-" } else { "" };
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        let part = format!("{part:04}");
        write!(f, "{sign}{whole}.{}", part.trim_end_matches('0'))
    }
}

impl From<Decimal> for Value {
    fn from(decimal: Decimal) -> Self {
        if decimal.0 % SCALE == 0 {
            return (decimal.0 / SCALE).into();
        }
        decimal.to_string().parse::<f64>().ok().and_then(Number::from_f64).map_or(Self::Null, Self::Number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(json: &str) -> Result<Decimal, NotADecimal> {
        Decimal::try_from(&serde_json::from_str::<Number>(json).unwrap())
    }

    #[test]
    fn numbers_are_read_exactly() {
        for (json, scaled) in
            [("0", 0), ("0.3", 3_000), ("-12.5", -125_000), ("1e3", 10_000_000), ("7.1000", 71_000), ("-0.0", 0)]
        {
            assert_eq!(of(json).map(Decimal::scaled), Ok(scaled), "{json}");
        }
        assert_eq!(of("0.00001"), Err(NotADecimal::TooPrecise));
        assert_eq!(of("0.30000000000000004"), Err(NotADecimal::TooPrecise));
        for large in ["100000000000000", "-100000000000000", "1e300", "18446744073709551615", "100000000000.5"] {
            assert_eq!(of(large), Err(NotADecimal::TooLarge), "{large}");
        }
        assert!(of("99999999999999").is_ok());
        assert!(of("99999999999.9999").is_ok());
        for bad in ["", "-", ".5", "1.", "+1", "1e3", "inf", "NaN", "１", "1.+", "--1"] {
            assert_eq!(Decimal::parse(bad), Err(NotADecimal::Form), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(scaled in -999_999_999_999_999_i64..=999_999_999_999_999) {
            let decimal = Decimal::from_scaled(scaled).unwrap();
            prop_assert_eq!(Decimal::parse(&decimal.to_string()), Ok(decimal));
            let Value::Number(number) = Value::from(decimal) else { panic!("a number") };
            prop_assert_eq!(Decimal::try_from(&number), Ok(decimal));
        }
    }
}
