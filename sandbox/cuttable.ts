import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a server on this machine that can be cut. */
export type Cuttable = {
  port: number;
  /** `dead`: connections break and new ones are refused; `silent`: nothing gets through, and nobody is told. */
  cut: (how: 'dead' | 'silent') => void;
  mend: () => void;
  stop: () => Promise<void>;
};

/** Passes TCP connections on to `port` of this machine. */
export async function cuttable(port: number): Promise<Cuttable> {
  const pairs = new Set<[Socket, Socket]>();
  let state: 'open' | 'dead' | 'silent' = 'open';
  const server = createServer((client) => {
    if (state === 'dead') {
      client.destroy();
      return;
    }
    const upstream = connect(port, '127.0.0.1');
    const pair: [Socket, Socket] = [client, upstream];
    pairs.add(pair);
    if (state === 'open') link(client, upstream);
    for (const [from, to] of [pair, [upstream, client] as const]) {
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port to listen on');
  const breakAll = () => {
    for (const [client, upstream] of pairs) {
      client.destroy();
      upstream.destroy();
    }
  };
  return {
    port: address.port,
    cut: (how) => {
      state = how;
      if (how === 'dead') breakAll();
      else for (const [client, upstream] of pairs) unlink(client, upstream);
    },
    mend: () => {
      state = 'open';
      for (const [client, upstream] of pairs) link(client, upstream);
    },
    stop: async () => {
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
}

function link(one: Socket, other: Socket): void {
  unlink(one, other);
  one.pipe(other);
  other.pipe(one);
}

function unlink(one: Socket, other: Socket): void {
  one.unpipe(other);
  other.unpipe(one);
}
