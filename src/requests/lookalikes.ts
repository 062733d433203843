import type { Agent } from '../halo/agents.ts';
import { foldText } from '../text/fold.ts';
import type { Plan } from './plan.ts';
import type { Request } from './request.ts';
import { shapeOf } from '../text/shape.ts';

/** The same name or address as people see it: HaloPSA takes both, people would mix them up. */
export function sameText(a: string | undefined, b: string): boolean {
  return a !== undefined && foldText(a) === foldText(b);
}

/** `Neo Agent (ID 12, disabled)` */
export function describeAgent(agent: Agent): string {
  const kinds = [agent.isdisabled && 'disabled', agent.isapiagent && 'API-only'].filter(Boolean);
  const id = agent.id === undefined ? 'ID unknown' : `ID ${agent.id}`;
  return `${agent.name ?? 'An agent without a name'} (${[id, ...kinds].join(', ')})`;
}

const fields = ['name', 'email'] as const;
type Field = (typeof fields)[number];
/** The first agent of each folded text, and every agent of each shape. */
type Texts = { folded: Map<string, Agent>; shapes: Map<string, Agent[]> };

const textsOfList = new WeakMap<readonly Agent[], Record<Field, Texts>>();

/** Worked out once for each list: it may hold thousands of agents, and the form is answered from memory. */
function textsOf(agents: readonly Agent[]): Record<Field, Texts> {
  const known = textsOfList.get(agents);
  if (known !== undefined) return known;
  const texts = { name: gather(agents, 'name'), email: gather(agents, 'email') };
  textsOfList.set(agents, texts);
  return texts;
}

function gather(agents: readonly Agent[], field: Field): Texts {
  const texts: Texts = { folded: new Map(), shapes: new Map() };
  for (const agent of agents) {
    const text = agent[field];
    if (text === undefined || text === '') continue;
    const folded = foldText(text);
    if (!texts.folded.has(folded)) texts.folded.set(folded, agent);
    const shape = shapeOf(text);
    const alike = texts.shapes.get(shape);
    if (alike === undefined) texts.shapes.set(shape, [agent]);
    else alike.push(agent);
  }
  return texts;
}

/** The agent that has this very name or address, as people compare it. */
export function agentWith(agents: readonly Agent[], field: Field, text: string): Agent | undefined {
  return textsOf(agents)[field].folded.get(foldText(text));
}

/** So many of each are named. */
const maxNamed = 3;

/**
 * What the name and the address only look like: agents that HaloPSA has, and agents that others ask for. Those with the
 * very same ones are left out: they are in the way, and no warning is enough.
 */
export function lookalikes(
  plan: Pick<Plan, Field>,
  { agents, requests }: { agents: readonly Agent[]; requests: readonly Request[] },
): NonNullable<Request['resembles']> {
  return fields.flatMap((field) => {
    const text = plan[field];
    const folded = foldText(text);
    const shape = shapeOf(text);
    const others = [
      ...(textsOf(agents)[field].shapes.get(shape) ?? [])
        .filter((agent) => foldText(agent[field] ?? '') !== folded)
        .map((agent) => ({ field, what: named(describeAgent(agent), field, agent.email) })),
      ...requests
        .filter((other) => foldText(other.plan[field]) !== folded && shapeOf(other.plan[field]) === shape)
        .map((other) => ({
          field,
          what: named(other.plan.name, field, other.plan.email, `NEO-${other.number}`),
        })),
    ];
    return others.slice(0, maxNamed);
  });
}

/** Of an address, the address too: the name alone would not show what looks alike. */
function named(name: string, field: Field, email: string | undefined, request?: string): string {
  const who = request === undefined ? name : `${name} of ${request}`;
  return field === 'email' && email !== undefined ? `${email}, of ${who}` : who;
}
