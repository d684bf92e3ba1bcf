//! The section `[interim]`: looks in their order, an outcome and a visit to look at, arms that can be dropped.

use super::super::tree::KeyPath;
use super::super::{
    Interim, Plan, Sharing, WrittenFutility, WrittenInterim, WrittenScenario, WrittenSharing, WrittenSpending, codes,
};
use super::shares::Within;
use super::{Check, Outline, count, show};
use crate::numeric::group_sequential::Spending;
use crate::trial::Contrast;

/// How many looks there may be.
const LOOKS: std::ops::RangeInclusive<usize> = 2..=20;

/// How far apart looks are at least.
const APART: f64 = 0.01;

impl Check<'_> {
    /// The looks, where the scenario has any. `n_participants` is how many are randomised, `reference` the position of the reference arm.
    pub(super) fn interim(
        &mut self,
        written: &WrittenScenario,
        outline: &Outline,
        plan: &Plan,
        (n_participants, reference): (usize, usize),
    ) -> Option<Interim> {
        let written = written.interim.as_ref()?;
        let path = KeyPath::of(&["interim"]);
        self.require(&path.key("looks"), "looks = [0.5, 0.75, 1]");
        let interim = Interim {
            looks: written.looks.clone().unwrap_or_default(),
            outcome: self.outcome_looked_at(written, &path, outline, plan),
            visit: self.visit_looked_at(written, &path, outline),
            spending: match written.spending.unwrap_or_default() {
                WrittenSpending::ObrienFleming => Spending::ObrienFleming,
                WrittenSpending::Pocock => Spending::Pocock,
            },
            sharing: match written.sharing.unwrap_or_default() {
                WrittenSharing::Bonferroni => Sharing::Bonferroni,
                WrittenSharing::None => Sharing::None,
            },
            drop_below: written.futility.as_ref().and_then(|own| self.futility(own, &path, plan, reference)),
        };
        if written.looks.is_some() {
            self.looks(&interim, &path.key("looks"), n_participants);
        }
        Some(interim)
    }

    fn looks(&mut self, interim: &Interim, path: &KeyPath, n_participants: usize) {
        let looks = &interim.looks;
        if !LOOKS.contains(&looks.len()) {
            let [least, most] = [LOOKS.start(), LOOKS.end()];
            let message = format!(
                "there are {least} to {most} looks, the one at the end included, but here {}",
                count(looks.len(), "look")
            );
            self.report(codes::INTERIM, path, message, |problem| {
                problem.help("without any look before the end, take [interim] out")
            });
            return;
        }
        let fine: Vec<bool> = looks
            .iter()
            .enumerate()
            .map(|(index, &look)| self.share(look, Within::AboveZero, &path.index(index)))
            .collect();
        if !fine.iter().all(|&fine| fine) {
            return;
        }
        let participants = interim.participants(n_participants);
        for later in 1..looks.len() {
            let earlier = later - 1;
            let message = if looks[later] - looks[earlier] < APART - 1e-9 {
                format!("a look at {} comes after one at {}", show(looks[later]), show(looks[earlier]))
            } else if participants[later] == participants[earlier] && n_participants > 0 {
                format!("two looks are at the same {}", count(participants[later], "participant"))
            } else {
                continue;
            };
            self.report(codes::INTERIM, &path.index(later), message, |problem| {
                problem.label(format!("looks are ascending and at least {APART} apart"))
            });
            return;
        }
        let last = looks.len() - 1;
        if looks[last] < 1.0 {
            let message = format!("the last look is at {}, not at the end", show(looks[last]));
            self.report(codes::INTERIM, &path.index(last), message, |problem| {
                problem.help("the last look is that at all participants: write 1 as the last")
            });
        }
    }

    fn outcome_looked_at(&mut self, written: &WrittenInterim, path: &KeyPath, outline: &Outline, plan: &Plan) -> usize {
        let path = path.key("outcome");
        let first = plan.outcomes.first().copied().unwrap_or(0);
        let Some(name) = &written.outcome else { return first };
        let place = self.tree.place(&path);
        let Some(outcome) = self.position(name, &outline.outcomes, "an outcome of this name", place) else {
            return first;
        };
        if !plan.outcomes.contains(&outcome) && !plan.outcomes.is_empty() {
            let analysed: Vec<&str> = plan.outcomes.iter().map(|&own| outline.outcomes[own].as_str()).collect();
            self.report(codes::INTERIM, &path, format!("`{name}` is not analysed"), |problem| {
                problem.help(format!("a look analyses by the plan, which is about {}", analysed.join(", ")))
            });
        }
        outcome
    }

    fn visit_looked_at(&mut self, written: &WrittenInterim, path: &KeyPath, outline: &Outline) -> usize {
        let (Some(week), Some(weeks)) = (written.week, &outline.weeks) else { return 1 };
        let visit = weeks.iter().position(|&own| own == week).filter(|&visit| visit > 0);
        if visit.is_none() {
            let after: Vec<String> = weeks.iter().skip(1).map(|&week| show(week)).collect();
            let message = format!("there is no visit after baseline in week {}", show(week));
            self.report(codes::INTERIM, &path.key("week"), message, |problem| {
                problem.help(format!("visits are at weeks {}", after.join(", ")))
            });
        }
        visit.unwrap_or(1)
    }

    fn futility(&mut self, written: &WrittenFutility, path: &KeyPath, plan: &Plan, reference: usize) -> Option<f64> {
        let path = path.key("futility");
        self.require(&path.key("below"), "below = 0.1");
        let with_reference = |own: &Contrast| own.arm == reference || own.versus == reference;
        if !plan.contrasts.is_empty() && !plan.contrasts.iter().any(with_reference) {
            let message = "no arm could be dropped: the plan compares none with the reference arm";
            self.report_key(codes::INTERIM, &path, message, |problem| {
                problem.help("add a contrast with the reference arm to analysis.contrasts, or take `futility` out")
            });
        }
        written.below.filter(|&below| self.share(below, Within::Between, &path.key("below")))
    }
}
