//! `linger plot`: one picture of a simulated trial, a data file or many trials, with characters or as SVG, PNG or PDF.

mod drawing;
pub(super) mod form;
mod grid;
mod of_replicates;

use std::path::Path;

use anyhow::{Result, bail};
use clap::ValueEnum;

use super::arguments::{Looks, Picture, Plot};
use super::output::Console;
use super::source::{Settings, is_data_file, load_data, load_scenario};
use super::terminal::{Screen, thumbnails};
use crate::analysis::analyse;
use crate::cohort;
use crate::plots::{Room, Svg, Theme};
use crate::report::figures::{self, Analysed, Drawn};
use crate::scenario;
use crate::trial::Layout;
use drawing::Drawing;
use form::Form;

/// Runs the verb.
pub fn run(verb: Plot, settings: &Settings, console: &Console) -> Result<()> {
    console.no_format(
        "the name given to -o says whether a picture is SVG, PNG or PDF; --terminal draws with characters",
    )?;
    let Some(picture) = verb.picture.filter(|_| !verb.list) else { return list(console) };
    let form = if with_characters(&verb, console)? { None } else { Some(Form::of(console.file(), &verb.looks)?) };
    what_applies(picture, &verb)?;
    let drawing = numbers(picture, &verb, settings, console)?;
    match form {
        Some(form) => form.write(&drawing.svg(&theme(&verb.looks)), console),
        None => console.result(&drawing.text(&Screen::of(console))),
    }
}

/// The picture that was asked for.
pub(super) fn drawn(picture: Picture, verb: &Plot, settings: &Settings, console: &Console) -> Result<Svg> {
    Ok(numbers(picture, verb, settings, console)?.svg(&theme(&verb.looks)))
}

/// The numbers of the picture that was asked for.
fn numbers(picture: Picture, verb: &Plot, settings: &Settings, console: &Console) -> Result<Drawing> {
    match picture {
        Picture::Zip => return of_replicates::zip(verb, settings, console),
        Picture::Power => return of_replicates::power(verb, settings, console),
        Picture::Grid => return grid::numbers(verb, settings, console),
        _ => {}
    }
    if is_data_file(verb.source.as_deref()) {
        settings.no_seed("a data file is drawn, nothing is simulated")?;
        if verb.replicate.is_some() {
            bail!("--replicate does not apply here: a data file holds one trial");
        }
        let data = Path::new(verb.source.as_deref().unwrap_or_default());
        let file = load_data(data, verb.columns.as_ref(), verb.plan.as_ref(), settings)?;
        let analysis = analyse(&file.plan, &file.intake.data);
        let trial =
            Analysed { plan: &file.plan, data: &file.intake.data, analysis: &analysis, scenario: None, published: &[] };
        return draw(picture, trial, verb);
    }
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
    draw(picture, trial, verb)
}

/// The looks that were asked for.
pub(super) fn theme(looks: &Looks) -> Theme {
    let theme = if looks.dark { Theme::dark() } else { Theme::light() };
    theme.with_room(if looks.narrow { Room::Narrow } else { Room::Page })
}

/// Whether the picture is drawn with characters: on a terminal, in a text file, and where that is asked for.
fn with_characters(verb: &Plot, console: &Console) -> Result<bool> {
    let looks = &verb.looks;
    let given = [
        ("--dark", looks.dark),
        ("--narrow", looks.narrow),
        ("--scale", looks.scale.is_some()),
        ("--width", looks.width.is_some()),
    ];
    let given = given.into_iter().find_map(|(option, is_given)| is_given.then_some(option));
    let Some(file) = console.file() else {
        if let (Some(option), true) = (given, console.is_screen()) {
            bail!(
                "{option} does not apply here: a terminal has its own ground and width; name a file, e.g. -o fade.svg"
            );
        }
        return Ok(verb.terminal || console.is_screen());
    };
    let is_text = file.extension().is_some_and(|own| own.eq_ignore_ascii_case("txt"));
    match given {
        _ if verb.terminal && !is_text => {
            bail!("{}: --terminal draws with characters; end the name in .txt", file.display())
        }
        Some(option) if is_text => bail!("{option} does not apply here: a text file is drawn with characters"),
        _ => Ok(is_text),
    }
}

/// Refuses options, and a source, that a picture has no use for.
fn what_applies(picture: Picture, verb: &Plot) -> Result<()> {
    use Picture::{Cdf, Grid, Power, Zip};
    let name = |picture: Picture| picture.to_possible_value().map(|own| own.get_name().to_owned()).unwrap_or_default();
    let options: [(&str, bool, &[Picture]); 8] = [
        ("--week", verb.week.is_some(), &[Cdf, Power, Zip, Grid]),
        ("--contrast", verb.contrast.is_some(), &[Power, Zip, Grid]),
        ("--target", verb.target.is_some(), &[Power, Grid]),
        ("--replicates", verb.replicates.is_some(), &[Power, Zip, Grid]),
        ("--all", verb.all, &[Zip]),
        ("--grid", !verb.grid.is_empty(), &[Grid]),
        ("--zip", verb.zip, &[Grid]),
        ("--as", verb.form.is_some(), &[Grid]),
    ];
    let mut problems: Vec<String> = options
        .into_iter()
        .filter(|(_, given, pictures)| *given && !pictures.contains(&picture))
        .map(|(option, _, pictures)| {
            let of: Vec<String> = pictures.iter().copied().map(name).collect();
            format!("{option} does not apply to {}: it is for {}", name(picture), of.join(", "))
        })
        .collect();
    if matches!(picture, Power | Zip | Grid) {
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
        Picture::Cdf | Picture::Power | Picture::Zip | Picture::Grid => None,
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
        Picture::Power | Picture::Zip | Picture::Grid => {
            bail!("the picture is of many replicates, and this is one trial")
        }
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
