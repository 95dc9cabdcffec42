// Server-sent events over fetch, which unlike EventSource can show a token; resumed where they broke off.

import { Away } from "./api";
import type { Widget } from "./widget";

export interface Message {
  id: string;
  type: string;
  data: Record<string, any>;
}

// Between two tries at the least and at the most [ms].
const SOON = 1_000;
const LATE = 15_000;

/** What a stream tells, over broken connections, until it is over. raises: Refused. */
export async function* messages(widget: Widget, path: string, signal: AbortSignal): AsyncGenerator<Message> {
  let last = "";
  let wait = SOON;
  while (!signal.aborted) {
    try {
      const since = last ? `?since=${encodeURIComponent(last)}` : "";
      const answer = await widget.api.fetch("GET", path + since);
      for await (const message of told(answer.body!, signal)) {
        wait = SOON;
        if (message.id) last = message.id;
        // What was missed cannot be told any more: what stands is told anew.
        if (message.type === "resync") break;
        yield message;
        if (message.type === "session_ended") return;
      }
    } catch (failure) {
      if (!(failure instanceof Away) && !(failure instanceof TypeError)) throw failure;
    }
    await new Promise((done) => setTimeout(done, wait * (0.5 + Math.random())));
    wait = Math.min(2 * wait, LATE);
  }
}

async function* told(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Message> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  const stop = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", stop);
  let rest = "";
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const blocks = (rest + part.value).split("\n\n");
      rest = blocks.pop()!;
      for (const block of blocks) {
        const data = block.split("\n").filter((line) => line.startsWith("data: "));
        if (data.length) yield JSON.parse(data.map((line) => line.slice(6)).join("\n"));
      }
    }
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}
