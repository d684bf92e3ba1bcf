//! The tables of `linger power`: the answer beside the formula's, the curve, shares of the reference arm, a protocol's figures.

use super::{Allocated, Asking, Assured, Formula, Sized, bars};
use crate::cli::tables::Look;
use crate::operating_characteristics::sample_size::{Answer, Recomputed, Search, Setting, power_rows, share_rows};
use crate::report::numbers::{amount, fixed};
use crate::report::power_words::{self, percent, tenths, tested};
use crate::scenario::PublishedTrial;

impl Asking<'_> {
    /// `Ten weekly massages · relaxation - usual_care, rdq, week 52`, and what a success is.
    fn head(&self, look: Look) -> String {
        let scenario = &self.varied.base().scenario;
        let title = scenario.title.lines().collect::<Vec<_>>().join(" ");
        let question = self.question.name(&scenario.design.layout);
        let head = look.title(&format!("{title} · {question}"));
        format!("{head}{}\n\n", self.asked().rule())
    }

    /// What the numbers of the search are, as a heading.
    fn varies(&self) -> String {
        match self.varied.setting() {
            Setting::PerArm => "n per arm".to_owned(),
            Setting::Total { .. } => "participants".to_owned(),
            Setting::Path(path) => path.clone(),
        }
    }

    /// `136, 132, 133`.
    fn sizes(&self, value: u64) -> String {
        let sizes = self.varied.sizes(value);
        sizes.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
    }

    fn names(&self) -> String {
        let arms = &self.varied.base().scenario.design.layout.arms;
        arms.iter().map(|arm| arm.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The answer and the curve.
    fn search(&self, look: Look, found: &Search, formula: Option<&Formula>) -> String {
        let target = percent(found.goal.target);
        let mut heading = vec![format!("To reach {target}"), self.varies(), "95% interval".to_owned()];
        let participants = matches!(self.varied.setting(), Setting::PerArm);
        if participants {
            heading.extend([self.names(), "in all".to_owned()]);
        }
        let mut sheet = look.table(heading, 1);
        let mut row = |name: &str, value: Option<u64>, none: &str, interval: String| {
            let number = value.map_or_else(|| none.to_owned(), |value| value.to_string());
            let mut cells = vec![name.to_owned(), number, interval];
            if participants {
                let all = value.map(|value| self.varied.sizes(value).iter().sum::<usize>().to_string());
                cells.extend([value.map(|value| self.sizes(value)).unwrap_or_default(), all.unwrap_or_default()]);
            }
            sheet.row(cells);
        };
        row(
            &format!("simulation, {} trials", found.n_replicates),
            found.answer.value(),
            no_number(found),
            interval(found),
        );
        if let Some(formula) = formula {
            row("closed form, approximate", formula.value, "out of reach", String::new());
        }
        let mut text = sheet.text();
        if let Some(formula) = formula {
            text.push_str(&look.foot(&format!("{}{}\n", look.gap(), self.formula(formula))));
        }
        text.push('\n');
        text.push_str(&self.curve(look, found));
        text
    }

    /// What the formula rests on.
    fn formula(&self, formula: &Formula) -> String {
        let layout = &self.varied.base().scenario.design.layout;
        let own = &formula.approximation;
        let arms = [self.question.contrast.arm, self.question.contrast.versus];
        let both = |values: &[f64], decimals: usize| {
            arms.iter().map(|&arm| fixed(values[arm], decimals)).collect::<Vec<_>>().join(" and ")
        };
        let difference = amount(&fixed(own.difference, 2), &layout.outcomes[self.question.outcome]);
        let ignores = if own.ignores.is_empty() {
            String::new()
        } else {
            format!("; knows nothing of {}", own.ignores.join(", "))
        };
        format!(
            "closed form: difference {difference}, SD {}, correlation with baseline {}, retention {}{ignores}",
            both(&own.sd, 2),
            both(&own.correlation, 2),
            both(&own.retention, 2)
        )
    }

    /// Power at every number that was tried: bars in a terminal, a table in Markdown.
    fn curve(&self, look: Look, found: &Search) -> String {
        if look == Look::Terminal {
            return bars::draw(found, &self.varies(), self.varied.own());
        }
        let heading = vec![
            self.varies(),
            "power".into(),
            "MC error".into(),
            "95% interval".into(),
            "by the curve".into(),
            "trials".into(),
        ];
        let mut sheet = look.table(heading, 0);
        for row in power_rows(&self.varied, &found.points) {
            sheet.row(vec![
                row.value.to_string(),
                fixed(row.power, 3),
                fixed(row.mcse, 4),
                format!("{} to {}", fixed(row.lower, 3), fixed(row.upper, 3)),
                row.fitted.map(|fitted| fixed(fitted, 3)).unwrap_or_default(),
                row.trials.to_string(),
            ]);
        }
        sheet.text()
    }
}

/// `103 to 108`, with what is open.
fn interval(found: &Search) -> String {
    power_words::interval(found).unwrap_or_else(|| match found.answer {
        Answer::Reached { interval: (low, _), .. } => format!("from {low}"),
        Answer::AtOnce { .. } => "the smallest".to_owned(),
        Answer::OutOfReach { value, .. } => format!("above {value}"),
        Answer::Unsettled { .. } => String::new(),
    })
}

/// What stands where a search found no number.
fn no_number(found: &Search) -> &'static str {
    match found.answer {
        Answer::Unsettled { .. } => "not settled",
        _ => "out of reach",
    }
}

impl Sized<'_> {
    /// Everything for a reader.
    pub(super) fn tables(&self, look: Look) -> String {
        format!("{}{}", self.asking.head(look), self.asking.search(look, self.found, self.formula))
    }
}

impl Assured<'_> {
    /// Everything for a reader.
    pub(super) fn tables(&self, look: Look) -> String {
        let sizes = format!("{} ({})", self.asking.sizes(self.averaged.point.value), self.asking.names());
        let mut sheet = look.table(vec![format!("With {sizes}"), "probability".to_owned(), "MC error".to_owned()], 1);
        let trials = self.averaged.point.tally.successes.of as f64;
        let error = (self.as_written * (1.0 - self.as_written) / trials).sqrt();
        let ceiling = self.averaged.ceiling;
        let rows = [
            ("power, everything as written", self.as_written, error),
            ("assurance: power averaged over the priors", self.averaged.point.power(), self.averaged.point.mcse()),
            (
                "effect in the better direction: no size goes beyond",
                ceiling.share().unwrap_or(0.0),
                ceiling.mcse().unwrap_or(0.0),
            ),
        ];
        for (name, probability, error) in rows {
            sheet.row(vec![name.to_owned(), fixed(probability, 3), fixed(error, 4)]);
        }
        let mut text = format!("{}{}", self.asking.head(look), sheet.text());
        let draws = format!("{} draws from the priors, {trials} simulated trials\n", self.averaged.n_draws);
        text.push_str(&look.foot(&format!("{}{draws}", look.gap())));
        if let Some(found) = self.found {
            text.push_str(&format!("\n{}", self.asking.search(look, found, None)));
        }
        text
    }
}

impl Allocated<'_> {
    /// Everything for a reader.
    pub(super) fn tables(&self, look: Look) -> String {
        let layout = &self.asking.varied.base().scenario.design.layout;
        let reference = &layout.arms[self.found.reference].name;
        let heading = vec![
            format!("Share of {reference}"),
            "participants in all".to_owned(),
            "95% interval".to_owned(),
            "by the curve".to_owned(),
            self.asking.names(),
            "trials".to_owned(),
        ];
        let mut sheet = look.table(heading, 1);
        for (row, tried) in share_rows(self.found).into_iter().zip(&self.found.tried) {
            let sizes = tried.sizes.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
            let best = if self.found.best_share == Some(row.share) { " (best)" } else { "" };
            sheet.row(vec![
                format!("{}{best}", percent(row.share)),
                row.participants.map_or_else(|| no_number(&tried.search).to_owned(), |n| n.to_string()),
                interval(&tried.search),
                row.fitted.map(|total| fixed(total, 0)).unwrap_or_default(),
                sizes,
                row.trials.to_string(),
            ]);
        }
        format!("{}{}", self.asking.head(look), sheet.text())
    }
}

/// A protocol's figures beside what its own assumptions give.
pub(super) fn protocol(look: Look, trial: &PublishedTrial, claims: &[Recomputed]) -> String {
    let mut text =
        look.title(&format!("Power stated in the protocol of {} ({}), recomputed", trial.name, trial.citation));
    let heading = vec!["Outcome", "Test of", "assumed means", "SD", "n per arm", "stated", "recomputed", "reproduces"];
    let mut sheet = look.table(heading, 2);
    for own in claims {
        let claim = &own.claim;
        let means = claim.means.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
        let verdict = own.reproduces.map_or("", |reproduces| if reproduces { "yes" } else { "no" });
        let stated = if claim.claimed.is_some() { claim.claimed_as.clone() } else { "(a variant)".to_owned() };
        sheet.row(vec![
            claim.outcome.clone(),
            tested(own).to_owned(),
            means,
            claim.sd.to_string(),
            claim.n_per_arm.to_string(),
            stated,
            tenths(own.power),
            verdict.to_owned(),
        ]);
    }
    text.push_str(&sheet.text());
    text.push_str(&look.foot(&format!(
        "{}pairs: normal approximation; all arms: F test; two-sided level {}; SD adjusted for the baseline\n",
        look.gap(),
        claims.first().map_or(0.05, |own| own.claim.alpha)
    )));
    text
}
