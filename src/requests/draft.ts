import { fields, type FieldId } from '../fields/index.ts';
import type { DirectorySnapshot } from '../halo/directory.ts';
import { agentWith, describeAgent, lookalikes, sameText } from './lookalikes.ts';
import { planSchema, type Plan } from './plan.ts';
import type { Request } from './request.ts';
import { isOpen } from './states.ts';

/** What somebody entered, field by field: a text, the ids that were chosen, or something where a box is checked. */
export type SetupForm = { entered: ReadonlyMap<FieldId, readonly string[]>; note: string };

/** `entered`: a field says itself what is wrong. */
export type FormProblem =
  | { problem: 'entered'; sentence: string }
  | { problem: 'not_shown_whole'; is: number; max: number }
  | { problem: 'taken_by_agent'; agent: string }
  | { problem: 'taken_by_request'; number: number };

/** HaloPSA's lists, and the requests that may be about to create the same agent, or just did. */
export type Known = DirectorySnapshot & { requests: readonly Request[] };

/** A plan, and what its name and address look like though they are others. */
export type Drafted = { plan: Plan; resembles: Request['resembles'] };

/** By what people and HaloPSA tell one agent from another. */
const identity = ['name', 'email'] as const;

/** The name and the address that were entered. */
export function identityIn({ entered }: SetupForm): Pick<Plan, (typeof identity)[number]> {
  const [name = ''] = entered.get('name') ?? [];
  const [email = ''] = entered.get('email') ?? [];
  return { name, email };
}

/** Turns the form into a plan, or says what is wrong with which field. Asks nobody: `known` is in memory. */
export function draftPlan(form: SetupForm, known: Known): Drafted | { problems: Map<FieldId, FormProblem> } {
  const problems = new Map<FieldId, FormProblem>();
  const planned: Record<string, unknown> = {};
  for (const { id, input, plan } of fields) {
    const taken = input?.take(form.entered.get(id) ?? [], known);
    if (taken === undefined) continue;
    if ('problem' in taken) problems.set(id, { problem: 'entered', sentence: taken.problem });
    else if (plan !== undefined) planned[id] = taken.planned;
  }
  const asked = identityIn(form);
  for (const [id, problem] of takenIn(asked, known)) if (!problems.has(id)) problems.set(id, problem);
  if (problems.size > 0) return { problems };
  const alike = lookalikesIn(asked, known);
  return { resembles: alike.length === 0 ? undefined : alike, plan: planSchema.parse(planned) };
}

/** What the name and the address look like, though they are others. */
export function lookalikesIn(
  asked: Pick<Plan, (typeof identity)[number]>,
  known: Known,
): NonNullable<Request['resembles']> {
  return lookalikes(asked, { agents: known.agents.value, requests: claims(known) });
}

/** Whether an agent, or a request for one, has this name or this address already. */
export function takenIn(
  asked: Pick<Plan, (typeof identity)[number]>,
  known: Known,
): Map<FieldId, FormProblem> {
  return new Map(
    identity.flatMap((id) => {
      const problem = takenBy(id, asked[id], known);
      return problem === undefined ? [] : [[id, problem]];
    }),
  );
}

function takenBy(id: (typeof identity)[number], text: string, known: Known): FormProblem | undefined {
  const agent = agentWith(known.agents.value, id, text);
  if (agent !== undefined) return { problem: 'taken_by_agent', agent: describeAgent(agent) };
  const request = claims(known).find(({ plan }) => sameText(plan[id], text));
  return request && { problem: 'taken_by_request', number: request.number };
}

/** Open requests, and those whose agent is younger than the list of agents, or stands there under another name. */
function claims({ requests, agents }: Known): Request[] {
  return requests.filter(
    ({ state, updatedAt, agentId }) =>
      isOpen(state) || updatedAt >= (agents.fetchedAt ?? 0) || agents.value.some(({ id }) => id === agentId),
  );
}
