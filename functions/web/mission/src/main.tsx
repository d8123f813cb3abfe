import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/controls.css";
import "./ui/notices.css";
import "./ui/theme";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ProblemError } from "./api/problem";
import { App } from "./shell/App";
import { Boundary } from "./ui/Boundary";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      networkMode: "always",
      // A refusal stays a refusal; only lost connections and 5xx are worth asking again.
      retry: (failures, error) => failures < 2 && !(error instanceof ProblemError && error.status < 500),
    },
  },
});

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <Boundary name="Mission control">
        <App />
      </Boundary>
    </QueryClientProvider>
  </StrictMode>,
);
