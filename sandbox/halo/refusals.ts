/** A call that HaloPSA does not carry out. 404 has no body; a 400 says why in one of three forms. */
export class Refusal extends Error {
  readonly status: 400 | 404 | 415;
  readonly body: unknown;

  constructor(status: 400 | 404 | 415, body?: unknown) {
    super(`refused with ${status}`);
    this.status = status;
    this.body = body;
  }

  /** A rule of HaloPSA's: a JSON string. */
  static rule(text: string): Refusal {
    return new Refusal(400, text);
  }

  /** A value that cannot be read: ASP.NET's map of places to problems. */
  static modelState(place: string, problem: string): Refusal {
    return new Refusal(400, { [place]: [problem] });
  }

  /** What the database does not take: a serialised .NET exception, which is a 400 at HaloPSA. */
  static database(problem: string): Refusal {
    return new Refusal(400, {
      ClassName: 'System.Exception',
      Message: `A database error occurred ${problem}`,
      Data: null,
      InnerException: null,
      HelpURL: null,
      StackTraceString: null,
      RemoteStackTraceString: null,
      RemoteStackIndex: 0,
      ExceptionMethod: null,
      HResult: -2146233088,
    });
  }
}

/** HaloPSA's 401, 403, 404, 415 and 500 say nothing at all. */
export function empty(status: 401 | 403 | 404 | 415 | 500): Response {
  return new Response(null, { status });
}

export function refusalAnswer({ status, body }: Refusal): Response {
  return status === 400 ? Response.json(body, { status }) : empty(status);
}
