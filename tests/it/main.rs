//! One binary for all integration tests: the table of contents.

// The platform's functions are another road to the same numbers.
#![allow(clippy::disallowed_methods)]

// What several tests lean on.
mod closeness;
mod every_section;
mod everything;
mod program;
mod table;
mod terminal;
mod tip;
mod trials;

// The rules of the house.
mod architecture;
mod ledger;
mod supply_chain;

// Numbers that another program computed, stored under `tests/reference`.
mod reference;
// What was published about the real trial, under `data`.
mod published_facts;

// The same number by another road.
mod independent;
// Facts that must hold whatever the numbers are.
mod behaviour;

// Scenario files: those shipped, and everything that can be wrong with one.
mod mistakes;
mod mistakes_in_plans;
mod mistakes_in_sections;
mod scenario_files;
mod schedules;
// Files and names that mean harm, and a system that lacks something.
mod faults;
mod hostile_files;
// What fuzzing found.
mod fuzz_finds;
// Data files: what is read, what is refused, what is written, how it is described.
mod columns_file;
mod descriptives;
mod intake;
mod round_trip;
// The whole way of data, and trials of every shape.
mod route;
mod shapes;
// The commands as a user meets them.
mod commands;
mod verify;
// Many simulated trials: evaluated, kept, interrupted, asked again.
mod evaluations;
// How large a trial must be.
mod power;
// The same participants under two scenarios.
mod explain;
mod interim;
mod twins;
// Settings varied over grids.
mod grids;
mod sweep;
// The report page.
mod report;
// Jobs of a cluster.
mod cluster;
mod shards;
// Published numbers in, settings out.
mod calibrate;
// The lesson.
mod lesson;
// Results compared with kept ones.
mod guard;
// The records of many replicates in a folder.
mod store;
// The pictures.
mod picture_exports;
mod picture_of_a_grid;
mod picture_soundness;
mod pictures;
mod pictures_of_imputation;
mod pictures_of_replicates;
mod pictures_of_scenarios;
// What a reader sees of outcomes that are no scores.
mod kinds;
// A scenario asked while somebody moves a slider, natively and in a page.
mod live;
// The page with every setting on a slider.
mod explorer;
// What a reader sees of plans beyond the plainest.
mod plans;
