/** The ways in which `webservice.ts` answers, by the first part of the path. */
import type { ServerResponse } from "node:http";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";

export interface RecordedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** The common name of the client's certificate, where one was asked for. */
  readonly clientName?: string;
}

interface Call {
  readonly request: RecordedRequest;
  readonly query: URLSearchParams;
  readonly response: ServerResponse;
  /** Calls so far, this one included. */
  readonly calls: (path?: string) => number;
}

/** Answers as the path says. @param calls how many have come so far, this one included */
export function answer(request: RecordedRequest, response: ServerResponse, calls: Call["calls"]): void {
  const { pathname, searchParams } = new URL(request.url, "http://webservice.test");
  const [, name = "", rest = ""] = pathname.split("/");
  const behaviour = behaviours[name];
  const call = { request, query: searchParams, response, calls };
  if (behaviour) behaviour(call, rest);
  else json(response, 200, { ok: true });
}

/** How the first part of the path makes it behave; any other path answers 200 `{"ok":true}`. */
const behaviours: Readonly<Record<string, (call: Call, rest: string) => void>> = {
  /** `/status/503?retryAfter=7`: that status, and a JSON body that names it. */
  status({ query, response }, rest) {
    const retryAfter = query.get("retryAfter");
    if (retryAfter !== null) response.setHeader("retry-after", retryAfter);
    const status = Number(rest);
    if (status === 204 || status === 304) return void response.writeHead(status).end();
    json(response, status, { status });
  },
  /** `/slow?ms=50`: 200, that much later. */
  slow({ query, response }) {
    setTimeout(() => json(response, 200, { ok: true }), Number(query.get("ms") ?? "50"));
  },
  /** Never answers. */
  hang() {},
  /** Sends the head and a beginning of the body, and no more. */
  "hang-body"({ response }) {
    response.writeHead(200, { "content-type": "text/plain", "content-length": "100" });
    response.write("the beginning");
  },
  /** Closes the connection before it answers; `/drop?times=1` only the first so many calls to this path. */
  drop({ request, query, response, calls }) {
    const times = Number(query.get("times") ?? "Infinity");
    if (calls(request.url.split("?", 1)[0]) <= times) return void response.destroy();
    json(response, 200, { ok: true });
  },
  /** Closes the connection in the middle of the head. */
  "drop-head"({ response }) {
    response.socket?.write("HTTP/1.1 200 OK\r\nContent-Ty", () => response.destroy());
  },
  /** Closes the connection in the middle of the body. */
  "drop-body"({ response }) {
    response.writeHead(200, { "content-type": "text/plain", "content-length": "1000" });
    response.write("the beginning", () => response.destroy());
  },
  /** A chunk every few milliseconds, for as long as somebody listens. */
  drip({ response }) {
    response.writeHead(200, { "content-type": "text/plain" });
    const timer = setInterval(() => response.write("drop "), 5);
    response.on("close", () => clearInterval(timer));
  },
  /** `/deep?levels=100000`: lists within lists. */
  deep({ query, response }) {
    const levels = Number(query.get("levels") ?? "100000");
    response.writeHead(200, { "content-type": "application/json" }).end("[".repeat(levels) + "]".repeat(levels));
  },
  /** `/large?bytes=5000000`: so many letters, written as they are taken. */
  large({ query, response }) {
    response.writeHead(200, { "content-type": "text/plain" });
    pour(response, Number(query.get("bytes") ?? "2000000"));
  },
  /** `/encoded/gzip`: JSON in that Content-Encoding: gzip, deflate, deflate-raw, br, zstd, or any other name for none. */
  encoded({ response }, rest) {
    const plain = Buffer.from(JSON.stringify({ encoded: rest }));
    const bytes = encoders[rest]?.(plain) ?? plain;
    const name = rest === "deflate-raw" ? "deflate" : rest;
    response.writeHead(200, { "content-type": "application/json", "content-encoding": name }).end(bytes);
  },
  /** Says gzip and is not. */
  "corrupt-gzip"({ response }) {
    response.writeHead(200, { "content-type": "text/plain", "content-encoding": "gzip" }).end("this is not gzip");
  },
  /** `/bomb/br?bytes=100000000`: zeros, in gzip, br or gzip within gzip (`twice`). */
  bomb({ query, response }, rest) {
    const zeros = Buffer.alloc(Number(query.get("bytes") ?? "100000000"));
    const body = rest === "br" ? brotliCompressSync(zeros) : gzipSync(zeros);
    response.writeHead(200, {
      "content-type": "text/plain",
      "content-encoding": rest === "twice" ? "gzip, gzip" : rest,
    });
    response.end(rest === "twice" ? gzipSync(body) : body);
  },
  /** A gzip that ends too early. */
  "cut-gzip"({ response }) {
    const whole = gzipSync(Buffer.from("x".repeat(10_000)));
    response
      .writeHead(200, { "content-type": "text/plain", "content-encoding": "gzip" })
      .end(whole.subarray(0, whole.length - 12));
  },
  /** Says JSON and is not. */
  "not-json"({ response }) {
    response.writeHead(200, { "content-type": "application/json" }).end("<html>not JSON</html>");
  },
  /** `/redirect?to=…&status=302`. */
  redirect({ query, response }) {
    response.writeHead(Number(query.get("status") ?? "302"), { location: query.get("to") ?? "/" }).end();
  },
  /** Redirects to itself. */
  "redirect-loop"({ response }) {
    response.writeHead(302, { location: "/redirect-loop" }).end();
  },
  /** `/redirect-on/7` redirects to `/redirect-on/8`, and so on without end. */
  "redirect-on"({ response }, rest) {
    response.writeHead(302, { location: `/redirect-on/${Number(rest) + 1}` }).end();
  },
  /** What was sent, as JSON. */
  echo({ request, response }) {
    json(response, 200, request);
  },
  /** Bytes that are not HTTP. */
  "bad-http"({ response }) {
    response.socket?.end("SSH-2.0-OpenSSH_9.2\r\n");
  },
  /** `/huge-header?bytes=100000`. */
  "huge-header"({ query, response }) {
    response.writeHead(200, { "x-huge": "x".repeat(Number(query.get("bytes") ?? "100000")) }).end();
  },
  /** `/many-headers?count=100000`: so many short ones. */
  "many-headers"({ query, response }) {
    const lines = Array.from({ length: Number(query.get("count") ?? "100000") }, (_, at) => `x-${at}: y\r\n`);
    response.socket?.end(`HTTP/1.1 200 OK\r\n${lines.join("")}content-length: 0\r\n\r\n`);
  },
  /** `/wrong-length?is=5&says=9`: a body of so many bytes whose head says another number. */
  "wrong-length"({ query, response }) {
    const body = "x".repeat(Number(query.get("is") ?? "5"));
    response.socket?.end(`HTTP/1.1 200 OK\r\ncontent-length: ${query.get("says") ?? "9"}\r\n\r\n${body}`);
  },
  /** Two lengths that disagree. */
  lengths({ response }) {
    response.socket?.end("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nxxxxxx");
  },
  /** Says that it sends no more, and leaves its own end open; `/half-closed?after=head` after the head. */
  "half-closed"({ query, response }) {
    const { socket } = response;
    if (query.get("after") === "head") socket?.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nthe beginning");
    socket?.end();
  },
  /** The bytes 0–255 as application/octet-stream. */
  bytes({ response }) {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    response.writeHead(200, { "content-type": "application/octet-stream" }).end(bytes);
  },
  /** "Käse" in Latin-1, and says so; `/charset?name=…` says that instead. */
  charset({ query, response }) {
    const name = query.get("name") ?? "iso-8859-1";
    response.writeHead(200, { "content-type": `text/plain; charset=${name}` }).end(Buffer.from("Käse", "latin1"));
  },
  /** `/type?is=application/xml&body=…`: that Content-Type (none without `is`) and body. */
  type({ query, response }) {
    const type = query.get("is");
    response.writeHead(200, type === null ? {} : { "content-type": type }).end(query.get("body") ?? "");
  },
  /** How many calls have come to this path, as JSON. */
  count({ request, response, calls }) {
    json(response, 200, { count: calls(request.url.split("?", 1)[0]) });
  },
  /** Two cookies, and a header that comes twice. */
  headers({ response }) {
    response.setHeader("set-cookie", ["a=1", "b=2"]);
    response.setHeader("x-twice", ["one", "two"]);
    json(response, 200, {});
  },
  /** Answers, then closes the connection without having announced it. */
  "then-close"({ response }) {
    const { socket } = response;
    response.on("finish", () => socket?.end());
    json(response, 200, { ok: true });
  },
};

const encoders: Readonly<Record<string, (plain: Buffer) => Buffer>> = {
  gzip: (plain) => gzipSync(plain),
  deflate: (plain) => deflateSync(plain),
  "deflate-raw": (plain) => deflateRawSync(plain),
  br: (plain) => brotliCompressSync(plain),
  // Made with zstd 1.5.4, since Node 20 cannot: `{"encoded":"zstd"}`.
  zstd: () => Buffer.from("KLUv/QRYkQAAeyJlbmNvZGVkIjoienN0ZCJ9RbAgxQ==", "base64"),
};

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function pour(response: ServerResponse, bytes: number): void {
  const piece = Buffer.alloc(Math.min(bytes, 64 * 1024), "x");
  let left = bytes;
  function more(): void {
    while (left > 0) {
      const size = Math.min(left, piece.length);
      left -= size;
      if (!response.write(piece.subarray(0, size))) return void response.once("drain", more);
    }
    response.end();
  }
  more();
}
