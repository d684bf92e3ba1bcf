//! A scenario in which every section and every key of a scenario is written, for tests of how they are read.

/// Four arms, two of them with therapists, five outcomes of all kinds, and every section.
pub const EVERYTHING: &str = r#"schema_version = 1
title = "A trial with everything"
story = "Every section of a scenario is in use."
seed = 11

[trial]
per_arm = { relaxation = 40, structural = 40, education = 20, usual_care = 20 }
visits_weeks = [0, 4, 10, 26]
entry = [
  { outcome = "rdq", at_least = 4 },
  { outcome = "days", at_least = 3, at_most = 27 },
]

[trial.exclusions.pregnancy]
label = "Pregnant"
prevalence = 0.02

[trial.exclusions.bleeding]
prevalence = 0.01

[trial.allocation]
ratio = { relaxation = 2, structural = 2, education = 1, usual_care = 1 }
block_sizes = [6, 12]
strata = ["site", "sex"]
within_therapist = true
therapist_block_sizes = [4, 8]

[outcomes.rdq]
label = "Roland disability"
range = [0, 24]
better = "lower"
baseline = { mean = 11, sd = 5 }
follow_up = { sd_by_visit = [5, 5.5, 6] }
correlation = { ar1 = 0.8 }
natural_course = { improves = 2, half_life_weeks = 8, sd = 1.5 }

[outcomes.pain]
kind = "score"
unit = "cm"
range = [0, 10]
step = 0.1
meaningful = 1.5
baseline = { mean = 5.5, sd = 2 }
follow_up = { sd = 2.2 }

[outcomes.days]
kind = "count"
range = [0, 28]
meaningful = 3
baseline = { mean = 12, sd = 8 }
natural_course = { improves = 0.3, half_life_weeks = 6 }

[outcomes.absence]
kind = "binary"
unit = "off work"
baseline = { share = 0.3 }

[outcomes.rating]
kind = "ordinal"
levels = ["much better", "better", "the same", "worse"]
at_baseline = false
baseline = { shares = [0.05, 0.15, 0.6, 0.2] }

[between_outcomes]
exchangeable = 0.3

[arms.relaxation]
label = "Relaxation massage"
sessions = 10
boosters = [{ sessions = 3 }, { sessions = 2, every_weeks = 8, first_week = 30 }]
attendance = { keeps = 0.85, sd = 0.2, stops = 0.01 }
adverse_events = { mild = 0.02, serious = 0.001 }
effect.rdq = { at_week = 10, value = -2.9, half_life_weeks = 12, lasting_share = 0.1, ceiling = 6, spread = 0.5 }
effect.pain = { per_session = -0.05, half_life_weeks = 6, unit = "share" }
effect.absence = { per_session = -0.03, half_life_weeks = 20 }

[arms.structural]
sessions = 8
every_weeks = 1.25
attendance = { keeps = 0.9 }
adverse_events = { mild = 0.03 }
effect.rdq = { per_session = -0.4, half_life_weeks = 12 }

[arms.education]
sessions = 2
boosters = { sessions = 1, first_week = 12 }

[arms.usual_care]
reference = true

[characteristics.site]
levels = { north = 0.5, south = 0.3, west = 0.2 }

[characteristics.sex]
label = "Sex"
levels = { female = 0.6, male = 0.4 }
change.rdq = { male = -0.5 }

[therapists]
number = 6
arms = ["relaxation", "structural"]
variance_share = 0.04
caseload_variation = 0.6

[co_interventions.exercise]
label = "Home exercises"
uptake = 0.2
uptake_by_arm = { education = 0.7 }
from_week = 2
until_week = 20
change = { rdq = -0.6, pain = -0.3 }

[events.rescue]
label = "Rescue medication"
every_arm = [0.02, 0.05, 0.1]
by_arm = { usual_care = [0.04, 0.1, 0.2] }
change = { pain = -0.8 }

[dropout]
every_arm = [0.03, 0.05, 0.10]
by_arm = { usual_care = [0.05, 0.08, 0.12] }
missed = [0.02, 0.02, 0.03]
missed_by_arm = { education = [0.05, 0.05, 0.05] }
reasons = { "moved away" = 0.25, "no benefit" = 0.75 }

[dropout.depends_on]
outcome = "rdq"
value = "change"
per_point = 0.1
by_arm = { usual_care = 0.2 }
centre = -1

[analysis]
outcomes = ["rdq", "pain", "absence"]
covariates = ["days", "site"]
contrasts = ["relaxation - usual_care"]

[interim]
looks = [0.5, 0.75, 1]
outcome = "rdq"
week = 10
spending = "pocock"
sharing = "none"
futility = { below = 0.1 }

[priors]
"arms.*.effect.rdq.half_life_weeks" = { lognormal = { median = 12, ratio_95 = 2 } }
"arms.relaxation.attendance.keeps" = { beta = { mean = 0.85, sd = 0.05 }, at_least = 0.5 }
"outcomes.rdq.natural_course.improves" = { normal = { mean = 2, sd = 1 }, at_least = 0, at_most = 6 }
"dropout.every_arm[2]" = { uniform = { from = 0.06, to = 0.14 } }

[simulation]
replicates = 100
"#;
