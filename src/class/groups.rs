//! Counting what is the same: groups with a few examples, the commonest first, in bounded memory.

use std::cmp::Reverse;
use std::collections::HashMap;

use serde::Serialize;

/// Different observations that are kept for one check at a time.
const KEPT: usize = 2000;
/// Groups that are told.
const TOLD: usize = 10;
/// Examples of a group.
const EXAMPLES: usize = 3;
/// Different wordings that are counted within a group.
const WORDINGS: usize = 8;

/// What was observed once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Observation {
    /// Equal for what counts as the same.
    pub(super) key: String,
    /// In words, as it was seen this time.
    pub(super) text: String,
}

/// A submission, named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// Its id in the run.
    pub submission: i64,
    /// The keys of its learners: `ada, grace`.
    pub learner: String,
}

/// Submissions in which the same was observed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// What was observed, one line: untrusted text. Where its values differ from one submission to the next, the commonest wording.
    pub text: String,
    /// Submissions that share it.
    pub count: usize,
    /// Those of `count` with exactly this text.
    pub same_text: usize,
    /// A few of them.
    pub examples: Vec<Example>,
}

/// Groups, the commonest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Groups {
    pub groups: Vec<Group>,
    /// Submissions in groups that are not told.
    pub others: usize,
}

/// Observations seen so far.
///
/// When there are more different ones than are kept, the rarer half is given up and counted with the others: then `count` can be too low
/// for what comes seldom, never too high.
#[derive(Debug, Default)]
pub(super) struct Tally {
    groups: HashMap<String, Growing>,
    others: usize,
}

#[derive(Debug)]
struct Growing {
    /// Its place among all, so that the order of the run decides where counts are equal.
    first: usize,
    count: usize,
    wordings: Vec<(String, usize)>,
    examples: Vec<Example>,
}

impl Tally {
    pub(super) fn add(&mut self, observation: Observation, example: impl Fn() -> Example) {
        if self.groups.len() >= KEPT && !self.groups.contains_key(&observation.key) {
            self.give_up_the_rare();
        }
        let first = self.groups.len();
        let group = self.groups.entry(observation.key).or_insert_with(|| Growing {
            first,
            count: 0,
            wordings: Vec::new(),
            examples: Vec::new(),
        });
        group.count += 1;
        if group.examples.len() < EXAMPLES {
            group.examples.push(example());
        }
        match group.wordings.iter().position(|(text, _)| *text == observation.text) {
            Some(place) => group.wordings[place].1 += 1,
            None if group.wordings.len() < WORDINGS => group.wordings.push((observation.text, 1)),
            None => {}
        }
    }

    fn give_up_the_rare(&mut self) {
        let mut kept: Vec<_> = std::mem::take(&mut self.groups).into_iter().collect();
        kept.sort_by_key(|(_, group)| (Reverse(group.count), group.first));
        self.others += kept.split_off(KEPT / 2).into_iter().map(|(_, group)| group.count).sum::<usize>();
        self.groups =
            kept.into_iter().enumerate().map(|(first, (key, group))| (key, Growing { first, ..group })).collect();
    }

    pub(super) fn finish(self) -> Groups {
        let mut all: Vec<_> = self.groups.into_values().collect();
        all.sort_by_key(|group| (Reverse(group.count), group.first));
        let rest = all.split_off(all.len().min(TOLD));
        Groups {
            groups: all.into_iter().map(Growing::finish).collect(),
            others: self.others + rest.iter().map(|group| group.count).sum::<usize>(),
        }
    }
}

impl Growing {
    fn finish(self) -> Group {
        // The first of equals: `max_by_key` would take the last.
        let commonest = self.wordings.into_iter().rev().max_by_key(|(_, count)| *count);
        let (text, same_text) = commonest.unwrap_or_default();
        Group { text, count: self.count, same_text, examples: self.examples }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(tally: &mut Tally, key: &str, text: &str, learner: &str) {
        let observation = Observation { key: key.to_owned(), text: text.to_owned() };
        tally.add(observation, || Example { submission: 1, learner: learner.to_owned() });
    }

    #[test]
    fn the_commonest_comes_first_in_its_commonest_wording() {
        let mut tally = Tally::default();
        add(&mut tally, "rare", "x", "zoe");
        for (text, learner) in [("got 3", "ada"), ("got 5", "bob"), ("got 5", "cleo"), ("got 9", "dan")] {
            add(&mut tally, "less", text, learner);
        }
        let found = tally.finish();
        assert_eq!(found.others, 0);
        let first = &found.groups[0];
        assert_eq!((first.text.as_str(), first.count, first.same_text), ("got 5", 4, 2));
        let learners: Vec<_> = first.examples.iter().map(|example| example.learner.as_str()).collect();
        assert_eq!(learners, ["ada", "bob", "cleo"]);
        assert_eq!(found.groups[1].count, 1);
    }

    #[test]
    fn however_many_answers_there_are_few_are_kept_and_the_common_one_is_found() {
        let mut tally = Tally::default();
        for number in 0..10 * KEPT {
            add(&mut tally, &format!("own {number}"), "x", "ada");
            if number % 4 == 0 {
                add(&mut tally, "common", "the common one", "bob");
            }
            assert!(tally.groups.len() <= KEPT);
        }
        let found = tally.finish();
        assert_eq!((found.groups[0].text.as_str(), found.groups[0].count), ("the common one", 10 * KEPT / 4));
        let told: usize = found.groups.iter().map(|group| group.count).sum();
        assert_eq!(told + found.others, 10 * KEPT + 10 * KEPT / 4);
    }
}
