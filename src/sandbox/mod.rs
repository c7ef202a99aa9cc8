//! The only place where learner code starts.
