//! The table `[therapists]`: how many there are, in which arms they treat, how unlike and how busy they are.

use super::super::tree::KeyPath;
use super::super::{Therapists, WrittenScenario, WrittenTherapists, codes};
use super::shares::Within;
use super::{Check, show};
use crate::numeric::unequal_shares::unequal_shares;
use crate::trial::Arm;

/// Largest number of therapists: a therapist is kept in one byte per participant.
const MAX_THERAPISTS: usize = 250;

/// Largest coefficient of variation of caseloads.
const MAX_VARIATION: f64 = 3.0;

impl Check<'_> {
    /// The therapists, if there are any.
    pub(super) fn therapists(&mut self, written: &WrittenScenario, arms: &[Arm]) -> Option<Therapists> {
        let written = written.therapists.as_ref()?;
        let path = KeyPath::of(&["therapists"]);
        let treats = self.treated_arms(written, &path, arms);
        let variance_share = written.variance_share.unwrap_or(0.0);
        self.share(variance_share, Within::BelowOne, &path.key("variance_share"));
        let number = self.number_of_therapists(written, &path.key("number"));
        let caseload = self.caseload(written, &path.key("caseload_variation"), number);
        Some(Therapists { number: number.unwrap_or(1), treats, variance_share, caseload })
    }

    fn number_of_therapists(&mut self, written: &WrittenTherapists, path: &KeyPath) -> Option<usize> {
        self.require(path, "number = 8");
        let number = written.number? as usize;
        let fine = (1..=MAX_THERAPISTS).contains(&number);
        if !fine {
            let message = format!("`{path}` must be from 1 to {MAX_THERAPISTS}, but is {number}");
            self.report(codes::THERAPISTS, path, message, |problem| {
                if number == 0 { problem.help("take [therapists] out if nobody in particular treats") } else { problem }
            });
        }
        fine.then_some(number)
    }

    /// Whether each arm is treated by therapists; empty where that is in doubt.
    fn treated_arms(&mut self, written: &WrittenTherapists, path: &KeyPath, arms: &[Arm]) -> Vec<bool> {
        let path = path.key("arms");
        if let Some(list) = &written.arms {
            return self.listed_arms(list, &path, arms);
        }
        let treats: Vec<bool> = arms.iter().map(|arm| !arm.sessions.is_empty()).collect();
        if self.tree.has(&path) || arms.iter().any(|arm| self.sessions_are_in_doubt(arm)) {
            return Vec::new();
        }
        if !treats.contains(&true) {
            let message = "there are therapists, but no arm has sessions";
            self.report_key(codes::THERAPISTS, &path.parent(), message, |problem| {
                problem.help("give an arm a number of sessions, or take [therapists] out")
            });
        }
        treats
    }

    fn listed_arms(&mut self, list: &[String], path: &KeyPath, arms: &[Arm]) -> Vec<bool> {
        let n_before = self.problems.len();
        if list.is_empty() {
            self.report(codes::THERAPISTS, path, "the list of arms is empty", |problem| {
                problem.help("leave it out for every arm with sessions")
            });
        }
        let names: Vec<String> = arms.iter().map(|arm| arm.name.clone()).collect();
        let mut treats = vec![false; arms.len()];
        for (index, name) in list.iter().enumerate() {
            let here = path.index(index);
            let place = self.tree.place_within(&here, 0..name.len());
            let Some(position) = self.position(name, &names, "an arm of this name", place) else { continue };
            if treats[position] {
                self.report(codes::LISTED_TWICE, &here, format!("arm `{name}` is listed twice"), |problem| problem);
            }
            treats[position] = true;
            let arm = &arms[position];
            if arm.sessions.is_empty() && !self.sessions_are_in_doubt(arm) {
                let message = format!("therapists treat in `{name}`, which has no sessions");
                self.report(codes::THERAPISTS, &here, message, |problem| {
                    problem.help(format!("give arms.{name}.sessions a number above 0, or take the arm out here"))
                });
            }
        }
        if self.problems.len() > n_before { Vec::new() } else { treats }
    }

    /// The share of participants that each therapist treats.
    fn caseload(&mut self, written: &WrittenTherapists, path: &KeyPath, number: Option<usize>) -> Vec<f64> {
        let variation = written.caseload_variation.unwrap_or(0.0);
        if !(0.0..=MAX_VARIATION).contains(&variation) {
            let message = format!("`{path}` must lie between 0 and {MAX_VARIATION}, but is {}", show(variation));
            self.report(codes::THERAPISTS, path, message, |problem| problem);
            return Vec::new();
        }
        let Some(number) = number else { return Vec::new() };
        unequal_shares(number, variation).unwrap_or_else(|| {
            let limit = (number as f64 - 1.0).sqrt();
            let message = format!("the caseloads of {number} cannot vary by {}", show(variation));
            self.report(codes::THERAPISTS, path, message, |problem| match number {
                1 => problem.label("one therapist treats everybody"),
                _ => problem.label(format!("must be below {}, where one of them treats everybody", show(limit))),
            });
            Vec::new()
        })
    }
}
