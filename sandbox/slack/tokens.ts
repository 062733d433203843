import { randomBytes } from 'node:crypto';

/** Twelve hours, in seconds. */
const lifeSeconds = 43_200;
const maxActive = 2;

/** What `oauth.v2.exchange` and `oauth.v2.access` give. `expiresIn`: seconds. */
export type Pair = { accessToken: string; refreshToken: string; expiresIn: number };

type Issued = { until: number; revoked: boolean };

/**
 * The tokens of the app. With rotation a bot token lives 12 hours, two of them work at the most (a third revokes
 * the oldest), and a refresh token works once. The token without an end works until it is exchanged.
 * Source: docs.slack.dev/authentication/using-token-rotation. Uncertain: it does not say when the exchanged
 * token stops; here it stops at the exchange.
 */
export class Tokens {
  private readonly lasting: string;
  private readonly appToken: string;
  private readonly now: () => number;
  /** The oldest first. */
  private readonly issued = new Map<string, Issued>();
  private readonly refreshTokens = new Set<string>();

  constructor(options: { botToken: string; appToken: string; now: () => number }) {
    this.lasting = options.botToken;
    this.appToken = options.appToken;
    this.now = options.now;
    this.issued.set(options.botToken, { until: Infinity, revoked: false });
  }

  /** Whose token it is, or Slack's code for why it is nobody's. */
  holder(token: string): 'bot' | 'app' | { error: string } {
    if (token === '') return { error: 'not_authed' };
    if (token === this.appToken) return 'app';
    const issued = this.issued.get(token);
    if (issued === undefined) return { error: 'invalid_auth' };
    if (issued.revoked) return { error: 'token_revoked' };
    return this.now() > issued.until ? { error: 'token_expired' } : 'bot';
  }

  exchange(token: string): Pair | { error: string } {
    const issued = this.issued.get(token);
    if (issued === undefined || token !== this.lasting) return { error: 'invalid_token' };
    if (issued.revoked) return { error: 'token_already_exchanged' };
    issued.revoked = true;
    return this.issue();
  }

  refresh(refreshToken: string): Pair | { error: string } {
    return this.refreshTokens.delete(refreshToken) ? this.issue() : { error: 'invalid_refresh_token' };
  }

  private issue(): Pair {
    const accessToken = `xoxe.xoxb-1-${randomBytes(24).toString('hex')}`;
    const refreshToken = `xoxe-1-${randomBytes(24).toString('hex')}`;
    this.issued.set(accessToken, { until: this.now() + lifeSeconds * 1000, revoked: false });
    this.refreshTokens.add(refreshToken);
    const active = [...this.issued.values()].filter(({ until, revoked }) => !revoked && this.now() <= until);
    for (const old of active.slice(0, -maxActive)) old.revoked = true;
    return { accessToken, refreshToken, expiresIn: lifeSeconds };
  }
}
