import { z } from 'zod';
import { createHaloClient, type HaloClient, type HaloConfig } from '../halo/client.ts';

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
  const noting = <T>(path: string, schema: z.ZodType<T>): z.ZodType<T> => {
    answer = { status: undefined, shape: undefined };
    return z.preprocess((body) => {
      const shape = shapeOf(body);
      answer = { ...answer, shape };
      if (!shapes.has(path)) shapes.set(path, shape);
      return body;
    }, schema);
  };
  return {
    http: {
      get: (path, query, schema) => client.get(path, query, noting(path, schema)),
      post: (path, body, schema, beforeSend) => client.post(path, body, noting(path, schema), beforeSend),
      delete: (path, schema) => client.delete(path, noting(path, schema)),
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
