//! The judge process: a warm pytest that never loads learner code.
