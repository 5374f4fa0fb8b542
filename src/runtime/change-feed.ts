/**
 * The changes of this node's customers, told to whoever reads them live.
 *
 * States of a customer here: unread (nothing is kept) → read → remembered (for a minute after its last reader has gone) → unread.
 * Invariants: the changes of one customer have increasing ids, and each reader is told all that it wants of them in that order,
 * or is told `reset`, or has its stream closed with the reason; what is kept is bounded by time and by bytes; telling a change of
 * an unread customer costs a look into a map; readers with one filter share one piece of text.
 */
import { randomBytes } from "node:crypto";
import { type Change, type ChangeFilter, isWanted } from "../model/change.ts";

/** How long a change can be asked for again. */
const keptMs = 60_000;
/** Characters of changes that are kept for one customer. */
const mostKept = 4 * 1024 * 1024;
/** Bytes that are told again to one reader: what a reader that takes nothing may have waiting for it. */
const mostToldAgain = 768 * 1024;
/** The shortest pause between two pieces of text for the same readers. */
const flushEveryMs = 25;

/** Why a stream is closed from this side. */
export type CloseReason = "tooSlow" | "accessChanged" | "lifetimeOver" | "nodeStops";

/** Where a reader's text goes. */
export interface ChangeSink {
  write(text: string): void;
  close(reason: CloseReason): void;
}

/** The feed of a node. */
export interface ChangeFeed {
  /** Tells a change that was made on this node; never throws. */
  tell(change: Change): void;
  /** Tells a change that was made on another node. */
  tellFromElsewhere(change: Change): void;
  /** Whether anybody would be told of this customer's changes, here or elsewhere; what is costly to tell may ask first. */
  isRead(customerCode: string): boolean;
  /** Readers of a customer on this node. */
  readers(customerCode: string): number;
  /** The customers with readers on this node, now or in the last minute. */
  customersRead(): string[];
  /**
   * Tells a reader, from now on, what it wants of a customer's changes; first of all what it missed since `lastEventId`.
   *
   * @returns a way to stop
   */
  read(customerCode: string, filter: ChangeFilter, lastEventId: string | null, sink: ChangeSink): () => void;
  /** Tells readers that they may have missed changes: those of one customer, or, with null, all. */
  reset(customerCode: string | null): void;
  /** Closes the streams of one customer, or, with null, all. Once the node stops, every later one is closed as well. */
  close(customerCode: string | null, reason: CloseReason): void;
  /** Joins the feed to those of other nodes. */
  connect(others: OtherFeeds): void;
}

/** The feeds of other nodes, as this one sees them. */
export interface OtherFeeds {
  /** Whether a customer has readers there. */
  isRead(customerCode: string): boolean;
  /** Takes a change there that was made here. */
  carry(change: Change): void;
  /** A customer has its first reader here. */
  firstReader(customerCode: string): void;
}

const noOthers: OtherFeeds = { isRead: () => false, carry: () => undefined, firstReader: () => undefined };

interface Kept {
  readonly seq: number;
  readonly at: number;
  readonly change: Pick<Change, "kind" | "data">;
  readonly text: string;
}

interface Group {
  readonly filter: ChangeFilter;
  readonly sinks: Set<ChangeSink>;
}

interface Channel {
  /** By the text of the filter. */
  readonly groups: Map<string, Group>;
  kept: Kept[];
  keptLength: number;
  /** What comes before the oldest that is kept: a reader that saw less has missed something. */
  forgottenSeq: number;
  /** The last one that readers have been given. */
  flushedSeq: number;
  unreadSince: number | null;
}

/** Makes the feed. @param now milliseconds of a clock that never goes back */
export function createChangeFeed(now: () => number = () => performance.now()): ChangeFeed {
  const channels = new Map<string, Channel>();
  let epoch = newEpoch();
  let seq = 0;
  let lastFlush = 0;
  let planned = false;
  let isStopping = false;
  const unflushed = new Set<string>();
  let others = noOthers;

  function keep(change: Change): void {
    const channel = channels.get(change.customerCode);
    if (!channel) return;
    if (channel.unreadSince !== null && now() - channel.unreadSince > keptMs) {
      channels.delete(change.customerCode);
      return;
    }
    seq += 1;
    const { kind, data } = change;
    const text = `id: ${epoch}-${seq}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
    channel.kept.push({ seq, at: now(), change: { kind, data }, text });
    channel.keptLength += text.length;
    unflushed.add(change.customerCode);
    plan();
  }

  function plan(): void {
    if (planned) return;
    planned = true;
    const wait = lastFlush + flushEveryMs - now();
    if (wait <= 0) setImmediate(flush);
    else setTimeout(flush, wait).unref();
  }

  function flush(): void {
    planned = false;
    lastFlush = now();
    for (const customerCode of unflushed) {
      const channel = channels.get(customerCode);
      if (!channel) continue;
      const fresh = after(channel, channel.flushedSeq);
      channel.flushedSeq = seq;
      for (const { filter, sinks } of channel.groups.values()) {
        const text = textOf(fresh, filter);
        if (text !== "") for (const sink of sinks) sink.write(text);
      }
      forget(channel);
    }
    unflushed.clear();
  }

  function forget(channel: Channel): void {
    const oldest = now() - keptMs;
    let gone = 0;
    for (const one of channel.kept) {
      if (one.at >= oldest && channel.keptLength <= mostKept) break;
      channel.keptLength -= one.text.length;
      channel.forgottenSeq = one.seq;
      gone += 1;
    }
    if (gone > 0) channel.kept = channel.kept.slice(gone);
  }

  function open(customerCode: string): Channel {
    const found = channels.get(customerCode);
    if (found && (found.unreadSince === null || now() - found.unreadSince <= keptMs)) {
      found.unreadSince = null;
      return found;
    }
    // An id of before it was read says nothing of what was missed since.
    seq += 1;
    const channel: Channel = {
      groups: new Map(),
      kept: [],
      keptLength: 0,
      forgottenSeq: seq,
      flushedSeq: seq,
      unreadSince: null,
    };
    channels.set(customerCode, channel);
    others.firstReader(customerCode);
    return channel;
  }

  function greeting(channel: Channel, filter: ChangeFilter, lastEventId: string | null): string {
    const here = `id: ${epoch}-${channel.flushedSeq}\n`;
    if (lastEventId === null) return `${here}event: ready\ndata: {}\n\n`;
    const seen = seqOf(lastEventId, epoch);
    if (seen === undefined || seen < channel.forgottenSeq || seen > channel.flushedSeq) return `${here}${resetText}`;
    const missed = channel.kept.filter((one) => one.seq > seen && one.seq <= channel.flushedSeq);
    const text = textOf(missed, filter);
    if (Buffer.byteLength(text) > mostToldAgain) return `${here}${resetText}`;
    return `${text}${here}event: ready\ndata: {}\n\n`;
  }

  function sinksOf(customerCode: string | null): ChangeSink[] {
    const chosen = customerCode === null ? [...channels.values()] : [channels.get(customerCode)];
    return chosen.flatMap((channel) => [...(channel?.groups.values() ?? [])].flatMap(({ sinks }) => [...sinks]));
  }

  return {
    tell(change) {
      keep(change);
      if (others.isRead(change.customerCode)) others.carry(change);
    },
    tellFromElsewhere: keep,
    isRead: (customerCode) => channels.has(customerCode) || others.isRead(customerCode),
    readers(customerCode) {
      let count = 0;
      for (const { sinks } of channels.get(customerCode)?.groups.values() ?? []) count += sinks.size;
      return count;
    },
    customersRead() {
      for (const [customerCode, { unreadSince }] of channels) {
        if (unreadSince !== null && now() - unreadSince > keptMs) channels.delete(customerCode);
      }
      return [...channels.keys()];
    },
    read(customerCode, filter, lastEventId, sink) {
      const channel = open(customerCode);
      const name = JSON.stringify([filter.kinds && [...filter.kinds].sort(), filter.jobId, filter.jobDefinitionCode]);
      const group = channel.groups.get(name) ?? { filter, sinks: new Set() };
      channel.groups.set(name, group);
      sink.write(greeting(channel, filter, lastEventId));
      group.sinks.add(sink);
      if (isStopping) sink.close("nodeStops");
      return () => {
        if (!group.sinks.delete(sink)) return;
        if (group.sinks.size === 0) channel.groups.delete(name);
        if (channel.groups.size === 0) channel.unreadSince = now();
      };
    },
    reset(customerCode) {
      if (customerCode === null) {
        // Ids of before are of no use: what came between them may be missing.
        epoch = newEpoch();
        for (const channel of channels.values()) forgetAll(channel);
      } else {
        const channel = channels.get(customerCode);
        if (channel) forgetAll(channel);
      }
      seq += 1;
      const text = `id: ${epoch}-${seq}\n${resetText}`;
      for (const sink of sinksOf(customerCode)) sink.write(text);
    },
    close(customerCode, reason) {
      isStopping ||= reason === "nodeStops";
      for (const sink of sinksOf(customerCode)) sink.close(reason);
    },
    connect(feeds) {
      others = feeds;
    },
  };

  function forgetAll(channel: Channel): void {
    channel.kept = [];
    channel.keptLength = 0;
    channel.forgottenSeq = seq + 1;
    channel.flushedSeq = seq + 1;
  }
}

const resetText = "event: reset\ndata: {}\n\n";

function newEpoch(): string {
  return randomBytes(6).toString("hex");
}

function after(channel: Channel, seq: number): Kept[] {
  const first = channel.kept.findIndex((one) => one.seq > seq);
  return first < 0 ? [] : channel.kept.slice(first);
}

function textOf(kept: readonly Kept[], filter: ChangeFilter): string {
  let text = "";
  for (const one of kept) if (isWanted(filter, one.change)) text += one.text;
  return text;
}

function seqOf(eventId: string, epoch: string): number | undefined {
  const [, ofEpoch, seq] = /^([0-9a-f]{12})-(\d{1,15})$/.exec(eventId) ?? [];
  return ofEpoch === epoch ? Number(seq) : undefined;
}
