import { fixField } from './field.ts';
import { yesNo } from './shown.ts';

/** Never: the form has the checkbox because HaloPSA's screen has it, and says why it must stay as it is. */
export const apiOnly = fixField(false, {
  id: 'isApiOnly',
  section: 'Account details',
  label: 'Is an API-only Agent',
  hint: 'Leave unchecked. Neo Agent needs to assign tickets to itself and create time entries, which require a full agent account.',
  input: {
    kind: 'checkbox',
    block: 'api_only_agent',
    initial: false,
    take: (checked) =>
      checked.length === 0
        ? { planned: false }
        : {
            problem:
              'Leave this unchecked. Neo Agent needs to assign tickets to itself and create time entries, which require a full agent account.',
          },
    isChecked: (isApiOnly) => isApiOnly,
  },
  send: (isApiOnly) => ({ isapiagent: isApiOnly }),
  repairs: [(isApiOnly) => ({ isapiagent: isApiOnly })],
  text: yesNo,
  row: { constant: 'Account type: full agent (not API-only)' },
  reported: (agent) => (agent.isapiagent === undefined ? undefined : yesNo(agent.isapiagent)),
  same: (isApiOnly, agent) => agent.isapiagent === isApiOnly,
  byHand: () => 'uncheck *Is an API-only Agent*',
  asGuide: (agent) => agent.isapiagent === false,
});
