//! A graphical procedure against the R package graphicalMCP.

use linger::analysis::multiplicity::graph::{Graph, Remaining};

use crate::closeness::Closeness;
use crate::table::{self, Row};

const HYPOTHESES: [&str; 4] = ["a1", "a2", "b1", "b2"];

fn graph(rows: &[Row]) -> Graph {
    let weights = rows.iter().map(|row| row.number("weight")).collect();
    let share = |row: &Row, to: &str| row.number(&format!("to_{to}"));
    let transitions = rows.iter().flat_map(|row| HYPOTHESES.map(|to| share(row, to))).collect();
    Graph::new(weights, transitions).expect("a valid graph")
}

#[test]
fn adjusted_p_values_agree_with_closed_testing_by_graphical_mcp() {
    let rows = table::reference("graph/graph.csv");
    let graph = graph(&rows);
    let p: Vec<f64> = rows.iter().map(|row| row.number("p")).collect();
    let mut adjusted = [f64::NAN; 4];
    graph.adjusted(&p, &mut adjusted, &mut Remaining::new(&graph));
    let mut closeness = Closeness::default();
    for (row, &adjusted) in rows.iter().zip(&adjusted) {
        closeness.compare("adjusted p", row.text("hypothesis"), adjusted, row.number("p_adj"));
    }
    closeness.assert_within(1e-15);
}

#[test]
fn weights_of_all_intersections_are_those_of_graphical_mcp() {
    let graph = graph(&table::reference("graph/graph.csv"));
    let intersections = table::reference("graph/weights.csv");
    assert_eq!(intersections.len(), 15);
    for row in intersections {
        let mut remaining = Remaining::new(&graph);
        for (position, hypothesis) in HYPOTHESES.iter().enumerate() {
            if row.number(hypothesis) == 0.0 {
                remaining.remove(position);
            }
        }
        let expected = HYPOTHESES.map(|hypothesis| row.number(&format!("w_{hypothesis}")));
        assert_eq!(remaining.weights(), expected);
    }
}
