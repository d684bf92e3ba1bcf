//! A graphical procedure against the R package graphicalMCP.

use super::holds;

#[test]
fn adjusted_p_values_agree_with_closed_testing_by_graphical_mcp() {
    holds("graph/graph.csv", 4);
}

#[test]
fn weights_of_all_intersections_are_those_of_graphical_mcp() {
    holds("graph/weights.csv", 60);
}
