//! What becomes of one replicate from look to look: what is rejected, which arm is dropped, who is still recruited, when it is over.

use crate::numeric::distributions::normal_two_sided_quantile;
use crate::numeric::group_sequential::conditional_power;
use crate::trial::Contrast;

/// What an analysis says of a contrast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Answer {
    /// The estimate.
    pub value: f64,
    /// Its two-sided p-value.
    pub p_value: f64,
}

/// When arms are dropped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Futility {
    /// Conditional power below which it happens.
    pub below: f64,
    /// Position of the reference arm.
    pub reference: usize,
    /// Sign of a better response.
    pub better: f64,
}

/// What became of one replicate.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Course {
    /// By contrast.
    pub contrasts: Vec<ContrastCourse>,
    /// By arm.
    pub arms: Vec<ArmCourse>,
    /// The last look that was taken.
    pub last_look: usize,
}

/// What became of one contrast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ContrastCourse {
    contrast: Contrast,
    /// Whether it is still looked at.
    open: bool,
    /// What the look at hand says.
    now: Option<Answer>,
    /// What the analysis of everybody says.
    pub once: Option<Answer>,
    /// Whether that is rejected.
    pub rejected_once: bool,
    /// The look at which it was rejected.
    pub rejected_at: Option<usize>,
    /// The last look at it.
    pub stopped_at: usize,
    /// What that look says.
    pub at_stop: Option<Answer>,
    /// Looks at which there was no estimate, as bits.
    pub failed: u32,
}

/// What became of one arm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ArmCourse {
    /// Whether it stands in a contrast.
    compared: bool,
    /// The look at which it was dropped.
    pub dropped_at: Option<usize>,
    /// Participants of the trial after whom it recruits nobody any more.
    closed_after: usize,
    /// Its participants when the trial was over.
    pub participants: usize,
}

impl Course {
    /// A course that has not begun.
    pub fn new(contrasts: &[Contrast], n_arms: usize) -> Self {
        let contrast = |&contrast| ContrastCourse {
            contrast,
            open: true,
            now: None,
            once: None,
            rejected_once: false,
            rejected_at: None,
            stopped_at: 0,
            at_stop: None,
            failed: 0,
        };
        let arm = |arm| ArmCourse {
            compared: contrasts.iter().any(|own| own.arm == arm || own.versus == arm),
            dropped_at: None,
            closed_after: usize::MAX,
            participants: 0,
        };
        Self { contrasts: contrasts.iter().map(contrast).collect(), arms: (0..n_arms).map(arm).collect(), last_look: 0 }
    }

    /// Begins anew, with what the analysis of everybody says; `alpha` is the level of each contrast there.
    pub fn begin(&mut self, once: impl Iterator<Item = Option<Answer>>, alpha: f64) {
        for own in &mut self.contrasts {
            (own.open, own.rejected_at, own.failed, own.at_stop, own.once) = (true, None, 0, None, None);
        }
        for (own, once) in self.contrasts.iter_mut().zip(once) {
            own.once = once;
        }
        for own in &mut self.contrasts {
            own.rejected_once = own.once.is_some_and(|answer| answer.p_value < alpha);
        }
        for arm in &mut self.arms {
            (arm.dropped_at, arm.closed_after) = (None, usize::MAX);
        }
    }

    /// Whether an arm recruits the participant at a position in the order of enrolment.
    pub fn recruits(&self, arm: usize, participant: usize) -> bool {
        participant < self.arms[arm].closed_after
    }

    /// Takes what a look says.
    pub fn see(&mut self, answers: impl Iterator<Item = Option<Answer>>) {
        self.contrasts.iter_mut().zip(answers).for_each(|(own, answer)| own.now = answer);
    }

    /// Takes what a look at everybody says.
    pub fn see_everybody(&mut self) {
        self.contrasts.iter_mut().for_each(|own| own.now = own.once);
    }

    /// Rejects open contrasts whose p-value is below the level of the look.
    pub fn judge(&mut self, look: usize, nominal_alpha: f64) {
        self.last_look = look;
        for own in self.contrasts.iter_mut().filter(|own| own.open) {
            (own.stopped_at, own.at_stop) = (look, own.now);
            own.failed |= u32::from(own.now.is_none()) << look;
            if own.now.is_some_and(|answer| answer.p_value < nominal_alpha) {
                own.rejected_at = Some(look);
                own.open = false;
            }
        }
    }

    /// Drops arms that promise too little at a look with so much information; `boundary` is that of the last look.
    pub fn drop_arms(&mut self, look: usize, (information, boundary): (f64, f64), futility: &Futility) {
        let Self { contrasts, arms, .. } = self;
        for own in contrasts.iter().filter(|own| own.open) {
            let Contrast { arm, versus } = own.contrast;
            let (other, sign) = match futility.reference {
                reference if reference == versus => (arm, 1.0),
                reference if reference == arm => (versus, -1.0),
                _ => continue,
            };
            let Some(answer) = own.now else { continue };
            let z = normal_two_sided_quantile(answer.p_value).copysign(answer.value * sign * futility.better);
            if conditional_power(z, information, boundary) < futility.below {
                arms[other].dropped_at = Some(look);
            }
        }
        for own in contrasts {
            let dropped = |arm: usize| arms[arm].dropped_at.is_some();
            own.open &= !dropped(own.contrast.arm) && !dropped(own.contrast.versus);
        }
    }

    /// Arms without an open contrast recruit nobody after so many participants; those that are compared with nothing go on to the end.
    pub fn close_arms(&mut self, participants: usize) {
        let Self { contrasts, arms, .. } = self;
        for (position, arm) in arms.iter_mut().enumerate() {
            let in_it = |own: &ContrastCourse| own.contrast.arm == position || own.contrast.versus == position;
            if arm.compared && !contrasts.iter().any(|own| own.open && in_it(own)) {
                arm.closed_after = arm.closed_after.min(participants);
            }
        }
    }

    /// Whether nothing is open any more.
    pub fn is_over(&self) -> bool {
        !self.contrasts.iter().any(|own| own.open)
    }

    /// Counts the participants of each arm, given the arm of everybody who was recruited.
    pub fn count(&mut self, recruited: impl Iterator<Item = usize>) {
        self.arms.iter_mut().for_each(|arm| arm.participants = 0);
        recruited.for_each(|arm| self.arms[arm].participants += 1);
    }
}
