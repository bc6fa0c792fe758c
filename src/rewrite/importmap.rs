//! Import maps (HTML Standard, 8.1.5.2).

use serde_json::{Map, Value};

use super::address::{Addresses, Verdict};
use crate::policy::Use;

/// Maps the addresses of an import map. A specifier that is itself an address stays and is added mapped, because scripts stream through
/// untouched and still name the real one. None: nothing changes, or it is no import map.
pub(super) fn rewrite(text: &str, addresses: Addresses<'_>) -> Option<String> {
    let Value::Object(mut map) = serde_json::from_str(text).ok()? else { return None };
    let mut changed = false;
    if let Some(Value::Object(imports)) = map.get_mut("imports") {
        changed |= targets(imports, addresses);
        changed |= keys(imports, addresses, true);
    }
    if let Some(Value::Object(scopes)) = map.get_mut("scopes") {
        for scope in scopes.values_mut().filter_map(Value::as_object_mut) {
            changed |= targets(scope, addresses);
            changed |= keys(scope, addresses, true);
        }
        changed |= keys(scopes, addresses, false);
    }
    if let Some(Value::Object(integrity)) = map.get_mut("integrity") {
        changed |= keys(integrity, addresses, false);
    }
    changed.then(|| Value::Object(map).to_string().replace('<', "\\u003c"))
}

/// Addresses on the right. What may not load becomes null: the specifier then resolves to nothing.
fn targets(map: &mut Map<String, Value>, addresses: Addresses<'_>) -> bool {
    let mut changed = false;
    for target in map.values_mut() {
        let Value::String(url) = target else { continue };
        let becomes = match addresses.judge(url, Use::Load) {
            Verdict::Keep => continue,
            Verdict::Become(url) => Value::String(url),
            Verdict::Refuse => Value::Null,
        };
        *target = becomes;
        changed = true;
    }
    changed
}

/// Addresses on the left, kept beside the mapped one or replaced by it.
fn keys(map: &mut Map<String, Value>, addresses: Addresses<'_>, keep: bool) -> bool {
    let mapped: Vec<_> = map
        .keys()
        .filter(|key| key.contains(':') || key.starts_with("//"))
        .filter_map(|key| match addresses.judge(key, Use::Page) {
            Verdict::Become(url) => Some((key.clone(), url)),
            _ => None,
        })
        .filter(|(_, url)| !map.contains_key(url))
        .collect();
    for (key, url) in &mapped {
        let value = if keep { map.get(key).cloned() } else { map.remove(key) };
        map.insert(url.clone(), value.unwrap_or(Value::Null));
    }
    !mapped.is_empty()
}
