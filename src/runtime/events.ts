/** What one part of a node tells another: in process, at once, and never the only way in which it is found out. */
import { EventEmitter } from "node:events";

interface EventMap {
  /**
   * Jobs may be ready to be claimed; this node or another has made them so. Told by customer how many where it is known of all of
   * them.
   */
  jobsReady: [byCustomer?: ReadonlyMap<string, number>];
  /** This node has made jobs ready. */
  jobsCreated: [];
  /** A job has ended, by its id without the day; told by the node on which it did. */
  jobEnded: [id: string];
  /** A running job is to stop, by its id without the day; told to every node. */
  jobCancelled: [id: string];
  /** This node has put jobs to wait for a time. */
  jobsScheduled: [];
  /** A schedule may be due earlier than it was: one was saved, paused or resumed on whichever node. */
  schedulesChanged: [];
  /** A customer's keys or people have changed. */
  keysChanged: [customerCode: string];
  /** Whether notifications from other nodes arrive: `false` means that what they tell must be looked up. */
  listening: [boolean];
}

/** The node's events, typed: `EventMap` lists them. */
export type Events = EventEmitter<EventMap>;

/** Makes the node's events. */
export function createEvents(): Events {
  return new EventEmitter<EventMap>();
}
