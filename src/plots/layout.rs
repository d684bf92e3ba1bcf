//! Places for labels in a row or column that must not overlap: as near as possible to where they belong.

/// A label on a line: where its middle would like to be, and how much room it takes to both sides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    pub(super) middle: f64,
    pub(super) half: f64,
}

/// Moves the labels apart until neighbours are at least `gap` from each other and all lie within `room`, with the
/// smallest sum of squared moves (isotonic regression by pooling adjacent violators). `None` if they do not fit.
pub(super) fn spread(wishes: &[Wish], gap: f64, room: (f64, f64)) -> Option<Vec<f64>> {
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by(|&a, &b| wishes[a].middle.total_cmp(&wishes[b].middle));
    let (Some(&first), Some(&last)) = (order.first(), order.last()) else { return Some(Vec::new()) };

    let mut offsets = vec![0.0; order.len()];
    for i in 1..order.len() {
        offsets[i] = offsets[i - 1] + wishes[order[i - 1]].half + gap + wishes[order[i]].half;
    }
    let lowest = room.0 + wishes[first].half;
    let highest = room.1 - wishes[last].half - offsets[order.len() - 1];
    if lowest > highest + 1e-6 {
        return None;
    }

    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (&label, offset) in order.iter().zip(&offsets) {
        let mut pool = (wishes[label].middle - offset, 1);
        while let Some(&(mean, size)) = pools.last()
            && mean > pool.0
        {
            pools.pop();
            pool = ((mean * size as f64 + pool.0 * pool.1 as f64) / (size + pool.1) as f64, size + pool.1);
        }
        pools.push(pool);
    }
    let pooled = pools.iter().flat_map(|&(mean, size)| std::iter::repeat_n(mean, size));
    let mut middles = vec![0.0; order.len()];
    for ((&label, offset), mean) in order.iter().zip(&offsets).zip(pooled) {
        middles[label] = mean.min(highest).max(lowest) + offset;
    }
    Some(middles)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wishes(middles: &[f64]) -> Vec<Wish> {
        middles.iter().map(|&middle| Wish { middle, half: 5.0 }).collect()
    }

    #[test]
    fn labels_that_fit_stay_where_they_belong() {
        assert_eq!(spread(&wishes(&[40.0, 10.0, 80.0]), 2.0, (0.0, 100.0)), Some(vec![40.0, 10.0, 80.0]));
    }

    #[test]
    fn labels_on_one_spot_are_moved_apart_evenly_and_kept_inside() {
        assert_eq!(spread(&wishes(&[50.0, 50.0, 50.0]), 2.0, (0.0, 100.0)), Some(vec![38.0, 50.0, 62.0]));
        assert_eq!(spread(&wishes(&[99.0, 99.0]), 2.0, (0.0, 100.0)), Some(vec![83.0, 95.0]));
    }

    #[test]
    fn too_many_labels_do_not_fit() {
        assert_eq!(spread(&wishes(&[1.0, 2.0, 3.0]), 2.0, (0.0, 33.0)), None);
        assert_eq!(spread(&[], 2.0, (0.0, 1.0)), Some(vec![]));
    }
}
