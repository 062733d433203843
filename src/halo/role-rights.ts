import { isNoOlder } from '../age.ts';
import { atOnce } from './at-once.ts';
import type { HaloClient } from './client.ts';
import { HaloError, isPassing } from './errors.ts';
import { getRole, type ListedRole, type Role, type RoleDetails } from './roles.ts';

type Known = Pick<Role, 'rights' | 'brings'> & { readAt: number };

export type RightsInMemory = {
  /** The roles with what is known of their rights now. */
  of: (roles: readonly ListedRole[]) => Role[];
  /** Asks HaloPSA for those that are not known, and for the oldest, so many of them. Never rejects for HaloPSA's sake. */
  read: (roles: readonly ListedRole[]) => Promise<void>;
};

/** Each role is a call of its own, and HaloPSA allows 700 in five minutes to all integrations of a tenant together. */
const maxReads = 25;
const readsAtOnce = 4;
/** Shorter than the time between two looks of our own, and longer than that between two forms, in milliseconds. */
const freshForMs = 240_000;

/** What roles allow, role by role, in memory. While HaloPSA is out of reach what was read last stays. */
export function createRightsInMemory(http: HaloClient, now: () => number): RightsInMemory {
  const known = new Map<string, Known>();
  let reading: Promise<void> | undefined;

  /** @returns false when the next one would fail for the same reason */
  async function readOne({ id }: ListedRole): Promise<boolean> {
    try {
      const { rights, brings } = await getRole(http, id);
      known.set(id, { rights, brings, readAt: now() });
      return true;
    } catch (error) {
      if (!(error instanceof HaloError)) throw error;
      if (isPassing(error.kind)) return false;
      known.set(id, { rights: 'unknown', brings: undefined, readAt: now() });
      return error.kind === 'not_found' || error.kind === 'unexpected_response';
    }
  }

  async function readOldest(roles: readonly ListedRole[]): Promise<void> {
    const readAt = ({ id }: ListedRole) => known.get(id)?.readAt ?? -Infinity;
    const due = roles
      .filter((role) => !isNoOlder(readAt(role), freshForMs, now()))
      .toSorted((a, b) => (readAt(a) === readAt(b) ? 0 : readAt(a) - readAt(b)))
      .slice(0, maxReads);
    let goesOn = true;
    await atOnce(readsAtOnce, due, async (role) => {
      if (goesOn && !(await readOne(role))) goesOn = false;
    });
  }

  return {
    of: (roles) =>
      roles.map((role) => {
        const { rights = 'unknown', brings } = known.get(role.id) ?? {};
        return { ...role, rights, brings };
      }),
    read: (roles) => {
      reading ??= readOldest(roles).finally(() => {
        reading = undefined;
      });
      return reading;
    },
  };
}

export type RoleReader = {
  /** A role with what it allows, as it was read in these last seconds. @throws {HaloError} */
  read: (http: HaloClient, id: string) => Promise<RoleDetails>;
  /** What was read stops somebody, who may mend it at once. */
  forget: (id: string) => void;
};

/** No longer than a create may take that is on its way: what changes later than the look before it is not seen either. */
const justReadMs = 10_000;

/** Agents that are created at the same time share one look at a role. Only what HaloPSA answered is kept. */
export function createRoleReader(now: () => number): RoleReader {
  const kept = new Map<string, { answer: Promise<RoleDetails>; askedAt: number }>();
  return {
    read: (http, id) => {
      const last = kept.get(id);
      if (last !== undefined && isNoOlder(last.askedAt, justReadMs, now())) return last.answer;
      for (const [key, { askedAt }] of kept) if (!isNoOlder(askedAt, justReadMs, now())) kept.delete(key);
      const entry = { answer: getRole(http, id), askedAt: now() };
      kept.set(id, entry);
      entry.answer.catch(() => {
        if (kept.get(id) === entry) kept.delete(id);
      });
      return entry.answer;
    },
    forget: (id) => {
      kept.delete(id);
    },
  };
}
