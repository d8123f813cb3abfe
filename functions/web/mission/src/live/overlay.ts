import type { State } from "../api/types";
import { isOpen } from "../orders/status";

export interface OrderEvent {
  order_id: string;
  status: string;
  at: string;
  driver_id: string | null;
}

export interface DriverEvent {
  driver_id: string;
  at: string;
  status: string;
}

/**
 * What the stream said after a snapshot was taken. The snapshot may come from a cache a few seconds old;
 * laid over it, the newer events keep an order or a driver from flickering back to an earlier status.
 */
export class Overlay {
  private readonly orders = new Map<string, OrderEvent>();
  private readonly drivers = new Map<string, DriverEvent>();

  orderChanged(event: OrderEvent): void {
    this.orders.set(event.order_id, event);
  }

  driverChanged(event: DriverEvent): void {
    this.drivers.set(event.driver_id, event);
  }

  /** The snapshot with all newer events applied; events that the snapshot already contains are forgotten. */
  onto(state: State): State {
    const taken = Date.parse(state.now);
    forgetUntil(this.orders, taken);
    forgetUntil(this.drivers, taken);
    return this.applied(state);
  }

  applied(state: State): State {
    if (this.orders.size === 0 && this.drivers.size === 0) return state;
    return {
      ...state,
      orders: state.orders
        .map((order) => {
          const event = this.orders.get(order.id);
          return event === undefined ? order : { ...order, status: event.status, driver_id: event.driver_id };
        })
        .filter((order) => isOpen(order.status)),
      drivers: state.drivers.map((driver) => {
        const event = this.drivers.get(driver.id);
        return event === undefined ? driver : { ...driver, status: event.status };
      }),
    };
  }
}

function forgetUntil<Event extends { at: string }>(events: Map<string, Event>, taken: number): void {
  for (const [id, event] of events) if (Date.parse(event.at) <= taken) events.delete(id);
}

export const overlay = new Overlay();
