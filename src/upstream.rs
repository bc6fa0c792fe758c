//! The only way to the real web: resolve, judge, dial.
