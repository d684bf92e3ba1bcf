//! The ids of quantities: `rdq.wk10.relaxation-usual_care.estimate`, one for each, whatever letters names have.

use std::collections::HashSet;

use super::quantity::Quantity;

/// Where a quantity stands in a result.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place<'a> {
    /// `main`, or the name of a sensitivity analysis.
    pub analysis: &'a str,
    /// The outcome; `None` over all.
    pub outcome: Option<&'a str>,
    /// Week of the visit; `None` over all.
    pub week: Option<f64>,
    /// Week of the visit that it is compared with.
    pub versus: Option<f64>,
    /// The contrast, the arm, the combination, or what else it is of.
    pub of: &'a str,
}

impl Place<'_> {
    /// The id of something that stands here.
    pub fn id(&self, name: &str) -> String {
        let mut parts = Vec::new();
        if self.analysis != "main" {
            parts.push(format!("sensitivity.{}", part(self.analysis)));
        }
        parts.extend(self.outcome.map(part));
        let week = |week: f64| part(&format!("wk{week}"));
        match (self.week, self.versus) {
            (Some(later), Some(earlier)) => parts.push(format!("{}-{}", week(later), week(earlier))),
            (Some(own), None) => parts.push(week(own)),
            _ => {}
        }
        let arms: Vec<String> = self.of.split(" - ").map(part).collect();
        parts.push(arms.join("-"));
        parts.push(name.to_owned());
        parts.join(".")
    }
}

/// A name as a part of an id: what separates parts, stands for others or cannot be typed becomes `_`.
pub fn part(name: &str) -> String {
    let plain = |letter: char| !(letter.is_whitespace() || letter.is_control() || "./*\"'\\".contains(letter));
    name.chars().map(|letter| if plain(letter) { letter } else { '_' }).collect()
}

/// Numbers ids that would otherwise be the same, from the second on.
pub fn tell_apart(quantities: &mut [Quantity]) {
    let mut seen: HashSet<String> = HashSet::new();
    for quantity in quantities {
        let mut n = 2;
        let id = quantity.id.clone();
        while !seen.insert(quantity.id.clone()) {
            quantity.id = format!("{id}~{n}");
            n += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, part};

    #[test]
    fn ids_say_where_a_quantity_stands() {
        let of = "relaxation - usual_care";
        let place = Place { analysis: "main", outcome: Some("rdq"), week: Some(10.0), versus: None, of };
        assert_eq!(place.id("estimate"), "rdq.wk10.relaxation-usual_care.estimate");
        let place = Place { week: Some(52.0), versus: Some(10.5), analysis: "by mmrm", ..place };
        assert_eq!(place.id("p_value"), "sensitivity.by_mmrm.rdq.wk52-wk10_5.relaxation-usual_care.p_value");
        let place = Place { analysis: "main", of: "any contrast", ..Place::default() };
        assert_eq!(place.id("adjusted_power"), "any_contrast.adjusted_power");
        assert_eq!(part("a.b/c*d e\t"), "a_b_c_d_e_");
    }
}
