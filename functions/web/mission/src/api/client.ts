import createClient from "openapi-fetch";
import { session } from "../session/session";
import { problemFrom } from "./problem";
import type { paths } from "./schema";

export const api = createClient<paths>({ baseUrl: window.location.origin });

api.use({
  onRequest({ request }) {
    const token = session.get().token;
    if (token !== null) request.headers.set("Authorization", `Bearer ${token}`);
    return request;
  },
});

interface Reply<Body> {
  data?: Body;
  error?: unknown;
  response: Response;
}

/** Ends the session when the server no longer knows its token. */
export function endSessionOn(status: number): void {
  if (status === 401 && session.get().token !== null) session.expire();
}

/** The body of an answer. Throws a ProblemError for every status that is no success. */
export async function answer<Body>(call: Promise<Reply<Body>>): Promise<Body> {
  const { data, error, response } = await call;
  if (response.ok) return data as Body;
  endSessionOn(response.status);
  throw problemFrom(response.status, error);
}

/** GET of a path outside the contract (the base map), with the bearer token. */
export async function getJson<Body>(path: string): Promise<Body> {
  const response = await fetch(path, { headers: { Authorization: `Bearer ${session.get().token ?? ""}` } });
  if (response.ok) return (await response.json()) as Body;
  endSessionOn(response.status);
  throw problemFrom(response.status, null);
}
