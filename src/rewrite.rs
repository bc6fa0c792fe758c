//! What a visitor's browser gets: addresses mapped, what the allowlist does not let load stripped. Pure.
