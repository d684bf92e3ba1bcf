//! operating_characteristics
