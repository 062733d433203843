import type { HaloAgent, JournalLine } from '../../control/screen.ts';
import { DemoControls } from './demo.tsx';
import { firstAgents, screen } from './state.ts';
import { clock } from './text.tsx';

/** The local HaloPSA beside the workspace, as its Agents page would show it, and every call that was made. */
export function HaloPanel() {
  const { halo, journal } = screen.value ?? {};
  if (halo === undefined || journal === undefined) return null;
  const { total, used } = halo.licences;
  return (
    <aside class="panel" aria-labelledby="panel-title">
      <header class="panel-head">
        <h2 id="panel-title">HaloPSA</h2>
        <p class="licences">
          Named licences: <strong>{used}</strong> of {total} used
        </p>
      </header>
      <DemoControls />
      <div class="panel-body" tabIndex={0} role="region" aria-label="Agents and teams">
        <section aria-labelledby="agents-title">
          <h3 id="agents-title">Agents</h3>
          <table class="agents">
            <thead>
              <tr>
                <th scope="col">ID</th>
                <th scope="col">Agent</th>
                <th scope="col">Active</th>
                <th scope="col">API-only</th>
                <th scope="col">Teams</th>
              </tr>
            </thead>
            <tbody>
              {[...halo.agents].reverse().map((agent) => (
                <AgentRow key={agent.id} agent={agent} />
              ))}
            </tbody>
          </table>
        </section>
        <section aria-labelledby="teams-title">
          <h3 id="teams-title">Teams</h3>
          <ul class="teams">
            {halo.teams.map(({ id, name, department, inactive, members }) => (
              <li key={id}>
                <span>
                  {department} › {name}
                  {inactive && ' (inactive)'}
                </span>
                <span class="count">{members === 1 ? '1 agent' : `${members} agents`}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
      <div class="panel-calls" tabIndex={0} role="region" aria-label="Calls">
        <h3>Calls to Slack and HaloPSA, the latest first</h3>
        <ol class="journal">
          {[...journal].reverse().map((line) => (
            <Call key={line.number} line={line} />
          ))}
        </ol>
      </div>
    </aside>
  );
}

function AgentRow({ agent }: { agent: HaloAgent }) {
  const { id, name, email, isActive, isApiOnly, teams } = agent;
  const isNew = !firstAgents.has(id);
  const [local, domain] = email.split('@');
  return (
    <tr class={isNew ? 'new-agent' : undefined}>
      <td>{id}</td>
      <th scope="row">
        {name} {isNew && <span class="chip">NEW</span>}
        <small>
          {local}
          <wbr />
          {domain !== undefined && `@${domain}`}
        </small>
      </th>
      <td>{isActive ? 'Yes' : 'No'}</td>
      <td>{isApiOnly ? 'Yes' : 'No'}</td>
      <td>{teams.join(', ') || '–'}</td>
    </tr>
  );
}

function Call({ line }: { line: JournalLine }) {
  const { at, to, method, path, status, went } = line;
  return (
    <li>
      <time class="clock">{clock(new Date(at))}</time>
      <span class="call">
        <strong>{to}</strong> {method} {path}
      </span>
      <span class={`went went-${went}`}>{status}</span>
    </li>
  );
}
