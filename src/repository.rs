//! The learner's repository: where it is and what is in it.
