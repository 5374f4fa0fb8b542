/**
 * Carries changes between the feeds of nodes that share a database, for readers who are connected to another node.
 *
 * States of another node here: unknown → reads (it has named the customers it has readers of) → unknown (15 s without its word).
 * Invariants: a change goes out only while another node has readers of its customer; whatever was made within 50 ms goes in one
 * commit; nothing is written to a table; a customer of whom more was made than can be carried gets `reset` there instead; a node
 * that has not heard the others for a while tells its readers so, and closes their streams, since a key may have been revoked.
 */
import { type Change, type ChangeData, type ChangeKind, changeKinds } from "../model/change.ts";
import { changeChannel, largestNotification, notifyChanges } from "../store/changes/notify-changes.ts";
import type { Ear } from "../store/listener.ts";
import type { Context } from "./context.ts";

const sendEveryMs = 50;
/** Changes that are held for one commit: some hundreds of kilobytes. */
const mostHeld = 5_000;
/** Bytes of one change, which leave room for the words around it. */
const largestChange = 7_000;
const nameReadersEveryMs = 5_000;
const forgetReadersAfterMs = 15_000;
/** Characters of a message that is carried, besides what it is about. */
const longestMessage = 500;

/** What nodes say to one another. */
interface Word {
  readonly node: string;
  /** It has begun to listen, and wants to know who has readers. */
  readonly hello?: unknown;
  /** The customers that it has readers of; `all` where they are too many to name. */
  readonly reads?: unknown;
  /** Changes that were made there. */
  readonly changes?: unknown;
}

/** A change, or with null instead of its kind that changes of the customer got lost. */
type Carried = readonly [customerCode: string, kind: ChangeKind | null, data: ChangeData];

/** Joins this node's feed to the others'. */
export interface ChangeShare {
  readonly channel: typeof changeChannel;
  readonly ear: Ear;
  stop(): void;
}

/** Starts to carry changes, once the channel is heard. */
export function shareChanges(context: Context): ChangeShare {
  const { changes, database, log } = context;
  const { nodeId } = context.node;
  const readers = new Map<string, { readonly customers: ReadonlySet<string> | "all"; readonly until: number }>();
  let toSend: string[] = [];
  let lost = new Set<string>();
  let sending: NodeJS.Timeout | undefined;
  let listening: "never" | "yes" | "no" = "never";

  function isRead(customerCode: string): boolean {
    for (const [node, { customers, until }] of readers) {
      if (until < performance.now()) readers.delete(node);
      else if (customers === "all" || customers.has(customerCode)) return true;
    }
    return false;
  }

  function carry({ customerCode, kind, data }: Change): void {
    const text = JSON.stringify([customerCode, kind, shortened(data)] satisfies Carried);
    if (toSend.length >= mostHeld || Buffer.byteLength(text) > largestChange) lost.add(customerCode);
    else toSend.push(text);
    sending ??= setTimeout(sendChanges, sendEveryMs);
    sending.unref();
  }

  function sendChanges(): void {
    sending = undefined;
    const gaps = [...lost].map((customerCode) => JSON.stringify([customerCode, null, {}] satisfies Carried));
    const payloads = packed([...toSend, ...gaps], nodeId);
    toSend = [];
    lost = new Set();
    send(payloads);
  }

  function send(payloads: readonly string[]): void {
    notifyChanges(database.sql, payloads).catch((error: unknown) => {
      log.debug({ err: error }, "could not tell other nodes of changes; their readers miss some");
    });
  }

  function say(word: Word): void {
    send([JSON.stringify(word)]);
  }

  function nameReaders(): void {
    const customers = changes.customersRead();
    const isFew = Buffer.byteLength(JSON.stringify(customers)) < largestChange;
    // Also that there are none any more is said, once.
    if (customers.length > 0 || hasNamed) say({ node: nodeId, reads: isFew ? customers : "all" });
    hasNamed = customers.length > 0;
  }
  let hasNamed = false;
  const naming = setInterval(nameReaders, nameReadersEveryMs);
  naming.unref();

  function heard(payload: string): void {
    const word = readWord(payload);
    if (!word || word.node === nodeId) return;
    if (word.hello === true) nameReaders();
    if (word.reads !== undefined) {
      const customers = Array.isArray(word.reads) ? new Set(word.reads.map(String)) : "all";
      readers.set(word.node, { customers, until: performance.now() + forgetReadersAfterMs });
    }
    for (const change of Array.isArray(word.changes) ? word.changes : []) {
      if (!isCarried(change)) continue;
      const [customerCode, kind, data] = change;
      if (kind === null) changes.reset(customerCode);
      else changes.tellFromElsewhere({ customerCode, kind, data });
    }
  }

  changes.connect({ isRead, carry, firstReader: nameReaders });
  const stopClosing = closeOnAccessChange(context);
  return {
    channel: changeChannel,
    ear: {
      heard,
      connected() {
        if (listening === "no") {
          changes.reset(null);
          changes.close(null, "accessChanged");
        }
        listening = "yes";
        say({ node: nodeId, hello: true });
        nameReaders();
      },
      lost() {
        listening = "no";
      },
    },
    stop() {
      clearInterval(naming);
      clearTimeout(sending);
      stopClosing();
    },
  };
}

/** A stream was let in by a key that may now be revoked, or by a person whose role has changed: whoever still may comes again. */
function closeOnAccessChange({ changes, events }: Context): () => void {
  const close = (customerCode: string) => changes.close(customerCode, "accessChanged");
  events.on("keysChanged", close);
  return () => void events.off("keysChanged", close);
}

function shortened(data: ChangeData): ChangeData {
  const { message } = data;
  if (typeof message !== "string" || message.length <= longestMessage) return data;
  return { ...data, message: message.slice(0, longestMessage), truncated: true };
}

/** What another program says on the channel is none of ours. */
function readWord(payload: string): Word | undefined {
  try {
    const word: unknown = JSON.parse(payload);
    if (typeof word !== "object" || word === null || !("node" in word) || typeof word.node !== "string") return;
    return { ...word, node: word.node };
  } catch {
    return;
  }
}

function isCarried(value: unknown): value is Carried {
  if (!Array.isArray(value) || typeof value[0] !== "string") return false;
  const [, kind, data] = value;
  return (kind === null || changeKinds.includes(kind)) && typeof data === "object" && data !== null;
}

/** Packs changes into words of at most the largest size. */
function packed(changes: readonly string[], nodeId: string): string[] {
  const head = `{"node":${JSON.stringify(nodeId)},"changes":[`;
  const room = largestNotification - head.length - 2;
  const words: string[] = [];
  let held: string[] = [];
  let bytes = 0;
  for (const change of changes) {
    const size = Buffer.byteLength(change) + 1;
    if (held.length > 0 && bytes + size > room) {
      words.push(`${head}${held.join(",")}]}`);
      held = [];
      bytes = 0;
    }
    held.push(change);
    bytes += size;
  }
  if (held.length > 0) words.push(`${head}${held.join(",")}]}`);
  return words;
}
