// Where in the console one is: kept in the fragment, so that a reload comes back to the same place.

export type Route = { at: 'desk' } | { at: 'session'; id: string };

const SESSION = /^#\/s\/([a-z][a-z2-7]{9})$/;

/** Reads a fragment; whatever is not understood is the desk. */
export function parseRoute(hash: string): Route {
  const id = SESSION.exec(hash)?.[1];
  return id === undefined ? { at: 'desk' } : { at: 'session', id };
}

export const deskHref = '#/';

export function sessionHref(id: string): string {
  return `#/s/${id}`;
}
