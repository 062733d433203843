import { z } from 'zod';
import { createHaloClient, type HaloClient, type HaloConfig } from '../halo/client.ts';

/** `results` and `agents`: an object that holds its list there. */
export type Shape = 'array' | 'object' | 'results' | 'agents' | 'other';
export type Answer = { status: number | undefined; shape: Shape | undefined };

export type ObservedHalo = {
  http: HaloClient;
  /** How the last call was answered, whatever was made of it. */
  lastAnswer: () => Answer;
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
  const noting = <T>(schema: z.ZodType<T>): z.ZodType<T> => {
    answer = { status: undefined, shape: undefined };
    return z.preprocess((body) => {
      answer = { ...answer, shape: shapeOf(body) };
      return body;
    }, schema);
  };
  return {
    http: {
      get: (path, query, schema) => client.get(path, query, noting(schema)),
      post: (path, body, schema, beforeSend) => client.post(path, body, noting(schema), beforeSend),
      delete: (path, schema) => client.delete(path, noting(schema)),
    },
    lastAnswer: () => answer,
  };
}

function shapeOf(body: unknown): Shape {
  if (Array.isArray(body)) return 'array';
  if (typeof body !== 'object' || body === null) return 'other';
  if ('results' in body) return 'results';
  return 'agents' in body ? 'agents' : 'object';
}
