import { test } from "vitest";
import { startTestNode } from "../support/nodes.ts";
import net from "node:net";

test("probe", async () => {
  const node = await startTestNode();
  const base = node.origin + "/vue/_api/v1";
  const H = { authorization: `Bearer ${node.apiKey}`, "x-customer-code": "demo", "content-type": "application/json" };
  async function r(method: string, path: string, body?: unknown, headers: Record<string,string> = {}) {
    const raw = typeof body === "string" || body instanceof Uint8Array ? body : body === undefined ? undefined : JSON.stringify(body);
    const t = performance.now();
    const res = await fetch(base + path, { method, headers: { ...H, ...headers }, ...(raw !== undefined && { body: raw as string }) });
    const text = await res.text();
    console.log(method, path.slice(0,100), (typeof raw === "string" ? raw.slice(0, 150) : ""), "\n   =>", res.status, Math.round(performance.now()-t)+"ms", res.headers.get("content-type"), text.slice(0, 700));
    return text;
  }
  await r("GET", "/jobs?limit=0"); await r("GET", "/jobs?limit=abc"); await r("GET", "/jobs?limit=1.5"); await r("GET", "/jobs?limit=1e1"); await r("GET", "/jobs?limit=");
  await r("GET", "/jobs?limit=true"); await r("GET", "/jobs?limit=0x10"); await r("GET", "/jobs?limit=%205");
  await r("GET", "/jobs?limit=1&limit=2"); await r("GET", "/jobs?status=FOO"); await r("GET", "/jobs?status=FAILED&status=COMPLETED"); await r("GET", "/jobs?wat=1&foo=2");
  await r("GET", "/jobs?createdAfter=yesterday");
  for (const d of ["2026-02-30T00:00:00Z","2026-01-01t00:00:00z","2026-12-31T23:59:60Z","2026-01-01T00:00:00+24:00","0000-01-01T00:00:00Z","9999-12-31T23:59:59-23:59","2026-01-01","2026-01-01 00:00:00Z","2026-01-01T00:00:00","2026-01-01T24:00:00Z","2026-01-01T00:00:00.123456789Z","0001-01-01T00:00:00Z"])
    await r("GET", "/jobs?createdAfter=" + encodeURIComponent(d));
  await r("GET", "/jobs?jobType=%00"); await r("GET", "/jobs?jobDefinitionCode=%00");
  await r("GET", "/job-definitions/%00"); await r("GET", "/job-definitions/a%2Fb"); await r("GET", "/job-definitions/" + "a".repeat(1000)); await r("GET", "/job-definitions/%ZZ");
  await r("GET", "/job-definitions/%C0%80"); await r("GET", "/job-types/%00"); await r("GET","/jobs/nope"); await r("GET","/jobs/20261399-f3eb6180-9fc0-43c6-9fe3-528cc4981f2c"); await r("GET","/users/nope"); await r("DELETE","/api-keys/nope");
  await r("POST", "/job-types/echo/_execute", "null"); await r("POST", "/job-types/echo/_execute", "[]"); await r("POST", "/job-types/echo/_execute", '"x"'); await r("POST", "/job-types/echo/_execute", "");
  await r("POST", "/job-types/echo/_execute", '{"params":{"a":1e400,"b":12345678901234567890,"c":-0},"params":{"a":1e400,"z":-0}}');
  await r("POST", "/job-types/echo/_execute", {params:{}, runAt:"2026-02-30T00:00:00Z"}); await r("POST", "/job-types/echo/_execute", {params:{}, runAt:"0000-01-01T00:00:00Z"});
  await r("POST", "/job-types/echo/_execute", {params:{}, priority:0, options:{retry:{backoff:"foo", maxAttempts: 0}, emailList:["x"], timeoutSeconds:"1", priority:10, foo:1}});
  await r("POST", "/job-types/echo/_execute", {params:[], options:{retry:5, emailList:[1], concurrencyKey:""}});
  await r("POST", "/job-types/callWebserviceEndpoint/_execute", {params:{url:1, method:"get", headers:{a:1}, searchParams:{a:{}}, successStatus:["abc", 99], foo:1}});
  await r("POST", "/job-types/callWebserviceEndpoint/_execute", {params:{successStatus:["abc"]}});
  await r("POST", "/job-types/callWebserviceEndpoint/_execute", {});
  await r("POST", "/job-types/nope/_execute", {params:{}});
  await r("POST", "/job-definitions", {jobDefinition:{jobDefinitionCode:".a", jobType:"echo"}}); await r("POST", "/job-definitions", {jobDefinition:{jobDefinitionCode:"a", jobType:"nope"}}); await r("POST", "/job-definitions", {jobDefinition:{}}); await r("POST", "/job-definitions", {}); await r("POST", "/job-definitions", {jobDefinition:null});
  await r("POST", "/job-definitions", {jobDefinition:{jobDefinitionCode:"a", jobType:"echo", schedule:{cron:"hello", timeZone:"Mars", startAt:"x", overlap:"foo", exclude:{dates:["2026-02-30"]}}}});
  await r("POST", "/job-definitions", {jobDefinition:{jobDefinitionCode:"b", jobType:"echo", schedule:{cron:"hello", timeZone:"Mars"}}});
  await r("POST", "/job-definitions", {jobDefinition:{jobDefinitionCode:"c", jobType:"echo", schedule:"* * * * *"}});
  await r("PATCH", "/job-definitions/b", {jobDefinition:{name:null, params:null, description:null}});
  await r("POST", "/job-definitions/b/_execute", undefined); await r("POST", "/job-definitions/b/_execute", "");
  await r("PUT", "/job-definitions/zz", {jobDefinition:{jobDefinitionCode:"zz", jobType:"echo"}}, {"if-match":"*"});
  await r("PATCH", "/job-definitions/b", {jobDefinition:{name:"x"}}, {"if-match":"abc"}); await r("PATCH", "/job-definitions/b", {jobDefinition:{name:"x"}}, {"if-match":'"01"'});
  await r("POST", "/users", {user:{email:"x", role:"boss"}}); await r("POST", "/users", {user:{email:"admin@localhost", role:"viewer"}}); await r("POST", "/users", {user:{email:"jürgen@exämple.com", role:"viewer"}});
  await r("POST", "/api-keys", {apiKey:{name:"x", role:"viewer", expiresAt:"9999-12-31T23:59:59-23:59"}}); await r("POST", "/api-keys", {apiKey:{name:"", role:"viewer", expiresAt:"2020-01-01T00:00:00Z"}});
  const many: Record<string, number> = {}; for (let i=0;i<90000;i++) many["f"+i]=1;
  await r("POST", "/job-types/echo/_execute", many); await r("POST", "/job-types/callWebserviceEndpoint/_execute", {params:many});
  await r("POST", "/job-types/echo/_execute", {["x".repeat(900000)]:1}); await r("POST", "/job-types/echo/_execute", "{" + "x".repeat(900000));
  await r("POST", "/job-types/callWebserviceEndpoint/_execute", {params:{url:"x".repeat(900000)}});
  await r("POST", "/job-types/callWebserviceEndpoint/_execute", {params:{url:"http://a.b", headers:{["x y".repeat(100000)]:"1"}}});
  await r("POST", "/job-types/echo/_execute", JSON.stringify({params:{a:"x".repeat(2**21)}}));
  await r("POST", "/job-types/echo/_execute", '{"params":{"__proto__":{"x":1},"a":"\\u0000","b\\ud800":1}}');
  await r("POST", "/job-types/echo/_execute", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])); await r("POST", "/job-types/echo/_execute", "{}", {"content-type":"text/plain"});await r("POST", "/job-types/echo/_execute", "{}", {"content-type":"application/json; charset=utf-8"});await r("POST", "/job-types/echo/_execute", "{}", {"content-type":"application/jsonx"});
  await r("OPTIONS", "/jobs"); await r("HEAD", "/jobs"); await r("PUT", "/jobs"); await r("GET", "/jobs/"); await r("GET", "/nope");
  await r("POST", "/job-types/echo/_execute", "{}", {"idempotency-key":"x".repeat(300)}); await r("POST", "/job-types/echo/_execute", "{}", {"idempotency-key":""});
  await r("GET", "/jobs", undefined, {authorization: "Bearer x"});await r("GET", "/jobs", undefined, {"x-customer-code": ""});await r("GET", "/jobs", undefined, {authorization: "Bearer x", "x-customer-code": ""});
  for (const raw of ["GARBAGE\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(20000) + "\r\n\r\n", "GET /healthz HTTP/1.1\r\n\r\n", "POST /vue/_api/v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"]) {
    await new Promise<void>((resolve) => { const s = net.connect(Number(new URL(node.origin).port), "127.0.0.1", () => s.write(raw)); let d = ""; s.on("data", (c) => { d += c; s.end(); }); s.on("close", () => { console.log("RAW", raw.slice(0,40), "=>", d); resolve(); }); });
  }
  for (const p of ["/", "/docs", "/docs/", "/openapi.json", "/metrics", "/readyz", "/healthz", "/page.css"]) { const x = await fetch(node.origin + p, {redirect:"manual"}); const t = await x.text(); console.log(p, x.status, JSON.stringify([...x.headers]), t.slice(0, 1500).replace(/\s+/g," ").slice(0,700), [...new Set(t.match(/https?:\/\/[a-z0-9.-]+/g))].slice(0,20)); }
}, 60000);
