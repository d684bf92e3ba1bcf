//! What looks do over many replicates: rejections by look, arms dropped, participants, estimates where a contrast is stopped.

use super::course::{ContrastCourse, Course};
use crate::numeric::moments::Moments;
use crate::operating_characteristics::proportion::Proportion;

/// Everything about the looks of a trial over the replicates.
#[derive(Debug, Clone, PartialEq)]
pub struct InterimPerformance {
    /// Number of replicates.
    pub n_replicates: u64,
    /// By contrast of the plan.
    pub contrasts: Vec<ContrastLooks>,
    /// By arm.
    pub arms: Vec<ArmLooks>,
    /// Whether any contrast has been rejected, by look. Where no arm differs from another, the last is the family-wise error rate.
    pub any_rejected: Vec<Proportion>,
    /// Whether any contrast is rejected where everybody is analysed once, at the level that each contrast has over all looks.
    pub any_rejected_once: Proportion,
    /// Whether the trial was over, by look; the last is 1.
    pub over: Vec<Proportion>,
    /// Participants randomised.
    pub participants: Moments,
}

/// One contrast over the replicates. Estimates are on the scale on which they are estimated, for ratios the logarithm.
#[derive(Debug, Clone, PartialEq)]
pub struct ContrastLooks {
    /// Whether it has been rejected, by look.
    pub rejected: Vec<Proportion>,
    /// Whether it is rejected where everybody is analysed once, without looks.
    pub rejected_once: Proportion,
    /// Looks at it without an estimate, by look, out of the looks at it.
    pub failed: Vec<Proportion>,
    /// Estimates at the last look at it, whatever the look said.
    pub at_stop: Moments,
    /// Estimates where it was rejected before the last look.
    pub stopped_early: Moments,
    /// Estimates from everybody.
    pub once: Moments,
    /// Estimate at the last look at it less that from everybody, replicate by replicate: the bias of stopping.
    pub bias: Moments,
}

/// One arm over the replicates.
#[derive(Debug, Clone, PartialEq)]
pub struct ArmLooks {
    /// Whether it has been dropped, by look.
    pub dropped: Vec<Proportion>,
    /// Its participants.
    pub participants: Moments,
}

impl InterimPerformance {
    /// Nothing yet.
    pub(super) fn new(n_contrasts: usize, n_arms: usize, n_looks: usize) -> Self {
        let by_look = vec![Proportion::default(); n_looks];
        let contrast = ContrastLooks {
            rejected: by_look.clone(),
            rejected_once: Proportion::default(),
            failed: by_look.clone(),
            at_stop: Moments::default(),
            stopped_early: Moments::default(),
            once: Moments::default(),
            bias: Moments::default(),
        };
        let arm = ArmLooks { dropped: by_look.clone(), participants: Moments::default() };
        Self {
            n_replicates: 0,
            contrasts: vec![contrast; n_contrasts],
            arms: vec![arm; n_arms],
            any_rejected: by_look.clone(),
            any_rejected_once: Proportion::default(),
            over: by_look,
            participants: Moments::default(),
        }
    }

    /// Takes one more replicate.
    pub(super) fn observe(&mut self, course: &Course) {
        self.n_replicates += 1;
        let first = course.contrasts.iter().filter_map(|own| own.rejected_at).min();
        by_look(&mut self.any_rejected, first);
        self.any_rejected_once.observe(course.contrasts.iter().any(|own| own.rejected_once));
        by_look(&mut self.over, Some(course.last_look));
        self.participants.push(course.arms.iter().map(|arm| arm.participants).sum::<usize>() as f64);
        self.contrasts.iter_mut().zip(&course.contrasts).for_each(|(contrast, own)| contrast.observe(own));
        for (arm, own) in self.arms.iter_mut().zip(&course.arms) {
            by_look(&mut arm.dropped, own.dropped_at);
            arm.participants.push(own.participants as f64);
        }
    }

    /// Both together, `self` first.
    #[must_use]
    pub(super) fn merge(mut self, other: Self) -> Self {
        self.n_replicates += other.n_replicates;
        merge(&mut self.any_rejected, &other.any_rejected);
        self.any_rejected_once = self.any_rejected_once.merge(other.any_rejected_once);
        merge(&mut self.over, &other.over);
        self.participants = self.participants.merge(other.participants);
        for (own, other) in self.contrasts.iter_mut().zip(other.contrasts) {
            own.merge(&other);
        }
        for (own, other) in self.arms.iter_mut().zip(other.arms) {
            merge(&mut own.dropped, &other.dropped);
            own.participants = own.participants.merge(other.participants);
        }
        self
    }
}

impl ContrastLooks {
    fn observe(&mut self, own: &ContrastCourse) {
        let last = self.rejected.len() - 1;
        by_look(&mut self.rejected, own.rejected_at);
        self.rejected_once.observe(own.rejected_once);
        for (look, failed) in self.failed.iter_mut().enumerate().take(own.stopped_at + 1) {
            failed.observe(own.failed >> look & 1 == 1);
        }
        if let Some(answer) = own.at_stop {
            self.at_stop.push(answer.value);
            if own.rejected_at.is_some_and(|look| look < last) {
                self.stopped_early.push(answer.value);
            }
        }
        if let Some(answer) = own.once {
            self.once.push(answer.value);
        }
        if let (Some(at_stop), Some(once)) = (own.at_stop, own.once) {
            self.bias.push(at_stop.value - once.value);
        }
    }

    fn merge(&mut self, other: &Self) {
        merge(&mut self.rejected, &other.rejected);
        self.rejected_once = self.rejected_once.merge(other.rejected_once);
        merge(&mut self.failed, &other.failed);
        self.at_stop = self.at_stop.merge(other.at_stop);
        self.stopped_early = self.stopped_early.merge(other.stopped_early);
        self.once = self.once.merge(other.once);
        self.bias = self.bias.merge(other.bias);
    }
}

/// Counts one more replicate in which something happened at a look and is so from then on.
fn by_look(proportions: &mut [Proportion], happened_at: Option<usize>) {
    for (look, proportion) in proportions.iter_mut().enumerate() {
        proportion.observe(happened_at.is_some_and(|at| at <= look));
    }
}

fn merge(own: &mut [Proportion], other: &[Proportion]) {
    own.iter_mut().zip(other).for_each(|(own, other)| *own = own.merge(*other));
}
