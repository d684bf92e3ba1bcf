//! What looks do as flat rows in the field's words: what CSV and JSON show.

use serde::Serialize;

use super::{InterimLooks, InterimPerformance};
use crate::numeric::moments::Moments;
use crate::operating_characteristics::proportion::Proportion;
use crate::scenario::Scenario;

/// The truth under which trials were simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UnderTruth {
    /// That of the scenario.
    AsWritten,
    /// Every arm has what the reference arm has.
    NoDifference,
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InterimQuantity {
    /// Share of trials in which any contrast has been rejected by the look.
    AnyRejected,
    /// The same where everybody is analysed once.
    AnyRejectedOnce,
    /// Share of trials that are over by the look.
    Over,
    /// Participants randomised, on average: of an arm, or without one of all.
    Participants,
    /// Share of trials in which the contrast has been rejected by the look.
    Rejected,
    /// The same where everybody is analysed once.
    RejectedOnce,
    /// Share of the looks at the contrast that give no estimate.
    Failed,
    /// Average estimate at the last look at the contrast.
    EstimateAtStop,
    /// Average estimate where the contrast was rejected before the last look.
    EstimateStoppedEarly,
    /// Average estimate from everybody.
    EstimateOnce,
    /// Average of the estimate at the last look at the contrast less that from everybody.
    Bias,
    /// Share of trials in which the arm has been dropped by the look.
    Dropped,
}

/// One number. Numbers are `None` where they are not defined. Estimates of ratios are logarithms.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InterimRow {
    /// The truth.
    pub truth: UnderTruth,
    /// What it is.
    pub quantity: InterimQuantity,
    /// The contrast, written `relaxation - usual_care`.
    pub contrast: Option<String>,
    /// Short name of the arm.
    pub arm: Option<String>,
    /// The look, counted from 1.
    pub look: Option<usize>,
    /// The number.
    pub value: Option<f64>,
    /// Its Monte Carlo standard error.
    pub mcse: Option<f64>,
    /// Replicates that it rests on.
    pub replicates: u64,
}

/// Everything as rows: of the whole trial, then by contrast, then by arm; first as the scenario has it, then without differences.
pub fn interim_rows(scenario: &Scenario, looks: &InterimLooks) -> Vec<InterimRow> {
    let mut rows = Vec::new();
    for (truth, performance) in
        [(UnderTruth::AsWritten, &looks.as_written), (UnderTruth::NoDifference, &looks.without_differences)]
    {
        Rows { truth, contrast: None, arm: None, rows: &mut rows }.add(scenario, performance);
    }
    rows
}

/// Rows being added, with what they have in common.
struct Rows<'a> {
    truth: UnderTruth,
    contrast: Option<String>,
    arm: Option<String>,
    rows: &'a mut Vec<InterimRow>,
}

impl Rows<'_> {
    fn add(&mut self, scenario: &Scenario, performance: &InterimPerformance) {
        use InterimQuantity::{
            AnyRejected, AnyRejectedOnce, Bias, Dropped, EstimateAtStop, EstimateOnce, EstimateStoppedEarly, Failed,
            Over, Participants, Rejected, RejectedOnce,
        };
        let layout = &*scenario.design.layout;
        self.by_look(AnyRejected, &performance.any_rejected);
        self.share(AnyRejectedOnce, None, performance.any_rejected_once);
        self.by_look(Over, &performance.over);
        self.mean(Participants, &performance.participants);
        for (&contrast, own) in scenario.plan.contrasts.iter().zip(&performance.contrasts) {
            self.contrast = Some(layout.contrast_name(contrast));
            self.by_look(Rejected, &own.rejected);
            self.share(RejectedOnce, None, own.rejected_once);
            self.by_look(Failed, &own.failed);
            self.mean(EstimateAtStop, &own.at_stop);
            self.mean(EstimateStoppedEarly, &own.stopped_early);
            self.mean(EstimateOnce, &own.once);
            self.mean(Bias, &own.bias);
        }
        self.contrast = None;
        for (arm, own) in layout.arms.iter().zip(&performance.arms) {
            self.arm = Some(arm.name.clone());
            self.by_look(Dropped, &own.dropped);
            self.mean(Participants, &own.participants);
        }
    }

    fn by_look(&mut self, quantity: InterimQuantity, shares: &[Proportion]) {
        for (look, &share) in (1..).zip(shares) {
            self.share(quantity, Some(look), share);
        }
    }

    fn share(&mut self, quantity: InterimQuantity, look: Option<usize>, share: Proportion) {
        self.push(quantity, look, (share.share(), share.mcse()), share.of);
    }

    fn mean(&mut self, quantity: InterimQuantity, moments: &Moments) {
        self.push(quantity, None, (moments.mean(), moments.std_error()), moments.count());
    }

    fn push(
        &mut self,
        quantity: InterimQuantity,
        look: Option<usize>,
        (value, mcse): (Option<f64>, Option<f64>),
        replicates: u64,
    ) {
        let (truth, contrast, arm) = (self.truth, self.contrast.clone(), self.arm.clone());
        self.rows.push(InterimRow { truth, quantity, contrast, arm, look, value, mcse, replicates });
    }
}
