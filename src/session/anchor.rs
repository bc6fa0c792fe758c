//! How an element is found again: after a framework rendered it anew (with other node ids, in another order, in wrappers), after a reload, and after
//! the visitor went away and came back. Pure.
//!
//! A description holds digests of names and words, never the page's text. Each thing that it says weighs as much as it tells the element from the
//! others that the page had then: the text of one of ten "Delete" buttons says nothing, the row around it all. An element is found again when it fits well
//! and no other fits nearly as well; otherwise it is not found, since a note on the wrong element is worse than none.

use serde::{Deserialize, Serialize};

use crate::protocol::page::NodeId;
use crate::wash::Mirror;

mod digest;
mod features;
mod keys;
mod survey;

pub(super) use digest::Digest;
use features::Part;
use survey::Survey;

/// Frames and shadow trees that an element may be within.
const HOSTS: usize = 8;

/// How an element is found again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// Frames and hosts around its tree, from the outside in.
    hosts: Vec<Part>,
    /// The element in its own tree.
    element: Part,
}

/// A page to describe elements of and to look for them in. Making one looks at the whole page.
pub struct Field<'a> {
    mirror: &'a Mirror,
    survey: Survey<'a>,
}

impl<'a> Field<'a> {
    /// Looks at the page.
    #[must_use]
    pub fn new(mirror: &'a Mirror) -> Self {
        Self { mirror, survey: Survey::new(mirror) }
    }

    /// Describes an element. None: watchers do not see it, or it is nested in more frames and shadow trees than are followed.
    #[must_use]
    pub fn describe(&self, node: NodeId) -> Option<Anchor> {
        let element = self.survey.item(node)?;
        let mut hosts = Vec::new();
        let mut root = element.root;
        while let Some(host) = self.mirror.look(root)?.parent() {
            let host = self.survey.item(host.id)?;
            hosts.push(Part::describe(&self.survey, host));
            root = host.root;
            if hosts.len() > HOSTS {
                return None;
            }
        }
        hosts.reverse();
        Some(Anchor { hosts, element: Part::describe(&self.survey, element) })
    }

    /// Finds the element that was described. None: it is not there, or it is not clear which one it is.
    #[must_use]
    pub fn find(&self, anchor: &Anchor) -> Option<NodeId> {
        let mut root = self.mirror.document()?.id;
        for host in &anchor.hosts {
            let host = host.find(&self.survey, root)?;
            root = self.mirror.look(host)?.inner()?.id;
        }
        anchor.element.find(&self.survey, root)
    }
}

/// See [`Field::describe`].
#[must_use]
pub fn describe(mirror: &Mirror, node: NodeId) -> Option<Anchor> {
    Field::new(mirror).describe(node)
}

/// See [`Field::find`].
#[must_use]
pub fn find(mirror: &Mirror, anchor: &Anchor) -> Option<NodeId> {
    Field::new(mirror).find(anchor)
}

#[cfg(test)]
mod tests;
