//! `linger trial`: simulate one trial, analyse it, and say what it shows.

use std::path::Path;

use anyhow::{Result, bail};
use serde_json::json;

use super::arguments::{Format, Trial};
use super::output::{Console, make_folder, prose, write_file};
use super::source::{Settings, load_scenario, quoted};
use super::tables::{self, Look};
use super::{conduct, envelope, flow, recorded};
use crate::analysis::{Analysis, analyse, result_rows};
use crate::cohort;
use crate::dataset::{self, Descriptive, Names};
use crate::plots::{Svg, Theme};
use crate::report::figures::{self, Analysed, Drawn};
use crate::report::words;
use crate::scenario::{Loaded, Plan, PublishedContrast, Scenario, settings_text};
use crate::trial::{Layout, TrialData};

/// Runs the verb.
pub fn run(verb: Trial, settings: &Settings, console: &Console) -> Result<()> {
    let folder = console.folder();
    let format = if folder.is_some() { console.format().unwrap_or(Format::Table) } else { console.format()? };
    let loaded = load_scenario(verb.scenario.as_deref(), settings, console)?;
    let report = Report::new(&loaded, verb.replicate);
    let again = Again::new(&verb, settings);
    let Some(folder) = folder else {
        console.result(&report.text(format)?)?;
        report.afterwords(console, &again, format);
        return Ok(());
    };
    if folder.is_file() {
        bail!("{}: is a file, not a folder", folder.display());
    }
    report.write_folder(folder, verb.names, console)?;
    console.show(&report.text(format)?)?;
    report.afterwords(console, &again, format);
    Ok(())
}

/// The arguments that give the same scenario again, and those that pick the replicate.
struct Again {
    scenario: String,
    /// The same where the scenario is an option.
    as_option: String,
    replicate: String,
}

impl Again {
    fn new(verb: &Trial, settings: &Settings) -> Self {
        let scenario = verb.scenario.as_ref().map(|name| format!(" {}", quoted(name))).unwrap_or_default();
        let replicate = if verb.replicate == 0 { String::new() } else { format!(" --replicate {}", verb.replicate) };
        let option = if verb.scenario.is_some() { " --scenario" } else { "" };
        let settings = settings.as_arguments();
        Self {
            as_option: format!("{option}{scenario}{settings}"),
            scenario: format!("{scenario}{settings}"),
            replicate,
        }
    }
}

/// One simulated and analysed trial.
struct Report<'a> {
    loaded: &'a Loaded,
    replicate: u64,
    data: TrialData,
    analysis: Analysis,
    published: Vec<PublishedContrast>,
}

impl<'a> Report<'a> {
    fn new(loaded: &'a Loaded, replicate: u64) -> Self {
        let scenario = &loaded.scenario;
        let data = cohort::generate(scenario, replicate);
        let analysis = analyse(&scenario.plan, &data);
        let published = scenario.published.map(|trial| trial.contrasts()).unwrap_or_default();
        Self { loaded, replicate, data, analysis, published }
    }

    fn scenario(&self) -> &'a Scenario {
        &self.loaded.scenario
    }

    fn plan(&self) -> &'a Plan {
        &self.loaded.scenario.plan
    }

    fn layout(&self) -> &Layout {
        &self.data.layout
    }

    fn analysed(&self) -> Analysed<'_> {
        Analysed {
            plan: self.plan(),
            data: &self.data,
            analysis: &self.analysis,
            scenario: Some(self.scenario()),
            published: &self.published,
        }
    }

    /// The result in a form.
    fn text(&self, format: Format) -> Result<String> {
        match format {
            Format::Table => self.tables(Look::Terminal),
            Format::Md => self.tables(Look::Markdown),
            Format::Csv => Ok(dataset::rows_to_csv(&result_rows(self.plan(), &self.data, &self.analysis))?),
            Format::Json => self.json(),
        }
    }

    fn json(&self) -> Result<String> {
        let mut document = envelope::head("trial");
        envelope::add_scenario(&mut document, self.scenario(), self.replicate);
        envelope::add_analysis(&mut document, self.plan(), &self.data, &self.analysis)?;
        document.insert("other_outcomes".to_owned(), serde_json::to_value(self.other_outcomes()?)?);
        let published: Vec<_> = self
            .published
            .iter()
            .map(|row| {
                json!({
                    "outcome": row.outcome, "visit_week": row.visit_week, "contrast": row.contrast,
                    "estimate": row.estimate, "lower": row.lower, "upper": row.upper,
                })
            })
            .collect();
        document.insert("published".to_owned(), json!(published));
        document.insert("in_words".to_owned(), json!(self.sentences()));
        Ok(envelope::text(document)?)
    }

    /// Descriptions of outcomes that are recorded and not analysed.
    fn other_outcomes(&self) -> Result<Vec<Descriptive>> {
        let outcomes = &self.layout().outcomes;
        let others = self.plan().not_analysed(outcomes.len());
        if others.is_empty() {
            return Ok(Vec::new());
        }
        let is_other = |row: &Descriptive| others.iter().any(|&outcome| outcomes[outcome].name == row.outcome);
        Ok(dataset::descriptives(&self.data)?.into_iter().filter(is_other).collect())
    }

    /// Flow, contrasts and forests; then what else is known of the trial.
    fn tables(&self, look: Look) -> Result<String> {
        let (scenario, layout) = (self.scenario(), self.layout());
        let counts = self.data.participant_flow();
        let mut text = look.title(&format!(
            "{} · simulated, seed {}, replicate {}",
            scenario.title.lines().collect::<Vec<_>>().join(" "),
            scenario.simulation.seed,
            self.replicate
        ));
        text.push_str(&prose(&format!("{}\n{}\n", flow::line(layout, &counts), flow::reasons(look, layout, &counts))));
        text.push_str(&flow::table(look, layout, &counts));
        let further = tables::Further::of(self.analysed());
        for &outcome in &self.plan().outcomes {
            text.push('\n');
            text.push_str(&look.title(&tables::outcome_title(layout, outcome)));
            text.push_str(&tables::answers(look, self.analysed(), &further, outcome));
        }
        let others = self.plan().not_analysed(layout.outcomes.len());
        let further = [
            recorded::others(look, layout, &self.other_outcomes()?, &others),
            conduct::sessions(look, layout, &counts),
            conduct::intercurrent_events(look, layout, &counts),
        ];
        further.iter().flatten().for_each(|table| text.push_str(&format!("\n{table}")));
        if let Some(trial) = scenario.published {
            text.push_str(&format!("\npublished: {}\n", trial.citation));
        }
        Ok(text)
    }

    fn sentences(&self) -> Vec<String> {
        let sentence = |&outcome: &usize| words::sentence(self.plan(), self.layout(), &self.analysis, outcome);
        self.plan().outcomes.iter().filter_map(sentence).collect()
    }

    /// What it says in words, and what to do next.
    fn afterwords(&self, console: &Console, again: &Again, format: Format) {
        let Again { scenario, replicate, .. } = again;
        let words = self.sentences().into_iter().map(|sentence| format!("  {sentence}\n")).collect::<String>();
        let mut text = String::new();
        if matches!(format, Format::Table | Format::Md) {
            text.push_str(&format!("\nIn words\n{words}"));
        }
        let picture = if figures::cannot_draw(self.plan(), Drawn::Fade).is_none() { "fade" } else { "flow" };
        text.push_str(&format!(
            "Next\n  linger plot {picture}{scenario}{replicate} -o {picture}.svg\n  linger trial{scenario}{replicate} -o out/\n  linger show{scenario}\n  {}\n",
            self.explain_command(again)
        ));
        console.note(&text);
    }

    /// The command that explains the last score of the first arm that is compared with the reference.
    fn explain_command(&self, again: &Again) -> String {
        let layout = self.layout();
        let arm = layout.arms.iter().find(|arm| !arm.reference).map(|arm| quoted(&arm.name)).unwrap_or_default();
        let week = layout.visits.last().map_or(0.0, |visit| visit.week);
        format!("linger explain {arm} --week {week}{}", again.as_option)
    }

    /// Writes data, results, pictures, dictionary and scenario into a folder.
    fn write_folder(&self, folder: &Path, names: Names, console: &Console) -> Result<()> {
        make_folder(folder)?;
        let mut written = Vec::new();
        let mut write = |name: &str, text: &str| -> Result<()> {
            write_file(&folder.join(name), text.as_bytes())?;
            written.push(name.to_owned());
            Ok(())
        };
        dataset::write(&folder.join("participants.parquet"), &self.data, names)?;
        if self.data.conduct.is_some() {
            dataset::write_subjects(&folder.join("subjects.parquet"), &self.data, names)?;
        }
        write("result.json", &self.json()?)?;
        let dictionary = dataset::dictionary(&self.data, names);
        write("dictionary.md", &dictionary.to_markdown())?;
        write("dictionary.json", &format!("{}\n", dictionary.to_json()))?;
        write("columns.toml", &toml::to_string(&dataset::columns_of(&self.data))?)?;
        write("scenario.toml", &settings_text(&self.loaded.settings))?;
        for (name, picture) in self.pictures() {
            write(&name, picture.as_str())?;
        }
        for (what, drawn) in [("means", Drawn::Means), ("fade", Drawn::Fade)] {
            if let Some(reason) = figures::cannot_draw(self.plan(), drawn) {
                console.note(&format!("note: no picture of {what}: {reason}"));
            }
        }
        let folder = folder.display();
        let subjects = if self.data.conduct.is_some() { "subjects.parquet, " } else { "" };
        console.note(&format!(
            "written to {folder}: participants.parquet, {subjects}{}\n  R:      arrow::read_parquet(\"{folder}/participants.parquet\")\n  Python: polars.read_parquet(\"{folder}/participants.parquet\")\n",
            written.join(", ")
        ));
        Ok(())
    }

    /// The pictures with the names of their files.
    fn pictures(&self) -> Vec<(String, Svg)> {
        let theme = Theme::light();
        let names = file_names(self.layout().outcomes.iter().map(|outcome| outcome.name.as_str()));
        let mut pictures =
            vec![("flow.svg".to_owned(), crate::plots::flow::draw(&figures::flow(self.analysed()), &theme))];
        for &outcome in &self.plan().outcomes {
            let name = &names[outcome];
            if figures::cannot_draw(self.plan(), Drawn::Means).is_none() {
                let means = figures::trajectories(self.analysed(), outcome);
                pictures.push((format!("means-{name}.svg"), crate::plots::trajectories::draw(&means, &theme)));
            }
            if figures::cannot_draw(self.plan(), Drawn::Fade).is_none() {
                let fade = figures::fade(self.analysed(), outcome);
                pictures.push((format!("fade-{name}.svg"), crate::plots::fade::draw(&fade, &theme)));
            }
        }
        pictures
    }
}

/// Names of outcomes as parts of names of files: with no sign that leads into another folder or that a file system refuses, of a
/// length that all of them take, and each once.
fn file_names<'a>(outcomes: impl Iterator<Item = &'a str>) -> Vec<String> {
    const LONGEST: usize = 60;
    let is_plain = |letter: char| letter.is_alphanumeric() || "._- ".contains(letter);
    let mut names: Vec<String> = Vec::new();
    for outcome in outcomes {
        let plain: String = outcome.chars().map(|c| if is_plain(c) { c } else { '-' }).take(LONGEST).collect();
        let numbered = (2..).map(|number| format!("{plain}-{number}"));
        let free = std::iter::once(plain.clone()).chain(numbered).find(|name| !names.contains(name));
        names.extend(free);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_name_files_of_the_folder_they_are_written_to() {
        let long = "x".repeat(300);
        let names = file_names(["rdq", "../a", "..-a", "/etc", "a b", &long].into_iter());
        assert_eq!(names, ["rdq", "..-a", "..-a-2", "-etc", "a b", &long[..60]]);
    }
}
