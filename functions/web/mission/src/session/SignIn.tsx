import "./signin.css";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../api/client";
import { ProblemError } from "../api/problem";
import type { MissionConfig, Session } from "../api/types";
import { Mark } from "../shell/Mark";
import { FormProblem } from "../ui/FormProblem";
import { useStore } from "../ui/store";
import { session } from "./session";
import { StreetPattern } from "./StreetPattern";

const OPERATORS = new Set(["admin", "support"]);

/** The way in, with the demonstration account filled in where the server says that there is one. */
export function SignIn({ config }: { config: MissionConfig }) {
  const demo = config.demo_sign_in;
  const { expired } = useStore(session);
  const [email, setEmail] = useState(demo?.email ?? "");
  const [password, setPassword] = useState(demo?.password ?? "");
  const login = useMutation({
    mutationFn: async () => admitted(await answer(api.POST("/v1/auth/login", { body: { email, password } }))),
    onSuccess: session.begin,
  });

  return (
    <div className="signin">
      <StreetPattern />
      <main className="signin__card card">
        <Mark size={40} />
        <h1>Mission control</h1>
        <p className="signin__lead">
          {expired ? "Your session has ended. Sign in again to go on." : "Every order, driver and decision, live."}
        </p>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            login.mutate();
          }}
        >
          <label>
            E-mail
            <input
              type="email"
              name="email"
              autoComplete="username"
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          </label>
          <label>
            Password
            <input
              type="password"
              name="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </label>
          {login.isError && <FormProblem error={login.error} />}
          <button type="submit" className="button button--main" disabled={login.isPending}>
            {login.isPending ? "Signing in" : "Sign in"}
          </button>
        </form>
        {demo !== null && <p className="signin__demo">Demonstration system: the operator account is filled in.</p>}
      </main>
    </div>
  );
}

/** Customers, merchants and drivers have valid accounts too, and nothing to see here. */
function admitted(answered: Session): Session {
  if (OPERATORS.has(answered.account.role)) return answered;
  const detail = "Mission control is for operators and support. Use the app of your role instead.";
  throw new ProblemError(403, "No access with this account", detail, "not_an_operator", null);
}
