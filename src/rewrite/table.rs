//! Which attributes hold addresses: one table, for the rewriter and, exported to `web/shared/table.ts`, for the shim.
