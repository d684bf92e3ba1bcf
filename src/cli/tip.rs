//! `linger tip`: how much worse missing scores would have to be before a conclusion changes.

use anyhow::{Result, bail};
use serde::Serialize;
use serde_json::json;

use super::arguments::{Format, Tip};
use super::envelope;
use super::output::Console;
use super::plot::form::Form;
use super::plot::theme;
use super::source::{DataFile, Settings, load_data, quoted};
use super::tables::Look;
use crate::analysis::tipping::{Conclusion, Tipping, TippingGrid, tipping};
use crate::dataset;
use crate::plots;
use crate::report::figures;
use crate::report::numbers::{fixed, p_value};
use crate::scenario::{self, Imputation, Imputing, Plan};
use crate::trial::{Layout, OutcomeKind};

/// Imputations of plans that do not say how to impute.
const USUAL_NUMBER: u32 = 100;

/// Runs the verb.
pub fn run(verb: Tip, settings: &Settings, console: &Console) -> Result<()> {
    let picture = picture(&verb, console)?;
    let format = if picture.is_some() { None } else { Some(console.format()?) };
    let mut file = load_data(&verb.data, verb.columns.as_ref(), verb.plan.as_ref(), settings)?;
    file.intake.notes.iter().for_each(|note| console.note(&format!("note: {note}")));
    if file.plan.imputation.is_none() {
        console.note(&format!("The plan says nothing of imputation: missing at random, {USUAL_NUMBER} imputations.\n"));
        file.plan.imputation = Some(Imputation::at_random(Imputing::Posterior(USUAL_NUMBER)));
    }
    settings.seed_plan(&mut file.plan)?;
    let grid = grid(&verb, &file)?;
    let found = tipping(&file.plan, &file.intake.data, grid);
    let (plan, layout) = (&file.plan, &*file.intake.data.layout);
    refuse_without_estimates(plan, layout, &found)?;
    if let Some(form) = picture {
        return form
            .write(&plots::tipping::draw(&figures::tipping(plan, layout, &found), &theme(&verb.looks)), console);
    }
    let Some(format) = format else { return Ok(()) };
    let sentences = figures::tipping_sentences(plan, layout, &found);
    console.result(&match format {
        Format::Table => tables(Look::Terminal, plan, layout, &found),
        Format::Md => tables(Look::Markdown, plan, layout, &found),
        Format::Csv => dataset::rows_to_csv(&rows(plan, layout, &found))?,
        Format::Json => document(&verb, plan, layout, &found, &sentences)?,
    })?;
    if matches!(format, Format::Table | Format::Md) {
        let words: String = sentences.iter().map(|sentence| format!("  {sentence}\n")).collect();
        console.note(&format!("\nIn words\n{words}Next\n  {} -o tip.svg\n", again(&verb)));
    }
    Ok(())
}

/// Refuses a surface that has no estimate where nothing is added: there is nothing that could change.
fn refuse_without_estimates(plan: &Plan, layout: &Layout, found: &Tipping) -> Result<()> {
    let Some(first) = found.cells.first() else { return Ok(()) };
    let reasons: Vec<String> = plan
        .contrasts
        .iter()
        .zip(&first.contrasts)
        .filter_map(|(&contrast, own)| Some(format!("{}: {}", layout.contrast_name(contrast), own.as_ref().err()?)))
        .collect();
    if first.contrasts.iter().any(Result::is_ok) {
        return Ok(());
    }
    let (outcome, visit) = (&layout.outcomes[found.grid.outcome], &layout.visits[found.grid.visit]);
    bail!(
        "without a delta there is no estimate of `{}` at {} that could change\n  {}",
        outcome.name,
        visit.label(),
        reasons.join("\n  ")
    )
}

/// Which kind of picture was asked for, by the name of the file; none where the answer is a table.
fn picture(verb: &Tip, console: &Console) -> Result<Option<Form>> {
    let is_form = |file: &std::path::Path| {
        let extension = file.extension().map(|own| own.to_string_lossy().to_lowercase());
        matches!(extension.as_deref(), Some("svg" | "png" | "pdf"))
    };
    if console.file().is_some_and(is_form) {
        console.no_format("the name given to -o says whether a picture is SVG, PNG or PDF")?;
        return Ok(Some(Form::of(console.file(), &verb.looks)?));
    }
    let looks = &verb.looks;
    let given = [
        ("--dark", looks.dark),
        ("--narrow", looks.narrow),
        ("--scale", looks.scale.is_some()),
        ("--width", looks.width.is_some()),
    ];
    match given.into_iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) => bail!("{option} is for pictures; name a file, e.g. -o tip.svg"),
        None => Ok(None),
    }
}

/// The command as it was given.
fn again(verb: &Tip) -> String {
    let path = |name: &str, path: &Option<std::path::PathBuf>| {
        path.as_ref().map(|path| format!(" {name} {}", quoted(&path.to_string_lossy()))).unwrap_or_default()
    };
    let (columns, plan) = (path("--columns", &verb.columns), path("--plan", &verb.plan));
    let outcome = verb.outcome.as_ref().map(|name| format!(" --outcome {}", quoted(name))).unwrap_or_default();
    let week = verb.week.map(|week| format!(" --week {week}")).unwrap_or_default();
    let arms = if verb.arms.is_empty() { String::new() } else { format!(" --arms {}", quoted(&verb.arms.join(","))) };
    let to = verb.to.map(|most| format!(" --to {most}")).unwrap_or_default();
    format!("linger tip {}{columns}{plan}{outcome}{week}{arms}{to}", quoted(&verb.data.to_string_lossy()))
}

/// What is asked for, with its defaults.
fn grid(verb: &Tip, file: &DataFile) -> Result<TippingGrid> {
    let layout = &file.intake.data.layout;
    let outcome = match &verb.outcome {
        Some(name) => {
            let names = layout.outcomes.iter().map(|outcome| outcome.name.as_str()).collect::<Vec<_>>();
            position("--outcome", name, &names)?
        }
        None => file.plan.outcomes.first().copied().unwrap_or(0),
    };
    if !file.plan.outcomes.contains(&outcome) {
        bail!("the plan does not analyse `{}`", layout.outcomes[outcome].name);
    }
    if matches!(layout.outcomes[outcome].kind, OutcomeKind::Ordinal { .. }) {
        bail!("`{}` is a rating, and ratings are not imputed", layout.outcomes[outcome].name);
    }
    let weeks = || layout.visits.iter().skip(1).map(|visit| visit.week.to_string()).collect::<Vec<_>>().join(", ");
    let visit = match verb.week {
        Some(week) => match layout.visits.iter().position(|visit| visit.week == week) {
            Some(visit) if visit > 0 => visit,
            _ => bail!("--week {week}: there is no visit after baseline in that week; visits are at weeks {}", weeks()),
        },
        None => layout.visits.len() - 1,
    };
    let names: Vec<&str> = layout.arms.iter().map(|arm| arm.name.as_str()).collect();
    let mut grid = TippingGrid::usual(&file.intake.data, outcome, visit, verb.steps);
    if !verb.arms.is_empty() {
        grid.arms = verb.arms.iter().map(|name| position("--arms", name, &names)).collect::<Result<Vec<_>>>()?;
    }
    if grid.arms.len() > 2 || grid.arms.len() == 2 && grid.arms[0] == grid.arms[1] {
        bail!("--arms takes one arm, or two different ones");
    }
    if let Some(most) = verb.to {
        grid.deltas = TippingGrid::deltas_to(most, verb.steps);
    }
    Ok(grid)
}

fn position(option: &str, name: &str, names: &[&str]) -> Result<usize> {
    if let Some(position) = names.iter().position(|own| *own == name) {
        return Ok(position);
    }
    let meant = scenario::nearest(name, names.iter().copied());
    let meant = meant.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    bail!("{option} {name}: there is no such name{meant}\n  names that exist: {}", names.join(", "))
}

/// One contrast at one point of the surface.
#[derive(Debug, Serialize)]
struct Row {
    outcome: String,
    visit_week: f64,
    contrast: String,
    arm_1: String,
    delta_1: f64,
    arm_2: Option<String>,
    delta_2: Option<f64>,
    estimate: Option<f64>,
    std_error: Option<f64>,
    lower: Option<f64>,
    upper: Option<f64>,
    adjusted_p_value: Option<f64>,
    conclusion: &'static str,
}

fn word(conclusion: Conclusion) -> &'static str {
    match conclusion {
        Conclusion::Better => "better",
        Conclusion::Worse => "worse",
        Conclusion::None => "cannot tell",
        Conclusion::NoEstimate => "no estimate",
    }
}

fn rows(plan: &Plan, layout: &Layout, found: &Tipping) -> Vec<Row> {
    let grid = &found.grid;
    let measure = plan.measure();
    let mut rows = Vec::new();
    for cell in &found.cells {
        for ((&contrast, own), &conclusion) in plan.contrasts.iter().zip(&cell.contrasts).zip(&cell.conclusions) {
            let own = own.as_ref().ok();
            rows.push(Row {
                outcome: layout.outcomes[grid.outcome].name.clone(),
                visit_week: layout.visits[grid.visit].week,
                contrast: layout.contrast_name(contrast),
                arm_1: layout.arms[grid.arms[0]].name.clone(),
                delta_1: cell.deltas[0],
                arm_2: grid.arms.get(1).map(|&arm| layout.arms[arm].name.clone()),
                delta_2: cell.deltas.get(1).copied(),
                estimate: own.map(|own| measure.reported(own.value)),
                std_error: own.map(|own| own.std_error),
                lower: own.map(|own| measure.reported(own.lower)),
                upper: own.map(|own| measure.reported(own.upper)),
                adjusted_p_value: own.map(|own| own.adjusted_p_value),
                conclusion: word(conclusion),
            });
        }
    }
    rows
}

/// Where conclusions change, and the p-values along the edges and the diagonal of the surface.
fn tables(look: Look, plan: &Plan, layout: &Layout, found: &Tipping) -> String {
    let grid = &found.grid;
    let outcome = &layout.outcomes[grid.outcome];
    let title = format!("{} at {}: tipping points", outcome.label, layout.visits[grid.visit].label());
    let missing = format!("missing {} worse in", figures::imputed_values(outcome));
    let heading = ["Contrast", &missing, "now", "changes at", "to"].map(str::to_owned).to_vec();
    let mut sheet = look.table(heading, 3);
    let along = |along: Option<usize>| match along {
        Some(along) => layout.arms[grid.arms[along]].name.clone(),
        None => grid.arms.iter().map(|&arm| layout.arms[arm].name.clone()).collect::<Vec<_>>().join(" and "),
    };
    let most = grid.deltas.last().copied().unwrap_or(0.0);
    for point in &found.points {
        let (at, to) = match point.tips {
            Some((delta, to)) => (fixed(delta, 2), word(to).to_owned()),
            None => (format!("not up to {}", fixed(most, 2)), String::new()),
        };
        let contrast = layout.contrast_name(plan.contrasts[point.contrast]);
        sheet.row(vec![contrast, along(point.along), word(point.from).to_owned(), at, to]);
    }
    let mut text = format!("{}{}", look.title(&title), sheet.text());
    let n = grid.deltas.len();
    let chosen: Vec<usize> = (0..n).step_by(n.div_ceil(6).max(1)).collect();
    for (position, &contrast) in plan.contrasts.iter().enumerate() {
        if !grid.arms.iter().any(|&arm| contrast.arm == arm || contrast.versus == arm) {
            continue;
        }
        let second = grid.arms.get(1).map(|&arm| format!("{} +", layout.arms[arm].name));
        let mut heading = vec![format!("{} +", layout.arms[grid.arms[0]].name)];
        match &second {
            Some(second) => heading.extend(chosen.iter().map(|&b| format!("{second}{}", fixed(grid.deltas[b], 1)))),
            None => heading.push("p".to_owned()),
        }
        let mut sheet = look.table(heading, 0);
        for &a in &chosen {
            let mut cells = vec![fixed(grid.deltas[a], 1)];
            let columns: Vec<usize> =
                if second.is_some() { chosen.iter().map(|&b| a * n + b).collect() } else { vec![a] };
            cells.extend(columns.into_iter().map(|cell| match &found.cells[cell].contrasts[position] {
                Ok(own) if found.cells[cell].conclusions[position] == Conclusion::None => p_value(own.adjusted_p_value),
                Ok(own) => {
                    format!("{} {}", word(found.cells[cell].conclusions[position]), p_value(own.adjusted_p_value))
                }
                Err(_) => "none".to_owned(),
            }));
            sheet.row(cells);
        }
        let title = format!("{}: p after the multiplicity rule", layout.contrast_name(contrast));
        text.push_str(&format!("\n{}{}", look.heading(&title), sheet.text()));
    }
    let unit = figures::tipping_unit(outcome);
    let unit = if unit.is_empty() { String::new() } else { format!(", in {unit}") };
    let values = figures::imputed_values(outcome);
    text.push_str(&look.foot(&format!(" What is added to imputed {values} toward the worse side{unit}, at every visit. With a word where something is concluded.\n")));
    text
}

fn document(verb: &Tip, plan: &Plan, layout: &Layout, found: &Tipping, sentences: &[String]) -> Result<String> {
    let mut document = envelope::head("tip");
    let point = |own: &crate::analysis::tipping::TippingPoint| {
        json!({
            "contrast": layout.contrast_name(plan.contrasts[own.contrast]),
            "along": own.along.map(|along| layout.arms[found.grid.arms[along]].name.clone()),
            "now": word(own.from),
            "changes_at": own.tips.map(|(delta, _)| delta),
            "to": own.tips.map(|(_, to)| word(to)),
        })
    };
    let entries = [
        ("data", json!(verb.data.display().to_string())),
        ("method", json!(plan.method_keys())),
        ("alpha", json!(plan.alpha)),
        ("unit", json!(figures::tipping_unit(&layout.outcomes[found.grid.outcome]))),
        ("seed", json!(plan.imputation.as_ref().map(|own| own.seed))),
        ("points", json!(found.points.iter().map(point).collect::<Vec<_>>())),
        ("in_words", json!(sentences)),
        ("results", serde_json::to_value(rows(plan, layout, found))?),
    ];
    document.extend(entries.map(|(key, value)| (key.to_owned(), value)));
    Ok(envelope::text(document)?)
}
