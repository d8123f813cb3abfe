import type { ViolationKind } from "../api/types";

/** What an authority may find at a store, in the order in which the form offers it. */
export const VIOLATION_NAMES: Record<ViolationKind, string> = {
  sale_to_minor: "Sale to someone under age",
  age_not_checked: "Sale without asking for ID",
  direct_access: "Goods within customers' reach",
  giveaway: "Goods given away",
  prohibited_product: "Prohibited product",
  warning_sign: "Warning sign missing",
  employee_notice: "Employees not notified",
  delivery_sale: "Unlawful delivery sale",
};

export const VIOLATION_KINDS = Object.keys(VIOLATION_NAMES) as ViolationKind[];
