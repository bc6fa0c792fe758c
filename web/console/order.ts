// In which order sessions are listed.
import type { Colleague, SessionInfo } from '../shared/protocol/api';
import type { Person, Priority } from '../shared/protocol/people';

const RANK: Record<Priority, number> = { high: 0, normal: 1, low: 2 };

/** Those that are looked after first, first; of the same priority the oldest. Ended ones are left out. */
export function listed(sessions: SessionInfo[]): SessionInfo[] {
  const order = (a: SessionInfo, b: SessionInfo): number => RANK[a.priority] - RANK[b.priority] || b.age - a.age || a.id.localeCompare(b.id);
  return sessions.filter(({ state }) => state.state !== 'ended').sort(order);
}

/** `now`, `12 min`, `3 h 5 min`. */
export function ageWords(seconds: number): string {
  if (seconds < 60) return 'now';
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Colleagues that are not here yet and whose names have what was typed, by name. */
export function whom(all: Colleague[], here: Person[], typed: string): Colleague[] {
  const wanted = typed.trim().toLocaleLowerCase();
  const isHere = new Set(here.filter(({ role }) => role !== 'supervisor').map(({ name }) => name));
  return all.filter(({ name }) => !isHere.has(name) && name.toLocaleLowerCase().includes(wanted)).sort((a, b) => a.name.localeCompare(b.name));
}
