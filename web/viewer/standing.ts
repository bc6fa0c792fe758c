// How the session stands for this agent: what may be asked for at all. The server judges again.
import type { ActKind, Denial, Lock } from '../shared/protocol/act';
import type { ToViewer } from '../shared/protocol/agent';
import type { NodeId } from '../shared/protocol/page';
import type { PersonId, Tool } from '../shared/protocol/people';
import { nameOf } from '../shared/people';

export type Told = Extract<ToViewer, { t: 'session' }>;

export class Standing {
  told: Told | null = null;
  locks: Lock[] = [];

  /** Why an act of this kind is not even asked for; null: it is. */
  denies(kind: ActKind): Denial | null {
    const { told } = this;
    if (!told) return 'inactive';
    if (told.role === 'supervisor') return 'role';
    if (told.mode !== 'shared') return 'mode';
    return told.rules.acts.includes(kind) ? null : 'rule';
  }

  may(tool: Tool): boolean {
    const { told } = this;
    return told !== null && told.role !== 'supervisor' && told.rules.tools.includes(tool);
  }

  get presets(): string[] {
    return this.told?.rules.presets ?? [];
  }

  /** Somebody else types in this element. */
  lockedBy(node: NodeId): PersonId | null {
    const lock = this.locks.find((lock) => lock.node === node && lock.by !== this.told?.you);
    return lock ? lock.by : null;
  }

  name(id: PersonId): string {
    return nameOf(this.told?.people ?? [], id);
  }

  /** The person is there to be drawn. */
  here(id: PersonId): boolean {
    return id === 0 || (this.told?.people.some((person) => person.id === id && person.watching) ?? false);
  }
}

