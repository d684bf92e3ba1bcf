//! Self-contained HTML reports from results and pictures that already exist elsewhere.
//!
//! Never here: a new statistic. What a report shows already stands in a table.
