//! Facts that must hold whatever the numbers are, one file per kind.
