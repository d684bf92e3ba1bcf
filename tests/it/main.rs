//! One binary for all integration tests: the table of contents.
