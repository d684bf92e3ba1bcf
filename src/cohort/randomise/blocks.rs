//! One permuted block: the arms that stand in it, in an order of which every one is exactly equally likely.
//!
//! # Method
//! A block of at most 16 places whose distinct orders are at most 4,096 (90 for six places and three arms) has a table of
//! them, made once, and one number below their count draws a row of it. Other blocks are shuffled (Fisher and Yates, from the last
//! place on), which takes one number for each place but one. Both draw numbers below a bound without any bias.
//!
//! # Checked against
//! `tests/it/independent/randomisation.rs`: frequencies of all orders, from a table and shuffled.

use crate::numeric::streams::{Stream, number_below};

/// Places of the longest block that has a table: its rows are copied whole, whatever the block's own length.
pub(super) const LONGEST_ROW: usize = 16;

/// Most orders that a table holds.
const MOST_ORDERS: u64 = 4_096;

/// A block before its order is drawn.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// Its arms in ascending order.
    sorted: Vec<u8>,
    /// All its orders, one after another as in a dictionary; empty where there are too many.
    orders: Vec<[u8; LONGEST_ROW]>,
}

impl Block {
    /// The block that holds so many places of each arm (at most 256 arms).
    pub fn new(places: &[usize]) -> Self {
        let own = |(arm, &places): (usize, &usize)| std::iter::repeat_n(arm as u8, places);
        let sorted: Vec<u8> = places.iter().enumerate().flat_map(own).collect();
        let orders = if has_few_orders(places) { all_orders(&sorted) } else { Vec::new() };
        Self { sorted, orders }
    }

    /// The same block with its order shuffled, whatever the number of orders.
    pub fn without_table(self) -> Self {
        Self { orders: Vec::new(), ..self }
    }

    /// Number of places.
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Number of orders in its table; 0 without one.
    pub fn n_rows(&self) -> usize {
        self.orders.len()
    }

    /// Draws the order into the first places of `room`, which must have as many as the block and at least [`LONGEST_ROW`];
    /// what is written behind the block means nothing.
    #[inline(always)]
    pub fn draw(&self, stream: &mut Stream, room: &mut [u8]) {
        if self.orders.is_empty() {
            self.shuffle(stream, &mut room[..self.sorted.len()]);
        } else {
            let row = &self.orders[number_below(self.orders.len() as u64, stream) as usize];
            room[..LONGEST_ROW].copy_from_slice(row);
        }
    }

    #[inline(never)]
    fn shuffle(&self, stream: &mut Stream, room: &mut [u8]) {
        room.copy_from_slice(&self.sorted);
        for last in (1..room.len()).rev() {
            room.swap(last, number_below(last as u64 + 1, stream) as usize);
        }
    }
}

/// Whether a block has a table: few places, and few distinct orders, n! / (n₁! n₂! …).
fn has_few_orders(places: &[usize]) -> bool {
    let length: usize = places.iter().sum();
    // Factorials up to that of 16 are far below 2⁶⁴.
    let factorial = |n: usize| (1..=n as u64).product::<u64>();
    length <= LONGEST_ROW && factorial(length) / places.iter().map(|&n| factorial(n)).product::<u64>() <= MOST_ORDERS
}

/// All distinct orders of a block from the sorted one on, each the next in the sense of a dictionary.
fn all_orders(sorted: &[u8]) -> Vec<[u8; LONGEST_ROW]> {
    let mut order = sorted.to_vec();
    let mut orders = Vec::new();
    loop {
        let mut row = [0; LONGEST_ROW];
        row[..order.len()].copy_from_slice(&order);
        orders.push(row);
        // What comes after the last ascent is the highest of its kind: raise the ascent by as little as possible.
        let Some(ascent) = order.windows(2).rposition(|pair| pair[0] < pair[1]) else { return orders };
        let Some(raised) = order.iter().rposition(|&arm| arm > order[ascent]) else { return orders };
        order.swap(ascent, raised);
        order[ascent + 1..].reverse();
    }
}
