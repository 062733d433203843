import { signal } from '@preact/signals';
import type { DemoSwitch } from '../../control/screen.ts';
import { Icon } from './icons.tsx';
import { screen, trouble } from './state.ts';

const switches: Record<DemoSwitch, string> = {
  outage: 'HaloPSA is down',
  no_licence: 'No licence is free',
  keeps_hours: 'HaloPSA ignores Working Hours',
  two_approvals: 'Two approvals are needed',
};
const failure = signal('');

/** What a newcomer can do to the world around the app, so that every state of a request can be seen. */
export function DemoControls() {
  const demo = screen.value?.demo;
  if (demo === undefined) return null;
  const { on, daysAhead, isRestarting } = demo;
  return (
    <section class="demo" aria-labelledby="demo-title">
      <h3 id="demo-title">Try it out</h3>
      <div class="demo-controls">
        {(Object.keys(switches) as DemoSwitch[]).map((one) => (
          <label key={one}>
            <input
              type="checkbox"
              checked={on[one]}
              disabled={isRestarting}
              onChange={() => void send({ switch: one, on: !on[one] })}
            />
            {switches[one]}
          </label>
        ))}
        <button type="button" disabled={isRestarting} onClick={() => void send({ do: 'pass_time' })}>
          Let 4 days pass
        </button>
        <button type="button" disabled={isRestarting} onClick={() => void send({ do: 'change_agent' })}>
          Switch the new agent on or off in HaloPSA
        </button>
      </div>
      <p class="demo-says" role="status">
        {isRestarting
          ? 'The app is starting again…'
          : daysAhead > 0 && `The app’s clock is ${daysAhead} days ahead.`}
      </p>
      <p class="press-failed" role="alert">
        {failure.value !== '' && (
          <>
            <Icon name="alert" /> {failure}
          </>
        )}
      </p>
    </section>
  );
}

async function send(step: object): Promise<void> {
  failure.value = '';
  try {
    const response = await fetch('/demo', {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(step),
    });
    const answer: unknown = await response.json();
    const isRefused = typeof answer === 'object' && answer !== null && 'failure' in answer;
    if (isRefused) failure.value = String(answer.failure);
  } catch {
    failure.value = trouble;
  }
}
