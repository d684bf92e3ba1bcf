//! What real trials published and is compiled in: contrasts, for showing beside simulated ones, and the power their protocols state.

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

/// A trial of which published numbers are compiled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishedTrial {
    /// The name a scenario uses for it, also that of its folder in `data/`.
    pub name: &'static str,
    /// How to cite it, short.
    pub citation: &'static str,
    /// Its contrasts as CSV: outcome, visit_week, contrast, estimate, lower, upper, then columns that are not read here.
    contrasts: &'static str,
    /// The power its protocol claims, as CSV: outcome, test, mean_low, mean_middle, mean_high, sd, n_per_arm, alpha, claimed_power,
    /// claimed_as, then columns that are not read here.
    power_claims: &'static str,
}

/// A power that a protocol states, with the assumptions behind it; or a variant of one that nobody stated.
#[derive(Debug, Clone, PartialEq)]
pub struct PowerClaim {
    /// Short name of the outcome.
    pub outcome: String,
    /// Assumed means of the arms that are compared: of a pair, or of all arms.
    pub means: Vec<f64>,
    /// Assumed standard deviation after adjustment for the baseline, in points.
    pub sd: f64,
    /// Participants analysed in each arm.
    pub n_per_arm: f64,
    /// Two-sided level.
    pub alpha: f64,
    /// The power stated; `None` for a variant.
    pub claimed: Option<f64>,
    /// The words it was stated in.
    pub claimed_as: String,
    /// Whether more than the figure was stated.
    pub is_more_than: bool,
}

/// The trials of which published numbers are compiled in.
pub const PUBLISHED_TRIALS: [PublishedTrial; 1] = [PublishedTrial {
    name: "cherkin-2011",
    citation: "Cherkin et al., Ann Intern Med 2011;155:1-9",
    contrasts: include_str!("../../data/cherkin-2011/contrasts.csv"),
    power_claims: include_str!("../../data/cherkin-2011/power_claims.csv"),
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

    /// The power that its protocol states, and variants. Rows as those of the contrasts.
    pub fn power_claims(&self) -> Vec<PowerClaim> {
        self.power_claims.lines().skip(1).filter_map(read_claim).collect()
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

/// Reads the first ten cells of a row; none of them is ever quoted.
fn read_claim(line: &str) -> Option<PowerClaim> {
    let mut cells = line.splitn(11, ',');
    let mut next = || cells.next();
    let (outcome, _test) = (next()?, next()?);
    let means = [next()?, next()?, next()?];
    let number = |cell: &str| cell.parse::<f64>().ok();
    let [sd, n_per_arm, alpha] = [number(next()?)?, number(next()?)?, number(next()?)?];
    let claimed = number(next()?);
    let claimed_as = next()?;
    Some(PowerClaim {
        outcome: outcome.to_owned(),
        means: means.into_iter().filter_map(number).collect(),
        sd,
        n_per_arm,
        alpha,
        claimed,
        claimed_as: claimed_as.to_owned(),
        is_more_than: claimed_as.starts_with("over"),
    })
}
