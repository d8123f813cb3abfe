import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "../api/client";

/** What the server tells the app before anyone has signed in. */
export const configQuery = queryOptions({
  queryKey: ["config"],
  queryFn: () => answer(api.GET("/mission/config.json")),
  staleTime: Infinity,
});
