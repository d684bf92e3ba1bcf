//! The tables of `linger schedule`: plans than which none with as many sessions is better, and what is not known for certain.

use super::Searched;
use crate::cli::tables::{Look, outcome_title};
use crate::report::numbers::fixed;
use crate::report::prior_words;
use crate::report::schedule::{self, PROBABILITY_DECIMALS};
use crate::report::words::in_sentence;
use crate::scenario::Prior;

/// Rows shown with fewer sessions than the plan that is enough, and with more.
const FEWER: usize = 12;
const MORE: usize = 4;

/// Probabilities below this are not shown, nor what comes after the first above the other.
const SHOWN: [f64; 2] = [0.05, 0.995];

impl Searched<'_> {
    pub(super) fn tables(&self, look: Look) -> String {
        let layout = self.layout();
        let asked = &self.search.asked;
        let title = outcome_title(layout, asked.outcome);
        let (arm, reference) = (&layout.arms[asked.arm], &layout.arms[layout.reference_arm()]);
        let mut text = look.title(&format!(
            "{title}: benefit of {} against {} at week {}",
            in_sentence(&arm.label),
            in_sentence(&reference.label),
            asked.judged()
        ));
        text.push_str(&self.plans(look));
        text.push_str(if look == Look::Markdown { "\n" } else { "" });
        text.push_str(&look.foot(&self.note()));
        if self.search.n_draws > 0 {
            text.push_str(&format!("\n{}", look.heading("Not known for certain")));
            for prior in self.scenario.priors.iter().filter(|prior| self.concerns(prior)) {
                let distribution = prior_words::distribution(prior);
                text.push_str(&match look {
                    Look::Markdown => format!("- `{}`: {distribution}\n", prior.about),
                    Look::Terminal => look.foot(&format!("  {}: {distribution}\n", prior.about)),
                });
            }
        }
        text
    }

    /// Whether a prior is about what is shown: not if it is only about other arms, or about effects on other outcomes.
    fn concerns(&self, prior: &Prior) -> bool {
        let (layout, asked) = (self.layout(), &self.search.asked);
        let is_shown = |arm: &str| [asked.arm, layout.reference_arm()].iter().any(|&own| layout.arms[own].name == arm);
        let outcome = layout.outcomes[asked.outcome].name.as_str();
        prior.settings.iter().any(|setting| match setting.key_names()[..] {
            ["arms", arm, "effect", on, ..] => is_shown(arm) && on == outcome,
            ["arms", arm, ..] => is_shown(arm),
            _ => true,
        })
    }

    fn plans(&self, look: Look) -> String {
        let search = &self.search;
        let (decimals, is_drawn) = (schedule::decimals(search), search.n_draws > 0);
        let mut heading = vec!["Plan", "sessions", "benefit"];
        heading.extend(if is_drawn { &["80% of draws", "probability", ""][..] } else { &["enough", ""][..] });
        let mut sheet = look.table(heading, 1);
        for &position in self.shown() {
            let judged = &search.plans[position];
            let mut cells = vec![
                schedule::plan(&judged.plan),
                judged.plan.n_sessions().to_string(),
                fixed(judged.benefit.mean, decimals),
            ];
            match search.mcse(judged) {
                Some(error) => cells.extend([
                    format!("{} to {}", fixed(judged.benefit.p10, decimals), fixed(judged.benefit.p90, decimals)),
                    format!("{} ({})", fixed(judged.probability, PROBABILITY_DECIMALS), fixed(error, 3)),
                ]),
                None => cells.push(if judged.probability > 0.0 { "yes" } else { "no" }.to_owned()),
            }
            cells.push(if search.chosen == Some(position) {
                "fewest that are enough".to_owned()
            } else {
                String::new()
            });
            sheet.row(cells);
        }
        sheet.text()
    }

    /// The plans of the frontier that a reader chooses among.
    fn shown(&self) -> &[usize] {
        let search = &self.search;
        let all = &search.frontier;
        let probability = |position: usize| search.plans[position].probability;
        let at = search.chosen.and_then(|chosen| all.iter().position(|&position| position == chosen));
        let at = at.unwrap_or(all.len().saturating_sub(1));
        if search.n_draws == 0 {
            return &all[at.saturating_sub(FEWER / 2)..(at + 1 + MORE).min(all.len())];
        }
        let from = all.iter().position(|&position| probability(position) >= SHOWN[0]).unwrap_or(at);
        let to = all.iter().position(|&position| probability(position) >= SHOWN[1]).unwrap_or(all.len() - 1);
        &all[from.max(at.saturating_sub(FEWER)).min(at)..(to.max(at) + 1).min(at + 1 + MORE + FEWER / 2).min(all.len())]
    }

    fn note(&self) -> String {
        let asked = &self.search.asked;
        let of = self.search.plans.len();
        let weeks: Vec<String> = asked.weeks.iter().map(ToString::to_string).collect();
        let at = if weeks.len() > 1 { format!(" in each of weeks {}", weeks.join(", ")) } else { String::new() };
        match self.search.n_draws {
            0 => format!(
                "{of} plans looked at; each that is shown does better than all with fewer sessions. Asked for: {}{at}.\n\
                 The scenario has no [priors]: everything in it is taken as certain, and a plan is enough or it is not.\n",
                asked.benefit
            ),
            n => format!(
                "{of} plans looked at in the same {n} draws from the priors; each that is shown does better than all with fewer sessions.\n\
                 Probability: of a benefit of at least {}{at}; in brackets its Monte Carlo error. Asked for: {}.\n",
                asked.benefit, asked.probability
            ),
        }
    }
}
