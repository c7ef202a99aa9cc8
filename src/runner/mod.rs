//! Grades submissions: drives the judge, gives its requests to a sandbox, supervises both.
