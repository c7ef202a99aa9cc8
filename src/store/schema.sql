-- A run: one file, described in docs/store.md. Times are UTC, RFC 3339, unless their name ends in `_ms` (milliseconds since 1970).

CREATE TABLE run (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    exercise      TEXT NOT NULL,
    created_at    TEXT NOT NULL,
    grade_version TEXT NOT NULL,
    seed          INTEGER NOT NULL,
    -- 1: the user named the seed, so that only results of the same seed may stand in for a new one.
    seed_is_asked INTEGER NOT NULL CHECK (seed_is_asked IN (0, 1)),
    -- JSON: what was typed, so that an intake that was interrupted can be done again.
    intake        TEXT NOT NULL,
    taken_in      INTEGER NOT NULL DEFAULT 0 CHECK (taken_in IN (0, 1))
) STRICT;

CREATE TABLE learner (
    id        INTEGER PRIMARY KEY,
    key       TEXT NOT NULL UNIQUE,
    name      TEXT,
    email     TEXT,
    section   TEXT,
    -- NULL: no roster was given.
    on_roster INTEGER CHECK (on_roster IN (0, 1)),
    -- JSON object: every column of the roster by its header, or what the source told.
    details   TEXT NOT NULL DEFAULT '{}'
) STRICT;

-- The bytes that were handed in, each once; what is graded is read from here and never again from where it came from.
CREATE TABLE file (
    hash  TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE submission (
    id           INTEGER PRIMARY KEY,
    source       TEXT NOT NULL,
    origin       TEXT NOT NULL,
    attempt      INTEGER NOT NULL DEFAULT 1 CHECK (attempt >= 1),
    -- 0: a later attempt by the same learner counts instead.
    selected     INTEGER NOT NULL DEFAULT 1 CHECK (selected IN (0, 1)),
    late         INTEGER CHECK (late IN (0, 1)),
    submitted_at TEXT,
    -- blake3 over the names and bytes that are graded; NULL when nothing can be.
    hash         TEXT,
    -- JSON: outcome and problem, when nothing can be graded.
    unusable     TEXT,
    CHECK ((hash IS NULL) <> (unusable IS NULL))
) STRICT;

-- Several learners of one submission are a group.
CREATE TABLE submission_learner (
    submission_id INTEGER NOT NULL REFERENCES submission (id),
    learner_id    INTEGER NOT NULL REFERENCES learner (id),
    PRIMARY KEY (submission_id, learner_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX submission_of_learner ON submission_learner (learner_id);

CREATE TABLE submission_file (
    submission_id INTEGER NOT NULL REFERENCES submission (id),
    position      INTEGER NOT NULL,
    name          TEXT NOT NULL,
    hash          TEXT NOT NULL REFERENCES file (hash),
    PRIMARY KEY (submission_id, position)
) STRICT, WITHOUT ROWID;

-- What the intake skipped, refused or wants a person to look at.
CREATE TABLE note (
    id            INTEGER PRIMARY KEY,
    -- NULL: about a source as a whole, or the roster.
    submission_id INTEGER REFERENCES submission (id),
    source        TEXT NOT NULL,
    text          TEXT NOT NULL
) STRICT;
CREATE INDEX note_of_submission ON note (submission_id);

-- One grading of all, or some, submissions: round 1 is the batch, each regrading is another.
CREATE TABLE round (
    id            INTEGER PRIMARY KEY,
    kind          TEXT NOT NULL CHECK (kind IN ('batch', 'regrade')),
    -- Which submissions a regrading was asked for.
    only_some     TEXT CHECK (only_some IN ('failed', 'ungraded', 'changed')),
    started_at    TEXT NOT NULL,
    finished_at   TEXT,
    grade_version TEXT NOT NULL,
    exercise_hash TEXT NOT NULL,
    -- Equal: the same exercise, grader, environment, limits and isolation.
    grounds       TEXT NOT NULL
) STRICT;

-- The queue is the ledger: who works on what until when, how often it was tried, how it ended.
CREATE TABLE job (
    id            INTEGER PRIMARY KEY,
    round_id      INTEGER NOT NULL REFERENCES round (id),
    submission_id INTEGER NOT NULL REFERENCES submission (id),
    state         TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'leased', 'graded', 'ungraded')),
    -- How often it was leased.
    attempt       INTEGER NOT NULL DEFAULT 0,
    -- How often an attempt ended by a fault that was not the learner's.
    faults        INTEGER NOT NULL DEFAULT 0,
    owner         TEXT,
    lease_ends_ms INTEGER,
    -- JSON: blame and words of the last fault.
    fault         TEXT,
    UNIQUE (round_id, submission_id),
    CHECK ((state = 'leased') = (owner IS NOT NULL)),
    CHECK ((state = 'leased') = (lease_ends_ms IS NOT NULL))
) STRICT;
CREATE INDEX job_queue ON job (round_id, state, faults, id);
CREATE INDEX job_of_submission ON job (submission_id);

-- Written in the transaction that closes the job, and never changed.
CREATE TABLE result (
    id            INTEGER PRIMARY KEY,
    job_id        INTEGER NOT NULL UNIQUE REFERENCES job (id),
    submission_id INTEGER NOT NULL REFERENCES submission (id),
    graded_at     TEXT NOT NULL,
    -- Equal keys: equal files, exercise, environment, limits, isolation and grader.
    key           TEXT NOT NULL,
    -- The same without the files.
    grounds       TEXT NOT NULL,
    -- 1: not run again, because a result of the same key was known.
    reused        INTEGER NOT NULL CHECK (reused IN (0, 1)),
    outcome       TEXT NOT NULL CHECK (outcome IN ('passed', 'failed', 'error', 'missing')),
    earned        REAL NOT NULL,
    possible      REAL NOT NULL,
    problem       TEXT,
    -- JSON: a verdict of grade/1 (docs/verdict.schema.json).
    verdict       TEXT NOT NULL
) STRICT;
CREATE INDEX result_of_submission ON result (submission_id, id);

-- The verdict's checks once more, for questions about the class.
CREATE TABLE check_result (
    result_id INTEGER NOT NULL REFERENCES result (id),
    position  INTEGER NOT NULL,
    check_id  TEXT NOT NULL,
    outcome   TEXT NOT NULL,
    weight    REAL NOT NULL,
    earned    REAL NOT NULL,
    PRIMARY KEY (result_id, position)
) STRICT, WITHOUT ROWID;

-- The newest result of each submission.
CREATE VIEW newest_result AS
SELECT * FROM result AS r
WHERE r.id = (SELECT max(id) FROM result WHERE submission_id = r.submission_id);

-- The newest job of each submission.
CREATE VIEW newest_job AS
SELECT * FROM job AS j
WHERE j.id = (SELECT max(id) FROM job WHERE submission_id = j.submission_id);
