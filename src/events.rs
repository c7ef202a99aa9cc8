//! What the runner tells while it works; a leaf: it knows nobody.
