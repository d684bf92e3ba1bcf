//! `linger plot`: one picture of a simulated trial or of a data file, as SVG or drawn with characters.

mod drawing;
mod of_replicates;

use std::path::Path;

use anyhow::{Result, bail};
use clap::ValueEnum;

use super::arguments::{Picture, Plot};
use super::output::{Console, write_file, write_stdout};
use super::source::{Settings, load_data, load_scenario};
use super::terminal::{Screen, thumbnails};
use crate::analysis::analyse;
use crate::cohort;
use crate::plots::Theme;
use crate::report::figures::{self, Analysed, Drawn};
use crate::scenario;
use crate::trial::Layout;
use drawing::Drawing;

/// Runs the verb.
pub fn run(verb: Plot, settings: &Settings, console: &Console) -> Result<()> {
    console.no_format("a picture is SVG, or drawn with characters (--terminal)")?;
    let Some(picture) = verb.picture.filter(|_| !verb.list) else { return list(console) };
    let with_characters = with_characters(&verb, console)?;
    what_applies(picture, &verb)?;
    let drawing = if picture == Picture::Zip {
        of_replicates::zip(&verb, settings, console)?
    } else if picture == Picture::Power {
        of_replicates::power(&verb, settings, console)?
    } else if is_data_file(verb.source.as_deref()) {
        settings.no_seed("a data file is drawn, nothing is simulated")?;
        if verb.replicate.is_some() {
            bail!("--replicate does not apply here: a data file holds one trial");
        }
        let data = Path::new(verb.source.as_deref().unwrap_or_default());
        let file = load_data(data, verb.columns.as_ref(), verb.plan.as_ref(), settings)?;
        let analysis = analyse(&file.plan, &file.intake.data);
        let trial =
            Analysed { plan: &file.plan, data: &file.intake.data, analysis: &analysis, scenario: None, published: &[] };
        draw(picture, trial, &verb)?
    } else {
        if verb.columns.is_some() || verb.plan.is_some() {
            bail!(
                "--columns and --plan go with a data file; a scenario has its own plan (change it with --set analysis.KEY=VALUE)"
            );
        }
        let loaded = load_scenario(verb.source.as_deref(), settings, console)?;
        let scenario = &loaded.scenario;
        let data = cohort::generate(scenario, verb.replicate.unwrap_or(0));
        let analysis = analyse(&scenario.plan, &data);
        let published = scenario.published.map(|trial| trial.contrasts()).unwrap_or_default();
        let trial = Analysed {
            plan: &scenario.plan,
            data: &data,
            analysis: &analysis,
            scenario: Some(scenario),
            published: &published,
        };
        draw(picture, trial, &verb)?
    };
    if with_characters {
        return console.result(&drawing.text(&Screen::of(console)));
    }
    let theme = if verb.dark { Theme::dark() } else { Theme::light() };
    let svg = drawing.svg(&theme);
    match console.file() {
        Some(file) => {
            write_file(file, svg.as_str().as_bytes())?;
            console.note(&format!("written: {}", file.display()));
            Ok(())
        }
        None => write_stdout(svg.as_str()),
    }
}

/// Whether the picture is drawn with characters: on a terminal, in a text file, and where that is asked for.
fn with_characters(verb: &Plot, console: &Console) -> Result<bool> {
    let Some(file) = console.file() else {
        if verb.dark && console.is_screen() {
            bail!("--dark does not apply here: a terminal has a ground of its own; name a file, e.g. -o fade.svg");
        }
        return Ok(verb.terminal || console.is_screen());
    };
    let ends_in = |wanted: &str| file.extension().is_some_and(|own| own.eq_ignore_ascii_case(wanted));
    match (ends_in("svg"), ends_in("txt")) {
        (true, _) if verb.terminal => {
            bail!("{}: --terminal draws with characters; end the name in .txt", file.display())
        }
        (_, true) if verb.dark => bail!("--dark does not apply here: a text file has no ground"),
        (true, _) => Ok(false),
        (_, true) => Ok(true),
        _ => bail!(
            "{}: pictures are written as SVG or drawn with characters; end the name in .svg or .txt",
            file.display()
        ),
    }
}

/// Refuses options, and a source, that a picture has no use for.
fn what_applies(picture: Picture, verb: &Plot) -> Result<()> {
    use Picture::{Cdf, Power, Zip};
    let name = |picture: Picture| picture.to_possible_value().map(|own| own.get_name().to_owned()).unwrap_or_default();
    let options: [(&str, bool, &[Picture]); 5] = [
        ("--week", verb.week.is_some(), &[Cdf, Power, Zip]),
        ("--contrast", verb.contrast.is_some(), &[Power, Zip]),
        ("--target", verb.target.is_some(), &[Power]),
        ("--replicates", verb.replicates.is_some(), &[Power, Zip]),
        ("--all", verb.all, &[Zip]),
    ];
    let mut problems: Vec<String> = options
        .into_iter()
        .filter(|(_, given, pictures)| *given && !pictures.contains(&picture))
        .map(|(option, _, pictures)| {
            let of: Vec<String> = pictures.iter().copied().map(name).collect();
            format!("{option} does not apply to {}: it is for {}", name(picture), of.join(", "))
        })
        .collect();
    if matches!(picture, Power | Zip) {
        let picture = name(picture);
        if is_data_file(verb.source.as_deref()) || verb.columns.is_some() || verb.plan.is_some() {
            problems.push(format!(
                "{picture} is drawn of many simulated trials, and a data file holds one: name a scenario instead"
            ));
        }
        if verb.replicate.is_some() {
            problems.push(format!(
                "--replicate does not apply to {picture}, which is drawn of many: --replicates says how many"
            ));
        }
    }
    if problems.is_empty() { Ok(()) } else { bail!("{}", problems.join("\n")) }
}

/// Whether a source is data rather than a scenario: its name says so.
fn is_data_file(source: Option<&str>) -> bool {
    let extension = source.and_then(|source| Path::new(source).extension()?.to_str());
    extension
        .is_some_and(|extension| ["csv", "parquet", "tsv", "txt"].contains(&extension.to_ascii_lowercase().as_str()))
}

/// The numbers of a picture of one trial.
fn draw(picture: Picture, trial: Analysed, verb: &Plot) -> Result<Drawing> {
    let layout = &trial.data.layout;
    let planned = || trial.plan.outcomes.iter().map(|&outcome| layout.outcomes[outcome].name.as_str());
    let outcome = match &verb.outcome {
        None => trial.plan.outcomes.first().copied().unwrap_or(0),
        Some(name) => match trial.plan.outcomes.iter().find(|&&outcome| layout.outcomes[outcome].name == *name) {
            Some(&outcome) => outcome,
            None => {
                let meant = scenario::nearest(name, planned())
                    .map(|near| format!("; did you mean {near}?"))
                    .unwrap_or_default();
                bail!(
                    "--outcome {name}: the plan has no such outcome{meant}\n  outcomes: {}",
                    planned().collect::<Vec<_>>().join(", ")
                )
            }
        },
    };
    let drawn = match picture {
        Picture::Flow | Picture::Dose | Picture::Forest | Picture::Improve => None,
        Picture::Means => Some(Drawn::Means),
        Picture::Fade => Some(Drawn::Fade),
        Picture::Cdf | Picture::Power | Picture::Zip => None,
    };
    if let Some(reason) = drawn.and_then(|drawn| figures::cannot_draw(trial.plan, drawn)) {
        bail!("{reason}");
    }
    Ok(match picture {
        Picture::Flow => Drawing::Flow(figures::flow(trial)),
        Picture::Means => Drawing::Means(figures::trajectories(trial, outcome)),
        Picture::Fade => Drawing::Fade(figures::fade(trial, outcome)),
        Picture::Dose => Drawing::Dose(figures::dose(trial, outcome).map_err(anyhow::Error::msg)?),
        Picture::Forest => {
            let outcomes = if verb.outcome.is_some() { &[outcome][..] } else { &trial.plan.outcomes };
            Drawing::Forest(figures::forest(trial, outcomes))
        }
        Picture::Improve => Drawing::Improve(figures::improve(trial, outcome).map_err(anyhow::Error::msg)?),
        Picture::Cdf => Drawing::Cdf(figures::responders(trial, outcome, &visits(layout, verb.week)?)?),
        Picture::Power | Picture::Zip => bail!("the picture is of many replicates, and this is one trial"),
    })
}

/// The visits after baseline that are drawn, as positions: that of a week, or all.
fn visits(layout: &Layout, week: Option<f64>) -> Result<Vec<usize>> {
    let after_baseline = 1..layout.visits.len();
    let Some(week) = week else { return Ok(after_baseline.collect()) };
    let found: Vec<usize> = after_baseline.filter(|&visit| layout.visits[visit].week == week).collect();
    if found.is_empty() {
        let weeks: Vec<String> = layout.visits.iter().skip(1).map(|visit| visit.week.to_string()).collect();
        bail!("--week {week}: there is no visit then\n  weeks: {}", weeks.join(", "));
    }
    Ok(found)
}

/// Lists the pictures, each with a thumbnail.
fn list(console: &Console) -> Result<()> {
    let pictures: Vec<(String, String)> = (Picture::value_variants().iter())
        .filter_map(ValueEnum::to_possible_value)
        .map(|value| {
            let about = value.get_help().map(ToString::to_string).unwrap_or_default();
            (value.get_name().to_owned(), about)
        })
        .collect();
    console.show(&thumbnails::list(&pictures, &Screen::plain()))
}
