import { backoffMs } from "./backoff";
import { endSessionOn } from "./client";
import { ProblemError, problemFrom } from "./problem";
import { sseParser, type StreamEvent } from "./sse";

export interface StreamHandlers {
  onOpen(): void;
  onEvent(event: StreamEvent): void;
  /** The stream broke off; it is opened again after `retryInMs`. */
  onDrop(retryInMs: number): void;
}

/** The server writes a comment every 15 s: three missed ones mean a dead connection. */
const SILENCE_MS = 45_000;

/**
 * Follows a Server-Sent Events endpoint over fetch, which unlike EventSource can carry the bearer token,
 * and resumes after a break with `Last-Event-ID`. Returns once `signal` is aborted or the session has ended.
 */
export async function followStream(path: string, token: string, handlers: StreamHandlers, signal: AbortSignal) {
  let lastId = "";
  let attempt = 0;
  while (!signal.aborted) {
    const connection = new AbortController();
    const abort = () => connection.abort();
    signal.addEventListener("abort", abort);
    try {
      await readOnce(path, token, lastId, connection, {
        ...handlers,
        onOpen() {
          attempt = 0;
          handlers.onOpen();
        },
        onEvent(event) {
          lastId = event.id;
          handlers.onEvent(event);
        },
      });
    } catch (error) {
      if (error instanceof ProblemError && error.status === 401) return;
      if (!isLostConnection(error)) throw error;
    } finally {
      signal.removeEventListener("abort", abort);
    }
    if (signal.aborted) return;
    const wait = backoffMs(attempt, Math.random());
    attempt += 1;
    handlers.onDrop(wait);
    await pause(wait, signal);
  }
}

/** A refusal by the server, a failed fetch (TypeError) or our own abort: worth another try. Anything else is a defect. */
function isLostConnection(error: unknown): boolean {
  return error instanceof ProblemError || error instanceof TypeError || error instanceof DOMException;
}

async function readOnce(
  path: string,
  token: string,
  lastId: string,
  connection: AbortController,
  handlers: StreamHandlers,
): Promise<void> {
  const headers: Record<string, string> = { Accept: "text/event-stream", Authorization: `Bearer ${token}` };
  if (lastId !== "") headers["Last-Event-ID"] = lastId;
  let watchdog = window.setTimeout(() => connection.abort(), SILENCE_MS);
  try {
    const response = await fetch(path, { headers, signal: connection.signal, cache: "no-store" });
    endSessionOn(response.status);
    if (!response.ok || response.body === null) throw problemFrom(response.status, null);
    handlers.onOpen();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = sseParser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      window.clearTimeout(watchdog);
      watchdog = window.setTimeout(() => connection.abort(), SILENCE_MS);
      parser.push(value).forEach(handlers.onEvent);
    }
  } finally {
    window.clearTimeout(watchdog);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = window.setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      window.clearTimeout(timer);
      resolve();
    });
  });
}
