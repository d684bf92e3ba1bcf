//! One binary for all integration tests: the table of contents.

// What several tests lean on.
mod closeness;
mod table;
mod trials;

// Numbers that another program computed, stored under `tests/reference`.
mod reference;
// What was published about the real trial, under `data`.
mod published_facts;
