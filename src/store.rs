//! What outlives a restart: accounts and sign-ins.
