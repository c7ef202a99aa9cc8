//! Python interpreters and the locked environments built on them, once, and shared.
