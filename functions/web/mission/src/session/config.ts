import { queryOptions } from "@tanstack/react-query";
import { problemFrom } from "../api/problem";
import type { Position } from "../api/types";

/** What the serving function tells the app before anyone has signed in. */
export interface MissionConfig {
  demo_sign_in: { email: string; password: string } | null;
  region_id: string;
  center: Position;
  zoom: number;
}

export const configQuery = queryOptions({
  queryKey: ["config"],
  queryFn: async (): Promise<MissionConfig> => {
    const response = await fetch("/mission/config.json");
    if (!response.ok) throw problemFrom(response.status, null);
    return (await response.json()) as MissionConfig;
  },
  staleTime: Infinity,
});
