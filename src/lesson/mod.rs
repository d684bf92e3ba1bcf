//! The lesson on why a benefit fades without continued sessions: steps, page, explorer.
//!
//! Never here: a new statistic. What the lesson shows is computed from the scenario by the floors below.
