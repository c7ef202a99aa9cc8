//! From what was asked for to exercises: an id, a group, a track, or what is there.

use std::sync::Arc;

use super::{Catalog, Exercise, ExerciseId, Track};
use crate::error::{Fault, Result};
use crate::suggest::did_you_mean;

/// Exercises that were asked for.
#[derive(Debug, Default)]
pub struct Selection {
    /// Each once.
    pub exercises: Vec<Arc<Exercise>>,
    /// Faults of those exercises that were meant but are broken; they stop no other.
    pub broken: Vec<Fault>,
}

impl Catalog {
    /// The exercises that `asked` stands for, in this order. A name that stands for nothing is a usage fault;
    /// so is the fault of a broken exercise that is named by its own id.
    pub fn select(&self, asked: &[String]) -> Result<Selection> {
        let mut selection = Selection::default();
        for name in asked {
            let name = name.trim_end_matches('/');
            match self.by_name(name) {
                Some(exercise) => selection.add(exercise?),
                None => self.select_many(name, &mut selection)?,
            }
        }
        Ok(selection)
    }

    /// The one exercise that is named by its id, or by the last part of it.
    pub fn find(&self, asked: &str) -> Result<Arc<Exercise>> {
        let name = asked.trim_end_matches('/');
        if let Some(exercise) = self.by_name(name) {
            return exercise;
        }
        let members: Vec<_> = self.ids().filter(|id| id.group() == name).map(ExerciseId::as_str).collect();
        match members.as_slice() {
            [] => Err(self.unknown(name)),
            [only] => Err(Fault::usage(format!("`{name}` is a group")).hint(format!("did you mean `{only}`?"))),
            _ => Err(Fault::usage(format!("`{name}` is a group")).hint(format!("name one of {}", members.join(", ")))),
        }
    }

    /// By its id; or by the last part of it, where that names one exercise and nothing else.
    fn by_name(&self, name: &str) -> Option<Result<Arc<Exercise>>> {
        if let Some(id) = ExerciseId::parse(name) {
            return self.get(&id);
        }
        let mut same = self.ids().filter(|id| id.name() == name);
        let only = same.next().filter(|_| same.next().is_none())?;
        let means_more = Track::parse(name).is_some() || self.ids().any(|id| id.group() == name);
        if means_more { None } else { self.get(only) }
    }

    fn select_many(&self, name: &str, selection: &mut Selection) -> Result<()> {
        let track = Track::parse(name);
        let is_group = self.ids().any(|id| id.group() == name);
        if track.is_none() && !is_group {
            return Err(self.unknown(name));
        }
        let (mut members, mut broken) = (Vec::new(), Vec::new());
        for id in self.ids().filter(|id| track.is_some() || id.group() == name) {
            match self.get(id) {
                Some(Ok(exercise)) if id.group() == name || Some(exercise.track) == track => members.push(exercise),
                Some(Err(fault)) if id.group() == name => broken.push(fault),
                _ => {}
            }
        }
        members.sort_by(|a, b| list_order(a).cmp(&list_order(b)));
        for exercise in members {
            selection.add(exercise);
        }
        selection.broken.extend(broken);
        Ok(())
    }

    fn unknown(&self, name: &str) -> Fault {
        let mut names: Vec<&str> = Track::ALL.map(Track::name).to_vec();
        for id in self.ids() {
            names.extend([id.group(), id.as_str()]);
        }
        let hint = self.owner_of(name).or_else(|| did_you_mean(name, names));
        Fault::usage(format!("there is no exercise `{name}`"))
            .hint(hint.unwrap_or_else(|| "`grade list` shows all exercises".to_owned()))
    }

    /// Names the exercise whose file was named instead of its id.
    fn owner_of(&self, path: &str) -> Option<String> {
        let path = path.trim_start_matches("./");
        let exercise = self.all().filter_map(|(_, exercise)| exercise.ok()).find(|exercise| exercise.owns(path))?;
        Some(format!("that file belongs to `{}`: `grade {}`", exercise.id, exercise.id))
    }
}

impl Selection {
    fn add(&mut self, exercise: Arc<Exercise>) {
        if !self.exercises.iter().any(|known| known.id == exercise.id) {
            self.exercises.push(exercise);
        }
    }
}

/// What exercises are listed by: track, place within it, id.
pub(crate) fn list_order(exercise: &Exercise) -> (Track, i64, &ExerciseId) {
    (exercise.track, exercise.order, &exercise.id)
}
