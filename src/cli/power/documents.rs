//! The JSON of `linger power`, and the rows of a protocol's figures.

use anyhow::Result;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Allocated, Asking, Assured, Formula, Sized};
use crate::cli::envelope;
use crate::operating_characteristics::sample_size::{
    Answer, Recomputed, Search, Setting, power_rows, share_rows, true_difference,
};
use crate::report::power_words::{self, tested};
use crate::scenario::PublishedTrial;

impl Asking<'_> {
    /// Scenario and question.
    fn document(&self) -> Map<String, Value> {
        let scenario = &self.varied.base().scenario;
        let layout = &scenario.design.layout;
        let outcome = &layout.outcomes[self.question.outcome];
        let mut document = envelope::head("power");
        let mut insert = |key: &str, value: Value| document.insert(key.to_owned(), value);
        insert("title", json!(scenario.title));
        insert("scenario_hash", json!(scenario.hash));
        insert("seed", json!(scenario.simulation.seed));
        insert("outcome", json!(outcome.name));
        insert("visit_week", json!(layout.visits[self.question.visit].week));
        insert("contrast", json!(layout.contrast_name(self.question.contrast)));
        insert("alpha", json!(scenario.plan.alpha));
        insert("adjusted", json!(self.question.adjusted));
        insert("multiplicity", json!(scenario.plan.multiplicity.name()));
        insert("true_difference", json!(true_difference(scenario, self.question)));
        insert("meaningful", json!(scenario.plan.meaningful(layout, self.question.outcome)));
        document
    }

    /// What was varied, wanted and found.
    fn add_search(&self, document: &mut Map<String, Value>, found: &Search) {
        let varies = match self.varied.setting() {
            Setting::PerArm => "n",
            Setting::Total { .. } => "participants",
            Setting::Path(path) => path,
        };
        document.insert("varies".to_owned(), json!(varies));
        document.insert("target".to_owned(), json!(found.goal.target));
        document.insert("trials".to_owned(), json!(found.n_replicates));
        document.insert("answer".to_owned(), self.answer(found));
    }

    fn answer(&self, found: &Search) -> Value {
        let sizes = |value: u64| {
            let arms = self.varied.base().scenario.design.layout.arms.iter().map(|arm| arm.name.clone());
            Value::Object(arms.zip(self.varied.sizes(value).into_iter().map(Value::from)).collect())
        };
        match found.answer {
            Answer::Reached { value, interval: (low, high), std_error, is_precise } => json!({
                "status": "reached",
                "value": value,
                "lower": low,
                "upper": high,
                "std_error": Some(std_error).filter(|error| error.is_finite()),
                "precise": is_precise,
                "per_arm": sizes(value),
            }),
            Answer::AtOnce { value } => {
                json!({ "status": "reached_at_the_smallest", "value": value, "per_arm": sizes(value) })
            }
            Answer::OutOfReach { value, is_certain } => {
                json!({ "status": "out_of_reach", "up_to": value, "certain": is_certain })
            }
            Answer::Unsettled { nearest } => json!({ "status": "not_settled", "nearest_tried": nearest }),
        }
    }
}

impl Sized<'_> {
    pub(super) fn json(&self) -> Result<String> {
        let mut document = self.asking.document();
        self.asking.add_search(&mut document, self.found);
        document.insert("closed_form".to_owned(), self.formula.map_or(Value::Null, closed_form));
        let value = self.formula.and_then(|formula| formula.value);
        let asked = self.asking.asked();
        let words = power_words::found(asked, &self.asking.varied, self.found, value, false);
        document.insert(
            "in_words".to_owned(),
            json!([Some(words), asked.warning()].into_iter().flatten().collect::<Vec<_>>()),
        );
        document
            .insert("results".to_owned(), serde_json::to_value(power_rows(&self.asking.varied, &self.found.points))?);
        Ok(envelope::text(document)?)
    }
}

/// The formula's answer and what it rests on, arms in the order of the scenario.
fn closed_form(formula: &Formula) -> Value {
    let own = &formula.approximation;
    json!({
        "approximate": true,
        "value": formula.value,
        "difference": own.difference,
        "sd": own.sd,
        "correlation": own.correlation,
        "retention": own.retention,
        "ignores": own.ignores,
    })
}

impl Assured<'_> {
    pub(super) fn json(&self) -> Result<String> {
        let (asking, averaged) = (self.asking, self.averaged);
        let mut document = asking.document();
        document.insert(
            "assurance".to_owned(),
            json!({
                "value": averaged.point.power(),
                "mcse": averaged.point.mcse(),
                "power_as_written": self.as_written,
                "ceiling": averaged.ceiling.share(),
                "ceiling_mcse": averaged.ceiling.mcse(),
                "draws": averaged.n_draws,
                "trials": averaged.point.tally.successes.of,
            }),
        );
        let mut words = vec![power_words::assurance(asking.asked(), averaged, self.as_written)];
        let mut points = std::slice::from_ref(&averaged.point);
        if let Some(found) = self.found {
            asking.add_search(&mut document, found);
            words.push(asking.found_of_assurance(averaged, found));
            points = &found.points;
        }
        document.insert("in_words".to_owned(), json!(words));
        document.insert("results".to_owned(), serde_json::to_value(power_rows(&asking.varied, points))?);
        Ok(envelope::text(document)?)
    }
}

impl Allocated<'_> {
    pub(super) fn json(&self) -> Result<String> {
        let mut document = self.asking.document();
        let layout = &self.asking.varied.base().scenario.design.layout;
        let found = self.found;
        let mut insert = |key: &str, value: Value| document.insert(key.to_owned(), value);
        insert("varies", json!("allocation"));
        insert("reference_arm", json!(layout.arms[found.reference].name));
        insert("own_share", json!(found.own_share));
        insert("best_share", json!(found.best_share));
        insert("nearly_best", json!(found.nearly_best));
        insert("target", json!(found.tried.first().map(|tried| tried.search.goal.target)));
        insert("in_words", json!([power_words::allocation(self.asking.asked(), found)]));
        insert("results", serde_json::to_value(share_rows(found))?);
        Ok(envelope::text(document)?)
    }
}

/// A figure of a protocol.
#[derive(Debug, Serialize)]
pub(super) struct ClaimRow {
    outcome: String,
    test: &'static str,
    means: String,
    sd: f64,
    n_per_arm: f64,
    alpha: f64,
    stated: Option<f64>,
    stated_as: String,
    recomputed: f64,
    reproduces: Option<bool>,
}

/// The figures of a protocol as rows.
pub(super) fn claim_rows(claims: &[Recomputed]) -> Vec<ClaimRow> {
    let row = |own: &Recomputed| ClaimRow {
        outcome: own.claim.outcome.clone(),
        test: tested(own),
        means: own.claim.means.iter().map(f64::to_string).collect::<Vec<_>>().join(" "),
        sd: own.claim.sd,
        n_per_arm: own.claim.n_per_arm,
        alpha: own.claim.alpha,
        stated: own.claim.claimed,
        stated_as: own.claim.claimed_as.clone(),
        recomputed: own.power,
        reproduces: own.reproduces,
    };
    claims.iter().map(row).collect()
}

/// The figures of a protocol as JSON.
pub(super) fn protocol(trial: &PublishedTrial, claims: &[Recomputed]) -> Result<String> {
    let mut document = envelope::head("power");
    document.insert("published".to_owned(), json!(trial.name));
    document.insert("in_words".to_owned(), json!([power_words::protocol(claims)]));
    document.insert("results".to_owned(), serde_json::to_value(claim_rows(claims))?);
    Ok(envelope::text(document)?)
}
