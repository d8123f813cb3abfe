/** Short names for the wire shapes. All of them are derived from the paths, so regenerating the schema keeps them. */
import type { components, paths } from "./schema";

type Answer<Operation> = Operation extends { responses: { 200: { content: { "application/json": infer Body } } } }
  ? Body
  : never;
type Get<Path extends keyof paths> = paths[Path] extends { get: infer Operation } ? Answer<Operation> : never;
type Post<Path extends keyof paths> = paths[Path] extends { post: infer Operation } ? Answer<Operation> : never;

export type MissionConfig = Get<"/mission/config.json">;
export type Session = Post<"/v1/auth/login">;
export type Dashboard = Get<"/v1/admin/dashboard">;
export type State = Get<"/v1/state">;
export type OrderSummary = State["orders"][number];
export type DriverState = State["drivers"][number];
export type StoreState = State["stores"][number];
export type OrderPage = Get<"/v1/admin/orders">;
export type Order = Get<"/v1/orders/{order_id}">;
export type OrderStatus = components["schemas"]["Status"];
export type Zones = Get<"/v1/admin/zones">;
export type Zone = Zones["zones"][number];
export type Position = DriverState["position"];
export type Dossier = Get<"/v1/orders/{order_id}/dossier">;
export type DossierEvent = Dossier["events"][number];
export type DossierVerification = Get<"/v1/orders/{order_id}/dossier/verify">;
export type DriverChecks = Get<"/v1/admin/drivers/doorstep_checks">["items"][number];
export type TickSummary = Get<"/v1/admin/dispatch/ticks">["items"][number];
export type Tick = Get<"/v1/admin/dispatch/ticks/{tick_id}">;
export type Job = Tick["jobs"][number];
export type Candidate = Job["candidates"][number];
