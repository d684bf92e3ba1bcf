//! The gallery: every picture once, the command that draws it, what it shows and how it is read.

/// One picture of the gallery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exhibit {
    /// Name of its file without the ending.
    pub name: &'static str,
    /// What heads it.
    pub heading: &'static str,
    /// The arguments of `linger` that draw it, as typed, without `-o`.
    pub arguments: &'static str,
    /// What it shows.
    pub shows: &'static str,
    /// How it is read.
    pub reading: &'static str,
}

/// The pictures in the order in which a reader meets them.
pub const EXHIBITS: [Exhibit; 12] = [
    Exhibit {
        name: "flow",
        heading: "Participant flow",
        arguments: "plot flow chronic-low-back-pain",
        shows: "Who was assessed, excluded, randomised, treated, lost and analysed, arm by arm, as the CONSORT statement asks.",
        reading: "Read downwards, a column per arm. Every count is taken from the data. Lost means that no value is recorded at this or any \
                  later visit.",
    },
    Exhibit {
        name: "dose",
        heading: "Build-up session by session",
        arguments: "plot dose boosters-monthly",
        shows: "What a scenario expects: how the benefit of one session after another adds up, and what is left of each afterwards.",
        reading: "The line is the expected benefit against the reference arm, upwards is better. Below it, every band is what is left of one \
                  session. Ticks under the axis are sessions, hollow ones boosters. The broken line is the level that sessions would approach \
                  if they never stopped.",
    },
    Exhibit {
        name: "means",
        heading: "Means over time",
        arguments: "plot means chronic-low-back-pain",
        shows: "The adjusted mean of every arm at each visit, with its interval and the participants behind it.",
        reading: "Weeks are drawn as long as they are, the shaded part is the treatment. The arrow says which way is better. Means of one arm \
                  going down show no effect: compare the arms.",
    },
    Exhibit {
        name: "fade",
        heading: "The fade of the difference",
        arguments: "plot fade chronic-low-back-pain",
        shows: "How far each arm is from the reference arm at every visit, beside what the scenario expects and what was published.",
        reading: "Points are estimates with their intervals, the line behind them is what the scenario expects, hollow points are published. \
                  In the band lie differences too small to matter to participants. An interval that meets the line of no difference cannot \
                  tell the difference from zero.",
    },
    Exhibit {
        name: "forest",
        heading: "Forest of contrasts",
        arguments: "plot forest chronic-low-back-pain",
        shows: "Every contrast of the plan at every visit, with participants, means, estimate, interval and p-values in figures.",
        reading: "A square is an estimate, its area grows with the participants; the bar is its interval. There is no diamond at the foot: \
                  rows are no studies to be pooled.",
    },
    Exhibit {
        name: "improve",
        heading: "Why everybody improves",
        arguments: "plot improve chronic-low-back-pain",
        shows: "Why the reference arm gets better too: left the change of its participants by their baseline, right what the expected change of \
                every arm is made of.",
        reading: "Who enters on a bad day tends to have a better one next time: the falling line is there without any treatment. On the right, \
                  the grey parts are the same in every arm; only what is coloured is owed to sessions.",
    },
    Exhibit {
        name: "cdf",
        heading: "Responders",
        arguments: "plot cdf chronic-low-back-pain",
        shows: "The share of each arm that improved by at least so much, for every amount of improvement at once.",
        reading: "Go along the axis to the improvement that you would call a response and read the shares off the steps. The upright line \
                  marks the usual threshold, the table has the shares there. Who has no score counts as no responder.",
    },
    Exhibit {
        name: "power",
        heading: "Power by participants",
        arguments: "plot power plain --replicates 2000",
        shows: "The share of simulated trials that succeed, by participants per arm, and the number that reaches the power aimed at.",
        reading: "Dots are simulated, with Monte Carlo intervals; the unbroken line is fitted to those near the target, the broken one is the \
                  closed form. The shaded part is the interval of the number that is needed.",
    },
    Exhibit {
        name: "zip",
        heading: "Zip of coverage",
        arguments: "plot zip plain --replicates 1000",
        shows: "The intervals of many simulated trials beside the true value, sorted by how far their estimates are from it.",
        reading: "Grey intervals hold the true value, coloured ones miss it. The zip should open at the line of the intervals' level; where it \
                  opens lower, intervals are too short. The blue band is the Monte Carlo interval of the coverage.",
    },
    Exhibit {
        name: "grid-lolly",
        heading: "Scenario grid: lollies",
        arguments: "plot grid plain --grid 'arms.*.effect.rdq.half_life_weeks=4,14,26' --grid 'trial.per_arm.*=60,100,133' --replicates 400",
        shows: "Bias, coverage, power and root mean squared error in every cell of a sweep, with few cells.",
        reading: "A stem leads from the target to the dot: short stems are good ones, save where power is above its target. Bars are Monte Carlo \
                  intervals: a stem no longer than its bar is chance.",
    },
    Exhibit {
        name: "grid-loop",
        heading: "Scenario grid: nested loop",
        arguments: "plot grid plain --grid 'arms.*.effect.rdq.half_life_weeks=4,14,26' --grid 'dropout.every_arm=[0.05, 0.07, 0.1],[0.1, 0.2, 0.3]' --grid 'trial.per_arm.*=60,80,100,133' --replicates 200",
        shows: "The same measures where there are many cells.",
        reading: "Every step is a cell, in the order of the grid: the last setting varies fastest. The step lines at the foot say which values a \
                  cell has; look for steps above that go with steps below.",
    },
    Exhibit {
        name: "grid-heat",
        heading: "Scenario grid: heat map",
        arguments: "plot grid plain --as heat --grid 'arms.*.effect.rdq.half_life_weeks=4,14,26' --grid 'trial.per_arm.*=60,80,100,133' --replicates 400",
        shows: "The same measures as a table in which colour leads the eye.",
        reading: "Light fields have high numbers, dark ones low numbers; whether high is good depends on the measure. The best field of a measure \
                  has an unbroken frame, the worst a broken one.",
    },
];

/// The page that shows the pictures, whose titles stand under their headings.
pub fn page(titles: &[String]) -> String {
    let mut page = String::from(
        "<!-- Written by `linger generate gallery`: change the program, not this page. -->\n\n# Gallery\n\nEvery picture that linger draws, each \
         from a scenario that is built in. The title of a picture is a sentence made from its numbers. `-o FILE.svg`, `.png` or `.pdf` says the form, \
         `--dark` draws on a dark ground, `--narrow` for a narrow column or a telephone. `linger generate gallery scenarios/gallery` draws this page \
         again.\n",
    );
    for (exhibit, title) in EXHIBITS.iter().zip(titles) {
        let Exhibit { name, heading, arguments, shows, reading } = exhibit;
        page.push_str(&format!(
            "\n## {heading}\n\n{shows}\n\n```sh\nlinger {arguments} -o {name}.svg\n```\n\n![{}]({name}.svg)\n\n**How to read it.** {reading}\n",
            title.replace(['[', ']'], "")
        ));
    }
    page
}
