//! The catalogue: exercises, graders and fixtures found by id, embedded or in a folder.
