// Generated from src/protocol/people.rs by `UPDATE=1 cargo test protocol`.
import type { ActKind } from './act';

/**
 * Somebody in a session, by number; 0 is the visitor. An agent keeps the number as long as the session lasts.
 */
export type PersonId = number;

/**
 * What an account may do beside being an agent.
 */
export type AccountRole = "agent" | "supervisor" | "admin";

/**
 * What somebody on the agents' side is in one session.
 */
export type Role = "agent" | "colleague" | "supervisor";

/**
 * What agents may do in a session.
 */
export type Mode = "view-only" | "shared";

/**
 * Whose session is looked after first.
 */
export type Priority = "low" | "normal" | "high";

/**
 * Somebody on the agents' side, as both sides read it.
 */
export type Person = {
/**
 * Their number; their colour goes by it.
 */
id: PersonId,
/**
 * Name as visitors see it.
 */
name: string,
/**
 * What they are here.
 */
role: Role,
/**
 * A view of theirs is open: they see the page. False: they take part, and are away.
 */
watching: boolean,
/**
 * Milliseconds there and back between their console and the server; absent: not known.
 */
rtt?: number, };

/**
 * What a person may put beside the page, whatever the mode.
 */
export type Tool = "pointer" | "label" | "highlight" | "mark" | "chat";

/**
 * Which acts the visitor is asked about one by one.
 */
export type Ask = "submit" | "payment" | "navigate";

/**
 * A site's rules for both sides, as far as the other programs need them (patent 003: rules of host and guest).
 */
export type Rules = {
/**
 * Modes that a session may be in.
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
 * What the visitor may put beside the page.
 */
visitorTools: Array<Tool>,
/**
 * Ready texts for labels.
 */
presets: Array<string>,
/**
 * Acts that the visitor is asked about.
 */
ask: Array<Ask>,
/**
 * CSS selectors of elements whose pressing, typing or choosing the visitor is asked about.
 */
askSelectors: Array<string>,
/**
 * CSS selectors of elements that agents never act on.
 */
never: Array<string>,
/**
 * Supervisors may look in without being named; the visitor is told so before allowing the session, and while it lasts.
 */
silentSupervisor: boolean,
/**
 * Sessions may go the image way.
 */
image: boolean, };
