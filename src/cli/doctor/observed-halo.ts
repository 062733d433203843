import { createHaloClient, type HaloClient, type HaloConfig } from '../../halo/client.ts';
import type { Reader } from '../../halo/lenient.ts';

/** `results` and `agents`: an object that holds its list there. */
export type Shape = 'array' | 'object' | 'results' | 'agents' | 'other';
export type Answer = { status: number | undefined; shape: Shape | undefined };

export type ObservedHalo = {
  http: HaloClient;
  /** How the last call was answered, whatever was made of it. */
  lastAnswer: () => Answer;
  /** The shape of the first answer from this path: a list may have further pages in another one. */
  firstShape: (path: string) => Shape | undefined;
};

/** HaloPSA, with a note of how it answers beside what it answers. For calls one after the other. */
export function observeHalo(config: HaloConfig): ObservedHalo {
  let answer: Answer = { status: undefined, shape: undefined };
  const client = createHaloClient(config, {
    admit: () => Promise.resolve(0),
    onCall: ({ status }) => {
      answer = { ...answer, status };
    },
  });
  const shapes = new Map<string, Shape>();
  const noting = <T>(path: string, reader: Reader<T>): Reader<T> => {
    answer = { status: undefined, shape: undefined };
    const read: Reader<T>['read'] = (body) => {
      const shape = shapeOf(body);
      answer = { ...answer, shape };
      if (!shapes.has(path)) shapes.set(path, shape);
      return reader.read(body);
    };
    return { ...reader, read };
  };
  return {
    http: {
      get: (path, query, reader) => client.get(path, query, noting(path, reader)),
      post: (path, body, reader, beforeSend) => client.post(path, body, noting(path, reader), beforeSend),
      delete: (path, reader) => client.delete(path, noting(path, reader)),
    },
    lastAnswer: () => answer,
    firstShape: (path) => shapes.get(path),
  };
}

function shapeOf(body: unknown): Shape {
  if (Array.isArray(body)) return 'array';
  if (typeof body !== 'object' || body === null) return 'other';
  if ('results' in body) return 'results';
  return 'agents' in body ? 'agents' : 'object';
}
