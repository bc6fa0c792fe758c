//! Alongside: an agent and a visitor on the same page.
//!
//! The visitor browses a site through this proxy; the agent sees what the visitor sees, washed by an allowlist. ARCHITECTURE.md has
//! the whole picture. Layers, each importing only from those above it: [`protocol`], [`origin`], [`policy`], [`rules`], [`config`], [`sheet`], [`rewrite`], [`wash`],
//! `image`, [`session`], [`upstream`], [`proxy`], [`store`], [`server`], [`demo`], [`cli`].

pub mod cli;
pub mod config;
pub mod demo;
#[cfg(feature = "image")]
pub mod image;
pub mod origin;
pub mod pattern;
pub mod policy;
pub mod privacy;
pub mod protocol;
pub mod proxy;
pub mod rewrite;
pub mod rules;
pub mod server;
pub mod session;
pub mod sheet;
pub mod store;
pub mod upstream;
pub mod wash;
