import { readConfig, readConfigParts, type Config, type ConfigParts } from '../../config.ts';
import { baseOf } from '../../halo/addresses.ts';
import { createHaloClient, type HaloConfig } from '../../halo/client.ts';
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
  const parts = readConfigParts(env);
  const { slack, halo, storage, people: who } = parts;
  const [inStorage, atSlack, atHalo, clocks] = await Promise.all([
    storage === undefined ? first([storageName]) : checkStorage(storage).then((finding) => [finding]),
    slack === undefined ? first(slackNames) : checkSlack({ slack, manifest, who, now }),
    halo === undefined ? first(haloNames) : checkWholeHalo(halo, storage?.dataDir),
    checkClocks(parts, now),
  ]);
  const findings = [...variables(read), ...proxies(parts), ...inStorage, ...atSlack, ...atHalo, ...clocks];
  return 'config' in read ? { config: read.config, findings } : { findings };
}

function first(names: readonly string[]): Finding[] {
  return notChecked(names, 'fix the variables above first');
}

/** One that is wrong keeps nothing else from being checked. */
function variables(read: ReturnType<typeof readConfig>): Finding[] {
  if ('config' in read)
    return [{ name: 'Variables', outcome: 'ok', found: `${read.config.slack.mode} mode` }];
  return read.problems.map(({ variable, problem }) => ({
    name: variable,
    outcome: 'failed',
    found: problem,
    fix: 'Set it in .env or the environment. README.md explains each variable.',
  }));
}

function proxies({ slack, halo }: ConfigParts): Finding[] {
  const addresses = { ...(slack && { Slack: slack.apiUrl }), ...(halo && { HaloPSA: halo.baseUrl }) };
  return Object.keys(addresses).length === 0 ? [] : [proxyFinding(addresses)];
}

function checkWholeHalo(config: HaloConfig, dataDir: string | undefined): Promise<Finding[]> {
  const halo = createHaloClient(config, { admit: () => Promise.resolve(0) });
  return checkHalo(halo, config, dataDir === undefined ? {} : readProbes(dataDir));
}

function checkClocks({ slack, halo }: ConfigParts, now: () => number): Promise<Finding[]> {
  return Promise.all([
    ...(slack === undefined
      ? []
      : [checkClock('Slack', new URL('api.test', `${slack.apiUrl.replace(/\/*$/, '')}/`).href, now)]),
    ...(halo === undefined ? [] : [checkClock('HaloPSA', `${baseOf(halo.baseUrl)}/api/InstanceInfo`, now)]),
  ]);
}
