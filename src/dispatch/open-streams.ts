import type { Connection } from "../model/connection.ts";
import { HttpStream } from "./framing/http.ts";
import { type HttpStreams, RestingHttp } from "./framing/http-streams.ts";
import type { Stream } from "./framing/stream.ts";

/** What is read of each connection; of the many between two messages of HTTP, next to nothing is kept. */
export class OpenStreams {
  private readonly https: HttpStreams;
  /** By the place of the connection: in a table with connections as keys, those that are over would be kept. */
  private readonly all: (Stream | RestingHttp | null)[] = [];

  constructor(https: HttpStreams) {
    this.https = https;
  }

  set(connection: Connection, stream: Stream): void {
    while (this.all.length < connection.place) this.all.push(null);
    this.all[connection.place] = stream;
  }

  get(connection: Connection): Stream | null {
    const known = this.all[connection.place] ?? null;
    if (!(known instanceof RestingHttp)) return known;
    const stream = this.https.wake(connection, known);
    this.all[connection.place] = stream;
    return stream;
  }

  /** To be called when a stream has read what there was. */
  rest(connection: Connection, stream: Stream): void {
    if (!(stream instanceof HttpStream)) return;
    const resting = this.https.rest(stream);
    if (resting !== null) this.all[connection.place] = resting;
  }

  /** Nothing more will come. */
  finish(connection: Connection): void {
    const known = this.all[connection.place] ?? null;
    if (known === null) return;
    if (!(known instanceof RestingHttp)) known.finish();
    this.all[connection.place] = null;
  }
}
