//! Published contrasts of real trials that are compiled in, for showing beside simulated ones.

/// One published contrast with its interval.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedContrast {
    /// Short name of the outcome.
    pub outcome: String,
    /// Week of the visit.
    pub visit_week: f64,
    /// The contrast, written `relaxation - usual_care`.
    pub contrast: String,
    /// Published difference, in points.
    pub estimate: f64,
    /// Lower end of the published 95% interval.
    pub lower: f64,
    /// Upper end of the published 95% interval.
    pub upper: f64,
}

/// A trial whose published contrasts are compiled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishedTrial {
    /// The name a scenario uses for it, also that of its folder in `data/`.
    pub name: &'static str,
    /// How to cite it, short.
    pub citation: &'static str,
    /// Its contrasts as CSV: outcome, visit_week, contrast, estimate, lower, upper, then columns that are not read here.
    contrasts: &'static str,
}

/// The trials whose published contrasts are compiled in.
pub const PUBLISHED_TRIALS: [PublishedTrial; 1] = [PublishedTrial {
    name: "cherkin-2011",
    citation: "Cherkin et al., Ann Intern Med 2011;155:1-9",
    contrasts: include_str!("../../data/cherkin-2011/contrasts.csv"),
}];

impl PublishedTrial {
    /// The trial of that name.
    pub fn named(name: &str) -> Option<Self> {
        PUBLISHED_TRIALS.into_iter().find(|trial| trial.name == name)
    }

    /// Its contrasts. Rows that do not hold numbers are passed over; a test holds that there are none.
    pub fn contrasts(&self) -> Vec<PublishedContrast> {
        self.contrasts.lines().skip(1).filter_map(read_row).collect()
    }
}

/// Reads the first six cells of a row; none of them is ever quoted.
fn read_row(line: &str) -> Option<PublishedContrast> {
    let mut cells = line.splitn(7, ',');
    let mut next = || cells.next();
    Some(PublishedContrast {
        outcome: next()?.to_owned(),
        visit_week: next()?.parse().ok()?,
        contrast: next()?.to_owned(),
        estimate: next()?.parse().ok()?,
        lower: next()?.parse().ok()?,
        upper: next()?.parse().ok()?,
    })
}
