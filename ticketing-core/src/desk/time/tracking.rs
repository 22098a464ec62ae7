//! How the desk counts working time, and what it asks for it.

use crate::access::{Call, Scope};
use crate::desk::Desk;
use crate::error::Error;
use crate::ids::OrganizationId;
use crate::input::{Fields, Input, Patch, Problems};
use crate::model::{Currency, Money, OrganizationRate, Role, Rounding, TimeTracking};
use crate::setting::Single;
use std::collections::BTreeSet;

/// What to change of the rule.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)] // The fields are the rule's own; see `TimeTracking`.
pub struct TimeTrackingPatch {
    pub round_to_minutes: Patch<i64>,
    pub round: Patch<Rounding>,
    pub default_billable: Patch<bool>,
    pub default_rate: Patch<Option<Money>>,
    pub rates: Patch<Vec<OrganizationRate>>,
}

impl Input for TimeTrackingPatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            round_to_minutes: fields.integer("round_to_minutes"),
            round: fields.word("round", Rounding::ALL),
            default_billable: fields.flag("default_billable"),
            default_rate: fields.nullable_nested("default_rate", money),
            rates: fields.list("rates", |fields| OrganizationRate {
                organization_id: OrganizationId(fields.required_id("organization_id")),
                rate: money(fields),
            }),
        }
    }

    fn check(&self, problems: &mut Problems) {
        if self.round_to_minutes.as_ref().is_some_and(|step| !TimeTracking::STEPS.contains(step)) {
            problems.add("round_to_minutes", "unknown_value", "Must be one of 0, 1, 5, 6, 10, 15, 30, 60.");
        }
        if let Some(Some(rate)) = self.default_rate.as_ref() {
            check_rate(problems, "default_rate.amount_minor", *rate);
        }
        let rates = self.rates.as_ref().map(Vec::as_slice).unwrap_or_default();
        if rates.len() > TimeTracking::MOST_RATES {
            problems.add("rates", "too_many", format!("May have at most {} entries.", TimeTracking::MOST_RATES));
        }
        let mut known = BTreeSet::new();
        for (place, rate) in rates.iter().enumerate() {
            check_rate(problems, &format!("rates[{place}].amount_minor"), rate.rate);
            if !known.insert(rate.organization_id) {
                problems.add(format!("rates[{place}].organization_id"), "repeated", "Is given more than once.");
            }
        }
    }
}

fn money(fields: &mut Fields) -> Money {
    fields.require(&["amount_minor", "currency"]);
    let amount_minor = fields.integer("amount_minor").into_option().unwrap_or_default();
    let currency = fields.text("currency").into_option().map(|text| text.parse::<Currency>());
    if matches!(currency, Some(Err(_))) {
        fields.fail("currency", "invalid_value", "Must be three capital letters such as EUR.");
    }
    let currency = currency.and_then(Result::ok).unwrap_or(Currency::NONE);
    Money { amount_minor, currency }
}

fn check_rate(problems: &mut Problems, field: &str, rate: Money) {
    if !(0..=Money::MOST_AN_HOUR).contains(&rate.amount_minor) {
        problems.add(field, "out_of_range", format!("Must be from 0 to {}.", Money::MOST_AN_HOUR));
    }
}

impl TimeTrackingPatch {
    fn apply(&self, rule: &mut TimeTracking) {
        self.round_to_minutes.apply(&mut rule.round_to_minutes);
        self.round.apply(&mut rule.round);
        self.default_billable.apply(&mut rule.default_billable);
        self.default_rate.apply(&mut rule.default_rate);
        self.rates.apply(&mut rule.rates);
    }
}

impl Desk {
    /// How the desk counts working time, and what it asks for it. For staff.
    pub async fn time_tracking(&self, call: impl Into<Call>) -> Result<Single<TimeTracking>, Error> {
        call.into().actor.at_least(Role::Agent)?;
        Ok(self.snapshot().await?.time_tracking.clone())
    }

    /// Changes how the desk counts working time from now on; what was logged stays as it is. For administrators.
    pub async fn update_time_tracking(
        &self,
        call: impl Into<Call>,
        input: TimeTrackingPatch,
        expected: Option<i64>,
    ) -> Result<Single<TimeTracking>, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        input.checked()?;
        self.check_companies(&input).await?;
        let change = |rule: &mut TimeTracking| input.apply(rule);
        self.update_single_setting(call, &input, expected, |snapshot| &snapshot.time_tracking, change).await
    }

    /// Companies are never taken away, so those that are there now will be.
    async fn check_companies(&self, input: &TimeTrackingPatch) -> Result<(), Error> {
        let known = self.snapshot().await?.time_tracking.content.rates.clone();
        let known: BTreeSet<OrganizationId> = known.into_iter().map(|rate| rate.organization_id).collect();
        let mut problems = Problems::default();
        for (place, rate) in input.rates.as_ref().into_iter().flatten().enumerate() {
            let id = rate.organization_id;
            if !known.contains(&id) && self.store.organization(&Scope::UPKEEP, id).await?.is_none() {
                problems.add(format!("rates[{place}].organization_id"), "unknown", "There is no such organization.");
            }
        }
        problems.finish()
    }
}
