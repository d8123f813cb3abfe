/** A refused or failed call, told in the words of its RFC 9457 problem document. */
export class ProblemError extends Error {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;

  constructor(status: number, title: string, detail: string, code: string, requestId: string | null) {
    super(detail);
    this.name = "ProblemError";
    this.title = title;
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

function text(document: unknown, field: string): string | null {
  if (typeof document !== "object" || document === null) return null;
  const value = (document as Record<string, unknown>)[field];
  return typeof value === "string" && value !== "" ? value : null;
}

/** Reads a problem document; a body that is none (a proxy's page, an empty answer) still gives a readable problem. */
export function problemFrom(status: number, body: unknown): ProblemError {
  return new ProblemError(
    status,
    text(body, "title") ?? "The server could not answer",
    text(body, "detail") ?? `It replied with status ${status}. Try again in a moment.`,
    text(body, "code") ?? `http_${status}`,
    text(body, "request_id"),
  );
}

/** What to tell a person about anything a query may throw: a problem, or no network at all. */
export function describe(error: unknown): { title: string; detail: string; requestId: string | null } {
  if (error instanceof ProblemError) {
    return { title: error.title, detail: error.message, requestId: error.requestId };
  }
  return {
    title: "No connection to the server",
    detail: "The request did not get through. It is tried again as soon as the server answers.",
    requestId: null,
  };
}
