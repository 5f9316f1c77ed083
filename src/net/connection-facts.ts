import type { Endpoint } from "../model/connection.ts";
import type { Tally } from "./tally.ts";

/** The numbers that are known of a connection besides those that are counted; frames are 0 where they were not seen. */
export const FACTS = [
  "row",
  "syn",
  "synAck",
  "ack",
  "firstFrame",
  "firstSeconds",
  "firstNanos",
  "lastFrame",
  "lastSeconds",
  "lastNanos",
] as const;
export type Fact = (typeof FACTS)[number];

/** What is known of a connection that is being read, or that is over. */
export class ConnectionFacts implements Record<Fact, number> {
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly fromClient: Tally;
  readonly fromServer: Tally;
  /** Of its flow, while it has one. */
  row = 0;
  syn = 0;
  synAck = 0;
  ack = 0;
  firstFrame = 0;
  firstSeconds = 0;
  firstNanos = 0;
  lastFrame = 0;
  lastSeconds = 0;
  lastNanos = 0;

  constructor(client: Endpoint, server: Endpoint, fromClient: Tally, fromServer: Tally) {
    this.client = client;
    this.server = server;
    this.fromClient = fromClient;
    this.fromServer = fromServer;
  }
}
