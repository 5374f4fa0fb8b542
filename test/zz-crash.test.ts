import { test } from "vitest";
import { pino } from "pino";
import { openDatabase } from "../src/store/database.ts";
import { makeFolder, postmasterOf, start } from "../src/embedded-postgres/test-support.ts";
import { setTimeout as delay } from "node:timers/promises";
test("crash", async () => {
  const dir = await makeFolder();
  const states: string[] = [];
  const server = await start(dir, { onState: (s) => void states.push(s) });
  const db = openDatabase({ connection: server.connection, poolSize: 12, log: pino({ level: "silent" }) });
  process.on("uncaughtException", (e) => console.log("UNCAUGHT", e.stack));
  const errs = new Map<string, number>();
  let stop = false;
  const loop = async () => { while (!stop) { try { await db.transaction(async (sql) => { await sql`select 1`; await delay(2); await sql`select 2`; }); } catch (e) { const k = String(e); errs.set(k, (errs.get(k) ?? 0) + 1); await delay(20);} } };
  const loops = Array.from({ length: 8 }, loop);
  await delay(300);
  process.kill(await postmasterOf(dir), "SIGKILL");
  const t0 = performance.now();
  while (!states.includes("running")) await delay(10);
  console.log("pg back after", performance.now() - t0);
  for (;;) { try { await db.transaction(async (sql) => sql`select 1`); break; } catch { await delay(20);} }
  console.log("transaction ok after", performance.now() - t0);
  await delay(500); stop = true; await Promise.race([Promise.all(loops), delay(25000)]);
  console.log(errs, performance.now() - t0);
  await db.close();
}, 60000);
