// Names and colours of the people in a session, the same on both sides.
import type { Person, PersonId } from './protocol/people';

/** The visitor. */
export const VISITOR: PersonId = 0;

/** White text stands on each with a contrast of at least 4.5; the first is the visitor's. */
export const PALETTE = ['#0b6e6e', '#1d5fd1', '#b4246e', '#7a3fd1', '#a84b00', '#13733f', '#c2301c', '#5b6320'] as const;

/** The colour of a person: a CSS colour. */
export function colourOf(id: PersonId): string {
  return PALETTE[id % PALETTE.length] ?? PALETTE[0];
}

/** The name of somebody on the agents' side; of somebody who is unknown or silent, `Somebody`. */
export function nameOf(people: readonly Person[], id: PersonId): string {
  return people.find((person) => person.id === id)?.name ?? 'Somebody';
}
