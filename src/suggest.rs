//! The nearest name to one that was mistyped.

/// The candidate that `name` most likely stands for, if any is near enough to be worth naming.
///
/// A candidate's last part counts as much as the whole, so that `decoraters` finds `day4/decorators`.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (distance(&name, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed(&name))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Half-edits, so that a match of the last part only comes after an equally good match of the whole.
fn distance(name: &str, candidate: &str) -> usize {
    let candidate = candidate.to_lowercase();
    // `memory` for `memory_mb`: the beginning is right, the rest was left out.
    if name.len() >= 3 && candidate.starts_with(name) {
        return 2;
    }
    let whole = 2 * strsim::damerau_levenshtein(name, &candidate);
    match candidate.rsplit_once('/') {
        Some((_, last)) if !name.contains('/') => whole.min(2 * strsim::damerau_levenshtein(name, last) + 1),
        _ => whole,
    }
}

/// A third of the name may be wrong, and always one letter of it.
fn allowed(name: &str) -> usize {
    2 * (name.chars().count() / 3).max(1) + 1
}

/// "did you mean `x`?" for the nearest candidate.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDS: [&str; 4] = ["day4/decorators", "day5/banking", "datamodel/descriptor", "proof"];

    #[test]
    fn a_swapped_letter_finds_the_name() {
        assert_eq!(nearest("day4/decoratros", IDS), Some("day4/decorators"));
    }

    #[test]
    fn the_last_part_alone_finds_the_id() {
        assert_eq!(nearest("Banking", IDS), Some("day5/banking"));
    }

    #[test]
    fn a_whole_match_wins_over_a_match_of_the_last_part() {
        assert_eq!(nearest("prof", ["x/prof1", "proof"]), Some("proof"));
    }

    #[test]
    fn the_beginning_of_a_name_finds_it() {
        assert_eq!(nearest("memory", ["output_kb", "memory_mb"]), Some("memory_mb"));
    }

    #[test]
    fn nothing_near_is_nothing_suggested() {
        assert_eq!(nearest("zzz", IDS), None);
    }
}
