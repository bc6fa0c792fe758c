//! Keeps the TypeScript of the wire types up to date: the test fails when a committed file is stale, and
//! `UPDATE=1 cargo test protocol` writes it.
