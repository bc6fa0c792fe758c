// Generated from src/protocol/rules.rs by `UPDATE=1 cargo test protocol`.
import type { ActKind } from './act';
import type { Ask, Mode, Tool } from './people';

/**
 * A site as it is written.
 */
export type SiteDraft = {
/**
 * Name for people, one of its own.
 */
name: string,
/**
 * A site that is off is on no allowlist.
 */
off?: boolean,
/**
 * Where a session starts unless the agent names another address.
 */
start: string,
/**
 * Pages that may be opened, see `pattern::Pattern`.
 */
pages: Array<string>,
/**
 * What pages may load beside pages.
 */
loads: Array<string>,
/**
 * Private networks that its hosts may be in.
 */
networks: Array<string>,
/**
 * What agents may do.
 */
agent: AgentRules,
/**
 * What visitors may do.
 */
visitor: VisitorRules,
/**
 * What agents may not see.
 */
privacy: PrivacyDraft, };

/**
 * A site's rules for agents, as the administrator writes them.
 */
export type AgentRules = {
/**
 * Modes that a session may be in; view-only is always among them.
 */
modes: Array<Mode>,
/**
 * Acts that agents may ask for in shared mode.
 */
acts: Array<ActKind>,
/**
 * What agents may put beside the page.
 */
tools: Array<Tool>,
/**
 * Ready texts for labels.
 */
presets: Array<string>,
/**
 * Acts that the visitor is asked about one by one.
 */
ask: Array<Ask>,
/**
 * Elements that the visitor is asked about whenever an agent acts on them: CSS selectors.
 */
ask_selectors: Array<string>,
/**
 * Elements that agents never act on: CSS selectors.
 */
never: Array<string>,
/**
 * Supervisors may look in without being named.
 */
silent_supervisor: boolean,
/**
 * Sessions may go the image way.
 */
image: boolean, };

/**
 * A site's rules for visitors.
 */
export type VisitorRules = {
/**
 * What visitors may put beside the page: highlights and chat.
 */
tools: Array<Tool>, };

/**
 * What agents may not see of a site's pages, as it is written.
 */
export type PrivacyDraft = {
/**
 * All text and values are masked but what a rule shows.
 */
private: boolean,
/**
 * Which elements are masked, hidden or shown. The order does not matter: hiding goes before masking, masking before showing.
 */
mask: Array<MaskDraft>,
/**
 * What is replaced in texts, in this order.
 */
scrub: Array<ScrubDraft>, };

/**
 * A rule about elements.
 */
export type MaskDraft = {
/**
 * Name for people; may be empty.
 */
name: string,
/**
 * The rule does nothing.
 */
off?: boolean,
/**
 * CSS selector that looks at an element and what it is in: no siblings, no state (see `privacy::Selector`).
 */
selector: string,
/**
 * What becomes of the element and all within it.
 */
action: MaskAction,
/**
 * Pages where it holds, see `pattern::Pattern`; none: all of the site.
 */
pages: Array<string>, };

/**
 * What becomes of an element.
 */
export type MaskAction = "mask" | "hide" | "show";

/**
 * A rule about text. Either `ready`, or `pattern` with `replacement`.
 */
export type ScrubDraft = {
/**
 * Name for people; may be empty.
 */
name: string,
/**
 * The rule does nothing.
 */
off?: boolean,
/**
 * Name of a ready-made rule, see [`ReadyRule`].
 */
ready?: string,
/**
 * Regular expression (syntax of the `regex` crate), matched on normalised text.
 */
pattern?: string,
/**
 * What stands in place of a match; `$1` and `${name}` are groups, `$$` is a dollar. Of a ready-made rule: in place of its own.
 */
replacement?: string,
/**
 * Pages where it holds, see `pattern::Pattern`; none: all of the site.
 */
pages?: Array<string>, };

/**
 * A ready-made rule about text, which a site may switch on.
 */
export type ReadyRule = {
/**
 * Its name in rules, such as `card`.
 */
ready: string,
/**
 * What it finds, for people.
 */
title: string,
/**
 * An example that it finds.
 */
example: string,
/**
 * What stands in place of a match.
 */
replacement: string, };

/**
 * Something that is wrong in rules, and what to do about it.
 */
export type Fault = {
/**
 * Where, from the list of sites down: `2.privacy.scrub.0.pattern`. Empty: the text as a whole.
 */
place: string,
/**
 * Line in the TOML text that was given, from 1.
 */
line?: number,
/**
 * Characters of the value that are wrong, first and end, from 0.
 */
span?: [number, number],
/**
 * What is wrong.
 */
message: string,
/**
 * What to do.
 */
hint: string, };

/**
 * What the companion is told of a site's masks.
 */
export type MaskSite = {
/**
 * Addresses of documents that it holds for, see `pattern::Pattern`: the first site of the list that covers one; none: the first of all.
 */
scope: Array<string>,
/**
 * All is masked but what a rule shows.
 */
private: boolean,
/**
 * Rules that are on.
 */
rules: Array<MaskRule>, };

/**
 * One of its rules.
 */
export type MaskRule = {
/**
 * Checked by the server.
 */
selector: string,
/**
 * What becomes of elements.
 */
action: MaskAction,
/**
 * Pages where it holds; none: all of the site.
 */
pages: Array<string>, };
