import { planKeys } from '../storage/plan-keys.ts';
import type { Request } from './request.ts';
import type { Db, Tx } from '../storage/database.ts';
import { claimKinds } from '../storage/schema.ts';

/** Another request has the name or the address. Nothing that was to be stored with the claim is stored. */
export class ClaimTaken extends Error {
  override readonly name = 'ClaimTaken';
  /** The ids of the requests that have them. */
  readonly holders: readonly string[];
  constructor(holders: readonly string[]) {
    super(`Claimed by ${holders.join(', ')}`);
    this.holders = holders;
  }
}

/**
 * Takes the claim with a new intent to create, or with an agent that was found; releases it when the intent is taken
 * back. An intent that stands keeps it, and so does the agent that came of it. @throws {ClaimTaken}
 */
export async function followIntent(tx: Tx, before: Request, after: Request): Promise<void> {
  if (after.repairs !== undefined) return;
  if (after.intent === undefined) {
    if (before.intent !== undefined && after.agentId === undefined) await releaseClaims(tx, [after.id]);
  } else if (after.intent !== before.intent || after.adopted !== before.adopted) {
    await takeClaims(tx, after, after.intent.instance ?? '');
  }
}

async function takeClaims(tx: Tx, request: Request, instance: string): Promise<void> {
  // One that stands is not changed but locked: so it waits for who is about to take or to release the same.
  const stored = await tx
    .insertInto('claim')
    .values(rowsOf(request, instance))
    .onConflict((conflict) =>
      conflict
        .columns(['instance', 'kind', 'key'])
        .doUpdateSet((old) => ({ request_id: old.ref('claim.request_id') })),
    )
    .returning('request_id')
    .execute();
  const holders = new Set(stored.map((row) => row.request_id).filter((id) => id !== request.id));
  if (holders.size > 0) throw new ClaimTaken([...holders]);
}

/** Takes again what nobody has taken since it was released. */
export async function takeFreeClaims(tx: Tx, request: Request, instance: string): Promise<void> {
  await tx
    .insertInto('claim')
    .values(rowsOf(request, instance))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Releases what these requests claim, everywhere or at one `instance`. */
export async function releaseClaims(tx: Tx, ids: readonly string[], instance?: string): Promise<void> {
  for (const kind of claimKinds) {
    const all = tx.deleteFrom('claim').where('request_id', 'in', ids).where('kind', '=', kind);
    await (instance === undefined ? all : all.where('instance', '=', instance)).execute();
  }
}

function rowsOf({ id, plan }: Request, instance: string) {
  const keys = planKeys(plan);
  return claimKinds.map((kind) => ({ instance, kind, key: keys[kind], request_id: id }));
}

/** The ids of those in one of the `open` states that plan this name or address, and of those that claim it. */
export function idsOfClaimants(
  db: Db,
  { instance, open, ...plan }: { instance: string; open: readonly string[]; name: string; email: string },
) {
  const { name, email } = planKeys(plan);
  const inState = db.selectFrom('request').select('id').where('state', 'in', open);
  const claimed = db.selectFrom('claim').select('request_id as id').where('instance', '=', instance);
  // Each of them goes by an index of its own.
  return inState
    .where('name_key', '=', name)
    .union(inState.where('email_key', '=', email))
    .union(claimed.where('kind', '=', 'name').where('key', '=', name))
    .union(claimed.where('kind', '=', 'email').where('key', '=', email));
}

/**
 * Claims that were taken over from before there were any are of this instance: the only one that was known then. One
 * that has been taken there since stays with who took it.
 */
export async function nameInstance(db: Db, instance: string): Promise<void> {
  await db
    .updateTable('claim')
    .set({ instance })
    .where('instance', '=', '')
    .where((row) =>
      row.not(
        row.exists(
          row
            .selectFrom('claim as there')
            .select('there.key')
            .where('there.instance', '=', instance)
            .whereRef('there.kind', '=', 'claim.kind')
            .whereRef('there.key', '=', 'claim.key'),
        ),
      ),
    )
    .execute();
}

/** The ids of those in one of `states` that plan what an older one claims at this instance. */
export function idsOfLatecomers(db: Db, instance: string, states: readonly string[]) {
  const by = (kind: (typeof claimKinds)[number]) =>
    db
      .selectFrom('request')
      .innerJoin('claim', (join) =>
        join
          .onRef('claim.key', '=', kind === 'name' ? 'request.name_key' : 'request.email_key')
          .on('claim.kind', '=', kind)
          .on('claim.instance', '=', instance),
      )
      .innerJoin('request as holder', 'holder.id', 'claim.request_id')
      .select('request.id')
      .where('request.state', 'in', states)
      .where((row) =>
        row(
          row.refTuple('holder.created_at', 'holder.number'),
          '<',
          row.refTuple('request.created_at', 'request.number'),
        ),
      );
  return by('name').union(by('email'));
}
