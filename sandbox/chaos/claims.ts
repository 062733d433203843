import type { Request, RequestState } from '../../src/requests/request.ts';

/** How a request ended, and what HaloPSA and Slack hold of it. */
export type Truth = {
  request: Request;
  /** The ids of HaloPSA's agents with its Username. */
  agents: readonly number[];
  cardStands: boolean;
};

type Claim = { says: RegExp; holds: (truth: Truth, match: RegExpExecArray) => boolean };

const only =
  (...states: RequestState[]) =>
  ({ request }: Truth) =>
    states.includes(request.state);
const approved = ({ request: { decision, state } }: Truth) =>
  state !== 'pending' && (decision?.kind === 'approved' || decision?.kind === 'unopposed');
const always = () => true;

/**
 * Every sentence that says how a request stands, and when it is true. A message that says none of them is a fault too:
 * somebody wrote a new one.
 */
const claims: readonly Claim[] = [
  { says: /needs? your approval( again)?|still needs (approval|your approval)/, holds: only('pending') },
  { says: /Needs (one approval|\d+ approvals) from|, the only approver\. /, holds: only('pending') },
  { says: /expires on .*nobody has decided yet/, holds: only('pending') },
  { says: /is about to be (created|repaired)|I’m about to look for the agent/, holds: only('approved') },
  {
    says: /(Creating|Looking for) the agent in HaloPSA…|Checking its settings…|(Looking at|Repairing) agent .*…|Checking (in HaloPSA whether|that nothing)|I’ll (try again|continue) automatically on/,
    holds: only('provisioning'),
  },
  {
    says: /(?:Done|Repaired): agent ID \**(\d+)/,
    holds: (truth, [, id]) => only('done')(truth) && truth.request.agentId === Number(id),
  },
  { says: /not every setting is confirmed/, holds: only('incomplete') },
  {
    says: /the agent is (ready|repaired)\. HaloPSA has every setting|nothing had to be repaired/,
    holds: only('done'),
  },
  { says: /Failed\. Details in the thread|NEO-\d+ failed /, holds: only('failed') },
  { says: /NEO-\d+ had failed /, holds: ({ request }) => request.triedAgain !== undefined },
  { says: /Denied by|You denied/, holds: only('denied') },
  { says: /Stopped by/, holds: only('denied') },
  { says: /Withdrawn by/, holds: only('withdrawn') },
  { says: /Expired on .*: nobody decided/, holds: only('expired') },
  { says: /(?<!\*Not )Approved by|You approved/, holds: approved },
  {
    says: /Nothing was changed in HaloPSA/,
    holds: ({ request, agents }) => request.repairs !== undefined || agents.length === 0,
  },
  {
    says: /Agent ID: `?(\d+)/,
    holds: ({ agents }, [, id]) => agents.includes(Number(id)),
  },
  { says: /I (can’t|won’t) post it in|I don’t post it again/, holds: ({ cardStands }) => !cardStands },
  { says: /The note from .* on NEO-\d+:/, holds: always },
  { says: /^NEO-\d+ is now posted in /, holds: ({ cardStands }) => cardStands },
  { says: /card (of NEO-\d+ in \S+ )?was deleted/, holds: ({ cardStands }) => !cardStands },
  { says: /I can’t update the card/, holds: () => false },
  { says: /so I show nothing here/, holds: () => false },
  { says: /has a question: see the thread/, holds: only('pending') },
  { says: /See the new card below/, holds: only('pending') },
  {
    says: /has a question about NEO-\d+:|\*Changed\* by|Changed by|see my newer message below/,
    holds: always,
  },
  {
    says: /no longer matches NEO-\d+|HaloPSA no longer has agent|is as it was when NEO-\d+ ended/,
    holds: always,
  },
];

/** What stood in a message at that time and is left as a record of it says nothing of now. */
const past = ' had failed ';

/** What is wrong with a message about this request, in `text` as people read it. */
export function falseClaims(text: string, truth: Truth): string[] {
  const said = claims.filter(({ says }) => says.test(text));
  if (said.length === 0) return [`says what nobody knows: ${short(text)}`];
  if (text.includes(past)) return [];
  return said
    .filter(({ says, holds }) => {
      const match = says.exec(text);
      return match !== null && !holds(truth, match);
    })
    .map(
      ({ says }) =>
        `is ${truth.request.state}, and a message claims ${says.source.slice(0, 40)}: ${short(text)}`,
    );
}

function short(text: string): string {
  return text.replaceAll('\n', ' / ').slice(0, 300);
}
