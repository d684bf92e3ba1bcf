//! Everything that is said of a computed case: exact comparisons, Monte Carlo comparisons, expectations, what would be kept, and the first
//! suspect where something moved.

use super::compare::{all_new, compare_kept};
use super::compute::{Computed, Run};
use super::kept::Snapshot;
use super::quantity::Quantity;
use super::refusal::Refusal;
use super::subject::Subject;
use super::verdict::{Basis, Comparison, Severity, Verdict};
use super::{band, bounds};
use crate::scenario::{TestCase, TestCheck, TestKind};

/// What is kept of a case.
#[derive(Debug, Clone, PartialEq)]
pub enum Kept {
    /// Nothing.
    Nothing,
    /// This.
    Snapshot(Box<Snapshot>),
}

/// What is said of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// What was computed belongs to this.
    pub subject: Subject,
    /// Every comparison: exact ones, then those with targets, then expectations.
    pub comparisons: Vec<Comparison>,
    /// Why nothing was compared with kept results.
    pub refusal: Option<Refusal>,
    /// What would be kept, where that is anything.
    pub now: Option<Snapshot>,
    /// Whether something of it waits to be accepted: it differs from what is kept, and was computed with the seed of the scenario.
    pub is_proposal: bool,
    /// Where to look first, if something moved.
    pub suspect: Option<String>,
}

impl Judged {
    /// How many comparisons have a verdict, warnings apart.
    pub fn count(&self, verdict: Verdict) -> usize {
        let counted = |own: &&Comparison| own.verdict == verdict && own.severity != Severity::Warning;
        self.comparisons.iter().filter(counted).count()
    }

    /// How many comparisons failed.
    pub fn failed(&self) -> usize {
        self.comparisons.iter().filter(|own| own.failed()).count()
    }

    /// How many comparisons warn.
    pub fn warnings(&self) -> usize {
        self.comparisons.iter().filter(|own| own.severity == Severity::Warning).count()
    }
}

/// Says everything of a computed case; `tool_version` and `date` are of now.
pub fn judge(case: &TestCase, computed: &Computed, kept: &Kept, run: Run, tool_version: &str, date: &str) -> Judged {
    let Computed { subject, quantities } = computed;
    let wanted = |check: TestCheck| case.checks.contains(&check);
    let exact: Vec<Quantity> = quantities
        .iter()
        .filter(|own| own.check.is_some_and(|check| wanted(check) && !check.is_monte_carlo()))
        .cloned()
        .collect();
    let subject = if is_about_many(case) { subject.clone() } else { Subject { replicates: None, ..subject.clone() } };
    let now = Snapshot::of(&case.name, &subject, &exact, tool_version, date);
    let keeps = case.checks.iter().any(|check| !check.is_monte_carlo());
    let own_seed = run.seed.is_none_or(|seed| subject.settings.get("seed") == Some(&seed.to_string()));
    let mut judged =
        Judged { subject, comparisons: Vec::new(), refusal: None, now: None, is_proposal: false, suspect: None };
    if run.makes(TestKind::Exact) && keeps {
        compare_exactly(&mut judged, case, now, kept);
        judged.is_proposal &= own_seed;
    }
    if run.makes(TestKind::MonteCarlo) {
        let measured =
            quantities.iter().filter(|own| own.check.is_some_and(|check| wanted(check) && check.is_monte_carlo()));
        judged.comparisons.extend(measured.map(|own| band::compare(own, case.monte_carlo)));
    }
    judged.comparisons.extend(case.expect.iter().map(|own| bounds::compare(own, quantities)));
    judged.comparisons.extend(without_quantities(case, quantities, run));
    judged
}

/// Whether anything that is kept is about many trials: otherwise the number of replicates does not matter to it.
fn is_about_many(case: &TestCase) -> bool {
    case.checks.iter().any(|check| check.needs_replicates() && !check.is_monte_carlo())
}

fn compare_exactly(judged: &mut Judged, case: &TestCase, now: Snapshot, kept: &Kept) {
    match kept {
        Kept::Nothing => {
            judged.comparisons = all_new(case, &now);
            judged.refusal = Some(Refusal::Absent);
            judged.is_proposal = true;
        }
        Kept::Snapshot(kept) => {
            judged.refusal = Refusal::between(&kept.subject, &now.subject);
            if judged.refusal.is_none() {
                judged.comparisons = compare_kept(case, kept, &now);
                let moved = judged.comparisons.iter().any(Comparison::failed);
                judged.suspect = moved.then(|| suspect(kept, &now));
                judged.is_proposal = moved;
            } else {
                judged.is_proposal = true;
            }
        }
    }
    judged.now = Some(now);
}

/// Where to look first.
fn suspect(kept: &Snapshot, now: &Snapshot) -> String {
    let (before, after) = (&kept.made.tool_version, &now.made.tool_version);
    match (kept.subject.seed, now.subject.seed) {
        (Some(kept), Some(now)) if kept != now => format!("the seed: {now} instead of {kept}"),
        _ if before != after => {
            format!("the version of linger: {before} → {after} (its changelog lists changes of numbers)")
        }
        _ => {
            "the program, or what it is built with: scenario, settings, seed and version are those of the kept numbers"
                .to_owned()
        }
    }
}

/// Checks that found nothing to compare, which would otherwise be guarded by nobody.
fn without_quantities(case: &TestCase, quantities: &[Quantity], run: Run) -> Vec<Comparison> {
    let asked = case
        .checks
        .iter()
        .filter(|check| run.makes(if check.is_monte_carlo() { TestKind::MonteCarlo } else { TestKind::Exact }));
    let found = |check: TestCheck| quantities.iter().any(|own| own.check == Some(check));
    let missing = asked.filter(|check| !found(**check));
    missing.map(|check| nothing_to_compare(*check, case)).collect()
}

fn nothing_to_compare(check: TestCheck, case: &TestCase) -> Comparison {
    let why = match check {
        TestCheck::TypeOneError => "no contrast of the plan has a true value of 0",
        TestCheck::Bias | TestCheck::Coverage => "no true value is known of what the plan estimates",
        TestCheck::AdjustedMeans => "the method has no adjusted means",
        _ => "the plan gives nothing of the kind",
    };
    Comparison {
        id: check.name().to_owned(),
        now: None,
        mcse: None,
        basis: Basis::Target { target: None, z: None, band: case.monte_carlo },
        verdict: Verdict::Missing,
        severity: Severity::Failure,
        note: Some(format!("the check finds nothing to compare: {why}; take it out of `checks`")),
    }
}
