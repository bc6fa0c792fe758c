//! Until masks are there.
use crate::protocol::admin::PreviewKind;
use crate::protocol::page::NodeId;
use crate::wash::{Mirror, Wash};

#[derive(Clone, PartialEq)]
pub(super) struct Why {
    pub(super) kind: PreviewKind,
    pub(super) rule: String,
}

impl Wash {
    pub(super) fn reason(&self, mirror: &Mirror, node: NodeId) -> Option<Why> {
        let entry = mirror.get(node)?;
        self.gaps(entry).then(|| Why { kind: PreviewKind::Washed, rule: String::new() })
    }
}
