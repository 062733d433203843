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
  {
    says: /waits? (anew )?for (your|its) decision|still waits? for|waits for your decision anew/,
    holds: only('pending'),
  },
  { says: /can decide until|must approve it until|nobody else may approve it now/, holds: only('pending') },
  { says: /expires on .*have not decided it/, holds: only('pending') },
  { says: /is about to be (created|repaired)|is about to be searched/, holds: only('approved') },
  {
    says: /(Creating|Looking for) the agent in HaloPSA…|reading it back…|(Looking at|Repairing) agent .*…|Checking (in HaloPSA whether|that it created)|it is (tried again by itself|asked again) on|it goes on by itself on/,
    holds: only('provisioning'),
  },
  {
    says: /(?:Done|Repaired): agent ID \**(\d+)/,
    holds: (truth, [, id]) => only('done')(truth) && truth.request.agentId === Number(id),
  },
  { says: /did not take every field|the agent exists, but not every field/, holds: only('incomplete') },
  {
    says: /the agent is (ready|repaired)\. HaloPSA reports every field|nothing had to be repaired/,
    holds: only('done'),
  },
  { says: /Not finished: see the thread|is not finished\./, holds: only('failed') },
  { says: /did not finish\./, holds: ({ request }) => request.triedAgain !== undefined },
  { says: /Denied by|You denied/, holds: only('denied') },
  { says: /Stopped by/, holds: only('denied') },
  { says: /Withdrawn by/, holds: only('withdrawn') },
  { says: /Nobody decided until/, holds: only('expired') },
  { says: /(?<!\*Not )Approved by|You approved/, holds: approved },
  {
    says: /Nothing was changed in HaloPSA/,
    holds: ({ request, agents }) => request.repairs !== undefined || agents.length === 0,
  },
  {
    says: /Agent ID: `?(\d+)/,
    holds: ({ agents }, [, id]) => agents.includes(Number(id)),
  },
  { says: /I (cannot|do not) post it in|I don’t post it again/, holds: ({ cardStands }) => !cardStands },
  { says: /^The card of NEO-\d+ is in /, holds: ({ cardStands }) => cardStands },
  { says: /card (of NEO-\d+ in \S+ )?was deleted/, holds: ({ cardStands }) => !cardStands },
  { says: /I can’t update the card/, holds: () => false },
  { says: /so I show nothing here/, holds: () => false },
  { says: /asked a question: see the thread/, holds: only('pending') },
  { says: /Its new card is further down/, holds: only('pending') },
  { says: /asks about NEO-\d+:|\*Changed\* by|Changed by|see my newer message below/, holds: always },
  { says: /is not as NEO-\d+ planned it any more|HaloPSA has no agent|is as NEO-\d+ left it/, holds: always },
];

/** What stood in a message at that time and is left as a record of it says nothing of now. */
const past = 'did not finish.';

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
