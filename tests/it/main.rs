//! One binary for all integration tests: the table of contents.

// What several tests lean on.
mod closeness;
mod table;
mod trials;

// The house: floors, homes, opening sentences.
mod architecture;

// Numbers that another program computed, stored under `tests/reference`.
mod reference;
// What was published about the real trial, under `data`.
mod published_facts;

// The same number by another road.
mod independent;
// Facts that must hold whatever the numbers are.
mod behaviour;

// Pictures, held against the numbers that they show.
mod pictures;
