//! The command line: definitions, dispatch, one file for each command.
