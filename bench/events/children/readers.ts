/** Many readers of `GET /events` in one process: each notes when it hears of a job's end. Some stop reading after the first event. */
import { Agent, get, type IncomingMessage } from "node:http";
import { serveParent } from "../../support/serve-parent.ts";

/** By whole milliseconds from a job's making to a reader's hearing of its end. */
const latencies = new Map<number, number>();
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
const answers: IncomingMessage[] = [];
let closed = 0;

/** A UUID of version 7 begins with the milliseconds of its making (RFC 9562, section 5.7). */
function madeAt(jobId: string): number {
  return Number.parseInt(jobId.slice(9, 17) + jobId.slice(18, 22), 16);
}

function hear(text: string): void {
  const now = Date.now();
  for (const [, jobId = ""] of text.matchAll(/"jobId":"([^"]+)"[^\n]*"phase":"DONE"/g)) {
    const milliseconds = Math.max(0, now - madeAt(jobId));
    latencies.set(milliseconds, (latencies.get(milliseconds) ?? 0) + 1);
  }
}

async function open(url: string, headers: Record<string, string>, pace: "reads" | "stops"): Promise<void> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { agent, headers }, resolve).once("error", reject);
  });
  if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}`);
  answers.push(answer);
  answer.setEncoding("utf8");
  answer.once("close", () => {
    closed += 1;
  });
  answer.on("error", () => undefined);
  if (pace === "stops") return;
  let rest = "";
  answer.on("data", (text: string) => {
    const whole = rest + text;
    const end = whole.lastIndexOf("\n\n");
    rest = whole.slice(end + 1);
    hear(whole.slice(0, end + 1));
  });
}

await serveParent(
  {
    async open(details) {
      const headers = { authorization: `Bearer ${details.text("apiKey")}`, "x-customer-code": "demo" };
      const url = `${details.text("origin")}/vue/_api/v1/events?kinds=job`;
      for (let reader = 0; reader < details.number("readers"); reader++) {
        await open(url, headers, reader < details.number("stopped") ? "stops" : "reads");
      }
      return {};
    },
    report: async () => ({
      closed,
      heard: [...latencies].map(([milliseconds, times]) => ({ milliseconds, times })),
    }),
  },
  async () => {
    for (const answer of answers) answer.destroy();
    agent.destroy();
  },
);
