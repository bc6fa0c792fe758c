//! What an agent may see. Pure.
