//! Participants by group, in the order of enrolment within each: the strata, or the therapists.

/// Participants sorted by group. Made once, filled anew for every use.
#[derive(Debug, Clone)]
pub(super) struct Groups {
    members: Vec<u32>,
    /// Where each group ends among the members.
    ends: Vec<u32>,
}

impl Groups {
    /// Room for so many participants in so many groups.
    pub fn with_room(n_participants: usize, n_groups: usize) -> Self {
        Self { members: vec![0; n_participants], ends: vec![0; n_groups] }
    }

    /// Sorts the participants by the number of their group; those without one are left out.
    pub fn sort(&mut self, n_participants: usize, group: impl Fn(usize) -> Option<usize>) {
        self.ends.fill(0);
        (0..n_participants).filter_map(&group).for_each(|group| self.ends[group] += 1);
        // Where each group starts; a start that has been moved on by all its members is the end.
        let mut start = 0;
        for place in &mut self.ends {
            let size = std::mem::replace(place, start);
            start += size;
        }
        for participant in 0..n_participants {
            let Some(group) = group(participant) else { continue };
            let place = &mut self.ends[group];
            self.members[*place as usize] = participant as u32;
            *place += 1;
        }
    }

    /// The members of each group.
    pub fn each(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.members[start as usize..end as usize])
    }
}
