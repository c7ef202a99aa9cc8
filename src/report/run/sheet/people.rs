//! Who a row of somebody else's sheet is about.

use std::collections::HashMap;

use crate::store::Learner;

/// What learners are called by, and their places.
#[derive(Debug, Default)]
pub(super) struct People {
    ids: HashMap<String, Place>,
    names: HashMap<String, Place>,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    One(usize),
    Several,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    One(usize),
    Nobody,
    Several,
}

impl People {
    pub(super) fn add(&mut self, at: usize, learner: &Learner) {
        let ids = [Some(&learner.key), learner.email.as_ref()].into_iter().flatten().chain(learner.details.values());
        for id in ids.map(|id| folded(id)) {
            note(&mut self.ids, id, at);
        }
        for name in learner.name.iter().flat_map(|name| ways_to_write(name)) {
            note(&mut self.names, name, at);
        }
    }

    /// By the first of `ids` that anybody has, else by name.
    pub(super) fn find(&self, ids: &[&str], name: &str) -> Finding {
        let by_id = ids.iter().filter(|id| !id.is_empty()).find_map(|id| match self.ids.get(&folded(id)) {
            Some(Place::One(at)) => Some(*at),
            // A value that several share (a section) is nobody's id.
            Some(Place::Several) | None => None,
        });
        if let Some(at) = by_id {
            return Finding::One(at);
        }
        let found: Vec<Place> = ways_to_write(name).iter().filter_map(|name| self.names.get(name)).copied().collect();
        match found.first() {
            None => Finding::Nobody,
            Some(Place::One(at)) if found.iter().all(|place| matches!(place, Place::One(other) if other == at)) => {
                Finding::One(*at)
            }
            Some(_) => Finding::Several,
        }
    }
}

fn note(known: &mut HashMap<String, Place>, called: String, at: usize) {
    if called.is_empty() {
        return;
    }
    let place = known.entry(called).or_insert(Place::One(at));
    if !matches!(place, Place::One(other) if *other == at) {
        *place = Place::Several;
    }
}

fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

/// A name as its words in order of the alphabet, so that `Lovelace, Ada` is `Ada Lovelace`; and as Canvas writes it into the names of files.
fn ways_to_write(name: &str) -> Vec<String> {
    let lower = folded(name);
    let mut words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let joined = words.concat();
    words.sort_unstable();
    let mut ways = vec![words.join(" "), joined];
    ways.retain(|way| !way.is_empty());
    ways.dedup();
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learner(key: &str, name: &str, uid: &str) -> Learner {
        Learner {
            id: 0,
            key: key.to_owned(),
            name: Some(name.to_owned()),
            email: None,
            section: None,
            on_roster: None,
            details: [("uid".to_owned(), uid.to_owned()), ("section".to_owned(), "A".to_owned())].into(),
        }
    }

    #[test]
    fn ids_come_before_names_and_names_that_are_shared_find_nobody() {
        let mut people = People::default();
        for (at, (key, name, uid)) in [
            ("ada", "Ada Lovelace", "11"),
            ("bob", "Bob Ross", "12"),
            ("bob2", "Ross Bob", "13"),
            ("lovelaceada", "lovelaceada", "14"),
        ]
        .iter()
        .enumerate()
        {
            people.add(at, &learner(key, name, uid));
        }
        assert_eq!(people.find(&["12"], "Ada Lovelace"), Finding::One(1));
        assert_eq!(people.find(&["", "ADA"], ""), Finding::One(0));
        assert_eq!(people.find(&["99"], "Ross, Bob"), Finding::Several);
        assert_eq!(people.find(&["A"], ""), Finding::Nobody);
        assert_eq!(people.find(&[], "Nobody Else"), Finding::Nobody);
    }

    #[test]
    fn the_name_of_a_file_of_canvas_is_found_by_the_name_of_its_gradebook() {
        let mut people = People::default();
        people.add(0, &learner("lovelaceada", "lovelaceada", "1"));
        assert_eq!(people.find(&[], "Lovelace, Ada"), Finding::One(0));
    }
}
