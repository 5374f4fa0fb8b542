/** Shows how this node is, and a first call that fits its address. */

const state = document.getElementById("state");
const call = document.getElementById("call");
const start = document.getElementById("start");

try {
  const document_ = await (await fetch("openapi.json")).json();
  const path = Object.keys(document_.paths).find((one) => one.endsWith("/job-types/{jobTypeCode}/_execute"));
  const url = path.replace("{jobTypeCode}", "callWebserviceEndpoint");
  // This node itself is called, so that a first job needs no internet; as a private address it must be allowed.
  const port = location.port || { "http:": "80", "https:": "443" }[location.protocol];
  start.textContent = `npm start -- --egress-allow ${location.hostname}:${port}`;
  call.textContent = [
    "curl -X POST \\",
    `  ${location.origin}${url} \\`,
    `  -H "Authorization: Bearer <apiKey>" -H "X-Customer-Code: <customerCode>" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d '{"params":{"url":"${location.origin}/healthz"}}'`,
  ].join("\n");
  const ready = await fetch("readyz");
  state.className = ready.ok ? "good" : "bad";
  const { checks } = await ready.json();
  state.textContent = ready.ok
    ? "This node is ready."
    : `This node is not ready: ${Object.entries(checks)
        .map((one) => one.join(": "))
        .join(", ")}.`;
} catch (error) {
  state.className = "bad";
  state.textContent = `This node cannot be reached: ${error.message}. Reload to try again.`;
}
