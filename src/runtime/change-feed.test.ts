import { expect, test } from "vitest";
import type { Change, ChangeFilter } from "../model/change.ts";
import { type ChangeFeed, createChangeFeed } from "./change-feed.ts";

const all: ChangeFilter = { kinds: null, jobId: null, jobDefinitionCode: null };

function change(jobId: string, filler = ""): Change {
  return { customerCode: "demo", kind: "job", data: { jobId, filler } };
}

/** What a reader gets of what the feed keeps, from behind an id on. */
function replay(feed: ChangeFeed, lastEventId: string | null): { names: string[]; id: string } {
  const pieces: string[] = [];
  feed.read("demo", all, lastEventId, { write: (text) => void pieces.push(text), close: () => undefined })();
  const text = pieces.join("");
  const names = [...text.matchAll(/event: (\w+)\ndata: (?:{"jobId":"(\w+)")?/g)].map(
    ([, event, job]) => job ?? event ?? "",
  );
  return { names, id: [...text.matchAll(/id: (\S+)/g)].at(-1)?.[1] ?? "" };
}

const flushed = () => new Promise((resolve) => setTimeout(resolve, 30));

test("what was told within the minute can be asked for again, what is older is a reset", async () => {
  let now = 0;
  const feed = createChangeFeed(() => now);
  const { id } = replay(feed, null);
  feed.tell(change("one"));
  now = 50_000;
  feed.tell(change("two"));
  await flushed();
  expect(replay(feed, id).names).toEqual(["one", "two", "ready"]);
  now = 61_000;
  feed.tell(change("three"));
  await flushed();
  expect(replay(feed, id).names).toEqual(["reset"]);
});

test("a customer without readers is forgotten after a minute, and costs nothing before its first", async () => {
  let now = 0;
  const feed = createChangeFeed(() => now);
  feed.tell(change("unread"));
  expect(feed.isRead("demo")).toBe(false);
  const { id } = replay(feed, null);
  expect(feed.isRead("demo")).toBe(true);
  now = 60_001;
  feed.tell(change("late"));
  expect(feed.isRead("demo")).toBe(false);
  expect(replay(feed, id).names).toEqual(["reset"]);
});

test("what is kept is bounded in size: the oldest goes first", async () => {
  const feed = createChangeFeed(() => 0);
  const { id } = replay(feed, null);
  for (let count = 0; count < 50; count++) feed.tell(change(`n${count}`, "x".repeat(100_000)));
  await flushed();
  expect(replay(feed, id).names).toEqual(["reset"]);
});

test("after changes may have been missed, no id of before is good any more", () => {
  const feed = createChangeFeed(() => 0);
  const { id } = replay(feed, null);
  feed.reset(null);
  expect(replay(feed, id).names).toEqual(["reset"]);
});
