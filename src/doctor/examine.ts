import { readConfig, type Config } from '../config.ts';
import { baseOf } from '../halo/addresses.ts';
import { createHaloClient } from '../halo/client.ts';
import { checkClock } from './clock.ts';
import { notChecked, type Finding } from './finding.ts';
import { checkHalo, haloNames } from './halo.ts';
import { readProbes } from './probes.ts';
import { proxyFinding } from './proxy.ts';
import { checkSlack, slackNames } from './slack.ts';
import { checkStorage, storageName } from './storage.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that the app needs, in order. Changes nothing. `now`: epoch milliseconds by this machine. */
export async function examine(
  env: Environment,
  { manifest, now }: { manifest: string; now: () => number },
): Promise<{ findings: Finding[]; config?: Config }> {
  const read = readConfig(env);
  if ('problems' in read)
    return {
      findings: [
        ...read.problems.map(({ variable, problem }): Finding => ({
          name: variable,
          outcome: 'failed',
          found: problem,
          fix: 'Set it in .env or the environment; README.md says what each variable means.',
        })),
        ...notChecked([storageName, ...slackNames, ...haloNames, 'Clock'], 'the variables come first'),
      ],
    };
  const { config } = read;
  const halo = createHaloClient(config.halo, { admit: () => Promise.resolve(0) });
  const [storage, slack, haloFindings, ...clocks] = await Promise.all([
    checkStorage(config),
    checkSlack(config.slack, manifest),
    checkHalo(halo, config.halo, readProbes(config.dataDir)),
    checkClock('Slack', new URL('api.test', `${config.slack.apiUrl.replace(/\/*$/, '')}/`).href, now),
    checkClock('HaloPSA', `${baseOf(config.halo.baseUrl)}/api/InstanceInfo`, now),
  ]);
  const variables: Finding = { name: 'Variables', outcome: 'ok', found: `${config.slack.mode} mode` };
  const proxy = proxyFinding({ Slack: config.slack.apiUrl, HaloPSA: config.halo.baseUrl });
  return { config, findings: [variables, proxy, storage, ...slack, ...haloFindings, ...clocks] };
}
