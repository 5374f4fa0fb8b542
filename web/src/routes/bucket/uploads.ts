/**
 * Files on their way into buckets; they go on while somebody looks at other pages.
 *
 * States of an upload: waiting → sending → done; sending → failed → waiting, when somebody tries it again; cancelled, it is gone. Invariants: three
 * are sent at once, so that connections are left for what people look at; a tab that is closed while some are under way asks first.
 */
import { useSyncExternalStore } from "react";
import { uploadFile } from "../../api/buckets.ts";
import { queryClient } from "../../app/query-client.ts";

const atOnce = 3;

/** A file on its way. */
export interface Upload {
  readonly id: number;
  readonly bucketCode: string;
  readonly file: File;
  readonly state: "waiting" | "sending" | "done" | "failed";
  /** How much of it has been sent, from 0 to 1. */
  readonly share: number;
  readonly error: Error | null;
}

let uploads: readonly Upload[] = [];
let nextId = 1;
const listeners = new Set<() => void>();
const stops = new Map<number, AbortController>();

function publish(next: readonly Upload[]): void {
  uploads = next;
  for (const listener of listeners) listener();
}

function change(id: number, what: Partial<Upload>): void {
  publish(uploads.map((one) => (one.id === id ? { ...one, ...what } : one)));
}

function isUnderWay({ state }: Upload): boolean {
  return state === "waiting" || state === "sending";
}

function work(): void {
  window.onbeforeunload = uploads.some(isUnderWay) ? (event) => event.preventDefault() : null;
  const free = atOnce - uploads.filter(({ state }) => state === "sending").length;
  const next = uploads.filter(({ state }) => state === "waiting").slice(0, Math.max(0, free));
  for (const one of next) void send(one);
}

async function send({ id, bucketCode, file }: Upload): Promise<void> {
  const stop = new AbortController();
  stops.set(id, stop);
  change(id, { state: "sending", share: 0, error: null });
  try {
    await uploadFile(bucketCode, file, (share) => change(id, { share }), stop.signal);
    change(id, { state: "done", share: 1 });
  } catch (error) {
    change(id, { state: "failed", error: error instanceof Error ? error : new Error(String(error)) });
  }
  stops.delete(id);
  // While others come, one reading at a time is enough; the last one sees all.
  const isLast = !uploads.some(isUnderWay);
  void queryClient.invalidateQueries({ queryKey: ["buckets"] }, { cancelRefetch: isLast });
  work();
}

/** Sends files to a bucket. */
export function addUploads(bucketCode: string, files: readonly File[]): void {
  const added = files.map(
    (file) => ({ id: nextId++, bucketCode, file, state: "waiting", share: 0, error: null }) as const,
  );
  publish([...uploads, ...added]);
  work();
}

/** Sends one again that failed. */
export function retryUpload(id: number): void {
  change(id, { state: "waiting", share: 0, error: null });
  work();
}

/** Ends one, or takes it out of the list. */
export function dropUpload(id: number): void {
  publish(uploads.filter((one) => one.id !== id));
  stops.get(id)?.abort();
  work();
}

/** Takes those that are done or failed out of the list of a bucket. */
export function clearUploads(bucketCode: string): void {
  publish(uploads.filter((one) => one.bucketCode !== bucketCode || isUnderWay(one)));
}

// Nothing of one person's is left in the tab for the next.
queryClient.getQueryCache().subscribe(({ query }) => {
  if (query.queryKey[0] !== "session" || query.state.data !== null || uploads.length === 0) return;
  publish([]);
  for (const stop of stops.values()) stop.abort();
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The uploads into a bucket, as they come on. */
export function useUploads(bucketCode: string): readonly Upload[] {
  return useSyncExternalStore(subscribe, () => uploads).filter((one) => one.bucketCode === bucketCode);
}
