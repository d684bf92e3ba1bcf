//! A graphical procedure against the R package graphicalMCP.

use super::references::stored;
use super::{Check, Comparisons, EXACT, Method, ReferenceError, References, Stored, Tolerance};
use crate::analysis::multiplicity::graph::{Graph, Remaining};

const CLOSE: Tolerance = Tolerance::relative(1e-15, "quotients and sums of halves, printed in full");

static GRAPH: Stored = stored!("graph/graph.csv", 4);
static WEIGHTS: Stored = stored!("graph/weights.csv", 15);

const HYPOTHESES: [&str; 4] = ["a1", "a2", "b1", "b2"];

pub(super) static METHOD: Method = Method {
    name: "graph",
    title: "Graphs of hypotheses",
    source: "graphicalMCP (R), commit 00053a21, printed examples",
    covers: &["Graphs"],
    checks: &[
        Check {
            file: &GRAPH,
            recomputed: "adjusted p-values of figure 1 in Bretz and others (2011)",
            left_out: 0,
            tolerances: &[CLOSE],
            run: adjusted,
        },
        Check {
            file: &WEIGHTS,
            recomputed: "weights of the members of every intersection of its hypotheses",
            left_out: 0,
            tolerances: &[EXACT],
            run: weights,
        },
    ],
};

/// The graph of the file and its p-values; `None` where its weights are not those of a graph.
fn graph(references: &References) -> Result<(Option<Graph>, Vec<f64>), ReferenceError> {
    let table = references.table(&GRAPH)?;
    let (mut weights, mut transitions, mut p) = (Vec::new(), Vec::new(), Vec::new());
    for row in table.rows() {
        weights.push(row.number("weight")?);
        p.push(row.number("p")?);
        for to in HYPOTHESES {
            transitions.push(row.number(&format!("to_{to}"))?);
        }
    }
    Ok((Graph::new(weights, transitions).ok(), p))
}

fn adjusted(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let table = references.table(&GRAPH)?;
    let (graph, p) = graph(references)?;
    let mut adjusted = [f64::NAN; 4];
    if let Some(graph) = graph {
        graph.adjusted(&p, &mut adjusted, &mut Remaining::new(&graph));
    }
    for (row, adjusted) in table.rows().zip(adjusted) {
        out.near(CLOSE, row, "adjusted p", "p_adj", adjusted)?;
    }
    Ok(())
}

fn weights(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let (graph, _) = graph(references)?;
    for row in references.table(&WEIGHTS)?.rows() {
        let Some(graph) = out.given(row, "w_a1", graph.as_ref().ok_or("the weights are not those of a graph"))? else {
            continue;
        };
        let mut remaining = Remaining::new(graph);
        for (position, hypothesis) in HYPOTHESES.iter().enumerate() {
            if row.number(hypothesis)? == 0.0 {
                remaining.remove(position);
            }
        }
        let weights = remaining.weights();
        for (position, hypothesis) in HYPOTHESES.iter().enumerate() {
            out.same(row, "weight", &format!("w_{hypothesis}"), weights[position])?;
        }
    }
    Ok(())
}
