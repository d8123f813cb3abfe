/** Incremental parser of the event stream format (WHATWG HTML, "Server-sent events", 9.2.6). */
export interface StreamEvent {
  id: string;
  type: string;
  data: string;
}

export interface SseParser {
  /** Takes the next piece of text, however it was cut, and returns the events that it completed. */
  push(text: string): StreamEvent[];
}

export function sseParser(): SseParser {
  let rest = "";
  let id = "";
  let type = "";
  let data: string[] = [];

  function field(line: string): void {
    const colon = line.indexOf(":");
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") data.push(value);
    else if (name === "event") type = value;
    else if (name === "id" && !value.includes("\0")) id = value;
  }

  function dispatch(): StreamEvent[] {
    const event = { id, type: type || "message", data: data.join("\n") };
    const complete = data.length > 0;
    type = "";
    data = [];
    return complete ? [event] : [];
  }

  return {
    push(text) {
      const whole = rest + text;
      // A lone CR at the very end may be the first half of CRLF: it waits for the next piece.
      const held = whole.endsWith("\r") ? 1 : 0;
      const lines = whole.slice(0, whole.length - held).split(/\r\n|\r|\n/);
      rest = (lines.pop() ?? "") + whole.slice(whole.length - held);
      return lines.flatMap((line) => {
        if (line === "") return dispatch();
        field(line);
        return [];
      });
    },
  };
}
