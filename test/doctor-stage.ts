import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalHalo, type LocalHaloOptions } from '../sandbox/halo/local-halo.ts';
import { serve, type Served } from '../sandbox/serve.ts';
import { LocalSlack } from '../sandbox/slack/local-slack.ts';
import { people } from '../sandbox/slack/workspace.ts';
import { examine } from '../src/cli/doctor/examine.ts';
import { isWell, table } from '../src/cli/doctor/finding.ts';

export const manifest = readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8');
const credentials = {
  botToken: 'xoxb-7120045511-8890012245-DoctorDoctorDoctor',
  appToken: 'xapp-1-A07QH9Z4R5T-7120045511-doctor',
  signingSecret: '0d41c9be7a2f4386d1e0b7c49a835f62',
  clientId: '5e7b1d90-4c2a-48f3-9d61-b0a8e3f7c215',
  clientSecret: '1f83a6c5-72be-4d90-86a1-9c5e04b7d2f3-6b17e0d4-8f52-49ca-b3e8-d5072fc69a14',
};
export const secrets = [
  credentials.botToken,
  credentials.appToken,
  credentials.signingSecret,
  credentials.clientSecret,
];

export type DoctorOptions = {
  halo?: Partial<LocalHaloOptions>;
  /** What the workspace's installed app was granted. */
  installed?: string;
};

/** A local Slack and a local HaloPSA behind real sockets, and the environment that names them. */
export class DoctorStage {
  readonly slack: LocalSlack;
  readonly halo: LocalHalo;
  env: Record<string, string> = {};
  private servers: Served[] = [];

  private constructor({ halo = {}, installed = manifest }: DoctorOptions) {
    const slackUrl = () => this.servers[0]?.url ?? '';
    this.slack = new LocalSlack({
      ...credentials,
      manifest: installed,
      webBase: slackUrl,
      hooksBase: slackUrl,
    });
    this.halo = new LocalHalo({ ...credentials, ...halo });
    // What is slow is slow enough for a test.
    this.halo.quirks.agentListMs = Math.min(this.halo.quirks.agentListMs, 100);
  }

  static async open(options: DoctorOptions = {}): Promise<DoctorStage> {
    const stage = new DoctorStage(options);
    const slack = await serve((request) => stage.slack.fetch(request));
    const halo = await serve((request) => stage.halo.fetch(request));
    stage.servers = [slack, halo];
    stage.env = {
      SLACK_BOT_TOKEN: credentials.botToken,
      SLACK_APP_TOKEN: credentials.appToken,
      SLACK_API_URL: `${slack.url}/api/`,
      HALO_BASE_URL: halo.url,
      HALO_CLIENT_ID: credentials.clientId,
      HALO_CLIENT_SECRET: credentials.clientSecret,
      NEO_APPROVERS: `${people.ben.id},${people.cleo.id}`,
      DATA_DIR: mkdtempSync(join(tmpdir(), 'neo-setup-doctor-')),
    };
    return stage;
  }

  /** What the doctor prints, and whether all is well. */
  async examine(now: () => number = Date.now): Promise<{ text: string; well: boolean }> {
    const { findings } = await examine(this.env, { manifest, now });
    return { text: table(findings), well: isWell(findings) };
  }

  async stopHalo(): Promise<void> {
    await this.servers[1]?.stop();
  }

  async close(): Promise<void> {
    this.slack.stop();
    this.halo.heal();
    await Promise.all(this.servers.map((server) => server.stop()));
  }
}
