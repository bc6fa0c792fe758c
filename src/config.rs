//! Configuration: one TOML file, environment variables over it.
