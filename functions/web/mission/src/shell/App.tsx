import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { configQuery } from "../session/config";
import { session } from "../session/session";
import { SignIn } from "../session/SignIn";
import { Failure } from "../ui/Notice";
import { useStore } from "../ui/store";
import { Console } from "./Console";

/** The sign-in page or the console, whichever the session calls for. */
export function App() {
  const client = useQueryClient();
  const { token } = useStore(session);
  const { data: config, error, refetch } = useQuery(configQuery);

  useEffect(() => {
    if (token === null) client.removeQueries({ predicate: (query) => query.queryKey[0] !== "config" });
  }, [client, token]);

  if (config === undefined) {
    return error === null ? null : <Failure error={error} retry={() => void refetch()} />;
  }
  return token === null ? <SignIn config={config} /> : <Console config={config} token={token} />;
}
