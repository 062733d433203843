import { z } from 'zod';
import { defineField } from './field.ts';
import { yesNo } from './shown.ts';

export const accountActive = defineField({
  id: 'isActive',
  section: 'Account details',
  label: 'Account Active',
  hint: 'Leave checked. Neo Agent can’t work with a disabled account.',
  input: {
    kind: 'checkbox',
    block: 'account_active',
    initial: true,
    take: (checked) => ({ planned: checked.length > 0 }),
    isChecked: (isActive) => isActive,
  },
  plan: z.boolean(),
  // A disabled agent takes no licence.
  probe: () => false,
  send: (isActive) => ({ isdisabled: !isActive }),
  repairs: [(isActive) => ({ isdisabled: !isActive })],
  text: yesNo,
  reported: (agent) => (agent.isdisabled === undefined ? undefined : yesNo(!agent.isdisabled)),
  entered: ({ isdisabled }) => (isdisabled === undefined ? undefined : isdisabled ? [] : ['yes']),
  same: (isActive, agent) => agent.isdisabled === !isActive,
  byHand: (shown) => `${shown === yesNo(true) ? 'check' : 'uncheck'} *Account Active*`,
  asGuide: (agent) => agent.isdisabled === false,
  warnings: (isActive) =>
    isActive ? [] : ['Account Active is off. Neo Agent can’t work until someone enables the agent.'],
});
