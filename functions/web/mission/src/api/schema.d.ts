/** The wire contract, in the form that `npm run generate` writes it from docs/openapi.json. */
export interface paths {
  "/v1/auth/login": { post: operations["login"] };
  "/v1/auth/logout": { post: operations["logout"] };
  "/v1/auth/session": { get: operations["session"] };
  "/v1/admin/dashboard": { get: operations["dashboard"] };
  "/v1/state": { get: operations["state"] };
  "/v1/admin/orders": { get: operations["search_orders"] };
  "/v1/orders/{order_id}": { get: operations["get_order"] };
  "/v1/orders/{order_id}/dossier": { get: operations["get_dossier"] };
  "/v1/orders/{order_id}/dossier/verify": { get: operations["verify_dossier"] };
  "/v1/admin/dispatch/ticks": { get: operations["list_ticks"] };
  "/v1/admin/dispatch/ticks/{tick_id}": { get: operations["get_tick"] };
}

interface Json<T> {
  headers: { [name: string]: unknown };
  content: { "application/json": T };
}

interface ProblemAnswer {
  headers: { [name: string]: unknown };
  content: { "application/problem+json": components["schemas"]["Problem"] };
}

interface NoContent {
  headers: { [name: string]: unknown };
  content?: never;
}

interface Query<Q> {
  parameters: { query: Q; header?: never; path?: never; cookie?: never };
  requestBody?: never;
}

interface Path<P> {
  parameters: { query?: never; header?: never; path: P; cookie?: never };
  requestBody?: never;
}

interface Bare {
  parameters: { query?: never; header?: never; path?: never; cookie?: never };
  requestBody?: never;
}

type Ok<T> = { responses: { 200: Json<T>; default: ProblemAnswer } };

export interface operations {
  login: {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    requestBody: { content: { "application/json": components["schemas"]["Login"] } };
    responses: { 200: Json<components["schemas"]["Session"]>; default: ProblemAnswer };
  };
  logout: Bare & { responses: { 204: NoContent; default: ProblemAnswer } };
  session: Bare & Ok<components["schemas"]["CurrentSession"]>;
  dashboard: Query<{ region_id: string }> & Ok<components["schemas"]["Dashboard"]>;
  state: Query<{ region_id: string; include_completed?: boolean; limit?: number }> &
    Ok<components["schemas"]["State"]>;
  search_orders: Query<{ region_id?: string; status?: string; q?: string; cursor?: string; limit?: number }> &
    Ok<components["schemas"]["OrderPage"]>;
  get_order: Path<{ order_id: string }> & Ok<components["schemas"]["Order"]>;
  get_dossier: Path<{ order_id: string }> & Ok<components["schemas"]["Dossier"]>;
  verify_dossier: Path<{ order_id: string }> & Ok<components["schemas"]["DossierVerification"]>;
  list_ticks: Query<{ region_id: string; cursor?: string; limit?: number }> & Ok<components["schemas"]["TickPage"]>;
  get_tick: Path<{ tick_id: string }> & Ok<components["schemas"]["Tick"]>;
}

export interface components {
  schemas: {
    Problem: {
      type: string;
      title: string;
      status: number;
      detail: string;
      code: string;
      request_id: string;
      errors?: { field: string; message: string }[];
    };
    Login: { email: string; password: string };
    Account: { id: string; role: string; name: string };
    Session: { token: string; expires_at: string; account: components["schemas"]["Account"] };
    CurrentSession: { account: components["schemas"]["Account"] };
    Position: { lat: number; lng: number };
    /** @enum {string} */
    OrderStatus:
      | "created"
      | "age_pending"
      | "age_verified"
      | "age_failed"
      | "payment_authorized"
      | "payment_declined"
      | "accepted"
      | "preparing"
      | "ready"
      | "dispatched"
      | "picked_up"
      | "arrived"
      | "doorstep_passed"
      | "delivered"
      | "merchant_rejected"
      | "cancelled"
      | "refused"
      | "returning"
      | "returned";
    /** @enum {string} */
    DriverStatus: "idle" | "offered" | "to_pickup" | "at_pickup" | "to_dropoff" | "at_dropoff" | "returning";
    Dashboard: {
      region_id: string;
      now: string;
      clock_speed: number;
      orders: {
        placed: number;
        open: number;
        delivered: number;
        refused: number;
        returned: number;
        cancelled: number;
        by_status: { [status: string]: number };
      };
      drivers: { online: number; idle: number; busy: number };
      click_to_door: { mean_s: number | null; p50_s: number | null; p90_s: number | null };
      offers: { sent: number; accepted: number; rejected: number; expired: number; per_delivery: number | null };
      money: { currency: string; captured_minor: number; authorized_minor: number; voided_minor: number };
      dispatch: {
        ticks_last_minute: number;
        last_tick_at: string | null;
        open_jobs: number;
        solve_ms_p50: number | null;
      };
      dossiers: { events: number; orders: number };
      orders_per_bucket: { from: string; placed: number; delivered: number }[];
    };
    OrderSummary: {
      id: string;
      status: components["schemas"]["OrderStatus"];
      store_id: string;
      store_name: string;
      pickup: components["schemas"]["Position"];
      dropoff: components["schemas"]["Position"];
      driver_id: string | null;
      restricted: boolean;
      created_at: string;
      promised_until: string | null;
      eta_at: string | null;
      total_minor: number;
      currency: string;
    };
    DriverState: {
      id: string;
      name: string;
      status: components["schemas"]["DriverStatus"];
      position: components["schemas"]["Position"];
      position_at: string;
      task_id: string | null;
      vehicle: string | null;
    };
    StoreState: { id: string; name: string; position: components["schemas"]["Position"]; open: boolean };
    State: {
      now: string;
      statistics: { [name: string]: unknown };
      orders: components["schemas"]["OrderSummary"][];
      drivers: components["schemas"]["DriverState"][];
      stores: components["schemas"]["StoreState"][];
    };
    OrderPage: { items: components["schemas"]["OrderSummary"][]; next_cursor: string | null };
    Order: {
      id: string;
      status: components["schemas"]["OrderStatus"];
      tracking_id: string;
      merchant_id: string;
      store_id: string;
      store_name: string;
      customer_id: string;
      driver_id: string | null;
      task_id: string | null;
      restricted: boolean;
      items: {
        product_id: string;
        name: string;
        quantity: number;
        unit_price_minor: number;
        restricted: boolean;
      }[];
      money: {
        currency: string;
        subtotal_minor: number;
        delivery_fee_minor: number;
        tax_minor: number;
        tip_minor: number;
        total_minor: number;
      };
      payment: { status: string; authorized_minor: number; captured_minor: number };
      age_check: { status: string };
      pickup: components["schemas"]["Position"];
      dropoff: components["schemas"]["Position"];
      promised_from: string | null;
      promised_until: string | null;
      created_at: string;
      updated_at: string;
      timeline: { status: components["schemas"]["OrderStatus"]; at: string }[];
      allowed_actions: string[];
    };
    DossierEvent: {
      seq: number;
      type: string;
      at: string;
      actor: { role: string; id: string };
      data: { [name: string]: unknown };
      prev_hash: string;
      hash: string;
    };
    Dossier: {
      order_id: string;
      length: number;
      head_hash: string;
      events: components["schemas"]["DossierEvent"][];
    };
    DossierVerification: {
      order_id: string;
      valid: boolean;
      length: number;
      head_hash: string;
      first_broken: { seq: number; reason: string } | null;
    };
    TickSummary: {
      id: string;
      at: string;
      jobs: number;
      drivers: number;
      offers: number;
      solve_ms: number;
      total_ms: number;
    };
    TickPage: { items: components["schemas"]["TickSummary"][]; next_cursor: string | null };
    CostTerms: { T: number; L: number; E: number; R: number; F: number; Z: number; p_accept: number };
    Candidate: { driver_id: string; cost: number; terms: components["schemas"]["CostTerms"] };
    Job: {
      order_id: string;
      chosen_driver_id: string | null;
      reason: string;
      candidates: components["schemas"]["Candidate"][];
      margin_s: number | null;
    };
    Tick: { id: string; at: string; jobs: components["schemas"]["Job"][] };
  };
}
