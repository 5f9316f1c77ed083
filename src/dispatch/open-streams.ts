import type { Connection } from "../model/connection.ts";
import { HttpStream } from "./framing/http.ts";
import { type HttpStreams, RestingHttp } from "./framing/http-streams.ts";
import type { Stream } from "./framing/stream.ts";

/** What is read of each connection; of the many between two messages of HTTP, next to nothing is kept. */
export class OpenStreams {
  private readonly https: HttpStreams;
  private readonly all = new Map<Connection, Stream | RestingHttp>();

  constructor(https: HttpStreams) {
    this.https = https;
  }

  set(connection: Connection, stream: Stream): void {
    this.all.set(connection, stream);
  }

  get(connection: Connection): Stream | undefined {
    const known = this.all.get(connection);
    if (!(known instanceof RestingHttp)) return known;
    const stream = this.https.wake(connection, known);
    this.all.set(connection, stream);
    return stream;
  }

  /** To be called when a stream has read what there was. */
  rest(connection: Connection, stream: Stream): void {
    if (!(stream instanceof HttpStream)) return;
    const resting = this.https.rest(stream);
    if (resting !== null) this.all.set(connection, resting);
  }

  /** Nothing more will come. */
  finish(connection: Connection): void {
    const known = this.all.get(connection);
    if (known === undefined) return;
    if (!(known instanceof RestingHttp)) known.finish();
    this.all.delete(connection);
  }
}
