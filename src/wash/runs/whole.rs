//! All runs of a subtree, found in one walk: of a page that came, nearly every run is a text that no rule is about, and is not worth being looked for from
//! each of its texts.

use super::{Flow, flow};
use crate::protocol::page::NodeId;
use crate::wash::mirror::{Entry, Mirror, Node};

/// A run that has texts.
pub(in crate::wash) struct Run<'a> {
    /// Its first text.
    pub(in crate::wash) first: (NodeId, &'a Entry),
    /// What is read of it.
    pub(in crate::wash) text: &'a str,
    /// The wash has notes about one of its texts.
    pub(in crate::wash) noted: bool,
}

/// A run that is not at its end.
#[derive(Default)]
struct Open<'a> {
    first: Option<(NodeId, &'a Entry)>,
    /// Where its text begins among those of runs that are open.
    from: usize,
    noted: bool,
}

/// Where a walk goes on behind what it is in, and what then becomes of runs.
struct Within {
    after: Option<NodeId>,
    ends: Ends,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// The run goes on.
    None,
    /// It ends.
    Run,
    /// It ends, and the one around goes on.
    Inner,
}

struct Walk<'a, F> {
    /// The innermost is the last.
    open: Vec<Open<'a>>,
    text: String,
    tell: F,
}

/// Shows all nodes of a document, or of a shadow root, and tells of each run in it.
pub(in crate::wash) fn each(
    mirror: &Mirror,
    root: NodeId,
    mut show: impl FnMut(NodeId, &Entry),
    tell: impl FnMut(Run<'_>),
) {
    let mut walk = Walk { open: vec![Open::default()], text: String::new(), tell };
    let mut within: Vec<Within> = Vec::new();
    // Behind a shadow root or a frame's document come the children of what has it.
    let (mut next, mut children) = (Some(root), None);
    loop {
        let Some((id, entry)) = next.and_then(|id| Some((id, mirror.get(id)?))) else {
            let Some(Within { after, ends }) = within.pop() else { break };
            walk.leave(ends);
            next = after;
            continue;
        };
        mirror.looks_at(1);
        show(id, entry);
        let inner = matches!(entry.node, Node::Document { .. } | Node::ShadowRoot { .. });
        let after = if inner { children.take() } else { entry.next() };
        let ends = if inner { walk.begin() } else { walk.enter(id, entry) };
        match entry.inner().or(entry.first()) {
            Some(below) => {
                children = entry.first().filter(|first| *first != below);
                within.push(Within { after, ends });
                next = Some(below);
            }
            None => {
                walk.leave(ends);
                next = after;
            }
        }
    }
    walk.end();
}

impl<'a, F: FnMut(Run<'_>)> Walk<'a, F> {
    fn enter(&mut self, id: NodeId, entry: &'a Entry) -> Ends {
        match flow(entry) {
            Flow::Text => {
                let Some(run) = self.open.last_mut() else { return Ends::None };
                run.first = run.first.or(Some((id, entry)));
                run.noted |= entry.scrubbed.is_some();
                if let Node::Text { text } = &entry.node {
                    self.text.push_str(text);
                }
                Ends::None
            }
            Flow::Inline => Ends::None,
            Flow::Space => {
                self.text.push('\n');
                self.begin()
            }
            Flow::Aside => self.begin(),
            Flow::Cut => {
                self.end();
                Ends::Run
            }
        }
    }

    fn leave(&mut self, ends: Ends) {
        if ends != Ends::None {
            self.end();
        }
        if ends == Ends::Inner {
            self.open.pop();
        }
    }

    /// Begins a run within another.
    fn begin(&mut self) -> Ends {
        self.open.push(Open { from: self.text.len(), ..Open::default() });
        Ends::Inner
    }

    /// The innermost run is at its end.
    fn end(&mut self) {
        let Some(run) = self.open.last_mut() else { return };
        let Open { first, from, noted } = std::mem::take(run);
        run.from = from;
        if let Some(first) = first {
            (self.tell)(Run { first, text: self.text.get(from..).unwrap_or_default(), noted });
        }
        self.text.truncate(from);
    }
}
