import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { answerClientError } from "./problem.ts";

test("a request that does not arrive whole in time is answered with 408, and the connection is closed", async () => {
  const server = createServer({ requestTimeout: 50, connectionsCheckingInterval: 10 });
  server.on("clientError", answerClientError);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  const socket = connect(typeof address === "object" && address ? address.port : 0, "127.0.0.1");
  let text = "";
  socket.on("data", (data: Buffer) => {
    text += data.toString();
  });
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Le");
  await once(socket, "end");
  socket.destroy();
  const [top = "", body = ""] = text.split("\r\n\r\n");
  expect(top).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  expect(top).toContain("Connection: close");
  expect(JSON.parse(body)).toMatchObject({ status: 408, code: "REQUEST_TIMEOUT", remedy: expect.any(String) });
});
