//! What is kept: rows of SQLite, and nothing else names SQL.
