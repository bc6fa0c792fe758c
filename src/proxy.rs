//! The way of a page, from a visitor's request to the visitor's browser.
