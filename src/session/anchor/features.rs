//! An element's features, and how well another element has them.

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::keys::{self, Key, Trust};
use super::survey::{Item, Survey};
use crate::protocol::page::NodeId;

/// Attributes that are kept.
const KEYS: usize = 12;
/// Levels of surroundings that are kept: those that hold anything beside the element.
const AROUND: [f32; 3] = [5.0, 2.5, 1.0];
/// Elements above that are kept, and looked at for surroundings.
const ABOVE: usize = 12;
/// Words up to which a content is compared as a whole.
const WORDS: u32 = 40;
/// A feature that all others have weighs this part of what it weighs at most.
const COMMON: f32 = 0.25;
/// How well an element must fit, 0 to 1.
const FITS: f32 = 0.6;
/// How much better than the next.
const AHEAD: f32 = 0.15;
/// From here on another element is a twin, that nothing but its place tells from the element.
const TWIN: f32 = 0.85;
/// Elements of one name that are compared feature by feature.
const MOST: usize = 5_000;
/// Weights.
const CONTENT: f32 = 4.0;
const MUTE: f32 = 1.0;
const WITHIN: f32 = 4.0;
const PATH: f32 = 2.0;
const BESIDE: f32 = 1.5;
/// What holds no text, a field above all, is what it is by the text beside it.
const BESIDE_MUTE: f32 = 3.0;
const PLACE: f32 = 1.0;
/// A cell of a table is what it is by its place in the row.
const PLACE_OF_CELL: f32 = 4.0;

/// A feature that an element had.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "f", rename_all = "kebab-case", deny_unknown_fields)]
enum Feature {
    /// An attribute. `names`: no other element is meant when it differs. `sole`: no other of its name had it, and people chose it.
    Key { attr: Digest, value: Digest, names: bool, sole: bool },
    /// What it holds: as a whole, if it is short, and by its children.
    Content { text: Digest, children: Vec<Digest> },
    /// It holds no words: what does is another.
    Mute,
    /// What is beside it, or beside an element around it; the first has the nearest.
    Around { level: usize, sketch: Vec<Digest> },
    /// What stands right before and right after it.
    Beside { before: Digest, after: Digest },
    /// The nearest element around it with a name or a key.
    Within { attr: Digest, value: Digest },
    /// Names of the elements around it, from the inside out.
    Path { names: Vec<Digest> },
}

/// An element as its tree is searched for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    tag: Digest,
    /// Features with what they weigh.
    features: Vec<(Feature, f32)>,
    /// Place among siblings of the same name, and what is right before and after.
    place: (u32, Digest, Digest),
    /// It is the cell of a table.
    cell: bool,
    /// There is one in each document: `html`, `body`.
    only: bool,
    /// A custom element, whose name says what it is.
    custom: bool,
    /// How well the next best fitted when it was described.
    rival: f32,
    /// Elements that fitted as well, and how many of them came before it.
    twins: (usize, usize),
}

/// What there is to compare of an element.
struct Traits {
    keys: Vec<Key>,
    mute: bool,
    text: Digest,
    children: Vec<Digest>,
    around: Vec<Vec<Digest>>,
    beside: (Digest, Digest),
    above: Vec<(Digest, Digest)>,
    path: Vec<Digest>,
}

impl Traits {
    fn of(survey: &Survey<'_>, item: &Item<'_>) -> Self {
        let up: Vec<_> = survey.upwards(item).take(ABOVE).collect();
        let around = up.windows(2).filter_map(|pair| match pair {
            [below, above] => Some(survey.sketch(&above.look, Some(below.look.id))),
            _ => None,
        });
        Self {
            keys: keys::keys(&item.look),
            mute: item.text == Digest::NONE,
            text: if item.words <= WORDS { item.text } else { Digest::NONE },
            children: survey.sketch(&item.look, None),
            around: around.filter(|sketch| !sketch.is_empty()).take(AROUND.len()).collect(),
            beside: survey.beside(item),
            above: up.iter().skip(1).filter_map(|above| above.name).collect(),
            path: up.iter().skip(1).map(|above| above.tag).collect(),
        }
    }
}

impl Part {
    /// Describes an element of a page.
    pub(super) fn describe(survey: &Survey<'_>, item: &Item<'_>) -> Self {
        let traits = Traits::of(survey, item);
        let (before, after) = survey.beside(item);
        let mut part = Self {
            tag: item.tag,
            features: features(survey, item, traits),
            place: (item.nth, before, after),
            cell: item.look.is_html("td") || item.look.is_html("th"),
            only: item.look.is_html("html") || item.look.is_html("body"),
            custom: item.look.name().is_some_and(|name| name.contains('-')),
            rival: 0.0,
            twins: (0, 0),
        };
        part.weigh(survey, item);
        part
    }

    /// Weighs the features by how well they tell the element from the others, and notes how well those fit.
    fn weigh(&mut self, survey: &Survey<'_>, item: &Item<'_>) {
        let others = survey.named(item.root, self.tag).filter(|other| other.look.id != item.look.id).take(MOST);
        let mut shared = vec![0.0_f32; self.features.len()];
        let mut count = 0.0_f32;
        for other in others.clone() {
            let traits = Traits::of(survey, other);
            count += 1.0;
            for ((feature, _), shared) in self.features.iter().zip(&mut shared) {
                *shared += feature.fits(&traits);
            }
        }
        if count == 0.0 {
            return;
        }
        for ((_, weight), shared) in self.features.iter_mut().zip(shared) {
            *weight *= (1.0 - shared / count).max(COMMON);
        }
        let mut before = true;
        for other in survey.named(item.root, self.tag).take(MOST + 1) {
            if other.look.id == item.look.id {
                before = false;
                continue;
            }
            let fit = self.fit(&Traits::of(survey, other));
            self.rival = self.rival.max(fit);
            if fit >= TWIN {
                self.twins.0 += 1;
                self.twins.1 += usize::from(before);
            }
        }
    }

    /// Finds the element among those of one tree.
    pub(super) fn find(&self, survey: &Survey<'_>, root: NodeId) -> Option<NodeId> {
        let many = survey.named(root, self.tag).nth(MOST).is_some();
        let likely = survey.named(root, self.tag).filter(|item| !many || self.is_likely(item));
        let candidates = likely.take(MOST).map(|item| (item, Traits::of(survey, item)));
        let candidates: Vec<_> = candidates.filter(|(_, traits)| !self.rules_out(traits)).collect();
        if self.only
            && let [(item, _)] = candidates.as_slice()
        {
            return Some(item.look.id);
        }
        if let Some(sole) = self.by_sole_key(&candidates) {
            return Some(sole);
        }
        let fits: Vec<_> = candidates.iter().map(|(item, traits)| (*item, self.fit(traits))).collect();
        if self.twins.0 > 0 { self.among_twins(survey, &fits) } else { self.best(survey, &fits) }
    }

    /// A quick look, where there are many: it holds the same, or has one of the attributes.
    fn is_likely(&self, item: &Item<'_>) -> bool {
        let keys = keys::keys(&item.look);
        self.features.iter().any(|(feature, _)| match feature {
            Feature::Key { attr, value, .. } => keys.iter().any(|key| key.attr == *attr && key.value == *value),
            Feature::Content { text, .. } => *text != Digest::NONE && *text == item.text,
            _ => false,
        })
    }

    /// The one clear winner.
    fn best(&self, survey: &Survey<'_>, fits: &[(&Item<'_>, f32)]) -> Option<NodeId> {
        let weight: f32 = self.features.iter().map(|(_, weight)| weight).sum();
        let most = if self.cell { PLACE_OF_CELL } else { PLACE };
        let placed = fits.iter().map(|(item, fit)| {
            let there = if self.cell { item.nth == self.place.0 } else { self.is_placed(survey, item) };
            (item.look.id, (fit * weight + if there { most } else { 0.0 }) / (weight + most))
        });
        let mut placed: Vec<_> = placed.collect();
        placed.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        let (id, fit) = *placed.first().filter(|(id, _)| self.is_known(survey, *id))?;
        let next = placed.get(1).map_or(0.0, |(_, next)| *next);
        let better_than_then = self.rival + (1.0 - self.rival) / 2.0;
        (fit >= FITS && fit >= next + AHEAD && fit >= better_than_then).then_some(id)
    }

    /// What has neither words nor a name is known by what stands beside it, or by where it is.
    fn is_known(&self, survey: &Survey<'_>, id: NodeId) -> bool {
        let says = |feature: &Feature| matches!(feature, Feature::Key { .. } | Feature::Content { .. });
        if self.custom || self.features.iter().any(|(feature, _)| says(feature)) {
            return true;
        }
        let Some(item) = survey.item(id) else { return false };
        let (_, before, after) = self.place;
        let traits = Traits::of(survey, item);
        let in_path = |feature: &Feature| matches!(feature, Feature::Path { names } if *names == traits.path);
        traits.beside == (before, after)
            && ((before, after) != (Digest::NONE, Digest::NONE) || self.features.iter().any(|(f, _)| in_path(f)))
    }

    /// Of several that look the same: the one in the same place, if there are as many as there were.
    fn among_twins(&self, survey: &Survey<'_>, fits: &[(&Item<'_>, f32)]) -> Option<NodeId> {
        let mut twins = fits.iter().filter(|(_, fit)| *fit >= TWIN).map(|(item, _)| *item);
        if twins.clone().count() != self.twins.0 + 1 {
            return None;
        }
        twins.nth(self.twins.1).filter(|item| self.is_placed(survey, item)).map(|item| item.look.id)
    }

    fn is_placed(&self, survey: &Survey<'_>, item: &Item<'_>) -> bool {
        let (nth, before, after) = self.place;
        item.nth == nth && survey.beside(item) == (before, after)
    }

    /// It is called something else, or belongs to another item of data, or holds words where there were none.
    fn rules_out(&self, traits: &Traits) -> bool {
        self.features.iter().any(|(feature, _)| match feature {
            Feature::Key { attr, value, names: true, .. } => {
                !traits.keys.iter().any(|key| key.attr == *attr && key.value == *value)
            }
            Feature::Mute => !traits.mute,
            _ => false,
        })
    }

    /// The one element with a name that no other had.
    fn by_sole_key(&self, candidates: &[(&Item<'_>, Traits)]) -> Option<NodeId> {
        let sole = |feature: &Feature| matches!(feature, Feature::Key { sole: true, .. });
        if !self.features.iter().any(|(feature, _)| sole(feature)) {
            return None;
        }
        let elsewhere = |traits: &Traits| {
            self.features.iter().any(|(f, _)| matches!(f, Feature::Within { .. }) && f.fits(traits) == 0.0)
        };
        match candidates {
            [(item, traits)] if !elsewhere(traits) => Some(item.look.id),
            _ => None,
        }
    }

    /// How well an element fits, its place aside: 0 to 1.
    fn fit(&self, traits: &Traits) -> f32 {
        let weight: f32 = self.features.iter().map(|(_, weight)| weight).sum();
        let fit: f32 = self.features.iter().map(|(feature, weight)| weight * feature.fits(traits)).sum();
        if weight > 0.0 { fit / weight } else { 1.0 }
    }
}

/// The features that an element has, with what they weigh at most.
fn features(survey: &Survey<'_>, item: &Item<'_>, traits: Traits) -> Vec<(Feature, f32)> {
    let mut features = Vec::new();
    for key in traits.keys.into_iter().take(KEYS) {
        let sole = key.trust == Trust::Name && survey.count(item.root, item.tag, (key.attr, key.value)) == 1;
        let names = key.trust != Trust::Hint;
        features.push((Feature::Key { attr: key.attr, value: key.value, names, sole }, key.weight));
    }
    if item.text != Digest::NONE {
        features.push((Feature::Content { text: traits.text, children: traits.children }, CONTENT));
    } else {
        features.push((Feature::Mute, MUTE));
    }
    for (level, (sketch, weight)) in traits.around.into_iter().zip(AROUND).enumerate() {
        features.push((Feature::Around { level, sketch }, weight));
    }
    let (before, after) = traits.beside;
    if (before, after) != (Digest::NONE, Digest::NONE) {
        let weight = if item.text == Digest::NONE { BESIDE_MUTE } else { BESIDE };
        features.push((Feature::Beside { before, after }, weight));
    }
    if let Some((attr, value)) = traits.above.first().copied() {
        features.push((Feature::Within { attr, value }, WITHIN));
    }
    features.push((Feature::Path { names: traits.path }, PATH));
    features
}

impl Feature {
    /// How much of it an element has: 0 to 1.
    fn fits(&self, traits: &Traits) -> f32 {
        match self {
            Self::Key { attr, value, .. } => {
                f32::from(u8::from(traits.keys.iter().any(|key| key.attr == *attr && key.value == *value)))
            }
            Self::Content { text, .. } if *text != Digest::NONE && *text == traits.text => 1.0,
            Self::Mute => f32::from(u8::from(traits.mute)),
            Self::Content { children, .. } => overlap(children, &traits.children),
            Self::Around { level, sketch } => traits.around.get(*level).map_or(0.0, |other| overlap(sketch, other)),
            Self::Beside { before, after } => {
                f32::from(u8::from(*before == traits.beside.0) + u8::from(*after == traits.beside.1)) / 2.0
            }
            Self::Within { attr, value } => f32::from(u8::from(traits.above.contains(&(*attr, *value)))),
            Self::Path { names } => in_order(names, &traits.path),
        }
    }
}

/// Part of the larger set that both have.
fn overlap(a: &[Digest], b: &[Digest]) -> f32 {
    let most = a.len().max(b.len());
    if most == 0 {
        return 0.0;
    }
    let both = a.iter().filter(|digest| b.contains(digest)).count();
    both as f32 / most as f32
}

/// Part of the names that another path has in the same order, others between them or not.
fn in_order(names: &[Digest], path: &[Digest]) -> f32 {
    if names.is_empty() {
        return 1.0;
    }
    let mut rest = path.iter();
    let found = names.iter().filter(|name| {
        let mut ahead = rest.clone();
        let hit = ahead.by_ref().any(|other| other == *name);
        if hit {
            rest = ahead;
        }
        hit
    });
    found.count() as f32 / names.len() as f32
}
