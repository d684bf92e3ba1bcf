//! What a user can type: verbs, arguments and options, with their help texts.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::dataset::Names;
use crate::operating_characteristics::{Precision, Shard};
use crate::scenario::{SchemaFor, TestKind};

/// Simulate and analyse randomised trials over time.
#[derive(Debug, Parser)]
#[command(
    name = "linger",
    version,
    about = "Simulate and analyse randomised trials over time: how a benefit builds, lingers and fades",
    override_usage = "linger [OPTIONS] VERB", subcommand_value_name = "VERB", subcommand_help_heading = "Verbs",
    help_template = "{about-with-newline}\nTry:\n  linger trial                        the built-in trial, simulated, analysed and put into words\n  linger analyse data.csv             your own trial file\n\nVerbs ({usage}):\n{subcommands}\n\nOptions of most verbs: -o FILE, --format, -q, --seed, -s KEY=VALUE, -j N (see linger VERB --help)",
    disable_help_subcommand = true,
    styles = STYLES
)]
pub struct Arguments {
    /// Options that every verb takes.
    #[command(flatten)]
    pub shared: Shared,
    /// The verb.
    #[command(subcommand)]
    pub verb: Verb,
}

/// Colours of help and usage errors.
const STYLES: Styles = Styles::styled().header(AnsiColor::Yellow.on_default()).literal(AnsiColor::Green.on_default());

/// Options that every verb takes, before or after it.
#[derive(Debug, Clone, Args)]
pub struct Shared {
    /// Form of the result: for people (table, md) or programs (json, csv). Default: from the name given to -o, else table
    #[arg(long, global = true, value_enum, hide_possible_values = false)]
    pub format: Option<Format>,
    /// Write the result here instead of to standard output; `-` is standard output
    #[arg(short, long, global = true, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Only the result and errors: no notes, no next steps
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Seed of the random numbers, instead of the scenario's
    #[arg(long, global = true, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    pub seed: Option<u64>,
    /// Change one setting of the scenario or plan, e.g. -s arms.relaxation.sessions=20; may be repeated
    #[arg(short = 's', long = "set", global = true, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Threads to use. Default: all. The result does not depend on it
    #[arg(short, long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// Draw and write with ASCII characters only
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Colour in messages and terminal pictures: auto (default), always or never; NO_COLOR is respected
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, hide_default_value = true, hide_possible_values = true)]
    pub color: Colour,
}

/// Form of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Tables and words for a terminal
    Table,
    /// One JSON document
    Json,
    /// Result rows as CSV
    Csv,
    /// The tables in Markdown
    Md,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Simulate one trial, analyse it, and say what it shows
    Trial(Trial),
    /// Simulate one trial's participants and write them as CSV or Parquet
    Simulate(Simulate),
    /// Analyse a trial file (CSV or Parquet)
    Analyse(Analyse),
    /// Compare the same participants under two scenarios
    Compare(Compare),
    /// Evaluate a plan over many simulated trials: bias, coverage, power, Monte Carlo errors
    Evaluate(Evaluate),
    /// Show one simulated trial of an evaluation whole
    Replay(Replay),
    /// Join the parts of a run that several machines have simulated
    Merge(Merge),
    /// Evaluate every cell of a grid of settings, all with the same random numbers
    Sweep(Sweep),
    /// Look before the end: boundaries, dropping arms, power and error
    Interim(Interim),
    /// Find settings of a scenario that meet published numbers
    Calibrate(Calibrate),
    /// Find the fewest sessions that keep a benefit
    Schedule(Schedule),
    /// Find how much worse missing scores would have to be before a conclusion changes
    Tip(Tip),
    /// Compute the true values that a scenario's estimators are after
    Truth(Truth),
    /// Find how large a trial must be, and how sure it is to succeed
    Power(Power),
    /// Draw a picture: in the terminal, or as SVG, PNG or PDF
    Plot(Plot),
    /// Write a page with every setting on a slider
    Explore(Explore),
    /// Write the lesson "Why doesn't it last?" as one page, or walk through it in the terminal
    Lesson(Lesson),
    /// Write one offline page about a kept run, a scenario or a data file
    Report(Report),
    /// Compare results with kept ones, with targets and with bounds, and say which moved
    Test(Test),
    /// Keep results: accept what changed, show what is kept
    Snapshot(SnapshotArguments),
    /// Check a scenario and name all its problems
    Validate(Validate),
    /// Show every setting of a scenario with its origin
    Show(Show),
    /// Explain an expected score, a problem's code, a key of a file or a term
    Explain(Explain),
    /// Write an example scenario to start from
    Init(Init),
    /// Write shell completions, the manual, a JSON schema, jobs of a cluster or CI workflows
    Generate(Generate),
    /// Recompute other programs' numbers on this machine: a qualification report
    Verify(Verify),
}

/// Arguments of `verify`.
#[derive(Debug, Args)]
#[command(
    after_help = "The stored numbers of R, SciPy and others are computed again, each within its tolerance. -o FILE.html writes a report to print and sign. Exit code 1: a comparison failed or could not be made."
)]
pub struct Verify {
    /// Methods to verify, by the names that --list gives [default: all]
    #[arg(value_name = "METHOD")]
    pub methods: Vec<String>,
    /// List the methods with the programs their numbers come from; with a METHOD its files and tolerances
    #[arg(long)]
    pub list: bool,
    /// Read the stored numbers from this folder, laid out like tests/reference, instead of those compiled in
    #[arg(long, value_name = "FOLDER", conflicts_with = "list")]
    pub references: Option<PathBuf>,
}

/// Arguments of `trial`.
#[derive(Debug, Args)]
#[command(
    after_help = "With -o FOLDER/ the participants (Parquet), the results (JSON), the pictures (SVG), the data dictionary, the scenario and a columns.toml that goes with the participants are written there; where the conduct of the trial is known, also subjects.parquet with one row per participant."
)]
pub struct Trial {
    /// A scenario file or the name of a built-in scenario [default: chronic-low-back-pain]
    pub scenario: Option<String>,
    /// Which replicate of the scenario to simulate
    #[arg(long, default_value_t = 0, value_name = "NUMBER", value_parser = replicate)]
    pub replicate: u64,
    /// Column names of the data files: tidy (default) or ADaM-style
    #[arg(long, value_parser = names, default_value = "tidy", hide_default_value = true, value_name = "tidy|adam")]
    pub names: Names,
}

/// Arguments of `simulate`.
#[derive(Debug, Args)]
pub struct Simulate {
    /// A scenario file or the name of a built-in scenario [default: chronic-low-back-pain]
    pub scenario: Option<String>,
    /// Which replicate of the scenario to simulate
    #[arg(long, default_value_t = 0, value_name = "NUMBER", value_parser = replicate)]
    pub replicate: u64,
    /// Column names: tidy (default) or ADaM-style
    #[arg(long, value_parser = names, default_value = "tidy", hide_default_value = true, value_name = "tidy|adam")]
    pub names: Names,
    /// Write the file in the headings and shape that this columns.toml describes
    #[arg(long, value_name = "FILE", conflicts_with = "names")]
    pub columns: Option<PathBuf>,
}

/// Arguments of `analyse`.
#[derive(Debug, Args)]
pub struct Analyse {
    /// The data: a CSV or Parquet file; or the folder of a run that linger evaluate -o has kept
    pub data: PathBuf,
    /// What its headings and cells mean; not needed for tidy or ADaM-style names
    #[arg(long, value_name = "FILE")]
    pub columns: Option<PathBuf>,
    /// The analysis plan; without it every outcome, every pair of arms, ANCOVA at each visit
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
}

/// Arguments of `tip`.
#[derive(Debug, Args)]
#[command(
    after_help = "Missing scores are imputed as the plan says (missing at random where it says nothing), then made worse in one arm or two at a time, and analysed. With -o FILE.svg, .png or .pdf the surface is drawn."
)]
pub struct Tip {
    /// The data: a CSV or Parquet file
    pub data: PathBuf,
    /// What its headings and cells mean; not needed for tidy or ADaM-style names
    #[arg(long, value_name = "FILE")]
    pub columns: Option<PathBuf>,
    /// The analysis plan, with its imputation
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// Outcome, by short name [default: the first of the plan]
    #[arg(long, value_name = "NAME")]
    pub outcome: Option<String>,
    /// Visit whose conclusions are looked at [default: the last]
    #[arg(long, value_name = "W", value_parser = week, allow_negative_numbers = true)]
    pub week: Option<f64>,
    /// One arm or two whose missing scores are made worse, by short name [default: the first two beside the reference]
    #[arg(long, value_name = "NAME,NAME", value_delimiter = ',')]
    pub arms: Vec<String>,
    /// How much worse at most, in the unit of the score [default: half its range; 2 in log odds or log rates]
    #[arg(long, value_name = "POINTS", value_parser = above_zero, allow_negative_numbers = true)]
    pub to: Option<f64>,
    /// Points along each axis
    #[arg(long, value_name = "NUMBER", default_value_t = 21, value_parser = clap::value_parser!(u16).range(2..=201))]
    pub steps: u16,
    /// The looks of the picture, and the resolution of a PNG
    #[command(flatten)]
    pub looks: Looks,
}

/// Arguments of `truth`.
#[derive(Debug, Args)]
#[command(
    after_help = "The same simulated participants are given every arm in turn, and nobody is lost. Contrasts are those of the scenario's plan. With --keep FOLDER the values are kept there under the scenario's hash and found again."
)]
pub struct Truth {
    /// A scenario file or the name of a built-in scenario [default: chronic-low-back-pain]
    pub scenario: Option<String>,
    /// Participants of the large cohort, at least
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000_000))]
    pub participants: u64,
    /// Keep the values in this folder, and take them from there if they are there already
    #[arg(long, value_name = "FOLDER")]
    pub keep: Option<PathBuf>,
}

/// Arguments of `power`.
#[derive(Debug, Args)]
#[command(
    after_help = "A trial succeeds where p is below the plan's alpha and the estimate favours the first-named arm. Arms keep the proportions of the scenario. --vary n finds participants per arm, --vary allocation the share of the reference arm that needs fewest in all, --vary KEY (therapists.number) the smallest value of a setting that is a whole number. The search simulates more trials until the 95% interval of the answer is narrow; the same seed gives the same answer."
)]
pub struct Power {
    /// A scenario file or the name of a built-in scenario [default: chronic-low-back-pain]
    pub scenario: Option<String>,
    /// The power, or with --assurance the assurance, to be reached [default: 0.9]
    #[arg(long, value_name = "SHARE", value_parser = target)]
    pub target: Option<f64>,
    /// Week of the visit [default: the last visit]
    #[arg(long, value_name = "W", value_parser = week, allow_negative_numbers = true)]
    pub week: Option<f64>,
    /// The outcome, by short name [default: the first of the plan]
    #[arg(long, value_name = "NAME")]
    pub outcome: Option<String>,
    /// The contrast, e.g. "relaxation - usual_care" [default: the first with the reference arm]
    #[arg(long, value_name = "A - B")]
    pub contrast: Option<String>,
    /// Judge by the p-value after the plan's multiplicity rule instead of the contrast's own
    #[arg(long)]
    pub adjusted: bool,
    /// What to vary: n, allocation, or the key of a setting that is a whole number
    #[arg(long, value_name = "WHAT", default_value = "n")]
    pub vary: String,
    /// Largest number to try: participants per arm, or the largest value of the setting
    #[arg(long, value_name = "NUMBER", default_value_t = 5_000, value_parser = clap::value_parser!(u64).range(2..=1_000_000))]
    pub max_n: u64,
    /// Simulated trials at most, 1024 or more: a search needs two numbers, 512 trials each; with --vary allocation for each share
    #[arg(long, value_name = "NUMBER", default_value_t = 50_000, value_parser = search_trials)]
    pub replicates: u64,
    /// Half the width of the answer's 95% interval to be content with, as a share of the answer
    #[arg(long, value_name = "SHARE", value_parser = target)]
    pub precision: Option<f64>,
    /// Exit with 1 where the target is out of reach, or whether it is is not settled
    #[arg(long)]
    pub require: bool,
    /// Average over the priors of the scenario: the chance of success, all uncertainty counted; with --target also the size that reaches it
    #[arg(long)]
    pub assurance: bool,
    /// Recompute the power that the protocol of the built-in example's trial states
    #[arg(long, conflicts_with_all = ["scenario", "target", "week", "outcome", "contrast", "adjusted", "vary", "max_n", "replicates", "precision", "require", "assurance"])]
    pub protocol: bool,
}

/// Arguments of `compare`.
#[derive(Debug, Args)]
#[command(
    after_help = "Both scenarios are simulated with the seed of A (or --seed), so that participant 1 of replicate 0 is the same person under both: differences are paired, and their Monte Carlo error is small. That needs the same arms, sizes, blocks and entry; schedules, effects, dropout and the plan may differ. -s applies to both."
)]
pub struct Compare {
    /// The scenario to compare with: a file or the name of a built-in scenario
    pub a: String,
    /// The scenario to compare: a file or the name of a built-in scenario
    pub b: String,
    /// Number of simulated trials under each scenario [default: simulation.replicates of A]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..=u64::from(u32::MAX)))]
    pub replicates: Option<u64>,
}

/// Arguments of `evaluate`.
#[derive(Debug, Args)]
#[command(
    after_help = "Every measure is that of Morris, White and Crowther (2019), with its Monte Carlo standard error. Estimates are held against the true value of the estimand that their analysis claims. What has no estimate is counted by its reason and never drawn again. With -o FOLDER the estimates of every replicate are kept there (Parquet): a run that was broken off goes on where it was, a larger --replicates only adds, and linger analyse FOLDER asks other questions of the same replicates."
)]
pub struct Evaluate {
    /// A scenario file or the name of a built-in scenario [default: chronic-low-back-pain]
    pub scenario: Option<String>,
    /// Number of simulated trials [default: simulation.replicates of the scenario; with --until at most 1000000]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..=u64::from(u32::MAX)))]
    pub replicates: Option<u64>,
    /// Stop where every contrast of the main analysis has this Monte Carlo error, e.g. power=0.005; may be repeated
    #[arg(long, value_name = "MEASURE=ERROR")]
    pub until: Vec<Precision>,
    /// Simulate only a part of the replicates, such as 3/8, into the folder of -o; linger merge joins the parts
    #[arg(long, value_name = "I/K", requires = "output", conflicts_with = "until")]
    pub shard: Option<Shard>,
    /// Participants of the large cohort where true values need one, at least [default: 1000000]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000_000))]
    pub truth_participants: Option<u64>,
}

/// Arguments of `replay`.
#[derive(Debug, Args)]
pub struct Replay {
    /// A scenario file, the name of a built-in scenario, or the folder of a kept run
    pub scenario: String,
    /// Which replicate to show, counted from 0
    #[arg(value_parser = replicate)]
    pub replicate: u64,
}

/// Arguments of `merge`.
#[derive(Debug, Args)]
#[command(
    after_help = "-o FOLDER is a new folder: the same, byte for byte, as if one machine had simulated everything. The order of the folders does not matter; a part may be there twice, if both are the same. Exit code 5: a part is missing or incomplete."
)]
pub struct Merge {
    /// The folders of the shards
    #[arg(required = true, value_name = "FOLDER")]
    pub folders: Vec<PathBuf>,
}

/// Arguments of `sweep`.
#[derive(Debug, Args)]
#[command(
    after_help = "Values are written as with -s: --grid arms.relaxation.sessions=5,10,20 --grid 'dropout.every_arm=[0, 0, 0],[0.1, 0.2, 0.3]'. A range is first..last:step. All cells have the scenario's seed. With -o FOLDER/ the scenario of every cell is kept there with its hash, every setting written out, so that later edits do not change what the numbers belong to; -o FILE.csv or FILE.json writes every measure."
)]
pub struct Sweep {
    /// A scenario file or the name of a built-in scenario [default: chronic-low-back-pain]
    pub scenario: Option<String>,
    /// A setting and the values it takes, e.g. --grid trial.per_arm.relaxation=50..200:50; several are crossed
    #[arg(long, value_name = "KEY=A,B,C", required = true)]
    pub grid: Vec<String>,
    /// Go through the grids side by side, first values together, second values together, instead of crossing them
    #[arg(long)]
    pub zip: bool,
    /// Number of simulated trials of every cell [default: simulation.replicates of its scenario]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..=u64::from(u32::MAX)))]
    pub replicates: Option<u64>,
    /// Only say how many cells there are, and about how long they take and how much room
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Outcome of the table, by short name [default: the first of the plan]
    #[arg(long, value_name = "NAME")]
    pub outcome: Option<String>,
    /// Week of the table [default: every visit]
    #[arg(long, value_name = "W", value_parser = week)]
    pub week: Option<f64>,
    /// Contrast of the table, e.g. 'relaxation - usual_care' [default: the first of the plan]
    #[arg(long, value_name = "A - B")]
    pub contrast: Option<String>,
    /// Participants of the large cohort where true values need one, at least
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000_000))]
    pub truth_participants: u64,
}

/// Arguments of `interim`.
#[derive(Debug, Args)]
#[command(
    after_help = "The looks stand in the scenario's section [interim]; another scenario takes them by -s 'interim.looks=[0.5, 0.75, 1]'. Every trial is simulated as the scenario has it and as it would be were there no difference between arms: the share that is significant then is the error."
)]
pub struct Interim {
    /// A scenario file or the name of a built-in scenario [default: interim-looks]
    pub scenario: Option<String>,
    /// Number of simulated trials [default: simulation.replicates]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..=u64::from(u32::MAX)))]
    pub replicates: Option<u64>,
}

/// Arguments of `calibrate`.
#[derive(Debug, Args)]
#[command(
    after_help = "With -o FILE.toml the calibrated scenario is written there: the base with its comments, the values that were found, and at its head what was met and what is assumed. -s and --seed change the base; -s KEY=VALUE of a free setting says where to start."
)]
pub struct Calibrate {
    /// The targets: a TOML file with the base, the free settings and the numbers to be met
    pub targets: PathBuf,
}

/// Arguments of `schedule`.
#[derive(Debug, Args)]
#[command(
    after_help = "Plans are judged by the expected recorded score of the arm less that of the reference arm, everybody taken as they are (treatment policy). What one session does is that of the scenario, whatever the plan; [priors] of the scenario say what is not known for certain. No plan has a session in the week that judges it or later. With -o FILE.svg the picture is drawn."
)]
pub struct Schedule {
    /// A scenario file or the name of a built-in scenario [default: chronic-low-back-pain]
    pub scenario: Option<String>,
    /// Arm whose sessions are planned, by short name [default: the first whose sessions do something to the outcome]
    #[arg(long, value_name = "NAME")]
    pub arm: Option<String>,
    /// Outcome, by short name [default: the first of the plan]
    #[arg(long, value_name = "NAME")]
    pub outcome: Option<String>,
    /// Week by which plans are judged [default: the last visit]
    #[arg(long, value_name = "W", value_parser = week, allow_negative_numbers = true)]
    pub week: Option<f64>,
    /// Ask for the benefit at every visit from this week on, too [default: in the week that judges alone]
    #[arg(long, value_name = "W", value_parser = week, allow_negative_numbers = true)]
    pub from: Option<f64>,
    /// Benefit that is to be kept, in the unit of the score [default: the outcome's meaningful difference]
    #[arg(long, value_name = "POINTS", value_parser = above_zero, allow_negative_numbers = true)]
    pub benefit: Option<f64>,
    /// Probability with which it is to be kept, over the priors of the scenario
    #[arg(long, value_name = "P", default_value_t = 0.8, value_parser = probability, allow_negative_numbers = true)]
    pub probability: f64,
    /// Number of draws from the priors
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub draws: u64,
    /// Sessions of the first course, from the fewest to the most
    #[arg(long, value_name = "A..B", default_value = "0..20", value_parser = sessions)]
    pub sessions: (usize, usize),
    /// Weeks between them
    #[arg(long, value_name = "W,W", default_value = "1,2", value_delimiter = ',', value_parser = above_zero, allow_negative_numbers = true)]
    pub every: Vec<f64>,
    /// Weeks between boosters; plans without boosters are always looked at
    #[arg(long, value_name = "W,W", default_value = "4,8", value_delimiter = ',', value_parser = above_zero, allow_negative_numbers = true)]
    pub boosters_every: Vec<f64>,
    /// Weeks up to which boosters are given [default: up to the week that judges]
    #[arg(long, value_name = "W,W", value_delimiter = ',', value_parser = above_zero, allow_negative_numbers = true)]
    pub boosters_until: Vec<f64>,
    /// Look at plans without boosters only
    #[arg(long, conflicts_with_all = ["boosters_every", "boosters_until"])]
    pub no_boosters: bool,
    /// Draw the picture on a dark ground
    #[arg(long)]
    pub dark: bool,
}

/// Arguments of `plot`.
#[derive(Debug, Args)]
#[command(
    after_help = "Without -o a terminal shows the picture drawn with characters, and a pipe gets the SVG. The name after -o says the form: .svg, .png, .pdf, or .txt for characters."
)]
pub struct Plot {
    /// Which picture; --list shows them
    #[arg(value_enum, required_unless_present = "list")]
    pub picture: Option<Picture>,
    /// A scenario file, the name of a built-in scenario, or a data file (CSV or Parquet); for zip also the folder of a kept run, for grid that of a sweep [default: chronic-low-back-pain]
    pub source: Option<String>,
    /// List the pictures
    #[arg(long)]
    pub list: bool,
    /// Outcome to draw, by short name [default: the first of the plan]
    #[arg(long, value_name = "NAME")]
    pub outcome: Option<String>,
    /// Which replicate of the scenario to draw [default: 0]
    #[arg(long, value_name = "NUMBER", value_parser = replicate)]
    pub replicate: Option<u64>,
    /// For a data file: what its headings and cells mean
    #[arg(long, value_name = "FILE")]
    pub columns: Option<PathBuf>,
    /// For a data file: the analysis plan
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// For cdf, zip, power and grid: the week of the visit [default: every visit; for power and grid the last]
    #[arg(long, value_name = "W", value_parser = week, allow_negative_numbers = true)]
    pub week: Option<f64>,
    /// For zip, power and grid: the contrast, e.g. "relaxation - usual_care" [default: the first with the reference arm]
    #[arg(long, value_name = "A - B")]
    pub contrast: Option<String>,
    /// For power and grid: the power to be reached [default: 0.9]
    #[arg(long, value_name = "SHARE", value_parser = target)]
    pub target: Option<f64>,
    /// For zip, and for grid in every cell, the number of simulated trials [default: simulation.replicates]; for power at most [default: 50000]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(2..=u64::from(u32::MAX)))]
    pub replicates: Option<u64>,
    /// For zip: draw all percentiles of |z|, not only the top 30%
    #[arg(long)]
    pub all: bool,
    /// For grid: a setting and the values it takes, as in linger sweep; may be repeated
    #[arg(long, value_name = "KEY=A,B,C")]
    pub grid: Vec<String>,
    /// For grid: go through the grids side by side instead of crossing them
    #[arg(long)]
    pub zip: bool,
    /// For grid: how the cells are drawn [default: lolly up to 12 cells, loop beyond]
    #[arg(long = "as", value_enum, value_name = "FORM")]
    pub form: Option<GridLook>,
    /// Draw with characters, as on a terminal, also into a pipe
    #[arg(long, conflicts_with_all = ["dark", "narrow", "scale", "width"])]
    pub terminal: bool,
    /// The looks of the picture, and the resolution of a PNG
    #[command(flatten)]
    pub looks: Looks,
}

/// How a picture looks, and how fine a PNG is.
#[derive(Debug, Args)]
pub struct Looks {
    /// Draw on a dark ground
    #[arg(long)]
    pub dark: bool,
    /// Lay out for a narrow column or a telephone
    #[arg(long)]
    pub narrow: bool,
    /// For PNG: how many pixels for each of the picture's own [default: 3.125, which is 300 to the inch]
    #[arg(long, value_name = "FACTOR", value_parser = factor)]
    pub scale: Option<f64>,
    /// For PNG: how many pixels from side to side
    #[arg(long, value_name = "PIXELS", conflicts_with = "scale", value_parser = clap::value_parser!(u32).range(1..))]
    pub width: Option<u32>,
}

/// How the cells of a grid are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GridLook {
    /// A row per cell with a stem from the target
    Lolly,
    /// Cells side by side as steps, settings as step lines below
    Loop,
    /// A coloured field per cell
    Heat,
}

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(
    after_help = "The page has the answer in a sentence, what to be warned of, the flow of participants, the baseline, means, differences and their fade, responders, how the plan performs over many trials, a methods paragraph with references, the settings, the data dictionary, and how to get it again. It is one file and needs no network; behind every figure are its data as CSV. The same command gives the same bytes."
)]
pub struct Report {
    /// The folder of a kept run, a scenario file or the name of a built-in scenario, or a data file (CSV or Parquet) [default: chronic-low-back-pain]
    pub source: Option<String>,
    /// For a data file: what its headings and cells mean
    #[arg(long, value_name = "FILE")]
    pub columns: Option<PathBuf>,
    /// For a data file: the analysis plan
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// For a scenario: number of simulated trials, 0 for one trial alone [default: simulation.replicates]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(0..=u64::from(u32::MAX)))]
    pub replicates: Option<u64>,
    /// Which replicate to show whole [default: 0]
    #[arg(long, value_name = "NUMBER", value_parser = replicate)]
    pub replicate: Option<u64>,
    /// Open the page when it is written
    #[arg(long)]
    pub open: bool,
    /// Let the page open dark, whatever the reader's system says
    #[arg(long)]
    pub dark: bool,
    /// Say on the page when it was made and how long that took, which is different every time
    #[arg(long)]
    pub stamp: bool,
}

/// A picture that can be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Picture {
    /// Participant flow from enrolment to analysis (CONSORT)
    Flow,
    /// Adjusted means of each arm over time, with intervals
    #[value(alias = "trajectories")]
    Means,
    /// Difference from the reference arm over time: how the benefit fades
    Fade,
    /// What a scenario expects of each session: how the benefit builds up and what is left
    Dose,
    /// Every contrast of the plan with its interval, as a forest
    Forest,
    /// Why everybody improves: change against baseline, and what the expected change is made of
    Improve,
    /// Share of each arm that improved by at least so much, at every visit (responders)
    #[value(alias = "responders")]
    Cdf,
    /// Power by participants per arm, simulated and by formula, with the number that is needed
    Power,
    /// Intervals of many simulated trials beside the true value: how coverage comes about
    Zip,
    /// Bias, coverage, power and error of every cell of a sweep, beside their targets
    Grid,
}

/// Arguments of `test`.
#[derive(Debug, Args)]
#[command(
    after_help = "Written before the end, whatever comes of it, to the folder of -o (linger-out): junit.xml, summary.md, report.html, and new/*.toml where kept values could be accepted. Exit codes: 0 all fine; 1 a comparison failed; 2 the file, or the scenario or data of a case, is invalid; 3 nothing is kept for a case, or it belongs to another scenario, data, generator or number of replicates; 4 no case was chosen. Of several 2 comes before 3, and 3 before 1."
)]
pub struct Test {
    /// Only these cases, by name; `*` stands for any letters
    #[arg(long = "case", value_name = "NAME", num_args = 1..)]
    pub cases: Vec<String>,
    /// The cases with what is compared of them
    #[arg(long, value_name = "FILE", default_value = TESTS_FILE)]
    pub file: PathBuf,
    /// How to run them: default, ci, nightly (a fresh seed, Monte Carlo comparisons alone), or a profile of the file
    #[arg(long, value_name = "NAME", default_value = "default", hide_default_value = true)]
    pub profile: String,
    /// Make these comparisons alone: exact (with kept results) or monte-carlo (with targets); expectations are always compared
    #[arg(long, value_name = "exact|monte-carlo", value_parser = test_kind)]
    pub only: Option<TestKind>,
    /// Take a seed that was not used before, and say which; exact comparisons fail with it
    #[arg(long, conflicts_with = "seed")]
    pub fresh_seed: bool,
    /// Compare nothing: list every quantity of the cases with its id and value
    #[arg(long)]
    pub quantities: bool,
}

/// File with the cases, where no other is named.
pub const TESTS_FILE: &str = "linger-tests.toml";

/// Arguments of `snapshot`.
#[derive(Debug, Args)]
#[command(
    after_help = "Values to accept are those that the last linger test has found and written to new/ in its folder (-o, linger-out). Where CI is set nothing kept is ever changed."
)]
pub struct SnapshotArguments {
    /// The file with the cases
    #[arg(long, global = true, value_name = "FILE", default_value = TESTS_FILE)]
    pub file: PathBuf,
    /// What to do.
    #[command(subcommand)]
    pub what: SnapshotVerb,
}

/// What is done with kept results.
#[derive(Debug, Subcommand)]
pub enum SnapshotVerb {
    /// Go through what the last test found changed: accept, reject or skip each value, in a terminal
    Review,
    /// Accept changed values
    Accept {
        /// Ids, as CASE/ID or, where one case has it, ID; `*` stands for any letters
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
        /// Why the values have changed; it is kept with them
        #[arg(long, value_name = "TEXT", value_parser = reason)]
        reason: String,
    },
    /// Compute cases and keep everything that they compare
    New {
        /// The cases, by name, `*` stands for any letters [default: those for which nothing fitting is kept]
        #[arg(value_name = "CASE")]
        cases: Vec<String>,
        /// Why; it is kept with the values
        #[arg(long, value_name = "TEXT", value_parser = reason)]
        reason: String,
    },
    /// Show kept values with the reason they were kept for
    Show {
        /// A case, or values of it as CASE/ID; `*` stands for any letters
        #[arg(required = true, value_name = "CASE")]
        what: Vec<String>,
    },
    /// List what is kept of every case
    List,
}

/// Arguments of `validate`.
#[derive(Debug, Args)]
pub struct Validate {
    /// A scenario file or the name of a built-in scenario [default: chronic-low-back-pain]
    pub scenario: Option<String>,
}

/// Arguments of `show`.
#[derive(Debug, Args)]
pub struct Show {
    /// A scenario file or the name of a built-in scenario [default: chronic-low-back-pain]
    pub scenario: Option<String>,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(
    after_help = "For an arm: the build-up of its expected recorded score, component by component. Otherwise what a code (L012), a key (trial.entry) or a term (ancova) means; without WORD, what there is."
)]
pub struct Explain {
    /// An arm of the scenario, the code of a problem, a key of a file, or a term
    pub word: Option<String>,
    /// For an arm: weeks since randomisation, not necessarily those of a visit [default: the last visit]
    #[arg(long, value_name = "W", value_parser = week, allow_negative_numbers = true)]
    pub week: Option<f64>,
    /// For an arm: the outcome, by short name [default: the first of the plan]
    #[arg(long, value_name = "NAME")]
    pub outcome: Option<String>,
    /// A scenario file or the name of a built-in scenario [default: chronic-low-back-pain]
    #[arg(long, value_name = "FILE|NAME")]
    pub scenario: Option<String>,
}

/// Arguments of `lesson`.
#[derive(Debug, Args)]
#[command(
    after_help = "The page works offline in any browser: seven bets with figures that move, a sandbox, a speaker view (S), a handout (print it). Every number in it is computed from the scenario.\n\nWords of your own: linger lesson --write-words my.toml, edit, linger lesson --words my.toml -o lesson.html"
)]
pub struct Lesson {
    /// A scenario file or the name of a built-in scenario, e.g. chronic-low-back-pain [default: plain]
    pub scenario: Option<String>,
    /// Outcome, by short name [default: the first score of the plan]
    #[arg(long, value_name = "NAME")]
    pub outcome: Option<String>,
    /// Arm whose sessions are looked at, by short name [default: the one that gains most by them]
    #[arg(long, value_name = "NAME")]
    pub arm: Option<String>,
    /// Whom the words are for; numbers and figures are the same for all
    #[arg(long, value_enum, default_value_t = LessonAudience::Students, value_name = "WHOM")]
    pub audience: LessonAudience,
    /// Words of your own, as --write-words hands them out
    #[arg(long, value_name = "FILE")]
    pub words: Option<PathBuf>,
    /// Write the built-in words to a file, to edit or translate them
    #[arg(long, value_name = "FILE", conflicts_with_all = ["words", "terminal"])]
    pub write_words: Option<PathBuf>,
    /// Walk through the lesson in the terminal
    #[arg(long)]
    pub terminal: bool,
}

/// Arguments of `explore`.
#[derive(Debug, Args)]
#[command(
    after_help = "The page works offline in any browser of 2023 or later: sessions, half-life, boosters, natural course, entry, size and dropout on sliders, with expected scores and differences, the build-up of sessions, and power by formula and by simulation in the page. The program itself runs in it, so that its numbers are those of linger trial, explain and power.\n\nWords of your own: linger explore --write-words my.toml, edit, linger explore --words my.toml -o explore.html"
)]
pub struct Explore {
    /// A scenario file or the name of a built-in scenario, e.g. chronic-low-back-pain [default: plain]
    pub scenario: Option<String>,
    /// Words of your own, as --write-words hands them out
    #[arg(long, value_name = "FILE")]
    pub words: Option<PathBuf>,
    /// Write the built-in words to a file, to edit or translate them
    #[arg(long, value_name = "FILE", conflicts_with = "words")]
    pub write_words: Option<PathBuf>,
}

/// Whom a lesson is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LessonAudience {
    /// People who know the treatment from their own side
    Patients,
    /// Students of a health profession or of statistics
    Students,
    /// People who give treatments
    Clinicians,
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct Init {
    /// Name of a built-in scenario [default: chronic-low-back-pain]
    pub name: Option<String>,
    /// List the built-in scenarios with what they are for
    #[arg(long)]
    pub list: bool,
    /// Write over files that exist
    #[arg(long)]
    pub force: bool,
}

/// Arguments of `generate`.
#[derive(Debug, Args)]
pub struct Generate {
    /// What to write.
    #[command(subcommand)]
    pub what: Generated,
}

/// What `generate` writes.
#[derive(Debug, Subcommand)]
pub enum Generated {
    /// Completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// The manual: one page, or with -o FOLDER/ a page per verb
    Man,
    /// Every picture once, drawn from built-in scenarios, with a page that says how to read it
    Gallery {
        /// Where it is written
        folder: PathBuf,
    },
    /// A JSON schema for editors
    Schema {
        /// What the schema describes: scenario (default), plan, columns, targets or tests
        #[arg(long = "for", value_parser = schema_for, default_value = "scenario", value_name = "KIND")]
        kind: SchemaFor,
    },
    /// A workflow that runs linger test on every change, and nightly with a fresh seed
    Ci {
        /// The service
        #[arg(value_enum)]
        service: CiService,
        /// The file with the cases
        #[arg(long, value_name = "FILE", default_value = TESTS_FILE)]
        file: PathBuf,
        /// The command that puts linger on the path, where its source is elsewhere than in the repository itself
        #[arg(long, value_name = "COMMAND", default_value = "cargo install --locked --path .")]
        install: String,
    },
    /// A Slurm job array that evaluates a scenario, one task per shard, and a job that merges the shards
    Slurm {
        /// What is shared out
        #[command(flatten)]
        job: ClusterJob,
    },
    /// A Kubernetes Indexed Job that evaluates a scenario, one pod per shard, and a Job that merges the shards
    Kubernetes {
        /// What is shared out
        #[command(flatten)]
        job: ClusterJob,
        /// The container image, which holds linger and /bin/sh
        #[arg(long, value_name = "IMAGE")]
        image: String,
        /// An existing claim for the storage of the runs [default: a new one]
        #[arg(long, value_name = "NAME", conflicts_with = "host_path")]
        claim: Option<String>,
        /// A folder of the node for the runs, on a cluster of one node
        #[arg(long, value_name = "PATH")]
        host_path: Option<String>,
    },
}

/// A service that runs checks on every change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CiService {
    /// GitHub Actions
    Github,
    /// GitLab CI/CD
    Gitlab,
}

/// A simulation to be shared out over a cluster.
#[derive(Debug, Args)]
#[command(
    after_help = "The files go to the folder named by -o, by default one named after the scenario and its hash. The scenario is written with every setting (-s and --seed included), so that later edits do not change the run."
)]
pub struct ClusterJob {
    /// A scenario file or the name of a built-in scenario [default: chronic-low-back-pain]
    pub scenario: Option<String>,
    /// Number of simulated trials in all [default: simulation.replicates of the scenario]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..=u64::from(u32::MAX)))]
    pub replicates: Option<u64>,
    /// Into how many parts, each computed by a process of its own
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub shards: u64,
    /// Write over files that exist and differ
    #[arg(long)]
    pub force: bool,
}

/// Reads a factor above 0.
fn factor(text: &str) -> Result<f64, String> {
    let factor = text.parse::<f64>().ok().filter(|factor| *factor > 0.0 && factor.is_finite());
    factor.ok_or_else(|| "expected a number above 0, e.g. 2".to_owned())
}

/// Reads a share that is neither nothing nor everything.
fn target(text: &str) -> Result<f64, String> {
    let share = text.parse::<f64>().ok().filter(|share| *share > 0.0 && *share < 1.0);
    share.ok_or_else(|| "expected a share above 0 and below 1, e.g. 0.9".to_owned())
}

/// Reads the number of simulated trials of a search.
fn search_trials(text: &str) -> Result<u64, String> {
    let trials = text.parse::<u64>().ok().filter(|trials| (LEAST_TRIALS..=u64::from(u32::MAX)).contains(trials));
    trials.ok_or_else(|| format!("expected a whole number from {LEAST_TRIALS} to 4294967295: {SEARCH_TRIALS}"))
}

/// Fewest simulated trials of a search for power.
pub const LEAST_TRIALS: u64 = 1_024;

/// Why a search needs so many.
pub const SEARCH_TRIALS: &str = "a search needs two numbers, 512 trials each, to tell how power rises";

/// Reads the number of a replicate.
fn replicate(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "expected the number of a replicate, a whole number from 0 on".to_owned())
}

/// Reads weeks since randomisation.
fn week(text: &str) -> Result<f64, String> {
    let weeks = text.parse::<f64>().ok().filter(|weeks| weeks.is_finite() && *weeks >= 0.0);
    weeks.ok_or_else(|| "expected weeks since randomisation, a number from 0 on".to_owned())
}

/// Reads a number above 0.
fn above_zero(text: &str) -> Result<f64, String> {
    let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| "expected a number above 0".to_owned())
}

/// Reads a probability above 0.
fn probability(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| *number > 0.0 && *number <= 1.0);
    number.ok_or_else(|| "expected a probability above 0, at most 1".to_owned())
}

/// Most sessions of a first course that are looked at.
const MOST_SESSIONS: usize = 500;

/// Reads `0..20` or `12`.
fn sessions(text: &str) -> Result<(usize, usize), String> {
    let (fewest, most) = text.split_once("..").unwrap_or((text, text));
    let number = |text: &str| text.trim().trim_start_matches('=').parse::<usize>().ok();
    let both = number(fewest).zip(number(most)).filter(|(fewest, most)| fewest <= most && *most <= MOST_SESSIONS);
    both.ok_or_else(|| format!("expected numbers of sessions such as 0..20, at most {MOST_SESSIONS}"))
}

/// Reads `tidy` or `adam`.
fn names(text: &str) -> Result<Names, String> {
    Names::ALL.into_iter().find(|names| names.name() == text).ok_or_else(|| "expected tidy or adam".to_owned())
}

/// Reads `exact` or `monte-carlo`.
fn test_kind(text: &str) -> Result<TestKind, String> {
    match text {
        "exact" => Ok(TestKind::Exact),
        "monte-carlo" | "monte_carlo" => Ok(TestKind::MonteCarlo),
        _ => Err("expected exact or monte-carlo".to_owned()),
    }
}

/// Reads a reason, which is not empty.
fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("say why, for those who will read it in a year".to_owned()) } else { Ok(text.to_owned()) }
}

/// Reads `scenario`, `plan`, `columns`, `targets` or `tests`.
fn schema_for(text: &str) -> Result<SchemaFor, String> {
    match text {
        "scenario" => Ok(SchemaFor::Scenario),
        "plan" => Ok(SchemaFor::Plan),
        "columns" => Ok(SchemaFor::Columns),
        "targets" => Ok(SchemaFor::Targets),
        "tests" => Ok(SchemaFor::Tests),
        _ => Err("expected scenario, plan, columns, targets or tests".to_owned()),
    }
}
