import type { Session } from "../api/types";
import { createStore } from "../ui/store";

interface SignedIn {
  token: string | null;
  accountName: string;
  role: string;
  /** True when the server ended the session, so the sign-in page can say why it is there. */
  expired: boolean;
}

const KEY = "cloudrun.mission.session";
const SIGNED_OUT: SignedIn = { token: null, accountName: "", role: "", expired: false };

/** A tab keeps its session over a reload, and loses it when it is closed: consoles stand on shared desks. */
function restore(): SignedIn {
  const saved = sessionStorage.getItem(KEY);
  return saved === null ? SIGNED_OUT : (JSON.parse(saved) as SignedIn);
}

const store = createStore<SignedIn>(restore());

export const session = {
  get: store.get,
  subscribe: store.subscribe,
  begin(answer: Session): void {
    const { token, account } = answer;
    const next = { token, accountName: account.name, role: account.role, expired: false };
    sessionStorage.setItem(KEY, JSON.stringify(next));
    store.set(next);
  },
  end(): void {
    sessionStorage.removeItem(KEY);
    store.set(SIGNED_OUT);
  },
  expire(): void {
    sessionStorage.removeItem(KEY);
    store.set({ ...SIGNED_OUT, expired: true });
  },
};
